import type { Counts } from './ledger-rows.ts';

/** What a source took in a time. received = invalid + duplicate + suppressed + blocked + routed. */
export type SourceDigest = {
  received: number;
  invalid: Counts;
  duplicate: number;
  suppressed: number;
  blocked: Counts;
  routed: number;
  /** receivedAt of the newest event in it. */
  lastAt: string;
  /** The same by what the requests came with (see `key-tags`). */
  keys: Record<string, string>;
};
/** What a destination was meant to get, and what became of sends, in a time. */
export type DestinationDigest = {
  filtered: Counts;
  queued: number;
  sends: number;
  delivered: number;
  discarded: Counts;
  deadLettered: Counts;
  retry: number;
  retried: number;
  /** Tries that failed, by code, whatever became of the send. Tries = delivered + the sum of these. */
  failedTries: Counts;
  /** Deliveries by latency, as in done rows. */
  latency: number[];
  lastDeliveredAt?: string;
  lastFailedAt?: string;
};
/**
 * All that happened in a workspace in a minute or an hour, by source and destination: one item, so that a page with hundreds of things costs a few
 * reads. Recomputed from the rows of touched minutes, never added to. Minutes are those of the rows (receivedAt, dueAt).
 */
export type Digest = {
  sources: Record<string, SourceDigest>;
  destinations: Record<string, DestinationDigest>;
};
