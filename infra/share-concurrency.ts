import { SettingsError } from './settings.ts';

/** What event source mappings may take of the account's concurrency, so that ingest and api always find room (design rule). */
export const CONCURRENCY_SHARE_MAX = 0.6;
/** AWS takes a MaximumConcurrency of 2 to 1,000. */
const CONCURRENCY_MIN = 2;
const CONCURRENCY_MAX = 1_000;
/** On the shared lane one slow destination may hold this many before it is another's turn. */
const DELIVER_CONCURRENCY_MIN = 20;

export type Concurrency = { route: number; deliver: number; archive: number };

/**
 * Splits the account's concurrency among the event source mappings: 20 % route, 30 % deliver, 5 % archive, none below what it needs.
 * Throws when those needs come to more than CONCURRENCY_SHARE_MAX of the account (a new account may start with a quota of 10).
 */
export function shareConcurrency(accountConcurrency: number): Concurrency {
  const portion = (share: number, min: number) =>
    Math.min(CONCURRENCY_MAX, Math.max(min, Math.floor(accountConcurrency * share)));
  const shares = {
    route: portion(0.2, CONCURRENCY_MIN),
    deliver: portion(0.3, DELIVER_CONCURRENCY_MIN),
    archive: portion(0.05, CONCURRENCY_MIN),
  };
  const sum = shares.route + shares.deliver + shares.archive;
  if (sum > CONCURRENCY_SHARE_MAX * accountConcurrency) {
    throw new SettingsError(
      `CDK context: "accountConcurrency" ${accountConcurrency} is too small: the event source mappings need ${sum}, and may take ` +
        `${CONCURRENCY_SHARE_MAX * 100} % of it. Ask AWS for a higher quota of Lambda's "Concurrent executions" first.`,
    );
  }
  return shares;
}
