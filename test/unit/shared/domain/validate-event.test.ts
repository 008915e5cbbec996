import type { EventType } from '../../../../shared/domain/event.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import { validateEvent } from '../../../../shared/domain/validate-event.ts';

const validate = (payload: unknown, type?: EventType) => validateEvent(payload as Json, type, 99);

const CONSENTED = { type: 'track', userId: 'u', event: 'Segment Consent Preference Updated' };
const agreeing = (consent: unknown) => ({ ...CONSENTED, context: { consent } });

test.each<[string, unknown, string]>([
  ['null', null, 'not_an_object'],
  ['a list', [], 'not_an_object'],
  ['a text', 'track', 'not_an_object'],
  ['no type', { userId: 'u' }, 'unknown_type'],
  ['a type of another case', { type: 'Track', userId: 'u', event: 'E' }, 'unknown_type'],
  ['a type from the prototype', { type: 'toString', userId: 'u' }, 'unknown_type'],
  ['neither id (E10)', { type: 'track', event: 'E' }, 'id_required'],
  ['both ids null (E10)', { type: 'track', event: 'E', userId: null, anonymousId: null }, 'id_required'],
  ['an empty userId (E10)', { type: 'track', event: 'E', userId: '' }, 'id_not_string'],
  ['a userId that is a number (E10)', { type: 'track', event: 'E', userId: 5 }, 'id_not_string'],
  [
    'an anonymousId that is an object (E10)',
    { type: 'track', event: 'E', userId: 'u', anonymousId: {} },
    'id_not_string',
  ],
  ['track without event (E11)', { type: 'track', userId: 'u' }, 'event_not_defined'],
  ['track with an empty event (E11)', { type: 'track', userId: 'u', event: '' }, 'event_not_defined'],
  ['track with an event that is a number (E11)', { type: 'track', userId: 'u', event: 5 }, 'event_not_string'],
  [
    'properties that are a list (E12)',
    { type: 'track', userId: 'u', event: 'E', properties: [] },
    'properties_not_object',
  ],
  ['traits that are a text (E12)', { type: 'identify', userId: 'u', traits: 'x' }, 'traits_not_object'],
  [
    'group traits that are a number (E12)',
    { type: 'group', userId: 'u', groupId: 'g', traits: 1 },
    'traits_not_object',
  ],
  ['a page name that is a number (E12)', { type: 'page', userId: 'u', name: 1 }, 'name_not_string'],
  ['an empty screen name (E12)', { type: 'screen', userId: 'u', name: '' }, 'name_not_string'],
  ['a category that is an object (E12)', { type: 'page', userId: 'u', category: {} }, 'category_not_string'],
  ['page properties that are a text (E12)', { type: 'page', userId: 'u', properties: 'x' }, 'properties_not_object'],
  [
    'a messageId of 100 characters (E17)',
    { type: 'track', userId: 'u', event: 'E', messageId: 'm'.repeat(100) },
    'message_id_too_long',
  ],
  ['group without groupId (E24)', { type: 'group', userId: 'u' }, 'group_id_required'],
  ['group with an empty groupId (E24)', { type: 'group', userId: 'u', groupId: '' }, 'group_id_required'],
  ['alias without userId', { type: 'alias', anonymousId: 'a', previousId: 'p' }, 'user_id_required'],
  ['a timestamp that nobody can read', { type: 'track', userId: 'u', event: 'E', timestamp: 'soon' }, 'bad_timestamp'],
  ['no consent (G12)', { ...CONSENTED, context: {} }, 'consent_categorypreferences_should_exist'],
  [
    'preferences that are a list (G12)',
    agreeing({ categoryPreferences: [] }),
    'consent_categorypreferences_fields_should_be_object',
  ],
  [
    'a preference that is a text (G12)',
    agreeing({ categoryPreferences: { a: 'yes' } }),
    'consent_categorypreferences_fields_should_be_bool',
  ],
  [
    'a version that is a text (G12)',
    agreeing({ categoryPreferences: { a: true }, version: '2' }),
    'consent_version_should_be_number',
  ],
  [
    'an advertisingId that is a number (G12)',
    { ...CONSENTED, context: { consent: { categoryPreferences: {} }, device: { advertisingId: 1 } } },
    'device_advertisingid_should_be_string',
  ],
])('%s is invalid: %s', (_case, payload, reason) => {
  expect(validate(payload)).toEqual({ verdict: 'invalid', reason });
});

test.each<[string, unknown]>([
  ['a decision on consent', agreeing({ categoryPreferences: { a: true, b: false }, version: 2 })],
  ['another event without consent', { type: 'track', userId: 'u', event: 'E', context: { consent: 'x' } }],
  ['userId alone', { type: 'track', userId: 'u', event: 'E' }],
  [
    'anonymousId alone, userId null as the browser sends it',
    { type: 'track', userId: null, anonymousId: 'a', event: 'E' },
  ],
  ['a messageId of 99 characters (E17)', { type: 'track', userId: 'u', event: 'E', messageId: 'm'.repeat(99) }],
  ['a page without name', { type: 'page', anonymousId: 'a' }],
  [
    'fields that are null count as absent',
    { type: 'page', userId: 'u', name: null, category: null, properties: null, timestamp: null },
  ],
  ['identify without traits', { type: 'identify', userId: 'u' }],
  ['alias without previousId', { type: 'alias', userId: 'u' }],
  ['group with groupId (E24)', { type: 'group', anonymousId: 'a', groupId: 'g', traits: {} }],
])('%s is valid', (_case, payload) => {
  expect(validate(payload)).toMatchObject({ verdict: 'valid', event: payload });
});

test('the endpoint gives the type, whatever the payload says', () => {
  expect(validate({ type: 'nonsense', userId: 'u' }, 'identify')).toMatchObject({ verdict: 'valid', type: 'identify' });
});
