import type { Digest } from '../domain/digest.ts';
import type { DestinationId, SourceId, WorkspaceId } from '../domain/ids.ts';

/** Whose rows of which minute (`2026-11-27T10:31`), and in which of LEDGER_SHARDS. */
export type Touch = {
  workspaceId: WorkspaceId;
  subject: { sourceId: SourceId } | { destinationId: DestinationId };
  minute: string;
  shard: number;
};

/** Who is about to put a row says so first: what sums up minutes looks only where something was put. Cheap: once a minute for a subject and environment. */
export type Touches = { touch(touches: readonly Touch[]): Promise<void> };

/** Summed-up minutes and hours of a workspace, those that there are, from `from` to `to`, both included. */
export type DigestReader = {
  minutes(workspaceId: WorkspaceId, from: string, to: string): Promise<Map<string, Digest>>;
  hours(workspaceId: WorkspaceId, from: string, to: string): Promise<Map<string, Digest>>;
  /** Until when all minutes of the past are summed up; undefined before the first run. */
  asOf(workspaceId: WorkspaceId): Promise<string | undefined>;
};
