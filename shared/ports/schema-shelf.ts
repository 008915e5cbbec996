import type { ArchiveDigest } from '../domain/archive-digest.ts';
import type { SourceId, WorkspaceId } from '../domain/ids.ts';
import type { KnownSchema } from '../domain/known-schema.ts';
import type { SeenSchema } from '../domain/schema-digest.ts';

/** A source of a workspace. */
export type SchemaSubject = { workspaceId: WorkspaceId; sourceId: SourceId };

/** What sources were sent, folded from digests. Whatever is put replaces what was there; what is malformed is as if it were not there, with a line in the log. */
export type SchemaShelf = {
  /** Hours before this one (`YYYY-MM-DDTHH`) are folded; undefined: none yet. */
  foldedTo(workspaceId: WorkspaceId): Promise<string | undefined>;
  putFoldedTo(workspaceId: WorkspaceId, hour: string): Promise<void>;
  hour(subject: SchemaSubject, hour: string): Promise<SeenSchema | undefined>;
  putHour(subject: SchemaSubject, hour: string, seen: SeenSchema): Promise<void>;
  day(subject: SchemaSubject, day: string): Promise<SeenSchema | undefined>;
  putDay(subject: SchemaSubject, day: string, seen: SeenSchema): Promise<void>;
  known(subject: SchemaSubject): Promise<KnownSchema | undefined>;
  putKnown(subject: SchemaSubject, known: KnownSchema): Promise<void>;
};

/** What is not folded yet. */
export type SourceDigests = {
  /** Digests of a source and hour, `limit` of them at most. */
  ofSourceHour(subject: SchemaSubject, hour: string, limit: number): AsyncIterable<ArchiveDigest>;
};
