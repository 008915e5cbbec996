import { curlOf, quoted } from '../delivery/curl.ts';

/** Texts of commands and code that send something again. What they hold is quoted: pasted, they do nothing else. */

/** A request as a command line. */
export function requestAsCurl({
  method,
  url,
  headers,
  body,
}: {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}): string {
  return curlOf({ method, url, requestHeaders: headers, requestBody: body ?? '' });
}

const CALLS = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias']);
/** What belongs to a sending and not to an event: a copy that kept it would be left out as a duplicate. */
const OF_SENDING = new Set([
  'messageId',
  'writeKey',
  'sentAt',
  'receivedAt',
  'originalTimestamp',
  'channel',
  '_metadata',
]);

/** The event without what made it that one sending. */
export function eventToSend(payload: unknown): Record<string, unknown> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return {};
  return Object.fromEntries(Object.entries(payload).filter(([key]) => !OF_SENDING.has(key)));
}

/** The event as a command that sends it to the tracking API. Undefined where it is of no call. */
export function eventAsCurl(payload: unknown, ingestUrl: string, writeKey: string): string | undefined {
  const { type, ...event } = eventToSend(payload);
  if (typeof type !== 'string' || !CALLS.has(type)) return undefined;
  return [
    `curl ${quoted(`${ingestUrl}/v1/${type}`)}`,
    `-u ${quoted(`${writeKey}:`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(event, null, 2))}`,
  ].join(' \\\n  ');
}

/** The event as a call of the library for Node. Undefined where it is of no call. */
export function eventAsSdkCall(payload: unknown): string | undefined {
  const { type, ...event } = eventToSend(payload);
  if (typeof type !== 'string' || !CALLS.has(type)) return undefined;
  // JSON is JavaScript; what ends a line there is written out, for readers of old rules.
  const text = JSON.stringify(event, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `analytics.${type}(${text});`;
}
