/**
 * What people can do about a code or reason, in one or two sentences: the one place for such words. By code where we know it, else by what a code is:
 * a status, or a word of the network. A test sees to it that every code which our own code can write has a text of its own.
 */
const BY_CODE: Readonly<Record<string, string>> = {
  // Failed on ingest (features 2.6).
  not_an_object: 'Each event must be a JSON object. Look at how the sender builds its batch.',
  unknown_type: 'Send type track, identify, page, screen, group or alias, in small letters.',
  id_required: 'Send a userId or an anonymousId with each event.',
  id_not_string: 'Send userId and anonymousId as text that is not empty; numbers must be written as text.',
  event_not_defined: 'Give each track event a name in `event`.',
  event_not_string: 'Send the name of a track event as text.',
  properties_not_object: 'Send `properties` as an object, or leave it out.',
  traits_not_object: 'Send `traits` as an object, or leave it out.',
  name_not_string: 'Send the name of a page or screen as text, or leave it out.',
  category_not_string: 'Send the category of a page or screen as text, or leave it out.',
  message_id_too_long: 'Keep messageId below 100 characters.',
  group_id_required: 'Send a groupId with each group call.',
  user_id_required: 'Send the new userId with each alias call.',
  event_too_large: 'One event may have 32 KB. Send less of it, or split it.',
  too_deep: 'JSON may nest 100 levels. Flatten the event.',
  bad_timestamp: 'Send timestamps as ISO 8601, such as 2026-11-27T10:00:00Z.',
  empty_batch: 'A batch came without events. Look at when the sender flushes.',
  consent_categorypreferences_should_exist: 'Send context.consent.categoryPreferences with the consent event.',
  consent_categorypreferences_fields_should_be_object: 'Send categoryPreferences as an object of categories.',
  consent_categorypreferences_fields_should_be_bool: 'Say true or false for each consent category.',
  consent_version_should_be_number: 'Send the version of the consent as a number.',
  device_advertisingid_should_be_string: 'Send context.device.advertisingId as text.',
  hook_mapping_failed:
    "The source's mapping made no event of what was posted. Try it on the last request on the source's page.",
  hook_too_many_items: 'One request held more items than one may. Let the tool post fewer at a time.',
  // Ended at the source.
  duplicate:
    'The same messageId came before within the de-duplication window. Nothing is lost; look at retries of the sender if there are many.',
  suppressed: 'The user is on the suppression list. Take them off it if they have asked to be tracked again.',
  source_deleted: 'The source was deleted while events were on their way. Remove its write key from the sender.',
  event_setting: "The source's schema blocks this event. Allow it on the schema page, or stop sending it.",
  // Filtered at the destination (features 3.5).
  UNSUPPORTED_EVENT_TYPE: 'The tool takes no events of this call. Nothing is to be done, or choose a tool that does.',
  MESSAGE_SENT_CLIENT_SIDE:
    'The browser has sent it to the tool itself. Switch the destination to cloud mode to send it from here.',
  NOT_SENT_CLIENT_SIDE: 'Browsers alone feed this tool, and the sender was none. Send such events from a page.',
  FILTERED_BY_INTEGRATIONS_OBJECT:
    "The event's `integrations` object keeps it from the tool. Change what the sender puts there.",
  FILTERED_BY_SCHEMA: "The source's schema keeps this event from this destination. Change it on the schema page.",
  FILTERED_BY_END_USER_CONSENT:
    'The person has not agreed to the categories of this destination. Look at its consent settings.',
  FILTERED_BY_RULES: 'A filter of the destination drops it. Look at its filters.',
  FILTERED_BY_SAMPLING: 'A filter sends only a share of such events. Raise the share to send more.',
  INVALID_FILTER: 'A filter cannot be read or judged, so that nothing passes. Mend or delete it.',
  NO_MATCHING_MAPPING: 'No enabled mapping wants it. Add a mapping, or change a trigger, if the tool should get it.',
  INVALID_TRIGGER: "A mapping's trigger cannot be read. Mend it in the mapping's editor.",
  // Ended by our side.
  mapping_deleted: 'The mapping was deleted while events waited. Replay them once there is another.',
  mapping_disabled: 'The mapping was switched off while events waited. Switch it on and replay them.',
  destination_deleted: 'The destination was deleted while events waited. Their payloads are kept for 30 days.',
  destination_disabled: 'The destination was switched off while events waited. Switch it on and replay them.',
  destination_paused: 'The destination is paused: events are kept. Resume it and replay them.',
  retry_window: 'The tool failed until the retry window had passed. See what it said last, mend that, and replay.',
  retry_after: 'The tool asked to wait for longer than we do. Look at its rate limits, and replay later.',
  hop_cap: 'It went round as often as a send may. Look at what kept failing, and replay.',
  crash_loop: 'Our own code died on it each time. It is kept: send us its sample, and replay after an update.',
  breaker_open:
    'The tool fails on most calls, so that nothing is sent until a probe gets through. See its other errors.',
  not_tried: 'The tool was too slow for its turn to come. It is tried again by itself.',
  repeat_chain: 'The event has been at these sources before. Break the circle of repeaters.',
  loop: 'The event has gone through this deployment too often. Break the circle of repeaters or webhooks.',
  NOTHING_SENT: "The tool's code found nothing to send in this event. Look at the mapping's required fields.",
  OTHER: 'Rarer errors, summed up. Look at single samples.',
  // Words for what a tool or its code said.
  INVALID_SETTINGS:
    "Something in the destination's settings cannot work. Read the message, correct it, and check the credentials.",
  MESSAGE_REJECTED:
    "The tool's code refuses this payload. Read the message: a field is missing or of the wrong type in the mapping.",
  INTERNAL: "The destination's code failed on this event. Look at the sample; if the event looks right, tell us.",
  RETRY: 'The tool asked for another try. It is tried again by itself.',
  ETIMEDOUT:
    'The tool did not answer in 10 seconds. It is tried again by itself; look at its status page if it goes on.',
  ENOTFOUND: 'The name of the tool’s host cannot be found. Look at the URL in the settings.',
  EAI_AGAIN: 'Name resolution fails for now. It is tried again by itself.',
  ECONNREFUSED: 'The host refuses connections. Look at the port in the URL, and whether the tool is up.',
  ECONNRESET: 'The connection was cut. It is tried again by itself; look at the tool’s status if it goes on.',
  ECONNABORTED: 'The connection was given up. It is tried again by itself.',
  EHOSTUNREACH: 'The host cannot be reached. Look at its network and firewall.',
  EPIPE: 'The tool closed the connection while we sent. It is tried again by itself.',
  CERT_HAS_EXPIRED: 'The tool’s TLS certificate has expired. Whoever runs the host must renew it.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The host shows a certificate that it signed itself. It needs one of a known authority.',
  '400': 'The tool finds the request malformed. Compare the sample with its documents, and correct the mapping.',
  '401': 'The tool does not accept the credentials. Enter them again and check them; what waits is sent then.',
  '403': 'The credentials may not do this. Give them the right in the tool, or use others; what waits is sent then.',
  '404': 'The tool has no such address or object. Look at URL, account and object ids in settings and mapping.',
  '408': 'The tool gave up waiting. It is tried again by itself.',
  '409': 'The tool says that this conflicts with what it has. Look at ids in the mapping.',
  '410': 'What it was sent to is gone in the tool. Choose another object or address in the settings.',
  '413': 'The tool finds the request too large. Send fewer events in one batch, or fewer fields.',
  '422': 'The tool cannot work with these values. Look at the sample’s answer for the field, and correct the mapping.',
  '423': 'The object is locked in the tool. It is tried again by itself.',
  '429': 'The tool limits how much it takes. It is tried again by itself, later; raise the limit there, or send less.',
  '501': 'The tool will never do this. Look at method and URL in the settings.',
  '502': 'The tool’s own gateway fails. It is tried again by itself.',
  '503': 'The tool is not available. It is tried again by itself; look at its status page.',
  '504': 'The tool’s own gateway waits in vain. It is tried again by itself.',
};

export function adviceFor(code: string): string {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? UNKNOWN;
  if (/^3\d\d$/.test(code))
    return 'The address redirects, which we do not follow. Enter the final URL in the settings.';
  if (/^4\d\d$/.test(code))
    return 'The tool refuses the request. Look at the answer in a sample, and correct settings or mapping.';
  if (/^5\d\d$/.test(code))
    return 'The tool fails. It is tried again by itself; look at its status page if it goes on.';
  if (/CERT|SSL|TLS/.test(code))
    return 'The secure connection fails. Look at the certificate of the host in the settings.';
  if (/^(?:E[A-Z]+|HPE_|UND_)/.test(code))
    return 'The connection fails. It is tried again by itself; look at host and port if it goes on.';
  return UNKNOWN;
}

/** Whether there is a text for this very code. */
export const hasAdvice = (code: string): boolean => Object.hasOwn(BY_CODE, code);

const UNKNOWN = 'Look at the answer in a sample: it says more than this code.';
