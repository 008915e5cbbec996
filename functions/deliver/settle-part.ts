import type { DestinationId } from '../../shared/domain/ids.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { Part } from '../../shared/domain/lane-message.ts';
import { type Counts, type DoneRow, LATENCY_BUCKETS_MS } from '../../shared/domain/ledger-rows.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import type { DeadLetter } from '../../shared/ports/delivery-stores.ts';
import { errorLines } from './error-lines.ts';

/** How a send of a part stands when the part settles, and when that was. `untried`: our own rules ended it, and no attempt counts. */
export type SendEnd = { outcome: SendOutcome | Undeliverable; at: Date; untried?: true };

/** Ended by our own side before anything was tried: the destination is gone or off. */
export type Undeliverable = { outcome: 'undeliverable'; code: string; message: string };

export type Settlement = {
  /** All of the done row but who writes it, when, and where the payloads lie. */
  counts: Pick<DoneRow, 'delivered' | 'discarded' | 'deadLettered' | 'retry' | 'errors' | 'latency'>;
  /** What was not delivered, discarded payloads included: nothing is destroyed. */
  letters: DeadLetter[];
};

/**
 * Sums up a part whose sends have all ended: delivered + discarded + deadLettered = its sends. What is worth another try ends in the
 * dead-letter store with its code.
 */
export function settlePart(
  destinationId: DestinationId,
  part: Part,
  ends: ReadonlyMap<number, SendEnd>,
  settledAt: string,
): Settlement {
  const discarded: Counts = {};
  const deadLettered: Counts = {};
  const latency = Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, () => 0);
  const letters: DeadLetter[] = [];
  let delivered = 0;
  for (const [send, eventIndex, mappingIndex, attempts] of part.sends) {
    const end: SendEnd = ends.get(send) ?? { outcome: NOT_TRIED, at: new Date(settledAt) };
    const { outcome } = end;
    if (outcome.outcome === 'delivered') {
      delivered += 1;
      const bucket = bucketOf(end.at.getTime() - Date.parse(part.receivedAt));
      latency[bucket] = (latency[bucket] ?? 0) + 1;
      continue;
    }
    const isDiscarded = outcome.outcome === 'discarded';
    const counts = isDiscarded ? discarded : deadLettered;
    counts[outcome.code] = (counts[outcome.code] ?? 0) + 1;
    const { intakeId, slice, hop, workspaceId, sourceId, receivedAt } = part;
    letters.push({
      v: 1,
      workspaceId,
      sourceId,
      destinationId,
      intakeId,
      slice,
      hop,
      send,
      mappingId: part.mappings[mappingIndex] ?? '',
      attempts: attempts + (end.untried !== true && (outcome.outcome === 'retry' || isDiscarded) ? 1 : 0),
      receivedAt,
      settledAt,
      outcome: isDiscarded ? 'discarded' : 'dead-lettered',
      code: outcome.code,
      message: outcome.message,
      event: part.events[eventIndex] as JsonObject,
    });
  }
  return { counts: { delivered, discarded, deadLettered, retry: 0, errors: errorLines(letters), latency }, letters };
}

/** A send that was not begun in time. */
export const NOT_TRIED = {
  outcome: 'not-tried',
  code: 'not_tried',
  message: 'The destination was too slow for its turn to come',
} as const satisfies SendOutcome;

/** The histogram's bucket of a latency; clocks of two machines may differ, so none is below 0. */
function bucketOf(ms: number): number {
  const bucket = LATENCY_BUCKETS_MS.findIndex((bound) => ms < bound);
  return bucket === -1 ? LATENCY_BUCKETS_MS.length : bucket;
}
