/** Months that usage is kept of. */
export const MONTHS_MAX = 12;
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `2026-11-01` as "November 2026". */
export const monthWords = (period: string): string => MONTH.format(new Date(`${period}T00:00:00Z`));

/** The first days of this month and of those before, newest first, in UTC as usage is counted. */
export function periods(nowMs: number, count = MONTHS_MAX): string[] {
  const now = new Date(nowMs);
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 10),
  );
}

export type Day = { timestamp: string; apiCalls: string; trackedUsers: string };

/** Counts of usage are sums from the first of the month on; what came on each day is the difference to the day before, never below 0. */
export function byDay(days: readonly Day[], of: 'apiCalls' | 'trackedUsers'): { at: string; value: number }[] {
  return days.map((day, index) => {
    const before = index === 0 ? 0 : Number(days[index - 1]?.[of] ?? 0);
    return { at: day.timestamp, value: Math.max(0, Number(day[of]) - before) };
  });
}
