import type { DestinationTotals, SourceTotals } from './books.ts';
import { total } from './books.ts';
import type { Counts } from './ledger-rows.ts';

/** The books of a source in events. accepted = invalid + duplicate + suppressed + blocked + routed. */
export type SourceBalance = {
  source: string;
  accepted: number;
  routed: number;
  invalid: number;
  duplicate: number;
  suppressed: number;
  blocked: number;
  reasons: { invalid: Counts; blocked: Counts };
};

/**
 * The books of a destination in sends (a send = one event for one mapping). An event that made no send, because it was filtered for this
 * destination or blocked at its source, counts as one. accepted = delivered + filtered + blocked + discarded + dlq + inFlight.
 */
export type DestinationBalance = {
  destination: string;
  source: string;
  accepted: number;
  delivered: number;
  filtered: number;
  blocked: number;
  discarded: number;
  dlq: number;
  inFlight: number;
  reasons: { filtered: Counts; blocked: Counts; discarded: Counts; dlq: Counts };
};

export const sourceBalance = (source: string, totals: SourceTotals): SourceBalance => ({
  source,
  accepted: totals.received,
  routed: totals.routed,
  invalid: total(totals.invalid),
  duplicate: totals.duplicate,
  suppressed: totals.suppressed,
  blocked: total(totals.blocked),
  reasons: { invalid: totals.invalid, blocked: totals.blocked },
});

/** `inFlight` is what was planned and has not ended: it is computed, never counted, and a negative one shows a fault in the books. */
export function destinationBalance(
  destination: string,
  source: string,
  planned: SourceTotals,
  done: DestinationTotals,
): DestinationBalance {
  const plan = planned.planned[destination] ?? { filtered: {}, queued: 0, sends: 0 };
  const parts = {
    delivered: done.delivered,
    filtered: total(plan.filtered),
    blocked: plan.queued + total(plan.filtered) > 0 ? total(planned.blocked) : 0,
    discarded: total(done.discarded),
    dlq: total(done.deadLettered),
  };
  const inFlight = plan.sends - parts.delivered - parts.discarded - parts.dlq;
  return {
    destination,
    source,
    accepted: plan.sends + parts.filtered + parts.blocked,
    ...parts,
    inFlight,
    reasons: {
      filtered: plan.filtered,
      blocked: planned.blocked,
      discarded: done.discarded,
      dlq: done.deadLettered,
    },
  };
}
