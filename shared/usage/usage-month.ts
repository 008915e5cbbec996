import * as z from 'zod';
import { WorkspaceId } from '../domain/ids.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { UserCounts } from '../domain/tracked-users.ts';

/** What a workspace used in a calendar month (UTC): one item, recomputed by every hourly run. Lists by day begin with the first of the month. */

/** A month as `YYYY-MM`. */
export const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'YYYY-MM');
/** Days with a number each; days at the end that had none may be left out. */
const perDay = <T extends z.ZodType>(one: T) => z.array(one).max(31);
const Count = z.number().nonnegative();

/** identified, anonymous, neverIdentified: all up to the end of the day. Days at the end in which nobody was seen are left out. */
const UsersByDay = z.object({ isExact: z.boolean(), days: perDay(z.tuple([Count, Count, Count])) });
export type UsersByDay = z.infer<typeof UsersByDay>;

/** What a source costs by: requests, their bytes, events received, events routed. */
const SourceUnits = z.tuple([Count, Count, Count, Count]);
export type SourceUnits = z.infer<typeof SourceUnits>;
/** What a destination costs by: parts, sends, bytes of requests made. */
const DestinationUnits = z.tuple([Count, Count, Count]);
export type DestinationUnits = z.infer<typeof DestinationUnits>;

/**
 * Units by day. `open`: by hour, of hours that are still counted anew; they come into their day when they are not any more, and a day has both.
 */
const unitsOf = <T extends z.ZodType>(units: T) => z.object({ days: perDay(units), open: z.record(z.string(), units) });
export type Units<T> = { days: T[]; open: Record<string, T> };

const SourceUsage = z.object({ calls: perDay(Count), users: UsersByDay, units: unitsOf(SourceUnits) });
export type SourceUsage = z.infer<typeof SourceUsage>;

export const UsageMonth = z.object({
  v: z.literal(1),
  workspaceId: WorkspaceId,
  month: Month,
  /** When the run that wrote it read what is in it. */
  asOf: Timestamp,
  /** The present hour of the newest run that folded all digests before it. */
  foldedTo: z.string(),
  /** Hours before it are in the days of units. */
  closedBefore: z.string(),
  users: UsersByDay,
  /** Those that have sent in this month; deleted ones stay. */
  sources: z.record(z.string(), SourceUsage),
  /** Those that were sent to in this month. */
  destinations: z.record(z.string(), unitsOf(DestinationUnits)),
});
export type UsageMonth = z.infer<typeof UsageMonth>;

export const noUsers = (): UsersByDay => ({ isExact: true, days: [] });
export const noUnits = <T>(): Units<T> => ({ days: [], open: {} });
export const noSourceUsage = (): SourceUsage => ({ calls: [], users: noUsers(), units: noUnits() });
export const noUsageMonth = (workspaceId: WorkspaceId, month: string, asOf: string): UsageMonth => ({
  v: 1,
  workspaceId,
  month,
  asOf,
  foldedTo: '',
  closedBefore: '',
  users: noUsers(),
  sources: {},
  destinations: {},
});

export const monthOf = (time: string): string => time.slice(0, 7);
export const dayNumberOf = (time: string): number => Number(time.slice(8, 10));

/** The month so many months after one, or before it. */
export function monthPlus(month: string, count: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

export const daysIn = (month: string): number =>
  Math.round((Date.parse(`${monthPlus(month, 1)}-01`) - Date.parse(`${month}-01`)) / 86_400_000);

/** Days of a month that have begun: all of a past one, none of one to come. */
export function daysBegun(month: string, now: string): number {
  if (month === monthOf(now)) return dayNumberOf(now);
  return month < monthOf(now) ? daysIn(month) : 0;
}

/** Units of each day that has any, open hours in it. */
export function unitsByDay<T extends readonly number[]>({ days, open }: Units<T>): T[] {
  const sums = [...days];
  for (const [hour, units] of Object.entries(open)) addUnits(sums, dayNumberOf(hour), units);
  return sums;
}

/** Adds to the units of a day, counted from 1; days before it that have none get none. */
export function addUnits<T extends readonly number[]>(days: T[], day: number, units: T): void {
  const none = units.map(() => 0);
  for (let index = days.length; index < day; index += 1) days[index] = none as unknown as T;
  // Of the same length and kind as both.
  days[day - 1] = units.map((unit, index) => unit + (days[day - 1]?.[index] ?? 0)) as unknown as T;
}

/** Sums up to the end of each day. */
export function runningSums(perDay: readonly number[], days: number): number[] {
  let sum = 0;
  return Array.from({ length: days }, (_, index) => (sum += perDay[index] ?? 0));
}

/** Users up to the end of a day, counted from 1. */
export function usersUpTo({ days }: UsersByDay, day: number): UserCounts {
  const [identified, anonymous, neverIdentified] = days[Math.min(day, days.length) - 1] ?? [0, 0, 0];
  return { identified, anonymous, neverIdentified };
}
