import type { Clock } from './types.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is told to go on. Due actions run in order of their time. */
export function manualClock(startMs: number): Clock & { advance(byMs: number): void } {
  let nowMs = startMs;
  let waiting: { atMs: number; action: () => void }[] = [];
  return {
    now: () => nowMs,
    after: (delayMs, action) => {
      const entry = { atMs: nowMs + delayMs, action };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance: (byMs) => {
      const untilMs = nowMs + byMs;
      for (;;) {
        const next = waiting.filter((entry) => entry.atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        waiting = waiting.filter((entry) => entry !== next);
        nowMs = next.atMs;
        next.action();
      }
      nowMs = untilMs;
    },
  };
}
