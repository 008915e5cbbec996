import {
  aggregateUsage,
  HOURS_BEHIND_MAX,
  HOURS_REOPENED,
  hoursToDo,
} from '../../../../functions/aggregate-usage/aggregate-usage.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { Destination, Source, Workspace } from '../../../../shared/domain/workspace.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';

const NOW = new Date('2026-11-24T10:30:00.000Z');
const stored = { version: 1, createdAt: '2026-11-20T00:00:00.000Z', updatedAt: '2026-11-20T00:00:00.000Z' };
const workspace = Workspace.parse({ id: 'ws_1', slug: 'shop', name: 'Shop', ...stored });
const source = Source.parse({
  id: 'src_1',
  workspaceId: 'ws_1',
  slug: 'web',
  name: 'Web',
  kind: 'website',
  enabled: true,
  ...stored,
});
const destination = Destination.parse({
  id: 'dst_1',
  workspaceId: 'ws_1',
  sourceId: 'src_1',
  name: 'Inbox',
  type: 'inbox',
  enabled: true,
  settings: {},
  secrets: {},
  ...stored,
});
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
  ['a watermark in the reopened hours', '2026-11-24T10', HOURS_REOPENED + 1],
  ['a watermark a day ago', '2026-11-23T10', 25],
  ['a watermark older than any row', '2020-01-01T00', HOURS_BEHIND_MAX + 1],
])('%s', (_case, watermark, count) => {
  const hours = hoursToDo(watermark, '2026-11-24T10');
  expect(hours).toHaveLength(count);
  expect(hours.at(-1)).toBe('2026-11-24T10');
  expect(hours).toEqual(hours.toSorted());
});
