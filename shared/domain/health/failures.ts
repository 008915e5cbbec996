import { addCounts, total } from '../books.ts';
import type { Counts } from '../ledger-rows.ts';
import { hourOf, hourPlus } from '../timestamp.ts';

/** Tries of a thing in a minute or an hour, and those that failed, by code. Tries = what went well + the sum of these. */
export type Tried = { well: number; failed: Counts };
/** Hours (`2026-11-27T10`) of HISTORY_HOURS, and those minutes (`2026-11-27T10:31`) that were read. */
export type Tries = { hours: ReadonlyMap<string, Tried>; minutes: ReadonlyMap<string, Tried> };

/** H01: what health looks at. */
export const HEALTH_HOURS = 24;
/** What it compares with: the seven days before. */
export const HISTORY_HOURS = 8 * 24;
/** A code is repeated from so often in HEALTH_HOURS, in so many minutes. */
export const REPEATED_COUNT = 10;
export const REPEATED_MINUTES = 3;
/** A share is degraded from so much on, and so many times what it was before. */
export const DEGRADED_SHARE = 0.01;
export const DEGRADED_TIMES = 2;

/**
 * `CONSISTENT`: every try of the last 24 hours failed. `REPEATED`: this code in 3 minutes or more, and 10 times or more. `DEGRADED`: it is 1 % of tries or
 * more, and twice the share that it had in the seven days before (without tries in these, the 1 % alone), and not every try fails.
 */
export const FAILURE_KINDS = ['CONSISTENT', 'REPEATED', 'DEGRADED'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];
export type Failure = {
  code: string;
  kinds: FailureKind[];
  count: number;
  /** Of all tries, 0 to 1; `usual`: in the seven days before, where there were any. */
  share: number;
  usual: number | undefined;
  /** Since when it has come without a day's pause; to the minute where minutes are known, else to the hour. */
  firstAt: string;
  lastAt: string;
};

const none = (): Tried => ({ well: 0, failed: {} });
export const addTried = (a: Tried, b: Tried): Tried => ({
  well: a.well + b.well,
  failed: addCounts(a.failed, b.failed),
});
const sumOf = (spans: Iterable<Tried>): Tried => [...spans].reduce(addTried, none());
const triesOf = ({ well, failed }: Tried): number => well + total(failed);
const countOf = ({ failed }: Tried, code: string): number => (Object.hasOwn(failed, code) ? (failed[code] ?? 0) : 0);

/** What fails, by code, most first. `now`: an ISO time; the 24 hours before it begin at a minute, whose hour's minutes must be among those read. */
export function failuresOf(tries: Tries, now: string): Failure[] {
  const window = windowOf(tries, now);
  const all = sumOf(window.values());
  const count = triesOf(all);
  if (total(all.failed) === 0) return [];
  const before = sumOf([...tries.hours].filter(([hour]) => hour < firstHourOf(now)).map(([, tried]) => tried));
  const countBefore = triesOf(before);
  const isConsistent = all.well === 0;
  // As the overview judges: what fails on every try is no more called worse, and without tries before the hundredth alone counts.
  const isWorse = (part: number, partBefore: number): boolean =>
    !isConsistent &&
    part / count >= DEGRADED_SHARE &&
    part / count >= (countBefore === 0 ? 0 : (DEGRADED_TIMES * partBefore) / countBefore);
  const failures = Object.entries(all.failed)
    .filter(([, part]) => part > 0)
    .map(([code, part]): Failure => {
      const kinds: FailureKind[] = [];
      if (isConsistent) kinds.push('CONSISTENT');
      if (isRepeated(tries, window, code, part)) kinds.push('REPEATED');
      if (isWorse(part, countOf(before, code))) kinds.push('DEGRADED');
      return {
        code,
        kinds,
        count: part,
        share: part / count,
        usual: countBefore === 0 ? undefined : countOf(before, code) / countBefore,
        ...seenOf(tries, code),
      };
    })
    .toSorted((a, b) => b.count - a.count);
  // Many codes may each be too few, and together too many.
  const [most] = failures;
  if (most !== undefined && isWorse(total(all.failed), total(before.failed)) && failures.every(isNotDegraded)) {
    most.kinds.push('DEGRADED');
  }
  return failures.filter(({ kinds }) => kinds.length > 0);
}

const isNotDegraded = ({ kinds }: Failure): boolean => !kinds.includes('DEGRADED');

/** The hour in which the last 24 hours begin: its minutes are looked at one by one. */
export const firstHourOf = (now: string): string => hourPlus(hourOf(now), -HEALTH_HOURS);

/** The last 24 hours: whole hours, and of the first one its minutes. */
function windowOf({ hours, minutes }: Tries, now: string): Map<string, Tried> {
  const first = firstHourOf(now);
  const since = `${first}${now.slice(13, 16)}`;
  return new Map([
    ...[...minutes].filter(([minute]) => hourOf(minute) === first && minute > since),
    ...[...hours].filter(([hour]) => hour > first),
  ]);
}

function isRepeated({ minutes }: Tries, window: ReadonlyMap<string, Tried>, code: string, count: number): boolean {
  if (count < REPEATED_COUNT) return false;
  const spans = [...window].filter(([, tried]) => countOf(tried, code) > 0).map(([span]) => span);
  // Each span has a minute of it at least; what lies in few hours is counted by minutes.
  if (spans.length >= REPEATED_MINUTES) return true;
  const inMinutes = [...minutes].filter(
    ([minute, tried]) => countOf(tried, code) > 0 && spans.some((span) => minute.startsWith(span)),
  );
  return inMinutes.length >= REPEATED_MINUTES;
}

function seenOf({ hours, minutes }: Tries, code: string): { firstAt: string; lastAt: string } {
  const having = (spans: ReadonlyMap<string, Tried>): string[] =>
    [...spans]
      .filter(([, tried]) => countOf(tried, code) > 0)
      .map(([span]) => span)
      .toSorted();
  const inHours = having(hours);
  const last = inHours.at(-1) ?? '';
  let first = last;
  for (const hour of inHours.toReversed()) {
    if (hourPlus(hour, HEALTH_HOURS) < first) break;
    first = hour;
  }
  const inMinutes = having(minutes);
  const firstMinute = inMinutes.find((minute) => hourOf(minute) === first);
  const lastMinute = inMinutes.findLast((minute) => hourOf(minute) === last);
  return {
    firstAt: firstMinute === undefined ? `${first}:00:00.000Z` : `${firstMinute}:00.000Z`,
    lastAt: lastMinute === undefined ? `${last}:00:00.000Z` : `${lastMinute}:00.000Z`,
  };
}

/** Hours whose minutes would tell more: those where a code began and was seen last, and all of one that may be repeated within few hours. */
export function hoursToLookInto({ hours }: Pick<Tries, 'hours'>, now: string): string[] {
  const wanted = new Set<string>();
  const window = [...hours].filter(([hour]) => hour >= firstHourOf(now));
  const codes = new Set(window.flatMap(([, { failed }]) => Object.keys(failed)));
  for (const code of codes) {
    const { firstAt, lastAt } = seenOf({ hours, minutes: new Map() }, code);
    wanted.add(hourOf(firstAt)).add(hourOf(lastAt));
    const having = window.filter(([, tried]) => countOf(tried, code) > 0).map(([hour]) => hour);
    if (having.length < REPEATED_MINUTES) for (const hour of having) wanted.add(hour);
  }
  return [...wanted];
}
