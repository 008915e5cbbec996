import { aggregateUsage } from '../../../../functions/aggregate-usage/aggregate-usage.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import { detailReader } from '../../../../shared/books/detail-reader.ts';
import { MinuteCache } from '../../../../shared/books/minute-cache.ts';
import { HOURS_BEHIND_MAX } from '../../../../shared/books/standing.ts';
import { sumPlans } from '../../../../shared/domain/books.ts';
import type { DestinationDetail, SourceDetail } from '../../../../shared/domain/detail.ts';
import { NO_KIND } from '../../../../shared/domain/event-kind.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { hourOf, hourPlus } from '../../../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { DETAIL_LINES_MAX, DETAIL_ROWS_MAX, type DetailRange } from '../../../../shared/ports/detail-reader.ts';
import type { Minutes } from '../../../../shared/ports/ledger.ts';
import { fakeDetailStores } from '../../../builders/detail-stores.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const NOW = '2026-11-24T10:30:00.000Z';
const createdAt = '2026-11-20T08:00:00.000Z';
const source = aSource({ createdAt });
const destination = aDestination({ createdAt });
const config: WorkspaceConfig = {
  workspaceId: source.workspaceId,
  configVersion: 1,
  sources: [source],
  destinations: [{ destination, mappings: [] }],
};

function setUp(plans: PlanRow[], dones: DoneRow[] = []) {
  const clock = { at: NOW };
  const now = () => new Date(clock.at);
  const rollups = fakeRollupStore();
  const details = fakeDetailStores();
  const reads: string[] = [];
  const nameOf = (hour: string, minutes?: Minutes) => (minutes === undefined ? hour : `${minutes.from} ${minutes.to}`);
  const ledger = {
    plansOfHour: async (_: string, hour: string, minutes?: Minutes) => {
      reads.push(nameOf(hour, minutes));
      return plans.filter(({ receivedAt }) => hourOf(receivedAt) === hour);
    },
    donesOfHour: async (_: string, hour: string, minutes?: Minutes) => {
      reads.push(nameOf(hour, minutes));
      return dones.filter(({ dueAt }) => hourOf(dueAt) === hour);
    },
    unreadableOfHour: async () => [],
  };
  const kept = {
    sources: new MinuteCache<SourceDetail>(now),
    destinations: new MinuteCache<DestinationDetail>(now),
  };
  const deps = { ledger, rollups, details, now };
  const newWriteId = () => 'w';
  const read = async (range: DetailRange, reader = detailReader(deps)) => {
    reads.length = 0;
    const steps = await reader.source(source.id, range);
    return steps.flatMap(({ from, detail }) =>
      detail.lines.map(({ kind, received }) => `${from.slice(8, 16)} ${kind[1]} ${received}`),
    );
  };
  return {
    clock,
    rollups,
    details,
    reads,
    deps,
    read,
    readCached: (range: DetailRange) => read(range, detailReader({ ...deps, kept })),
    aggregate: (withDetails = true) =>
      aggregateUsage(
        { shelf: bookShelf({ ledger, rollups, ...(withDetails && { details }) }), rollups, now, newWriteId },
        [config],
      ),
  };
}

const aPlanAt = (number: number, receivedAt: string, name = 'A') =>
  aPlanRow({ intakeId: intakeIdOf(number), receivedAt, plannedAt: receivedAt, kinds: [['track', name, '']] });
const PLANS = [
  aPlanAt(1, '2026-11-22T09:16:59.999Z'),
  aPlanAt(2, '2026-11-22T09:17:00.000Z'),
  aPlanAt(3, '2026-11-22T23:59:59.999Z', 'B'),
  aPlanAt(4, '2026-11-23T00:00:00.000Z'),
  aPlanAt(5, '2026-11-24T10:29:59.000Z', 'B'),
  aPlanAt(6, '2026-11-24T10:30:30.000Z', 'C'),
];
const DAYS: DetailRange = { from: '2026-11-22T09:17:00.000Z', to: '2026-11-24T10:30:00.000Z', step: 'day' };

test.each(['before any run of the aggregator', 'after it', 'after one that kept no details yet'])(
  'G08: steps are exact to the minute at their ends (%s)',
  async (when) => {
    const { read, aggregate } = setUp([...PLANS]);
    if (when !== 'before any run of the aggregator') await aggregate(when === 'after it');
    await expect(read(DAYS)).resolves.toEqual(['22T09:17 A 1', '22T09:17 B 1', '23T00:00 A 1', '24T00:00 B 1']);
    await expect(read({ ...DAYS, step: 'hour' })).resolves.toEqual([
      '22T09:17 A 1',
      '22T23:00 B 1',
      '23T00:00 A 1',
      '24T10:00 B 1',
    ]);
    const range: DetailRange = { from: '2026-11-22T23:58:00.000Z', to: '2026-11-23T00:02:00.000Z', step: 'minute' };
    await expect(read(range)).resolves.toEqual(['22T23:59 B 1', '23T00:00 A 1']);
  },
);

test('settled hours come from their roll-ups, the rest from rows: what the range cuts, what is not settled, what is marked', async () => {
  const { read, aggregate, reads, rollups } = setUp([...PLANS]);
  await aggregate();
  rollups.late.push({ subject: { sourceId: source.id }, hour: '2026-11-23T05', nonce: 'n', markedAt: NOW });
  await read(DAYS);
  expect(reads.toSorted()).toEqual([
    '2026-11-22T09:17 2026-11-22T09:59',
    '2026-11-23T05',
    '2026-11-24T08',
    '2026-11-24T09',
    '2026-11-24T10:00 2026-11-24T10:29',
  ]);
});

test('a row that came late is in the next read, though its hour is not rolled up anew yet', async () => {
  const plans = [...PLANS];
  const { read, aggregate, rollups } = setUp(plans);
  await aggregate();
  plans.push(aPlanAt(7, '2026-11-23T05:10:00.000Z', 'late'));
  rollups.late.push({ subject: { sourceId: source.id }, hour: '2026-11-23T05', nonce: 'n', markedAt: NOW });
  await expect(read(DAYS)).resolves.toContain('23T00:00 late 1');
});

test('hours of before a thing was made are not looked for', async () => {
  const { read, reads } = setUp([...PLANS]);
  await read({ ...DAYS, since: '2026-11-24T09:59:00.000Z' });
  expect(reads).toEqual(['2026-11-24T08', '2026-11-24T09', '2026-11-24T10:00 2026-11-24T10:29']);
});

test('a page that asks again within a minute reads the minutes anew that may have changed, and no others', async () => {
  const plans = [...PLANS];
  const { readCached, reads, clock } = setUp(plans);
  const range: DetailRange = { from: '2026-11-24T10:20:00.000Z', to: '2026-11-24T10:30:00.000Z', step: 'minute' };
  await expect(readCached(range)).resolves.toEqual(['24T10:29 B 1']);
  plans.push(aPlanAt(8, '2026-11-24T10:28:00.000Z', 'new'));
  clock.at = '2026-11-24T10:30:10.000Z';
  await expect(readCached({ ...range, to: '2026-11-24T10:31:00.000Z' })).resolves.toEqual([
    '24T10:28 new 1',
    '24T10:29 B 1',
    '24T10:30 C 1',
  ]);
  expect(reads).toEqual(['2026-11-24T10:27 2026-11-24T10:30']);
  clock.at = '2026-11-24T10:31:10.000Z';
  await readCached(range);
  expect(reads).toEqual(['2026-11-24T10:20 2026-11-24T10:29']);
});

test('of a destination sends count when their hop was due, with its table of errors', async () => {
  const { deps } = setUp(
    [],
    [
      aDoneRow({
        delivered: 0,
        retry: 1,
        errors: [{ code: '503', message: 'later', count: 1 }],
        kinds: [['track', 'A', '']],
        mappings: ['map_1'],
      }),
      aDoneRow({
        hop: 1,
        dueAt: '2026-11-24T10:16:00.000Z',
        kinds: [['track', 'A', '']],
        mappings: ['map_1'],
        bytesOut: 9,
      }),
    ],
  );
  const range: DetailRange = { from: '2026-11-24T10:15:00.000Z', to: '2026-11-24T10:17:00.000Z', step: 'minute' };
  const [first, second] = await detailReader(deps).destination(destination.id, range);
  expect(first?.detail).toMatchObject({
    parts: 1,
    lines: [{ retry: 1, retried: 0 }],
    errors: [{ code: '503', count: 1 }],
  });
  expect(second?.detail).toMatchObject({
    parts: 0,
    bytesOut: 9,
    lines: [{ mappingId: 'map_1', onRetry: 1, retried: 1 }],
  });
});

describe('hours whose rows have expired', () => {
  const OLD = hourPlus(hourOf(NOW), -HOURS_BEHIND_MAX - 5);
  const rollUp = async (withDetail: boolean) => {
    const world = setUp([]);
    const rows = [aPlanAt(1, `${OLD}:10:00.000Z`)];
    await world.rollups.source(source.id).putHour(OLD, sumPlans(rows), { version: 0, writeId: 'w' });
    await world.rollups.advanceWatermark(hourOf(NOW));
    if (withDetail) {
      const lines = [
        {
          kind: ['track' as const, 'A', ''] as ['track', string, string],
          received: 1,
          invalid: {},
          duplicate: 0,
          suppressed: 0,
          blocked: {},
          routed: 1,
        },
      ];
      await world.details
        .source(source.id)
        .put(OLD, { requests: 1, bytes: 0, lines, connections: {} }, { head: undefined, writeId: 'w' });
    }
    return world;
  };
  const whole: DetailRange = { from: `${OLD}:00:00.000Z`, to: `${hourPlus(OLD, 1)}:00:00.000Z`, step: 'hour' };

  test('come from their details, and those of before 0.3 from their totals, without kinds', async () => {
    await expect((await rollUp(true)).read(whole)).resolves.toEqual([`${OLD.slice(8)}:00 A 1`]);
    const { deps } = await rollUp(false);
    const [step] = await detailReader(deps).source(source.id, whole);
    // Of what was routed, the call is known.
    expect(step?.detail.lines).toMatchObject([{ kind: ['track', '', ''], received: 1, routed: 1 }]);
    expect(step?.detail.connections['dst_1']).toEqual([{ kind: NO_KIND, queued: 1, filtered: {} }]);
  });

  test('are not told by the minute, and the words say from when on they are', async () => {
    const { read } = await rollUp(true);
    const refusal = { code: 'bad-request', retry: false };
    await expect(read({ ...whole, step: 'minute' })).rejects.toMatchObject(refusal);
    await expect(read({ ...whole, from: `${OLD}:01:00.000Z` })).rejects.toThrow(
      hourPlus(hourOf(NOW), -HOURS_BEHIND_MAX),
    );
  });
});

test.each<[string, Partial<DetailRange>]>([
  ['that ends before it begins', { to: DAYS.from }],
  ['with a time that is none', { from: 'yesterday' }],
  ['of more than a day by the minute', { step: 'minute' }],
  ['of before all that is kept', { from: '2026-08-01T00:00:00.000Z' }],
  ['far into the future', { to: '2100-01-01T00:00:00.000Z' }],
])('a range %s is refused', async (_case, over) => {
  await expect(setUp([]).read({ ...DAYS, ...over })).rejects.toMatchObject({ code: 'bad-request', retry: false });
});

test('a range with more rows than one read sums up is refused', async () => {
  const { deps } = setUp([]);
  const rows = Array.from({ length: DETAIL_ROWS_MAX / 2 }, () => PLANS[4] as PlanRow);
  const ledger = { ...deps.ledger, plansOfHour: async () => rows };
  const range: DetailRange = { from: '2026-11-24T08:00:00.000Z', to: '2026-11-24T10:30:00.000Z', step: 'hour' };
  await expect(detailReader({ ...deps, ledger }).source(source.id, range)).rejects.toThrow('ask for a shorter one');
});

test('roll-ups are read day by day, and a range with more names than one read sums up is refused with words that name a shorter one', async () => {
  const { deps, details, aggregate } = setUp([...PLANS]);
  await aggregate();
  const kept = details.source(source.id);
  const [detail] = (await kept.hours('2026-11-22T09', '2026-11-22T09')).values();
  const [line] = detail?.lines ?? [];
  if (detail === undefined || line === undefined) throw new Error('Nothing was rolled up');
  const asked: string[] = [];
  const withLines = (lines: number) =>
    detailReader({
      ...deps,
      details: {
        ...details,
        source: () => ({
          ...kept,
          hours: async (from, to) => {
            asked.push(`${from} ${to}`);
            return new Map([[from, { ...detail, lines: Array.from({ length: lines }, () => line) }]]);
          },
        }),
      },
    });
  const range: DetailRange = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z', step: 'day' };
  const steps = await withLines(1_000).source(source.id, range);
  expect(steps).toHaveLength(3);
  expect(asked).toEqual(['2026-11-21T00 2026-11-21T23', '2026-11-22T00 2026-11-22T23', '2026-11-23T00 2026-11-23T23']);
  await expect(withLines(DETAIL_LINES_MAX / 2).source(source.id, range)).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('ends at 2026-11-23T00:00Z') as unknown,
  });
});
