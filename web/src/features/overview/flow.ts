import type { FlowConnection, FlowNode } from '../../ui/graph/flow.ts';
import type { Connection, DestinationNode, Overview, SourceNode } from './overview.ts';

/** Which part of the graph is shown. */
export const SHOWN = ['all', 'active', 'problems'] as const;
export type Shown = (typeof SHOWN)[number];

export type Flow = {
  sources: FlowNode[];
  destinations: FlowNode[];
  connections: FlowConnection[];
};

const nodeOf = ({ id, name, type }: SourceNode | DestinationNode): FlowNode => ({
  id,
  name,
  group: type.slug,
  groupName: type.name,
});

const isProblem = (state: string): boolean => state === 'FAILING' || state === 'DEGRADED';
const isActive = (state: string): boolean => state !== 'IDLE' && state !== 'DISABLED';

/** How many sources and destinations do not work as they should. */
export const problemsOf = ({ sources, destinations }: Pick<Overview, 'sources' | 'destinations'>): number =>
  [...sources, ...destinations].filter(({ state }) => isProblem(state)).length;

/** What the graph draws: the busiest sources first, and of the part that is asked for whatever it is connected with. */
export function flowOf(
  { sources, destinations, connections }: Pick<Overview, 'sources' | 'destinations' | 'connections'>,
  shown: Shown,
): Flow {
  const wanted = shown === 'problems' ? isProblem : isActive;
  const sourceOf = new Map(connections.map(({ destinationId, sourceId }) => [destinationId, sourceId]));
  const fits = ({ state }: { state: string }): boolean => shown === 'all' || wanted(state);
  const kept = destinations.filter(fits);
  const needed = new Set(kept.map(({ id }) => sourceOf.get(id)));
  const byId = new Map(destinations.map((one) => [one.id, one]));
  const disabled = new Set(sources.filter(({ state }) => state === 'DISABLED').map(({ id }) => id));
  const ids = new Set(kept.map(({ id }) => id));
  return {
    sources: sources
      .filter((one) => fits(one) || needed.has(one.id))
      .toSorted((a, b) => b.received - a.received || a.name.localeCompare(b.name))
      .map(nodeOf),
    destinations: kept.toSorted((a, b) => a.name.localeCompare(b.name)).map(nodeOf),
    connections: connections
      .filter(({ destinationId }) => ids.has(destinationId))
      .map((one) => ({
        sourceId: one.sourceId,
        destinationId: one.destinationId,
        perMinute: one.perMinute,
        failedShare: one.failedShare,
        paused: isOff(byId.get(one.destinationId)) || disabled.has(one.sourceId),
      })),
  };
}

const isOff = (destination: DestinationNode | undefined): boolean =>
  destination?.paused === true || destination?.state === 'DISABLED';

/** A thing in a list of the worst: `value` is what it is ranked by. */
export type Ranked = { id: string; kind: 'source' | 'destination'; name: string; type: string; value: number };

const rankedDestination = (one: DestinationNode, value: number): Ranked => ({
  id: one.id,
  kind: 'destination',
  name: one.name,
  type: one.type.slug,
  value,
});

/** Events received by source, most first (A09). */
export const bySource = ({ sources }: Pick<Overview, 'sources'>): Ranked[] =>
  sources
    .filter(({ received }) => received > 0)
    .map(({ id, name, type, received }): Ranked => ({ id, kind: 'source', name, type: type.slug, value: received }))
    .toSorted(downwards);

/** Destinations by a number of their connection, high to low; those without one are left out (A07). */
export function byConnection(
  { destinations, connections }: Pick<Overview, 'destinations' | 'connections'>,
  value: (connection: Connection) => number | null,
): Ranked[] {
  const byId = new Map(destinations.map((one) => [one.id, one]));
  return connections
    .flatMap((connection): Ranked[] => {
      const one = byId.get(connection.destinationId);
      const number = value(connection);
      return one === undefined || number === null || number <= 0 ? [] : [rankedDestination(one, number)];
    })
    .toSorted(downwards);
}

const downwards = (a: Ranked, b: Ranked): number => b.value - a.value || a.name.localeCompare(b.name);
