/**
 * Why an event went no further, as the second half of a sentence: "Not sent to Mixpanel: …". What can be done about it is said by `adviceFor`
 * of the delivery pages.
 */
const CAUSES: Readonly<Record<string, string>> = {
  // At the source.
  not_an_object: 'it is no JSON object',
  unknown_type: 'its type is none of track, identify, page, screen, group and alias',
  id_required: 'it has neither a userId nor an anonymousId',
  id_not_string: 'its userId or anonymousId is no text, or is empty',
  event_not_defined: 'a track event needs a name',
  event_not_string: 'the name of a track event must be text',
  properties_not_object: 'its properties are no object',
  traits_not_object: 'its traits are no object',
  name_not_string: 'the name of a page or screen must be text',
  category_not_string: 'the category of a page or screen must be text',
  message_id_too_long: 'its messageId is longer than 100 characters',
  group_id_required: 'a group call needs a groupId',
  user_id_required: 'an alias call needs a userId',
  event_too_large: 'it is larger than 32 KB',
  too_deep: 'it nests deeper than 100 levels',
  bad_timestamp: 'a timestamp is none',
  hook_mapping_failed: 'the mapping of the source made no event of what was posted',
  hook_too_many_items: 'the request held more items than one may',
  source_deleted: 'its source was deleted while it was on its way',
  event_setting: 'the schema of its source does not let it pass',
  // On the way to a destination.
  UNSUPPORTED_EVENT_TYPE: 'it takes no calls of this type',
  MESSAGE_SENT_CLIENT_SIDE: 'the browser has sent it there itself',
  NOT_SENT_CLIENT_SIDE: 'only browsers feed it, and this came from none',
  FILTERED_BY_INTEGRATIONS_OBJECT: 'the event’s own integrations object leaves it out',
  FILTERED_BY_SCHEMA: 'the schema of the source withholds it',
  FILTERED_BY_END_USER_CONSENT: 'the person has not agreed to its categories',
  FILTERED_BY_RULES: 'a filter dropped it',
  FILTERED_BY_SAMPLING: 'a filter lets only a share of such events through, and this was not in it',
  INVALID_FILTER: 'a filter cannot be read, so that nothing passes',
  NO_MATCHING_MAPPING: 'no mapping matches it',
  INVALID_TRIGGER: 'the trigger of a mapping cannot be read',
  // Ended here.
  mapping_deleted: 'its mapping was deleted while it waited',
  mapping_disabled: 'its mapping was switched off while it waited',
  destination_deleted: 'the destination was deleted while it waited',
  destination_disabled: 'the destination was switched off while it waited',
  destination_paused: 'the destination was paused',
  retry_window: 'it failed until the time for retries was over',
  retry_after: 'the tool asked to wait for longer than we do',
  hop_cap: 'it went round as often as a send may',
  crash_loop: 'our own code failed on it each time',
  breaker_open: 'the tool fails on most calls, so that nothing is sent for now',
  not_tried: 'its turn has not come yet',
  repeat_chain: 'it has been at these sources before',
  loop: 'it has gone round in a circle',
  NOTHING_SENT: 'there was nothing to send in it',
  INVALID_SETTINGS: 'a setting of the destination cannot work',
  MESSAGE_REJECTED: 'a field is missing or of the wrong type',
  INTERNAL: 'the code of the destination failed on it',
  RETRY: 'the tool asked for another try',
  // What the network said.
  ETIMEDOUT: 'it did not answer in time',
  ENOTFOUND: 'the name of its host cannot be found',
  EAI_AGAIN: 'the name of its host could not be looked up',
  ECONNREFUSED: 'its host refuses connections',
  ECONNRESET: 'it cut the connection',
  ECONNABORTED: 'the connection was given up',
  EHOSTUNREACH: 'its host cannot be reached',
  EPIPE: 'it closed the connection while we sent',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is signed by itself',
  // What the tool answered.
  '400': 'it finds the request malformed',
  '401': 'the credentials are not accepted',
  '403': 'the credentials may not do this',
  '404': 'it has no such address or object',
  '408': 'it gave up waiting',
  '409': 'this conflicts with what it has',
  '410': 'what it was sent to is gone',
  '413': 'it finds the request too large',
  '422': 'it cannot work with these values',
  '423': 'the object is locked there',
  '429': 'it limits how much it takes',
  '500': 'it failed on its side',
  '502': 'its gateway failed',
  '503': 'it is not available',
  '504': 'its gateway waited in vain',
};

/** The cause that a code or reason stands for. A status is named beside its words; a code that nobody has words for stands alone. */
export function causeOf(code: string | null): string | undefined {
  if (code === null || code === '') return undefined;
  const words = Object.hasOwn(CAUSES, code) ? CAUSES[code] : wordsOfStatus(code);
  if (!/^\d{3}$/.test(code)) return words ?? code;
  return words === undefined ? code : `${code}, ${words}`;
}

function wordsOfStatus(code: string): string | undefined {
  if (/^3\d\d$/.test(code)) return 'the address leads elsewhere';
  if (/^4\d\d$/.test(code)) return 'it refuses the request';
  if (/^5\d\d$/.test(code)) return 'it failed on its side';
  return /CERT|SSL|TLS/.test(code) ? 'the secure connection failed' : undefined;
}
