import type { DestinationId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { LaneSend, Part } from '../domain/lane-message.ts';
import type { DeadLetter } from '../ports/delivery-stores.ts';
import { hopFields } from './done-key.ts';

/** How a send ended that was not delivered. `attempts`: all tries that were really made, the last one included. */
export type UndeliveredEnd = Pick<DeadLetter, 'outcome' | 'code' | 'message' | 'attempts' | 'settledAt'>;

/** The payload of one send of a part, with all that is needed to send it again at the lane. The send points at an event of the part. */
export function deadLetterOf(
  destinationId: DestinationId,
  part: Part,
  [send, event, mapping]: LaneSend,
  { outcome, code, message, attempts, settledAt }: UndeliveredEnd,
): DeadLetter {
  return {
    ...hopFields(destinationId, part),
    ...(part.through !== undefined && { through: part.through }),
    send,
    mappingId: part.mappings[mapping] ?? '',
    attempts,
    receivedAt: part.receivedAt,
    settledAt,
    outcome,
    code,
    message,
    event: part.events[event] as JsonObject,
  };
}
