import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { aggregateUsage } from '../../../functions/aggregate-usage/aggregate-usage.ts';
import { minutesOfHours } from '../../../functions/check-alerts/minutes-of-hours.ts';
import { minuteRun } from '../../../functions/check-alerts/minute-run.ts';
import { sdkDocuments } from '../../../shared/aws/documents.ts';
import { dynamoDetailStores } from '../../../shared/aws/dynamo-detail-store.ts';
import { dynamoDigestStore } from '../../../shared/aws/dynamo-digest-store.ts';
import { dynamoDoneStore, dynamoLedgerReader, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../../shared/aws/dynamo-rollup-store.ts';
import { dynamoTouches } from '../../../shared/aws/dynamo-touches.ts';
import { spanRows } from '../../../shared/aws/span-rows.ts';
import { bookShelf } from '../../../shared/books/book.ts';
import { detailReader } from '../../../shared/books/detail-reader.ts';
import { readBooks } from '../../../shared/books/read-books.ts';
import { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { touchesOfDone, touchOfPlan } from '../../../shared/pipeline/touch-of.ts';
import { type DynamodbBackend, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../builders/ledger-rows.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aDestination, aSource } from '../../builders/workspace-things.ts';

const BEGIN = '2026-11-24T06:00:00.000Z';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Whatever was put is summed for good by then, and the marks of late rows have rested. */
const SUMMED_MINUTES = 8;
const ws1 = WorkspaceId.parse('ws_1');
const createdAt = '2026-11-18T00:00:00.000Z';
const source = aSource({ createdAt });
const destination = aDestination({ createdAt });
const config: WorkspaceConfig = {
  workspaceId: ws1,
  configVersion: 1,
  sources: [source],
  destinations: [{ destination, mappings: [] }],
};
/** What is read, of all time: by the minute run's sums, the balance's books, the details of pages, and usage. */
type Read = { live: number[]; books: number[]; details: number[]; calls: number };

let backend: DynamodbBackend;
beforeAll(async () => {
  backend = await localDynamodb();
}, 60_000);
afterAll(() => backend.close());

/** Rows, both functions and all that reads them, over the real stores; each with a clock of its own. */
async function aWorld() {
  const doc = DynamoDBDocumentClient.from(backend.client, { marshallOptions: { removeUndefinedValues: true } });
  const table = await aStateTable(backend.client);
  const clock = { ms: Date.parse(BEGIN), minuteMs: 0, hourMs: 0 };
  const now = () => new Date(clock.ms);
  const minuteNow = () => new Date(clock.ms + clock.minuteMs);
  const hourNow = () => new Date(clock.ms + clock.hourMs);
  const touches = dynamoTouches(doc, table, { now, environment: 'e1' });
  const [plans, dones] = [dynamoPlanStore(doc, table), dynamoDoneStore(doc, table)];
  const ledger = dynamoLedgerReader(doc, table);
  const rollups = dynamoRollupStore(doc, { ledger: table, usage: table });
  const details = dynamoDetailStores(doc, table);
  const shelf = bookShelf({ ledger, rollups, details });
  const digests = dynamoDigestStore(doc, table, minuteNow);
  const detailed = detailReader({ ledger, rollups, details, now });
  const made = minutesOfHours();
  let number = 0;
  let written = 0;

  const check = async () =>
    await minuteRun({
      digests,
      rows: spanRows(sdkDocuments(doc), table),
      made,
      control: { listWorkspaces: async () => [{ id: ws1 }] as never },
      configs: { workspaceConfig: async () => config },
      afterDigests: [],
      now: minuteNow,
      remainingMs: () => 50_000,
    });
  const aggregate = async () =>
    await aggregateUsage({ shelf, rollups, now: hourNow, newWriteId: () => `w${(written += 1)}` }, [config]);

  return {
    clock,
    check,
    aggregate,
    /** A request of so many events and its end, received `agoMs` ago and only now planned and settled. */
    put: async (events: number, agoMs = 0): Promise<void> => {
      number += 1;
      const receivedAt = new Date(clock.ms - agoMs).toISOString();
      const at = now().toISOString();
      const intakeId = intakeIdOf(number);
      const kinds = [['track', 'Bought', '']];
      const plan = aPlanRow({
        intakeId,
        receivedAt,
        plannedAt: at,
        writeId: `p${number}`,
        received: events,
        routed: events,
        types: { track: events },
        bytes: 100,
        kinds,
        destinations: [
          {
            destinationId: 'dst_1',
            filtered: {},
            queued: events,
            sends: events,
            mappings: ['map_1'],
            bitmap: '',
            cuts: [events],
          },
        ],
      });
      const done = aDoneRow({ intakeId, dueAt: receivedAt, settledAt: at, writeId: `d${number}`, delivered: events });
      await touches.touch([touchOfPlan(plan)]);
      await plans.putPlan(plan);
      await touches.touch(touchesOfDone({ destinationId: done.destinationId, part: done }));
      await dones.putDone(done);
    },
    /** Time goes on; the scheduler calls each minute, after SUMMED_MINUTES each tenth (nothing is new by then), and each full hour. */
    pass: async (minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute += 1) {
        clock.ms += MINUTE_MS;
        if (minute < SUMMED_MINUTES || minute % 10 === 9) await check();
        if (clock.ms % HOUR_MS === 0) await aggregate();
      }
    },
    read: async (): Promise<Read> => {
      const hours = [...(await digests.hours(ws1, '2026-11-18T00', '2026-11-30T00')).values()];
      const books = await readBooks({ shelf, rollups, now }, config);
      const range = {
        from: '2026-11-20T00:00:00.000Z',
        to: '2026-11-26T00:00:00.000Z',
        step: 'hour',
        since: createdAt,
      } as const;
      const came = await detailed.source(source.id, range);
      const ended = await detailed.destination(destination.id, range);
      const days = await rollups.usageDays(source.id, '2026-11-20', '2026-11-26');
      const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
      return {
        live: [
          sum(hours.map(({ sources }) => sources['src_1']?.received ?? 0)),
          sum(hours.map(({ destinations }) => destinations['dst_1']?.delivered ?? 0)),
        ],
        books: [
          sum((books.sources.get(source.id) ?? []).map(({ received }) => received)),
          sum((books.destinations.get(destination.id) ?? []).map(({ delivered }) => delivered)),
        ],
        details: [
          sum(came.flatMap(({ detail }) => detail.lines).map(({ routed }) => routed)),
          sum(ended.flatMap(({ detail }) => detail.lines).map((line) => line.firstTry + line.onRetry)),
        ],
        calls: sum(days.map(({ calls }) => calls)),
      };
    },
  };
}
const all = (events: number): Read => ({
  live: [events, events],
  books: [events, events],
  details: [events, events],
  calls: events,
});

test('rows of an hour, of five hours and of three days ago are in every number once, however often and overlapping the runs (E1, late data)', async () => {
  const world = await aWorld();
  await world.put(3);
  await world.pass(60);
  await expect(world.read()).resolves.toEqual(all(3));
  await world.put(5, HOUR_MS);
  await world.put(7, 5 * HOUR_MS);
  await world.put(11, 3 * DAY_MS);
  await world.pass(60);
  await expect(world.read()).resolves.toEqual(all(26));
  await Promise.all([world.check(), world.check(), world.aggregate(), world.aggregate()]);
  await world.aggregate();
  await expect(world.read()).resolves.toEqual(all(26));
  // Later still, when each of these hours has been settled for long.
  await world.put(13, 5 * HOUR_MS);
  await world.put(17, 3 * DAY_MS);
  await world.pass(65);
  await world.pass(55);
  await expect(world.read()).resolves.toEqual(all(56));
}, 120_000);

test('runs that were missed for hours are caught up by the next one (R13)', async () => {
  const world = await aWorld();
  await world.put(3);
  await world.pass(60);
  for (const events of [5, 7, 11, 13, 17]) {
    world.clock.ms += HOUR_MS;
    await world.put(events);
  }
  world.clock.ms += 10 * MINUTE_MS;
  await world.check();
  await world.aggregate();
  await expect(world.read()).resolves.toEqual(all(56));
}, 60_000);

test.each([
  ['forward by an hour and a half and back', 1.5 * HOUR_MS],
  ['forward by a day and back', DAY_MS],
  ['back by two hours and forth', -2 * HOUR_MS],
])(
  'clocks of both functions that jump %s leave every number as the rows say',
  async (_case, jumpMs) => {
    const world = await aWorld();
    await world.put(3);
    await world.pass(60);
    world.clock.minuteMs = jumpMs;
    world.clock.hourMs = jumpMs;
    await world.put(5);
    await world.check();
    await world.aggregate();
    await world.put(7);
    await world.pass(3);
    world.clock.minuteMs = 0;
    world.clock.hourMs = 0;
    await world.pass(7);
    await world.put(11);
    // What the balance and the pages show waits for no run.
    const { books, details } = await world.read();
    expect({ books, details }).toEqual({ books: [26, 26], details: [26, 26] });
    await world.pass(50);
    await expect(world.read()).resolves.toEqual(all(26));
    await world.put(13);
    await world.pass(60 * 3);
    await expect(world.read()).resolves.toEqual(all(39));
  },
  120_000,
);
