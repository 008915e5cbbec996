import type { EventType, TributaryEvent } from './event.ts';
import { eventTimes, isoOf, parseTime } from './event-times.ts';
import type { IntakeId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import { objectIn, own } from './json.ts';
import { originalTimeOf } from './validate-event.ts';
import type { Source } from './workspace.ts';

/** What the request and its source say about each of its events. */
export type EventSetting = {
  intakeId: IntakeId;
  receivedAt: string;
  /** The caller's address. */
  ip?: string | undefined;
  /** `undefined`: the source is gone. */
  sourceKind: Source['kind'] | undefined;
  /** `sentAt` of a batch, for events that carry none. */
  sentAt?: Json | undefined;
};

const CHANNELS = { website: 'browser', mobile: 'mobile', server: 'server', webhook: 'server' } as const;

/**
 * An event as every later stage sees it. Deterministic in its arguments: what is missing derives from (intake id, index) and receivedAt.
 * Keys of the payload stay its own data whatever they are called, `__proto__` included: copied by spread, never assigned. The write key goes.
 */
export function normaliseEvent(
  payload: JsonObject,
  type: EventType,
  index: number,
  setting: EventSetting,
): TributaryEvent {
  const { writeKey: _, ...event } = payload;
  const sentAtMs = parseTime(own(payload, 'sentAt')) ?? parseTime(setting.sentAt);
  const channel = own(payload, 'channel');
  return {
    ...event,
    type,
    messageId: messageIdOf(payload, index, setting.intakeId),
    ...eventTimes(setting.receivedAt, parseTime(originalTimeOf(payload)), sentAtMs),
    ...(sentAtMs !== undefined && { sentAt: isoOf(sentAtMs) }),
    receivedAt: setting.receivedAt,
    ...(channel === undefined && setting.sourceKind !== undefined && { channel: CHANNELS[setting.sourceKind] }),
    context: contextOf(payload, setting),
    integrations: objectIn(payload, 'integrations'),
  };
}

/** E17: made here where the client sent none. Lone surrogates are replaced, since keys of DynamoDB are UTF-8. */
function messageIdOf(payload: JsonObject, index: number, intakeId: IntakeId): string {
  const id = own(payload, 'messageId');
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id.toWellFormed() : `${intakeId}-${index}`;
}

/**
 * The caller's address is filled in where the caller is the user's own device, or says so by `context.direct`; a server's address says
 * nothing about the user. IPv6 is never filled in (HTTP API documentation).
 */
function contextOf(payload: JsonObject, { ip, sourceKind }: EventSetting): JsonObject {
  const context = objectIn(payload, 'context');
  const isDirect = sourceKind === 'website' || sourceKind === 'mobile' || own(context, 'direct') === true;
  if (!isDirect || ip === undefined || ip.includes(':') || Object.hasOwn(context, 'ip')) return context;
  return { ...context, ip };
}
