import { showsUtc, viewerZone } from './time-zone.ts';

/** How numbers, times and shares are written: all by `Intl`, in the browser's language of formats. */

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const EXACT = new Intl.NumberFormat('en');
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** 1234567 as `1.2M`; up to 9,999 exactly. */
export const compact = (value: number): string =>
  Math.abs(value) < 10_000 ? EXACT.format(Math.round(value * 10) / 10) : COMPACT.format(value);

export const exact = (value: number): string => EXACT.format(value);

/** A share of 1 as per cent. What is not none is never written as 0 %, what is not all never as 100 %. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '<0.1%';
  if (value < 100 && value > 99.9) return '>99.9%';
  return `${EXACT.format(Math.round(value * 10) / 10)}%`;
}

/** Milliseconds in the unit that people read: `340 ms`, `2.1 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${Math.round(ms / 100) / 10} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} d`;
}

/** How long ago, in words: `12 s ago`, `in 3 min`. */
export function relative(at: string | number, nowMs: number): string {
  const ms = nowMs - new Date(at).getTime();
  if (Math.abs(ms) < 2 * SECOND_MS) return 'just now';
  // Of an age nobody reads tenths.
  const whole = Math.abs(ms) < MINUTE_MS ? Math.round(Math.abs(ms) / SECOND_MS) * SECOND_MS : Math.abs(ms);
  return ms < 0 ? `in ${duration(whole)}` : `${duration(whole)} ago`;
}

const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: viewerZone });
const LOCAL_SHORT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: viewerZone,
});
const CLOCK_PARTS = { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: viewerZone } as const;
const CLOCK = new Intl.DateTimeFormat('en-GB', CLOCK_PARTS);
const MINUTE_CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: viewerZone });
const FINE_CLOCK = new Intl.DateTimeFormat('en-GB', { ...CLOCK_PARTS, fractionalSecondDigits: 3 });

/** In the zone that the viewer has chosen, to the second; `minuteTime`: to the minute, `fineTime`: to the millisecond. */
export const localTime = (at: string | number): string => LOCAL.format(new Date(at));
export const shortTime = (at: string | number): string => LOCAL_SHORT.format(new Date(at));
export const clockTime = (at: string | number): string => CLOCK.format(new Date(at));
export const minuteTime = (at: string | number): string => MINUTE_CLOCK.format(new Date(at));
export const fineTime = (at: string | number): string => FINE_CLOCK.format(new Date(at));
const DEVICE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/** A moment in the device's zone and in UTC, whichever of them the app shows. */
export const bothTimes = (at: string | number): string =>
  `${showsUtc ? DEVICE.format(new Date(at)) : localTime(at)} · ${utcTime(at)}`;
/** `2026-11-27 04:12:09 UTC`. */
export const utcTime = (at: string | number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `1 source`, `3 sources`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${EXACT.format(count)} ${count === 1 ? one : many}`;

const MONEY = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 2 });
const SMALL_MONEY = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });

/** Dollars; below a cent by two digits that say something. */
export const dollars = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.01 ? SMALL_MONEY.format(value) : MONEY.format(value);
