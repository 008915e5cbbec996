import type { Timers } from '../ports/timers.ts';

/** The machine's own. */
export const systemTimers: Timers = {
  monotonicMs: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
