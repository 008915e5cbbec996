import { bitmapOf, Groups } from '../../shared/domain/bitmap.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { LaneSend, Part } from '../../shared/domain/lane-message.ts';
import { type Counts, type DoneRow, LATENCY_BUCKETS_MS } from '../../shared/domain/ledger-rows.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import { nextTry, type RetryPolicy } from '../../shared/domain/retry-schedule.ts';
import { deadLetterOf } from '../../shared/pipeline/dead-letters.ts';
import { isAtHopCap } from '../../shared/pipeline/next-hop.ts';
import { partLines, type SendWord } from '../../shared/pipeline/part-lines.ts';
import type { DeadLetter } from '../../shared/ports/delivery-stores.ts';
import { cutCode, errorLines } from './error-lines.ts';
import { notTriedAgainMs } from './not-tried.ts';

/** How a send of a part stands when the part settles, and when that was. `untried`: our own rules ended it, and no attempt counts. */
export type SendEnd = {
  outcome: SendOutcome | Undeliverable;
  at: Date;
  untried?: true;
  /** Of a send that was not tried: nothing can be sent before (an open breaker), in ms since the epoch. */
  notBeforeMs?: number;
};

/** Ended by our own side before anything was tried: the destination is gone, off or paused. */
export type Undeliverable = { outcome: 'undeliverable'; code: string; message: string };

export type Settlement = {
  /** All of the done row but who writes it, when, and where the payloads lie. */
  counts: Pick<
    DoneRow,
    | 'delivered'
    | 'discarded'
    | 'deadLettered'
    | 'retry'
    | 'retryBitmap'
    | 'triedBitmap'
    | 'nextDueAt'
    | 'waitingSince'
    | 'errors'
    | 'latency'
    | 'ends'
    | 'retryCodes'
    | 'mappings'
    | 'kinds'
    | 'lines'
  >;
  /** What was not delivered, discarded payloads included: nothing is destroyed. */
  letters: DeadLetter[];
};

export type SettleRules = {
  policy: RetryPolicy;
  /** 0 to 1, one draw for all parts of an invocation: what waits alike can share messages. */
  jitter: number;
  /** False: the dead-letter store does not answer, so that nothing may end there in this hop. */
  keepsLetters: boolean;
};

/** What becomes of a send that has an end: `goesOn` at `dueMs`, or it is over. */
type Verdict =
  | { verdict: 'delivered' }
  | { verdict: 'goes on'; dueMs: number; isTried: boolean }
  | { verdict: 'over'; as: 'discarded' | 'dead-lettered'; code: string; message: string; attempts: number };

/**
 * Sums up a part whose sends have all ended: delivered + discarded + deadLettered + retry = its sends. The part is due again when the last
 * of those that go on is.
 */
export function settlePart(
  destinationId: DestinationId,
  part: Part,
  ends: ReadonlyMap<number, SendEnd>,
  settledAt: string,
  rules: SettleRules,
): Settlement {
  const discarded: Counts = {};
  const deadLettered: Counts = {};
  const latency = Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, () => 0);
  const letters: DeadLetter[] = [];
  const failures: { code: string; message: string }[] = [];
  const goesOn: number[] = [];
  const tried: number[] = [];
  const told = new Groups();
  const retryCodes = new Groups();
  const words = new Map<number, SendWord>();
  const waitingSince = part.waitingSince ?? settledAt;
  let delivered = 0;
  let dueMs = 0;
  for (const send of part.sends) {
    const [number, , , before] = send;
    const end: SendEnd = ends.get(number) ?? { outcome: NOT_TRIED, at: new Date(settledAt) };
    const verdict = keepable(
      part,
      send,
      verdictOf(part, send, end, { ...rules, waitingSinceMs: Date.parse(waitingSince) }),
      end,
      rules,
    );
    if (verdict.verdict === 'delivered') {
      delivered += 1;
      told.add('delivered', number);
      words.set(number, before === 0 ? 'd' : 'r');
      const bucket = bucketOf(end.at.getTime() - Date.parse(part.receivedAt));
      latency[bucket] = (latency[bucket] ?? 0) + 1;
      continue;
    }
    // The table of errors tells what tools said at each try, whatever became of the send.
    if (end.outcome.outcome !== 'delivered' && end.outcome.outcome !== 'not-tried') failures.push(end.outcome);
    if (verdict.verdict === 'goes on') {
      goesOn.push(number);
      if (end.outcome.outcome !== 'delivered') retryCodes.add(cutCode(end.outcome.code), number);
      words.set(number, verdict.isTried ? 'w' : 'u');
      if (verdict.isTried) tried.push(number);
      dueMs = Math.max(dueMs, verdict.dueMs);
      continue;
    }
    const { as: outcome, code, message, attempts } = verdict;
    const counts = outcome === 'discarded' ? discarded : deadLettered;
    counts[code] = (counts[code] ?? 0) + 1;
    const word = `${outcome === 'discarded' ? 'discarded' : 'dead'}.${code}`;
    told.add(word, number);
    words.set(number, word);
    letters.push(deadLetterOf(destinationId, part, send, { outcome, code, message, attempts, settledAt }));
  }
  const errors = errorLines(failures);
  // With one code, the errors say it of all that were tried.
  const isToldByErrors = tried.length === goesOn.length && new Set(errors.map(({ code }) => code)).size === 1;
  return {
    counts: {
      delivered,
      discarded,
      deadLettered,
      retry: goesOn.length,
      ...(goesOn.length > 0 && {
        retryBitmap: bitmapOf(goesOn),
        nextDueAt: new Date(dueMs).toISOString(),
        waitingSince,
        ...(tried.length > 0 && { triedBitmap: bitmapOf(tried) }),
      }),
      errors,
      latency,
      ...told.field('ends'),
      ...(!isToldByErrors && retryCodes.field('retryCodes', true)),
      ...partLines(part, words),
    },
    letters,
  };
}

/** What cannot be kept goes on as if it had had no turn, its try counted if there was one; at the cap of hops it cannot. */
function keepable(
  part: Part,
  [, , , before]: LaneSend,
  verdict: Verdict,
  { at }: SendEnd,
  { keepsLetters, jitter }: SettleRules,
): Verdict {
  if (verdict.verdict !== 'over' || keepsLetters || isAtHopCap(part)) return verdict;
  const dueMs = notTriedAgainMs(part, { nowMs: at.getTime(), notBeforeMs: undefined, jitter });
  return { verdict: 'goes on', dueMs, isTried: verdict.attempts > before };
}

function verdictOf(
  part: Part,
  [, , , before]: LaneSend,
  end: SendEnd,
  { policy, jitter, waitingSinceMs }: Omit<SettleRules, 'keepsLetters'> & { waitingSinceMs: number },
): Verdict {
  const { outcome } = end;
  const nowMs = end.at.getTime();
  if (outcome.outcome === 'delivered') return { verdict: 'delivered' };
  if (outcome.outcome === 'discarded' || outcome.outcome === 'undeliverable') {
    const isDiscarded = outcome.outcome === 'discarded';
    const attempts = before + (isDiscarded && end.untried !== true ? 1 : 0);
    const { code, message } = outcome;
    return { verdict: 'over', as: isDiscarded ? 'discarded' : 'dead-lettered', code, message, attempts };
  }
  const isTried = outcome.outcome === 'retry';
  const attempts = before + (isTried ? 1 : 0);
  const over = (code: string): Verdict => ({
    verdict: 'over',
    as: 'dead-lettered',
    code,
    message: OVER_BECAUSE[code]?.(attempts, outcome) ?? outcome.message,
    attempts,
  });
  if (isAtHopCap(part)) return over('hop_cap');
  if (outcome.outcome === 'not-tried') {
    if (nowMs >= waitingSinceMs + policy.windowMs) return over('retry_window');
    return {
      verdict: 'goes on',
      dueMs: notTriedAgainMs(part, { nowMs, notBeforeMs: end.notBeforeMs, jitter }),
      isTried,
    };
  }
  const next = nextTry(policy, { attempts, nowMs, waitingSinceMs, retryAfterMs: outcome.retryAfterMs }, jitter);
  return 'over' in next ? over(next.over) : { verdict: 'goes on', dueMs: next.dueMs, isTried };
}

type Last = { code: string; message: string };
const tries = (attempts: number): string => `${attempts} ${attempts === 1 ? 'try' : 'tries'}`;

/** What people read in the dead letter: why it ended, and what the tool said last. */
const OVER_BECAUSE: Readonly<Record<string, (attempts: number, last: Last) => string>> = {
  retry_window: (attempts, { code, message }) =>
    `Given up at the end of the retry window, after ${tries(attempts)}; last: ${code} ${message}`,
  retry_after: (attempts, { code, message }) =>
    `The tool asked to wait for longer than the retry window or 12 hours, at ${tries(attempts)}: ${code} ${message}`,
  hop_cap: (attempts, { code, message }) =>
    `Given up after as many rounds as a send may have, ${tries(attempts)} among them; last: ${code} ${message}`,
};

/** A send that was not begun in time. */
export const NOT_TRIED = {
  outcome: 'not-tried',
  code: 'not_tried',
  message: 'The destination was too slow for its turn to come',
} as const satisfies SendOutcome;

/** The histogram's bucket of a latency; clocks of two machines may differ, so none is below 0. */
function bucketOf(ms: number): number {
  const bucket = LATENCY_BUCKETS_MS.findIndex((bound) => ms < bound);
  return bucket === -1 ? LATENCY_BUCKETS_MS.length : bucket;
}
