import * as z from 'zod';
import { LabelRef, LABELS_PER_SOURCE_MAX, Permission, PERMISSIONS_MAX } from './access.ts';
import type { Filter } from './filter.ts';
import { ApiTokenId, DestinationId, MappingId, OAuthAppId, SourceId, WorkspaceId, WriteKey } from './ids.ts';
import { SealedValue } from './sealed-value.ts';
import { HookSetting } from './source-hook.ts';
import { SchemaSettings } from './schema-settings.ts';
import type { SourceSchema } from './source-schema.ts';
import { Timestamp } from './timestamp.ts';

export { SealedValue };

/** Longest display name of anything a person names. */
export const NAME_CHARS_MAX = 128;
const Name = z.string().trim().min(1).max(NAME_CHARS_MAX);
/** Bookkeeping of every control-table item: written whole, only over the version that was read. `writeId` names the write that saved it. */
export const stored = { version: z.int().nonnegative(), createdAt: Timestamp, updatedAt: Timestamp };

/** How long the wish to delete a workspace can be taken back (A19). */
export const WORKSPACE_DELETION_DAYS = 5;
export const Workspace = z.object({
  id: WorkspaceId,
  slug: z.string().regex(/^[a-z0-9-]{1,64}$/),
  name: Name,
  /** Whether a source without an enabled destination is switched off after 14 days (A16). Off by default. */
  autoDisableSources: z.boolean().default(false),
  /** The source that gets the audit trail as events (H15), from `since` on, which is when it was switched on; absent: since the last change. */
  auditForwarding: z.object({ sourceId: SourceId, since: Timestamp.optional() }).optional(),
  /** Asked for, and revocable until `dueAt` (A19). */
  deletion: z.object({ askedAt: Timestamp, by: z.string().max(256), dueAt: Timestamp }).optional(),
  ...stored,
});
export type Workspace = z.infer<typeof Workspace>;

/** `webhook`: any tool that posts what happens to an address of ours (POST /v1/hooks). */
export const SOURCE_KINDS = ['website', 'mobile', 'server', 'webhook'] as const;
/**
 * What finds repeats of a source's events. `event`: an exact claim for each messageId, whoever sends it. `device`: one ledger item for each request and
 * device (anonymousId, else userId); finds every repeat that comes from the same device, in whatever request.
 */
export const DEDUP_KEYS = ['event', 'device'] as const;
/** E09: what Segment recommends as the most for a workspace. */
export const REQUESTS_PER_SECOND_DEFAULT = 1_000;
export const Source = z.object({
  id: SourceId,
  workspaceId: WorkspaceId,
  slug: z.string().regex(/^[a-z0-9_-]{1,64}$/),
  name: Name,
  kind: z.enum(SOURCE_KINDS),
  enabled: z.boolean(),
  /** How long a messageId is remembered (E18), in hours: 24 by default, at most 7 days. */
  dedupHours: z.int().min(1).max(168).default(24),
  /** Left out: what is cheaper and finds what client libraries send again (see `dedupKeyOf`). */
  dedupBy: z.enum(DEDUP_KEYS).optional(),
  /** Requests that are accepted in a second, on average over ten (E09). */
  requestsPerSecondMax: z.int().min(1).max(100_000).default(REQUESTS_PER_SECOND_DEFAULT),
  /** Whether Analytics.js is told to send several events in a request. */
  batching: z.boolean().default(true),
  /** What a request must show beside the write key: nothing, or an OAuth token of one of the source's apps (E04). */
  requires: z.enum(['write-key', 'oauth']).default('write-key'),
  /** Hosts of web pages that may send, as in `Origin`; empty: all (T1). Requests without `Origin` are not judged by it. */
  allowedOrigins: z.array(z.string().min(1).max(255)).max(50).default([]),
  /** Addresses or CIDR blocks that may send; empty: all (T1). */
  allowedIps: z.array(z.string().min(1).max(64)).max(50).default([]),
  /** One value for each key (M08). */
  labels: z.array(LabelRef).max(LABELS_PER_SOURCE_MAX).default([]),
  /** The entry of the source catalog that it was made from, such as `javascript`; what was made from a file has none. */
  catalogId: z.string().max(64).optional(),
  schemaSettings: SchemaSettings.optional(),
  /** Since when it has had no enabled destination, as the daily look at it found (A16). */
  unusedSince: Timestamp.optional(),
  /** What people of the workspace see as its maker; a person's e-mail, a token's name. */
  createdBy: z.string().max(320).optional(),
  /** Of a webhook source: what becomes of a request. Left out: DEFAULT_HOOK_RULES, and no signature. */
  hook: HookSetting.optional(),
  /** Until then the debugger keeps every event of the source, not a sample (KEEP_ALL_MINUTES). */
  keepAllUntil: Timestamp.optional(),
  ...stored,
});
export type Source = z.infer<typeof Source>;

/**
 * By what repeats of a source's events are found: by device for mobile apps and for websites whose events share requests, else by event. With one
 * event a request a device's ledger costs more than the claim (docs/cost.md), and a server's users are many devices.
 */
export const dedupKeyOf = ({
  dedupBy,
  kind,
  batching,
}: Pick<Source, 'dedupBy' | 'kind' | 'batching'>): (typeof DEDUP_KEYS)[number] =>
  dedupBy ?? (kind === 'mobile' || (kind === 'website' && batching) ? 'device' : 'event');

/** Of one workspace (T23). */
export const SOURCES_MAX = 200;
/** Live at once. */
export const WRITE_KEYS_PER_SOURCE_MAX = 10;
/** Of one workspace (T23). */
export const DESTINATIONS_MAX = 500;
/** B08: of one type on one source, where they are sent to from here. */
export const INSTANCES_PER_SOURCE_MAX = 25;
/** Settings of one destination as JSON text (T23): an item of DynamoDB holds 400 KB. */
export const SETTINGS_BYTES_MAX = 100_000;
/** One secret setting, before it is sealed. */
export const SECRET_CHARS_MAX = 8_192;

/** A live key of a source. Several may be live at once; a revoked one is deleted. */
export const SourceWriteKey = z.object({ writeKey: WriteKey, workspaceId: WorkspaceId, sourceId: SourceId, ...stored });
export type SourceWriteKey = z.infer<typeof SourceWriteKey>;

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
  /** `device`: the browser sends to the tool itself, and what it has sent is not sent again from here (B10). */
  connectionMode: z.enum(['cloud', 'device']).default('cloud'),
  /** Ids of consent categories that a user must all have agreed to; empty: none asked (features 6.8). */
  consentCategories: z.array(z.string().min(1).max(34)).max(50).default([]),
  /** While it is there, route goes on queueing and deliver writes straight to the dead-letter store (`destination_paused`). */
  paused: z.object({ since: Timestamp, by: z.enum(['hand', 'failing']) }).optional(),
  /** An outage that people rehearse: until then the guarded client answers `status` itself and sends nothing. */
  rehearsal: z.object({ status: z.int().min(400).max(599), until: Timestamp }).optional(),
  ...stored,
});
export type Destination = z.infer<typeof Destination>;

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

/** Public keys that an OAuth app may have at once, so that they can be changed in turn (E04). */
export const OAUTH_KEYS_MAX = 2;
/** How long an access token may live, in days (features 2.8: 1, 2, 3 days, 1, 2, 3 weeks, 30 days). */
export const OAUTH_TOKEN_DAYS = [1, 2, 3, 7, 14, 21, 30] as const;
/** A client that signs its own assertions (RS256) and exchanges them for access tokens; its id is the `clientId`. */
export const OAuthApp = z.object({
  id: OAuthAppId,
  workspaceId: WorkspaceId,
  name: Name,
  tokenDays: z.literal(OAUTH_TOKEN_DAYS).default(1),
  /** `pem`: SPKI. `addedAt`: what was asked for before is another key's, which had the same id. */
  publicKeys: z
    .array(z.object({ keyId: z.string().min(1).max(128), pem: z.string().max(8_192), addedAt: Timestamp.optional() }))
    .min(1)
    .max(OAUTH_KEYS_MAX),
  /** Sources that its tokens may send to. */
  sourceIds: z.array(SourceId).max(200),
  ...stored,
});
export type OAuthApp = z.infer<typeof OAuthApp>;

/** API tokens of a workspace. */
export const API_TOKENS_MAX = 100;
/** A token for `/app-api` and the Public API. Only its SHA-256 is kept. */
export const ApiToken = z.object({
  id: ApiTokenId,
  workspaceId: WorkspaceId,
  name: Name,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Absent, as in those made before there were roles and in the seed's: everything of the workspace. */
  permissions: z.array(Permission).max(PERMISSIONS_MAX).optional(),
  /** Id of the person who made it; absent: a seed. */
  createdBy: z.string().max(64).optional(),
  expiresAt: Timestamp.optional(),
  ...stored,
});
export type ApiToken = z.infer<typeof ApiToken>;

/** What route and deliver must know of a workspace, in one read. `configVersion` grows with every change. */
export type WorkspaceConfig = {
  workspaceId: WorkspaceId;
  configVersion: number;
  sources: readonly Source[];
  destinations: readonly ConnectedDestination[];
  /** Of sources that have any. */
  schemas?: readonly SourceSchema[];
  /** userIds whose events are taken no more (J16), as of now. Only a ConfigReader fills it in; absent = none. */
  suppressed?: ReadonlySet<string>;
};
export type ConnectedDestination = {
  destination: Destination;
  mappings: readonly Mapping[];
  /** In no order: that of application is fixed (C01). Absent = none. */
  filters?: readonly Filter[];
};

/** The lane that a destination holds now; `undefined`: the shared one. */
export const laneOf = (config: WorkspaceConfig | undefined, destinationId: string): number | undefined =>
  config?.destinations.find(({ destination }) => destination.id === destinationId)?.destination.lane;

/** What people switched off of a source's events; `undefined`: nothing. */
export const schemaOf = (config: WorkspaceConfig | undefined, sourceId: string): SourceSchema | undefined =>
  config?.schemas?.find((schema) => schema.sourceId === sourceId);
