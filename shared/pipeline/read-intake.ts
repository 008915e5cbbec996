import { BATCH_EVENTS_MAX, EVENT_BYTES_MAX, MERGED_BATCH_BYTES_MAX, MESSAGE_ID_CHARS_MAX } from '../config/limits.ts';
import { invariant } from '../domain/app-error.ts';
import { EVENT_TYPES, type EventType, type TributaryEvent } from '../domain/event.ts';
import type { IntakeMessage } from '../domain/intake-message.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { isJsonObject, own } from '../domain/json.ts';
import type { Counts } from '../domain/ledger-rows.ts';
import { type BatchSetting, batchSettingOf, mergeBatch } from '../domain/merge-batch.ts';
import { type EventSetting, normaliseEvent } from '../domain/normalise-event.ts';
import type { InvalidReason } from '../domain/outcomes.ts';
import { type EventKind, idHashOf, kindOf, NO_KIND } from '../domain/event-kind.ts';
import { queueText } from '../domain/queue-text.ts';
import { validateEvent } from '../domain/validate-event.ts';
import { withoutBlockedTraits } from '../domain/schema-rules.ts';
import { type MappedItem, readHookBody } from './hook-events.ts';
import type { SourceSchema } from '../domain/source-schema.ts';
import type { Source } from '../domain/workspace.ts';

/**
 * A valid event with its place in the intake message and its size as JSON on a queue; with what its schema takes out, so that parts are cut
 * alike whatever is switched off and on between a plan and whoever obeys it.
 */
export type ReadEvent = { index: number; event: TributaryEvent; bytes: number };

/** received = the sum of `invalid` + repeats + events. */
export type IntakeReading = {
  message: Omit<IntakeMessage, 'body'>;
  /** `undefined`: deleted since. */
  source: Source | undefined;
  received: number;
  invalid: Counts;
  /** Events whose messageId an earlier event of the same message has. */
  repeats: number;
  events: readonly ReadEvent[];
  /** Bytes of what was sent, as JSON. */
  bytes: number;
  /** What each event is, valid or not, by its index: the first BATCH_EVENTS_MAX, which are all but of a webhook. */
  items: readonly ReadItem[];
};

/** `fault`: why it is none of `events`. `idHash` 0: it has no messageId. */
export type ReadItem = { kind: EventKind; idHash: number; fault?: `invalid.${InvalidReason}` | 'duplicate' };

/** Unpacks an intake message into its events: validated, normalised, repeats and switched-off traits removed. Deterministic in its arguments. */
export function readIntake(message: IntakeMessage, source: Source | undefined, schema?: SourceSchema): IntakeReading {
  const { body: _, ...head } = message;
  const unpacked = unpack(message);
  const { count: received, endpointType, shared } = unpacked;
  // What the events of a request hold together may be far more than it weighs itself.
  const isMultiplied = shared !== undefined || message.kind === 'hook';
  const setting = settingOf(message, source, unpacked.sentAt);
  const invalid: Partial<Record<InvalidReason, number>> = {};
  const items: ReadItem[] = [];
  /** Called once for each index, in order. */
  const refuse = (payload: Json | undefined, reason: InvalidReason): void => {
    invalid[reason] = (invalid[reason] ?? 0) + 1;
    if (items.length < BATCH_EVENTS_MAX) items.push({ ...itemOf(payload, endpointType), fault: `invalid.${reason}` });
  };
  const sharedBytes = shared === undefined ? 0 : bytesOf(shared);
  let mergedBytesLeft = MERGED_BATCH_BYTES_MAX;
  const messageIds = new Set<string>();
  const events: ReadEvent[] = [];
  let repeats = 0;

  for (let index = 0; index < received; index += 1) {
    // Far too much for one event is not put into each of 2,500.
    if (sharedBytes > EVENT_BYTES_MAX || mergedBytesLeft < 0) {
      refuse(unpacked.sentAsIs?.[index], 'event_too_large');
      continue;
    }
    const item = unpacked.itemAt(index);
    if (item.outcome === 'fault') {
      refuse(undefined, item.reason);
      continue;
    }
    const sent = item.payload;
    // Paid before it is merged: what turns out to be no event has cost the copy, too.
    if (isJsonObject(sent)) mergedBytesLeft -= sharedBytes;
    if (mergedBytesLeft < 0) {
      refuse(sent, 'event_too_large');
      continue;
    }
    const payload = withShared(sent, shared);
    const validated = validateEvent(payload, endpointType, MESSAGE_ID_CHARS_MAX);
    if (validated.verdict === 'invalid') {
      refuse(payload, validated.reason);
      continue;
    }
    const { event, bytes } = asWritten(normaliseEvent(validated.event, validated.type, index, setting));
    if (isMultiplied) mergedBytesLeft -= Math.max(bytes - sharedBytes, 0);
    // What we add is not the client's: an event over the limit with it is measured without.
    if (mergedBytesLeft < 0 || (bytes > EVENT_BYTES_MAX && bytesOf(payload) > EVENT_BYTES_MAX)) {
      refuse(event, 'event_too_large');
    } else if (messageIds.has(event.messageId)) {
      repeats += 1;
      items.push({ ...itemOf(event), fault: 'duplicate' });
    } else {
      messageIds.add(event.messageId);
      events.push({ index, event: withoutBlockedTraits(schema, event), bytes });
      items.push(itemOf(event));
    }
  }
  if (received === 0) refuse(message.body as Json, 'empty_batch');
  return {
    message: head,
    source,
    received: Math.max(received, 1),
    invalid,
    repeats,
    events,
    bytes: bytesSent(message),
    items,
  };
}

/** What a payload says of itself, be it an event or not. */
function itemOf(payload: Json | undefined, call?: EventType): ReadItem {
  const isObject = payload !== undefined && isJsonObject(payload);
  const messageId = isObject ? own(payload, 'messageId') : undefined;
  return {
    kind: isObject ? kindOf(payload, call) : NO_KIND,
    idHash: typeof messageId === 'string' ? idHashOf(messageId) : 0,
  };
}

/** Of a webhook, what was posted, without the rules that lie beside it. */
function bytesSent({ kind, body }: IntakeMessage): number {
  const json = body as Json;
  const sent = kind === 'hook' && isJsonObject(json) ? own(json, 'body') : json;
  return sent === undefined ? 0 : Buffer.byteLength(JSON.stringify(sent));
}

/**
 * The events that a plan names by their indexes, without judging them again: what was an event when the plan was put is one, whatever has
 * become of its source and of our rules since. A plan obeyed by other rules than it was made by would never be carried out.
 */
export function readPlanned(
  message: IntakeMessage,
  source: Source | undefined,
  indexes: readonly number[],
  schema?: SourceSchema,
): readonly ReadEvent[] {
  const unpacked = unpack(message);
  const { endpointType, sentAt, shared } = unpacked;
  const setting = settingOf(message, source, sentAt);
  return indexes.map((index) => {
    const item = unpacked.itemAt(index);
    const payload = item.outcome === 'payload' ? withShared(item.payload, shared) : undefined;
    invariant(isJsonObject(payload), 'a plan names events of its own intake message');
    const type = endpointType ?? EVENT_TYPES.find((known) => known === own(payload, 'type'));
    invariant(type !== undefined, 'a planned event is of a type of the spec');
    const { event, bytes } = asWritten(normaliseEvent(payload, type, index, setting));
    return { index, event: withoutBlockedTraits(schema, event), bytes };
  });
}

/**
 * What an intake message holds, one by one, before it is judged: for showing what came. With what its batch says of all events in each, unless that is
 * far too large for an event; null where a webhook's mapping makes nothing of it.
 */
export function sentEvents(message: IntakeMessage): { count: number; at: (index: number) => Json } {
  const { count, itemAt, shared } = unpack(message);
  const isTooLarge = shared !== undefined && bytesOf(shared) > EVENT_BYTES_MAX;
  return {
    count,
    at: (index) => {
      const item = itemAt(index);
      if (item.outcome === 'fault') return null;
      return isTooLarge ? item.payload : withShared(item.payload, shared);
    },
  };
}

const settingOf = (
  { intakeId, receivedAt, ip }: IntakeMessage,
  source: Source | undefined,
  sentAt: Json | undefined,
): EventSetting => ({ intakeId, receivedAt, ip, sourceKind: source?.kind, sentAt });

type Item = { outcome: 'payload'; payload: Json } | Extract<MappedItem, { outcome: 'fault' }>;

type Unpacked = {
  count: number;
  /** Of those below `count`; made when it is asked for. */
  itemAt: (index: number) => Item;
  endpointType?: EventType;
  /** The items where they cost nothing to look at: those of a webhook are made. */
  sentAsIs?: readonly Json[];
  sentAt?: Json | undefined;
  /** Absent where the batch says nothing of its events, as those of all SDKs. */
  shared?: BatchSetting;
};

/** A body without events counts as one that is invalid: something was received, and the books must show it. */
function unpack({ kind, sourceId, body: sent }: IntakeMessage): Unpacked {
  if (kind === 'hook') return unpackHook(sent, sourceId);
  const body = sent as Json;
  if (kind !== 'batch' && kind !== 'import') return { ...listed([body]), endpointType: kind };
  if (!isJsonObject(body)) return listed([]);
  const batch = own(body, 'batch');
  const shared = batchSettingOf(body);
  return {
    ...listed(Array.isArray(batch) ? batch : []),
    sentAt: own(body, 'sentAt'),
    ...(Object.keys(shared).length > 0 && { shared }),
  };
}

const listed = (payloads: readonly Json[]): Pick<Unpacked, 'count' | 'itemAt' | 'sentAsIs'> => ({
  count: payloads.length,
  sentAsIs: payloads,
  itemAt: (index) => ({ outcome: 'payload', payload: payloads[index] ?? null }),
});

function unpackHook(body: unknown, sourceId: string): Unpacked {
  const reading = readHookBody(body, sourceId);
  return {
    count: reading.count,
    itemAt: (index) => {
      const item = reading.itemAt(index);
      return item.outcome === 'event' ? { outcome: 'payload', payload: item.event } : item;
    },
  };
}

/** A payload as it is judged: with what its batch says of all (E13). What is no object has no context. */
const withShared = <T extends Json | undefined>(payload: T, shared: BatchSetting | undefined): T | JsonObject =>
  shared !== undefined && isJsonObject(payload) ? mergeBatch(payload, shared) : payload;

/**
 * An event with its bytes, as it will be read from a queue. JSON has no infinite numbers: one beyond a double is read as Infinity and written as
 * null, and the first stage shall see no other event than the last (T12).
 */
function asWritten(event: TributaryEvent): { event: TributaryEvent; bytes: number } {
  const text = JSON.stringify(event);
  const bytes = Buffer.byteLength(queueText(text));
  const mayDiffer = text.includes('null') && holdsInfinity(event);
  return { event: mayDiffer ? (JSON.parse(text) as TributaryEvent) : event, bytes };
}

/** As deep as JSON_DEPTH_MAX at most, which ingest has seen to. */
const holdsInfinity = (value: Json): boolean => {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInfinity);
};

/** Bytes of a value as JSON on a queue. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(queueText(JSON.stringify(value)));
