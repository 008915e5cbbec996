import type { Alert } from '../domain/alert.ts';
import type { Actor, AuditEntry } from '../domain/audit.ts';
import type { Filter } from '../domain/filter.ts';
import type { Rule, TrackingPlan, Transformation } from '../domain/governance.ts';
import type {
  ApiTokenId,
  DestinationId,
  FilterId,
  MappingId,
  SourceId,
  TrackingPlanId,
  WorkspaceId,
  WriteKey,
} from '../domain/ids.ts';
import type { AccessRequest, Group, Invite, Label, Member } from '../domain/people.ts';
import type { SourceSchema } from '../domain/source-schema.ts';
import type {
  ApiToken,
  Destination,
  Mapping,
  OAuthApp,
  Source,
  SourceWriteKey,
  Workspace,
  WorkspaceConfig,
} from '../domain/workspace.ts';

/** Everything that people configure, by kind. */
export type Things = {
  workspace: Workspace;
  source: Source;
  writeKey: SourceWriteKey;
  sourceSchema: SourceSchema;
  destination: Destination;
  mapping: Mapping;
  filter: Filter;
  oauthApp: OAuthApp;
  apiToken: ApiToken;
  member: Member;
  group: Group;
  invite: Invite;
  accessRequest: AccessRequest;
  label: Label;
  trackingPlan: TrackingPlan;
  rule: Rule;
  transformation: Transformation;
  alert: Alert;
};
export type KindName = keyof Things;
export type ThingOf<K extends KindName> = Things[K];

/** One thing to save over the version that it carries (0: new), or to remove at that version. */
export type Change = { [K in KindName]: { kind: K; verb: 'save' | 'remove'; thing: Things[K] } }[KindName];
/** Changes of one commit: with keys, lanes and audit entries they stay below DynamoDB's 100 items of a transaction. */
export const CHANGES_PER_COMMIT_MAX = 24;

/** Who makes a change, for the audit trail. */
export type Author = { actor: Actor; requestId?: string; ip?: string };

export type Committed =
  | { outcome: 'saved'; entries: AuditEntry[] }
  /** Somebody saved in between; read again and decide again. */
  | { outcome: 'stale' };

/** A save over the version that was read. `stale`: somebody saved in between; read again and decide again. */
export type Saved<T> = { outcome: 'saved'; value: T } | { outcome: 'stale' };

/** A lane that a destination holds, from 0. */
export type HeldLane = { lane: number; workspaceId: WorkspaceId; destinationId: DestinationId };

/**
 * People's configuration, in the control table. Items are written whole; `version` 0 means new, otherwise the save holds only over the
 * version that was read. Every save and delete bumps the workspace's configVersion and writes its entries of the audit trail in the same
 * transaction. `writeId` is random per logical write and the same over SDK retries.
 */
export type ControlStore = {
  listWorkspaces(): Promise<Workspace[]>;
  getWorkspace(id: WorkspaceId): Promise<Workspace | undefined>;
  saveWorkspace(workspace: Workspace, writeId: string): Promise<Saved<Workspace>>;

  listSources(workspaceId: WorkspaceId): Promise<Source[]>;
  getSource(workspaceId: WorkspaceId, id: SourceId): Promise<Source | undefined>;
  saveSource(source: Source, writeId: string): Promise<Saved<Source>>;

  /** Of one source, or of all. */
  listWriteKeys(workspaceId: WorkspaceId, sourceId?: SourceId): Promise<SourceWriteKey[]>;
  findWriteKey(writeKey: WriteKey): Promise<SourceWriteKey | undefined>;
  addWriteKey(key: SourceWriteKey, writeId: string): Promise<Saved<SourceWriteKey>>;
  removeWriteKey(key: SourceWriteKey, writeId: string): Promise<void>;

  listDestinations(workspaceId: WorkspaceId): Promise<Destination[]>;
  getDestination(workspaceId: WorkspaceId, id: DestinationId): Promise<Destination | undefined>;
  /**
   * Sees to its lane in the same transaction, whatever `lane` it comes with: an enabled one keeps the one it holds or takes a free one (none
   * free: the shared lane carries it, and its next save tries again), a disabled one gives its own back.
   */
  saveDestination(destination: Destination, writeId: string): Promise<Saved<Destination>>;
  /** Lanes that are held, over all workspaces, in their order. */
  listHeldLanes(): Promise<HeldLane[]>;

  listMappings(workspaceId: WorkspaceId, destinationId: DestinationId): Promise<Mapping[]>;
  saveMapping(mapping: Mapping, writeId: string): Promise<Saved<Mapping>>;
  removeMapping(mapping: Mapping, writeId: string): Promise<void>;
  getMapping(workspaceId: WorkspaceId, destinationId: DestinationId, id: MappingId): Promise<Mapping | undefined>;

  listFilters(workspaceId: WorkspaceId, destinationId: DestinationId): Promise<Filter[]>;
  getFilter(workspaceId: WorkspaceId, destinationId: DestinationId, id: FilterId): Promise<Filter | undefined>;
  saveFilter(filter: Filter, writeId: string): Promise<Saved<Filter>>;
  removeFilter(filter: Filter, writeId: string): Promise<void>;

  getSourceSchema(workspaceId: WorkspaceId, sourceId: SourceId): Promise<SourceSchema | undefined>;
  saveSourceSchema(schema: SourceSchema, writeId: string): Promise<Saved<SourceSchema>>;

  listOAuthApps(workspaceId: WorkspaceId): Promise<OAuthApp[]>;
  saveOAuthApp(app: OAuthApp, writeId: string): Promise<Saved<OAuthApp>>;
  removeOAuthApp(app: OAuthApp, writeId: string): Promise<void>;

  getApiToken(workspaceId: WorkspaceId, id: ApiTokenId): Promise<ApiToken | undefined>;
  /** By SHA-256 of the token's text, in hex. */
  findApiToken(sha256: string): Promise<ApiToken | undefined>;
  saveApiToken(token: ApiToken, writeId: string): Promise<Saved<ApiToken>>;

  listApiTokens(workspaceId: WorkspaceId): Promise<ApiToken[]>;

  listMembers(workspaceId: WorkspaceId): Promise<Member[]>;
  listGroups(workspaceId: WorkspaceId): Promise<Group[]>;
  listInvites(workspaceId: WorkspaceId): Promise<Invite[]>;
  listAccessRequests(workspaceId: WorkspaceId): Promise<AccessRequest[]>;
  listLabels(workspaceId: WorkspaceId): Promise<Label[]>;
  listTrackingPlans(workspaceId: WorkspaceId): Promise<TrackingPlan[]>;
  listRules(workspaceId: WorkspaceId, plan: TrackingPlanId): Promise<Rule[]>;
  listTransformations(workspaceId: WorkspaceId): Promise<Transformation[]>;
  /** Those that somebody made, or changed: see `alertsOf`. */
  listAlerts(workspaceId: WorkspaceId): Promise<Alert[]>;

  /**
   * Makes several changes in one transaction, each over the version that its thing carries. With `ifConfigVersion` it holds only while nothing else of
   * the workspace has changed since: for rules that look at more than the thing itself, such as how many there may be.
   */
  commit(
    workspaceId: WorkspaceId,
    changes: readonly Change[],
    options: { writeId: string; ifConfigVersion?: number },
  ): Promise<Committed>;

  /** Writes an entry of the audit trail for what was done and changed nothing that is kept here. Answers the entry. */
  addEntry(
    workspaceId: WorkspaceId,
    told: Pick<AuditEntry, 'event' | 'resource'> & { after?: AuditEntry['after'] },
  ): Promise<AuditEntry>;

  /** All of a workspace in one paged query, read consistently. */
  readConfig(workspaceId: WorkspaceId): Promise<WorkspaceConfig | undefined>;
};
