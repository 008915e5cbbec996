import { liveNumbers } from '../../../functions/api/live-numbers.ts';
import { minuteRun } from '../../../functions/check-alerts/minute-run.ts';
import { sdkDocuments } from '../../../shared/aws/documents.ts';
import { dynamoDigestStore } from '../../../shared/aws/dynamo-digest-store.ts';
import { dynamoDoneStore, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoTouches } from '../../../shared/aws/dynamo-touches.ts';
import { spanRows } from '../../../shared/aws/span-rows.ts';
import { PRICES, usdFor } from '../../../shared/config/prices.ts';
import { WorkspaceId } from '../../../shared/domain/ids.ts';
import { touchesOfDone, touchOfPlan } from '../../../shared/pipeline/touch-of.ts';
import { aDoneRow, aPlanRow } from '../../builders/ledger-rows.ts';
import { meteredTable } from '../../builders/metered-table.ts';

const ws1 = WorkspaceId.parse('ws_1');
const SOURCE = 'src_4pXk2Vb7Qd9LmT3ZrYw8Hn';
const DESTINATIONS = [1, 2, 3].map((number) => `dst_${number}Xk2Vb7Qd9LmT3ZrYw8Hn`);
const MINUTES_A_MONTH = 730 * 60;
const EVENTS_A_REQUEST = 20;

/** Minutes of a deployment on a table that bills: rows put by several environments after their touches, summed by the very run, looked at by the API. */
function deployment({ routes = 2, delivers = 6 } = {}) {
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
  return {
    clock,
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
          control: { listWorkspaces: async () => [{ id: ws1 }] as never },
          configs: { workspaceConfig: async () => undefined },
          afterDigests: [],
          now,
          remainingMs: () => 50_000,
        }),
      ),
    requests: () => requests,
  };
}

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
  const world = deployment();
  await world.minuteRun();
  world.spent.ours = { writes: 0, reads: 0 };
  for (let minute = 0; minute < 60; minute += 1) {
    world.clock.nowMs += 60_000;
    await world.minuteRun();
  }
  const { writes, reads } = world.spent.ours;
  // The lease and where it stands; the state, and touches of one or (over the end of an hour) two hours.
  expect({ writes, reads: reads <= 60 * 2 + 5 }).toEqual({ writes: 120, reads: true });
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
