import type { JsonObject } from './json.ts';

/** The six calls of the spec. */
export const EVENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * An event as every stage after `normalise` sees it: names of the spec, ids and times filled in, the rest of the payload as sent.
 * `timestamp` is receivedAt - (sentAt - originalTimestamp) (E15).
 */
export type TributaryEvent = JsonObject & {
  type: EventType;
  messageId: string;
  timestamp: string;
  originalTimestamp: string;
  receivedAt: string;
  context: JsonObject;
  integrations: JsonObject;
};
