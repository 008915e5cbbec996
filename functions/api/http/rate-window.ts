/** Requests of one caller in a minute, by default. Above what the original documents, so that its clients never meet it where they met none. */
export const API_REQUESTS_PER_MINUTE_MAX = 3_000;
/** Requests of one address in a minute that no token or sign-in vouched for (T5); of public operations as many beside them. */
export const UNKNOWN_CALLERS_PER_MINUTE_MAX = 300;
/** Callers of whom one environment keeps count. */
const CALLERS_MAX = 5_000;
const WINDOW_MS = 60_000;

export type Counted = {
  outcome: 'within' | 'over';
  consumed: number;
  remaining: number;
  /** When the next minute begins, and how long that is from now. */
  resetMs: number;
  leftMs: number;
};
export type RateWindow = {
  count(caller: string, max: number): Counted;
  /** Whether the next one would be over. Counts nothing. */
  isFull(caller: string, max: number): boolean;
};

/**
 * Counts requests by caller and limit in fixed minutes, in the memory of one environment: a guard against scripts that run wild, exact where one
 * environment serves them, and up to as many times as there are environments otherwise.
 */
export function rateWindow(nowMs: () => number): RateWindow {
  const counts = new Map<string, { window: number; consumed: number }>();
  return {
    count: (caller, max) => {
      const now = nowMs();
      const window = Math.floor(now / WINDOW_MS);
      const known = counts.get(caller);
      const consumed = (known?.window === window ? known.consumed : 0) + 1;
      counts.delete(caller);
      counts.set(caller, { window, consumed });
      const oldest = counts.keys().next();
      if (counts.size > CALLERS_MAX && !oldest.done) counts.delete(oldest.value);
      const resetMs = (window + 1) * WINDOW_MS;
      return {
        outcome: consumed > max ? 'over' : 'within',
        consumed,
        remaining: Math.max(0, max - consumed),
        resetMs,
        leftMs: resetMs - now,
      };
    },
    isFull: (caller, max) => {
      const known = counts.get(caller);
      return known?.window === Math.floor(nowMs() / WINDOW_MS) && known.consumed >= max;
    },
  };
}
