import * as z from 'zod';
import { DestinationId, IntakeId, MappingId, ReplayId, SourceId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/**
 * One send = one event for one mapping, as `[n, e, m, a]`:
 * n = its number in the part as planned (0 to 199, keeps its value over hops: the bitmaps of done rows count by it),
 * e = index into `events`, m = index into `mappings`, a = attempts really made so far.
 */
export const LaneSend = z.tuple([
  z.int().min(0).max(199),
  z.int().nonnegative(),
  z.int().nonnegative(),
  z.int().nonnegative(),
]);
export type LaneSend = z.infer<typeof LaneSend>;

/** What one destination gets of one intake message: identified by (destination, intake id, slice), whatever queue or message carries it. */
export const Part = z.object({
  intakeId: IntakeId,
  slice: z.int().nonnegative(),
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  receivedAt: Timestamp,
  /** 0 for the first round; + 1 for each round of retries. */
  hop: z.int().nonnegative(),
  /** When this hop is due; of hop 0 it is `receivedAt`. The done row is filed under its minute. */
  dueAt: Timestamp,
  /** How often it was sent on before it was due, over all hops (a wait of more than 15 minutes is a chain of them). Absent = 0. */
  steps: z.int().positive().optional(),
  /** When a hop of it first settled with something left to send: the retry window counts from then. Absent in hop 0. */
  waitingSince: Timestamp.optional(),
  /** The X-Tributary-Hop that the request came with (loops). Absent = 0. */
  through: z.int().positive().optional(),
  /** Set in parts of a replay run: their books are the run's, and `intakeId` is derived from it. */
  replay: ReplayId.optional(),
  /** Set where this message may be a second copy: read the done row before sending anything. */
  again: z.literal(true).optional(),
  mappings: z.array(MappingId).min(1).max(50),
  /** Events as route left them (TributaryEvent). */
  events: z.array(z.record(z.string(), z.unknown())).min(1).max(200),
  sends: z.array(LaneSend).min(1).max(200),
});
export type Part = z.infer<typeof Part>;

/** One message of a lane: parts of one destination, at most LANE_MESSAGE_BYTES_MAX. */
export const LaneMessage = z.object({ v: z.literal(1), destinationId: DestinationId, parts: z.array(Part).min(1) });
export type LaneMessage = z.infer<typeof LaneMessage>;

/** One accepted request on its way to the archive: the routed events of one intake message. */
export const ArchiveMessage = z.object({
  v: z.literal(1),
  intakeId: IntakeId,
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  receivedAt: Timestamp,
  events: z.array(z.record(z.string(), z.unknown())).min(1),
});
export type ArchiveMessage = z.infer<typeof ArchiveMessage>;
