import { HEALTH_GROUPS, HEALTH_KINDS } from '../../../shared/api/operations/app-health.ts';
import type { Right } from '../../../shared/domain/access.ts';
import type { ConnectedDestination, Source } from '../../../shared/domain/workspace.ts';
import { auditBefore, revokedKeys } from '../health/audit-before.ts';
import {
  byKind,
  destinationLines,
  keyLines,
  type Line,
  platformLines,
  sourceLines,
  type Thing,
} from '../health/lines.ts';
import { type Facts, readFacts } from '../health/read-facts.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { targetOf } from '../resources/source-views.ts';

/** Lines of one thing in an answer. */
const LINES_MAX = 50;

type Found = Omit<Thing, 'lines'> & { lines: Line[]; ids: ReadonlySet<string> };

export const appHealthHandlers: HandlersOf<'getHealth'> = {
  getHealth: async (request) => {
    const { deps, workspaceId } = request;
    const config = await request.config();
    const now = request.now().toISOString();
    const sources = await request.visibleSources('source.read');
    const withDestinations = new Set<string>((await request.visibleSources('destination.read')).map(({ id }) => id));
    const destinations = config.destinations.filter(({ destination }) => withDestinations.has(destination.sourceId));
    const work = await deps.health();
    // What is switched off on purpose is not ill.
    const enabled = destinations.filter(({ destination }) => destination.enabled);
    const things = {
      sources: sources.map(({ id }) => id),
      destinations: enabled.map(({ destination }) => destination.id),
    };
    const facts = await readFacts(work, workspaceId, things, now);
    const keys = await keysOf(request, facts);
    const foundSources = sources.map((source) => sourceThing(request, facts, source, keys));
    const byId = new Map<string, Source>(config.sources.map((source) => [source.id, source]));
    const foundDestinations = enabled.map((one) => destinationThing(request, facts, one, byId));
    const isForAll = request.may('source.read', { kind: 'workspace' });
    const platform = isForAll ? await platformThing(request, facts, destinations) : [];
    const groups = {
      SOURCES: foundSources,
      DESTINATIONS: foundDestinations,
      WAREHOUSES: [],
      PLATFORM: platform,
    } satisfies Record<(typeof HEALTH_GROUPS)[number], Found[]>;
    const shown = HEALTH_GROUPS.map((group) => ({
      group,
      things: groups[group].filter(({ lines }) => lines.length > 0).toSorted(gravestFirst),
    }));
    const changesOf = await changesIn(
      request,
      shown.flatMap(({ things: some }) => some),
    );
    return {
      asOf: now,
      countedTo: facts.countedTo ?? null,
      looked: { sources: sources.length, destinations: enabled.length },
      groups: shown.map(({ group, things: some }) => ({
        group,
        things: some.map(({ ids, lines, ...thing }) => ({
          ...thing,
          lines: lines.map((line) => ({ ...line, changes: changesOf(ids, line) })),
        })),
      })),
    };
  },
};

const ORDER = byKind(HEALTH_KINDS);
const inOrder = (lines: Line[]): Line[] => lines.toSorted(ORDER).slice(0, LINES_MAX);
const gravestFirst = (a: Found, b: Found): number => {
  const [first] = a.lines;
  const [second] = b.lines;
  return first === undefined || second === undefined ? 0 : ORDER(first, second) || (a.name < b.name ? -1 : 1);
};

/** Consistent failure is failing; whatever else is told is worse than it should be. */
const stateOf = (lines: readonly Line[]): Thing['state'] =>
  lines.some(({ kinds }) => kinds.includes('CONSISTENT')) ? 'FAILING' : 'DEGRADED';

function actionsFor(request: ApiRequest, source: Source | undefined, disable: Right, remove: Right): Thing['actions'] {
  if (source === undefined) return [];
  const target = targetOf(source);
  return [
    ...(request.may(disable, target) ? (['DISABLE'] as const) : []),
    ...(request.may(remove, target) ? (['DELETE'] as const) : []),
  ];
}

function sourceThing(
  request: ApiRequest,
  facts: Facts,
  source: Source,
  keys: readonly { sourceId: string; line: Line }[],
): Found {
  const ofKeys = keys.filter(({ sourceId }) => sourceId === source.id).map(({ line }) => line);
  const lines = inOrder([...sourceLines(facts, source).filter(isOfInterest(source)), ...ofKeys]);
  return {
    id: source.id,
    name: source.name,
    type: source.kind,
    sourceId: null,
    state: source.enabled ? stateOf(lines) : 'DISABLED',
    actions: source.enabled
      ? actionsFor(request, source, 'source.edit', 'source.delete')
      : actionsFor(request, source, 'source.edit', 'source.delete').filter((action) => action === 'DELETE'),
    lines,
    ids: new Set([source.id]),
  };
}

/** A source that is switched off is silent as it should be; that somebody still sends to it is told. */
const isOfInterest =
  ({ enabled }: Source) =>
  ({ kinds }: Line): boolean =>
    enabled || kinds.includes('REFUSED');

function destinationThing(
  request: ApiRequest,
  facts: Facts,
  { destination, mappings, filters = [] }: ConnectedDestination,
  sources: ReadonlyMap<string, Source>,
): Found {
  const { id, name, type, sourceId } = destination;
  const lines = inOrder(destinationLines(facts, destination));
  return {
    id,
    name,
    type,
    sourceId,
    state: stateOf(lines),
    actions: actionsFor(request, sources.get(sourceId), 'destination.edit', 'destination.delete'),
    lines,
    // A change of its mappings, filters or of its source's settings may be why.
    ids: new Set<string>([
      id,
      sourceId,
      ...mappings.map((mapping) => mapping.id),
      ...filters.map((filter) => filter.id),
    ]),
  };
}

async function platformThing(
  request: ApiRequest,
  facts: Facts,
  destinations: readonly ConnectedDestination[],
): Promise<Found[]> {
  const work = await request.deps.health();
  const [metrics, mismatches] = await Promise.all([work.metrics.read(), work.rollups.getMismatches()]);
  const lines = inOrder(
    platformLines(facts, {
      metrics,
      destinations: destinations.map(({ destination }) => destination),
      mismatches: mismatches && {
        checkedAt: mismatches.checkedAt,
        found: mismatches.found.filter(({ workspaceId }) => workspaceId === request.workspaceId),
      },
    }),
  );
  return [
    {
      id: 'platform',
      name: 'Platform',
      type: 'platform',
      sourceId: null,
      state: stateOf(lines),
      actions: [],
      lines,
      ids: new Set(),
    },
  ];
}

/** Keys are read only where requests come with one that is nobody's. */
async function keysOf(
  { control, deps, workspaceId }: ApiRequest,
  facts: Facts,
): Promise<{ sourceId: string; line: Line }[]> {
  if (!facts.refused.some(({ writeKey }) => writeKey !== undefined)) return [];
  const [live, gone] = await Promise.all([control.listWriteKeys(workspaceId), revokedKeys(deps.auditLog, workspaceId)]);
  return keyLines(facts, { live, gone });
}

type ChangesOf = (ids: ReadonlySet<string>, line: Line) => Thing['lines'][number]['changes'];

async function changesIn(request: ApiRequest, found: readonly Found[]): Promise<ChangesOf> {
  const { deps, workspaceId } = request;
  if (!request.may('audit.read', { kind: 'workspace' })) return () => null;
  const moments = found.flatMap(({ ids, lines }) =>
    ids.size === 0 ? [] : lines.map(({ firstSeenAt }) => firstSeenAt),
  );
  const before = await auditBefore(deps.auditLog, workspaceId, moments);
  return (ids, { firstSeenAt }) => before(ids, firstSeenAt);
}
