/** When breakers open and how they probe. Lengths in ms. */
export type BreakerPolicy = {
  /** What an environment looks back on. */
  windowMs: number;
  /** Fewer failures than this open nothing; with them, most calls must have failed. */
  failuresMin: number;
  /** Timeouts alone open it sooner: each holds a place among the sends for ten seconds. */
  timeoutsMin: number;
  /** … if at least this share of the calls timed out: five slow answers among thousands of good ones are no outage. */
  timeoutShareMin: number;
  /** So many calls that timed out with no other answer in between say it sooner: many environments each see few of a slow tool's. */
  timeoutsInARowMin: number;
  /** So many calls refused for their key with no other answer in between, however far apart, or sends of such calls: what is refused is discarded. */
  refusedCallsMin: number;
  refusedSendsMin: number;
  /** Waits before the 1st, 2nd … probe; the last one serves for all further ones. */
  probeMs: readonly number[];
  /** An environment that has no breaker in memory, but a reason to ask, asks the table this often. */
  lookMs: number;
  /** The longest time that a tool's Retry-After keeps it open. */
  retryAfterMsMax: number;
};

/**
 * Design 2 ('Waiting') and reliability 1.3: most of at least 10 failed, or 5 timeouts, in 30 s; a probe each 30 s to 15 min. The last wait leaves
 * room for the jitter of what waits: longer than 15 min, each round would be a hop and a step, and 13 days of them more than HOPS_MAX.
 */
export const BREAKER_POLICY: BreakerPolicy = {
  windowMs: 30_000,
  failuresMin: 10,
  timeoutsMin: 5,
  timeoutShareMin: 0.1,
  timeoutsInARowMin: 3,
  refusedCallsMin: 4,
  refusedSendsMin: 10,
  probeMs: [30_000, 60_000, 120_000, 240_000, 480_000, 750_000],
  lookMs: 5_000,
  retryAfterMsMax: 12 * 3_600_000,
};
