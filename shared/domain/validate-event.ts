import { EVENT_TYPES, type EventType } from './event.ts';
import { parseTime } from './event-times.ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject, own } from './json.ts';
import type { InvalidReason } from './outcomes.ts';

export type Validated =
  | { verdict: 'valid'; type: EventType; event: JsonObject }
  | { verdict: 'invalid'; reason: InvalidReason };

/**
 * Whether a payload is an event of the spec, as it was sent. `type` is that of the endpoint where it has one (the payload's own `type` is
 * ignored then, as Segment does), otherwise the payload names it. A field that is `null` counts as absent. Sizes are the caller's to check.
 */
export function validateEvent(
  payload: Json,
  endpointType: EventType | undefined,
  messageIdCharsMax: number,
): Validated {
  if (!isJsonObject(payload)) return invalid('not_an_object');
  const type = endpointType ?? EVENT_TYPES.find((known) => known === own(payload, 'type'));
  if (type === undefined) return invalid('unknown_type');
  const reason =
    messageIdFault(payload, messageIdCharsMax) ?? idFault(payload, type) ?? CHECKS[type](payload) ?? timeFault(payload);
  return reason === undefined ? { verdict: 'valid', type, event: payload } : invalid(reason);
}

const invalid = (reason: InvalidReason): Validated => ({ verdict: 'invalid', reason });

/** E17: 100 characters or more are not accepted. */
function messageIdFault(event: JsonObject, charsMax: number): InvalidReason | undefined {
  const id = own(event, 'messageId');
  return typeof id === 'string' && id.length > charsMax ? 'message_id_too_long' : undefined;
}

/** E10. Alias needs the new id, which is userId; previousId may be absent (the documents disagree, and the spec's page is the kinder). */
function idFault(event: JsonObject, type: EventType): InvalidReason | undefined {
  const userId = present(event, 'userId');
  const anonymousId = present(event, 'anonymousId');
  if (userId === undefined && type === 'alias') return 'user_id_required';
  if (userId === undefined && anonymousId === undefined) return 'id_required';
  return isNameOrAbsent(userId) && isNameOrAbsent(anonymousId) ? undefined : 'id_not_string';
}

/** E11, E12, E24. */
const CHECKS: Record<EventType, (event: JsonObject) => InvalidReason | undefined> = {
  identify: (event) => objectFault(event, 'traits', 'traits_not_object'),
  track: (event) => {
    const name = present(event, 'event');
    if (name === undefined || name === '') return 'event_not_defined';
    if (typeof name !== 'string') return 'event_not_string';
    const fault = objectFault(event, 'properties', 'properties_not_object');
    return fault ?? (name === CONSENT_EVENT ? consentFault(event) : undefined);
  },
  page: viewFault,
  screen: viewFault,
  group: (event) => {
    const groupId = present(event, 'groupId');
    if (groupId === undefined || !isNameOrAbsent(groupId)) return 'group_id_required';
    return objectFault(event, 'traits', 'traits_not_object');
  },
  alias: () => undefined,
};

/** What Analytics.js's consent wrappers send when a user decides; a profile keeps what it says, so it must say it properly (G12). */
const CONSENT_EVENT = 'Segment Consent Preference Updated';

function consentFault(event: JsonObject): InvalidReason | undefined {
  const context = own(event, 'context');
  const consent = isJsonObject(context) ? present(context, 'consent') : undefined;
  const preferences = isJsonObject(consent) ? present(consent, 'categoryPreferences') : undefined;
  if (preferences === undefined) return 'consent_categorypreferences_should_exist';
  if (!isJsonObject(preferences)) return 'consent_categorypreferences_fields_should_be_object';
  if (!Object.values(preferences).every((agreed) => typeof agreed === 'boolean')) {
    return 'consent_categorypreferences_fields_should_be_bool';
  }
  const version = isJsonObject(consent) ? present(consent, 'version') : undefined;
  if (version !== undefined && typeof version !== 'number') return 'consent_version_should_be_number';
  const device = isJsonObject(context) ? present(context, 'device') : undefined;
  const advertisingId = isJsonObject(device) ? present(device, 'advertisingId') : undefined;
  return advertisingId === undefined || typeof advertisingId === 'string'
    ? undefined
    : 'device_advertisingid_should_be_string';
}

function viewFault(event: JsonObject): InvalidReason | undefined {
  if (!isNameOrAbsent(present(event, 'name'))) return 'name_not_string';
  if (!isNameOrAbsent(present(event, 'category'))) return 'category_not_string';
  return objectFault(event, 'properties', 'properties_not_object');
}

function objectFault(event: JsonObject, key: string, reason: InvalidReason): InvalidReason | undefined {
  const value = present(event, key);
  return value === undefined || isJsonObject(value) ? undefined : reason;
}

/** A time of the event that nobody can read is refused: guessing one would put the event on a day on which it did not happen. */
function timeFault(event: JsonObject): InvalidReason | undefined {
  const time = originalTimeOf(event);
  return time === undefined || parseTime(time) !== undefined ? undefined : 'bad_timestamp';
}

/** What the caller passed as the event's time: `timestamp` (E16), or `originalTimestamp`, which some senders fill themselves. */
export const originalTimeOf = (event: JsonObject): Json | undefined =>
  present(event, 'timestamp') ?? present(event, 'originalTimestamp');

const present = (event: JsonObject, key: string): Json | undefined => own(event, key) ?? undefined;

const isNameOrAbsent = (value: Json | undefined): boolean =>
  value === undefined || (typeof value === 'string' && value !== '');
