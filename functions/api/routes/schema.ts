import { isDeepStrictEqual } from 'node:util';
import { DestinationId } from '../../../shared/domain/ids.ts';
import {
  displayOf,
  isAllowedRow,
  rowName,
  rowNamed,
  ruleOfRow,
  type SchemaRow,
  shownName,
  stateOf,
  tabOf,
  traitAt,
} from '../../../shared/domain/schema-page.ts';
import {
  type EventRule,
  SCHEMA_ROWS_SET_MAX,
  type RowState,
  type SchemaTab,
  SourceSchema,
} from '../../../shared/domain/source-schema.ts';
import { schemaOf, type Source, type WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { ApiFault, conflict, invalid } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { changed, overQuota, SUCCESS, unsaved } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';
import { plannedBy } from '../resources/planned.ts';
import { isChangeable, keyOfRow, rowOfKey } from '../resources/schema-keys.ts';
import { type ListedRow, listSchema } from '../resources/schema-list.ts';

const DAYS = { '7d': 7, '30d': 30 } as const;
const TABS = { TRACK: 'track', IDENTIFY: 'identify', GROUP: 'group' } as const satisfies Record<string, SchemaTab>;
const STATES = { ALLOWED: 'allowed', BLOCKED: 'blocked', ARCHIVED: 'archived' } as const satisfies Record<
  string,
  RowState
>;
/** Settings of a source's schema as JSON: they are one item of DynamoDB, which takes 400 KB. */
const SCHEMA_BYTES_MAX = 300_000;

export const schemaHandlers: HandlersOf<
  'getSourceSchema' | 'updateSourceSchemaKey' | 'addSourceSchemaEvent' | 'clearSourceSchema'
> = {
  getSourceSchema: async (request, { path, query: { type, period = '7d', q, show = 'ALL', pagination } }) => {
    const config = await request.config();
    const source = sourceIn(config, path['sourceId']);
    const tab = TABS[type];
    const schema = schemaOf(config, source.id);
    const [list, isPlanned] = await Promise.all([
      listSchema(await request.deps.schemas(), source, { tab, days: DAYS[period], schema, now: request.now() }),
      plannedBy(request, source.id),
    ]);
    const wanted = q?.toLowerCase();
    const rows = list.rows
      .filter(({ row }) => wanted === undefined || shownName(row).toLowerCase().includes(wanted))
      .map((listed) => shownRow(schema, listed, isPlanned(listed.row)))
      .filter((row) => isShown(show, row));
    const page = await request.pages.cut(
      {
        name: `schema ${source.id} ${type}`,
        items: rows,
        keyOf: ({ name, key }) => `${name}\n${key}`,
        bytesOf: (row) => Buffer.byteLength(JSON.stringify(row)),
      },
      pagination,
    );
    return {
      from: list.from,
      to: list.to,
      keys: page.items,
      destinations: destinationsOf(config, source).length,
      notListed: list.notListed,
      propertiesTo: list.propertiesTo,
      pagination: page.pagination,
    };
  },

  updateSourceSchemaKey: async (request, { path, body: { allowed, archived, withheldFrom } }) => {
    const key = path['key'] ?? '';
    const call = key === 'identify' || key === 'group' ? key : undefined;
    const row = call === undefined ? rowOfKey(key) : undefined;
    if (row !== undefined && (allowed !== undefined || withheldFrom !== undefined)) refuseUnruly(row);
    const source = sourceIn(await request.config(), path['sourceId']);
    const isPlanned = archived === true ? await plannedBy(request, source.id) : () => null;
    await changeSchema(request, source.id, (before, config) => {
      if (withheldFrom !== undefined) refuseForeign(config, source, withheldFrom);
      if (row === undefined) {
        if (call === undefined || allowed !== undefined || archived !== undefined) {
          throw invalid({
            field: 'key',
            message: 'The call as a whole can be withheld from destinations, and nothing else.',
          });
        }
        return { ...before, [call]: { ...before[call], destinations: withheld(withheldFrom ?? []) } };
      }
      const ruled = withRule(before, row, { allowed, withheldFrom });
      return withArchived(ruled, row, allowed === true ? false : archived, isPlanned(row));
    });
    return SUCCESS;
  },

  addSourceSchemaEvent: async (request, { path, body: { name } }) => {
    const row: SchemaRow = { call: 'track', name };
    refuseUnruly(row);
    await changeSchema(request, path['sourceId'], (before) => {
      const display = displayOf(before);
      if (display.added.includes(rowName(row))) return before;
      return { ...before, display: { ...display, added: [...display.added, rowName(row)] } };
    });
    return { key: keyOfRow(row) };
  },

  clearSourceSchema: async (request, { path, body: { type, state } }) => {
    const tab = TABS[type];
    const cleared = STATES[state];
    const source = sourceIn(await request.config(), path['sourceId']);
    const plans = await request.control.listTrackingPlans(request.workspaceId);
    if (tab !== 'track' && plans.some(({ sourceIds }) => sourceIds.includes(source.id))) {
      throw conflict('Traits are not cleared while a tracking plan is connected (F12). Disconnect it first.');
    }
    const at = request.now().toISOString();
    await changeSchema(request, source.id, (before) => {
      const display = displayOf(before);
      // A row that was added by hand and is cleared makes room, too.
      const added = display.added.filter((text) => {
        const row = rowNamed(text);
        return row === undefined || tabOf(row.call) !== tab || stateOf(before, row) !== cleared;
      });
      return {
        ...before,
        display: {
          ...display,
          added,
          cleared: { ...display.cleared, [tab]: { ...display.cleared[tab], [cleared]: at } },
        },
      };
    });
    return SUCCESS;
  },
};

type Shown = ReturnType<typeof shownRow>;

function shownRow(schema: SourceSchema | undefined, { row, ...listed }: ListedRow, planned: boolean | null) {
  const destinations =
    row.call === 'identify' || row.call === 'group'
      ? schema?.[row.call].destinations
      : ruleOfRow(schema, row)?.destinations;
  return {
    key: keyOfRow(row),
    name: shownName(row),
    planned,
    allowed: isAllowedRow(schema, row),
    archived: stateOf(schema, row) === 'archived',
    isNew: listed.lastSeenAt === null && displayOf(schema).added.includes(rowName(row)),
    changeable: isChangeable(row),
    ...listed,
    withheldFrom: Object.entries(destinations ?? {}).flatMap(([id, isOn]) => (isOn ? [] : [id])),
  };
}

/** What the filter menu offers beside ARCHIVED; what is archived is shown there alone. */
const SHOWS = {
  ALL: () => true,
  ALLOWED: ({ allowed }: Shown) => allowed,
  BLOCKED: ({ allowed }: Shown) => !allowed,
  PLANNED: ({ planned }: Shown) => planned === true,
  UNPLANNED: ({ planned }: Shown) => planned === false,
  WITHHELD: ({ withheldFrom }: Shown) => withheldFrom.length > 0,
};

const isShown = (show: keyof typeof SHOWS | 'ARCHIVED', row: Shown): boolean =>
  row.archived || show === 'ARCHIVED' ? row.archived && show === 'ARCHIVED' : SHOWS[show](row);

const destinationsOf = ({ destinations }: WorkspaceConfig, { id }: Source) =>
  destinations.filter(({ destination }) => destination.sourceId === id);

function refuseUnruly(row: SchemaRow): void {
  if (isChangeable(row)) return;
  const message =
    row.call === 'identify' || row.call === 'group'
      ? 'Only a trait of the top level can be blocked, by its whole name.'
      : 'This name is shown cut or mended, or sums up others: a rule could not name the events.';
  throw invalid({ field: 'key', message });
}

/** 422 for what is no destination of the source, alike for one of elsewhere. */
function refuseForeign(config: WorkspaceConfig, source: Source, ids: readonly string[]): void {
  const known = new Set<string>(destinationsOf(config, source).map(({ destination }) => destination.id));
  const faults = ids.flatMap((id, index) =>
    known.has(id) ? [] : [{ field: `withheldFrom.${index}`, message: 'The source has no such destination.' }],
  );
  if (faults.length > 0) throw invalid(...faults);
}

const withheld = (ids: readonly string[]): EventRule['destinations'] =>
  Object.fromEntries(ids.map((id) => [DestinationId.parse(id), false]));

type Ruling = { allowed: boolean | undefined; withheldFrom: readonly string[] | undefined };

function withRule(schema: SourceSchema, row: SchemaRow, { allowed, withheldFrom }: Ruling): SourceSchema {
  if (row.call === 'identify' || row.call === 'group') {
    if (withheldFrom !== undefined) {
      throw invalid({
        field: 'withheldFrom',
        message: `A destination gets the call with all its traits or not at all: change the key ${row.call}.`,
      });
    }
    const trait = traitAt(row.name);
    if (allowed === undefined || trait === undefined) return schema;
    const others = schema[row.call].blockedTraits.filter((one) => one !== trait);
    return { ...schema, [row.call]: { ...schema[row.call], blockedTraits: allowed ? others : [...others, trait] } };
  }
  if (allowed === undefined && withheldFrom === undefined) return schema;
  const before = ruleOfRow(schema, row) ?? { enabled: true, destinations: {} };
  const rule: EventRule = {
    enabled: allowed ?? before.enabled,
    destinations: withheldFrom === undefined ? before.destinations : withheld(withheldFrom),
  };
  if (row.call === 'page') return { ...schema, everyPage: rule };
  if (row.call === 'screen') return { ...schema, everyScreen: rule };
  const { [row.name]: _before, ...others } = schema.track;
  const isPlain = rule.enabled && Object.values(rule.destinations).every(Boolean);
  return { ...schema, track: isPlain ? others : { ...others, [row.name]: rule } };
}

function withArchived(
  schema: SourceSchema,
  row: SchemaRow,
  archived: boolean | undefined,
  planned: boolean | null,
): SourceSchema {
  if (archived === undefined) return schema;
  const display = displayOf(schema);
  const others = display.archived.filter((text) => text !== rowName(row));
  if (!archived)
    return others.length === display.archived.length
      ? schema
      : { ...schema, display: { ...display, archived: others } };
  if (isAllowedRow(schema, row) && planned !== false) {
    throw invalid({ field: 'archived', message: 'Only what is blocked or not planned can be archived (F11).' });
  }
  return { ...schema, display: { ...display, archived: [...others, rowName(row)] } };
}

/** Decides on the schema as it is; a source without one gets its first. */
async function changeSchema(
  request: ApiRequest,
  sourceId: string | undefined,
  decide: (before: SourceSchema, config: WorkspaceConfig) => SourceSchema,
): Promise<void> {
  await request.change((config) => {
    const source = sourceIn(config, sourceId);
    const before = schemaOf(config, source.id) ?? emptySchema(request, source);
    const next = decide(before, config);
    if (isDeepStrictEqual(before, next)) return { changes: [], value: undefined };
    refuseTooMuch(next);
    const thing = changed(SourceSchema, before, next, request);
    return { changes: [{ kind: 'sourceSchema', verb: 'save', thing }], value: undefined };
  });
}

const emptySchema = (request: ApiRequest, { workspaceId, id }: Source): SourceSchema =>
  SourceSchema.parse({ workspaceId, sourceId: id, ...unsaved(request) });

function refuseTooMuch(schema: SourceSchema): void {
  const { archived, added } = displayOf(schema);
  if (Math.max(archived.length, added.length) > SCHEMA_ROWS_SET_MAX) {
    throw overQuota(
      'schema-rows',
      SCHEMA_ROWS_SET_MAX,
      `${SCHEMA_ROWS_SET_MAX} rows can be archived, or added, at most.`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(schema)) > SCHEMA_BYTES_MAX) {
    throw new ApiFault(422, [
      {
        type: 'quota-exceeded',
        message: 'The settings of this source’s schema are too large. Allow or unarchive some events.',
        data: { quota: 'schema-bytes', max: SCHEMA_BYTES_MAX },
      },
    ]);
  }
}
