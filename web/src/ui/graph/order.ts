import type { FlowConnection } from './flow.ts';

/**
 * Destinations by the mean row of their sources, so that lines cross little. Equal ones keep the order they came in; those without a
 * source come last. Sources keep the order they come in.
 */
export function orderDestinations<T>(
  sourceRow: ReadonlyMap<string, number>,
  destinations: readonly T[],
  idsOf: (destination: T) => readonly string[],
  connections: readonly Pick<FlowConnection, 'sourceId' | 'destinationId'>[],
): T[] {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { sourceId, destinationId } of connections) {
    const row = sourceRow.get(sourceId);
    if (row === undefined) continue;
    const entry = sums.get(destinationId) ?? { sum: 0, count: 0 };
    entry.sum += row;
    entry.count++;
    sums.set(destinationId, entry);
  }
  const meanOf = (destination: T): number => {
    let sum = 0;
    let count = 0;
    for (const id of idsOf(destination)) {
      const entry = sums.get(id);
      sum += entry?.sum ?? 0;
      count += entry?.count ?? 0;
    }
    return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
  };
  return destinations
    .map((destination) => ({ destination, mean: meanOf(destination) }))
    .toSorted((a, b) => (a.mean === b.mean ? 0 : a.mean - b.mean))
    .map(({ destination }) => destination);
}
