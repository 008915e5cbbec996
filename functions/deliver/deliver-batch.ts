import type { SQSRecord } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import {
  LAST_START_BEFORE_DEADLINE_MS,
  SENDS_IN_FLIGHT_MAX,
  SHARED_LANE_SENDS_IN_FLIGHT_MAX,
} from '../../shared/config/limits.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { DeadLetterStore, DeliverySample, SampleStore } from '../../shared/ports/delivery-stores.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { type DeadLetterBatch, deadLetterBatch } from './dead-letter-batch.ts';
import { type LaneTask, tasksOf } from './lane-task.ts';
import { type PartPlan, type PlanDeps, planPart } from './part-calls.ts';
import { type RunDeps, runPart } from './run-part.ts';
import { type SendSlots, sendSlots } from './send-slots.ts';
import { type Closed, type Open, type TargetDeps, targetOf } from './target-of.ts';

export type DeliverDeps = TargetDeps &
  PlanDeps &
  RunDeps & {
    deadLetters: Pick<DeadLetterStore, 'put'>;
    samples: Pick<SampleStore, 'put'>;
    /** Makes a received message visible again at once. */
    giveBack: (receiptHandle: string) => Promise<void>;
  };

/** An invocation that has run no longer than this offers a part all the time that it can ever have. */
const FRESH_MS = 1_000;
/**
 * A message that has come so often is not given back any more: its parts are started with whatever time there is and end. Given back on and
 * on to a destination that is always busy, it would reach the queue's limit of receives (100) and leave the lane without a row.
 */
const RECEIVES_WITH_GIVE_BACK_MAX = 50;
/** Samples are examples: they get what time is left, less this, and never fail an invocation whose work is done. */
const SAMPLES_BEFORE_DEADLINE_MS = 1_000;

/** A part that is ready to start. */
type Ready = { task: LaneTask; target: Open | Closed; plan: PartPlan };

/**
 * The queue face of deliver. Each part is sent, settled and written into the books on its own; a message is acknowledged when all its parts
 * are. Parts that cannot be started in time go back with their message, at once and without an attempt counted. Answers the messageIds
 * that must come again.
 */
export const deliverBatch =
  (deps: DeliverDeps) =>
  async (records: readonly SQSRecord[], context: BatchContext): Promise<readonly string[]> => {
    const invocation = new Invocation(deps, context);
    const tasks = records.flatMap((record) => {
      try {
        return tasksOf(record);
      } catch (error) {
        invocation.fail(record, 'A message of the lane cannot be read', error);
        return [];
      }
    });
    await invocation.run(tasks);
    const handedBack = await invocation.handedBack();
    await keepSamples(deps, invocation.samples, context);
    return handedBack;
  };

async function keepSamples(
  { samples }: Pick<DeliverDeps, 'samples'>,
  kept: readonly DeliverySample[],
  context: BatchContext,
): Promise<void> {
  const leftMs = context.remainingMs() - SAMPLES_BEFORE_DEADLINE_MS;
  if (kept.length === 0 || leftMs <= 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, leftMs);
  });
  const put = samples.put(kept).catch((error: unknown) => logError('Samples were not kept', error));
  await Promise.race([put, late]);
  clearTimeout(timer);
}

/** One invocation's parts, from waiting to done. */
class Invocation {
  readonly samples: DeliverySample[] = [];
  readonly #deps: DeliverDeps;
  readonly #context: BatchContext;
  readonly #slots: SendSlots;
  readonly #letters = new Map<DestinationId, DeadLetterBatch>();
  /** Parts by destination that may still start. */
  readonly #toCome = new Map<DestinationId, number>();
  /** Records with a part that failed, and records with a part that was not started. */
  readonly #failed = new Set<SQSRecord>();
  readonly #notStarted = new Set<SQSRecord>();
  readonly #running = new Set<Promise<void>>();
  readonly #windowAtStartMs: number;
  /** Calls that have begun and whose part has no done row yet. */
  #unwritten = 0;
  /** Resolved at every change that may make room. */
  #changed = Promise.withResolvers<void>();

  constructor(deps: DeliverDeps, context: BatchContext) {
    this.#deps = deps;
    this.#context = context;
    this.#slots = sendSlots(
      { inAllMax: SENDS_IN_FLIGHT_MAX, perDestinationMax: SHARED_LANE_SENDS_IN_FLIGHT_MAX },
      () => this.#windowMs() > 0,
    );
    this.#windowAtStartMs = this.#windowMs();
  }

  fail(record: SQSRecord, why: string, error: unknown): void {
    logError(why, error, { sqsMessageId: record.messageId });
    this.#failed.add(record);
  }

  /** Resolves when every part that was started has settled; nothing runs on after that. */
  async run(tasks: readonly LaneTask[]): Promise<void> {
    const ready: Ready[] = [];
    const unprepared = this.#withoutCopies(tasks);
    for (const { destinationId } of unprepared) this.#countToCome(destinationId, 1);
    while (unprepared.length > 0 || ready.length > 0) {
      const task = unprepared.shift();
      if (task !== undefined) {
        const prepared = await this.#prepare(task);
        if (prepared === undefined) this.#countToCome(task.destinationId, -1);
        else ready.push(prepared);
      }
      this.#startWhatFits(ready);
      if (unprepared.length === 0 && ready.length > 0) await this.#change();
    }
    await Promise.all(this.#running);
  }

  /** One of each part: a second copy in the same invocation goes back, and meets the first one's done row when it comes again. */
  #withoutCopies(tasks: readonly LaneTask[]): LaneTask[] {
    const names = new Set<string>();
    return tasks.filter(({ destinationId, part, record }) => {
      const name = [destinationId, part.intakeId, part.slice, part.hop].join(' ');
      const isCopy = names.has(name);
      if (isCopy) this.#notStarted.add(record);
      names.add(name);
      return !isCopy;
    });
  }

  /** Records that come again; those whose parts merely had no turn are visible at once. */
  async handedBack(): Promise<string[]> {
    const early = [...this.#notStarted].filter((record) => !this.#failed.has(record));
    await Promise.all(
      early.map(async (record) => {
        try {
          await this.#deps.giveBack(record.receiptHandle);
        } catch (error) {
          logError('A message comes again only after its visibility timeout', error, {
            sqsMessageId: record.messageId,
          });
        }
      }),
    );
    return [...new Set([...this.#failed, ...this.#notStarted])].map((record) => record.messageId);
  }

  /** Time in which calls may still begin. */
  #windowMs(): number {
    return this.#context.remainingMs() - LAST_START_BEFORE_DEADLINE_MS;
  }

  /** `undefined`: the part is done already, or it cannot be worked on now. */
  async #prepare(task: LaneTask): Promise<Ready | undefined> {
    const { destinationId, part, record } = task;
    if (this.#windowMs() <= 0) {
      this.#notStarted.add(record);
      return undefined;
    }
    try {
      const { dueAt, intakeId, slice, hop } = part;
      const key = { destinationId, dueAt, intakeId, slice, hop };
      if (task.mayBeDone && (await this.#deps.dones.getDone(key)) !== undefined) return undefined;
      const target = await targetOf(this.#deps, task);
      return { task, target, plan: await planPart(this.#deps, task, target) };
    } catch (error) {
      this.fail(record, 'A part could not be prepared; nothing of it was sent', error);
      return undefined;
    }
  }

  /** Starts the parts that have room, and takes those out that can have none in this invocation. */
  #startWhatFits(ready: Ready[]): void {
    for (const each of ready.slice()) {
      const verdict = this.#verdict(each);
      if (verdict === 'wait') continue;
      ready.splice(ready.indexOf(each), 1);
      this.#countToCome(each.task.destinationId, -1);
      if (verdict === 'start') this.#start(each);
      else this.#notStarted.add(each.task.record);
    }
  }

  #verdict({ task: { destinationId, receives }, plan }: Ready): 'start' | 'wait' | 'give back' {
    const windowMs = this.#windowMs();
    const mayGoBack = receives <= RECEIVES_WITH_GIVE_BACK_MAX;
    if (windowMs <= 0) return mayGoBack ? 'give back' : 'start';
    // A part of which nothing could begin now is better off not started: it can still go back whole.
    const hasRoom = plan.calls.length === 0 || this.#slots.hasRoom(destinationId);
    if (!hasRoom || this.#unwritten >= SENDS_IN_FLIGHT_MAX) return 'wait';
    const needMs = this.#deps.pace.untilLastBeginsMs(destinationId, plan.calls.length, SHARED_LANE_SENDS_IN_FLIGHT_MAX);
    const isFresh = windowMs > this.#windowAtStartMs - FRESH_MS;
    // A part that would need more time than any invocation has is started with all that there is.
    return needMs < windowMs || isFresh || !mayGoBack ? 'start' : 'give back';
  }

  #start({ task, target, plan }: Ready): void {
    const { destinationId, record } = task;
    const letters = this.#lettersOf(destinationId);
    letters.begin();
    let begun = 0;
    const onBegin = (): void => {
      begun += 1;
      this.#unwritten += 1;
      this.#tellChange();
    };
    const scope = { slots: this.#slots, letters, samples: this.samples, onBegin };
    const running = runPart(this.#deps, task, target, plan, scope)
      .catch((error: unknown) => this.fail(record, 'A part was not settled and will be worked on again', error))
      .finally(() => {
        this.#unwritten -= begun;
        this.#running.delete(running);
        this.#tellChange();
      });
    this.#running.add(running);
  }

  #lettersOf(destinationId: DestinationId): DeadLetterBatch {
    const known = this.#letters.get(destinationId);
    if (known !== undefined) return known;
    const batch = deadLetterBatch(this.#deps.deadLetters, destinationId, () => this.#toCome.has(destinationId));
    this.#letters.set(destinationId, batch);
    return batch;
  }

  #countToCome(destinationId: DestinationId, change: number): void {
    const count = (this.#toCome.get(destinationId) ?? 0) + change;
    if (count === 0) this.#toCome.delete(destinationId);
    else this.#toCome.set(destinationId, count);
  }

  #tellChange(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #change(): Promise<void> {
    return this.#changed.promise;
  }
}
