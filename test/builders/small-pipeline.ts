import { quietTimers } from './quiet-timers.ts';
import type { SQSRecord } from 'aws-lambda';
import { deliverBatch } from '../../functions/deliver/deliver-batch.ts';
import { routeBatch } from '../../functions/route/route-batch.ts';
import { encodeIntake } from '../../shared/aws/intake-codec.ts';
import { destinationBalance, sourceBalance } from '../../shared/domain/balance.ts';
import { sumDones, sumPlans } from '../../shared/domain/books.ts';
import { ANY_KIND } from './any-kind.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import type { LaneMessage } from '../../shared/domain/lane-message.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { DoneStore, PlanStore } from '../../shared/ports/ledger.ts';
import type { LaneQueues } from '../../shared/ports/queues.ts';
import { anSqsRecord } from './sqs-record.ts';
import { deliverDeps } from './deliver-deps.ts';
import type { Fate } from './fake-engine.ts';
import { fakeArchiveQueue } from './fake-queues.ts';
import { fakeTouches } from './fake-touches.ts';
import { fakeClaimStore, noDebugSampler, noHookSampler } from './fake-route-stores.ts';
import { aLife, type Life, mortal } from './mortal.ts';
import { smallLedger } from './small-ledger.ts';
import { smallQueue } from './small-queue.ts';
import { aWorkspaceConfig } from './workspace-config.ts';

/** Moments between the steps of design 2's walk-through at which an invocation may die. */
export type Step =
  | 'before plan'
  | 'after plan'
  | 'after the first lane'
  | 'after the fan-out'
  | 'before done row'
  | 'after done row'
  | 'after hop + 1';

/** What route and deliver work with, and what a planted fault may replace. */
export type Ports = {
  claims: ClaimStore;
  plans: PlanStore;
  dones: DoneStore;
  /** The lanes as route sends to them, and as deliver does. */
  fanOut: LaneQueues;
  onward: LaneQueues;
  /** An intake message as route receives it. */
  received: (record: SQSRecord) => SQSRecord;
};

/** A broken rule: ports that do not keep it, made of those that do. `lane` is the lane itself, behind everybody's back. */
export type Plant = (ports: Ports, world: { now: () => Date; lane: LaneQueues }) => Partial<Ports>;

/** Receives until nothing moves any more; more than that is a ring. */
const ROUNDS_MAX = 50;
const ROUTE_BATCH = 10;
/** One message each, so that a death has one part to explain. */
const DELIVER_BATCH = 1;
const CONTEXT = { remainingMs: () => 30_000 };

/**
 * route and deliver as they are, between an intake queue and a lane in memory, with a ledger under the real keys. An invocation can be killed
 * at a step: nothing of it happens after that, and what it had received comes again.
 */
export function smallPipeline({ fate, plant = () => ({}) }: { fate?: Fate; plant?: Plant } = {}) {
  let nowMs = Date.parse('2026-11-24T10:15:00.100Z');
  const now = () => new Date(nowMs);
  const config: { now: WorkspaceConfig } = { now: aWorkspaceConfig() };
  const ledger = smallLedger();
  const intake = smallQueue<string>('intake', () => nowMs);
  const lane = smallQueue<LaneMessage>('lane', () => nowMs);
  const { deps, engine, deadLetters, tries } = deliverDeps({ config: undefined, fate, now });
  const claims = fakeClaimStore();
  const crashes = new Set<Step>();
  const deaths: Step[] = [];

  const portsOf = (life: Life): Ports => {
    const crash = async (step: Step): Promise<void> => {
      if (!crashes.delete(step)) return;
      deaths.push(step);
      await life.die();
    };
    const ports: Ports = {
      claims,
      plans: {
        ...ledger.plans,
        putPlan: async (row) => {
          await crash('before plan');
          return await ledger.plans.putPlan(row);
        },
      },
      dones: {
        ...ledger.dones,
        putDone: async (row) => {
          await crash('before done row');
          const put = await ledger.dones.putDone(row);
          await crash('after done row');
          return put;
        },
      },
      fanOut: {
        send: async (sendings) => {
          await crash('after plan');
          for (const { message, delaySeconds } of sendings) {
            lane.send(message, delaySeconds);
            await crash('after the first lane');
          }
          await crash('after the fan-out');
          return sendings.map(() => 'taken');
        },
      },
      onward: {
        send: async (sendings) => {
          for (const { message, delaySeconds } of sendings) lane.send(message, delaySeconds);
          await crash('after hop + 1');
          return sendings.map(() => 'taken');
        },
      },
      received: (record) => record,
    };
    const bare: LaneQueues = {
      send: async (sendings) =>
        sendings.map(({ message, delaySeconds }) => {
          lane.send(message, delaySeconds);
          return 'taken';
        }),
    };
    return { ...ports, ...plant(ports, { now, lane: bare }) };
  };

  const configs = { workspaceConfig: async () => config.now };
  let writes = 0;
  const newWriteId = (): string => `w${(writes += 1)}`;

  const invoke = async <T>(
    queue: ReturnType<typeof smallQueue<T>>,
    batchSize: number,
    bodyOf: (content: T) => string,
    work: (ports: Ports, life: Life, records: SQSRecord[]) => Promise<readonly string[]>,
  ): Promise<'died' | 'lived'> => {
    const life = aLife();
    const records = queue
      .receive(batchSize)
      .map(({ content, id, receives, sentAtMs }) =>
        anSqsRecord({ messageId: id, receiptHandle: id, body: bodyOf(content), receives, sentAtMs }),
      );
    const failed = await Promise.race([work(portsOf(life), life, records), life.death]);
    if (failed === 'died') return 'died';
    for (const { messageId } of records) if (!failed.includes(messageId)) queue.delete(messageId);
    return 'lived';
  };

  const route = () =>
    invoke(
      intake,
      ROUTE_BATCH,
      (body) => body,
      (ports, life, records) =>
        routeBatch({
          configs,
          claims: mortal(life, ports.claims),
          plans: mortal(life, ports.plans),
          touches: mortal(life, fakeTouches().touches),
          lanes: mortal(life, ports.fanOut),
          tries: mortal(life, tries),
          deadLetters: mortal(life, deadLetters.store),
          archive: mortal(life, fakeArchiveQueue()),
          catalog: () => ANY_KIND,
          hookSampler: noHookSampler,
          debugSampler: noDebugSampler,
          holdBack: async (handle, seconds) => intake.holdBack(handle, seconds),
          now,
          timers: quietTimers,
          newWriteId,
        })(records.map(ports.received), CONTEXT),
    );

  const deliver = () =>
    invoke(
      lane,
      DELIVER_BATCH,
      (message) => JSON.stringify(message),
      (ports, life, records) =>
        deliverBatch({
          ...deps,
          configs,
          engine: mortal(life, deps.engine),
          dones: mortal(life, ports.dones),
          lanes: mortal(life, ports.onward),
          tries: mortal(life, tries),
          deadLetters: mortal(life, deadLetters.store),
          holdBack: async ({ receiptHandle }, seconds) => lane.holdBack(receiptHandle, seconds),
          newWriteId,
        })(records, CONTEXT),
    );

  return {
    config,
    ledger,
    lane,
    sent: engine.sent,
    /** The invocation that comes there next dies. */
    crashAt: (step: Step) => void crashes.add(step),
    deaths,
    accept: ({ body, ...head }: IntakeMessage) => intake.send(encodeIntake(head, JSON.stringify(body))),
    route,
    deliver,
    pass: (ms: number) => (nowMs += ms),
    /** Lets time pass and functions run until both queues are empty. */
    drain: async (): Promise<void> => {
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        nowMs = Math.max(nowMs, Math.min(intake.nextAtMs(), lane.nextAtMs()));
        if (nowMs === Number.POSITIVE_INFINITY) return;
        if (intake.nextAtMs() <= nowMs) await route();
        else await deliver();
        if (intake.messages.size + lane.messages.size === 0) return;
      }
      throw new Error(`Messages are left after ${ROUNDS_MAX} rounds`);
    },
    books: (...destinationIds: string[]) => {
      const planned = sumPlans([...ledger.planRows.values()]);
      const done = (id: string) => sumDones([...ledger.doneRows.values()].filter((row) => row.destinationId === id));
      return {
        source: sourceBalance('src_1', planned, ledger.unreadable.size),
        destinations: destinationIds.map((id) => destinationBalance(id, 'src_1', planned, done(id))),
      };
    },
  };
}
