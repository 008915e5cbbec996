import { EVENT_BYTES_MAX, MESSAGE_ID_CHARS_MAX } from '../../shared/config/limits.ts';
import type { EventType, TributaryEvent } from '../../shared/domain/event.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import type { Json } from '../../shared/domain/json.ts';
import { isJsonObject, own } from '../../shared/domain/json.ts';
import type { Counts } from '../../shared/domain/ledger-rows.ts';
import { normaliseEvent } from '../../shared/domain/normalise-event.ts';
import type { InvalidReason } from '../../shared/domain/outcomes.ts';
import { queueText } from '../../shared/domain/queue-text.ts';
import { validateEvent } from '../../shared/domain/validate-event.ts';
import type { Source } from '../../shared/domain/workspace.ts';

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
  const setting = {
    intakeId: message.intakeId,
    receivedAt: message.receivedAt,
    ip: message.ip,
    sourceKind: source?.kind,
    sentAt,
  };
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
