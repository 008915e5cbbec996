import * as z from 'zod';
import type { EventType } from './event.ts';
import { DestinationId, MappingId, ReplayId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** Which dead letters, or archived events, a replay takes. What is left out does not matter; `{}` takes all. Of a list any entry fits. */
export type ReplayFilter = {
  /** Code that they ended with. */
  code?: string | undefined;
  codes?: readonly string[] | undefined;
  /** When they ended, or were received where they are archived: `from` included, `to` not. */
  from?: string | undefined;
  to?: string | undefined;
  /** Not what came before it, whenever that ended. */
  receivedFrom?: string | undefined;
  messageId?: string | undefined;
  /** Name of the event, as `eventNameOf` has it. */
  event?: string | undefined;
  messageIds?: readonly string[] | undefined;
  events?: readonly string[] | undefined;
  types?: readonly EventType[] | undefined;
  userId?: string | undefined;
  /** FQL, judged as a destination filter's: what it cannot judge does not fit. */
  condition?: string | undefined;
};

/**
 * A replay run: what of one destination's dead letters is sent again. Its manifest is written before this row, which is put if no other run of
 * the destination has taken its number: so the letters of each run are its own, and none is sent by two. Kept for ever (one item a run).
 */
export const ReplayRun = z.object({
  v: z.literal(1),
  runId: ReplayId,
  /** Counts a destination's runs from 1. */
  number: z.int().positive(),
  workspaceId: WorkspaceId,
  destinationId: DestinationId,
  startedAt: Timestamp,
  /** What it takes, in words, for people. */
  filter: z.string().max(1_000),
  /** Letters in its manifest; a letter is a send. */
  planned: z.int().nonnegative(),
  /** How many letters of the manifest, in its order, have been sent to the lane or were gone; and how many slices they made. */
  position: z.int().nonnegative(),
  slices: z.int().nonnegative(),
  /** Of those, letters whose object had expired. planned - gone = delivered + discarded + dead-lettered again + in flight. */
  gone: z.int().nonnegative(),
  /** Set when all have been sent to the lane. */
  finishedAt: Timestamp.optional(),
  /** Set when it was ended before: what lies behind `position` is not sent, and later runs may take it. */
  cancelledAt: Timestamp.optional(),
  /** Of archived events: what it delivers recovers no dead letter. */
  of: z.literal('archive').optional(),
  /** Names the write that put it so: a run goes on only over the row that was read. */
  writeId: z.string(),
});
export type ReplayRun = z.infer<typeof ReplayRun>;

/** What a run takes, letter by letter, fixed at its start. Lies beside the letters, and so outlives them. */
export const ReplayManifest = z.object({
  v: z.literal(1),
  runId: ReplayId,
  destinationId: DestinationId,
  startedAt: Timestamp,
  /** Sends of one slice at most. */
  sliceSendsMax: z.int().min(1).max(200),
  /** Objects of the dead-letter store, oldest day first, each with the lines that are taken of it (a bitmap) and their number. */
  objects: z.array(z.object({ key: z.string(), lines: z.string(), count: z.int().positive() })),
  /**
   * Of a run of archived events: the keys are the archive's, and a line of an object stands for as many numbers as there are mappings, event by
   * event. `integration`: the name under which its destination alone is let through (N22).
   */
  archive: z.object({ mappings: z.array(MappingId).min(1), integration: z.string() }).optional(),
});
export type ReplayManifest = z.infer<typeof ReplayManifest>;

/** The plan row of a slice, put before it is sent: letters `from` to `to` (not included) of the manifest, in its order. */
export const ReplaySlice = z.object({
  v: z.literal(1),
  runId: ReplayId,
  destinationId: DestinationId,
  slice: z.int().nonnegative(),
  from: z.int().nonnegative(),
  to: z.int().positive(),
  /** Letters that were still there. */
  sends: z.int().positive().max(200),
  /** `receivedAt` and `dueAt` of its part. */
  plannedAt: Timestamp,
  writeId: z.string(),
});
export type ReplaySlice = z.infer<typeof ReplaySlice>;

/** How the sends of a run stand. planned = gone + delivered + discarded + deadLettered + waiting. */
export type ReplayTotals = {
  delivered: number;
  discarded: number;
  /** Of `discarded`, sends whose user was suppressed after the run had begun. */
  suppressed: number;
  deadLettered: number;
  waiting: number;
};
