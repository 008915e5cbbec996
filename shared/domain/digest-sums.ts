import { addCounts, total } from './books.ts';
import type { DestinationDigest, Digest, SourceDigest } from './digest.ts';
import { type Counts, type DoneRow, LATENCY_BUCKETS_MS, type PlanRow } from './ledger-rows.ts';
import { FILTERED_REASONS } from './outcomes.ts';
import { SUPPRESSED_CODE } from './suppression.ts';
import { NO_KEY, UNTOLD_KEY } from './key-tags.ts';

/** What plans say of a destination. */
export type PlannedPart = Pick<DestinationDigest, 'filtered' | 'queued' | 'sends'>;
/** What the plan rows of one source say. `shards`: the set of ledger shards that they lie in, as bits. */
export type SourcePart = SourceDigest & { planned: Record<string, PlannedPart>; shards: number };
/** What the done rows of one destination say. */
export type DestinationPart = Omit<DestinationDigest, keyof PlannedPart> & { shards: number };
/**
 * A minute or an hour as it is kept: by whose rows say it, so that the rows of one subject can be summed again and put in place of what they said
 * before, whatever others say.
 */
export type DigestParts = { sources: Record<string, SourcePart>; destinations: Record<string, DestinationPart> };

/** Keys of a source that a sum tells apart: three times those that may be live at once (WRITE_KEYS_PER_SOURCE_MAX). */
export const KEY_TAGS_MAX = 32;

export const noParts = (): DigestParts => ({ sources: {}, destinations: {} });

/**
 * Codes of sends that ended before anything was tried: our own rules ended them. A tool's own codes are statuses and network codes. INVALID_SETTINGS is
 * none of these, though mostly no request was made: nothing gets through until somebody mends it, and that is to be told as a failure.
 */
const UNTRIED_CODES: ReadonlySet<string> = new Set([
  'destination_deleted',
  'destination_disabled',
  'destination_paused',
  'mapping_deleted',
  'mapping_disabled',
  'crash_loop',
  // The last try of a send that ends so stands under its tool's code.
  'hop_cap',
  SUPPRESSED_CODE,
  ...FILTERED_REASONS,
]);

/**
 * Sums plan rows of one minute, or hour. `undefined` where there is none. Order does not matter; each row is to come once. Keys are noted once a minute: beside
 * rows that tell theirs, those that do not are of keys that others of the minute tell.
 */
export function sourcePartOf(rows: readonly PlanRow[], shards: number): SourcePart | undefined {
  const part = rows
    .map((row): SourcePart => {
      const { received, invalid, duplicate, suppressed, blocked, routed, receivedAt: lastAt } = row;
      const planned = Object.fromEntries(
        row.destinations.map(({ destinationId, filtered, queued, sends }) => [
          destinationId,
          { filtered, queued, sends },
        ]),
      );
      const keys = { [row.key ?? UNTOLD_KEY]: lastAt };
      return { received, invalid, duplicate, suppressed, blocked, routed, lastAt, keys, planned, shards };
    })
    .reduce<SourcePart | undefined>(addSource, undefined);
  if (part === undefined) return undefined;
  const { [UNTOLD_KEY]: _told, ...keys } = part.keys;
  const told = Object.keys(keys).filter((key) => key !== NO_KEY).length;
  return told === 0 || told >= KEY_TAGS_MAX - 1 ? part : { ...part, keys };
}

/** Sums done rows, as sourcePartOf. */
export function destinationPartOf(rows: readonly DoneRow[], shards: number): DestinationPart | undefined {
  return rows.map((row) => partOfDone(row, shards)).reduce<DestinationPart | undefined>(addDestination, undefined);
}

function partOfDone(row: DoneRow, shards: number): DestinationPart {
  const { delivered, discarded, deadLettered, retry, latency, settledAt } = row;
  const failedTries = row.errors
    .filter(({ code }) => !UNTRIED_CODES.has(code))
    .reduce<Counts>((sum, { code, count }) => addCounts(sum, { [code]: count }), {});
  const ended = delivered + total(discarded) + total(deadLettered) + retry;
  return {
    delivered,
    discarded,
    deadLettered,
    retry,
    retried: row.hop === 0 ? 0 : ended,
    failedTries,
    latency,
    ...(delivered > 0 && { lastDeliveredAt: settledAt }),
    ...(total(failedTries) > 0 && { lastFailedAt: settledAt }),
    shards,
  };
}

/** Several times of the same workspace as one. A page asks for hundreds of things over hundreds of hours: nothing is copied but what is answered. */
export function sumParts(all: Iterable<DigestParts>): DigestParts {
  const sources = new Map<string, SourcePart>();
  const destinations = new Map<string, DestinationPart>();
  for (const parts of all) {
    for (const id of Object.keys(parts.sources)) {
      const part = parts.sources[id];
      if (part !== undefined) sources.set(id, addSource(sources.get(id), part));
    }
    for (const id of Object.keys(parts.destinations)) {
      const part = parts.destinations[id];
      if (part !== undefined) destinations.set(id, addDestination(destinations.get(id), part));
    }
  }
  return { sources: Object.fromEntries(sources), destinations: Object.fromEntries(destinations) };
}

function addSource(a: SourcePart | undefined, b: SourcePart): SourcePart {
  if (a === undefined) return b;
  const planned = { ...a.planned };
  for (const [id, more] of Object.entries(b.planned)) planned[id] = addPlanned(planned[id], more);
  return {
    received: a.received + b.received,
    invalid: addCounts(a.invalid, b.invalid),
    duplicate: a.duplicate + b.duplicate,
    suppressed: a.suppressed + b.suppressed,
    blocked: addCounts(a.blocked, b.blocked),
    routed: a.routed + b.routed,
    lastAt: a.lastAt > b.lastAt ? a.lastAt : b.lastAt,
    keys: addKeys(a.keys, b.keys),
    planned,
    shards: a.shards | b.shards,
  };
}

function addKeys(a: Record<string, string>, b: Record<string, string>): Record<string, string> {
  const keys = { ...a };
  for (const [key, at] of Object.entries(b)) keys[key] = later(keys[key], at) ?? at;
  const all = Object.entries(keys);
  if (all.length <= KEY_TAGS_MAX) return keys;
  // Whoever makes new keys all the time: what was used longest ago counts as untold.
  const newest = all.filter(([key]) => key !== UNTOLD_KEY).toSorted(([, x], [, y]) => (x < y ? 1 : -1));
  const kept = newest.slice(0, KEY_TAGS_MAX - 1);
  const [, foldedAt] = newest[KEY_TAGS_MAX - 1] ?? [];
  const untold = later(keys[UNTOLD_KEY], foldedAt);
  return Object.fromEntries(untold === undefined ? kept : [...kept, [UNTOLD_KEY, untold]]);
}

const addPlanned = (a: PlannedPart | undefined, b: PlannedPart): PlannedPart =>
  a === undefined
    ? b
    : { filtered: addCounts(a.filtered, b.filtered), queued: a.queued + b.queued, sends: a.sends + b.sends };

function addDestination(a: DestinationPart | undefined, b: DestinationPart): DestinationPart {
  if (a === undefined) return b;
  const lastDeliveredAt = later(a.lastDeliveredAt, b.lastDeliveredAt);
  const lastFailedAt = later(a.lastFailedAt, b.lastFailedAt);
  return {
    delivered: a.delivered + b.delivered,
    discarded: addCounts(a.discarded, b.discarded),
    deadLettered: addCounts(a.deadLettered, b.deadLettered),
    retry: a.retry + b.retry,
    retried: a.retried + b.retried,
    failedTries: addCounts(a.failedTries, b.failedTries),
    latency: a.latency.map((count, bucket) => count + (b.latency[bucket] ?? 0)),
    ...(lastDeliveredAt !== undefined && { lastDeliveredAt }),
    ...(lastFailedAt !== undefined && { lastFailedAt }),
    shards: a.shards | b.shards,
  };
}

const later = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/** The parts by source and destination: what plans said of a destination stands beside what its own rows say. */
export function digestOf(parts: DigestParts): Digest {
  const sources = Object.entries(parts.sources).map(([id, { planned: _planned, shards: _shards, ...digest }]) => [
    id,
    digest,
  ]);
  const destinations: Record<string, DestinationDigest> = {};
  for (const [id, { shards: _shards, ...done }] of Object.entries(parts.destinations)) {
    destinations[id] = { ...NOTHING_PLANNED, ...done };
  }
  for (const { planned } of Object.values(parts.sources)) {
    for (const [id, more] of Object.entries(planned)) {
      const sofar = destinations[id] ?? noDestinationDigest();
      destinations[id] = { ...sofar, ...addPlanned(sofar, more) };
    }
  }
  return { sources: Object.fromEntries(sources), destinations };
}

const NOTHING_PLANNED: PlannedPart = { filtered: {}, queued: 0, sends: 0 };

export const noDestinationDigest = (): DestinationDigest => ({
  ...NOTHING_PLANNED,
  delivered: 0,
  discarded: {},
  deadLettered: {},
  retry: 0,
  retried: 0,
  failedTries: {},
  latency: noLatency(),
});

export const noLatency = (): number[] => Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, () => 0);
