import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { Filter } from '../domain/filter.ts';
import { SourceSchema } from '../domain/source-schema.ts';
import { ApiToken, Destination, Mapping, OAuthApp, Source, SourceWriteKey, Workspace } from '../domain/workspace.ts';
import type { ControlStore, Saved } from '../ports/control-store.ts';
import { type ControlKey, getItem, queryItems, readWorkspace } from './control-items.ts';
import { parseItem } from './read-items.ts';
import { controlKeys } from './control-keys.ts';
import { changeLane, LANE_TRIES_MAX, readHeldLanes } from './lane-assignment.ts';
import { transact, type TransactItem } from './transact.ts';

type Stored = { version: number };

export type ControlStoreOptions = {
  /** Lanes of the deployment (its output LaneCount). Left out by who saves no destinations: none is taken then, and what is held stays held. */
  lanes?: number;
  random?: () => number;
};

/**
 * People's configuration in the control table. Every save and delete is one transaction: the items themselves, guarded by the version that
 * was read, and the workspace's configVersion + 1. Items are parsed on the way out. Throws AppError('upstream-unavailable') when conflicts
 * with other edits do not end within CONFLICT_TRIES_MAX tries, AppError('not-found') for a workspace that does not exist.
 */
export function dynamoControlStore(
  doc: DynamoDBDocumentClient,
  tableName: string,
  { lanes, random = Math.random }: ControlStoreOptions = {},
): ControlStore {
  const list = async <T>(
    range: { pk: string; prefix?: string },
    schema: Parameters<typeof parseItem<T>>[1],
  ): Promise<T[]> => (await queryItems(doc, tableName, range)).map((item) => parseItem(item, schema));

  const put = (key: ControlKey, value: Stored, writeId: string, readVersion: number): TransactItem => ({
    Put: {
      TableName: tableName,
      Item: { ...key, version: value.version, writeId, data: JSON.stringify(value) },
      ...(readVersion === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': readVersion } }),
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

  const bump = (workspaceId: WorkspaceId, isNew: boolean): TransactItem => ({
    Update: {
      TableName: tableName,
      Key: controlKeys.configVersion(workspaceId),
      UpdateExpression: 'SET configVersion = if_not_exists(configVersion, :none) + :one',
      ExpressionAttributeValues: { ':none': 0, ':one': 1 },
      ...(isNew ? {} : { ConditionExpression: 'attribute_exists(pk)' }),
    },
  });

  /**
   * Saves a thing under its keys (the first one is what its version is judged by). On a failed condition the SDK may have met its own
   * write, repeated after a timeout: then the item carries our writeId and was saved.
   */
  const save = async <T extends Stored & { workspaceId: WorkspaceId }>(
    thing: T,
    keys: [ControlKey, ...ControlKey[]],
    writeId: string,
    isWorkspace = false,
  ): Promise<Saved<T>> => {
    const value = { ...thing, version: thing.version + 1 };
    const { workspaceId, ...bare } = value;
    const items = keys.map((key) => put(key, isWorkspace ? bare : value, writeId, thing.version));
    const result = await transact(doc, [...items, bump(workspaceId, isWorkspace && thing.version === 0)]);
    if (result.saved) return { outcome: 'saved', value };
    if (result.failed.indexOf(true) === keys.length) throw noWorkspace(workspaceId);
    const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: keys[0], ConsistentRead: true }));
    if (Item?.['writeId'] === writeId) return { outcome: 'saved', value };
    return { outcome: 'stale' };
  };

  /** Removes a thing at the version that was read. A newer one stays, and that is an error: somebody changed it in between. */
  const removeAll = async (
    thing: Stored & { workspaceId: WorkspaceId },
    keys: readonly [ControlKey, ...ControlKey[]],
  ): Promise<void> => {
    const result = await transact(doc, [
      ...keys.map((key) => remove(key, thing.version)),
      bump(thing.workspaceId, false),
    ]);
    if (result.saved) return;
    if (result.failed.indexOf(true) === keys.length) throw noWorkspace(thing.workspaceId);
    throw new AppError('upstream-unavailable', `${keys[0].sk} was changed by somebody else; read it again`);
  };

  /** As `save`, with the destination's lane in the same transaction. On a lost race for a lane it looks at the pool again. */
  const saveDestination = async (destination: Destination, writeId: string): Promise<Saved<Destination>> => {
    const { workspaceId, id, lane: _asRead, ...rest } = destination;
    const key = controlKeys.destination(workspaceId, id);
    for (let tries = 0; tries <= LANE_TRIES_MAX; tries += 1) {
      const held = await readHeldLanes(doc, tableName);
      const { lane, items } = changeLane(tableName, destination, writeId, { held, lanes, tries, random });
      const value = {
        ...rest,
        id,
        workspaceId,
        version: destination.version + 1,
        ...(lane === undefined ? {} : { lane }),
      };
      const own = put(key, value, writeId, destination.version);
      const result = await transact(doc, [own, ...items, bump(workspaceId, false)]);
      if (result.saved) return { outcome: 'saved', value };
      if (result.failed[0] === true) return await savedBefore(key, writeId);
      if (result.failed.at(-1) === true) throw noWorkspace(workspaceId);
    }
    throw new AppError('upstream-unavailable', 'The lanes are being changed by others; try again');
  };

  /** What an earlier try of the same write saved, which may have taken another lane. */
  const savedBefore = async (key: ControlKey, writeId: string): Promise<Saved<Destination>> => {
    const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return Item?.['writeId'] === writeId
      ? { outcome: 'saved', value: parseItem(Item, Destination) }
      : { outcome: 'stale' };
  };

  const keysOfWriteKey = (key: SourceWriteKey): [ControlKey, ControlKey] => [
    controlKeys.writeKey(key.writeKey),
    controlKeys.sourceWriteKey(key.workspaceId, key.sourceId, key.writeKey),
  ];

  const keysOfOAuthApp = (app: OAuthApp): [ControlKey, ControlKey] => [
    controlKeys.oauthAppOwner(app.id),
    controlKeys.oauthApp(app.workspaceId, app.id),
  ];

  return {
    listWorkspaces: () => list(controlKeys.workspaces(), Workspace),
    getWorkspace: (id) => getItem(doc, tableName, controlKeys.workspace(id), Workspace),
    saveWorkspace: async (workspace, writeId) => {
      const thing = { ...workspace, workspaceId: workspace.id };
      const result = await save(thing, [controlKeys.workspace(workspace.id)], writeId, true);
      if (result.outcome === 'stale') return result;
      return { outcome: 'saved', value: { ...workspace, version: result.value.version } };
    },

    listSources: (workspaceId) => list(controlKeys.sources(workspaceId), Source),
    getSource: (workspaceId, id) => getItem(doc, tableName, controlKeys.source(workspaceId, id), Source),
    saveSource: (source, writeId) => save(source, [controlKeys.source(source.workspaceId, source.id)], writeId),

    listWriteKeys: (workspaceId, sourceId) => list(controlKeys.sourceWriteKeys(workspaceId, sourceId), SourceWriteKey),
    findWriteKey: (writeKey) => getItem(doc, tableName, controlKeys.writeKey(writeKey), SourceWriteKey),
    addWriteKey: (key, writeId) => save(key, keysOfWriteKey(key), writeId),
    removeWriteKey: (key) => removeAll(key, keysOfWriteKey(key)),

    listDestinations: (workspaceId) => list(controlKeys.destinations(workspaceId), Destination),
    getDestination: (workspaceId, id) => getItem(doc, tableName, controlKeys.destination(workspaceId, id), Destination),
    saveDestination,
    listHeldLanes: () => readHeldLanes(doc, tableName),

    listMappings: (workspaceId, destinationId) => list(controlKeys.mappings(workspaceId, destinationId), Mapping),
    getMapping: (workspaceId, destinationId, id) =>
      getItem(doc, tableName, controlKeys.mapping(workspaceId, destinationId, id), Mapping),
    saveMapping: (mapping, writeId) =>
      save(mapping, [controlKeys.mapping(mapping.workspaceId, mapping.destinationId, mapping.id)], writeId),
    removeMapping: (mapping) =>
      removeAll(mapping, [controlKeys.mapping(mapping.workspaceId, mapping.destinationId, mapping.id)]),

    listFilters: (workspaceId, destinationId) => list(controlKeys.filters(workspaceId, destinationId), Filter),
    getFilter: (workspaceId, destinationId, id) =>
      getItem(doc, tableName, controlKeys.filter(workspaceId, destinationId, id), Filter),
    saveFilter: (filter, writeId) =>
      save(filter, [controlKeys.filter(filter.workspaceId, filter.destinationId, filter.id)], writeId),
    removeFilter: (filter) =>
      removeAll(filter, [controlKeys.filter(filter.workspaceId, filter.destinationId, filter.id)]),

    getSourceSchema: (workspaceId, sourceId) =>
      getItem(doc, tableName, controlKeys.sourceSchema(workspaceId, sourceId), SourceSchema),
    saveSourceSchema: (schema, writeId) =>
      save(schema, [controlKeys.sourceSchema(schema.workspaceId, schema.sourceId)], writeId),

    listOAuthApps: (workspaceId) => list(controlKeys.oauthApps(workspaceId), OAuthApp),
    saveOAuthApp: (app, writeId) => save(app, keysOfOAuthApp(app), writeId),
    removeOAuthApp: (app) => removeAll(app, keysOfOAuthApp(app)),

    getApiToken: (workspaceId, id) => getItem(doc, tableName, controlKeys.workspaceToken(workspaceId, id), ApiToken),
    findApiToken: (sha256) => getItem(doc, tableName, controlKeys.token(sha256), ApiToken),
    saveApiToken: (token, writeId) =>
      save(token, [controlKeys.token(token.sha256), controlKeys.workspaceToken(token.workspaceId, token.id)], writeId),

    readConfig: async (workspaceId) => (await readWorkspace(doc, tableName, workspaceId))?.config,
  };
}

const noWorkspace = (id: WorkspaceId) => new AppError('not-found', `There is no workspace ${id}`, { retry: false });
