import { JITTER } from '../../shared/domain/retry-schedule.ts';
import type { Part } from '../../shared/domain/lane-message.ts';

/**
 * What had no turn comes again after this, doubled at each hop. The longest wait and its jitter are one delay of a message (15 min), so that a round
 * is a hop and no step, and 13 days of them stay below HOPS_MAX.
 */
const AGAIN_MS = 5_000;
const AGAIN_MS_MAX = 750_000;

/**
 * When a send that was not tried is due, in ms since the epoch: when the breaker probes, or as soon as there may be a turn. Spread by up to
 * JITTER, later only, so that not everything comes back at the moment of the probe.
 */
export function notTriedAgainMs(
  { hop }: Pick<Part, 'hop'>,
  { nowMs, notBeforeMs, jitter }: { nowMs: number; notBeforeMs: number | undefined; jitter: number },
): number {
  const waitMs =
    notBeforeMs === undefined
      ? Math.min(AGAIN_MS * 2 ** Math.min(hop, 30), AGAIN_MS_MAX)
      : Math.max(notBeforeMs - nowMs, 0);
  return Math.ceil(nowMs + waitMs * (1 + JITTER * jitter));
}
