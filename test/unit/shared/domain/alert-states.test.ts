import fc from 'fast-check';
import type { Reading } from '../../../../shared/domain/alert-readings.ts';
import {
  type AlertStates,
  ALERT_STATES_MAX,
  CLEAR_MS,
  judgeStates,
  QUIET_MS,
  REMIND_MS,
} from '../../../../shared/domain/alert-states.ts';
import { anAlert } from '../../../builders/an-alert.ts';

const START = Date.parse('2026-11-27T10:00:00.000Z');
const MINUTE = 60_000;
const alert = anAlert();
const reading = (is: Reading['is'], object = 'dst_1'): Reading => ({ object, is, said: `${object} is ${is}` });

/** What is told, minute by minute, of readings that come one a minute. */
function told(readings: readonly Reading['is'][], everyMs = MINUTE): [number, string][] {
  let states: AlertStates = {};
  return readings.flatMap((is, index): [number, string][] => {
    const now = new Date(START + index * everyMs).toISOString();
    const judged = judgeStates(states, [{ alert, readings: [reading(is)], unmentioned: 'gone' }], now);
    states = judged.states;
    return judged.changes.map(({ transition }) => [index, transition]);
  });
}
const times = (is: Reading['is'], count: number): Reading['is'][] => Array.from({ length: count }, () => is);

test('an alert begins at the first sight, and is over when all was well for ten minutes without a break', () => {
  expect(told(['good', 'bad', 'bad', ...times('good', 10)])).toEqual([[1, 'fired']]);
  expect(told(['good', 'bad', 'bad', ...times('good', 11)])).toEqual([
    [1, 'fired'],
    [13, 'resolved'],
  ]);
});

test('what flaps from minute to minute is one message, for as long as it flaps', () => {
  const flapping = Array.from({ length: 300 }, (_, index): Reading['is'] => (index % 2 === 0 ? 'bad' : 'good'));
  expect(told(flapping)).toEqual([[0, 'fired']]);
});

test('what begins again within an hour of having been told is not told before the hour is over, and then only if it stands', () => {
  const again = [...times('bad', 1), ...times('good', 12), ...times('bad', 60)];
  expect(told(again)).toEqual([
    [0, 'fired'],
    [11, 'resolved'],
    [QUIET_MS / MINUTE, 'fired'],
  ]);
  // A second episode that is over before the hour is, is not told at all.
  expect(told(['bad', ...times('good', 12), 'bad', ...times('good', 80)])).toEqual([
    [0, 'fired'],
    [11, 'resolved'],
  ]);
});

test('what stands is told again once a day', () => {
  expect(told(times('bad', 50), 60 * MINUTE)).toEqual([
    [0, 'fired'],
    [24, 'still'],
    [48, 'still'],
  ]);
});

test('what is not known neither begins nor ends an alert', () => {
  expect(told([...times('unknown', 30)])).toEqual([]);
  expect(told(['bad', ...times('unknown', 30)])).toEqual([[0, 'fired']]);
});

test('a run that is repeated tells nothing twice and changes nothing', () => {
  const now = new Date(START).toISOString();
  const seen = [{ alert, readings: [reading('bad'), reading('bad', 'dst_2')], unmentioned: 'gone' as const }];
  const first = judgeStates({}, seen, now);
  expect(first.changes.map(({ key, transition }) => [key, transition])).toEqual([
    ['alr_1#dst_1', 'fired'],
    ['alr_1#dst_2', 'fired'],
  ]);
  expect(judgeStates(first.states, seen, now)).toEqual({ states: first.states, changes: [], leftOut: 0 });
});

test('an alert that was changed, switched off or deleted, and a thing that is gone, are forgotten without a word', () => {
  const now = new Date(START).toISOString();
  const { states } = judgeStates({}, [{ alert, readings: [reading('bad')], unmentioned: 'gone' }], now);
  const later = new Date(START + CLEAR_MS * 2).toISOString();
  expect(judgeStates(states, [], later)).toEqual({ states: {}, changes: [], leftOut: 0 });
  expect(judgeStates(states, [{ alert, readings: [], unmentioned: 'gone' }], later)).toEqual({
    states: {},
    changes: [],
    leftOut: 0,
  });
  const changed = { ...alert, version: 2 };
  const judged = judgeStates(states, [{ alert: changed, readings: [reading('bad')], unmentioned: 'gone' }], later);
  expect(judged.changes.map(({ transition }) => transition)).toEqual(['fired']);
});

test('what an alert does not mention any more is well after ten minutes, where not mentioning means that', () => {
  const at = (ms: number) => new Date(START + ms).toISOString();
  const { states } = judgeStates({}, [{ alert, readings: [reading('bad')], unmentioned: 'good' }], at(0));
  const nothing = [{ alert, readings: [], unmentioned: 'good' as const }];
  const clear = judgeStates(states, nothing, at(MINUTE));
  expect(clear.changes).toEqual([]);
  expect(judgeStates(clear.states, nothing, at(MINUTE + CLEAR_MS)).changes).toMatchObject([{ transition: 'resolved' }]);
  const unknown = judgeStates(states, [{ alert, readings: [], unmentioned: 'unknown' }], at(CLEAR_MS * 3));
  expect(unknown).toEqual({ states, changes: [], leftOut: 0 });
});

test('beyond the bound nothing is told that is not remembered', () => {
  const many = Array.from({ length: ALERT_STATES_MAX + 50 }, (_, index) => reading('bad', `dst_${index}`));
  const seen = [{ alert, readings: many, unmentioned: 'gone' as const }];
  let states: AlertStates = {};
  let count = 0;
  for (let minute = 0; minute < 5; minute += 1) {
    const judged = judgeStates(states, seen, new Date(START + minute * MINUTE).toISOString());
    states = judged.states;
    count += judged.changes.length;
  }
  expect(count).toBe(ALERT_STATES_MAX);
});

test('whatever comes, a thing is told of at most once an hour, begun and over in turns', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Reading['is']>('bad', 'good', 'unknown'), { maxLength: 400 }), (readings) => {
      const all = told(readings);
      const fired = all.filter(([, transition]) => transition === 'fired').map(([minute]) => minute);
      for (const [index, minute] of fired.slice(1).entries()) {
        expect(minute - (fired[index] ?? 0)).toBeGreaterThanOrEqual(QUIET_MS / MINUTE);
      }
      const turns = all.map(([, transition]) => transition).filter((transition) => transition !== 'still');
      turns.forEach((transition, index) => expect(transition).toBe(index % 2 === 0 ? 'fired' : 'resolved'));
      expect(REMIND_MS).toBeGreaterThan(QUIET_MS);
    }),
    { numRuns: 300 },
  );
});
