import type { DestinationTotals, SourceTotals } from './books.ts';
import { addDestinationTotals, addSourceTotals, total } from './books.ts';
import type { Counts } from './ledger-rows.ts';

/**
 * The books of a source in events. accepted = invalid + duplicate + suppressed + blocked + routed. Beside them `unreadable`: requests that
 * nobody could read, in requests, since nobody knows how many events they held.
 */
export type SourceBalance = {
  source: string;
  accepted: number;
  routed: number;
  invalid: number;
  duplicate: number;
  suppressed: number;
  blocked: number;
  unreadable: number;
  reasons: { invalid: Counts; blocked: Counts };
};

/**
 * The books of a destination in sends (a send = one event for one mapping). An event that made no send, because it was filtered for this
 * destination or blocked at its source while the destination was connected and enabled, counts as one.
 * broughtForward + accepted = delivered + filtered + blocked + discarded + dlq + inFlight; without a range nothing is brought forward.
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
  /** At the end of the range. */
  inFlight: number;
  /** In flight when the range began; only where there is one. */
  broughtForward?: number;
  /** Of what is in `dlq` and `discarded`, what replay runs have delivered since. Those stay what they are in the books. */
  recovered: number;
  /** It was deleted; its books stay. */
  deleted?: true;
  reasons: { filtered: Counts; blocked: Counts; discarded: Counts; dlq: Counts };
};

export const sourceBalance = (source: string, totals: SourceTotals, unreadable = 0): SourceBalance => ({
  source,
  accepted: totals.received,
  routed: totals.routed,
  invalid: total(totals.invalid),
  duplicate: totals.duplicate,
  suppressed: totals.suppressed,
  blocked: total(totals.blocked),
  unreadable,
  reasons: { invalid: totals.invalid, blocked: totals.blocked },
});

/** Both sides of a destination's books over one time: its source's plans and its own ends. */
export type TwoSided = { planned: SourceTotals; done: DestinationTotals };

export const addTwoSided = (a: TwoSided, b: TwoSided): TwoSided => ({
  planned: addSourceTotals(a.planned, b.planned),
  done: addDestinationTotals(a.done, b.done),
});

/** What was planned and has not ended: it is computed, never counted, and a negative one shows a fault in the books. */
export const inFlightOf = (destination: string, { planned, done }: TwoSided): number =>
  (planned.planned[destination]?.sends ?? 0) - done.delivered - total(done.discarded) - total(done.deadLettered);

/**
 * A destination's line from its source's plans and its own ends of the same time. `before` is all that lies before it; without, the time begins
 * with the deployment.
 */
export function destinationBalance(
  destination: string,
  source: string,
  planned: SourceTotals,
  done: DestinationTotals,
  { before, recovered = 0 }: { before?: TwoSided | undefined; recovered?: number } = {},
): DestinationBalance {
  const plan = planned.planned[destination];
  const reasons = {
    filtered: plan?.filtered ?? {},
    blocked: plan?.blocked ?? {},
    discarded: done.discarded,
    dlq: done.deadLettered,
  };
  const parts = {
    delivered: done.delivered,
    filtered: total(reasons.filtered),
    blocked: total(reasons.blocked),
    discarded: total(reasons.discarded),
    dlq: total(reasons.dlq),
  };
  const broughtForward = before === undefined ? 0 : inFlightOf(destination, before);
  return {
    destination,
    source,
    accepted: (plan?.sends ?? 0) + parts.filtered + parts.blocked,
    ...parts,
    inFlight: broughtForward + inFlightOf(destination, { planned, done }),
    ...(before !== undefined && { broughtForward }),
    recovered,
    reasons,
  };
}

/** Where a source's plans do not account for all of its events, and by how many: by verdict, and of those routed by destination. */
export function planFaults(totals: SourceTotals): { destination?: string; count: number }[] {
  const { received, invalid, duplicate, suppressed, blocked, routed } = totals;
  const decided = total(invalid) + duplicate + suppressed + total(blocked) + routed;
  const faults = received === decided ? [] : [{ count: received - decided }];
  return Object.entries(totals.planned).reduce<{ destination?: string; count: number }[]>(
    (sofar, [destination, plan]) => {
      const count = plan.routed - total(plan.filtered) - plan.queued;
      return count === 0 ? sofar : [...sofar, { destination, count }];
    },
    faults,
  );
}
