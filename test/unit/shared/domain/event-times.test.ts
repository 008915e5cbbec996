import fc from 'fast-check';
import { eventTimes, parseTime } from '../../../../shared/domain/event-times.ts';

const RECEIVED = '2026-11-24T10:15:00.000Z';

test.each([
  ['2026-11-24T10:15:00.123Z', '2026-11-24T10:15:00.123Z'],
  ['2026-11-24T10:15:00Z', '2026-11-24T10:15:00.000Z'],
  ['2026-11-24T12:15:00+02:00', '2026-11-24T10:15:00.000Z'],
  ['2026-11-24T05:45:00-0430', '2026-11-24T10:15:00.000Z'],
  ['2026-11-24T10:15:00.123456789', '2026-11-24T10:15:00.123Z'],
  ['2026-11-24 10:15', '2026-11-24T10:15:00.000Z'],
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('%s is read as %s, whatever the time zone of the machine', (text, expected) => {
  expect(new Date(parseTime(text) ?? Number.NaN).toISOString()).toBe(expected);
});

test.each([
  ['yesterday'],
  [''],
  ['2026-13-01T00:00:00Z'],
  ['2026-02-30T00:00:00Z'],
  ['2026-01-01T24:00:00Z'],
  ['2026-01-01T10:61:00Z'],
  ['+012026-01-01T00:00:00Z'],
  [1_790_000_000_000],
  [null],
  [{}],
])('%p is no time', (value) => {
  expect(parseTime(value)).toBeUndefined();
});

test.each([
  // [case, original, sentAt, timestamp]
  ['a right clock', '2026-11-24T10:14:00.000Z', '2026-11-24T10:15:00.000Z', '2026-11-24T10:14:00.000Z'],
  ['a clock an hour ahead (E15)', '2026-11-24T11:14:00.000Z', '2026-11-24T11:15:00.000Z', '2026-11-24T10:14:00.000Z'],
  ['a clock in 1999', '1999-01-01T00:00:00.000Z', '1999-01-01T00:00:30.000Z', '2026-11-24T10:14:30.000Z'],
  ['no sentAt: nothing to correct', '2020-01-01T00:00:00.000Z', undefined, '2020-01-01T00:00:00.000Z'],
  ['before the epoch: moved to it', '1816-01-01T00:00:00.000Z', undefined, '1970-01-01T00:00:00.000Z'],
])('%s', (_case, original, sentAt, timestamp) => {
  const times = eventTimes(RECEIVED, parseTime(original), parseTime(sentAt));
  expect(times.timestamp).toBe(timestamp);
});

test('an event without a time happened when it arrived, whatever sentAt says', () => {
  expect(eventTimes(RECEIVED, undefined, parseTime('2000-01-01T00:00:00Z'))).toEqual({
    timestamp: RECEIVED,
    originalTimestamp: RECEIVED,
  });
});

test('an error of the clock that is the same in both of its times leaves the timestamp as it was', () => {
  const ms = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2100, 0, 1) });
  fc.assert(
    fc.property(
      ms,
      fc.integer({ min: 0, max: 86_400_000 }),
      fc.integer({ min: -1e12, max: 1e12 }),
      (sent, ago, error) => {
        const received = new Date(sent).toISOString();
        const right = eventTimes(received, sent - ago, sent);
        const wrong = eventTimes(received, sent - ago + error, sent + error);
        expect(wrong.timestamp).toBe(right.timestamp);
      },
    ),
  );
});

test('whatever the numbers, both times are ISO 8601 with four digits for the year', () => {
  const any = fc.option(fc.integer({ min: -9e15, max: 9e15 }), { nil: undefined });
  fc.assert(
    fc.property(any, any, (original, sent) => {
      const { timestamp, originalTimestamp } = eventTimes(RECEIVED, original, sent);
      for (const time of [timestamp, originalTimestamp]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
    }),
  );
});
