import { SettingsError } from './settings.ts';

/** What event source mappings may take of the account's concurrency, so that ingest and api always find room (design rule). */
export const CONCURRENCY_SHARE_MAX = 0.6;
/** AWS takes a MaximumConcurrency of 2 to 1,000. */
const CONCURRENCY_MIN = 2;
const CONCURRENCY_MAX = 1_000;
/** On the shared lane one slow destination may hold this many before it is another's turn. */
const SHARED_LANE_MIN = 20;

/** MaximumConcurrency by mapping; `lane` is that of each lane of the pool, `deadLetters` that of each of the two dead-letter queues. */
export type Concurrency = { route: number; sharedLane: number; lane: number; archive: number; deadLetters: number };

/** How what is left beyond the minima is spread. Together 1; the lanes' share is spread evenly over them. */
const WEIGHTS = { route: 0.36, lanes: 0.45, sharedLane: 0.09, archive: 0.1 };

/**
 * Splits the event source mappings' part of the account's concurrency: each gets what it needs, the rest goes by weight. Throws when the needs
 * alone come to more than CONCURRENCY_SHARE_MAX of the account (a new account may start with a quota of 10), saying which number to change.
 */
export function shareConcurrency(accountConcurrency: number, lanes: number): Concurrency {
  const budget = Math.floor(CONCURRENCY_SHARE_MAX * accountConcurrency);
  // route, archive, and the two dead-letter queues, which are empty on most days.
  const withoutLanes = 4 * CONCURRENCY_MIN + SHARED_LANE_MIN;
  const needed = withoutLanes + lanes * CONCURRENCY_MIN;
  if (needed > budget) throw tooSmall(accountConcurrency, lanes, needed, budget - withoutLanes);

  const rest = budget - needed;
  const share = (min: number, weight: number) => Math.min(CONCURRENCY_MAX, min + Math.floor(rest * weight));
  const { route, sharedLane, archive } = WEIGHTS;
  return {
    route: share(CONCURRENCY_MIN, route),
    // Without lanes of their own all destinations are on the shared one.
    sharedLane: share(SHARED_LANE_MIN, lanes === 0 ? sharedLane + WEIGHTS.lanes : sharedLane),
    lane: lanes === 0 ? 0 : share(CONCURRENCY_MIN, WEIGHTS.lanes / lanes),
    archive: share(CONCURRENCY_MIN, archive),
    deadLetters: CONCURRENCY_MIN,
  };
}

function tooSmall(accountConcurrency: number, lanes: number, needed: number, leftForLanes: number): SettingsError {
  const fitting = Math.floor(leftForLanes / CONCURRENCY_MIN);
  const fewer = lanes > 0 && fitting >= 0 ? `, or set "lanes" to ${fitting} at most` : '';
  return new SettingsError(
    `CDK context: "accountConcurrency" ${accountConcurrency} is too small for ${lanes} lanes: the event source mappings need ${needed}, ` +
      `and may take ${CONCURRENCY_SHARE_MAX * 100} % of it. Ask AWS for a higher quota of Lambda's "Concurrent executions" first${fewer}.`,
  );
}
