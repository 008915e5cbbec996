import {
  aggregateUsage,
  HOURS_BEHIND_MAX,
  HOURS_REOPENED,
  hoursToDo,
  MARK_REST_MS,
} from '../../../../functions/aggregate-usage/aggregate-usage.ts';
import { sumPlans } from '../../../../shared/domain/books.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import type { LateHour } from '../../../../shared/ports/rollup-store.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T10:30:00.000Z');
const createdAt = '2026-11-20T00:00:00.000Z';
const workspace = aWorkspace({ createdAt });
const source = aSource({ createdAt });
const destination = aDestination({ createdAt });
const config: WorkspaceConfig = {
  workspaceId: workspace.id,
  configVersion: 1,
  sources: [source],
  destinations: [{ destination, mappings: [] }],
};

const setUp = (plans: PlanRow[], dones: DoneRow[] = []) => {
  const rollups = fakeRollupStore();
  const deps = {
    control: { listWorkspaces: async () => [workspace], readConfig: async () => config },
    ledger: {
      plansOfHour: async (_: string, hour: string) => plans.filter((row) => row.receivedAt.startsWith(hour)),
      donesOfHour: async (_: string, hour: string) => dones.filter((row) => row.dueAt.startsWith(hour)),
    },
    rollups,
    now: () => NOW,
  };
  return { deps, rollups };
};

test('API calls of a day are the routed events of its hours (I01)', async () => {
  const { deps, rollups } = setUp([
    aPlanRow({ receivedAt: '2026-11-24T08:10:00.000Z' }),
    aPlanRow({
      intakeId: intakeIdOf(2),
      received: 4,
      invalid: { id_required: 1 },
      routed: 3,
      types: { track: 2, page: 1 },
    }),
  ]);
  await aggregateUsage(deps);
  await expect(rollups.usageDays(source.id, '2026-11-24', '2026-11-24')).resolves.toEqual([
    { sourceId: 'src_1', day: '2026-11-24', calls: 4, types: { track: 3, page: 1 } },
  ]);
});

test('run twice, it leaves the same totals', async () => {
  const { deps, rollups } = setUp([aPlanRow()], [aDoneRow()]);
  await aggregateUsage(deps);
  const once = rollups.dump();
  await aggregateUsage(deps);
  await Promise.all([aggregateUsage(deps), aggregateUsage(deps)]);
  expect(rollups.dump()).toEqual(once);
});

test('a late row reopens its hour', async () => {
  const plans = [aPlanRow({ receivedAt: '2026-11-24T08:10:00.000Z' })];
  const { deps, rollups } = setUp(plans);
  await aggregateUsage(deps);
  plans.push(aPlanRow({ intakeId: intakeIdOf(2), receivedAt: '2026-11-24T08:59:59.999Z' }));
  await aggregateUsage(deps);
  const [day] = await rollups.usageDays(source.id, '2026-11-24', '2026-11-24');
  expect(day?.calls).toBe(2);
});

test('missed runs are caught up from the watermark', async () => {
  const { deps, rollups } = setUp([aPlanRow({ receivedAt: '2026-11-22T05:00:00.000Z' })]);
  await rollups.advanceWatermark('2026-11-22T04');
  await aggregateUsage(deps);
  const [day] = await rollups.usageDays(source.id, '2026-11-22', '2026-11-22');
  expect(day).toEqual({ sourceId: 'src_1', day: '2026-11-22', calls: 1, types: { track: 1 } });
  await expect(rollups.getWatermark()).resolves.toBe('2026-11-24T10');
});

test.each([
  ['no watermark: the reopened hours and the present one', undefined, HOURS_REOPENED + 1],
  ['a watermark of this hour', '2026-11-24T10', HOURS_REOPENED + 1],
  ['the watermark of the run before', '2026-11-24T09', HOURS_REOPENED + 2],
  [
    'a watermark a day ago: that run may have been before late rows of the hours before it',
    '2026-11-23T10',
    24 + HOURS_REOPENED + 1,
  ],
  ['a watermark older than any row', '2020-01-01T00', HOURS_BEHIND_MAX + 1],
])('%s', (_case, watermark, count) => {
  const hours = hoursToDo(watermark, '2026-11-24T10');
  expect(hours).toHaveLength(count);
  expect(hours.at(-1)).toBe('2026-11-24T10');
  expect(hours).toEqual(hours.toSorted());
});

describe('an hour that got a row long after it was rolled up', () => {
  const late = (subject: LateHour['subject'], markedAtMs: number): LateHour => ({
    subject,
    hour: '2026-11-22T05',
    nonce: 'n1',
    markedAt: new Date(markedAtMs).toISOString(),
  });
  const RESTED_MS = NOW.getTime() - MARK_REST_MS;

  test('is recomputed with its day, and its mark goes', async () => {
    const { deps, rollups } = setUp(
      [aPlanRow({ receivedAt: '2026-11-22T05:00:00.000Z' })],
      [aDoneRow({ dueAt: '2026-11-22T05:00:00.000Z' })],
    );
    rollups.late.push(late({ sourceId: source.id }, RESTED_MS), late({ destinationId: destination.id }, RESTED_MS));
    await aggregateUsage(deps);
    const hour = '2026-11-22T05';
    expect((await rollups.sourceHours(source.id, hour, hour)).get(hour)).toMatchObject({ received: 1 });
    expect((await rollups.destinationHours(destination.id, hour, hour)).get(hour)).toMatchObject({ delivered: 1 });
    await expect(rollups.usageDays(source.id, '2026-11-22', '2026-11-22')).resolves.toMatchObject([{ calls: 1 }]);
    expect(rollups.late).toEqual([]);
  });

  test('that is so old that rows of it have expired stays as it was rolled up', async () => {
    const { deps, rollups } = setUp([]);
    const hour = '2026-11-10T09';
    await rollups.putSourceHour(source.id, hour, sumPlans([aPlanRow()]));
    rollups.late.push({ ...late({ sourceId: source.id }, RESTED_MS), hour });
    await rollups.advanceWatermark(hour);
    await aggregateUsage(deps);
    expect((await rollups.sourceHours(source.id, hour, hour)).get(hour)).toMatchObject({ received: 1 });
    expect(rollups.late).toEqual([]);
  });

  test('waits while its mark is young: the row may not be there yet', async () => {
    const { deps, rollups } = setUp([]);
    rollups.late.push(late({ sourceId: source.id }, RESTED_MS + 1));
    await aggregateUsage(deps);
    expect(rollups.late).toHaveLength(1);
    expect((await rollups.sourceHours(source.id, '2026-11-22T05', '2026-11-22T05')).size).toBe(0);
  });

  test('stays marked when another row marks it while it is recomputed', async () => {
    const { deps, rollups } = setUp([]);
    rollups.late.push(late({ sourceId: source.id }, RESTED_MS));
    const { plansOfHour } = deps.ledger;
    deps.ledger.plansOfHour = async (id, hour) => {
      const [mark] = rollups.late;
      if (hour === '2026-11-22T05' && mark !== undefined) rollups.late[0] = { ...mark, nonce: 'n2' };
      return await plansOfHour(id, hour);
    };
    await aggregateUsage(deps);
    expect(rollups.late).toMatchObject([{ nonce: 'n2' }]);
  });
});
