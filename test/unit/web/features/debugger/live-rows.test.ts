import {
  type DebuggedEvent,
  NO_ROWS,
  released,
  ROWS_MAX,
  withNewer,
  withOlder,
} from '../../../../../web/src/features/debugger/live-rows.ts';

const event = (name: string, index = 0): DebuggedEvent => ({
  messageId: name,
  intakeId: `in_${name}`,
  index,
  type: 'track',
  name,
  receivedAt: '2026-11-27T10:00:00.000Z',
  userId: null,
  anonymousId: null,
  verdict: 'ALLOWED',
  reason: null,
  violations: [],
  payload: {},
  normalised: null,
  isShortened: false,
  isTest: false,
  isMasked: false,
  destinations: [],
});
const names = (rows: readonly { name: string | null }[]) => rows.map(({ name }) => name);

test('what comes stands on top', () => {
  const first = withNewer(NO_ROWS, [event('b'), event('a')], false);
  expect(names(withNewer(first, [event('d'), event('c')], false).shown)).toEqual(['d', 'c', 'b', 'a']);
});

test('while the list is held nothing moves: what comes waits, and is shown when it is let go', () => {
  const first = withNewer(NO_ROWS, [event('a')], false);
  const held = withNewer(withNewer(first, [event('b')], true), [event('c')], true);
  expect(held.shown).toBe(first.shown);
  expect(names(held.waiting)).toEqual(['c', 'b']);
  expect(names(released(held).shown)).toEqual(['c', 'b', 'a']);
  expect(released(held).waiting).toEqual([]);
});

test('an event is told once, but one id at two places of a request is two', () => {
  const first = withNewer(NO_ROWS, [event('a')], false);
  expect(withNewer(first, [event('a')], false).shown).toHaveLength(1);
  expect(withNewer(first, [event('a', 1)], false).shown).toHaveLength(2);
  const held = withNewer(first, [event('b')], true);
  expect(withNewer(held, [event('b')], true).waiting).toHaveLength(1);
});

test('older pages stand below', () => {
  const first = withNewer(NO_ROWS, [event('b')], false);
  expect(names(withOlder(first, [event('b'), event('a')]).shown)).toEqual(['b', 'a']);
});

test('a list holds so many events and no more, whether it is held or not: the oldest go', () => {
  const many = (from: number) => Array.from({ length: 600 }, (_, at) => event(`${from - at}`));
  let rows = withNewer(NO_ROWS, many(600), false);
  rows = withNewer(rows, many(1_200), false);
  expect(rows.shown).toHaveLength(ROWS_MAX);
  expect(rows.shown[0]?.name).toBe('1200');
  rows = withNewer(withNewer(rows, many(1_800), true), many(2_400), true);
  expect(rows.waiting).toHaveLength(ROWS_MAX);
  expect(released(rows).shown).toHaveLength(ROWS_MAX);
  expect(released(rows).shown[0]?.name).toBe('2400');
});
