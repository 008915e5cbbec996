import type { DestinationBalance, SourceBalance } from '../../shared/domain/balance.ts';
import { destinationBalance, sourceBalance } from '../../shared/domain/balance.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { BooksReader } from './read-books.ts';

/**
 * Where every event of the hours is: a line for each source, in events, and one for each destination, in sends. Exact: each number is a sum
 * of rows that are written once. `inFlight` of a destination is what was planned and has not ended.
 */
export async function readBalance(
  books: BooksReader,
  config: WorkspaceConfig,
  hours: { from: string; to: string },
): Promise<(SourceBalance | DestinationBalance)[]> {
  const planned = new Map(
    await Promise.all(
      config.sources.map(async (source) => {
        const since = hourOf(source.createdAt) > hours.from ? hourOf(source.createdAt) : hours.from;
        return [source.id, { since, totals: await books.source(source.id, since, hours.to) }] as const;
      }),
    ),
  );
  const sources = [...planned].map(([id, { totals }]) => sourceBalance(id, totals));
  const destinations = await Promise.all(
    config.destinations.map(async ({ destination: { id, sourceId } }) => {
      const plan = planned.get(sourceId);
      if (plan === undefined) return undefined;
      return destinationBalance(id, sourceId, plan.totals, await books.destination(id, plan.since, hours.to));
    }),
  );
  return [...sources, ...destinations.filter((line) => line !== undefined)];
}
