import type { Clock } from '../types.ts';

/** Lets `ratePerSecond` calls pass in the long run, and up to `burst` at once. */
export function tokenBucket(clock: Clock, ratePerSecond: number, burst: number): { take(): boolean } {
  let tokens = burst;
  let filledAtMs = clock.now();
  return {
    take: () => {
      const nowMs = clock.now();
      tokens = Math.min(burst, tokens + (Math.max(0, nowMs - filledAtMs) / 1000) * ratePerSecond);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
