import { CLOCK_SKEW_MS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { Json } from '../../shared/domain/json.ts';
import { secretsOf } from '../../shared/domain/secret-list.ts';
import type { RuledTarget } from '../../shared/domain/target-verdict.ts';
import { type Rehearsal, rehearsalAt } from '../../shared/domain/rehearsal.ts';
import type {
  ConnectedDestination,
  Destination,
  Mapping,
  Source,
  WorkspaceConfig,
} from '../../shared/domain/workspace.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { fixedSecrets } from './fixed-secrets.ts';
import type { LaneTask } from './lane-task.ts';

/** Why a destination gets nothing (any more); its sends end in the dead-letter store. */
export type Closed = {
  state: 'closed';
  code:
    | 'destination_deleted'
    | 'destination_disabled'
    | 'destination_paused'
    | 'INVALID_SETTINGS'
    | 'crash_loop'
    | 'hop_cap';
  message: string;
};

export type Open = {
  state: 'open';
  destination: Pick<Destination, 'id' | 'version' | 'retryWindowHours' | 'connectionMode' | 'consentCategories'>;
  type: string;
  kind: NonNullable<RuledTarget['kind']>;
  filters: RuledTarget['filters'];
  schema: RuledTarget['schema'];
  /** All settings, secrets opened. */
  settings: Record<string, Json>;
  /** Values of the secret ones, and secrets in its mappings, to be kept out of whatever people see. */
  secretValues: readonly string[];
  mappings: ReadonlyMap<string, Mapping>;
  /** The outage that is rehearsed on it at a time, if one is. */
  rehearsalAt: (nowMs: number) => Rehearsal | undefined;
};

export type TargetDeps = {
  configs: ConfigReader;
  sealer: Pick<Sealer, 'open'>;
  kindOf: (type: string) => RuledTarget['kind'];
  /** Fields of a type's mappings whose fixed values are secrets. */
  secretFieldsOf?: (type: string) => readonly string[];
};

/**
 * The destination as it is now: a corrected key heals what waits, and what was switched off stays off. Throws where configuration or key
 * service do not answer: nothing was tried then, and the message comes again.
 */
export async function targetOf(
  deps: TargetDeps,
  { part, destinationId, queuedAtMs }: Pick<LaneTask, 'part' | 'destinationId' | 'queuedAtMs'>,
  { notOlderThanRoute = false } = {},
): Promise<Open | Closed> {
  const asOfMs = queuedAtMs + CLOCK_SKEW_MS;
  // Who replays has just mended something, a key say: what memory still holds would be refused once more.
  const isFresh = notOlderThanRoute || (part.replay !== undefined && part.hop === 0);
  let found = await findDestination(deps, part.workspaceId, destinationId, isFresh ? asOfMs : undefined);
  // Route saw it switched on when it queued the part: what says otherwise must not be older than that.
  if (!isFresh && !isSwitchedOn(found, part.mappings)) {
    found = await findDestination(deps, part.workspaceId, destinationId, asOfMs);
  }
  if (found === undefined) return closed('destination_deleted', 'The destination was deleted');
  const { destination, mappings, filters = [], schema, source } = found;
  if (!destination.enabled) return closed('destination_disabled', 'The destination is switched off');
  if (destination.paused !== undefined) {
    return closed('destination_paused', 'The destination is paused; what comes meanwhile is kept and can be sent');
  }
  const kind = deps.kindOf(destination.type);
  if (kind === undefined) {
    return closed('INVALID_SETTINGS', `There is no destination of the type ${destination.type}`);
  }
  const secrets = await openSecrets(deps.sealer, destination);
  if (secrets === undefined) {
    return closed('INVALID_SETTINGS', 'A secret of the destination cannot be read: enter it again');
  }
  return {
    state: 'open',
    destination,
    type: destination.type,
    kind,
    filters,
    schema,
    settings: { ...(destination.settings as Record<string, Json>), ...secrets },
    secretValues: secretValuesOf(deps, destination.type, secrets, mappings),
    mappings: new Map(mappings.map((mapping) => [mapping.id, mapping])),
    rehearsalAt: (nowMs) => rehearsalAt(destination, source, nowMs),
  };
}

/** Everything that people must not see of what is sent: opened secrets, and those that stand fixed in mappings. */
export const secretValuesOf = (
  deps: Pick<TargetDeps, 'secretFieldsOf'>,
  type: string,
  secrets: Readonly<Record<string, string>>,
  mappings: readonly Pick<Mapping, 'fields'>[],
): string[] => [...Object.values(secrets).flatMap(withItems), ...mappingSecrets(deps, type, mappings)];

/** A list of secrets was sealed as one text; each of them is one. */
const withItems = (text: string): string[] => (text.startsWith('[') ? [text, ...secretsOf(text)] : [text]);

function mappingSecrets(
  { secretFieldsOf }: Pick<TargetDeps, 'secretFieldsOf'>,
  type: string,
  mappings: readonly Pick<Mapping, 'fields'>[],
): string[] {
  const fields = secretFieldsOf?.(type) ?? [];
  return [...new Set(mappings.flatMap((mapping) => fixedSecrets(mapping.fields, fields)))];
}

/** For parts of which nothing is sent any more, whatever the destination is. */
export const closedFor = (why: 'crash_loop' | 'hop_cap'): Closed =>
  why === 'crash_loop'
    ? closed('crash_loop', 'Whoever worked on it died, each time: it is kept and not tried again')
    : closed('hop_cap', 'It has gone round as often as a part may');

const closed = (code: Closed['code'], message: string): Closed => ({ state: 'closed', code, message });

type Found = ConnectedDestination & Pick<RuledTarget, 'schema'> & { source: Source | undefined };

async function findDestination(
  { configs }: TargetDeps,
  workspaceId: LaneTask['part']['workspaceId'],
  destinationId: DestinationId,
  asOfMs?: number,
): Promise<Found | undefined> {
  const config = await configs.workspaceConfig(workspaceId, asOfMs);
  return config && destinationsOf(config).get(destinationId);
}

const isSwitchedOn = (found: Found | undefined, mappingIds: readonly string[]): boolean =>
  found?.destination.enabled === true &&
  found.destination.paused === undefined &&
  mappingIds.every((id) => found.mappings.some((mapping) => mapping.id === id && mapping.enabled));

/** The same configuration object is answered while nothing changed. */
const byId = new WeakMap<WorkspaceConfig, Map<string, Found>>();

function destinationsOf(config: WorkspaceConfig): Map<string, Found> {
  const known = byId.get(config);
  if (known !== undefined) return known;
  const schemas = new Map(config.schemas?.map((schema) => [schema.sourceId, schema]));
  const sources = new Map(config.sources.map((source) => [source.id, source]));
  const index = new Map<string, Found>(
    config.destinations.map((found) => {
      const { id, sourceId } = found.destination;
      return [id, { ...found, schema: schemas.get(sourceId), source: sources.get(sourceId) }];
    }),
  );
  byId.set(config, index);
  return index;
}

/** `undefined` when one is damaged for good; throws when the key service fails. */
export async function openSecrets(
  sealer: Pick<Sealer, 'open'>,
  { id, workspaceId, secrets }: Destination,
): Promise<Record<string, string> | undefined> {
  try {
    const opened = await Promise.all(
      Object.entries(secrets).map(async ([field, value]) => [
        field,
        await sealer.open(value, { workspaceId, destinationId: id, field }),
      ]),
    );
    return Object.fromEntries(opened) as Record<string, string>;
  } catch (error) {
    if (error instanceof AppError && error.code === 'secret-unreadable' && !error.retry) return undefined;
    throw error;
  }
}
