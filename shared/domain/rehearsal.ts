import type { LabelRef } from './access.ts';
import type { Destination } from './workspace.ts';

/** An outage that people rehearse on a destination: `status` is what its tool seems to answer until then. */
export type Rehearsal = NonNullable<Destination['rehearsal']>;

/** Longer ones would be outages. */
export const REHEARSAL_MINUTES_MAX = 60;

const ENVIRONMENT = 'environment';
/** Words of names by which production is known, whatever is around them: `prod-eu`, `eu-prod`, `production_eu`; case does not count. */
const PRODUCTION = /(?:^|[^a-z])(?:prod|production|prd)(?:[^a-z]|$)/i;
/** What is named after production and is none. */
const BEFORE_PRODUCTION = /(?:pre|non|not)[-_. ]?prod(?:uction)?/i;
/** Words of names that nobody gives to production. */
const OTHER =
  /(?:^|[^a-z])(?:dev|develop|development|test|testing|tests|qa|uat|staging|stage|stg|sandbox|local|demo|preview|ci|e2e|integration|playground|lab)(?:[^a-z]|$)/i;

/**
 * What the labels of a source say of its environment: `other` only by a word that nobody gives to production. One that says nothing, or something that
 * we do not know (`live`), may be anybody's production.
 */
export function environmentOf(labels: readonly LabelRef[]): 'production' | 'other' | 'unknown' {
  const values = labels.filter(({ key }) => key.toLowerCase() === ENVIRONMENT).map(({ value }) => value);
  if (values.some((value) => PRODUCTION.test(value) && !BEFORE_PRODUCTION.test(value))) return 'production';
  const isOther = (value: string): boolean => OTHER.test(value) || BEFORE_PRODUCTION.test(value);
  return values.length > 0 && values.every(isOther) ? 'other' : 'unknown';
}

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
