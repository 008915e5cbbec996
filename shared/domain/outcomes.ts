/**
 * The reasons of the books (design: the accounting equation). Words and spellings of Segment's codes are kept where it has one
 * (reference: ingest validation errors, delivery overview discards), so that what people know how to look up stays true.
 */

/** Why an event of a planned intake message is not an event (counted as `invalid`). */
export const INVALID_REASONS = [
  'not_an_object',
  'unknown_type',
  'id_required',
  'id_not_string',
  'event_not_defined',
  'event_not_string',
  'properties_not_object',
  'traits_not_object',
  'name_not_string',
  'category_not_string',
  'message_id_too_long',
  'group_id_required',
  'user_id_required',
  'event_too_large',
  'too_deep',
  'bad_timestamp',
  'empty_batch',
  /** Of the track event `Segment Consent Preference Updated` (features 6.8). */
  'consent_categorypreferences_should_exist',
  'consent_categorypreferences_fields_should_be_object',
  'consent_categorypreferences_fields_should_be_bool',
  'consent_version_should_be_number',
  'device_advertisingid_should_be_string',
  /** Of a webhook source: its mapping cannot make an event of what was posted. */
  'hook_mapping_failed',
  /** Of a webhook source: items beyond BATCH_EVENTS_MAX of one request. */
  'hook_too_many_items',
] as const;
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** Why ingest refuses a request. Outside the equation: the client was told, or Segment too would have dropped it with a 200 (E08). */
export const REFUSAL_REASONS = [
  'unknown-write-key',
  'missing-write-key',
  'source-disabled',
  'too-large',
  'too-many-events',
  'invalid-json',
  'bad-encoding',
  'too-deep',
  'too-many-keys',
  'loop',
  /** The source asks for an OAuth token of one of its apps (E04): none, an expired one, or another source's. */
  'bad-token',
  /** The page's origin or the caller's address is not on the source's list (T1). */
  'not-allowed',
  /** More requests than the source may send (E09). */
  'rate-limited',
  'unavailable',
  /** What was posted to a webhook source's address has the key of another source, or what came by the tracking API has that of a webhook source. */
  'wrong-source',
  /** Of a webhook source: none of its secrets made the signature, there is none, or its time is not now. */
  'bad-signature',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
/** Of webhook sources alone. */
export type HookRefusal = Extract<RefusalReason, 'bad-signature'>;

/** Why a valid event goes nowhere (counted as `blocked`), G13. */
export const BLOCKED_REASONS = ['source_deleted', 'event_setting'] as const;
export type BlockedReason = (typeof BLOCKED_REASONS)[number];

/** Why a destination gets nothing of a routed event (counted as `filtered`). */
export const FILTERED_REASONS = [
  'UNSUPPORTED_EVENT_TYPE',
  /** Sent by the browser itself (B10). */
  'MESSAGE_SENT_CLIENT_SIDE',
  /** Devices alone feed the tool, and the one that sent this event did not. */
  'NOT_SENT_CLIENT_SIDE',
  'FILTERED_BY_INTEGRATIONS_OBJECT',
  /** The schema integration filter (C22). */
  'FILTERED_BY_SCHEMA',
  'FILTERED_BY_END_USER_CONSENT',
  'FILTERED_BY_RULES',
  /** Not in the sample. */
  'FILTERED_BY_SAMPLING',
  /** A filter that cannot be read, or fails on this event: nothing goes out (C05). */
  'INVALID_FILTER',
  'NO_MATCHING_MAPPING',
  'INVALID_TRIGGER',
] as const;
export type FilteredReason = (typeof FILTERED_REASONS)[number];

/** How one send ended, or that it is to be tried again. `code` and `message` are what people read in the error table. */
export type SendOutcome =
  | { outcome: 'delivered'; status?: number }
  /** Refused for good by the tool or by our rules: `code` is a status, a network code or a word of G14. */
  | { outcome: 'discarded'; code: string; message: string }
  /** Worth another try: 408, 423, 429, 5xx but 501, network and timeout. `retryAfterMs` as the tool asked. */
  | { outcome: 'retry'; code: string; message: string; retryAfterMs?: number }
  /** Never begun: deadline or open breaker. Attempts do not grow. */
  | { outcome: 'not-tried'; code: string; message: string };
