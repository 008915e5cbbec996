import type { ForwardingState } from '../domain/forwarding.ts';
import type { WorkspaceId } from '../domain/ids.ts';

/** A note as it was read; `version` 0 and no value: there is none. */
export type Noted<T> = { value: T | undefined; version: number };

/**
 * What a function notes for its next run, one note for each workspace. Reads are strong. A write holds only over the version that was read; false: somebody
 * has written in between. `writeId` is random per logical write and the same over SDK retries.
 */
export type Notes<T> = {
  read(workspaceId: WorkspaceId): Promise<Noted<T>>;
  save(workspaceId: WorkspaceId, value: T, version: number, writeId: string): Promise<boolean>;
  remove(workspaceId: WorkspaceId, version: number): Promise<boolean>;
};

/** Since when a run sees that a workspace wants its unused sources switched off (A16). */
export type WatchNote = { since: string };

/** Notes of `notify`: how far audit trails were forwarded, and since when sources are looked at. */
export type NotifyNotes = { forwarding: Notes<ForwardingState>; watch: Notes<WatchNote> };
