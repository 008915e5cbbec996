import { isDeepStrictEqual } from 'node:util';
import type { Book } from '../../shared/books/book.ts';
import { subjectName } from '../../shared/books/book.ts';
import { LEDGER_HOUR_DAYS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { dayOf, dayPlus } from '../../shared/domain/timestamp.ts';
import type { DayRollup, HourRollup } from '../../shared/ports/rollup-store.ts';

/** Two runs seldom meet at one item, and then once. */
const TRIES_MAX = 5;
/** Behind the last day that can be. */
export const LAST_DAY = '9999-12-31';

/**
 * Recomputes an hour from its rows, its detail by kind of event with its totals from one read. The roll-ups are read before the rows are, and only
 * those are put over: whoever read older rows than another is refused and reads again (R13).
 */
export async function rollUpHour<T>(book: Book<T>, hour: string, newWriteId: () => string): Promise<void> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const [hours, head] = await Promise.all([book.store.hours(hour, hour), book.details?.head(hour)]);
    const read = hours.get(hour);
    const { totals, put } = await rowsOf(book, hour);
    const isKept = await put({ head, writeId: newWriteId() });
    const isThere = read !== undefined && isDeepStrictEqual(read.totals, totals);
    const over = { version: read?.version ?? 0, writeId: newWriteId() };
    if ((isThere || (await book.store.putHour(hour, totals, over))) && isKept) return;
  }
  throw contended(subjectName(book.subject), hour);
}

const rowsOf = async <T>(book: Book<T>, hour: string): ReturnType<NonNullable<Book<T>['details']>['ofRows']> =>
  book.details === undefined
    ? { totals: await book.ofRows(hour), put: async () => true }
    : await book.details.ofRows(hour);

/**
 * Recomputes days from their hours, from `fromDay` to `toDay` and beyond it to the newest that there is, and carries the sum of all time forward
 * from each to the next. Where the day before the first has not been rolled up, it begins behind the newest that has been, or at the oldest
 * hour.
 */
export async function carryDays<T>(
  book: Book<T>,
  { fromDay, toDay }: { fromDay: string; toDay: string },
  newWriteId: () => string,
): Promise<void> {
  const first = await firstDay(book, fromDay);
  const newest = (await book.store.lastDayBefore(LAST_DAY))?.day ?? toDay;
  const last = newest > toDay ? newest : toDay;
  for (let day = first; day <= last; day = dayPlus(day, 1)) await carryDay(book, day, newWriteId);
}

async function firstDay<T>(book: Book<T>, fromDay: string): Promise<string> {
  const before = await book.store.lastDayBefore(fromDay);
  if (before !== undefined) return dayPlus(before.day, 1);
  const hours = await book.store.hours(`${dayPlus(fromDay, -LEDGER_HOUR_DAYS)}T00`, `${fromDay}T00`);
  const [oldest] = [...hours.keys()].toSorted();
  return oldest === undefined ? fromDay : dayOf(oldest);
}

async function carryDay<T>(book: Book<T>, day: string, newWriteId: () => string): Promise<void> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const read = (await book.store.days(day, day)).get(day);
    const yesterday = (await book.store.days(dayPlus(day, -1), dayPlus(day, -1))).values().next().value;
    const next = await totalsOfDay(book, day, yesterday);
    if (read !== undefined && isDeepStrictEqual({ totals: read.totals, sofar: read.sofar }, next)) return;
    if (await book.store.putDay(day, next, { version: read?.version ?? 0, writeId: newWriteId() })) return;
  }
  throw contended(subjectName(book.subject), day);
}

async function totalsOfDay<T>(
  book: Book<T>,
  day: string,
  yesterday: DayRollup<T> | undefined,
): Promise<{ totals: T; sofar: T }> {
  const hours = await book.store.hours(`${day}T00`, `${day}T23`);
  const totals = [...hours.values()].reduce((sum: T, hour: HourRollup<T>) => book.add(sum, hour.totals), book.none());
  return { totals, sofar: book.add(yesterday?.sofar ?? book.none(), book.lasting(totals)) };
}

const contended = (subject: string, time: string): AppError =>
  new AppError('upstream-unavailable', `Other runs keep rolling up ${subject} of ${time}`);
