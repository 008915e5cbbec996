import type { SendResult } from '../../shared/destinations/engine.ts';
import { redactor } from '../../shared/destinations/redact.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { RetryPolicy } from '../../shared/domain/retry-schedule.ts';
import type { DeliverySample } from '../../shared/ports/delivery-stores.ts';
import type { DoneStore } from '../../shared/ports/ledger.ts';
import type { Breakers } from './breaker.ts';
import type { DeadLetterBatch } from './dead-letter-batch.ts';
import type { LaneTask } from './lane-task.ts';
import type { Pace } from './pace.ts';
import type { PartCall, PartPlan } from './part-calls.ts';
import type { TakesSample } from './sample-budget.ts';
import { samplesOf } from './samples.ts';
import type { SendSlots } from './send-slots.ts';
import { NOT_TRIED, type SendEnd, settlePart } from './settle-part.ts';
import type { Closed, Open } from './target-of.ts';
import type { Timers } from './timers.ts';

export type RunDeps = {
  dones: Pick<DoneStore, 'putDone'>;
  breakers: Breakers;
  retryPolicy: (destination: { retryWindowHours: number }) => RetryPolicy;
  now: () => Date;
  newWriteId: () => string;
  takesSample: TakesSample;
  pace: Pace;
  timers: Timers;
};

/** What parts of one invocation share. */
export type RunScope = {
  slots: SendSlots;
  /** Of this part's destination. */
  letters: DeadLetterBatch;
  samples: DeliverySample[];
  onBegin: () => void;
  jitter: number;
};

/**
 * Makes all sends of a part, writes what was not delivered to the dead-letter store, then puts the done row; only after that is the part done
 * (design 2). Answers the row that holds: if another invocation's is there, that one, and our result is dropped. Rejects where a store
 * fails: the part is not done then, and its message comes again.
 */
export async function runPart(
  deps: RunDeps,
  task: LaneTask,
  target: Open | Closed,
  plan: PartPlan,
  scope: RunScope,
): Promise<DoneRow> {
  const { part, destinationId } = task;
  const ends = new Map(plan.ended);
  // A closed target has no calls.
  const calls = target.state === 'open' ? plan.calls.map((call) => runCall(deps, task, target, call, scope, ends)) : [];
  const settled = await Promise.allSettled(calls);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await scope.letters.end([]);
    throw failed.reason;
  }
  const settledAt = deps.now().toISOString();
  const policy = deps.retryPolicy(target.state === 'open' ? target.destination : CLOSED);
  const { counts, letters } = settlePart(destinationId, part, ends, settledAt, { policy, jitter: scope.jitter });
  const deadLetterKey = await scope.letters.end(letters);
  const row: DoneRow = {
    v: 1,
    workspaceId: part.workspaceId,
    sourceId: part.sourceId,
    destinationId,
    intakeId: part.intakeId,
    slice: part.slice,
    hop: part.hop,
    dueAt: part.dueAt,
    settledAt,
    writeId: deps.newWriteId(),
    ...counts,
    ...(part.replay !== undefined && { replay: part.replay }),
    ...(deadLetterKey !== undefined && { deadLetterKey }),
  };
  const put = await deps.dones.putDone(row);
  return put.outcome === 'saved' ? row : put.row;
}

/** Of a closed target nothing goes on: no window is looked at. */
const CLOSED = { retryWindowHours: 1 };

async function runCall(
  deps: RunDeps,
  task: LaneTask,
  target: Open,
  call: PartCall,
  scope: RunScope,
  ends: Map<number, SendEnd>,
): Promise<void> {
  const ran = await scope.slots.run(task.destinationId, () => admitAndRun(deps, task, target, call, scope));
  const at = deps.now();
  if (ran === undefined || 'untilMs' in ran) {
    const end: SendEnd =
      ran === undefined
        ? { outcome: NOT_TRIED, at }
        : { outcome: BREAKER_OPEN, at, ...(ran.untilMs !== undefined && { notBeforeMs: ran.untilMs }) };
    for (const [send] of call.sends) ends.set(send, end);
    return;
  }
  const { results, outcomes } = ran;
  for (const [index, [send]] of call.sends.entries()) {
    ends.set(send, { outcome: withoutSecrets(outcomes[index] ?? NOT_TRIED, target.secretValues), at });
  }
  const shown = { at: at.toISOString(), secretValues: target.secretValues };
  scope.samples.push(...samplesOf(deps.takesSample, task, call, results, shown));
}

type Ran = { untilMs: number } | { results: readonly SendResult[]; outcomes: readonly SendOutcome[] };

/** The breaker is asked when a call's turn has come, not when its part was started: much may have failed in between. */
async function admitAndRun(
  deps: RunDeps,
  task: Pick<LaneTask, 'destinationId' | 'part'>,
  { destination }: Open,
  call: PartCall,
  scope: RunScope,
): Promise<Ran> {
  const admission = await deps.breakers.admit(destination, task.part.hop > 0);
  if (admission.verdict === 'open') return { untilMs: admission.untilMs };
  scope.onBegin();
  const startedMs = deps.timers.monotonicMs();
  const results = await call.run();
  deps.pace.note(task.destinationId satisfies DestinationId, deps.timers.monotonicMs() - startedMs);
  const outcomes = await deps.breakers.settle({
    destination,
    admission,
    outcomes: results.map(({ outcome }) => outcome),
  });
  return { results, outcomes };
}

const BREAKER_OPEN = {
  outcome: 'not-tried',
  code: 'breaker_open',
  message: 'The destination fails on most sends, so that nothing is sent until a probe gets through',
} as const satisfies SendOutcome;

/** A tool's message may repeat the key that it did not like. */
function withoutSecrets(outcome: SendOutcome, secretValues: readonly string[]): SendOutcome {
  if (outcome.outcome === 'delivered' || secretValues.length === 0) return outcome;
  return { ...outcome, message: redactor(secretValues).text(outcome.message) };
}
