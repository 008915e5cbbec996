import type { Timers } from '../../shared/ports/timers.ts';

/** The machine's timers, none of which keeps a test's process waiting: who dies in a test leaves its own behind. */
export const quietTimers: Timers = {
  monotonicMs: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
};
