import type { SendResult } from '../../shared/destinations/engine.ts';
import { redactor } from '../../shared/destinations/redact.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { DoneStore } from '../../shared/ports/ledger.ts';
import type { DeliverySample } from '../../shared/ports/delivery-stores.ts';
import type { DeadLetterBatch } from './dead-letter-batch.ts';
import type { LaneTask } from './lane-task.ts';
import type { Pace } from './pace.ts';
import type { PartCall, PartPlan } from './part-calls.ts';
import type { TakesSample } from './sample-budget.ts';
import { samplesOf } from './samples.ts';
import type { SendSlots } from './send-slots.ts';
import { NOT_TRIED, type SendEnd, settlePart } from './settle-part.ts';
import type { Closed, Open } from './target-of.ts';

export type RunDeps = {
  dones: DoneStore;
  now: () => Date;
  newWriteId: () => string;
  takesSample: TakesSample;
  pace: Pace;
};

/** What parts of one invocation share. */
export type RunScope = {
  slots: SendSlots;
  /** Of this part's destination. */
  letters: DeadLetterBatch;
  samples: DeliverySample[];
  onBegin: () => void;
};

/**
 * Makes all sends of a part, writes what was not delivered to the dead-letter store, then puts the done row; only after that is the part done
 * (design 2). If another invocation's row is there, it holds, and our result is dropped. Rejects where a store fails: the part is not
 * done then, and its message comes again.
 */
export async function runPart(
  deps: RunDeps,
  task: LaneTask,
  target: Open | Closed,
  plan: PartPlan,
  scope: RunScope,
): Promise<void> {
  const { part, destinationId } = task;
  const secretValues = target.state === 'open' ? target.secretValues : [];
  const ends = new Map(plan.ended);
  const settled = await Promise.allSettled(
    plan.calls.map((call) => runCall(deps, task, call, secretValues, scope, ends)),
  );
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await scope.letters.end([]);
    throw failed.reason;
  }
  const settledAt = deps.now().toISOString();
  const { counts, letters } = settlePart(destinationId, part, ends, settledAt);
  const deadLetterKey = await scope.letters.end(letters);
  await deps.dones.putDone({
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
    ...(deadLetterKey !== undefined && { deadLetterKey }),
  });
}

async function runCall(
  deps: RunDeps,
  task: LaneTask,
  call: PartCall,
  secretValues: readonly string[],
  scope: RunScope,
  ends: Map<number, SendEnd>,
): Promise<void> {
  const results = await scope.slots.run(task.destinationId, async () => {
    scope.onBegin();
    const startedMs = performance.now();
    const answers = await call.run();
    deps.pace.note(task.destinationId, performance.now() - startedMs);
    return answers;
  });
  const at = deps.now();
  for (const [index, [send]] of call.sends.entries()) {
    ends.set(send, { outcome: outcomeOf(results?.[index], secretValues), at });
  }
  if (results === undefined) return;
  const shown = { at: at.toISOString(), secretValues };
  scope.samples.push(...samplesOf(deps.takesSample, task, call, results, shown));
}

/** A tool's message may repeat the key that it did not like. */
function outcomeOf(result: SendResult | undefined, secretValues: readonly string[]): SendOutcome {
  if (result === undefined) return NOT_TRIED;
  const { outcome } = result;
  if (outcome.outcome === 'delivered' || secretValues.length === 0) return outcome;
  return { ...outcome, message: redactor(secretValues).text(outcome.message) };
}
