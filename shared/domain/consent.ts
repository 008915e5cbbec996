import type { TributaryEvent } from './event.ts';
import { isJsonObject, objectIn, own } from './json.ts';

/** The reserved Track event that reports a person's choice; it reaches destinations whatever the choice is (features 6.8). */
const PREFERENCE_EVENT = 'Segment Consent Preference Updated';

/**
 * Whether a person's consent, as the event carries it, lets the event go to a destination of these categories. Without categories, or on an event
 * that says nothing of consent, nothing is enforced; otherwise every category must be true, and one that is not named is false.
 */
export function allowsConsent(event: TributaryEvent, categories: readonly string[]): boolean {
  if (categories.length === 0) return true;
  if (event.type === 'track' && own(event, 'event') === PREFERENCE_EVENT) return true;
  const consent = own(objectIn(event, 'context'), 'consent');
  if (!isJsonObject(consent)) return true;
  const preferences = own(consent, 'categoryPreferences');
  if (preferences === undefined || preferences === null) return true;
  // Whatever else stands there is no consent.
  return isJsonObject(preferences) && categories.every((category) => own(preferences, category) === true);
}
