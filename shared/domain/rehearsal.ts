import { environmentOf } from './environment.ts';
import type { LabelRef } from './access.ts';
import type { Destination } from './workspace.ts';

/** An outage that people rehearse on a destination: `status` is what its tool seems to answer until then. */
export type Rehearsal = NonNullable<Destination['rehearsal']>;

/** Longer ones would be outages. */
export const REHEARSAL_MINUTES_MAX = 60;

/**
 * The rehearsal that holds at a time: none once it is over, whether or not anybody has taken it away, and none in production, whatever was so when it
 * was begun. A source that is gone has none.
 */
export function rehearsalAt(
  { rehearsal }: Pick<Destination, 'rehearsal'>,
  source: { labels: readonly LabelRef[] } | undefined,
  nowMs: number,
): Rehearsal | undefined {
  if (rehearsal === undefined || source === undefined || nowMs >= Date.parse(rehearsal.until)) return undefined;
  return environmentOf(source.labels) === 'production' ? undefined : rehearsal;
}
