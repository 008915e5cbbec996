import type { JsonObject } from './json.ts';

/**
 * What one archive object holds, in short: written beside it by the archive function, under a name that derives from its own, so that a repeated
 * write is the same one. The aggregator folds digests into days; whoever needs the newest reads those that are not folded yet.
 */
export type ArchiveDigest = {
  v: 1;
  workspaceId: string;
  sourceId: string;
  /** The object that it is of. */
  archiveKey: string;
  /** receivedAt of its first and last event. */
  from: string;
  to: string;
  events: number;
  users: UserDigest;
  schema: SchemaDigest;
};

/**
 * Who sent, for tracked users (I02): 64-bit hashes in base64, 8 bytes each, each once. `tied`: anonymous ids that came with a userId, or that an alias
 * names as previous.
 */
export type UserDigest = { userIds: string; anonymousIds: string; tied: string };

/**
 * Properties and traits by what they are of. Key: `track`, name and app version, `identify`, `group`, as the schema module makes it; value: paths with
 * types and counts. Bounded there.
 */
export type SchemaDigest = JsonObject;
