import { checkBooks } from '../../../../functions/aggregate-usage/check-books.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { hourOf } from '../../../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import type { LaneMetrics } from '../../../../shared/ports/metrics-reader.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T12:05:00.000Z');
const createdAt = '2026-11-20T08:00:00.000Z';
const EMPTY: LaneMetrics[] = [
  { name: 'intake', fullestIn30Minutes: 0 },
  { name: 'shared lane', fullestIn30Minutes: 0 },
  { name: 'lane 0', lane: 0, fullestIn30Minutes: 0 },
  { name: 'lane 1', lane: 1, fullestIn30Minutes: 7 },
];

function setUp(plans: PlanRow[], dones: DoneRow[], lanes: LaneMetrics[] = EMPTY, over: Record<string, unknown> = {}) {
  const destination = aDestination({ lane: 0, createdAt, updatedAt: createdAt, ...over });
  const config: WorkspaceConfig = {
    workspaceId: destination.workspaceId,
    configVersion: 1,
    sources: [aSource({ createdAt })],
    destinations: [{ destination, mappings: [] }],
  };
  const rollups = fakeRollupStore();
  const ledger = {
    plansOfHour: async (_: string, hour: string) => plans.filter(({ receivedAt }) => hourOf(receivedAt) === hour),
    donesOfHour: async (_: string, hour: string) => dones.filter(({ dueAt }) => hourOf(dueAt) === hour),
    unreadableOfHour: async () => [],
  };
  const now = () => NOW;
  const asked: string[] = [];
  const metrics = {
    read: async () => {
      asked.push('metrics');
      return { asOf: NOW.toISOString(), lanes, functions: [] };
    },
  };
  const deps = { books: { shelf: bookShelf({ ledger, rollups }), rollups, now }, ledger, metrics, now };
  return { check: () => checkBooks(deps, config), asked, ledger, deps };
}

const stuck = { workspaceId: 'ws_1', sourceId: 'src_1', destinationId: 'dst_1', kind: 'stuck', count: 1 };
/** Planned two minutes ago. */
const young = (number: number) =>
  aPlanRow({
    intakeId: intakeIdOf(number),
    receivedAt: '2026-11-24T12:03:00.000Z',
    plannedAt: '2026-11-24T12:03:00.100Z',
  });

test('sound books have no mismatch, and CloudWatch is not asked', async () => {
  const { check, asked } = setUp([aPlanRow()], [aDoneRow()]);
  await expect(check()).resolves.toEqual([]);
  expect(asked).toEqual([]);
});

test('a done row that was lost shows as a send in flight with all lanes empty (R19)', async () => {
  await expect(setUp([aPlanRow()], []).check()).resolves.toEqual([stuck]);
});

test('a part that was booked twice shows as more ends than sends (R19)', async () => {
  const { check } = setUp([aPlanRow()], [aDoneRow(), aDoneRow({ slice: 1 })]);
  await expect(check()).resolves.toEqual([{ ...stuck, kind: 'negative', count: -1 }]);
});

test('what was planned in the last half hour is on its way, whatever CloudWatch has not seen yet', async () => {
  await expect(setUp([young(1), young(2)], []).check()).resolves.toEqual([]);
});

test('an old loss is found below the traffic of now', async () => {
  const ended = aDoneRow({ intakeId: intakeIdOf(2), dueAt: '2026-11-24T12:03:00.000Z' });
  const { check } = setUp([aPlanRow(), young(2), young(3)], [ended]);
  await expect(check()).resolves.toEqual([stuck]);
});

test('what ends while the check reads is no mismatch', async () => {
  const plans = [young(1)];
  const dones: DoneRow[] = [];
  const { check, ledger } = setUp(plans, dones);
  const { plansOfHour } = ledger;
  ledger.plansOfHour = async (id, hour) => {
    const rows = await plansOfHour(id, hour);
    dones.splice(0, 1, aDoneRow({ dueAt: '2026-11-24T12:03:00.000Z' }));
    return rows;
  };
  await expect(check()).resolves.toEqual([]);
});

test('through an outage of four hours with retries waiting in a lane nothing is raised', async () => {
  const waiting = aDoneRow({
    delivered: 0,
    retry: 1,
    dueAt: '2026-11-24T08:15:00.000Z',
    nextDueAt: '2026-11-24T12:20:00.000Z',
  });
  const plan = aPlanRow({ receivedAt: '2026-11-24T08:15:00.000Z', plannedAt: '2026-11-24T08:15:00.000Z' });
  // One message, put off by 15 minutes, again and again: delayed ones count.
  const lanes = EMPTY.map((each) => (each.lane === 0 ? { ...each, fullestIn30Minutes: 1 } : each));
  await expect(setUp([plan], [waiting], lanes).check()).resolves.toEqual([]);
});

test.each<[string, LaneMetrics[], Record<string, unknown>]>([
  ['its own lane is not', EMPTY.map((each) => ({ ...each, fullestIn30Minutes: each.lane === 0 ? 2 : 0 })), {}],
  [
    'the shared lane is not',
    EMPTY.map((each) => ({ ...each, fullestIn30Minutes: each.name === 'shared lane' ? 2 : 0 })),
    {},
  ],
  [
    'the intake queue is not',
    EMPTY.map((each) => ({ ...each, fullestIn30Minutes: each.name === 'intake' ? 2 : 0 })),
    {},
  ],
  [
    'there is no data of its lane',
    EMPTY.map(({ fullestIn30Minutes: fullest, ...each }) =>
      each.lane === 0 ? each : { ...each, fullestIn30Minutes: fullest },
    ),
    {},
  ],
  ['its lane is not among them', EMPTY, { lane: 9 }],
  ['there is no data at all', [], {}],
  [
    'it was changed today, and another lane, which may have been its own, is not',
    EMPTY,
    { updatedAt: '2026-11-24T09:00:00.000Z' },
  ],
])('lanes are not empty where %s', async (_case, lanes, over) => {
  await expect(setUp([aPlanRow()], [], lanes, over).check()).resolves.toEqual([]);
});

test('a plan that does not account for all of its events is found, at both levels of the equation', async () => {
  const plan = aPlanRow({
    received: 5,
    routed: 3,
    destinations: [
      { destinationId: 'dst_1', filtered: {}, queued: 1, sends: 1, mappings: ['map_1'], bitmap: '', cuts: [1] },
    ],
  });
  await expect(setUp([plan], [aDoneRow()]).check()).resolves.toEqual([
    { workspaceId: 'ws_1', sourceId: 'src_1', kind: 'equation', count: 2 },
    { workspaceId: 'ws_1', sourceId: 'src_1', destinationId: 'dst_1', kind: 'equation', count: 2 },
  ]);
});
