import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { BreakerCause } from '../../shared/ports/breaker-store.ts';
import type { BreakerPolicy } from './breaker-policy.ts';

/** What one call says about its destination. `ok`: it answered, be it that it refused these events for what they are. */
export type CallVerdict = {
  verdict: 'ok' | 'failed' | 'timeout' | 'unauthorised';
  code: string;
  message: string;
  retryAfterMs: number;
};

/** Calls of one destination that are remembered; more in one window tell no more. */
const CALLS_MAX = 1_000;
const TIMEOUT_CODE = 'ETIMEDOUT';

const OK: CallVerdict = { verdict: 'ok', code: '', message: '', retryAfterMs: 0 };

/** A call is what most of its sends are; one that our own rules ended, or that never began, says nothing bad. */
export function verdictOf(outcomes: readonly SendOutcome[]): CallVerdict {
  let worst: CallVerdict = OK;
  let bad = 0;
  for (const outcome of outcomes) {
    const each = verdictOfOne(outcome);
    if (each.verdict === 'ok') continue;
    bad += 1;
    worst = { ...each, retryAfterMs: Math.max(worst.retryAfterMs, each.retryAfterMs) };
  }
  return bad * 2 > outcomes.length ? worst : OK;
}

function verdictOfOne(outcome: SendOutcome): CallVerdict {
  if (outcome.outcome === 'retry') {
    const { code, message, retryAfterMs = 0 } = outcome;
    return { verdict: code === TIMEOUT_CODE ? 'timeout' : 'failed', code, message, retryAfterMs };
  }
  if (outcome.outcome === 'discarded' && (outcome.code === '401' || outcome.code === '403')) {
    return { verdict: 'unauthorised', code: outcome.code, message: outcome.message, retryAfterMs: 0 };
  }
  return OK;
}

export type CallWindow = {
  add(nowMs: number, call: CallVerdict): void;
  /** Whether anything but `ok` is in the window. */
  hasFailures(nowMs: number): boolean;
  /** Why the breaker should open now, if it should. */
  causeToOpen(nowMs: number, policy: BreakerPolicy): BreakerCause | undefined;
  /** The longest wait that a tool asked for within the window. */
  retryAfterMs(nowMs: number): number;
  clear(): void;
};

/** The calls of the last `windowMs`. */
export function callWindow(windowMs: number): CallWindow {
  let calls: { atMs: number; call: CallVerdict }[] = [];
  const recent = (nowMs: number): CallVerdict[] => {
    const first = calls.findIndex(({ atMs }) => atMs > nowMs - windowMs);
    calls = first === -1 ? [] : calls.slice(Math.max(first, calls.length - CALLS_MAX));
    return calls.map(({ call }) => call);
  };
  return {
    add: (nowMs, call) => {
      // Nothing is kept of a destination that works: one entry a call, only once something failed.
      if (call.verdict === 'ok' && calls.length === 0) return;
      calls.push({ atMs: nowMs, call });
      if (calls.length > 2 * CALLS_MAX) calls = calls.slice(-CALLS_MAX);
    },
    hasFailures: (nowMs) => calls.length > 0 && recent(nowMs).some(({ verdict }) => verdict !== 'ok'),
    causeToOpen: (nowMs, policy) => {
      const inWindow = recent(nowMs);
      const count = (verdict: CallVerdict['verdict']) => inWindow.filter((call) => call.verdict === verdict).length;
      const timeouts = count('timeout');
      const failures = count('failed') + timeouts;
      const unauthorised = count('unauthorised');
      if (timeouts >= policy.timeoutsMin && timeouts >= policy.timeoutShareMin * inWindow.length) return 'timeouts';
      if (failures >= policy.failuresMin && failures * 2 > inWindow.length) return 'failing';
      if (unauthorised >= policy.failuresMin && unauthorised * 2 > inWindow.length) return 'unauthorised';
      return undefined;
    },
    retryAfterMs: (nowMs) => recent(nowMs).reduce((longest, call) => Math.max(longest, call.retryAfterMs), 0),
    clear: () => {
      calls = [];
    },
  };
}
