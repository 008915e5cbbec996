import { byDay, monthWords, periods } from '../../../../../web/src/features/usage/months.ts';

test('months go back twelve, over the turn of the year', () => {
  const all = periods(Date.parse('2026-02-28T23:59:59Z'));
  expect(all.slice(0, 3)).toEqual(['2026-02-01', '2026-01-01', '2025-12-01']);
  expect(all).toHaveLength(12);
});

test('a month has its name, in UTC whatever the time zone of the reader', () => {
  expect(monthWords('2026-11-01')).toBe('November 2026');
});

test('days are what came on each, from sums since the first of the month', () => {
  const day = (date: string, apiCalls: string) => ({ timestamp: `${date}T00:00:00.000Z`, apiCalls, trackedUsers: '0' });
  expect(byDay([day('2026-11-01', '5'), day('2026-11-02', '12'), day('2026-11-03', '12')], 'apiCalls')).toEqual([
    { at: '2026-11-01T00:00:00.000Z', value: 5 },
    { at: '2026-11-02T00:00:00.000Z', value: 7 },
    { at: '2026-11-03T00:00:00.000Z', value: 0 },
  ]);
});

test('users of a day are never less than none: one who is identified later leaves the anonymous', () => {
  const day = (trackedUsers: string) => ({ timestamp: '2026-11-01T00:00:00.000Z', apiCalls: '0', trackedUsers });
  expect(byDay([day('4'), day('3')], 'trackedUsers').map(({ value }) => value)).toEqual([4, 0]);
});
