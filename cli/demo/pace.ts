/** At most this much is caught up after the machine slept or was busy: no burst beyond it. */
const CATCH_UP_MS_MAX = 1_000;

/**
 * Says how many events are due: `perSecond` on average, whatever the timer does. Rates below 1 work, too. What was not sent in time is
 * caught up, but for a second's worth at most.
 */
export function pace(perSecond: number, startMs: number): { due(nowMs: number): number } {
  let lastMs = startMs;
  let owed = 0;
  return {
    due: (nowMs) => {
      owed += (Math.max(0, nowMs - lastMs) / 1_000) * perSecond;
      lastMs = nowMs;
      owed = Math.min(owed, Math.max(1, (perSecond * CATCH_UP_MS_MAX) / 1_000));
      const whole = Math.floor(owed);
      owed -= whole;
      return whole;
    },
  };
}
