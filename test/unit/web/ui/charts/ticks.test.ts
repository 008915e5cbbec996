import fc from 'fast-check';
import { inverseOf, linearScale, nearestIndex } from '../../../../../web/src/ui/charts/scale.ts';
import { niceStep, valueTicks } from '../../../../../web/src/ui/charts/ticks.ts';
import { timeTicks, zoneOffsetMs } from '../../../../../web/src/ui/charts/time-ticks.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('scales', () => {
  test('a scale goes to its place and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), (value) => {
        const there = linearScale([0, 1_000], [400, 20])(value);
        expect(inverseOf([0, 1_000], [400, 20])(there)).toBeCloseTo(value, 6);
      }),
    );
  });

  test('a domain without width is put in the middle', () => {
    expect(linearScale([5, 5], [0, 100])(5)).toBe(50);
  });

  test('the nearest of a rising list is as near as any other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.integer(), (numbers, wanted) => {
        const rising = numbers.toSorted((a, b) => a - b);
        const found = rising[nearestIndex(rising, wanted)] ?? Number.NaN;
        expect(Math.abs(found - wanted)).toBe(Math.min(...rising.map((one) => Math.abs(one - wanted))));
      }),
    );
    expect(nearestIndex([], 3)).toBe(-1);
  });
});

describe('ticks of values', () => {
  test.each([
    [10, [0, 2.5, 5, 7.5, 10], false],
    [10, [0, 3, 6, 9, 12], true],
    [3, [0, 1, 2, 3], true],
    [1, [0, 1], true],
    [0, [0, 1], true],
    [0.031, [0, 0.01, 0.02, 0.03, 0.04], false],
    [1_234_567, [0, 500_000, 1_000_000, 1_500_000], true],
  ])('up to %p they are %p', (max, ticks, whole) => {
    expect(valueTicks(max, 4, whole)).toEqual(ticks);
  });

  test('they are few, evenly spaced and reach over the greatest value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.integer({ min: 1, max: 12 }), (max, count) => {
        const ticks = valueTicks(max, count, false);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * (1 - 1e-6));
        const step = niceStep(max, count);
        for (const [at, tick] of ticks.entries()) expect(Math.abs(tick - at * step)).toBeLessThanOrEqual(step * 0.01);
      }),
    );
  });
});

describe('ticks of times', () => {
  test('a day in Berlin has ticks on whole local hours, and names the day at midnight', () => {
    const from = Date.parse('2026-11-26T05:20:00Z');
    const ticks = timeTicks(from, from + DAY_MS, 8, 'Europe/Berlin');
    expect(ticks.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '08:00',
      '11:00',
      '14:00',
      '17:00',
      '20:00',
      '23:00',
      '02:00',
      '05:00',
    ]);
    expect(ticks.filter(({ startsDay }) => startsDay).map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-11-26T23:00:00.000Z',
    ]);
  });

  test.each([
    ['the spring change', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00'],
    ['the autumn change', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00'],
  ])('over %s both midnights are ticks', (_change, midnight, next) => {
    const ticks = timeTicks(Date.parse(midnight), Date.parse(next), 9, 'Europe/Berlin');
    expect(ticks[0]).toEqual({ at: Date.parse(midnight), startsDay: true });
    expect(ticks.at(-1)).toEqual({ at: Date.parse(next), startsDay: true });
  });

  test('a zone off by a quarter of an hour has its own hours', () => {
    const from = Date.parse('2026-11-26T00:00:00Z');
    expect(zoneOffsetMs(from, 'Asia/Kathmandu')).toBe(5.75 * HOUR_MS);
    expect(new Date(timeTicks(from, from + 3 * HOUR_MS, 3, 'Asia/Kathmandu')[0]?.at ?? 0).toISOString()).toBe(
      '2026-11-26T00:15:00.000Z',
    );
  });

  test('years have ticks on the first of a month', () => {
    const ticks = timeTicks(Date.parse('2024-02-10T00:00:00Z'), Date.parse('2026-02-10T00:00:00Z'), 9, 'UTC');
    expect(ticks.map(({ at }) => new Date(at).toISOString().slice(0, 10))).toEqual([
      '2024-04-01',
      '2024-07-01',
      '2024-10-01',
      '2025-01-01',
      '2025-04-01',
      '2025-07-01',
      '2025-10-01',
      '2026-01-01',
    ]);
  });

  test('whatever the range, they rise, lie within it and are few', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        fc.integer({ min: 1, max: 5 * 366 * 24 * 60 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
        (from, minutes, zone) => {
          const to = from + minutes * 60_000;
          const times = timeTicks(from, to, 8, zone).map(({ at }) => at);
          expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
          expect(times.every((at) => at >= from && at <= to)).toBe(true);
          expect(times.length).toBeLessThanOrEqual(10);
        },
      ),
      { numRuns: 60 },
    );
  });
});
