import * as z from 'zod';

/** A moment as ISO 8601 in UTC with milliseconds: the form of every time of ours on the wire and in keys. */
export const Timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'ISO 8601 UTC with milliseconds');

/** The minute of a moment, as `YYYY-MM-DDTHH:MM`. Ledger keys hold minutes that come from messages, never from a clock. */
export const minuteOf = (timestamp: string): string => timestamp.slice(0, 16);

/** The hour of a moment, as `YYYY-MM-DDTHH`. */
export const hourOf = (timestamp: string): string => timestamp.slice(0, 13);

/** The day of a moment, as `YYYY-MM-DD`. */
export const dayOf = (timestamp: string): string => timestamp.slice(0, 10);

const HOUR_MS = 3_600_000;

/** The hour so many hours after one, or before it. */
export const hourPlus = (hour: string, count: number): string =>
  hourOf(new Date(Date.parse(`${hour}:00:00.000Z`) + count * HOUR_MS).toISOString());

/** The day so many days after one, or before it. */
export const dayPlus = (day: string, count: number): string =>
  dayOf(new Date(Date.parse(`${day}T00:00:00.000Z`) + count * 24 * HOUR_MS).toISOString());

/** The minute so many minutes after one, or before it. */
export const minutePlus = (minute: string, count: number): string =>
  minuteOf(new Date(Date.parse(`${minute}:00.000Z`) + count * 60_000).toISOString());
