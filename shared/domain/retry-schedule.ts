const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** How a destination's sends are repeated. Lengths in ms. */
export type RetryPolicy = {
  /** Waits after the 1st, 2nd … try; the last one serves for all further tries. */
  delaysMs: readonly number[];
  /** From the first time that something was left to send; the last try is made when it ends. */
  windowMs: number;
  /** The longest Retry-After that is waited for. */
  retryAfterMsMax: number;
};

/** 13 tries in 24 h: at once, then after 5 s, 30 s, 2, 5, 10, 20, 40 min, 1, 2, 4, 8, 8 h (reliability 1.3). */
const DELAYS_MS = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  40 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
];
/** A Retry-After is kept to the second up to this (reliability 1.3). */
const RETRY_AFTER_MS_MAX = 12 * HOUR_MS;
/** Waits differ by up to this share in either direction, so that what failed together does not come back together. */
export const JITTER = 0.2;

export const retryPolicyOf = ({ retryWindowHours }: { retryWindowHours: number }): RetryPolicy => ({
  delaysMs: DELAYS_MS,
  windowMs: retryWindowHours * HOUR_MS,
  retryAfterMsMax: RETRY_AFTER_MS_MAX,
});

/** When a send is tried next, in ms since the epoch, or the reason why it is not. */
export type NextTry = { dueMs: number } | { over: 'retry_window' | 'retry_after' };

/**
 * When a send that was really tried is tried again. `attempts` counts all tries so far (1 or more), `random` is 0 to 1. Never earlier than
 * a Retry-After asks; after one only later, by up to JITTER of it. What would come after the window's end comes at it, unless the
 * tool asked for longer; what fails at the end or after it is over.
 */
export function nextTry(
  policy: RetryPolicy,
  send: { attempts: number; nowMs: number; waitingSinceMs: number; retryAfterMs?: number | undefined },
  random: number,
): NextTry {
  const { nowMs, retryAfterMs } = send;
  const endMs = send.waitingSinceMs + policy.windowMs;
  if (nowMs >= endMs) return { over: 'retry_window' };
  const delayMs = policy.delaysMs[Math.min(send.attempts, policy.delaysMs.length) - 1] ?? 0;
  const plannedMs = Math.min(nowMs + delayMs * (1 - JITTER + 2 * JITTER * random), endMs);
  if (retryAfterMs === undefined) return { dueMs: Math.round(plannedMs) };
  if (retryAfterMs > policy.retryAfterMsMax || nowMs + retryAfterMs > endMs) return { over: 'retry_after' };
  const askedMs = nowMs + retryAfterMs * (1 + JITTER * random);
  return { dueMs: Math.ceil(Math.max(plannedMs, Math.min(askedMs, Math.max(endMs, nowMs + retryAfterMs)))) };
}
