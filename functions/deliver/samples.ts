import { redactedRequest, redactor } from '../../shared/destinations/redact.ts';
import type { SendResult } from '../../shared/destinations/engine.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { DeadLetter, DeliverySample } from '../../shared/ports/delivery-stores.ts';
import type { LaneTask } from './lane-task.ts';
import type { PartCall } from './part-calls.ts';
import type { TakesSample } from './sample-budget.ts';

/** Exchanges that a sample shows; a call makes one or two. */
const REQUESTS_MAX = 3;

/** Samples of a call's results, redacted, as far as the budget goes. Nothing is copied or redacted for a result that gives no sample. */
export function samplesOf(
  takes: TakesSample,
  { destinationId, part }: LaneTask,
  call: PartCall,
  results: readonly SendResult[],
  { at, secretValues }: { at: string; secretValues: readonly string[] },
): DeliverySample[] {
  return results.flatMap(({ outcome, exchanges }, index) => {
    const send = call.sends[index];
    const code = outcome.outcome === 'delivered' ? 'delivered' : outcome.code;
    if (send === undefined || !takes(destinationId, code, at)) return [];
    const redact = redactor(secretValues);
    const event = part.events[send[1]] as JsonObject;
    return [
      {
        destinationId,
        mappingId: call.mappingId,
        messageId: typeof event['messageId'] === 'string' ? event['messageId'] : '',
        at,
        code,
        ...(outcome.outcome !== 'delivered' && { message: redact.text(outcome.message) }),
        event: redact.json(event),
        requests: exchanges.slice(0, REQUESTS_MAX).map((exchange) => redactedRequest(exchange, redact)),
      },
    ];
  });
}

/**
 * Samples of what ended under another code than a tool's answer has: given up, or ended by our own side before anything was tried. Whatever is in the
 * books has an example then, with the last exchange, if there was one in this hop. Of suppressed users nothing is shown (T25): the caller leaves them out.
 */
export function samplesOfEnds(
  takes: TakesSample,
  letters: readonly DeadLetter[],
  failed: ReadonlyMap<number, SendResult>,
  { at, secretValues }: { at: string; secretValues: readonly string[] },
): DeliverySample[] {
  return letters.flatMap(({ destinationId, mappingId, code, message, event, send }) => {
    const result = failed.get(send);
    const isSampled = result !== undefined && result.outcome.outcome !== 'delivered' && result.outcome.code === code;
    if (isSampled || !takes(destinationId, code, at)) return [];
    const redact = redactor(secretValues);
    return [
      {
        destinationId,
        mappingId,
        messageId: typeof event['messageId'] === 'string' ? event['messageId'] : '',
        at,
        code,
        message: redact.text(message),
        event: redact.json(event),
        requests: (result?.exchanges ?? []).slice(0, REQUESTS_MAX).map((exchange) => redactedRequest(exchange, redact)),
      },
    ];
  });
}
