import { percentileMs, total } from '../../../shared/domain/books.ts';
import { type DigestParts, noLatency } from '../../../shared/domain/digest-sums.ts';
import type { Snapshot } from '../live-numbers.ts';

/** What of a snapshot its viewer sees. */
export type Seen = { sources: readonly string[]; destinations: readonly string[] };
/** A time of a snapshot: from one minute to before another (`2026-11-26T10:00`). */
export type Time = { from: string; before: string };

export type Counted = { received: number; delivered: number; failed: number; p95Ms: number | null };
type Sum = Omit<Counted, 'p95Ms'> & { latency: number[] };

const MINUTE_MS = 60_000;
const P95 = 0.95;

/** What came and what became of it, in equal steps over a time; the last step may be cut short by the present. */
export function seriesOver(snapshot: Snapshot, { from, before }: Time, stepMinutes: number, seen: Seen): Counted[] {
  const begin = atMs(from);
  const stepMs = stepMinutes * MINUTE_MS;
  const steps = Array.from({ length: Math.ceil((atMs(before) - begin) / stepMs) }, nothing);
  for (const [at, parts] of partsIn(snapshot, { from, before })) {
    const step = steps[Math.floor((atMs(at) - begin) / stepMs)];
    if (step !== undefined) add(step, parts, seen);
  }
  return steps.map(countedOf);
}

/** The same over a time as a whole. */
export function countedIn(snapshot: Snapshot, time: Time, seen: Seen): Counted {
  const sum = nothing();
  for (const [, parts] of partsIn(snapshot, time)) add(sum, parts, seen);
  return countedOf(sum);
}

/** Hours and minutes are in a snapshot once each: hours up to where its minutes begin. */
function partsIn({ hours, minutes }: Snapshot, { from, before }: Time): (readonly [string, DigestParts])[] {
  return [...[...hours].map(([hour, parts]) => [`${hour}:00`, parts] as const), ...minutes].filter(
    ([at]) => at >= from && at < before,
  );
}

/** The 95th percentile, up to the bound of its bucket. Infinity, above the last bucket, is no JSON: nobody can say how late that is. */
export function p95Of(latency: readonly number[]): number | null {
  const ms = percentileMs(latency, P95);
  return ms === undefined || !Number.isFinite(ms) ? null : ms;
}

const atMs = (minute: string): number => Date.parse(`${minute}:00.000Z`);
const nothing = (): Sum => ({ received: 0, delivered: 0, failed: 0, latency: noLatency() });

function add(sum: Sum, parts: DigestParts, seen: Seen): void {
  for (const id of seen.sources) sum.received += parts.sources[id]?.received ?? 0;
  for (const id of seen.destinations) {
    const own = parts.destinations[id];
    if (own === undefined) continue;
    sum.delivered += own.delivered;
    sum.failed += total(own.discarded) + total(own.deadLettered);
    // By index: pages ask for hundreds of things over hundreds of hours every few seconds.
    for (let bucket = 0; bucket < own.latency.length; bucket += 1) {
      sum.latency[bucket] = (sum.latency[bucket] ?? 0) + (own.latency[bucket] ?? 0);
    }
  }
}

const countedOf = ({ received, delivered, failed, latency }: Sum): Counted => ({
  received,
  delivered,
  failed,
  p95Ms: p95Of(latency),
});
