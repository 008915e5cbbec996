import type { Digest } from '../domain/digest.ts';
import type { DigestParts } from '../domain/digest-sums.ts';
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
/** Until when all is summed up, and from when on without a gap: of before `since` there is nothing, or not all. Both undefined before the first run. */
export type Reach = { asOf: string | undefined; since: string | undefined };

/** Rows of a subject that were put lately: in which minute, and in which shards, as bits. */
export type Touched = Pick<Touch, 'subject' | 'minute'> & { shards: number };

/** What the sums are made from, and what they replace. */
export type KeptDigests = {
  /** Minutes as they are kept, by minute; of one hour. */
  minuteParts(workspaceId: WorkspaceId, from: string, to: string): Promise<Map<string, KeptParts>>;
  hourParts(workspaceId: WorkspaceId, from: string, to: string): Promise<Map<string, KeptParts>>;
  /** What was touched in minutes of the writers' clocks, by those minutes; both included. */
  touched(workspaceId: WorkspaceId, from: string, to: string): Promise<Map<string, Touched[]>>;
  /** In one read. */
  reach(workspaceId: WorkspaceId): Promise<Reach>;
};
/** `version` grows with each put. */
export type KeptParts = { parts: DigestParts; version: number };

/** How far the sums have come. */
export type MinuteState = {
  /** Grows with each run: who holds an older one has lost the lease. */
  fence: number;
  /** Until when a run holds it, in ms since the epoch; 0: nobody. */
  heldUntilMs: number;
  /** All touches of before this minute are worked off; of workspaces in `behind` only those of before theirs. Undefined before the first run. */
  minute?: string | undefined;
  /** The first minute of those that were summed up without a gap: of before it there is nothing, or not all. Undefined before the first run. */
  since?: string | undefined;
  behind: Record<string, string>;
  /** The workspace that the last run ended with: the next one begins behind it. */
  turn?: string | undefined;
};

/** What the every-minute run works with. */
export type DigestStore = DigestReader &
  KeptDigests & {
    /** Replaces what is kept of a minute or an hour if its version is still `version` (0: there is none). */
    put(
      workspaceId: WorkspaceId,
      span: { minute: string } | { hour: string },
      parts: DigestParts,
      version: number,
    ): Promise<'saved' | 'stale'>;
    state(): Promise<MinuteState | undefined>;
    /** Only if the fence is still `fence` (0: there is no state yet). */
    putState(state: MinuteState, fence: number): Promise<'saved' | 'stale'>;
  };
