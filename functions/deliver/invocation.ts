import type { SQSRecord } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import { LAST_START_BEFORE_DEADLINE_MS, SENDS_IN_FLIGHT_MAX } from '../../shared/config/limits.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { failedAgainSeconds } from '../../shared/pipeline/again-after.ts';
import { beforeDeadline, type Mark, takeAway } from '../../shared/pipeline/between-marks.ts';
import { nextHop } from '../../shared/pipeline/next-hop.ts';
import { touchesOfDone } from '../../shared/pipeline/touch-of.ts';
import type { DeadLetterStore, DeliverySample } from '../../shared/ports/delivery-stores.ts';
import type { Touches } from '../../shared/ports/digest-store.ts';
import type { TryStore } from '../../shared/ports/ledger.ts';
import type { BatchContext } from '../../shared/sqs/batch-handler.ts';
import { type DeadLetterBatch, deadLetterBatch } from './dead-letter-batch.ts';
import { type LaneTask, namesOf } from './lane-task.ts';
import type { OnwardParts } from './onward-parts.ts';
import { type PartPlan, type PlanDeps, planPart } from './part-calls.ts';
import { type RunDeps, type RunScope, runPart } from './run-part.ts';
import { type SendSlots, type SlotBounds, sendSlots } from './send-slots.ts';
import { nameOf, type Sorted } from './sort-tasks.ts';
import { type Closed, closedFor, type Open, type TargetDeps, targetOf } from './target-of.ts';

export type InvocationDeps = TargetDeps &
  PlanDeps &
  RunDeps & {
    deadLetters: Pick<DeadLetterStore, 'put'>;
    tries: TryStore;
    touches: Touches;
    /** Keeps a received message away for so many seconds from now. */
    holdBack: (record: SQSRecord, seconds: number) => Promise<void>;
  };

/** An invocation that has run no longer than this offers a part all the time that it can ever have. */
const FRESH_MS = 1_000;
/**
 * A message that has come so often is not given back any more: its parts are started with whatever time there is and end. Given back on and
 * on to a destination that is always busy, it would reach the queue's limit of receives (100) and leave the lane without a row.
 */
const RECEIVES_WITH_GIVE_BACK_MAX = 50;

type Target = Open | Closed;
/** A part that is ready to start. */
type Ready = { task: LaneTask; target: Target; plan: PartPlan; mark: Mark | undefined };
type ToRun = { task: LaneTask; target?: Closed };

/** One invocation's parts, from waiting to done. */
export class Invocation {
  readonly samples: DeliverySample[] = [];
  readonly #deps: InvocationDeps;
  readonly #context: BatchContext;
  readonly #scope: { bounds: SlotBounds; onward: OnwardParts; jitter: number };
  readonly #slots: SendSlots;
  readonly #letters = new Map<DestinationId, DeadLetterBatch>();
  /** Parts by destination that may still start. */
  readonly #toCome = new Map<DestinationId, number>();
  /** Records with a part that failed, and records with a part that was not started. */
  readonly #failed = new Set<SQSRecord>();
  readonly #notStarted = new Set<SQSRecord>();
  readonly #running = new Set<Promise<void>>();
  /** When work on parts began: how long the books took to answer is not the parts' fault. */
  #windowAtStartMs: number | undefined;
  /** Sends that have begun and whose part has no done row yet. */
  #unwritten = 0;
  /** Resolved at every change that may make room. */
  #changed = Promise.withResolvers<void>();

  constructor(
    deps: InvocationDeps,
    context: BatchContext,
    scope: { bounds: SlotBounds; onward: OnwardParts; jitter: number },
  ) {
    this.#deps = deps;
    this.#context = context;
    this.#scope = scope;
    this.#slots = sendSlots(scope.bounds, () => this.#windowMs() > 0, deps.timers);
  }

  fail(record: SQSRecord, why: string, error: unknown): void {
    logError(why, error, namesOf(record));
    this.#failed.add(record);
  }

  /**
   * One of each part. A second copy in another message goes back, and meets the first one's done row when it comes again; one in the same
   * message ends with the first, since they come together each time.
   */
  withoutCopies(tasks: readonly LaneTask[]): LaneTask[] {
    const carriers = new Map<string, SQSRecord>();
    return tasks.filter((task) => {
      const name = nameOf(task);
      const carrier = carriers.get(name);
      if (carrier === undefined) carriers.set(name, task.record);
      else if (carrier !== task.record) this.#notStarted.add(task.record);
      return carrier === undefined;
    });
  }

  /** Whether a record will come again: what else it carries need not be sent on yet. */
  comesAgain(record: SQSRecord): boolean {
    return this.#failed.has(record) || this.#notStarted.has(record);
  }

  /** Works on parts together. Resolves when every part that was started has settled; nothing runs on after that. */
  async run(open: readonly LaneTask[], ended: Sorted['ended'] = []): Promise<void> {
    this.#windowAtStartMs ??= this.#windowMs();
    const ready: Ready[] = [];
    const unprepared: ToRun[] = [
      ...ended.map(({ task, why }) => ({ task, target: closedFor(why) })),
      ...open.map((task) => ({ task })),
    ];
    const touch = this.#touchTogether(unprepared.map(({ task }) => task));
    for (const { task } of unprepared) this.#countToCome(task.destinationId, 1);
    while (unprepared.length > 0 || ready.length > 0) {
      const next = unprepared.shift();
      if (next !== undefined) {
        const prepared = await this.#prepare(next);
        if (prepared === undefined) this.#countToCome(next.task.destinationId, -1);
        else ready.push(prepared);
      }
      this.#startWhatFits(ready, touch.before);
      if (unprepared.length === 0 && ready.length > 0) await this.#change();
    }
    await Promise.all([...this.#running, touch.ended]);
  }

  /**
   * Says whose rows are about to be put, in one write where any is needed, while the parts are sent: no done row without a touch, but no send waits for
   * one. `before` a row each part waits for it, and tries it once more by itself where it failed; it rejects where the table takes none then, either.
   */
  #touchTogether(tasks: readonly LaneTask[]): { before: (task: LaneTask) => Promise<void>; ended: Promise<unknown> } {
    const { touches } = this.#deps;
    const stored = touches.touch(tasks.flatMap(touchesOfDone)).then(
      () => true,
      () => false,
    );
    return {
      before: async (task) => {
        if (!(await stored)) await touches.touch(touchesOfDone(task));
      },
      ended: stored,
    };
  }

  /** Works on parts that somebody died over, one after another: whoever dies again takes no other along (trap Q5). */
  async runAlone(suspects: readonly LaneTask[]): Promise<void> {
    for (const task of suspects) await this.run([task]);
  }

  /** Records that come again: those whose parts merely had no turn at once, those that failed sooner than the queue would have it. */
  async handedBack(): Promise<string[]> {
    const all = [...new Set([...this.#failed, ...this.#notStarted])];
    await Promise.all(
      all.map(async (record) => {
        const receives = Number(record.attributes.ApproximateReceiveCount);
        try {
          await this.#deps.holdBack(record, this.#failed.has(record) ? failedAgainSeconds(receives) : 0);
        } catch (error) {
          logError('A message comes again only after its visibility timeout', error, namesOf(record));
        }
      }),
    );
    return all.map((record) => record.messageId);
  }

  /** Time in which calls may still begin. */
  #windowMs(): number {
    return this.#context.remainingMs() - LAST_START_BEFORE_DEADLINE_MS;
  }

  /** `undefined`: it cannot be worked on now. */
  async #prepare({ task, target: given }: ToRun): Promise<Ready | undefined> {
    const { record } = task;
    if (this.#windowMs() <= 0) {
      this.#notStarted.add(record);
      return undefined;
    }
    const mark = markOf(task);
    try {
      // Before anything is done with what it holds: who dies over it leaves the mark behind.
      if (mark !== undefined) await this.#deps.tries.begin(mark.name, mark.receive);
      const target = given ?? (await targetOf(this.#deps, task));
      const plan = await planPart(this.#deps, task, target);
      if (target.state === 'closed' || plan.ended.size === 0) return { task, target, plan, mark };
      // Route let all of it pass: rules that say otherwise must not be older than that.
      const fresh = await targetOf(this.#deps, task, { notOlderThanRoute: true });
      return { task, target: fresh, plan: await planPart(this.#deps, task, fresh), mark };
    } catch (error) {
      this.fail(record, 'A part could not be prepared; nothing of it was sent', error);
      await this.#unmark(mark);
      return undefined;
    }
  }

  async #unmark(mark: Mark | undefined): Promise<void> {
    if (mark !== undefined) await takeAway(this.#deps.tries, mark);
  }

  /** Starts the parts that have room, and takes those out that can have none in this invocation. */
  #startWhatFits(ready: Ready[], beforeRow: RunScope['beforeRow']): void {
    for (const each of ready.slice()) {
      const verdict = this.#verdict(each);
      if (verdict === 'wait') continue;
      ready.splice(ready.indexOf(each), 1);
      this.#countToCome(each.task.destinationId, -1);
      if (verdict === 'start') this.#start(each, beforeRow);
      else {
        this.#notStarted.add(each.task.record);
        this.#await(this.#unmark(each.mark));
      }
    }
  }

  #verdict({ task: { destinationId, receives }, plan }: Ready): 'start' | 'wait' | 'give back' {
    const windowMs = this.#windowMs();
    const mayGoBack = receives <= RECEIVES_WITH_GIVE_BACK_MAX;
    if (windowMs <= 0) return mayGoBack ? 'give back' : 'start';
    if (plan.calls.length === 0) return 'start';
    // A part of which nothing could begin now is better off not started: it can still go back whole.
    if (!this.#slots.hasRoom(destinationId) || this.#unwritten >= SENDS_IN_FLIGHT_MAX) return 'wait';
    const { perDestinationMax } = this.#scope.bounds;
    const needMs = this.#deps.pace.untilLastBeginsMs(destinationId, plan.calls.length, perDestinationMax);
    const isFresh = windowMs > (this.#windowAtStartMs ?? windowMs) - FRESH_MS;
    // A part that would need more time than any invocation has is started with all that there is; what has no turn then waits for a next hop.
    return needMs < windowMs || isFresh || !mayGoBack ? 'start' : 'give back';
  }

  #start({ task, target, plan, mark }: Ready, beforeRow: RunScope['beforeRow']): void {
    const { destinationId, record, part } = task;
    const letters = this.#lettersOf(destinationId);
    letters.begin();
    const { onward, jitter, bounds } = this.#scope;
    // What will begin at once counts from now on: calls begin a little later, and no other part must think that there is room.
    let counted = sendsOf(plan.calls.slice(0, bounds.perDestinationMax));
    let begun = 0;
    this.#unwritten += counted;
    const onBegin = (sends: number): void => {
      begun += sends;
      const more = Math.max(begun - counted, 0);
      counted += more;
      this.#unwritten += more;
    };
    const scope = { slots: this.#slots, letters, samples: this.samples, onBegin, beforeRow, jitter };
    const run = () => runPart(this.#deps, task, target, plan, scope);
    const running = mark === undefined ? run() : beforeDeadline(this.#deps.timers, this.#context.remainingMs(), run);
    this.#await(
      running
        .then((row) => {
          const next = nextHop(part, row);
          if (next !== undefined) onward.add(record, destinationId, next);
        })
        .catch((error: unknown) => this.fail(record, 'A part was not settled and will be worked on again', error))
        .then(() => this.#unmark(mark))
        .finally(() => {
          this.#unwritten -= counted;
          this.#tellChange();
        }),
    );
  }

  /** What runs on beside the parts that wait for room. */
  #await(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #lettersOf(destinationId: DestinationId): DeadLetterBatch {
    const known = this.#letters.get(destinationId);
    if (known !== undefined) return known;
    const { deadLetters, timers } = this.#deps;
    const batch = deadLetterBatch(deadLetters, destinationId, () => this.#toCome.has(destinationId), timers);
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

/** What came before is marked while it is worked on. */
const markOf = (task: LaneTask): Mark | undefined =>
  task.receives === 1 ? undefined : { name: nameOf(task), receive: `${task.record.messageId}#${task.receives}` };

const sendsOf = (calls: PartPlan['calls']): number => calls.reduce((sum, { sends }) => sum + sends.length, 0);
