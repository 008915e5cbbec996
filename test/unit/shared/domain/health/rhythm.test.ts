import { silenceOf } from '../../../../../shared/domain/health/rhythm.ts';
import { hourPlus } from '../../../../../shared/domain/timestamp.ts';

const NOW = '2026-11-26T14:20:00.000Z';
const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** Events of 8 days by hour; the last hours are silent. */
function hoursOf(rhythm: (hourOfDay: number, daysAgo: number) => number, silentHours: number): Map<string, number> {
  const received = new Map<string, number>();
  for (let back = 0; back < 8 * 24; back += 1) {
    const hour = hourPlus('2026-11-26T14', -back);
    const count = back <= silentHours ? 0 : rhythm(Number(hour.slice(11)), Math.floor(back / 24));
    if (count > 0) received.set(hour, count);
  }
  return received;
}
const found = (received: ReadonlyMap<string, number>, createdAt = LONG_AGO) =>
  silenceOf(received, { now: NOW, createdAt });

test('a source that sends all day and has sent nothing for whole hours is silent, and since when is told', () => {
  expect(found(hoursOf(() => 20, 3))).toEqual({ hours: 3, since: '2026-11-26T11:00:00.000Z', usual: 60 });
  expect(found(hoursOf(() => 20, 0))).toBeUndefined();
});

test('an event in the present hour ends it', () => {
  const received = hoursOf(() => 20, 3);
  received.set('2026-11-26T14', 1);
  expect(found(received)).toBeUndefined();
});

test('hours that are quiet on other days, too, are no silence', () => {
  // It sends from 18 to 23 h only.
  expect(found(hoursOf((hour) => (hour >= 18 ? 50 : 0), 14))).toBeUndefined();
  // Two events a day may be late.
  expect(found(hoursOf((hour) => (hour === 13 ? 2 : 0), 5))).toBeUndefined();
});

test('one day before may have been as silent; of two the rhythm is not sure', () => {
  const days = (silent: number[]) => hoursOf((_hour, ago) => (silent.includes(ago) ? 0 : 20), 3);
  expect(found(days([3]))).toMatchObject({ hours: 3 });
  expect(found(days([3, 4]))).toBeUndefined();
});

test('a source of two days has no rhythm yet', () => {
  expect(
    found(
      hoursOf((_hour, ago) => (ago < 2 ? 20 : 0), 3),
      '2026-11-24T13:00:00.000Z',
    ),
  ).toBeUndefined();
  expect(
    found(
      hoursOf((_hour, ago) => (ago < 4 ? 20 : 0), 3),
      '2026-11-23T10:00:00.000Z',
    ),
  ).toMatchObject({ hours: 3 });
});
