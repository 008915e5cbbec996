import type { SendResult } from '../../shared/destinations/engine.ts';
import type { BreakerCause } from '../../shared/ports/breaker-store.ts';
import type { BreakerPolicy } from './breaker-policy.ts';

/**
 * What one call says about its destination. `ok`: it answered, be it that it refused these events for what they are. `nothing`: it was not
 * asked, because the events do not fit or our own rules ended them.
 */
export type CallVerdict = {
  verdict: 'ok' | 'nothing' | 'failed' | 'timeout' | 'unauthorised';
  code: string;
  message: string;
  retryAfterMs: number;
  /** Sends that it was made for. */
  sends: number;
};

/** Calls of one destination that are remembered; more in one window tell no more. */
const CALLS_MAX = 1_000;
const TIMEOUT_CODE = 'ETIMEDOUT';
/** Codes of what a tool answered are its statuses; words are ours. */
const STATUS = /^\d{3}$/;

type Judged = Pick<CallVerdict, 'verdict' | 'code' | 'message' | 'retryAfterMs'>;

/** A call is what most of its sends are; those that say nothing have no voice. */
export function verdictOf(results: readonly Pick<SendResult, 'outcome'>[]): CallVerdict {
  const judged = results.map(verdictOfOne).filter(({ verdict }) => verdict !== 'nothing');
  const bad = judged.filter(({ verdict }) => verdict !== 'ok');
  const worst = bad.at(-1);
  const sends = results.length;
  if (judged.length === 0) return { ...quiet('nothing'), sends };
  if (worst === undefined || bad.length * 2 <= judged.length) return { ...quiet('ok'), sends };
  return { ...worst, retryAfterMs: Math.max(...bad.map(({ retryAfterMs }) => retryAfterMs)), sends };
}

const quiet = (verdict: 'ok' | 'nothing'): Judged => ({ verdict, code: '', message: '', retryAfterMs: 0 });

function verdictOfOne({ outcome }: Pick<SendResult, 'outcome'>): Judged {
  if (outcome.outcome === 'delivered') return quiet('ok');
  const { code, message } = outcome;
  if (outcome.outcome === 'retry') {
    const { retryAfterMs = 0 } = outcome;
    return { verdict: code === TIMEOUT_CODE ? 'timeout' : 'failed', code, message, retryAfterMs };
  }
  if (outcome.outcome === 'not-tried' || !STATUS.test(code)) return quiet('nothing');
  return code === '401' || code === '403' ? { verdict: 'unauthorised', code, message, retryAfterMs: 0 } : quiet('ok');
}

export type CallWindow = {
  add(nowMs: number, call: CallVerdict): void;
  /** Whether anything but `ok` is in the window. */
  hasFailures(nowMs: number): boolean;
  /** Why the breaker should open now, if it should. */
  causeToOpen(nowMs: number, policy: BreakerPolicy): BreakerCause | undefined;
  /** What all failures of the window asked to wait for at least; 0 where one of them asked for nothing. */
  retryAfterMs(nowMs: number): number;
  clear(): void;
};

/** The calls of the last `windowMs`, and how many were refused for their key since the last one that was not, however long ago. */
export function callWindow(windowMs: number): CallWindow {
  let calls: { atMs: number; call: CallVerdict }[] = [];
  let refusedInARow = { calls: 0, sends: 0 };
  const recent = (nowMs: number): CallVerdict[] => {
    const first = calls.findIndex(({ atMs }) => atMs > nowMs - windowMs);
    calls = first === -1 ? [] : calls.slice(Math.max(first, calls.length - CALLS_MAX));
    return calls.map(({ call }) => call);
  };
  return {
    add: (nowMs, call) => {
      if (call.verdict === 'nothing') return;
      const { calls: before, sends } = refusedInARow;
      refusedInARow =
        call.verdict === 'unauthorised' ? { calls: before + 1, sends: sends + call.sends } : { calls: 0, sends: 0 };
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
      const last = inWindow.slice(-policy.timeoutsInARowMin);
      const isHanging = last.length === policy.timeoutsInARowMin && last.every(({ verdict }) => verdict === 'timeout');
      if (isHanging) return 'timeouts';
      if (failures >= policy.failuresMin && failures * 2 > inWindow.length) return 'failing';
      if (unauthorised >= policy.failuresMin && unauthorised * 2 > inWindow.length) return 'unauthorised';
      const isRefusing = refusedInARow.calls >= policy.refusedCallsMin || refusedInARow.sends >= policy.refusedSendsMin;
      return isRefusing ? 'unauthorised' : undefined;
    },
    retryAfterMs: (nowMs) => {
      const asked = recent(nowMs).flatMap(({ verdict, retryAfterMs }) => (verdict === 'ok' ? [] : [retryAfterMs]));
      return asked.length === 0 ? 0 : Math.min(...asked);
    },
    clear: () => {
      calls = [];
      refusedInARow = { calls: 0, sends: 0 };
    },
  };
}
