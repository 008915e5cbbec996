import type { ErrorLine } from './books.ts';
import type { EventKind } from './event-kind.ts';
import type { Counts } from './ledger-rows.ts';

/** Books by kind of event: what Delivery Overview, events volume and schema count (G08 to G15). Derived from plan and done rows alone. */

/** Kinds of one subject and hour that are kept apart; the rarest beyond them are summed under OTHER_NAME, so that totals hold. */
export const DETAIL_LINES_MAX = 4_000;

/** Events of a source, as it judged them: received = invalid + duplicate + suppressed + blocked + routed. */
export type SourceLine = {
  kind: EventKind;
  received: number;
  invalid: Counts;
  duplicate: number;
  suppressed: number;
  blocked: Counts;
  routed: number;
};
/** Routed events of a source, as one of its destinations was meant to get them: routed = filtered + queued. */
export type ConnectionLine = { kind: EventKind; filtered: Counts; queued: number };
export type SourceDetail = {
  /** Intake messages, and their bytes. */
  requests: number;
  bytes: number;
  lines: SourceLine[];
  /** By destination. */
  connections: Record<string, ConnectionLine[]>;
};

/** Sends of a destination by mapping and kind. */
export type DeliveryLine = {
  mappingId: string;
  kind: EventKind;
  firstTry: number;
  onRetry: number;
  discarded: Counts;
  deadLettered: Counts;
  /** Sends that a later hop carries; those that a later hop has settled. What waits = retry - retried. */
  retry: number;
  retried: number;
  /** Of `retry`, those that had no try in their hop: nothing is sent while a breaker is open. Absent: none. Tries that failed and go on = retry - untried. */
  untried?: number;
};
export type DestinationDetail = {
  /** Parts, and the bytes of the requests made. */
  parts: number;
  bytesOut: number;
  lines: DeliveryLine[];
  latency: number[];
  errors: ErrorLine[];
};

/** A step of a series: [from, to). */
export type Step<T> = { from: string; to: string; detail: T };
