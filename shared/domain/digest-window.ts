import type { DestinationDigest, Digest, SourceDigest } from './digest.ts';
import type { Counts } from './ledger-rows.ts';
import { hourPlus } from './timestamp.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What alerts look at, of volumes and of tries. */
export type WindowDigest = {
  sources: Record<string, Pick<SourceDigest, 'received'>>;
  destinations: Record<string, Pick<DestinationDigest, 'delivered' | 'failedTries' | 'deadLettered'>>;
};

/**
 * Sums of a time from one minute to another, both included: of whole hours, and of minutes where it cuts one; the hour of `now` is whole up to now. Of a
 * cut hour whose minutes are no longer kept the hour's share counts, as if its events were spread evenly.
 */
export function windowOf(
  kept: { minutes: ReadonlyMap<string, Digest>; hours: ReadonlyMap<string, Digest> },
  { from, to, now }: { from: string; to: string; now: string },
): WindowDigest {
  const sum: WindowDigest = { sources: {}, destinations: {} };
  for (let hour = from.slice(0, HOUR_CHARS); hour <= to.slice(0, HOUR_CHARS); hour = hourPlus(hour, 1)) {
    const first = from > `${hour}:00` ? from : `${hour}:00`;
    const last = to < `${hour}:59` ? to : `${hour}:59`;
    const whole = kept.hours.get(hour);
    if (first === `${hour}:00` && (last === `${hour}:59` || last === now)) {
      if (whole !== undefined) addDigest(sum, whole);
      continue;
    }
    const within = [...kept.minutes].filter(([minute]) => minute.slice(0, HOUR_CHARS) === hour);
    if (within.length > 0) {
      for (const [minute, digest] of within) if (minute >= first && minute <= last) addDigest(sum, digest);
    } else if (whole !== undefined) {
      const minutes = (Date.parse(`${last}:00Z`) - Date.parse(`${first}:00Z`)) / MINUTE_MS + 1;
      addDigest(sum, whole, (minutes * MINUTE_MS) / HOUR_MS);
    }
  }
  return sum;
}

const HOUR_CHARS = 'YYYY-MM-DDTHH'.length;

/** Sums of some minutes. */
export function sumOf(digests: Iterable<Digest>): WindowDigest {
  const sum: WindowDigest = { sources: {}, destinations: {} };
  for (const digest of digests) addDigest(sum, digest);
  return sum;
}

function addDigest(sum: WindowDigest, digest: Digest, share = 1): void {
  for (const [id, { received }] of Object.entries(digest.sources)) {
    const known = Object.hasOwn(sum.sources, id) ? (sum.sources[id]?.received ?? 0) : 0;
    sum.sources[id] = { received: known + Math.round(received * share) };
  }
  for (const [id, { delivered, failedTries, deadLettered }] of Object.entries(digest.destinations)) {
    const known = Object.hasOwn(sum.destinations, id) ? sum.destinations[id] : undefined;
    sum.destinations[id] = {
      delivered: (known?.delivered ?? 0) + Math.round(delivered * share),
      failedTries: added(known?.failedTries, failedTries, share),
      deadLettered: added(known?.deadLettered, deadLettered, share),
    };
  }
}

function added(counts: Counts = {}, more: Counts, share: number): Counts {
  const sum: Counts = { ...counts };
  for (const [key, value] of Object.entries(more)) {
    sum[key] = (Object.hasOwn(sum, key) ? (sum[key] ?? 0) : 0) + Math.round(value * share);
  }
  return sum;
}
