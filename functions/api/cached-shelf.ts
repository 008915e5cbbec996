import type { Book, Shelf } from '../../shared/books/book.ts';
import { subjectName } from '../../shared/books/book.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';

/** How long an hour that is over is served again: it seldom changes. */
const PAST_HOUR_MS = 60_000;
/** Hours kept in memory. */
const CACHED_HOURS_MAX = 2_000;

/**
 * Books that remember the rows of past hours for a minute, for a page that asks every few seconds. What is in flight may be off by what came
 * late into a past hour within that minute; the balance is read without it.
 */
export function cachedShelf(shelf: Shelf, now: () => Date): Shelf {
  const kept = new Map<string, { untilMs: number; totals: Promise<unknown> }>();
  const cached = <T>(book: Book<T>): Book<T> => ({
    ...book,
    ofRows: async (hour) => {
      const nowMs = now().getTime();
      if (hour >= hourOf(now().toISOString())) return await book.ofRows(hour);
      const key = `${subjectName(book.subject)}#${hour}`;
      const known = kept.get(key);
      if (known !== undefined && nowMs < known.untilMs) return (await known.totals) as T;
      if (kept.size >= CACHED_HOURS_MAX) kept.clear();
      const totals = book.ofRows(hour);
      kept.set(key, { untilMs: nowMs + PAST_HOUR_MS, totals });
      // A read that failed is not kept.
      totals.catch(() => kept.delete(key));
      return await totals;
    },
  });
  return {
    source: (id) => cached(shelf.source(id)),
    destination: (id) => cached(shelf.destination(id)),
    unreadable: () => cached(shelf.unreadable()),
  };
}
