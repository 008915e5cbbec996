import { SUMMED_AFTER_MINUTES } from '../config/limits.ts';
import { minutePlus } from '../domain/timestamp.ts';

/** `last`: it is summed for good. Nothing else that the touch may serve comes after that. */
export type Due = 'no' | 'yes' | 'last';

/**
 * Whether rows touched in a minute are to be summed by a run that takes the work up from minute `from`, where the one before it stood, to `to`: when the
 * beginning of one of SUMMED_AFTER_MINUTES after the touch lies between them. So each is summed a few times, by whatever runs there are: while they come,
 * for people and alerts, and once when no more can come.
 */
export function dueOf(touchedAt: string, from: string, to: string): Due {
  const reached = SUMMED_AFTER_MINUTES.filter((after) => {
    const at = minutePlus(touchedAt, after);
    return from < at && at <= to;
  });
  if (reached.length === 0) return 'no';
  return reached.at(-1) === SUMMED_AFTER_MINUTES.at(-1) ? 'last' : 'yes';
}

/** Touches of before so many minutes are worked off for good. */
export const OPEN_MINUTES = Math.max(...SUMMED_AFTER_MINUTES);
