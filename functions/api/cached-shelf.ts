import type { Book, Shelf } from '../../shared/books/book.ts';
import { subjectName } from '../../shared/books/book.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import { sharedReads } from './shared-reads.ts';

/** How long what is over is served again: it seldom changes. */
const SERVED_AGAIN_MS = 60_000;
/** Reads kept in memory. */
const KEPT_MAX = 2_000;

/**
 * Books that remember for a minute what they read of past hours and days, for a page that asks every few seconds. What is in flight may be off by
 * what came late into them within that minute; the balance is read without it.
 */
export function cachedShelf(shelf: Shelf, now: () => Date): Shelf {
  const reads = sharedReads<unknown>(SERVED_AGAIN_MS, now, KEPT_MAX);
  // A name stands for one kind of answer.
  const remembered = async <R>(name: string, read: () => Promise<R>): Promise<R> => (await reads(name, read)) as R;
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
