import { BREAKER_POLICY, type BreakerPolicy } from '../../functions/deliver/breaker-policy.ts';
import { type RetryPolicy, retryPolicyOf } from '../../shared/domain/retry-schedule.ts';
import type { TrafficPlan } from './traffic.ts';

/** How long things take in a simulation. */
export type Scale = {
  traffic: TrafficPlan;
  retryPolicy: (destination: { retryWindowHours: number }) => RetryPolicy;
  breakerPolicy: BreakerPolicy;
  /** From the end of all faults on, everything has ended within this. */
  drainMs: number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Windows and outages of at most five minutes: what CI plays hundreds of times. Same rules, smaller numbers. */
export const SMALL: Scale = {
  traffic: { forMs: 2 * MINUTE_MS, perSecond: 0.35, eventsMax: 10 },
  retryPolicy: () => ({
    delaysMs: [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000],
    windowMs: 5 * MINUTE_MS,
    retryAfterMsMax: 2 * MINUTE_MS,
  }),
  breakerPolicy: {
    ...BREAKER_POLICY,
    windowMs: 15_000,
    failuresMin: 6,
    timeoutsMin: 3,
    probeMs: [4_000, 8_000, 15_000, 30_000],
    lookMs: 1_000,
    retryAfterMsMax: 2 * MINUTE_MS,
  },
  // The visibility timeout (3 min) of a machine that died, a few times over, beside the retry window.
  drainMs: 60 * MINUTE_MS,
};

/** The numbers of production, and outages of hours. */
export const FULL: Scale = {
  traffic: { forMs: 6 * HOUR_MS, perSecond: 0.01, eventsMax: 20 },
  retryPolicy: retryPolicyOf,
  breakerPolicy: BREAKER_POLICY,
  drainMs: 36 * HOUR_MS,
};
