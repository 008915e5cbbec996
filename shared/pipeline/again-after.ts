import { FAILED_AGAIN_SECONDS, FAILED_AGAIN_SECONDS_MAX } from '../config/limits.ts';

/**
 * Whole seconds that a message stays away whose work ended with an error of ours (a store that throttles, say): doubled at each receive, so
 * that a short fault costs seconds and a long one is not hammered. `receiveCount` is SQS's, 1 for the first.
 */
export const failedAgainSeconds = (receiveCount: number): number =>
  Math.min(FAILED_AGAIN_SECONDS * 2 ** Math.max(receiveCount - 1, 0), FAILED_AGAIN_SECONDS_MAX);
