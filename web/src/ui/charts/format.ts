import { compact, exact } from '../format.ts';

/** The app is written in British English, and so are its numbers and times; the zone is the viewer's. */
const LOCALE = 'en-GB';
/** Below this a number is written out on an axis; from here on it is shortened to 12K or 1.2M. */
const COMPACT_FROM = 10_000;

/** A number for an axis or a tile: 950, 12K, 1.2M. */
export const shortNumber = (value: number): string => (Math.abs(value) < COMPACT_FROM ? exact(value) : compact(value));

/** A number with all its digits: 1,234,567. */
export const exactNumber = (value: number): string => exact(value);

/** Writes moments for one range and zone: short ones on the axis, whole ones in the tooltip and the table. */
export type TimeFormat = { axis: (at: number, startsDay: boolean) => string; full: (at: number) => string };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

/** Formats that fit the width of the range and of its buckets. */
export function timeFormat(spanMs: number, stepMs: number, timeZone: string): TimeFormat {
  const of = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE, { timeZone, hourCycle: 'h23', ...options });
  const seconds = stepMs < MINUTE_MS || spanMs < 5 * MINUTE_MS;
  const clock: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  };
  const day = of(spanMs > YEAR_MS ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' });
  const time = of(clock);
  const wholeDays = stepMs >= DAY_MS;
  const full = of({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(spanMs > YEAR_MS ? { year: 'numeric' } : {}),
    ...(wholeDays ? {} : clock),
  });
  return { axis: (at, startsDay) => (startsDay ? day.format(at) : time.format(at)), full: (at) => full.format(at) };
}

/** The time of day with seconds, for "as of 14:03:20". */
export const clockTime = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat(LOCALE, {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(at);
