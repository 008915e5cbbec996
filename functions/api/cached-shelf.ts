import type { Book, Shelf } from '../../shared/books/book.ts';
import { subjectName } from '../../shared/books/book.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';

/** How long what is over is served again: it seldom changes. */
const SERVED_AGAIN_MS = 60_000;
/** Reads kept in memory. */
const KEPT_MAX = 2_000;

/**
 * Books that remember for a minute what they read of past hours and days, for a page that asks every few seconds. What is in flight may be off by
 * what came late into them within that minute; the balance is read without it.
 */
export function cachedShelf(shelf: Shelf, now: () => Date): Shelf {
  const kept = new Map<string, { untilMs: number; value: Promise<unknown> }>();
  const remembered = async <R>(key: string, read: () => Promise<R>): Promise<R> => {
    const nowMs = now().getTime();
    const known = kept.get(key);
    if (known !== undefined && nowMs < known.untilMs) return (await known.value) as R;
    if (kept.size >= KEPT_MAX) kept.clear();
    const value = read();
    kept.set(key, { untilMs: nowMs + SERVED_AGAIN_MS, value });
    // A read that failed is not kept.
    value.catch(() => kept.delete(key));
    return await value;
  };
  const cached = <T>(book: Book<T>): Book<T> => {
    const name = subjectName(book.subject);
    const { store } = book;
    return {
      ...book,
      ofRows: async (hour) =>
        hour >= hourOf(now().toISOString())
          ? await book.ofRows(hour)
          : await remembered(`${name} rows ${hour}`, () => book.ofRows(hour)),
      store: {
        ...store,
        hours: (from, to) => remembered(`${name} hours ${from} ${to}`, () => store.hours(from, to)),
        days: (from, to) => remembered(`${name} days ${from} ${to}`, () => store.days(from, to)),
        lastDayBefore: (day) => remembered(`${name} before ${day}`, () => store.lastDayBefore(day)),
      },
    };
  };
  return {
    source: (id) => cached(shelf.source(id)),
    destination: (id) => cached(shelf.destination(id)),
    unreadable: () => cached(shelf.unreadable()),
  };
}
