import { total } from './books.ts';
import type { DestinationDigest, SourceDigest } from './digest.ts';

/** How a source or destination does. */
export const HEALTH_STATES = ['HEALTHY', 'DEGRADED', 'FAILING', 'DISABLED', 'IDLE'] as const;
export type HealthStateName = (typeof HEALTH_STATES)[number];

/** Tries of a time, and how many of them failed. */
export type Tries = { tries: number; failed: number };

/** Share of failures from which a thing is degraded, if it is also so many times its usual share (H01). */
export const DEGRADED_SHARE_MIN = 0.01;
export const DEGRADED_TIMES_USUAL = 2;

/**
 * FAILING: every try of the range failed, and there was one. DEGRADED: a hundredth of them failed or more, and twice the share of the seven days before
 * the range, or more; without any tries in these, the hundredth alone. IDLE: nothing in the range.
 */
export function healthOf(isOn: boolean, range: Tries, usual: Tries): HealthStateName {
  if (!isOn) return 'DISABLED';
  if (range.tries === 0) return 'IDLE';
  if (range.failed === range.tries) return 'FAILING';
  const share = shareOf(range);
  const isDegraded = share >= DEGRADED_SHARE_MIN && share >= DEGRADED_TIMES_USUAL * shareOf(usual);
  return isDegraded ? 'DEGRADED' : 'HEALTHY';
}

export const shareOf = ({ tries, failed }: Tries): number => (tries === 0 ? 0 : failed / tries);

/** Tries of a destination: requests that a tool took, and those that failed, whatever became of the send. */
export function triesOf(digest: Pick<DestinationDigest, 'delivered' | 'failedTries'> | undefined): Tries {
  if (digest === undefined) return { tries: 0, failed: 0 };
  const failed = total(digest.failedTries);
  return { tries: digest.delivered + failed, failed };
}

/** Of a source a try is an event, and it fails where it is invalid: what people block, or send twice, is no fault of the source. */
export const receiptsOf = (digest: Pick<SourceDigest, 'received' | 'invalid'> | undefined): Tries =>
  digest === undefined ? { tries: 0, failed: 0 } : { tries: digest.received, failed: total(digest.invalid) };
