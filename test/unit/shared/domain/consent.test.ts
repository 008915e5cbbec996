import { allowsConsent } from '../../../../shared/domain/consent.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import { anEvent } from '../../../builders/an-event.ts';

const preferring = (categoryPreferences: JsonObject[string]): JsonObject => ({ consent: { categoryPreferences } });

test.each<[string, JsonObject, readonly string[], boolean]>([
  ['no consent in the event', {}, ['ads'], true],
  ['an empty consent object', { consent: {} }, ['ads'], true],
  ['preferences that are null', preferring(null), ['ads'], true],
  ['empty preferences: every category is false (gap 3)', preferring({}), ['ads'], false],
  ['empty preferences, a destination without categories', preferring({}), [], true],
  ['agreed', preferring({ ads: true }), ['ads'], true],
  ['refused', preferring({ ads: false }), ['ads'], false],
  ['not named', preferring({ stats: true }), ['ads'], false],
  ['one of two refused', preferring({ ads: true, stats: false }), ['ads', 'stats'], false],
  ['both agreed', preferring({ ads: true, stats: true }), ['ads', 'stats'], true],
  ['a word instead of true', preferring({ ads: 'true' }), ['ads'], false],
  ['a list instead of preferences', preferring(['ads']), ['ads'], false],
  ['a category that objects inherit', preferring({ ads: true }), ['constructor'], false],
])('consent (features 6.8): %s', (_case, context, categories, expected) => {
  expect(allowsConsent(anEvent({ context }), categories)).toBe(expected);
});

test('the event that reports the choice reaches every destination', () => {
  const event = anEvent({ context: preferring({ ads: false }), event: 'Segment Consent Preference Updated' });
  expect(allowsConsent(event, ['ads'])).toBe(true);
  expect(allowsConsent({ ...event, type: 'page' }, ['ads'])).toBe(false);
});
