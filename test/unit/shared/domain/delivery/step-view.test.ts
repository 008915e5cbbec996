import { bucketsOf } from '../../../../../shared/domain/delivery/buckets.ts';
import { stepView } from '../../../../../shared/domain/delivery/step-view.ts';
import type { Cell } from '../../../../../shared/domain/delivery/steps.ts';

const BUCKETS = {
  ...bucketsOf(Date.parse('2026-11-26T08:00:00.000Z'), Date.parse('2026-11-26T11:00:00.000Z'), 'hour'),
  unit: 'hour' as const,
};
const ASKED_AT = '2026-11-26T10:20:00.000Z';
const cell = (count: number, over: Partial<Cell> = {}): Cell => ({
  kind: ['track', 'A', ''],
  subscriptionId: '',
  reason: 'x',
  count,
  retries: 0,
  ...over,
});
const at = (bucket: number, ...cells: Cell[]) => ({ bucket, cells });
const NONE = { cells: [], received: 0 };

test('the change is that of shares between periods of one length: 15 % -> 22 % is 7 (G10)', () => {
  const view = stepView({
    now: { cells: [at(0, cell(22))], received: 100 },
    before: { cells: [at(0, cell(150))], received: 1_000 },
    buckets: BUCKETS,
    asOf: ASKED_AT,
  });
  expect([view.count, view.share, view.change]).toEqual([22, 22, 7]);
});

test('rows have shares of their step, and a change also where they are new; nothing is compared with a period without events', () => {
  const now = { cells: [at(0, cell(30), cell(10, { kind: ['page', 'B', '2'], reason: 'y' }))], received: 80 };
  const view = stepView({ now, before: { cells: [at(1, cell(50))], received: 50 }, buckets: BUCKETS, asOf: ASKED_AT });
  expect(view.breakdown).toEqual([
    { eventType: 'track', eventName: 'A', appVersion: '', count: 30, share: 75, change: -25 },
    { eventType: 'page', eventName: 'B', appVersion: '2', count: 10, share: 25, change: 25 },
  ]);
  const alone = stepView({ now, before: NONE, buckets: BUCKETS, asOf: ASKED_AT });
  expect([alone.share, alone.change, alone.breakdown[0]?.change]).toEqual([50, null, null]);
  const empty = stepView({ now: NONE, before: NONE, buckets: BUCKETS, asOf: ASKED_AT });
  expect(empty).toEqual({
    count: 0,
    share: null,
    change: null,
    series: [0, 0, 0],
    breakdown: [],
    breakdownLeftOut: 0,
    discards: [],
    discardsLeftOut: 0,
  });
});

test('reasons are seen first and last to the step of the series, to the moment where tools said so, and never later than now', () => {
  const cells = [at(0, cell(1)), at(1, cell(2)), at(2, cell(1, { reason: '500' }))];
  const errors = [
    {
      code: '500',
      message: 'a',
      count: 1,
      firstSeen: '2026-11-26T10:01:00.000Z',
      lastSeen: '2026-11-26T10:02:00.000Z',
    },
    {
      code: '500',
      message: 'b',
      count: 1,
      firstSeen: '2026-11-26T10:03:00.000Z',
      lastSeen: '2026-11-26T10:04:00.000Z',
    },
  ];
  const shown = { now: { cells, received: 4 }, before: NONE, buckets: BUCKETS, asOf: ASKED_AT };
  const seenIn = (view: ReturnType<typeof stepView>) =>
    view.discards.map(({ reason, firstSeenAt, lastSeenAt }) => [reason, firstSeenAt, lastSeenAt]);
  expect(seenIn(stepView({ ...shown, errors }))).toEqual([
    ['x', '2026-11-26T08:00:00.000Z', '2026-11-26T10:00:00.000Z'],
    ['500', '2026-11-26T10:01:00.000Z', '2026-11-26T10:04:00.000Z'],
  ]);
  expect(seenIn(stepView(shown))[1]).toEqual(['500', '2026-11-26T10:00:00.000Z', ASKED_AT]);
});

test('of more rows than an answer holds the rarest are left out, and how many is said', () => {
  const cells = Array.from({ length: 700 }, (_, n) =>
    cell(n + 1, { kind: ['track', `E${n}`, ''], reason: `r${n % 150}` }),
  );
  const view = stepView({
    now: { cells: [at(0, ...cells)], received: 1 },
    before: NONE,
    buckets: BUCKETS,
    asOf: ASKED_AT,
  });
  expect([view.breakdown.length, view.breakdownLeftOut, view.discards.length, view.discardsLeftOut]).toEqual([
    500, 200, 100, 50,
  ]);
  expect(view.breakdown[0]).toMatchObject({ eventName: 'E699', count: 700 });
});
