/** Where a month is heading, by what the days before did. Pure; all days in UTC. */

/** Days of the past that are looked at: four of each weekday. */
export const PAST_DAYS = 28;
/** Standard deviations of a normal distribution within which eight of ten lie. */
const EIGHT_OF_TEN = 1.2816;
/** Fewer whole days than that say nothing of weekdays. */
const WEEKDAYS_FROM = 14;
const DAY_MS = 86_400_000;

export type Day = { day: string; count: number };
export type Expected = { soFar: number; forecast: number; low: number; high: number; method: string };

/**
 * A month's end by its days. Each day to come counts as the mean of its weekday in the last PAST_DAYS, as long as there are two weeks of them; before
 * that, as the mean of the whole days that there are; without any, as the rate of today. Of today its rest. The span is that of the past days around
 * their means.
 * `past`: whole days before today, oldest first, days without anything among them. `soFar`: of the month, today in it.
 */
export function forecastMonth({ past, soFar, now }: { past: readonly Day[]; soFar: number; now: string }): Expected {
  const today = now.slice(0, 10);
  const passed = (Date.parse(now) - Date.parse(today)) / DAY_MS;
  const looked = past.filter(({ day }) => day < today).slice(-PAST_DAYS);
  const daysLeft = daysAfter(today);
  if (looked.length === 0) {
    const elapsed = Number(today.slice(8)) - 1 + passed;
    const forecast = elapsed === 0 ? soFar : (soFar / elapsed) * (elapsed + 1 - passed + daysLeft.length);
    return { soFar, forecast, low: soFar, high: Math.max(soFar, 2 * forecast - soFar), method: 'rate of this month' };
  }
  const byWeekday = looked.length >= WEEKDAYS_FROM;
  const meanOf = (day: string): number => {
    const same = byWeekday ? looked.filter((each) => weekdayOf(each.day) === weekdayOf(day)) : looked;
    return same.reduce((sum, { count }) => sum + count, 0) / Math.max(1, same.length);
  };
  const rest = meanOf(today) * (1 - passed) + daysLeft.reduce((sum, day) => sum + meanOf(day), 0);
  const variance = looked.reduce((sum, { day, count }) => sum + (count - meanOf(day)) ** 2, 0) / looked.length;
  // The days to come vary by themselves, and the means are of a few days only.
  const days = 1 - passed + daysLeft.length;
  const spread = EIGHT_OF_TEN * Math.sqrt(variance * (days + days ** 2 / looked.length));
  const forecast = soFar + rest;
  return {
    soFar,
    forecast,
    low: Math.max(soFar, forecast - spread),
    high: forecast + spread,
    method: byWeekday ? `means of weekdays, ${looked.length} days` : `mean of ${looked.length} days`,
  };
}

/**
 * Users of a month by their sums up to the end of each day: new ones grow fewer in the course of a month, so that a mean of days would say too much. With
 * a whole month before it, it goes on as that one did from the same part of it on; else new users of a day go on falling as they did, by the ratio of
 * the later half of the days to the earlier.
 * `sums`: of this month, today last. `before`: of the month before, all days; empty where there is none.
 */
export function forecastUsers({
  sums,
  before,
  now,
}: {
  sums: readonly number[];
  before: readonly number[];
  now: string;
}): Expected {
  const today = now.slice(0, 10);
  const passed = (Date.parse(now) - Date.parse(today)) / DAY_MS;
  const soFar = sums.at(-1) ?? 0;
  const total = Number(today.slice(8)) + daysAfter(today).length;
  const elapsed = (Number(today.slice(8)) - 1 + passed) / total;
  const end = before.at(-1) ?? 0;
  const then = sumAt(before, elapsed * before.length);
  if (end > 0 && then > 0) {
    const forecast = soFar * (end / then);
    // As much as the course of the two months has differed so far, at least a tenth of what is to come.
    const off = Math.max(0.1, unlike(sums, before, elapsed));
    const spread = (forecast - soFar) * Math.min(1, off);
    return { soFar, forecast, low: forecast - spread, high: forecast + spread, method: 'course of the month before' };
  }
  const added = sums.map((sum, index) => sum - (sums[index - 1] ?? 0)).slice(0, -1);
  const half = Math.floor(added.length / 2);
  const [early, late] = [mean(added.slice(0, half)), mean(added.slice(half))];
  const lateRate = added.length === 0 ? soFar / Math.max(passed, 1 / 24) : late;
  const fall = early > 0 && half > 0 ? Math.min(1, late / early) ** (1 / Math.max(1, half)) : 1;
  let forecast = soFar + lateRate * (1 - passed);
  let next = lateRate;
  for (let day = 0; day < daysAfter(today).length; day += 1) {
    next *= fall;
    forecast += next;
  }
  const flat = soFar + lateRate * (1 - passed + daysAfter(today).length);
  return {
    soFar,
    forecast,
    low: soFar,
    high: Math.max(forecast, flat),
    method: 'new users of a day, falling as so far',
  };
}

/** How far the shares of the end that two months had at the same time lie apart, at most, up to now. */
function unlike(sums: readonly number[], before: readonly number[], elapsed: number): number {
  const now = sums.at(-1) ?? 0;
  const then = sumAt(before, elapsed * before.length);
  if (now === 0 || then === 0) return 1;
  return Math.max(
    ...sums.map((sum, index) => {
      const at = sumAt(before, Math.min(elapsed, ((index + 1) / Math.max(1, sums.length)) * elapsed) * before.length);
      return Math.abs(sum / now - at / then);
    }),
  );
}

/** A sum at a time between the ends of two days, counted in days from the first. */
function sumAt(sums: readonly number[], days: number): number {
  const whole = Math.floor(days);
  const begin = whole === 0 ? 0 : (sums[whole - 1] ?? sums.at(-1) ?? 0);
  const end = sums[whole] ?? sums.at(-1) ?? 0;
  return begin + (end - begin) * (days - whole);
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const weekdayOf = (day: string): number => new Date(`${day}T00:00:00.000Z`).getUTCDay();

/** Days of the month after this one. */
function daysAfter(today: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(today) + DAY_MS; days.length < 31; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (day.slice(0, 7) !== today.slice(0, 7)) break;
    days.push(day);
  }
  return days;
}
