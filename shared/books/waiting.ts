import type { DestinationTotals } from '../domain/books.ts';
import { hourOf } from '../domain/timestamp.ts';
import type { Book } from './book.ts';
import { readBook } from './read-book.ts';
import type { BooksDeps } from './read-books.ts';
import { readStanding } from './standing.ts';

/** The clocks of those who make destinations and of those who send to them differ by less. */
const CLOCKS_DIFFER_MS = 10 * 60_000;
/** Rows of the next hour are looked for so long before it begins. */
const AHEAD_MS = 2 * 60_000;

/**
 * Sends of a destination that have failed and wait for their next try, as of now: what hops left over less what later hops have settled, of all time. A hop
 * may be seen without the one before it: never below 0.
 */
export async function waitingOf(
  { rollups, now }: Pick<BooksDeps, 'rollups' | 'now'>,
  book: Book<DestinationTotals>,
  createdAt: string,
): Promise<number> {
  const present = hourOf(new Date(now().getTime() + AHEAD_MS).toISOString());
  const begin = hourOf(new Date(Date.parse(createdAt) - CLOCKS_DIFFER_MS).toISOString());
  const standing = await readStanding(rollups, present);
  const [all] = await readBook(book, standing, { begin, present, cuts: [] });
  return Math.max(0, (all?.retry ?? 0) - (all?.retried ?? 0));
}
