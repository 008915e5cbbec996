import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { AppError, invariant } from '../domain/app-error.ts';
import { differences, type AuditEntry } from '../domain/audit.ts';
import { Filter } from '../domain/filter.ts';
import { utf8Length } from '../domain/fql/utf8-length.ts';
import { Alert } from '../domain/alert.ts';
import { Rule, TrackingPlan, Transformation } from '../domain/governance.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { AuditId } from '../domain/ids.ts';
import { AccessRequest, Group, Invite, Label, Member } from '../domain/people.ts';
import { SourceSchema } from '../domain/source-schema.ts';
import { ApiToken, Destination, Mapping, OAuthApp, Source, SourceWriteKey, Workspace } from '../domain/workspace.ts';
import {
  type Author,
  type Change,
  CHANGES_PER_COMMIT_MAX,
  type ControlStore,
  type KindName,
  type Saved,
  type ThingOf,
} from '../ports/control-store.ts';
import type { DocumentItem, Documents, TransactItem } from '../ports/documents.ts';
import { auditItem } from './audit-items.ts';
import { type ControlKey, getItem, queryItems, readWorkspace } from './control-items.ts';
import { type Kind, KINDS, workspaceIdOf } from './control-kinds.ts';
import { controlKeys } from './control-keys.ts';
import { changeLane, LANE_TRIES_MAX, readHeldLanes } from './lane-assignment.ts';
import { parseItem } from './read-items.ts';
import { transact } from './transact.ts';

export type ControlStoreOptions = {
  /** Lanes of the deployment (its output LaneCount). Left out by who saves no destinations: none is taken then, and what is held stays held. */
  lanes?: number;
  random?: () => number;
  /** Left out: an operator's command. */
  author?: Author;
  now?: () => Date;
  newAuditId?: () => string;
};

/** JSON text of one thing: an item of DynamoDB has 400 KB, its key and version included. */
const THING_BYTES_MAX = 400_000;

const OPERATOR: Author = { actor: { type: 'operator', id: 'command-line' } };

function dataOf({ sk }: ControlKey, thing: object): string {
  const data = JSON.stringify(thing);
  if (utf8Length(data) <= THING_BYTES_MAX) return data;
  throw new AppError('bad-request', `${sk} has more than ${THING_BYTES_MAX} bytes`, { retry: false });
}

/** What one change comes to: items to write, and what the audit trail says of it. */
type Planned = {
  /** The key that its version is judged by, and whether that item is there afterwards. */
  first: ControlKey;
  stays: boolean;
  items: TransactItem[];
  entry: AuditEntry;
};

/**
 * People's configuration in the control table. Every commit is one transaction: the items themselves, guarded by the version that was read, lanes of
 * destinations, an audit entry for each change (decision 024: there is no way to change something without one), and the workspace's configVersion + 1.
 * Items are parsed on the way out. Throws AppError('conflict') when conflicts with other edits do not end within CONFLICT_TRIES_MAX tries,
 * AppError('not-found') for a workspace that does not exist, AppError('bad-request') for a thing that is larger than an item can be.
 */
export function controlStore(
  documents: Documents,
  tableName: string,
  {
    lanes,
    random = Math.random,
    author = OPERATOR,
    now = () => new Date(),
    newAuditId = () => `aud_${randomBytes(12).toString('base64url')}`,
  }: ControlStoreOptions = {},
): ControlStore {
  const list = async <T>(range: { pk: string; prefix?: string }, schema: z.ZodType<T>): Promise<T[]> =>
    (await queryItems(documents, tableName, range)).map((item) => parseItem(item, schema));
  const get = <T>(key: ControlKey, schema: z.ZodType<T>): Promise<T | undefined> =>
    getItem(documents, tableName, key, schema);

  const put = (
    key: ControlKey,
    thing: { version: number },
    writeId: string,
    { readVersion, mayBeMissing = false }: { readVersion: number; mayBeMissing?: boolean },
  ): TransactItem => ({
    Put: {
      TableName: tableName,
      Item: { ...key, version: thing.version, writeId, data: dataOf(key, thing) },
      ...(readVersion === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: mayBeMissing ? 'attribute_not_exists(pk) OR version = :read' : 'version = :read',
            ExpressionAttributeValues: { ':read': readVersion },
          }),
    },
  });

  const remove = (key: ControlKey, readVersion: number): TransactItem => ({
    Delete: {
      TableName: tableName,
      Key: key,
      // Gone already is as good: a removal that is repeated must not fail.
      ConditionExpression: 'attribute_not_exists(pk) OR version = :read',
      ExpressionAttributeValues: { ':read': readVersion },
    },
  });

  const bump = (workspaceId: WorkspaceId, isNew: boolean, ifConfigVersion: number | undefined): TransactItem => ({
    Update: {
      TableName: tableName,
      Key: controlKeys.configVersion(workspaceId),
      UpdateExpression: 'SET configVersion = if_not_exists(configVersion, :none) + :one',
      ExpressionAttributeValues: {
        ':none': 0,
        ':one': 1,
        ...(ifConfigVersion !== undefined && { ':read': ifConfigVersion }),
      },
      ...(ifConfigVersion !== undefined && { ConditionExpression: 'configVersion = :read' }),
      ...(ifConfigVersion === undefined && !isNew && { ConditionExpression: 'attribute_exists(pk)' }),
    },
  });

  const entryOf = (
    workspaceId: WorkspaceId,
    told: Pick<AuditEntry, 'event' | 'resource' | 'before' | 'after'>,
  ): AuditEntry => {
    const { actor, requestId, ip } = author;
    return {
      id: AuditId.parse(newAuditId()),
      workspaceId,
      at: now().toISOString(),
      actor,
      ...told,
      ...(requestId !== undefined && { requestId }),
      ...(ip !== undefined && { ip }),
    };
  };

  /** `stale`: what is there is not what the change was decided on. `own`: this very write was saved by an earlier try. */
  const plan = async <K extends KindName>(
    workspaceId: WorkspaceId,
    change: { kind: K; verb: 'save' | 'remove'; thing: ThingOf<K> },
    item: DocumentItem | undefined,
    writeId: string,
    lane: number | undefined,
  ): Promise<Planned | 'stale' | 'own'> => {
    // Each entry of the table is of its own kind; the compiler cannot follow that through `change`.
    const kind = KINDS[change.kind] as unknown as Kind<ThingOf<K>>;
    const { thing, verb } = change;
    if (item !== undefined && item['writeId'] === writeId) return 'own';
    const before = item && parseItem(item, kind.schema);
    if (verb === 'save' && (before?.version ?? 0) !== thing.version) return 'stale';
    if (verb === 'remove' && before !== undefined && before.version !== thing.version) return 'stale';
    const saved = { ...thing, version: thing.version + 1 };
    const after = verb === 'remove' ? undefined : withLane(change.kind, saved, lane);
    const keys = after === undefined ? [] : kind.keys(after);
    // Of the others than the first one may be missing: what was saved before there was such a way to it has none.
    const items =
      after === undefined
        ? []
        : keys.map((key, index) =>
            put(key, after, writeId, { readVersion: isKept(key, before) ? thing.version : 0, mayBeMissing: index > 0 }),
          );
    const gone = before === undefined ? [] : kind.keys(before).filter((key) => !keys.some((one) => isSame(one, key)));
    items.push(...gone.map((key) => remove(key, thing.version)));
    const first = kind.keys(after ?? before ?? thing)[0];
    if (verb === 'remove' && before === undefined) return 'own';
    return { first, stays: after !== undefined, items, entry: entryOf(workspaceId, toldOf(kind, before, after)) };

    function isKept(key: ControlKey, earlier: ThingOf<K> | undefined): boolean {
      return earlier !== undefined && kind.keys(earlier).some((one) => isSame(one, key));
    }
  };

  const commit: ControlStore['commit'] = async (workspaceId, changes, { writeId, ifConfigVersion }) => {
    invariant(changes.length <= CHANGES_PER_COMMIT_MAX, `a commit has at most ${CHANGES_PER_COMMIT_MAX} changes`);
    for (const { thing } of changes) {
      invariant(workspaceIdOf(thing) === workspaceId, 'all changes of a commit are of one workspace');
    }
    const isNewWorkspace = changes.some(({ kind, thing }) => kind === 'workspace' && thing.version === 0);
    for (let tries = 0; tries <= LANE_TRIES_MAX; tries += 1) {
      const taken = await takeLanes(changes, writeId, tries);
      const befores = await Promise.all(changes.map((change) => documents.get(tableName, firstKeyOf(change))));
      const planned: Planned[] = [];
      for (const [index, change] of changes.entries()) {
        const one = await plan(workspaceId, change, befores[index], writeId, taken.lanes.get(change));
        if (one === 'stale') return { outcome: 'stale' };
        if (one !== 'own') planned.push(one);
      }
      if (planned.length === 0) return { outcome: 'saved', entries: [] };
      const entries = planned.map(({ entry }) => entry);
      const items = [
        ...planned.flatMap((one) => one.items),
        ...taken.items,
        ...entries.map((entry) => auditItem(tableName, entry)),
        bump(workspaceId, isNewWorkspace, ifConfigVersion),
      ];
      const result = await transact(documents, items);
      if (result.saved) return { outcome: 'saved', entries };
      if (await isOwnWrite(planned, writeId)) return { outcome: 'saved', entries };
      const ownItems = planned.reduce((count, one) => count + one.items.length, 0);
      if (result.failed.slice(0, ownItems).includes(true)) return { outcome: 'stale' };
      if (result.failed.at(-1) === true) {
        if (ifConfigVersion !== undefined) return { outcome: 'stale' };
        throw noWorkspace(workspaceId);
      }
      // A lane was lost to another: the pool is looked at again.
    }
    throw new AppError('conflict', 'The lanes are being changed by others; try again');
  };

  /**
   * On a failed condition the caller may have met its own write, repeated after a timeout: then the items carry our writeId, and those that were to
   * go are gone.
   */
  const isOwnWrite = async (planned: readonly Planned[], writeId: string): Promise<boolean> => {
    const items = await Promise.all(planned.map(({ first }) => documents.get(tableName, first)));
    const kept = planned.flatMap(({ stays }, index) => (stays ? [items[index]] : []));
    return kept.length > 0
      ? kept.every((item) => item?.['writeId'] === writeId)
      : items.every((item) => item === undefined);
  };

  /** What destinations take of the pool of lanes and give back to it. */
  const takeLanes = async (
    changes: readonly Change[],
    writeId: string,
    tries: number,
  ): Promise<{ lanes: Map<Change, number | undefined>; items: TransactItem[] }> => {
    const taken = new Map<Change, number | undefined>();
    const items: TransactItem[] = [];
    if (!changes.some(({ kind }) => kind === 'destination')) return { lanes: taken, items };
    let held = await readHeldLanes(documents, tableName);
    for (const change of changes) {
      if (change.kind !== 'destination') continue;
      const { workspaceId, id: destinationId } = change.thing;
      const wanted = change.verb === 'remove' ? { ...change.thing, enabled: false } : change.thing;
      const moved = changeLane(tableName, wanted, writeId, { held, lanes, tries, random });
      taken.set(change, moved.lane);
      items.push(...moved.items);
      held = held.filter((one) => one.destinationId !== destinationId);
      if (moved.lane !== undefined) held.push({ lane: moved.lane, workspaceId, destinationId });
    }
    return { lanes: taken, items };
  };

  const saveOne = async <K extends KindName>(
    kind: K,
    thing: ThingOf<K>,
    writeId: string,
  ): Promise<Saved<ThingOf<K>>> => {
    // The pair fits by this function's signature.
    const change = { kind, verb: 'save', thing } as unknown as Change;
    const result = await commit(workspaceIdOf(thing), [change], { writeId });
    if (result.outcome === 'stale') return { outcome: 'stale' };
    if (kind !== 'destination') return { outcome: 'saved', value: { ...thing, version: thing.version + 1 } };
    // Its lane was chosen here, or by an earlier try of the same write.
    const item = await documents.get(tableName, firstKeyOf(change));
    const parsed = item && parseItem(item, KINDS[kind].schema);
    return { outcome: 'saved', value: parsed ?? { ...thing, version: thing.version + 1 } };
  };

  const removeOne = async <K extends KindName>(kind: K, thing: ThingOf<K>, writeId: string): Promise<void> => {
    const change = { kind, verb: 'remove', thing } as unknown as Change;
    const result = await commit(workspaceIdOf(thing), [change], { writeId });
    if (result.outcome === 'saved') return;
    throw new AppError('conflict', `${firstKeyOf(change).sk} was changed by somebody else; read it again`);
  };

  return {
    listWorkspaces: () => list(controlKeys.workspaces(), Workspace),
    getWorkspace: (id) => get(controlKeys.workspace(id), Workspace),
    saveWorkspace: (workspace, writeId) => saveOne('workspace', workspace, writeId),

    listSources: (workspaceId) => list(controlKeys.sources(workspaceId), Source),
    getSource: (workspaceId, id) => get(controlKeys.source(workspaceId, id), Source),
    saveSource: (source, writeId) => saveOne('source', source, writeId),

    listWriteKeys: (workspaceId, sourceId) => list(controlKeys.sourceWriteKeys(workspaceId, sourceId), SourceWriteKey),
    findWriteKey: (writeKey) => get(controlKeys.writeKey(writeKey), SourceWriteKey),
    addWriteKey: (key, writeId) => saveOne('writeKey', key, writeId),
    removeWriteKey: (key, writeId) => removeOne('writeKey', key, writeId),

    listDestinations: (workspaceId) => list(controlKeys.destinations(workspaceId), Destination),
    getDestination: (workspaceId, id) => get(controlKeys.destination(workspaceId, id), Destination),
    saveDestination: (destination, writeId) => saveOne('destination', destination, writeId),
    listHeldLanes: () => readHeldLanes(documents, tableName),

    listMappings: (workspaceId, destinationId) => list(controlKeys.mappings(workspaceId, destinationId), Mapping),
    getMapping: (workspaceId, destinationId, id) => get(controlKeys.mapping(workspaceId, destinationId, id), Mapping),
    saveMapping: (mapping, writeId) => saveOne('mapping', mapping, writeId),
    removeMapping: (mapping, writeId) => removeOne('mapping', mapping, writeId),

    listFilters: (workspaceId, destinationId) => list(controlKeys.filters(workspaceId, destinationId), Filter),
    getFilter: (workspaceId, destinationId, id) => get(controlKeys.filter(workspaceId, destinationId, id), Filter),
    saveFilter: (filter, writeId) => saveOne('filter', filter, writeId),
    removeFilter: (filter, writeId) => removeOne('filter', filter, writeId),

    getSourceSchema: (workspaceId, sourceId) => get(controlKeys.sourceSchema(workspaceId, sourceId), SourceSchema),
    saveSourceSchema: (schema, writeId) => saveOne('sourceSchema', schema, writeId),

    listOAuthApps: (workspaceId) => list(controlKeys.oauthApps(workspaceId), OAuthApp),
    saveOAuthApp: (app, writeId) => saveOne('oauthApp', app, writeId),
    removeOAuthApp: (app, writeId) => removeOne('oauthApp', app, writeId),

    getApiToken: (workspaceId, id) => get(controlKeys.workspaceToken(workspaceId, id), ApiToken),
    findApiToken: (sha256) => get(controlKeys.token(sha256), ApiToken),
    saveApiToken: (token, writeId) => saveOne('apiToken', token, writeId),
    listApiTokens: (workspaceId) => list(controlKeys.apiTokens(workspaceId), ApiToken),

    listMembers: (workspaceId) => list(controlKeys.members(workspaceId), Member),
    listGroups: (workspaceId) => list(controlKeys.groups(workspaceId), Group),
    listInvites: (workspaceId) => list(controlKeys.invites(workspaceId), Invite),
    listAccessRequests: (workspaceId) => list(controlKeys.accessRequests(workspaceId), AccessRequest),
    listLabels: (workspaceId) => list(controlKeys.labels(workspaceId), Label),
    listTrackingPlans: (workspaceId) => list(controlKeys.trackingPlans(workspaceId), TrackingPlan),
    listRules: (workspaceId, planId) => list(controlKeys.rules(workspaceId, planId), Rule),
    listTransformations: (workspaceId) => list(controlKeys.transformations(workspaceId), Transformation),
    listAlerts: (workspaceId) => list(controlKeys.alerts(workspaceId), Alert),

    commit,
    addEntry: async (workspaceId, told) => {
      const entry = entryOf(workspaceId, told);
      // Its id is nobody else's: a put that is there already is this one, repeated.
      await transact(documents, [auditItem(tableName, entry)]);
      return entry;
    },
    readConfig: async (workspaceId) => (await readWorkspace(documents, tableName, workspaceId))?.config,
  };
}

const firstKeyOf = (change: Change): ControlKey =>
  (KINDS[change.kind] as unknown as Kind<typeof change.thing>).keys(change.thing)[0];

const isSame = (a: ControlKey, b: ControlKey): boolean => a.pk === b.pk && a.sk === b.sk;

/** A destination holds the lane that this commit found for it, whatever it came with. */
function withLane<T>(kind: KindName, thing: T, lane: number | undefined): T {
  if (kind !== 'destination') return thing;
  const { lane: _asRead, ...rest } = thing as T & { lane?: number };
  return { ...rest, ...(lane !== undefined && { lane }) } as T;
}

function toldOf<T extends { version: number }>(
  kind: Kind<T>,
  before: T | undefined,
  after: T | undefined,
): Pick<AuditEntry, 'event' | 'resource' | 'before' | 'after'> {
  const thing = after ?? before;
  invariant(thing !== undefined, 'a change has a thing before or after it');
  const membersOf = (one: T | undefined) => one && (kind.told?.(one) ?? { ...one });
  const secretsOf = (one: T | undefined) => (one && kind.secrets?.(one)) ?? {};
  const was = secretsOf(before);
  const changed = Object.entries(secretsOf(after)).flatMap(([name, text]) => (was[name] === text ? [] : [name]));
  const told = differences(membersOf(before), membersOf(after), before === undefined ? [] : changed);
  return { event: kind.event(before, after), resource: kind.resource(thing), ...told };
}

const noWorkspace = (id: WorkspaceId) => new AppError('not-found', `There is no workspace ${id}`, { retry: false });
