import type { DestinationId, IntakeId, MappingId, ReplayId, SourceId, WorkspaceId } from '../domain/ids.ts';
import type { DoneRow } from '../domain/ledger-rows.ts';
import type { ReplayManifest, ReplayRun, ReplaySlice } from '../domain/replay.ts';
import type { DeadLetter } from './delivery-stores.ts';

/** A letter as it was read: its ids are ids. */
export type KeptLetter = DeadLetter & {
  workspaceId: WorkspaceId;
  sourceId: SourceId;
  destinationId: DestinationId;
  intakeId: IntakeId;
  mappingId: MappingId;
  replay?: ReplayId | undefined;
};

/** Reads of the dead-letter store. Whether a letter counts is for the ledger to say: an object may have been left by a crash. */
export type DeadLetterReader = {
  /** Destinations that have letters, deleted ones included. */
  destinations(): Promise<DestinationId[]>;
  /** Keys of a destination's objects from one day to another (`YYYY-MM-DD`, both included), oldest day first, page by page. */
  objects(
    destinationId: DestinationId,
    days: { from?: string | undefined; to?: string | undefined },
  ): AsyncIterable<string>;
  /** An object's letters, line by line, as they are read. None where the object has expired. Throws where a line is malformed. */
  letters(key: string): AsyncIterable<KeptLetter>;
};

export type ManifestStore = {
  put(manifest: ReplayManifest): Promise<void>;
  /** `undefined`: expired, and the letters that it names with it. */
  get(destinationId: DestinationId, runId: ReplayId): Promise<ReplayManifest | undefined>;
};

/** Replay runs and their slices, in the ledger. Reads are strong. */
export type ReplayStore = {
  /** A destination's runs, oldest first. */
  listRuns(destinationId: DestinationId): Promise<ReplayRun[]>;
  getRun(destinationId: DestinationId, number: number): Promise<ReplayRun | undefined>;
  /** Puts a new run. False where another has taken its number meanwhile. */
  addRun(run: ReplayRun): Promise<boolean>;
  /** Replaces the run that was read (by its writeId). False where somebody else has gone on with it. */
  saveRun(read: ReplayRun, next: ReplayRun): Promise<boolean>;
  /** Puts the row if none is there; true where it is ours. */
  putSlice(slice: ReplaySlice): Promise<boolean>;
  /** Slices from this number on, in order. */
  slicesFrom(runId: ReplayId, slice: number): Promise<ReplaySlice[]>;
  /** How the hops of all its parts ended. */
  donesOfRun(runId: ReplayId): Promise<DoneRow[]>;
};
