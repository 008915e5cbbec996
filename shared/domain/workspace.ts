import * as z from 'zod';
import { ApiTokenId, DestinationId, MappingId, SourceId, WorkspaceId, WriteKey } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** Longest display name of anything a person names. */
export const NAME_CHARS_MAX = 128;
const Name = z.string().trim().min(1).max(NAME_CHARS_MAX);
/** Bookkeeping of every control-table item: written whole, only over the version that was read. `writeId` names the write that saved it. */
const stored = { version: z.int().nonnegative(), createdAt: Timestamp, updatedAt: Timestamp };

export const Workspace = z.object({
  id: WorkspaceId,
  slug: z.string().regex(/^[a-z0-9-]{1,64}$/),
  name: Name,
  ...stored,
});
export type Workspace = z.infer<typeof Workspace>;

export const SOURCE_KINDS = ['website', 'mobile', 'server'] as const;
export const Source = z.object({
  id: SourceId,
  workspaceId: WorkspaceId,
  slug: z.string().regex(/^[a-z0-9_-]{1,64}$/),
  name: Name,
  kind: z.enum(SOURCE_KINDS),
  enabled: z.boolean(),
  /** How long a messageId is remembered (E18), in hours: 24 by default, at most 7 days. */
  dedupHours: z.int().min(1).max(168).default(24),
  ...stored,
});
export type Source = z.infer<typeof Source>;

/** A live key of a source. Several may be live at once; a revoked one is deleted. */
export const SourceWriteKey = z.object({ writeKey: WriteKey, workspaceId: WorkspaceId, sourceId: SourceId, ...stored });
export type SourceWriteKey = z.infer<typeof SourceWriteKey>;

/** A value that only `deliver` can open: see `Sealer`. */
export const SealedValue = z.object({ sealed: z.string().max(16_384) });
export type SealedValue = z.infer<typeof SealedValue>;

/** Retry windows that a destination may have, in hours: 1 to 13 days; 24 by default (reliability 1.3), 4 is Segment's (G06). */
export const RETRY_WINDOW_HOURS_MAX = 312;
export const RETRY_WINDOW_HOURS_DEFAULT = 24;

export const Destination = z.object({
  id: DestinationId,
  workspaceId: WorkspaceId,
  /** A destination instance serves one source. */
  sourceId: SourceId,
  name: Name,
  /** The slug of its definition in `shared/destinations`. */
  type: z.string().regex(/^[a-z0-9-]{1,64}$/),
  enabled: z.boolean(),
  /** Plain settings by key of the definition. */
  settings: z.record(z.string(), z.json()),
  /** Secret settings by key, sealed under (workspace, destination, key). */
  secrets: z.record(z.string(), SealedValue),
  /** The lane that it holds, from 0; absent: the shared lane carries it. Set and taken away by the control store alone. */
  lane: z.int().nonnegative().optional(),
  retryWindowHours: z.int().min(1).max(RETRY_WINDOW_HOURS_MAX).default(RETRY_WINDOW_HOURS_DEFAULT),
  /** While it is there, route goes on queueing and deliver writes straight to the dead-letter store (`destination_paused`). */
  paused: z.object({ since: Timestamp, by: z.enum(['hand', 'failing']) }).optional(),
  ...stored,
});
export type Destination = z.infer<typeof Destination>;

/** Mappings a destination may have (Segment: 50). */
export const MAPPINGS_PER_DESTINATION_MAX = 50;
export const Mapping = z.object({
  id: MappingId,
  workspaceId: WorkspaceId,
  destinationId: DestinationId,
  name: Name,
  /** Key of the action in the destination's definition, `partnerAction` in Segment's words. */
  action: z.string().min(1).max(128),
  /** FQL text that chooses events. */
  trigger: z.string().min(1).max(5_120),
  /** Field map with mapping-kit directives. */
  fields: z.record(z.string(), z.json()),
  enabled: z.boolean(),
  ...stored,
});
export type Mapping = z.infer<typeof Mapping>;

/** A token for `/app-api` and the Public API. Only its SHA-256 is kept. */
export const ApiToken = z.object({
  id: ApiTokenId,
  workspaceId: WorkspaceId,
  name: Name,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  ...stored,
});
export type ApiToken = z.infer<typeof ApiToken>;

/** What route and deliver must know of a workspace, in one read. `configVersion` grows with every change. */
export type WorkspaceConfig = {
  workspaceId: WorkspaceId;
  configVersion: number;
  sources: readonly Source[];
  destinations: readonly { destination: Destination; mappings: readonly Mapping[] }[];
};

/** The lane that a destination holds now; `undefined`: the shared one. */
export const laneOf = (config: WorkspaceConfig | undefined, destinationId: string): number | undefined =>
  config?.destinations.find(({ destination }) => destination.id === destinationId)?.destination.lane;
