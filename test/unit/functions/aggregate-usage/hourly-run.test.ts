import { type HourlyDeps, hourlyRun } from '../../../../functions/aggregate-usage/hourly-run.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import type { DoneRow } from '../../../../shared/domain/ledger-rows.ts';
import { ReplayRun } from '../../../../shared/domain/replay.ts';
import { hourOf } from '../../../../shared/domain/timestamp.ts';
import { aDoneRow, aPlanRow } from '../../../builders/ledger-rows.ts';
import { fakeSchemaShelf } from '../../../builders/schema-stores.ts';
import { fakeDigestShelf, fakeSeenUsers, fakeUsageMonths } from '../../../builders/usage-stores.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T12:05:00.000Z');
const createdAt = '2026-11-24T08:00:00.000Z';
const destination = aDestination({ createdAt, updatedAt: createdAt });
const RUN = ReplayRun.parse({
  v: 1,
  runId: 'rp_0123456789abcdefghijkl',
  number: 1,
  workspaceId: 'ws_1',
  destinationId: 'dst_1',
  startedAt: '2026-11-24T11:00:00.000Z',
  filter: 'all',
  planned: 1,
  position: 1,
  slices: 1,
  gone: 0,
  finishedAt: '2026-11-24T11:01:00.000Z',
  writeId: 'w',
});

function setUp(dones: DoneRow[], over: { isLedgerAway?: boolean; startedAt?: string } = {}) {
  const plans = [aPlanRow()];
  const rollups = fakeRollupStore();
  const counted: [string, number][] = [];
  const read: string[] = [];
  const ledger = {
    plansOfHour: async (_: string, hour: string) => plans.filter(({ receivedAt }) => hourOf(receivedAt) === hour),
    donesOfHour: async (_: string, hour: string) => {
      if (over.isLedgerAway === true) throw new Error('away');
      return dones.filter(({ dueAt }) => hourOf(dueAt) === hour);
    },
    unreadableOfHour: async () => [],
  };
  const shelf = bookShelf({ ledger, rollups });
  const now = () => NOW;
  const deps: HourlyDeps = {
    control: {
      listWorkspaces: async () => [aWorkspace()],
      readConfig: async () => ({
        workspaceId: destination.workspaceId,
        configVersion: 1,
        sources: [aSource({ createdAt })],
        destinations: [{ destination, mappings: [] }],
      }),
      saveDestination: async (value) => ({ outcome: 'saved', value }),
    },
    shelf,
    rollups,
    books: { shelf, rollups, now },
    ledger,
    digests: fakeDigestShelf().shelf,
    schemas: fakeSchemaShelf(),
    seen: fakeSeenUsers(),
    months: fakeUsageMonths(),
    replays: {
      listRuns: async () => [{ ...RUN, startedAt: over.startedAt ?? RUN.startedAt }],
      donesOfRun: async (id) => {
        read.push(id);
        return [aDoneRow()];
      },
    },
    metrics: { read: async () => ({ asOf: NOW.toISOString(), lanes: [], functions: [] }) },
    countMetric: (name, value) => counted.push([name, value]),
    now,
    newWriteId: () => 'w',
    purge: async () => undefined,
  };
  return { run: () => hourlyRun(deps), rollups, counted, read };
}

test('a run rolls up, counts what replays recovered, and notes that the books add up; no metric is counted', async () => {
  const { run, rollups, counted } = setUp([aDoneRow()]);
  await expect(run()).resolves.toMatchObject({ subjects: 2 });
  await expect(rollups.getWatermark()).resolves.toBe('2026-11-24T12');
  await expect(rollups.recoveries(destination.id)).resolves.toEqual(new Map([[1, { delivered: 1, isFinal: true }]]));
  await expect(rollups.getMismatches()).resolves.toEqual({ checkedAt: NOW.toISOString(), found: [] });
  expect(counted).toEqual([]);
});

test('a mismatch is kept, and counted for the alarm (R19)', async () => {
  const { run, rollups, counted } = setUp([aDoneRow(), aDoneRow({ slice: 1 })]);
  await run();
  expect((await rollups.getMismatches())?.found).toMatchObject([{ kind: 'negative', count: -1 }]);
  expect(counted).toEqual([['LedgerMismatch', 1]]);
});

test('what fails keeps nothing else from being done, and the run fails, so that it comes again', async () => {
  const { run, rollups } = setUp([], { isLedgerAway: true });
  await expect(run()).rejects.toThrow('Not rolled up: dst_1');
  await expect(rollups.getWatermark()).resolves.toBeUndefined();
  await expect(rollups.source(aSource().id).days('2026-11-24', '2026-11-24')).resolves.toMatchObject(
    new Map([['2026-11-24', { totals: { received: 1 } }]]),
  );
  await expect(rollups.recoveries(destination.id)).resolves.toEqual(new Map([[1, { delivered: 1, isFinal: true }]]));
});

test('a replay run that has ended, or whose rows may expire, is not counted again', async () => {
  const ended = setUp([aDoneRow()]);
  await ended.run();
  await ended.run();
  expect(ended.read).toHaveLength(1);
  const old = setUp([aDoneRow()], { startedAt: '2026-08-01T00:00:00.000Z' });
  await old.run();
  expect(old.read).toEqual([]);
});
