import { dayOf, dayPlus, hourPlus } from '../domain/timestamp.ts';
import { type Book, subjectName } from './book.ts';
import type { DayRollup, HourRollup } from '../ports/rollup-store.ts';
import { HOURS_BEHIND_MAX, type Standing } from './standing.ts';

/** Hours read from rows at once, of one book. */
const HOURS_AT_ONCE = 8;
/** The furthest that a read goes back from the present by days and hours; all before that it takes in one sum. */
export const BOOK_DAYS_MAX = 400;

export type BookRange = {
  /** No rows are older than this hour. */
  begin: string;
  /** The present hour. */
  present: string;
  /** Hours that begin a new part of the answer, ascending. */
  cuts: readonly string[];
};

/**
 * Everything that a subject's books hold, in parts: before the first cut, between cuts, from the last one on. Days and hours that are settled
 * come from their roll-ups, all else from the rows themselves, marked hours of the past and the future included: so each part is exact for the
 * moment of the read, whatever the aggregator has done or left undone.
 */
export async function readBook<T>(book: Book<T>, standing: Standing, range: BookRange): Promise<T[]> {
  const marked = standing.marked.get(subjectName(book.subject)) ?? new Set<string>();
  const settledBefore = standing.settledBefore ?? '';
  const parts = Array.from({ length: range.cuts.length + 1 }, () => book.none());
  const partOf = (hour: string): number => range.cuts.filter((cut) => cut <= hour).length;
  const addTo = (part: number, totals: T): void => {
    parts[part] = book.add(parts[part] ?? book.none(), totals);
  };

  const base = await baseOf(book, settledBefore, marked, range);
  if (base !== undefined) addTo(0, base.sofar);
  const furthest = hourPlus(range.present, -BOOK_DAYS_MAX * 24);
  const wished = base === undefined ? range.begin : `${dayPlus(base.day, 1)}T00`;
  const first = wished > furthest ? wished : furthest;

  const hours = hoursOf(first, range.present, marked);
  const whole = wholeDays(hours, (day) => isWhole(day, settledBefore, marked, range.cuts));
  const days = await rangeOf<DayRollup<T>>(whole, (from, to) => book.store.days(from, to));
  const taken = new Set(whole.filter((day) => days.has(day)));
  for (const day of taken) addTo(partOf(`${day}T00`), days.get(day)?.totals ?? book.none());

  const left = hours.filter((hour) => !taken.has(dayOf(hour)));
  const settled = left.filter((hour) => hour < settledBefore && !marked.has(hour));
  const rollups = await rangeOf<HourRollup<T>>(settled, (from, to) => book.store.hours(from, to));
  for (const hour of settled) {
    const rollup = rollups.get(hour);
    if (rollup !== undefined) addTo(partOf(hour), rollup.totals);
  }

  const rowsSince = hourPlus(range.present, -HOURS_BEHIND_MAX);
  const isSettled = new Set(settled);
  const live = left.filter((hour) => !(isSettled.has(hour) && rollups.has(hour)) && hour >= rowsSince);
  for (let at = 0; at < live.length; at += HOURS_AT_ONCE) {
    const some = live.slice(at, at + HOURS_AT_ONCE);
    const totals = await Promise.all(some.map((hour) => book.ofRows(hour)));
    for (const [index, each] of totals.entries()) addTo(partOf(some[index] ?? ''), each);
  }
  return parts;
}

/** What lies from the first to the last of them, both included. */
async function rangeOf<R>(
  keys: readonly string[],
  read: (from: string, to: string) => Promise<Map<string, R>>,
): Promise<Map<string, R>> {
  const [from] = keys;
  const to = keys.at(-1);
  return from === undefined || to === undefined ? new Map() : await read(from, to);
}

/** The newest day whose carried totals can stand for all time before its end: settled, before the first cut and before the first mark. */
async function baseOf<T>(book: Book<T>, settledBefore: string, marked: ReadonlySet<string>, { cuts }: BookRange) {
  if (settledBefore === '') return undefined;
  const limits = [settledBefore, ...cuts.slice(0, 1), ...[...marked].toSorted().slice(0, 1)];
  const earliest = limits.reduce((a, b) => (a < b ? a : b));
  return await book.store.lastDayBefore(dayOf(earliest));
}

/** From the first hour to the present one, and marked hours outside: rows may be filed under an hour that has not begun. */
function hoursOf(first: string, present: string, marked: ReadonlySet<string>): string[] {
  const hours: string[] = [];
  for (let hour = first; hour <= present; hour = hourPlus(hour, 1)) hours.push(hour);
  const outside = [...marked].filter((hour) => hour > present || hour < first);
  return [...hours, ...outside].toSorted();
}

/** A day that counts as one: all of it is settled, nothing of it is marked, and no cut goes through it. */
const isWhole = (day: string, settledBefore: string, marked: ReadonlySet<string>, cuts: readonly string[]): boolean =>
  `${day}T23` < settledBefore &&
  ![...marked].some((hour) => dayOf(hour) === day) &&
  !cuts.some((cut) => dayOf(cut) === day && cut !== `${day}T00`);

function wholeDays(hours: readonly string[], is: (day: string) => boolean): string[] {
  const days = new Map<string, number>();
  for (const hour of hours) days.set(dayOf(hour), (days.get(dayOf(hour)) ?? 0) + 1);
  return [...days].filter(([day, count]) => count === 24 && is(day)).map(([day]) => day);
}
