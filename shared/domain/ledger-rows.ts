import * as z from 'zod';
import { EVENT_TYPES } from './event.ts';
import { EventKind } from './event-kind.ts';
import { DestinationId, IntakeId, MappingId, ReplayId, SourceId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** Counts by reason or code. Open keys: a reader of yesterday must not choke on a reason of tomorrow. */
const Counts = z.record(z.string().max(128), z.int().nonnegative());
export type Counts = z.infer<typeof Counts>;

/** `discarded.` and the longest code. */
const END_CHARS_MAX = 'discarded.'.length + 128;

/** A set of send numbers, base64 of a little-endian bit string. See `bitmap.ts`. */
const Bitmap = z.string();

/** What route decided for one destination. queued events + filtered = routed events of the source. */
export const PlannedDestination = z.object({
  destinationId: DestinationId,
  filtered: Counts,
  /** Events with at least one send. */
  queued: z.int().nonnegative(),
  /** Sends = set bits of `bitmap`. */
  sends: z.int().nonnegative(),
  mappings: z.array(MappingId),
  /** Bit (event index * mappings.length + mapping index): that event goes out by that mapping. Event index counts the events of the intake message. */
  bitmap: Bitmap,
  /** Sends in each part, in order: the cuts, which hold for ever. */
  cuts: z.array(z.int().positive().max(200)),
  /** Routed events by why they make no send, where there are several reasons; with one, `filtered` says it of all that have no bit. */
  filteredEvents: z.record(z.string().max(128), Bitmap).optional(),
});
export type PlannedDestination = z.infer<typeof PlannedDestination>;

/**
 * The plan row: put before any lane send, under (source, minute of receivedAt, intake id), if absent. It is the source's book entry and each
 * destination's `filtered` and `queued`: received = invalid + duplicate + suppressed + blocked + routed.
 */
export const PlanRow = z.object({
  v: z.literal(1),
  intakeId: IntakeId,
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  receivedAt: Timestamp,
  plannedAt: Timestamp,
  configVersion: z.int().nonnegative(),
  writeId: z.string(),
  received: z.int().nonnegative(),
  invalid: Counts,
  duplicate: z.int().nonnegative(),
  suppressed: z.int().nonnegative(),
  blocked: Counts,
  routed: z.int().nonnegative(),
  /** Routed events by call, for usage. */
  types: z.partialRecord(z.enum(EVENT_TYPES), z.int().nonnegative()),
  /** Indexes of routed events in the intake message: obeying a plan reads them instead of deciding again. */
  routedBitmap: Bitmap,
  destinations: z.array(PlannedDestination),
  /** Bytes of the request's body as ingest took it. Rows of before 0.3 have none of what follows. */
  bytes: z.int().nonnegative().optional(),
  /** The kinds of what was received, each once, in order of first appearance. */
  kinds: z.array(EventKind).optional(),
  /** For each event of the intake message the number of its kind; absent: all are of the first. What is beyond its end has no kind. */
  kindOf: z.array(z.int().nonnegative()).optional(),
  /**
   * Events that were not routed, by why: `duplicate`, `suppressed`, `invalid.<reason>`, `blocked.<reason>`, where there is more than one reason; with
   * one, the counts say it of all that are not in `routedBitmap`.
   */
  unrouted: z.record(z.string().max(160), Bitmap).optional(),
  /** 32-bit hashes (FNV-1a) of the events' messageIds in order, 4 bytes each, little-endian, base64; 0 for what has none. The trace finds an event by it. */
  idHashes: z.string().optional(),
  /** The write key that the request came with, as its tag (see `key-tags`), where the message tells it. */
  key: z.string().max(16).optional(),
});
export type PlanRow = z.infer<typeof PlanRow>;

/** One line of the error table, as one part saw it. */
export const PartError = z.object({
  code: z.string().max(64),
  message: z.string().max(256),
  count: z.int().positive(),
});
export type PartError = z.infer<typeof PartError>;

/**
 * The done row: put once all sends of a part have settled, under (destination, minute of dueAt, intake id, slice, hop), if absent.
 * delivered + discarded + deadLettered + retry = sends of that hop.
 */
export const DoneRow = z.object({
  v: z.literal(1),
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  destinationId: DestinationId,
  intakeId: IntakeId,
  slice: z.int().nonnegative(),
  hop: z.int().nonnegative(),
  dueAt: Timestamp,
  settledAt: Timestamp,
  /** Random per logical write, the same over SDK retries: tells my row from another's. */
  writeId: z.string(),
  delivered: z.int().nonnegative(),
  discarded: Counts,
  deadLettered: Counts,
  /** Sends that hop + 1 will carry. Where it is not 0, the bitmap of their numbers and when that hop is due are there, too. */
  retry: z.int().nonnegative(),
  retryBitmap: Bitmap.optional(),
  nextDueAt: Timestamp.optional(),
  /** Those of `retryBitmap` that were really tried in this hop: their attempts grow by one. Absent = none. */
  triedBitmap: Bitmap.optional(),
  /** What hop + 1 carries as its own `waitingSince`. */
  waitingSince: Timestamp.optional(),
  /** Set where the part belongs to a replay run: the row lies with the run's. */
  replay: ReplayId.optional(),
  errors: z.array(PartError).max(50),
  /** Sends by latency from receivedAt to the tool's answer; bucket i counts latencies below LATENCY_BUCKETS_MS[i]. */
  latency: z.array(z.int().nonnegative()),
  /** Key of the dead-letter object that holds the undelivered payloads of this part. */
  deadLetterKey: z.string().optional(),
  /** Bytes of the requests that were made to the tool. Rows of before 0.3 have none of what follows. */
  bytesOut: z.int().nonnegative().optional(),
  /**
   * How sends ended, by their numbers, where they ended in more than one way: `delivered`, `discarded.<code>`, `dead.<code>`. With one way, it is
   * that of all that are not in `retryBitmap`.
   */
  ends: z.record(z.string().max(END_CHARS_MAX), Bitmap).optional(),
  /** Why sends go on, by their numbers; absent where all of them were tried and `errors` has one code: then it is that. */
  retryCodes: z.record(z.string().max(64), Bitmap).optional(),
  /** What `lines` speak of: mappings and kinds of events of the part, each once. */
  mappings: z.array(MappingId).optional(),
  kinds: z.array(EventKind).optional(),
  /**
   * How many sends of a mapping and a kind ended so: [mapping number, kind number, end, count], where end is 'd' delivered at its first try, 'r'
   * delivered at a later one, 'w' tried and goes on, 'u' goes on untried, else as in `ends`. Absent where it follows: one mapping, one kind, one end,
   * and of what was delivered 'd' in hop 0 and 'r' in a later one.
   */
  lines: z.array(z.tuple([z.int(), z.int(), z.string().max(END_CHARS_MAX), z.int().positive()])).optional(),
});
export type DoneRow = z.infer<typeof DoneRow>;

/**
 * An intake message that could not be read in any way (it killed whoever tried, or fits no schema): kept whole in the dead-letter store and
 * counted apart, in requests, since nobody can say how many events it held. Filed under the hour of its `at`.
 */
export const UnreadableRow = z.object({
  v: z.literal(1),
  /** Derived from the message, so that the same one is counted once. */
  unreadableId: z.string().max(64),
  at: Timestamp,
  /** Where its head could still be read. */
  sourceId: SourceId.optional(),
  intakeId: IntakeId.optional(),
  reason: z.enum(['crash_loop', 'malformed']),
  /** Key of the object in the dead-letter store that holds the message as it lay on the queue. */
  deadLetterKey: z.string(),
});
export type UnreadableRow = z.infer<typeof UnreadableRow>;

/** Upper bounds of the latency histogram in ms; the last bucket is everything above. Log scale, 1.6x or so a step, 10 ms to 24 h. */
export const LATENCY_BUCKETS_MS = [
  10, 16, 25, 40, 63, 100, 160, 250, 400, 630, 1_000, 1_600, 2_500, 4_000, 6_300, 10_000, 30_000, 60_000, 300_000,
  900_000, 3_600_000, 14_400_000, 86_400_000,
] as const;
