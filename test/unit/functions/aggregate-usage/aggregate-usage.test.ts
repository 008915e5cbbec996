import { aggregateUsage, hoursToDo, MARK_REST_MS } from '../../../../functions/aggregate-usage/aggregate-usage.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import { HOURS_BEHIND_MAX, HOURS_REOPENED } from '../../../../shared/books/standing.ts';
import { sumPlans } from '../../../../shared/domain/books.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import type { LateHour } from '../../../../shared/ports/rollup-store.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeDetailStores } from '../../../builders/detail-stores.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T10:30:00.000Z');
const createdAt = '2026-11-20T00:00:00.000Z';
const source = aSource({ createdAt });
const destination = aDestination({ createdAt });
const config: WorkspaceConfig = {
  workspaceId: source.workspaceId,
  configVersion: 1,
  sources: [source],
  destinations: [{ destination, mappings: [] }],
};

const setUp = (plans: PlanRow[], dones: DoneRow[] = []) => {
  const rollups = fakeRollupStore();
  const ledger = {
    plansOfHour: async (_: string, hour: string) => plans.filter((row) => row.receivedAt.startsWith(hour)),
    donesOfHour: async (_: string, hour: string) => dones.filter((row) => row.dueAt.startsWith(hour)),
    unreadableOfHour: async () => [],
  };
  const details = fakeDetailStores();
  const deps = { shelf: bookShelf({ ledger, rollups, details }), rollups, now: () => NOW, newWriteId: () => 'w' };
  const sourceRollups = rollups.source(source.id);
  const destinationRollups = rollups.destination(destination.id);
  return {
    ledger,
    rollups,
    details,
    deps,
    sourceRollups,
    destinationRollups,
    run: () => aggregateUsage(deps, [config]),
  };
};

test('API calls of a day are the routed events of its hours (I01)', async () => {
  const { run, rollups } = setUp([
    aPlanRow({ receivedAt: '2026-11-24T08:10:00.000Z' }),
    aPlanRow({
      intakeId: intakeIdOf(2),
      received: 4,
      invalid: { id_required: 1 },
      routed: 3,
      types: { track: 2, page: 1 },
    }),
  ]);
  await run();
  await expect(rollups.usageDays(source.id, '2026-11-24', '2026-11-24')).resolves.toEqual([
    { sourceId: 'src_1', day: '2026-11-24', calls: 4, types: { track: 3, page: 1 } },
  ]);
});

test('run twice, it leaves the same totals', async () => {
  const { run, rollups } = setUp([aPlanRow()], [aDoneRow()]);
  await run();
  const once = rollups.dump();
  await run();
  await Promise.all([run(), run()]);
  expect(rollups.dump()).toEqual(once);
});

describe('details by kind of event', () => {
  const kinds = [['track', 'A', '']];
  const linesOf = (details: ReturnType<typeof fakeDetailStores>) => details.dump()['src_1']?.['2026-11-24T10'];

  test('are put from the rows that the totals are of, read once, and not again while they are the same', async () => {
    const { run, ledger, details, deps } = setUp([aPlanRow({ kinds })], [aDoneRow({ kinds, mappings: ['map_1'] })]);
    const read: string[] = [];
    const counted: typeof ledger = {
      ...ledger,
      plansOfHour: async (id, hour) => {
        read.push(hour);
        return await ledger.plansOfHour(id, hour);
      },
    };
    await run();
    // Hours without rows have none.
    expect(details.dump()).toMatchObject({
      src_1: { '2026-11-24T10': { requests: 1, lines: [{ kind: kinds[0], received: 1, routed: 1 }] } },
      dst_1: { '2026-11-24T10': { parts: 1, lines: [{ mappingId: 'map_1', kind: kinds[0], firstTry: 1 }] } },
    });
    expect(details.puts()).toBe(2);
    await aggregateUsage({ ...deps, shelf: bookShelf({ ledger: counted, rollups: deps.rollups, details }) }, [config]);
    expect(details.puts()).toBe(2);
    expect(read).toHaveLength(new Set(read).size);
  });

  test("of a run that read fewer rows than another, and dies, are not put over the other one's (R13)", async () => {
    const plans = [aPlanRow({ kinds })];
    const { run, rollups, ledger, details, deps } = setUp(plans);
    let isFirst = true;
    const slow: typeof details = {
      ...details,
      source: (id) => {
        const store = details.source(id);
        return {
          ...store,
          put: async (...args) => {
            if (!isFirst) return await store.put(...args);
            // Between its read and its put a row comes, and another run is through.
            isFirst = false;
            plans.push(aPlanRow({ intakeId: intakeIdOf(2), kinds }));
            await run();
            await store.put(...args);
            throw new Error('killed');
          },
        };
      },
    };
    const killed = aggregateUsage({ ...deps, shelf: bookShelf({ ledger, rollups, details: slow }) }, [config]);
    await expect(killed).rejects.toThrow('Not rolled up');
    expect(linesOf(details)).toMatchObject({ requests: 2, lines: [{ received: 2 }] });
  });
});

test('a late row reopens its hour', async () => {
  const plans = [aPlanRow({ receivedAt: '2026-11-24T08:10:00.000Z' })];
  const { run, rollups } = setUp(plans);
  await run();
  plans.push(aPlanRow({ intakeId: intakeIdOf(2), receivedAt: '2026-11-24T08:59:59.999Z' }));
  await run();
  const [day] = await rollups.usageDays(source.id, '2026-11-24', '2026-11-24');
  expect(day?.calls).toBe(2);
});

test('before the first run there is no watermark: all hours since the first source was made are rolled up', async () => {
  const { run, destinationRollups } = setUp([], [aDoneRow({ dueAt: '2026-11-20T00:10:00.000Z' })]);
  await run();
  const hours = await destinationRollups.hours('2026-11-19T00', '2026-11-24T23');
  expect(hours.get('2026-11-20T00')).toMatchObject({ totals: { delivered: 1 } });
  expect(hours.size).toBe(4 * 24 + 10 + 1 + HOURS_REOPENED);
});

test('missed runs are caught up from the watermark', async () => {
  const { run, rollups } = setUp([aPlanRow({ receivedAt: '2026-11-22T05:00:00.000Z' })]);
  await rollups.advanceWatermark('2026-11-22T04');
  await run();
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
    const { run, rollups, sourceRollups, destinationRollups } = setUp(
      [aPlanRow({ receivedAt: '2026-11-22T05:00:00.000Z' })],
      [aDoneRow({ dueAt: '2026-11-22T05:00:00.000Z' })],
    );
    rollups.late.push(late({ sourceId: source.id }, RESTED_MS), late({ destinationId: destination.id }, RESTED_MS));
    await run();
    const hour = '2026-11-22T05';
    expect((await sourceRollups.hours(hour, hour)).get(hour)).toMatchObject({ totals: { received: 1 } });
    expect((await destinationRollups.hours(hour, hour)).get(hour)).toMatchObject({ totals: { delivered: 1 } });
    await expect(rollups.usageDays(source.id, '2026-11-22', '2026-11-22')).resolves.toMatchObject([{ calls: 1 }]);
    expect(rollups.late).toEqual([]);
  });

  test('that is so old that rows of it have expired stays as it was rolled up', async () => {
    const { run, rollups, sourceRollups } = setUp([]);
    const hour = '2026-11-10T03';
    await sourceRollups.putHour(hour, sumPlans([aPlanRow()]), { version: 0, writeId: 'w' });
    rollups.late.push({ ...late({ sourceId: source.id }, RESTED_MS), hour });
    await rollups.advanceWatermark(hour);
    await run();
    expect((await sourceRollups.hours(hour, hour)).get(hour)).toMatchObject({ totals: { received: 1 } });
    expect(rollups.late).toEqual([]);
  });

  test('waits while its mark is young: the row may not be there yet', async () => {
    const { run, rollups, sourceRollups } = setUp([]);
    rollups.late.push(late({ sourceId: source.id }, RESTED_MS + 1));
    await rollups.advanceWatermark('2026-11-24T09');
    await run();
    expect(rollups.late).toHaveLength(1);
    expect((await sourceRollups.hours('2026-11-22T05', '2026-11-22T05')).size).toBe(0);
  });

  test('stays marked when another row marks it while it is recomputed', async () => {
    const { run, rollups, ledger } = setUp([]);
    rollups.late.push(late({ sourceId: source.id }, RESTED_MS));
    await rollups.advanceWatermark('2026-11-24T09');
    const { plansOfHour } = ledger;
    ledger.plansOfHour = async (id, hour) => {
      const [mark] = rollups.late;
      if (hour === '2026-11-22T05' && mark !== undefined) rollups.late[0] = { ...mark, nonce: 'n2' };
      return await plansOfHour(id, hour);
    };
    await run();
    expect(rollups.late).toMatchObject([{ nonce: 'n2' }]);
  });

  test('is not put back by a run that read its rows before, and was slower (R13)', async () => {
    const dueAt = '2026-11-22T05:00:00.000Z';
    const dones = [aDoneRow({ dueAt })];
    const { run, rollups, destinationRollups, ledger } = setUp([], dones);
    await rollups.advanceWatermark('2026-11-24T09');
    rollups.late.push(late({ destinationId: destination.id }, RESTED_MS));
    const { donesOfHour } = ledger;
    const slow = Promise.withResolvers<void>();
    const hasRead = Promise.withResolvers<void>();
    ledger.donesOfHour = async (id, hour) => {
      const rows = await donesOfHour(id, hour);
      if (hour !== '2026-11-22T05') return rows;
      ledger.donesOfHour = donesOfHour;
      hasRead.resolve();
      await slow.promise;
      return rows;
    };
    const slower = run();
    await hasRead.promise;
    dones.push(aDoneRow({ dueAt, slice: 1 }));
    rollups.late[0] = { ...late({ destinationId: destination.id }, RESTED_MS), nonce: 'n2' };
    await run();
    expect(rollups.late).toEqual([]);
    slow.resolve();
    await slower;
    expect((await destinationRollups.hours('2026-11-22T05', '2026-11-22T05')).values().next().value).toMatchObject({
      totals: { delivered: 2 },
    });
    expect((await destinationRollups.days('2026-11-24', '2026-11-24')).values().next().value).toMatchObject({
      sofar: { delivered: 2 },
    });
  });
});
