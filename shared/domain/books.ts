import type { Counts, DoneRow, PlanRow, UnreadableRow } from './ledger-rows.ts';
import { LATENCY_BUCKETS_MS } from './ledger-rows.ts';

/** What route decided about a source's events: received = invalid + duplicate + suppressed + blocked + routed. */
export type SourceTotals = {
  received: number;
  invalid: Counts;
  duplicate: number;
  suppressed: number;
  blocked: Counts;
  routed: number;
  /** Routed events by call. */
  types: Counts;
  /** What each destination of the source was meant to get. */
  planned: Record<string, PlannedTotals>;
};

/**
 * Of the plans made while the destination was connected and enabled: how many events were routed, which were blocked at the source, and what
 * became of the routed ones. routed = filtered + queued; filtered counts events that made no send, queued events made `sends` sends.
 */
export type PlannedTotals = { routed: number; blocked: Counts; filtered: Counts; queued: number; sends: number };

/** Requests that nobody could read, by source; those whose source is not known either are under UNKNOWN_SOURCE. */
export type UnreadableTotals = Counts;
/** Not an id: ids of sources begin with `src_`. */
export const UNKNOWN_SOURCE = 'unknown';

/** How sends ended. `retry` counts sends that a later hop carries; it is no end. `retried` counts those that a later hop has settled. */
export type DestinationTotals = {
  delivered: number;
  discarded: Counts;
  deadLettered: Counts;
  retry: number;
  retried: number;
  latency: number[];
  errors: ErrorLine[];
};

/** One line of the error table: first and last time that a send ended so. */
export type ErrorLine = { code: string; message: string; count: number; firstSeen: string; lastSeen: string };

/** Error lines that are kept of one destination and hour; the rarest go first. */
export const ERROR_LINES_MAX = 100;

export const noSourceTotals = (): SourceTotals => ({
  received: 0,
  invalid: {},
  duplicate: 0,
  suppressed: 0,
  blocked: {},
  routed: 0,
  types: {},
  planned: {},
});

export const noDestinationTotals = (): DestinationTotals => ({
  delivered: 0,
  discarded: {},
  deadLettered: {},
  retry: 0,
  retried: 0,
  latency: Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, () => 0),
  errors: [],
});

/** The books of a source from its plan rows. Order does not matter; a row counted twice would count twice, so rows come by key. */
export const sumPlans = (rows: readonly PlanRow[]): SourceTotals =>
  rows.reduce(
    (totals, row) =>
      addSourceTotals(totals, {
        received: row.received,
        invalid: row.invalid,
        duplicate: row.duplicate,
        suppressed: row.suppressed,
        blocked: row.blocked,
        routed: row.routed,
        types: row.types,
        planned: Object.fromEntries(
          row.destinations.map(({ destinationId, filtered, queued, sends }) => [
            destinationId,
            { routed: row.routed, blocked: row.blocked, filtered, queued, sends },
          ]),
        ),
      }),
    noSourceTotals(),
  );

/** The books of a destination from its done rows. */
export const sumDones = (rows: readonly DoneRow[]): DestinationTotals =>
  rows.reduce(
    (totals, row) =>
      addDestinationTotals(totals, {
        delivered: row.delivered,
        discarded: row.discarded,
        deadLettered: row.deadLettered,
        retry: row.retry,
        retried: row.hop === 0 ? 0 : sendsOf(row),
        latency: row.latency,
        errors: row.errors.map((error) => ({ ...error, firstSeen: row.settledAt, lastSeen: row.settledAt })),
      }),
    noDestinationTotals(),
  );

/** Sends that a hop settled, one way or the other. */
const sendsOf = ({ delivered, discarded, deadLettered, retry }: DoneRow): number =>
  delivered + total(discarded) + total(deadLettered) + retry;

export const sumUnreadable = (rows: readonly UnreadableRow[]): UnreadableTotals =>
  rows.reduce((totals, { sourceId }) => addCounts(totals, { [sourceId ?? UNKNOWN_SOURCE]: 1 }), {});

export function addSourceTotals(a: SourceTotals, b: SourceTotals): SourceTotals {
  const planned: Record<string, PlannedTotals> = { ...a.planned };
  for (const [id, more] of Object.entries(b.planned)) {
    const sofar = planned[id];
    planned[id] =
      sofar === undefined
        ? more
        : {
            routed: sofar.routed + more.routed,
            blocked: addCounts(sofar.blocked, more.blocked),
            filtered: addCounts(sofar.filtered, more.filtered),
            queued: sofar.queued + more.queued,
            sends: sofar.sends + more.sends,
          };
  }
  return {
    received: a.received + b.received,
    invalid: addCounts(a.invalid, b.invalid),
    duplicate: a.duplicate + b.duplicate,
    suppressed: a.suppressed + b.suppressed,
    blocked: addCounts(a.blocked, b.blocked),
    routed: a.routed + b.routed,
    types: addCounts(a.types, b.types),
    planned,
  };
}

export const addDestinationTotals = (a: DestinationTotals, b: DestinationTotals): DestinationTotals => ({
  delivered: a.delivered + b.delivered,
  discarded: addCounts(a.discarded, b.discarded),
  deadLettered: addCounts(a.deadLettered, b.deadLettered),
  retry: a.retry + b.retry,
  retried: a.retried + b.retried,
  latency: addLatency(a.latency, b.latency),
  errors: addErrors(a.errors, b.errors),
});

/** What is kept of a destination for all time: the error table is of hours and days. */
export const lastingDestinationTotals = (totals: DestinationTotals): DestinationTotals => ({ ...totals, errors: [] });

export function addCounts(a: Counts, b: Counts): Counts {
  const sum: Counts = { ...a };
  for (const [reason, count] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}

export const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const addErrors = (a: readonly ErrorLine[], b: readonly ErrorLine[]): ErrorLine[] =>
  mergeErrors([...a, ...b])
    .toSorted((x, y) => y.count - x.count)
    .slice(0, ERROR_LINES_MAX);

/** One line for each code and message, in the order of their first. */
export function mergeErrors(errors: readonly ErrorLine[]): ErrorLine[] {
  const lines = new Map<string, ErrorLine>();
  for (const line of errors) {
    const key = `${line.code}\n${line.message}`;
    const sofar = lines.get(key);
    lines.set(
      key,
      sofar === undefined
        ? line
        : {
            ...line,
            count: sofar.count + line.count,
            firstSeen: sofar.firstSeen < line.firstSeen ? sofar.firstSeen : line.firstSeen,
            lastSeen: sofar.lastSeen > line.lastSeen ? sofar.lastSeen : line.lastSeen,
          },
    );
  }
  return [...lines.values()];
}

/** Histograms of one kind, added up; one that is empty adds nothing. */
export const addLatency = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, bucket) => (a[bucket] ?? 0) + (b[bucket] ?? 0));

/** P95 in ms as the upper bound of the bucket that holds it; undefined where nothing was delivered, Infinity above the last bucket. */
export function percentileMs(latency: readonly number[], share: number): number | undefined {
  const count = latency.reduce((sum, n) => sum + n, 0);
  if (count === 0) return undefined;
  let seen = 0;
  for (const [bucket, n] of latency.entries()) {
    seen += n;
    if (seen >= share * count) return LATENCY_BUCKETS_MS[bucket] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
