import { aggregateUsage } from '../../../../functions/aggregate-usage/aggregate-usage.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import { readBalance } from '../../../../shared/books/read-balance.ts';
import type { DestinationBalance, SourceBalance } from '../../../../shared/domain/balance.ts';
import type { DoneRow, PlanRow, UnreadableRow } from '../../../../shared/domain/ledger-rows.ts';
import { hourOf } from '../../../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const createdAt = '2026-11-20T08:00:00.000Z';

function setUp(
  rows: { plans?: PlanRow[]; dones?: DoneRow[]; unreadable?: UnreadableRow[] },
  {
    sources = [aSource({ createdAt })],
    destinations = [aDestination({ createdAt })],
    at = '2026-11-24T10:30:00.000Z',
  } = {},
) {
  const { plans = [], dones = [], unreadable = [] } = rows;
  const rollups = fakeRollupStore();
  const reads: string[] = [];
  /** Hours of rows by destination. */
  const readOf = new Map<string, number>();
  const ledger = {
    plansOfHour: async (_: string, hour: string) => {
      reads.push(`plans ${hour}`);
      return plans.filter(({ receivedAt }) => hourOf(receivedAt) === hour);
    },
    donesOfHour: async (id: string, hour: string) => {
      reads.push(`dones ${hour}`);
      readOf.set(id, (readOf.get(id) ?? 0) + 1);
      return dones.filter(({ dueAt }) => hourOf(dueAt) === hour);
    },
    unreadableOfHour: async (hour: string) => unreadable.filter((row) => hourOf(row.at) === hour),
  };
  const config: WorkspaceConfig = {
    workspaceId: aSource().workspaceId,
    configVersion: 1,
    sources,
    destinations: destinations.map((destination) => ({ destination, mappings: [] })),
  };
  let current = config;
  const shelf = bookShelf({ ledger, rollups });
  const now = () => new Date(at);
  return {
    reads,
    readOf,
    rollups,
    aggregate: () => aggregateUsage({ shelf, rollups, now, newWriteId: () => 'w' }, [current]),
    deleteDestination: () => {
      current = { ...config, destinations: [] };
    },
    balance: async (hours?: { from: string; to: string }) => {
      const lines = await readBalance({ shelf, rollups, now, recovered: async () => 2 }, current, hours);
      return {
        lines,
        source: lines.find((line) => !('destination' in line)) as SourceBalance,
        destination: lines.find((line) => 'destination' in line) as DestinationBalance,
      };
    },
  };
}

/** Planned on the 22nd; tried then, and delivered today. */
const OLD = aPlanRow({ receivedAt: '2026-11-22T23:59:59.000Z', plannedAt: '2026-11-22T23:59:59.100Z' });
const TRIED = aDoneRow({ dueAt: OLD.receivedAt, delivered: 0, retry: 1, nextDueAt: '2026-11-24T10:00:00.000Z' });
const DELIVERED = aDoneRow({ hop: 1, dueAt: '2026-11-24T10:00:00.000Z' });
/** Planned yesterday, and never ended. */
const OPEN = aPlanRow({ intakeId: intakeIdOf(2), receivedAt: '2026-11-23T12:00:00.000Z' });
/** Planned and ended today. */
const NEW = aPlanRow({ intakeId: intakeIdOf(3), receivedAt: '2026-11-24T09:00:00.000Z' });
const ENDED = aDoneRow({ intakeId: intakeIdOf(3), dueAt: NEW.receivedAt, delivered: 0, discarded: { 400: 1 } });
const ALL = { plans: [OLD, OPEN, NEW], dones: [TRIED, DELIVERED, ENDED] };

const sumOf = ({ delivered, filtered, blocked, discarded, dlq, inFlight }: DestinationBalance): number =>
  delivered + filtered + blocked + discarded + dlq + inFlight;

test.each(['before any run of the aggregator', 'after it'])(
  'without a range the balance is of all time, and adds up (%s)',
  async (when) => {
    const { balance, aggregate } = setUp(ALL);
    if (when === 'after it') await aggregate();
    const { destination, source } = await balance();
    expect(source).toMatchObject({ source: 'src_1', accepted: 3, routed: 3, unreadable: 0 });
    expect(destination).toEqual({
      destination: 'dst_1',
      source: 'src_1',
      accepted: 3,
      delivered: 1,
      filtered: 0,
      blocked: 0,
      discarded: 1,
      dlq: 0,
      inFlight: 1,
      recovered: 2,
      reasons: { filtered: {}, blocked: {}, discarded: { 400: 1 }, dlq: {} },
    });
  },
);

test.each(['before any run of the aggregator', 'after it'])(
  'a send planned before a range and ended in it was brought forward, and nothing is negative (%s)',
  async (when) => {
    const { balance, aggregate } = setUp(ALL);
    if (when === 'after it') await aggregate();
    const { destination } = await balance({ from: '2026-11-24T00', to: '2026-11-24T10' });
    expect(destination).toMatchObject({ broughtForward: 2, accepted: 1, delivered: 1, discarded: 1, inFlight: 1 });
    expect((destination.broughtForward ?? 0) + destination.accepted).toBe(sumOf(destination));
    const first = await balance({ from: '2026-11-20T00', to: '2026-11-22T23' });
    expect(first.destination).toMatchObject({ broughtForward: 0, accepted: 1, inFlight: 1 });
    const between = await balance({ from: '2026-11-23T12', to: '2026-11-23T12' });
    expect(between.destination).toMatchObject({ broughtForward: 1, accepted: 1, delivered: 0, inFlight: 2 });
  },
);

test.each(['before any run of the aggregator', 'after one'])(
  'a destination that is deleted keeps its line, and what ends after it is in it (%s)',
  async (when) => {
    const rows = { plans: [...ALL.plans], dones: [TRIED, ENDED] };
    const { balance, aggregate, deleteDestination } = setUp(rows);
    if (when === 'after one') await aggregate();
    const before = await balance();
    deleteDestination();
    expect(await balance()).toEqual({
      ...before,
      lines: expect.anything(),
      destination: { ...before.destination, deleted: true },
    });
    // What waited is put away, in an hour that the aggregator has seen.
    rows.dones.push(
      aDoneRow({ hop: 1, dueAt: DELIVERED.dueAt, delivered: 0, deadLettered: { destination_deleted: 1 } }),
    );
    if (when === 'after one') await aggregate();
    const { destination } = await balance();
    expect(destination).toMatchObject({ accepted: 3, discarded: 1, dlq: 1, inFlight: 1, deleted: true });
    expect(sumOf(destination)).toBe(destination.accepted);
  },
);

test('ends are read before plans: no end is seen without its plan', async () => {
  const { balance, reads } = setUp(ALL);
  await balance();
  const lastEnd = reads.findLastIndex((read) => read.startsWith('dones'));
  const firstPlan = reads.findIndex((read) => read.startsWith('plans'));
  expect(lastEnd).toBeLessThan(firstPlan);
});

test('settled days come from one roll-up: rows are read of the open hours only', async () => {
  const { balance, aggregate, reads } = setUp(ALL);
  await aggregate();
  reads.length = 0;
  await balance();
  expect(reads.filter((read) => read.startsWith('plans'))).toEqual([
    'plans 2026-11-24T08',
    'plans 2026-11-24T09',
    'plans 2026-11-24T10',
  ]);
});

test('a destination that is older than its source is read from its own beginning, and others of that source from theirs', async () => {
  const { balance, readOf } = setUp(
    {},
    {
      sources: [aSource({ createdAt: '2026-11-24T08:00:00.000Z' })],
      destinations: [
        aDestination({ id: 'dst_restored', createdAt: '2026-11-22T08:00:00.000Z' }),
        aDestination({ id: 'dst_new', createdAt: '2026-11-24T09:00:00.000Z' }),
      ],
    },
  );
  await balance();
  // From ten minutes before it was made, or its source was.
  expect(Object.fromEntries(readOf)).toEqual({ dst_restored: 52, dst_new: 4 });
});

test('a late row is in the balance before the aggregator has been there, and after', async () => {
  const rows = { plans: [...ALL.plans], dones: [...ALL.dones] };
  const { balance, aggregate, rollups } = setUp(rows);
  await aggregate();
  const hour = hourOf(OPEN.receivedAt);
  rows.dones.push(aDoneRow({ intakeId: intakeIdOf(2), dueAt: OPEN.receivedAt }));
  rollups.late.push({
    subject: { destinationId: aDestination().id },
    hour,
    nonce: 'n',
    markedAt: '2026-11-24T10:20:00.000Z',
  });
  expect((await balance()).destination).toMatchObject({ delivered: 2, inFlight: 0 });
  await aggregate();
  expect(rollups.late).toEqual([]);
  expect((await balance()).destination).toMatchObject({ delivered: 2, inFlight: 0 });
});

test('a retry that was given up before it was due counts at once, and no later', async () => {
  const givenUp = aDoneRow({
    intakeId: intakeIdOf(2),
    dueAt: '2026-11-24T18:00:00.000Z',
    delivered: 0,
    deadLettered: { destination_disabled: 1 },
  });
  const { balance, aggregate, rollups } = setUp({ plans: ALL.plans, dones: [...ALL.dones, givenUp] });
  rollups.late.push({
    subject: { destinationId: aDestination().id },
    hour: '2026-11-24T18',
    nonce: 'n',
    markedAt: '2026-11-24T10:00:00.000Z',
  });
  await aggregate();
  expect((await balance()).destination).toMatchObject({ delivered: 1, dlq: 1, inFlight: 0 });
  expect(rollups.late).toHaveLength(1);
});

const unreadable = (unreadableId: string, over: Partial<UnreadableRow> = {}): UnreadableRow => ({
  v: 1,
  unreadableId,
  at: '2026-11-24T09:00:00.000Z',
  reason: 'malformed',
  deadLetterKey: 'k',
  ...over,
});

test('requests that nobody could read stand beside their source; those of no known one have a line that adds nothing', async () => {
  const rows = [
    unreadable('a', { sourceId: aSource().id }),
    unreadable('b', { sourceId: aSource().id, at: '2026-11-22T09:00:00.000Z' }),
    unreadable('c'),
  ];
  const { balance, aggregate } = setUp({ ...ALL, unreadable: rows });
  await aggregate();
  const { lines } = await balance();
  expect(lines.slice(0, 2)).toEqual([
    expect.objectContaining({ source: 'src_1', accepted: 3, unreadable: 2 }),
    {
      source: 'unknown',
      accepted: 0,
      routed: 0,
      invalid: 0,
      duplicate: 0,
      suppressed: 0,
      blocked: 0,
      unreadable: 1,
      reasons: { invalid: {}, blocked: {} },
    },
  ]);
  const { lines: ofToday } = await balance({ from: '2026-11-24T00', to: '2026-11-24T10' });
  expect(ofToday[0]).toMatchObject({ source: 'src_1', unreadable: 1 });
});

test('a source that was deleted keeps its line while a destination belongs to it', async () => {
  const { balance } = setUp(ALL, { sources: [] });
  const { source, destination } = await balance();
  expect([source.accepted, destination.accepted]).toEqual([3, 3]);
});
