import { deliverBatch } from '../../../functions/deliver/deliver-batch.ts';
import { createPace } from '../../../functions/deliver/pace.ts';
import { routeBatch } from '../../../functions/route/route-batch.ts';
import { encodeIntake } from '../../../shared/aws/intake-codec.ts';
import { PLAN_HOLD_MS } from '../../../shared/config/limits.ts';
import { destinationBalance, sourceBalance } from '../../../shared/domain/balance.ts';
import { sumDones, sumPlans } from '../../../shared/domain/books.ts';
import { EVENT_TYPES } from '../../../shared/domain/event.ts';
import type { LaneMessage } from '../../../shared/domain/lane-message.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { fakeDeadLetterStore, fakeDoneStore, fakeInbox, fakeSamples } from '../../builders/deliver-stores.ts';
import { fakeEngine } from '../../builders/fake-engine.ts';
import { fakeArchiveQueue } from '../../builders/fake-queues.ts';
import { fakeClaimStore, fakePlanStore } from '../../builders/fake-route-stores.ts';
import { aBatch, aTrack } from '../../builders/intake-message.ts';
import { aLaneRecord } from '../../builders/lane-parts.ts';
import { aTarget, aWorkspaceConfig } from '../../builders/workspace-config.ts';
import type { SQSRecord } from 'aws-lambda';

// Crashes between the steps of design 2's walk-through. Whatever step is the last, the events go out once and the books balance.

const RECEIVED_AT = '2026-11-24T10:15:00.000Z';
const { body, ...head } = aBatch([aTrack('1'), aTrack('2')], { receivedAt: RECEIVED_AT });

/** An invocation that dies: nothing after this line of its code happens. */
class Crash extends Error {}

function setUp() {
  const config: { now: WorkspaceConfig } = { now: aWorkspaceConfig([aTarget('x'), aTarget('y')]) };
  const dones = fakeDoneStore();
  const plans = fakePlanStore({ dones: dones.rows });
  const claims = fakeClaimStore();
  const engine = fakeEngine();
  const deadLetters = fakeDeadLetterStore();
  const lane: LaneMessage[] = [];
  /** What happens before the step is done, by its name; a crash once thrown is not repeated. */
  const crashes = new Set<'before plan' | 'after plan' | 'after the first lane' | 'before done row'>();
  const crashAt = (step: Parameters<typeof crashes.has>[0]): void => {
    if (crashes.delete(step)) throw new Crash(step);
  };
  let nowMs = Date.parse(RECEIVED_AT) + 100;
  let writes = 0;
  const shared = {
    configs: { workspaceConfig: async () => config.now },
    now: () => new Date(nowMs),
    newWriteId: () => `w${(writes += 1)}`,
  };
  const route = routeBatch({
    ...shared,
    claims,
    plans: {
      ...plans,
      putPlan: async (row) => {
        crashAt('before plan');
        return await plans.putPlan(row);
      },
    },
    lanes: {
      send: async (messages) => {
        crashAt('after plan');
        for (const { message } of messages) {
          lane.push(message);
          crashAt('after the first lane');
        }
        return messages.map(() => 'taken');
      },
    },
    archive: fakeArchiveQueue(),
    catalog: () => ({ supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] }),
    holdBack: async () => undefined,
  });
  const deliver = deliverBatch({
    ...shared,
    sealer: { open: async ({ sealed }) => sealed },
    isKnownType: () => true,
    engine: engine.engine,
    inbox: fakeInbox().store,
    dones: {
      ...dones.store,
      putDone: async (row) => {
        crashAt('before done row');
        return await dones.store.putDone(row);
      },
    },
    deadLetters: deadLetters.store,
    samples: fakeSamples().store,
    giveBack: async () => undefined,
    takesSample: () => false,
    pace: createPace(),
  });
  const context = { remainingMs: () => 30_000 };
  let receives = 0;
  return {
    config,
    crashes,
    engine,
    lane,
    dones,
    plans,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** The intake message comes (again). */
    route: () => {
      receives += 1;
      const record = {
        messageId: 'intake',
        receiptHandle: 'handle',
        body: encodeIntake(head, JSON.stringify(body)),
        attributes: { ApproximateReceiveCount: String(receives) },
      };
      return route([record as unknown as SQSRecord], context);
    },
    /** A message of the lane comes, for the first time unless said otherwise. */
    deliver: ({ destinationId, parts }: LaneMessage, receiveCount = 1) =>
      deliver([aLaneRecord(parts, { destinationId, receiveCount })], context),
    books: () => {
      const planned = sumPlans([...plans.plans.values()]);
      const ends = (id: string) => sumDones(dones.rows.filter((row) => row.destinationId === id));
      return {
        source: sourceBalance('src_1', planned),
        destinations: ['dst_x', 'dst_y'].map((id) => destinationBalance(id, 'src_1', planned, ends(id))),
      };
    },
  };
}

/** Two events, to two destinations, once each. */
function expectAllOnce({ engine, books }: ReturnType<typeof setUp>): void {
  expect(engine.sent.toSorted()).toEqual(['1', '1', '2', '2']);
  expect(books()).toMatchObject({
    source: { accepted: 2, routed: 2, invalid: 0, duplicate: 0, blocked: 0 },
    destinations: [
      { destination: 'dst_x', accepted: 2, delivered: 2, inFlight: 0 },
      { destination: 'dst_y', accepted: 2, delivered: 2, inFlight: 0 },
    ],
  });
}

test('a crash before the plan: it is decided again, and what was claimed is no duplicate of itself', async () => {
  const run = setUp();
  run.crashes.add('before plan');
  await expect(run.route()).resolves.toEqual(['intake']);
  expect([run.plans.plans.size, run.lane]).toEqual([0, []]);
  await expect(run.route()).resolves.toEqual([]);
  for (const message of run.lane) await run.deliver(message);
  expectAllOnce(run);
});

test('a crash after the plan, before any send: others wait for its hold, then obey it, whatever the configuration says now', async () => {
  const run = setUp();
  run.crashes.add('after plan');
  await expect(run.route()).rejects.toThrow(Crash);
  run.config.now = aWorkspaceConfig([aTarget('x'), aTarget('y'), aTarget('z')]);
  run.pass(PLAN_HOLD_MS - 1);
  await expect(run.route()).resolves.toEqual(['intake']);
  expect(run.lane).toEqual([]);
  run.pass(1);
  await expect(run.route()).resolves.toEqual([]);
  expect(run.lane.map(({ destinationId }) => destinationId)).toEqual(['dst_x', 'dst_y']);
  for (const message of run.lane) await run.deliver(message);
  expectAllOnce(run);
});

test('a crash in the middle of the fan-out: what has its done row is left out, the rest is sent', async () => {
  const run = setUp();
  run.crashes.add('after the first lane');
  await expect(run.route()).rejects.toThrow(Crash);
  const [first] = run.lane.splice(0);
  if (first === undefined) throw new Error('one message lies in the lane');
  await run.deliver(first);
  run.pass(PLAN_HOLD_MS);
  await expect(run.route()).resolves.toEqual([]);
  expect(run.lane.map(({ destinationId }) => destinationId)).toEqual(['dst_y']);
  for (const message of run.lane) await run.deliver(message);
  expectAllOnce(run);
});

test('a crash in the middle of the fan-out while the first copy still lies in its lane: the second copy meets the done row', async () => {
  const run = setUp();
  run.crashes.add('after the first lane');
  await expect(run.route()).rejects.toThrow(Crash);
  run.pass(PLAN_HOLD_MS);
  await expect(run.route()).resolves.toEqual([]);
  expect(run.lane.map(({ destinationId }) => destinationId)).toEqual(['dst_x', 'dst_x', 'dst_y']);
  for (const message of run.lane) await expect(run.deliver(message)).resolves.toEqual([]);
  expectAllOnce(run);
  expect(run.dones.rows).toHaveLength(2);
});

test('a crash after the fan-out, before the intake message was deleted: it is sent again, and every copy meets its done row', async () => {
  const run = setUp();
  await run.route();
  const first = run.lane.splice(0);
  run.pass(PLAN_HOLD_MS);
  await expect(run.route()).resolves.toEqual([]);
  for (const message of [...first, ...run.lane]) await run.deliver(message);
  expectAllOnce(run);
});

test('a crash after the done row, before its message was deleted: the message comes again, and nothing is sent', async () => {
  const run = setUp();
  await run.route();
  for (const message of run.lane) await run.deliver(message);
  for (const message of run.lane) await expect(run.deliver(message, 2)).resolves.toEqual([]);
  expectAllOnce(run);
  expect(run.dones.rows).toHaveLength(2);
});

test('a crash after the sends, before the done row: that part is sent twice, which nobody can tell from once, and counted once', async () => {
  const run = setUp();
  await run.route();
  const [first, second] = run.lane;
  if (first === undefined || second === undefined) throw new Error('two messages lie in the lane');
  run.crashes.add('before done row');
  await expect(run.deliver(first)).resolves.toEqual(['sqs-1']);
  await run.deliver(second);
  expect(run.books().destinations).toMatchObject([{ inFlight: 2 }, { inFlight: 0 }]);
  await expect(run.deliver(first, 2)).resolves.toEqual([]);
  expect(run.engine.sent).toHaveLength(6);
  expect(run.books().destinations).toMatchObject([
    { delivered: 2, inFlight: 0 },
    { delivered: 2, inFlight: 0 },
  ]);
});
