import { clockTime, exactNumber, shortNumber, timeFormat } from '../../../../../web/src/ui/charts/format.ts';

const AT = Date.parse('2026-11-26T23:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

test.each([
  [0, '0'],
  [0.025, '0.025'],
  [9_999, '9,999'],
  [12_000, '12K'],
  [1_234_567, '1.2M'],
])('%p is short %p', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

test('exact numbers have all their digits', () => {
  expect(exactNumber(1_234_567)).toBe('1,234,567');
});

test.each([
  ['an hour by minutes', 60 * MINUTE_MS, MINUTE_MS, '00:00', 'Fri 27 Nov, 00:00'],
  ['two minutes by seconds', 2 * MINUTE_MS, 1_000, '00:00:00', 'Fri 27 Nov, 00:00:00'],
  ['two weeks by days', 14 * DAY_MS, DAY_MS, '00:00', 'Fri 27 Nov'],
  ['two years by days', 800 * DAY_MS, DAY_MS, '00:00', 'Fri 27 Nov 2026'],
])('%s: times of the viewer, no finer than the buckets', (_case, span, step, axis, full) => {
  const format = timeFormat(span, step, 'Europe/Berlin');
  expect(format.axis(AT, false)).toBe(axis);
  expect(format.full(AT).replace('Fri,', 'Fri')).toBe(full);
});

test('a day is named where it begins', () => {
  expect(timeFormat(DAY_MS, 60 * MINUTE_MS, 'Europe/Berlin').axis(AT, true)).toBe('27 Nov');
  expect(clockTime(AT, 'Europe/Berlin')).toBe('00:00:00');
});
