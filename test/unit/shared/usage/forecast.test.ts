import { type Day, forecastMonth, forecastUsers } from '../../../../shared/usage/forecast.ts';
import { dayPlus } from '../../../../shared/domain/timestamp.ts';

/** Days before the first of December, with what is sent on each. */
const daysBefore = (count: number, of: (day: string) => number): Day[] =>
  Array.from({ length: count }, (_, index) => dayPlus('2026-12-01', index - count)).map((day) => ({
    day,
    count: of(day),
  }));
const isWeekend = (day: string) => [0, 6].includes(new Date(day).getUTCDay());

test('a shop that sells on weekdays only is expected to go on so', () => {
  const past = daysBefore(28, (day) => (isWeekend(day) ? 0 : 100));
  const { forecast, low, high, method } = forecastMonth({ past, soFar: 0, now: '2026-12-01T00:00:00.000Z' });
  // December 2026 has 23 weekdays.
  expect(forecast).toBeCloseTo(2_300, 6);
  expect([low, high]).toEqual([forecast, forecast]);
  expect(method).toBe('means of weekdays, 28 days');
});

test('with fewer than two weeks every day counts as their mean, with none as today goes', () => {
  const few = forecastMonth({ past: daysBefore(3, () => 50), soFar: 25, now: '2026-12-01T12:00:00.000Z' });
  expect(few).toMatchObject({ forecast: 25 + 50 * 30.5, method: 'mean of 3 days' });
  const none = forecastMonth({ past: [], soFar: 10, now: '2026-12-01T12:00:00.000Z' });
  expect(none).toMatchObject({ forecast: 620, method: 'rate of this month' });
  expect(forecastMonth({ past: [], soFar: 0, now: '2026-12-01T00:00:00.000Z' }).forecast).toBe(0);
});

test('eight of ten months end within the span, where days vary at random', () => {
  let state = 7;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const oneDay = () => 1_000 + 400 * (random() + random() + random() - 1.5);
  let within = 0;
  const months = 500;
  for (let month = 0; month < months; month += 1) {
    const { low, high } = forecastMonth({ past: daysBefore(28, oneDay), soFar: 0, now: '2026-12-01T00:00:00.000Z' });
    const end = Array.from({ length: 31 }, oneDay).reduce((sum, count) => sum + count, 0);
    if (end >= low && end <= high) within += 1;
  }
  expect(within / months).toBeGreaterThan(0.72);
  expect(within / months).toBeLessThan(0.9);
});

test('users go on as in the month before, from the same part of it on', () => {
  const before = Array.from({ length: 30 }, (_, index) => Math.round(1_000 * (1 - 0.9 ** (index + 1))));
  const sums = before.slice(0, 10).map((sum) => sum * 2);
  const { soFar, forecast, low, high } = forecastUsers({ sums, before, now: '2026-12-10T23:59:59.000Z' });
  expect(soFar).toBe(sums.at(-1));
  // Of the same course and twice the size, in a month that is a day longer.
  expect(Math.abs(forecast / 1_916 - 1)).toBeLessThan(0.05);
  expect(low).toBeLessThan(forecast);
  expect(high).toBeGreaterThan(forecast);
});

test('without a month before, new users grow fewer as they did so far; nobody stays nobody', () => {
  const sums = Array.from({ length: 14 }, (_, index) => 1_000 * (1 - 0.9 ** (index + 1)));
  const { forecast, low, high } = forecastUsers({ sums, before: [], now: '2026-12-14T12:00:00.000Z' });
  expect(low).toBe(sums.at(-1));
  expect(forecast).toBeGreaterThan(low);
  // By their mean alone it would be over 1,600.
  expect(forecast).toBeLessThan(1_250);
  expect(high).toBeGreaterThanOrEqual(forecast);
  expect(forecastUsers({ sums: [], before: [], now: '2026-12-01T00:00:00.000Z' }).forecast).toBe(0);
  expect(forecastUsers({ sums: [5], before: [], now: '2026-12-01T00:00:00.000Z' }).forecast).toBeGreaterThanOrEqual(5);
});
