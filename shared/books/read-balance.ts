import type { DestinationBalance, SourceBalance } from '../domain/balance.ts';
import { destinationBalance, sourceBalance } from '../domain/balance.ts';
import { noSourceTotals, UNKNOWN_SOURCE } from '../domain/books.ts';
import type { DestinationId } from '../domain/ids.ts';
import { hourPlus } from '../domain/timestamp.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import { type BooksDeps, readBooks, sidesOf } from './read-books.ts';

export type BalanceLine = SourceBalance | DestinationBalance;

export type BalanceDeps = BooksDeps & { recovered: (destinationId: DestinationId) => Promise<number> };

/**
 * Where every event is: a line for each source, in events, and one for each destination, in sends. Exact: each number is a sum of rows that are
 * written once. A destination that was deleted keeps its line while its source is there. With `hours` (both included) of those hours, each destination with what was in flight before them; else of all time.
 */
export async function readBalance(
  deps: BalanceDeps,
  config: WorkspaceConfig,
  hours?: { from: string; to: string },
): Promise<BalanceLine[]> {
  const books = await readBooks(deps, config, hours === undefined ? [] : [hours.from, hourPlus(hours.to, 1)], {
    withDeleted: true,
  });
  const part = hours === undefined ? 0 : 1;
  const unreadable = books.unreadable[part] ?? {};
  const sources = [...books.sources].map(([id, parts]) =>
    sourceBalance(id, parts[part] ?? noSourceTotals(), unreadable[id] ?? 0),
  );
  const nobodys = unreadable[UNKNOWN_SOURCE] ?? 0;
  // All numbers of an ordinary line, so that whoever adds lines up need not know of it.
  if (nobodys > 0) sources.push(sourceBalance(UNKNOWN_SOURCE, noSourceTotals(), nobodys));
  const ofEach = [
    ...config.destinations.map(({ destination: { id, sourceId } }) => ({ id, sourceId, deleted: false })),
    ...books.deleted.map((each) => ({ ...each, deleted: true })),
  ];
  const destinations = ofEach.map(async ({ id, sourceId, deleted }) => {
    const { planned, done } = sidesOf(books, id, sourceId, part);
    const before = part === 0 ? undefined : sidesOf(books, id, sourceId, 0);
    const line = destinationBalance(id, sourceId, planned, done, { before, recovered: await deps.recovered(id) });
    return deleted ? { ...line, deleted: true as const } : line;
  });
  return [...sources, ...(await Promise.all(destinations))];
}
