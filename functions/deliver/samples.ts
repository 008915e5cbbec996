import { redactedRequest, redactor } from '../../shared/destinations/redact.ts';
import type { SendResult } from '../../shared/destinations/engine.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { DeliverySample } from '../../shared/ports/delivery-stores.ts';
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
