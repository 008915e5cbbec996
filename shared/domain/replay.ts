import * as z from 'zod';
import { DestinationId, ReplayId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** Which dead letters a replay takes. What is left out does not matter; `{}` takes all. */
export type ReplayFilter = {
  /** Code that they ended with. */
  code?: string | undefined;
  /** When they ended: `from` included, `to` not. */
  from?: string | undefined;
  to?: string | undefined;
  /** Not what came before it, whenever that ended. */
  receivedFrom?: string | undefined;
  messageId?: string | undefined;
  /** Name of the event, as `eventNameOf` has it. */
  event?: string | undefined;
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
