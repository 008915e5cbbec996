import { spanFault } from '../../../../../web/src/features/delivery/span.ts';

const NOW = Date.parse('2026-11-27T10:00:00Z');
const DAY_MS = 86_400_000;
const span = (fromDays: number, toDays: number) => ({
  from: new Date(NOW - fromDays * DAY_MS).toISOString(),
  to: new Date(NOW - toDays * DAY_MS).toISOString(),
});

test.each([
  ['two weeks', span(14, 0)],
  ['a day of 50 days ago', span(50, 49)],
])('%s can be shown', (_what, given) => {
  expect(spanFault(given, NOW)).toBeUndefined();
});

test.each([
  ['nothing', { from: '', to: '' }, 'Say when'],
  ['an end before its beginning', span(1, 2), 'must end after'],
  ['15 days', span(15, 0), '14 days at most'],
  ['61 days ago', span(61, 60), '60 days'],
  ['what has not begun', span(-1, -2), 'not begun'],
])('%s is refused in words', (_what, given, words) => {
  expect(spanFault(given, NOW)).toContain(words);
});
