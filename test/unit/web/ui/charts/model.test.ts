import fc from 'fast-check';
import { chartLayout } from '../../../../../web/src/ui/charts/layout.ts';
import { bandsOf, chartModel, isWhole, topOf } from '../../../../../web/src/ui/charts/model.ts';
import { areaPath, barsPath, linePath, runsOf } from '../../../../../web/src/ui/charts/paths.ts';

const MINUTE_MS = 60_000;
/** What sums of fractions may be off by, in px. */
const ROUNDING_PX = 0.01;
const all = () => true;
const series = (id: string, values: Record<number, number>) => ({
  id,
  label: id,
  points: Object.entries(values).map(([minute, value]) => ({ at: Number(minute) * MINUTE_MS, value })),
});

describe('the model of a chart', () => {
  test('series are put on one row of times, with gaps where one has no value', () => {
    const model = chartModel([series('a', { 0: 1, 1: 2 }), series('b', { 1: 5, 3: 7 })]);
    expect(model.times).toEqual([0, MINUTE_MS, 3 * MINUTE_MS]);
    expect(model.stepMs).toBe(MINUTE_MS);
    expect(model.series.map(({ values }) => values)).toEqual([
      [1, 2, undefined],
      [undefined, 5, 7],
    ]);
  });

  test('ISO times and numbers are the same moments, and what is neither is left out', () => {
    const points = [
      { at: '1970-01-01T00:01:00Z', value: 3 },
      { at: 'never', value: 4 },
      { at: 0, value: Number.NaN },
      { at: 0, value: 1 },
    ];
    expect(chartModel([{ id: 'a', label: 'A', points }])).toMatchObject({
      times: [0, MINUTE_MS],
      series: [{ values: [1, 3] }],
    });
  });

  test.each([
    ['over before', 3 * MINUTE_MS, 3],
    ['within the last bucket', 2.5 * MINUTE_MS, 2],
    ['within an earlier one', 1.5 * MINUTE_MS, 1],
    ['not told', undefined, 3],
  ])('counted until a time that is %s, the right buckets are unfinished', (_case, asOf, from) => {
    expect(chartModel([series('a', { 0: 1, 1: 1, 2: 1 })], asOf).partialFrom).toBe(from);
  });

  test('bands on top of each other add up, and hidden ones leave no room', () => {
    const model = chartModel([series('a', { 0: 1, 1: 2 }), series('b', { 0: 10 }), series('c', { 0: 100, 1: 200 })]);
    expect(bandsOf(model, all, true).map(({ high }) => high)).toEqual([
      [1, 2],
      [11, 2],
      [111, 202],
    ]);
    expect(topOf(bandsOf(model, (id) => id !== 'c', true))).toBe(11);
    expect(bandsOf(model, all, false)[1]?.high).toEqual([10, undefined]);
  });

  test('an axis of shares is not one of whole numbers', () => {
    expect(isWhole(chartModel([series('a', { 0: 1, 1: 2 })]))).toBe(true);
    expect(isWhole(chartModel([series('a', { 0: 0.5 })]))).toBe(false);
  });
});

describe('what is drawn', () => {
  const y = (value: number) => 100 - value;

  test('a gap parts a line, and a point alone can be seen', () => {
    const band = { index: 0, low: [0, 0, 0, 0], high: [1, 2, undefined, 4] };
    expect(linePath(band, [0, 10, 20, 30], y)).toBe('M0,99L10,98M30,96h0.1');
    expect(areaPath(band, [0, 10, 20, 30], y)).toBe('M0,99L10,98L10,100L0,100ZM30,96L30,100Z');
    expect(runsOf(band.high, 1)).toEqual([
      { start: 1, end: 2 },
      { start: 3, end: 4 },
    ]);
  });

  test('bars without height are not drawn', () => {
    expect(barsPath({ index: 0, low: [0, 5, 0], high: [3, 5, undefined] }, [0, 10, 20], y, 8)).toBe('M0,100V97h8V100Z');
  });

  test('every mark lies within the plot, whatever the values and sizes', () => {
    const values = fc.dictionary(fc.integer({ min: 0, max: 400 }).map(String), fc.nat(), { minKeys: 1 });
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('area' as const, 'bars' as const, 'line' as const),
        fc.integer({ min: 200, max: 1_400 }),
        (rows, kind, width) => {
          const model = chartModel(rows.map((row, index) => series(String(index), row)));
          const stacked = kind !== 'line';
          const layout = chartLayout({
            model,
            shown: all,
            kind,
            stacked,
            width,
            height: 220,
            timeZone: 'UTC',
            format: String,
          });
          for (const x of layout.centres) {
            expect(x).toBeGreaterThanOrEqual(layout.left - ROUNDING_PX);
            expect(x).toBeLessThanOrEqual(layout.right + ROUNDING_PX);
          }
          expect(layout.y(topOf(layout.bands))).toBeGreaterThanOrEqual(layout.top - ROUNDING_PX);
        },
      ),
      { numRuns: 50 },
    );
  });
});
