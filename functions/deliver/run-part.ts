import { logError } from '../../shared/aws/log.ts';
import type { SendResult } from '../../shared/destinations/engine.ts';
import { redactor } from '../../shared/destinations/redact.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { RetryPolicy } from '../../shared/domain/retry-schedule.ts';
import { hopFields } from '../../shared/pipeline/done-key.ts';
import type { DeliverySample } from '../../shared/ports/delivery-stores.ts';
import type { DoneStore } from '../../shared/ports/ledger.ts';
import type { Breakers } from './breaker.ts';
import type { DeadLetterBatch } from './dead-letter-batch.ts';
import type { LaneTask } from './lane-task.ts';
import type { Pace } from './pace.ts';
import type { PartCall, PartPlan } from './part-calls.ts';
import type { TakesSample } from './sample-budget.ts';
import { samplesOf, samplesOfEnds } from './samples.ts';
import type { SendSlots } from './send-slots.ts';
import { NOT_TRIED, type SendEnd, type Settlement, settlePart } from './settle-part.ts';
import type { Closed, Open } from './target-of.ts';
import type { Timers } from '../../shared/ports/timers.ts';

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
  /** A call for so many sends begins. */
  onBegin: (sends: number) => void;
  /** Resolves when the row of a part may be put. */
  beforeRow: (task: LaneTask) => Promise<void>;
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
  const sent: Sent = { bytes: 0, failed: new Map() };
  // A closed target has no calls.
  const calls =
    target.state === 'open' ? plan.calls.map((call) => runCall(deps, task, target, call, scope, { ends, sent })) : [];
  // What was sent is sent; a row that may not be put leaves no letters, either.
  const settled = [...(await Promise.allSettled(calls)), ...(await Promise.allSettled([scope.beforeRow(task)]))];
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await scope.letters.end([]);
    throw failed.reason;
  }
  const settledAt = deps.now().toISOString();
  const policy = deps.retryPolicy(target.state === 'open' ? target.destination : CLOSED);
  const { counts, letters, deadLetterKey } = await settleAndKeep(
    (rules) => settlePart(destinationId, part, ends, settledAt, { policy, jitter: scope.jitter, ...rules }),
    scope.letters,
    { destinationId, intakeId: part.intakeId },
  );
  const secretValues = target.state === 'open' ? target.secretValues : [];
  const shown = letters.filter(({ send }) => !plan.unseen.has(send));
  scope.samples.push(...samplesOfEnds(deps.takesSample, shown, sent.failed, { at: settledAt, secretValues }));
  const row: DoneRow = {
    ...hopFields(destinationId, part),
    settledAt,
    writeId: deps.newWriteId(),
    ...counts,
    ...(sent.bytes > 0 && { bytesOut: sent.bytes }),
    ...(deadLetterKey !== undefined && { deadLetterKey }),
  };
  const put = await deps.dones.putDone(row);
  return put.outcome === 'saved' ? row : put.row;
}

/**
 * Settles a part and keeps what was not delivered. Where that cannot be kept now, it goes on as not tried and ends in a later hop: else what was
 * delivered would have no row either, and would be sent again at each receive. Rejects where nothing was delivered that could be noted so.
 */
async function settleAndKeep(
  settle: (rules: { keepsLetters: boolean }) => Settlement,
  store: DeadLetterBatch,
  names: { destinationId: string; intakeId: string },
): Promise<Settlement & { deadLetterKey: string | undefined }> {
  const { counts, letters } = settle({ keepsLetters: true });
  try {
    return { counts, letters, deadLetterKey: await store.end(letters) };
  } catch (error) {
    const later = settle({ keepsLetters: false });
    if (counts.delivered === 0 || later.letters.length > 0) throw error;
    logError('Undelivered payloads could not be kept yet and go on in their lane', error, {
      ...names,
      sends: letters.length,
    });
    return { ...later, deadLetterKey: undefined };
  }
}

/** What a part's calls have sent: bytes, and by number the sends that failed with what was exchanged about them. */
type Sent = { bytes: number; failed: Map<number, SendResult> };

/** Of a closed target nothing goes on: no window is looked at. */
const CLOSED = { retryWindowHours: 1 };

async function runCall(
  deps: RunDeps,
  task: LaneTask,
  target: Open,
  call: PartCall,
  scope: RunScope,
  { ends, sent }: { ends: Map<number, SendEnd>; sent: Sent },
): Promise<void> {
  const ran = await scope.slots.run(task.destinationId, () => admitAndRun(deps, task, target, call, scope));
  const at = deps.now();
  if (ran === undefined || 'untilMs' in ran) {
    const end: SendEnd =
      ran === undefined ? { outcome: NOT_TRIED, at } : { outcome: BREAKER_OPEN, at, notBeforeMs: ran.untilMs };
    for (const [send] of call.sends) ends.set(send, end);
    return;
  }
  sent.bytes += bytesSentBy(ran.results);
  for (const [index, [send]] of call.sends.entries()) {
    const result = ran.results[index];
    ends.set(send, { outcome: result?.outcome ?? NOT_TRIED, at });
    if (result !== undefined && result.outcome.outcome !== 'delivered') sent.failed.set(send, result);
  }
  const shown = { at: at.toISOString(), secretValues: target.secretValues };
  scope.samples.push(...samplesOf(deps.takesSample, task, call, ran.results, shown));
}

const bytesSentBy = (results: readonly SendResult[]): number =>
  results.reduce((sum, { bytesOut = 0 }) => sum + bytesOut, 0);

type Ran = { untilMs: number } | { results: readonly SendResult[] };

/** The breaker is asked when a call's turn has come, not when its part was started: much may have failed in between. */
async function admitAndRun(
  deps: RunDeps,
  task: Pick<LaneTask, 'destinationId' | 'part'>,
  { destination, secretValues }: Open,
  call: PartCall,
  scope: RunScope,
): Promise<Ran> {
  const admission = await deps.breakers.admit(destination, task.part.hop > 0);
  if (admission.verdict === 'open') return { untilMs: admission.untilMs };
  scope.onBegin(call.sends.length);
  const startedMs = deps.timers.monotonicMs();
  const results = await call.run();
  deps.pace.note(task.destinationId, deps.timers.monotonicMs() - startedMs);
  // From here on nobody sees what a tool repeats of the key that it did not like.
  return {
    results: await deps.breakers.settle({ destination, admission, results: results.map(withoutSecrets(secretValues)) }),
  };
}

const BREAKER_OPEN = {
  outcome: 'not-tried',
  code: 'breaker_open',
  message: 'The destination fails on most sends, so that nothing is sent until a probe gets through',
} as const satisfies SendOutcome;

const withoutSecrets =
  (secretValues: readonly string[]) =>
  (result: SendResult): SendResult => {
    const { outcome } = result;
    if (outcome.outcome === 'delivered' || secretValues.length === 0) return result;
    return { ...result, outcome: { ...outcome, message: redactor(secretValues).text(outcome.message) } };
  };
