import type { Digest } from '../../../../shared/domain/digest.ts';
import { sumOf, windowOf } from '../../../../shared/domain/digest-window.ts';
import { minutePlus } from '../../../../shared/domain/timestamp.ts';

const received = (count: number): Digest => ({
  sources: {
    src_1: {
      received: count,
      invalid: {},
      duplicate: 0,
      suppressed: 0,
      blocked: {},
      routed: count,
      lastAt: '2026-11-27T00:00:00.000Z',
      keys: {},
    },
  },
  destinations: {},
});
const NOW = '2026-11-27T10:30';
/** Minute n before now took n events; hours are sums of their minutes. */
function world(minutesKept: number) {
  const minutes = new Map<string, Digest>();
  const hours = new Map<string, Digest>();
  const hourSums = new Map<string, number>();
  for (let back = 0; back < 60 * 60; back += 1) {
    const minute = minutePlus(NOW, -back);
    if (back < minutesKept) minutes.set(minute, received(back + 1));
    hourSums.set(minute.slice(0, 13), (hourSums.get(minute.slice(0, 13)) ?? 0) + back + 1);
  }
  for (const [hour, sum] of hourSums) hours.set(hour, received(sum));
  return { minutes, hours };
}
const sumTo = (count: number) => (count * (count + 1)) / 2;
const of = (digest: ReturnType<typeof sumOf>) => digest.sources['src_1']?.received;

test('a day is exact to the minute, of whole hours and the minutes of the one that it cuts', () => {
  const kept = world(2 * 1_440 + 60);
  expect(of(windowOf(kept, { from: minutePlus(NOW, -1_439), to: NOW, now: NOW }))).toBe(sumTo(1_440));
  const before = windowOf(kept, { from: minutePlus(NOW, -2_879), to: minutePlus(NOW, -1_440), now: NOW });
  expect(of(before)).toBe(sumTo(2_880) - sumTo(1_440));
});

test('of a cut hour without minutes its share counts', () => {
  const kept = { minutes: new Map(), hours: new Map([['2026-11-26T10', received(600)]]) };
  expect(of(windowOf(kept, { from: '2026-11-26T10:45', to: '2026-11-26T11:30', now: NOW }))).toBe(150);
});

test('sums are of what is there', () => {
  expect(of(sumOf([received(1), received(2)]))).toBe(3);
  expect(sumOf([])).toEqual({ sources: {}, destinations: {} });
});
