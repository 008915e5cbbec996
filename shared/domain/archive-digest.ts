import * as z from 'zod';
import { SourceId, WorkspaceId } from './ids.ts';
import type { JsonObject } from './json.ts';
import { Timestamp } from './timestamp.ts';

/**
 * Who sent, for tracked users (I02): 64-bit hashes in base64, 8 bytes each, little-endian, each once. `tied`: anonymous ids that came with a userId,
 * or that an alias names as previous.
 */
export const UserDigest = z.object({ userIds: z.string(), anonymousIds: z.string(), tied: z.string() });
export type UserDigest = z.infer<typeof UserDigest>;

/** Names, properties and traits with types and counts, as `schemaDigestOf` makes it and `seenIn` reads it; empty in digests of before. */
export type SchemaDigest = JsonObject;

/**
 * What one archive object holds, in short: written beside it by the archive function, under a name that derives from its own, so that a repeated
 * write is the same one. The aggregator folds digests into days; whoever needs the newest reads those that are not folded yet.
 */
export const ArchiveDigest = z.object({
  v: z.literal(1),
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  /** The object that it is of. */
  archiveKey: z.string(),
  /** receivedAt of its first and last event. */
  from: Timestamp,
  to: Timestamp,
  events: z.int().nonnegative(),
  users: UserDigest,
  schema: z.custom<SchemaDigest>((value) => typeof value === 'object' && value !== null, 'an object'),
});
export type ArchiveDigest = z.infer<typeof ArchiveDigest>;
