import { EVENT_BYTES_MAX, MESSAGE_ID_CHARS_MAX } from '../config/limits.ts';
import { invariant } from '../domain/app-error.ts';
import { EVENT_TYPES, type EventType, type TributaryEvent } from '../domain/event.ts';
import type { IntakeMessage } from '../domain/intake-message.ts';
import type { Json } from '../domain/json.ts';
import { isJsonObject, own } from '../domain/json.ts';
import type { Counts } from '../domain/ledger-rows.ts';
import { type EventSetting, normaliseEvent } from '../domain/normalise-event.ts';
import type { InvalidReason } from '../domain/outcomes.ts';
import { queueText } from '../domain/queue-text.ts';
import { validateEvent } from '../domain/validate-event.ts';
import type { Source } from '../domain/workspace.ts';

/** A valid event with its place in the intake message and its size as JSON on a queue. */
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
};

/** Unpacks an intake message into its events: validated, normalised, repeats removed. Deterministic in its arguments. */
export function readIntake(message: IntakeMessage, source: Source | undefined): IntakeReading {
  const { body, ...head } = message;
  const { payloads, endpointType, sentAt } = unpack(message.kind, body as Json);
  const setting = settingOf(message, source, sentAt);
  const invalid: Partial<Record<InvalidReason, number>> = {};
  const count = (reason: InvalidReason): void => {
    invalid[reason] = (invalid[reason] ?? 0) + 1;
  };
  const messageIds = new Set<string>();
  const events: ReadEvent[] = [];
  let repeats = 0;

  for (const [index, payload] of payloads.entries()) {
    const validated = validateEvent(payload, endpointType, MESSAGE_ID_CHARS_MAX);
    if (validated.verdict === 'invalid') {
      count(validated.reason);
      continue;
    }
    const event = normaliseEvent(validated.event, validated.type, index, setting);
    const bytes = bytesOf(event);
    // What we add is not the client's: an event over the limit with it is measured without.
    if (bytes > EVENT_BYTES_MAX && bytesOf(payload) > EVENT_BYTES_MAX) {
      count('event_too_large');
    } else if (messageIds.has(event.messageId)) {
      repeats += 1;
    } else {
      messageIds.add(event.messageId);
      events.push({ index, event, bytes });
    }
  }
  if (payloads.length === 0) count('empty_batch');
  return { message: head, source, received: Math.max(payloads.length, 1), invalid, repeats, events };
}

/**
 * The events that a plan names by their indexes, without judging them again: what was an event when the plan was put is one, whatever has
 * become of its source and of our rules since. A plan obeyed by other rules than it was made by would never be carried out.
 */
export function readPlanned(
  message: IntakeMessage,
  source: Source | undefined,
  indexes: readonly number[],
): readonly ReadEvent[] {
  const { payloads, endpointType, sentAt } = unpack(message.kind, message.body as Json);
  const setting = settingOf(message, source, sentAt);
  return indexes.map((index) => {
    const payload = payloads[index];
    invariant(isJsonObject(payload), 'a plan names events of its own intake message');
    const type = endpointType ?? EVENT_TYPES.find((known) => known === own(payload, 'type'));
    invariant(type !== undefined, 'a planned event is of a type of the spec');
    const event = normaliseEvent(payload, type, index, setting);
    return { index, event, bytes: bytesOf(event) };
  });
}

const settingOf = (
  { intakeId, receivedAt, ip }: IntakeMessage,
  source: Source | undefined,
  sentAt: Json | undefined,
): EventSetting => ({ intakeId, receivedAt, ip, sourceKind: source?.kind, sentAt });

type Unpacked = { payloads: readonly Json[]; endpointType?: EventType; sentAt?: Json | undefined };

/** A body without events counts as one that is invalid: something was received, and the books must show it. */
function unpack(kind: IntakeMessage['kind'], body: Json): Unpacked {
  if (kind !== 'batch' && kind !== 'import') return { payloads: [body], endpointType: kind };
  if (!isJsonObject(body)) return { payloads: [] };
  const batch = own(body, 'batch');
  return { payloads: Array.isArray(batch) ? batch : [], sentAt: own(body, 'sentAt') };
}

/** Bytes of a value as JSON on a queue. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(queueText(JSON.stringify(value)));
