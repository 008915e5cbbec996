import type { ArchiveDigest } from '../domain/archive-digest.ts';
import type { ArchivePlace } from '../domain/archive-keys.ts';

export type ArchiveStore = {
  /** Writes one object of one source and hour, an event a line. The same place again is the same object. */
  put(object: ArchivePlace & { events: readonly unknown[] }): Promise<void>;
  /**
   * Writes what an object holds in short beside it. With `lateIn`, the present hour, a mark goes first: whoever folds digests does not look at
   * hours that are long past.
   */
  putDigest(place: ArchivePlace, digest: ArchiveDigest, lateIn?: string): Promise<void>;
};

/** Reads digests back. Of what was archived twice there may be two, of the same events. */
export type DigestShelf = {
  /** Of a workspace and hour of receivedAt. A digest that is malformed is left out, with a line in the log. */
  ofHour(workspaceId: string, hour: string): AsyncIterable<ArchiveDigest>;
  /** Digests of long past hours that were written from that hour on, of all workspaces, or of some. One whose mark is there before it itself is left out. */
  lateSince(writtenHour: string, workspaceIds?: ReadonlySet<string>): AsyncIterable<ArchiveDigest>;
};
