import type { LabelRef } from './access.ts';

/** The key of labels that name an environment (M11). */
export const ENVIRONMENT_KEY = 'environment';
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
  const values = labels.filter(({ key }) => key.toLowerCase() === ENVIRONMENT_KEY).map(({ value }) => value);
  if (values.some((value) => PRODUCTION.test(value) && !BEFORE_PRODUCTION.test(value))) return 'production';
  const isOther = (value: string): boolean => OTHER.test(value) || BEFORE_PRODUCTION.test(value);
  return values.length > 0 && values.every(isOther) ? 'other' : 'unknown';
}
