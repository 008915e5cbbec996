import { liveNumbers } from '../../../functions/api/live-numbers.ts';
import { type AfterDigests, minuteRun } from '../../../functions/check-alerts/minute-run.ts';
import { minutesOfHours } from '../../../functions/check-alerts/minutes-of-hours.ts';
import { recentDigests } from '../../../functions/check-alerts/recent-digests.ts';
import { watchAlerts } from '../../../functions/check-alerts/watch-alerts.ts';
import { watchNotes } from '../../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../../shared/aws/documents-notifications.ts';
import { notificationIdOf } from '../../../shared/aws/notification-id.ts';
import { sdkDocuments } from '../../../shared/aws/documents.ts';
import { dynamoDigestStore } from '../../../shared/aws/dynamo-digest-store.ts';
import { dynamoDoneStore, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoTouches } from '../../../shared/aws/dynamo-touches.ts';
import { spanRows } from '../../../shared/aws/span-rows.ts';
import { PRICES, usdFor } from '../../../shared/config/prices.ts';
import { DestinationId, SourceId, WorkspaceId } from '../../../shared/domain/ids.ts';
import { minutePlus } from '../../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { touchesOfDone, touchOfPlan } from '../../../shared/pipeline/touch-of.ts';
import { aDoneRow, aPlanRow } from '../../builders/ledger-rows.ts';
import { memoryDocuments } from '../../builders/memory-documents.ts';
import { meteredTable } from '../../builders/metered-table.ts';
import { aWorkspaceConfig } from '../../builders/workspace-config.ts';
import { aDestination, aSource } from '../../builders/workspace-things.ts';

const ws1 = WorkspaceId.parse('ws_1');
const SOURCE = 'src_4pXk2Vb7Qd9LmT3ZrYw8Hn';
const DESTINATIONS = [1, 2, 3].map((number) => `dst_${number}Xk2Vb7Qd9LmT3ZrYw8Hn`);
const MINUTES_A_MONTH = 730 * 60;
const EVENTS_A_REQUEST = 20;

/** Minutes of a deployment on a table that bills: rows put by several environments after their touches, summed by the very run, looked at by the API. */
function deployment({
  routes = 2,
  delivers = 6,
  config,
}: {
  routes?: number;
  delivers?: number;
  config?: WorkspaceConfig;
} = {}) {
  const { doc, units } = meteredTable();
  const begin = Date.parse('2026-11-24T10:00:00.000Z');
  const clock = { nowMs: begin };
  const now = () => new Date(clock.nowMs);
  const touchesOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, number) =>
      dynamoTouches(doc, 'ledger', { now, environment: `${name}-6f1d9c52-8e0b-4c7a-9d51-${number}` }),
    );
  const ofRoute = touchesOf('route', routes);
  const ofDeliver = touchesOf('deliver', delivers);
  const plans = dynamoPlanStore(doc, 'ledger');
  const dones = dynamoDoneStore(doc, 'ledger');
  const digests = dynamoDigestStore(doc, 'ledger', now);
  const rows = spanRows(sdkDocuments(doc), 'ledger');
  const spent = { rows: { ...units }, ours: { writes: 0, reads: 0 } };
  const ours = async (work: () => Promise<unknown>): Promise<void> => {
    const before = { ...units };
    await work();
    spent.ours.writes += units.writes - before.writes;
    spent.ours.reads += units.reads - before.reads;
  };
  let requests = 0;
  const made = minutesOfHours();
  const recent = recentDigests(now);
  let saves = 0;
  const notes = watchNotes(memoryDocuments(), 'control');
  const watch: AfterDigests = ({ config: found, digests: reader }) =>
    watchAlerts(
      {
        control: { listAlerts: async () => [] },
        notes: {
          ...notes,
          read: async (id) => {
            const read = await notes.read(id);
            spent.ours.reads += unitsOf(read.value, 4_096);
            return read;
          },
          save: async (id, value, version, writeId) => {
            saves += 1;
            spent.ours.writes += 2 * unitsOf(value, 1_024);
            return await notes.save(id, value, version, writeId);
          },
        },
        notifications: documentsNotifications(memoryDocuments(), 'control'),
        mismatches: async () => [],
        usage: async () => ({}),
        mappings: async () => undefined,
        laneAges: async () => undefined,
        wakeSender: async () => {},
        idOf: notificationIdOf,
        newWriteId: () => `w${saves}`,
        now,
      },
      found,
      { ...recent(reader), asOf: now().toISOString(), since: '2026-11-01T00:00:00.000Z' },
    );
  return {
    clock,
    digests,
    /** One request of each of many sources, with a send to each of its destinations. */
    many: async (sends: readonly (readonly [SourceId, readonly DestinationId[]])[]) => {
      for (const [sourceId, ids] of sends) {
        requests += 1;
        const at = now().toISOString();
        const intakeId = `in_${String(requests).padStart(8, '0')}8e0b4c7a9d51ab`;
        const row = aPlanRow({
          intakeId,
          sourceId,
          receivedAt: at,
          plannedAt: at,
          received: EVENTS_A_REQUEST,
          routed: EVENTS_A_REQUEST,
          destinations: ids.map((destinationId) => ({
            destinationId,
            filtered: {},
            queued: EVENTS_A_REQUEST,
            sends: EVENTS_A_REQUEST,
            mappings: ['map_9Xk2Vb7Qd9LmT3ZrYw8Hn'],
            bitmap: '////Dw==',
            cuts: [EVENTS_A_REQUEST],
          })),
        });
        await ours(async () => await ofRoute[requests % routes]?.touch([touchOfPlan(row)]));
        await plans.putPlan(row);
        for (const destinationId of ids) {
          const latency = aDoneRow().latency.map((_, bucket) => (bucket === 3 + (requests % 3) ? EVENTS_A_REQUEST : 0));
          const over = { delivered: EVENTS_A_REQUEST, latency };
          const done = aDoneRow({ intakeId, sourceId, destinationId, dueAt: at, settledAt: at, ...over });
          await ours(async () => {
            await ofDeliver[requests % delivers]?.touch(
              touchesOfDone({ destinationId: done.destinationId, part: done }),
            );
          });
          await dones.putDone(done);
        }
      }
    },
    spent,
    live: liveNumbers({ digests, rows, now }),
    ours,
    request: async () => {
      requests += 1;
      const receivedAt = now().toISOString();
      const intakeId = `in_${String(requests).padStart(8, '0')}8e0b4c7a9d51ab`;
      const planned = DESTINATIONS.map((destinationId) => ({
        destinationId,
        filtered: {},
        queued: EVENTS_A_REQUEST,
        sends: EVENTS_A_REQUEST,
        mappings: ['map_9Xk2Vb7Qd9LmT3ZrYw8Hn'],
        bitmap: '////Dw==',
        cuts: [EVENTS_A_REQUEST],
      }));
      const row = aPlanRow({
        intakeId,
        sourceId: SOURCE,
        receivedAt,
        plannedAt: receivedAt,
        received: EVENTS_A_REQUEST,
        routed: EVENTS_A_REQUEST,
        types: { track: EVENTS_A_REQUEST },
        destinations: planned,
        bytes: 19_400,
        kinds: ['Order Completed', 'Cart Viewed', 'Product Clicked'].map((name) => ['track', name, '4.2.1']),
        kindOf: Array.from({ length: EVENTS_A_REQUEST }, (_, index) => index % 3),
        idHashes: Buffer.alloc(4 * EVENTS_A_REQUEST, 7).toString('base64'),
      });
      await ours(async () => await ofRoute[requests % routes]?.touch([touchOfPlan(row)]));
      await plans.putPlan(row);
      for (const [number, destinationId] of DESTINATIONS.entries()) {
        const done = aDoneRow({
          intakeId,
          sourceId: SOURCE,
          destinationId,
          dueAt: receivedAt,
          settledAt: receivedAt,
          delivered: EVENTS_A_REQUEST,
          bytesOut: 22_000,
          mappings: ['map_9Xk2Vb7Qd9LmT3ZrYw8Hn'],
          kinds: row.kinds,
          lines: [0, 1, 2].map((kind) => [0, kind, 'd', 7]),
        });
        const touched = touchesOfDone({ destinationId: done.destinationId, part: done });
        await ours(async () => await ofDeliver[(requests + number) % delivers]?.touch(touched));
        await dones.putDone(done);
      }
    },
    minuteRun: () =>
      ours(() =>
        minuteRun({
          digests,
          rows,
          made,
          control: { listWorkspaces: async () => [{ id: ws1 }] as never },
          configs: { workspaceConfig: async () => config },
          afterDigests: [watch],
          now,
          remainingMs: () => 50_000,
        }),
      ),
    requests: () => requests,
  };
}

const unitsOf = (value: unknown, bytes: number): number =>
  Math.max(1, Math.ceil(Buffer.byteLength(JSON.stringify(value ?? null)) / bytes));

const usdOf = ({ writes, reads }: { writes: number; reads: number }): number =>
  usdFor(PRICES.dynamoWriteUnit, writes) + usdFor(PRICES.dynamoReadUnit, reads);

test.each([
  ['5 requests/s', 5, 5],
  ['40 requests/s', 40, 1],
])(
  'at %s live numbers cost $0.02 per million events at most: touches, three sums of each row, minutes and hours',
  async (_load, perSecond, minutes) => {
    const world = deployment();
    for (let second = 0; second < minutes * 60; second += 1) {
      for (let number = 0; number < perSecond; number += 1) await world.request();
      world.clock.nowMs += 1_000;
      if ((second + 1) % 60 === 0) await world.minuteRun();
    }
    // What is still open is summed, too.
    for (let minute = 0; minute < 5; minute += 1) {
      world.clock.nowMs += 60_000;
      await world.minuteRun();
    }
    const perMillion = (usdOf(world.spent.ours) / (world.requests() * EVENTS_A_REQUEST)) * 1_000_000;
    const { writes, reads } = world.spent.ours;
    process.stdout.write(
      `live numbers at ${perSecond} requests/s: $${perMillion.toFixed(4)}/M (${writes} write units, ${reads} read units for ${world.requests()} requests)\n`,
    );
    expect(perMillion).toBeGreaterThan(0);
    expect(perMillion).toBeLessThanOrEqual(0.02);
  },
  120_000,
);

test('an idle deployment pays for the run of each minute $0.17 a month at most, function and schedule included', async () => {
  const world = deployment({ config: aWorkspaceConfig() });
  await world.minuteRun();
  world.spent.ours = { writes: 0, reads: 0 };
  for (let minute = 0; minute < 60; minute += 1) {
    world.clock.nowMs += 60_000;
    await world.minuteRun();
  }
  const { writes, reads } = world.spent.ours;
  // The lease and where it stands; the state, touches of one or (over the end of an hour) two hours, and what alerts look at.
  expect({ writes, reads: reads <= 60 * 5 }).toEqual({ writes: 120, reads: true });
  // And of the control table the list of workspaces, one unit.
  const table = usdOf({ writes, reads: reads + 60 }) * (MINUTES_A_MONTH / 60);
  const RUN_MS = 100;
  const MEMORY_GB = 0.5;
  const run =
    usdFor(PRICES.lambdaRequest, MINUTES_A_MONTH) +
    usdFor(PRICES.lambdaGbSecond, (MINUTES_A_MONTH * RUN_MS * MEMORY_GB) / 1_000) +
    usdFor(PRICES.schedulerInvocation, MINUTES_A_MONTH);
  process.stdout.write(`idle: $${(table + run).toFixed(3)} a month (table $${table.toFixed(3)})\n`);
  expect(table + run).toBeLessThanOrEqual(0.17);
});

test('with 20 sources and 40 destinations that are busy each minute of a month, and alerts, live numbers cost $5 of it at most', async () => {
  const idOf = (prefix: string, number: number) => `${prefix}_${String(number).padStart(4, '0')}Vb7Qd9LmT3ZrYw8Hn`;
  const sourceIds = Array.from({ length: 20 }, (_, number) => SourceId.parse(idOf('src', number)));
  const destinationIds = Array.from({ length: 40 }, (_, number) => DestinationId.parse(idOf('dst', number)));
  const config: WorkspaceConfig = {
    workspaceId: ws1,
    configVersion: 1,
    sources: sourceIds.map((id) => aSource({ id })),
    destinations: destinationIds.map((id) => ({ destination: aDestination({ id }), mappings: [] })),
  };
  const world = deployment({ config });
  const sends = sourceIds.map((id, index) => [id, destinationIds.slice(2 * index, 2 * index + 2)] as const);
  const minute = async (): Promise<void> => {
    await world.many(sends);
    world.clock.nowMs += 60_000;
    await world.minuteRun();
  };
  // The minutes of most of an hour are there already, as large as those that follow.
  for (let number = 0; number < 2; number += 1) await minute();
  const kept = [...(await world.digests.minuteParts(ws1, '2026-11-24T10:00', '2026-11-24T10:00')).values()][0];
  if (kept === undefined) throw new Error('Nothing was summed');
  for (let number = 4; number < 50; number += 1) {
    await world.digests.put(ws1, { minute: minutePlus('2026-11-24T10:00', number) }, kept.parts, 0);
  }
  world.clock.nowMs = Date.parse('2026-11-24T10:50:00.000Z');
  // After four minutes each run sums three; what is caught up, and a first reading of everything, are behind then.
  for (let number = 0; number < 4; number += 1) await minute();
  world.spent.ours = { writes: 0, reads: 0 };
  const minutes = 6;
  for (let number = 0; number < minutes; number += 1) await minute();
  const { writes, reads } = world.spent.ours;
  const month = usdOf({ writes, reads }) * (MINUTES_A_MONTH / minutes);
  process.stdout.write(
    `${sourceIds.length} sources and ${destinationIds.length} destinations, busy: $${month.toFixed(2)} a month (${writes} write units, ${reads} read units in ${minutes} minutes)\n`,
  );
  expect(month).toBeGreaterThan(0);
  expect(month).toBeLessThanOrEqual(5);
}, 120_000);

test('a dashboard that is open for a month and asks each 10 s reads for $1 at most, at 5 requests/s', async () => {
  const world = deployment();
  const minutes = 4;
  let looks = { writes: 0, reads: 0 };
  for (let second = 0; second < minutes * 60; second += 1) {
    for (let number = 0; number < 5; number += 1) await world.request();
    world.clock.nowMs += 1_000;
    if ((second + 1) % 60 === 0) await world.minuteRun();
    if (second % 10 !== 0) continue;
    const before = { ...world.spent.ours };
    await world.ours(() => world.live(ws1, '2026-11-17T10'));
    looks = {
      writes: looks.writes + world.spent.ours.writes - before.writes,
      reads: looks.reads + world.spent.ours.reads - before.reads,
    };
  }
  const month = usdOf(looks) * (MINUTES_A_MONTH / minutes);
  process.stdout.write(
    `an open dashboard: $${month.toFixed(2)} a month (${looks.reads} read units in ${minutes} minutes)\n`,
  );
  expect(looks.writes).toBe(0);
  expect(month).toBeLessThanOrEqual(1);
}, 120_000);
