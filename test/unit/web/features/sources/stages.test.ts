import { changeText, type Delivery, stagesOf } from '../../../../../web/src/features/sources/overview/stages.ts';

const step = (step: string, count: number, series: number[], change: number | null) => ({
  step,
  unit: 'EVENTS',
  count,
  share: null,
  change,
  series,
  breakdown: [],
  breakdownLeftOut: 0,
  discards: [],
  discardsLeftOut: 0,
});
const delivery = (change: number | null = null): Delivery =>
  ({
    starts: ['2026-11-27T05:00:00.000Z', '2026-11-27T05:01:00.000Z'],
    received: 100,
    steps: [
      step('SUCCESSFULLY_RECEIVED', 90, [40, 50], change),
      step('FAILED_ON_INGEST', 10, [10, 0], change === null ? null : 4),
      step('FILTERED_AT_SOURCE', 30, [0, 30], change === null ? null : 3),
    ],
  }) as unknown as Delivery;

test('stages add up: what came less what failed and what was kept back is eligible, over time as well', () => {
  const stages = stagesOf(delivery(), undefined);
  expect(stages.map(({ id, count, share, series }) => ({ id, count, share, series }))).toEqual([
    { id: 'received', count: 100, share: undefined, series: [50, 50] },
    { id: 'failed', count: 10, share: 0.1, series: [10, 0] },
    { id: 'filtered', count: 30, share: 0.3, series: [0, 30] },
    { id: 'eligible', count: 60, share: 0.6, series: [40, 20] },
  ]);
});

test('the change of what came is of its number, of the others of their share', () => {
  expect(stagesOf(delivery(1), 80).map(({ change }) => changeText(change))).toEqual([
    '+25%',
    '+4 points',
    '+3 points',
    '−7 points',
  ]);
});

test('where there is nothing to compare with, nothing is said', () => {
  expect(stagesOf(delivery(), 0).map(({ change }) => changeText(change))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('where nothing came there are no shares', () => {
  const none = { ...delivery(), received: 0, steps: [] } as Delivery;
  for (const { count, share } of stagesOf(none, undefined)) expect([count, share]).toEqual([0, undefined]);
});

test.each([
  [{ value: 0.0001, unit: 'share' as const }, 'no change'],
  [{ value: -0.5, unit: 'share' as const }, '−50%'],
  [{ value: 1, unit: 'points' as const }, '+1 point'],
])('%p is %p', (change, text) => {
  expect(changeText(change)).toBe(text);
});
