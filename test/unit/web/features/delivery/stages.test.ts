import { breakdownOf, changeWords, type Delivery, stagesOf } from '../../../../../web/src/features/delivery/stages.ts';

const ROW = { eventType: 'track', eventName: 'A', appVersion: '', count: 1, share: null, change: null };
const aStep = (step: Delivery['steps'][number]['step'], count: number): Delivery['steps'][number] => ({
  step,
  unit: step === 'SUCCESSFUL_DELIVERY' || step === 'FAILED_DELIVERY' ? 'SENDS' : 'EVENTS',
  count,
  share: 50,
  change: 7,
  series: [count],
  breakdown: [],
  breakdownLeftOut: 0,
  discards: [],
  discardsLeftOut: 0,
});
const AT = '2026-11-27T10:00:00.000Z';
const aPage = (more: Partial<Delivery> = {}): Delivery => ({
  asOf: AT,
  from: AT,
  to: AT,
  previous: { from: AT, to: AT },
  starts: [AT],
  received: 10,
  steps: [aStep('SUCCESSFULLY_RECEIVED', 10), aStep('FAILED_DELIVERY', 2), aStep('SUCCESSFUL_DELIVERY', 1_234)],
  delivery: {
    firstTry: 1_000,
    onRetry: 1_234,
    failed: 2,
    unsupported: 0,
    pendingRetries: 3,
    p95Ms: 400,
    p95Series: [400],
    firstTrySeries: [1],
    onRetrySeries: [1],
    retrySeries: [1],
  },
  ...more,
});

test('stages stand in the order of the way, with what waits at the end', () => {
  expect(stagesOf(aPage()).map(({ id, count, unit, note }) => [id, count, unit, note])).toEqual([
    ['received', 10, 'events', undefined],
    ['delivered', 1_234, 'sends', '1,234 on a retry'],
    ['failed', 2, 'sends', undefined],
    ['waiting', 3, 'sends', 'for a next try'],
  ]);
});

test('a source has no card of what waits', () => {
  const { delivery: _, ...page } = aPage();
  expect(stagesOf(page).map(({ id }) => id)).not.toContain('waiting');
});

test.each([
  [7, '+7 points'],
  [-1, '−1 point'],
  [0.04, undefined],
  [null, undefined],
])('a change of %p is told as %p', (change, words) => {
  expect(changeWords(change)).toBe(words);
});

test('rows are added up by event, call or app version, most first', () => {
  const rows = [
    { ...ROW, count: 1 },
    { ...ROW, appVersion: '2.0', count: 2 },
    { ...ROW, eventType: 'page', eventName: 'Home', count: 9 },
    { ...ROW, eventType: 'identify', eventName: '', count: 4 },
  ];
  const labels = (by: 'event' | 'type' | 'version') => breakdownOf(rows, by).map(({ label, value }) => [label, value]);
  expect(labels('event')).toEqual([
    ['page: Home', 9],
    ['identify', 4],
    ['A', 3],
  ]);
  expect(labels('type')).toEqual([
    ['page', 9],
    ['identify', 4],
    ['track', 3],
  ]);
  expect(labels('version')).toEqual([
    ['(no app version)', 14],
    ['2.0', 2],
  ]);
});
