import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { Filter } from '../domain/filter.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { SourceSchema } from '../domain/source-schema.ts';
import { Destination, Mapping, Source, type WorkspaceConfig } from '../domain/workspace.ts';
import {
  CONFIG_VERSION_SK,
  controlKeys,
  DESTINATION_PREFIX,
  FILTER_PREFIX,
  MAPPING_PREFIX,
  SCHEMA_PREFIX,
  SOURCE_PREFIX,
} from './control-keys.ts';

/**
 * The key of an item of the control table. Beside it an item holds the whole thing as JSON text in `data` (DynamoDB's numbers and sets would
 * change what people put into settings and field maps, D11), and what conditions look at: `version` and `writeId`.
 */
export type ControlKey = { pk: string; sk: string };

/** Pages of 1 MB that one query may take: some 100 MB of configuration in a workspace. */
const PAGES_MAX = 100;

/** Reads one item strongly. A malformed one throws AppError('malformed-item'); it is never served. */
export async function getItem<T>(
  doc: DynamoDBDocumentClient,
  tableName: string,
  key: ControlKey,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  return Item && parseItem(Item, schema);
}

export type ControlRange = {
  pk: string;
  /** Only those whose sort key begins with it. */
  prefix?: string;
  /** Only those whose sort key is the first, the second or between them. */
  between?: readonly [string, string];
};

/** All items of a range in the order of their sort key, read strongly. */
export async function queryItems(
  doc: DynamoDBDocumentClient,
  tableName: string,
  range: ControlRange,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of queryPages(doc, tableName, range)) items.push(...page);
  return items;
}

/** As `queryItems`, page by page; with `newestFirst` in the opposite order. */
export async function* queryPages(
  doc: DynamoDBDocumentClient,
  tableName: string,
  { pk, prefix, between }: ControlRange,
  { newestFirst = false }: { newestFirst?: boolean } = {},
): AsyncGenerator<Record<string, unknown>[]> {
  let KeyConditionExpression = 'pk = :pk';
  let values: Record<string, string> = {};
  if (prefix !== undefined) {
    KeyConditionExpression += ' AND begins_with(sk, :prefix)';
    values = { ':prefix': prefix };
  } else if (between !== undefined) {
    KeyConditionExpression += ' AND sk BETWEEN :first AND :last';
    values = { ':first': between[0], ':last': between[1] };
  }
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items = [], LastEvaluatedKey } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression,
        ExpressionAttributeValues: { ':pk': pk, ...values },
        ConsistentRead: true,
        ScanIndexForward: !newestFirst,
        ExclusiveStartKey: from,
      }),
    );
    yield Items;
    if (LastEvaluatedKey === undefined) return;
    from = LastEvaluatedKey;
  }
  throw new AppError('malformed-item', `${pk} holds more than ${PAGES_MAX} pages`, { retry: false });
}

/** The thing that an item holds. Throws AppError('malformed-item') with the key and the fields at fault, not their values. */
export function parseItem<T>(item: Record<string, unknown>, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseData(item));
  if (parsed.success) return parsed.data;
  throw malformed(item, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

function parseData(item: Record<string, unknown>): unknown {
  if (typeof item['data'] !== 'string') throw malformed(item, 'no data');
  try {
    return JSON.parse(item['data']);
  } catch (cause) {
    throw malformed(item, 'data is not JSON', cause);
  }
}

const malformed = (item: Record<string, unknown>, fault: string, cause?: unknown) =>
  new AppError('malformed-item', `Control item ${String(item['pk'])} ${String(item['sk'])}: ${fault}`, {
    cause,
    retry: false,
  });

/** What tells whether anything of a workspace has changed: one item. */
export type WorkspaceVersions = {
  configVersion: number;
  /** See suppression-items.ts. Absent: nobody was ever suppressed. */
  suppression?: SuppressionHead | undefined;
  suppressionSnapshot?: SuppressionSnapshot | undefined;
};

/** The versions of a workspace; `undefined` where there is no such workspace. */
export async function getVersions(
  doc: DynamoDBDocumentClient,
  tableName: string,
  workspaceId: WorkspaceId,
): Promise<WorkspaceVersions | undefined> {
  const { Item } = await doc.send(
    new GetCommand({ TableName: tableName, Key: controlKeys.configVersion(workspaceId), ConsistentRead: true }),
  );
  return Item && versionsOf(Item);
}

/** The suppression list of a workspace, as its version item tells of it. */
const SuppressionHead = z.object({
  /** Number of the last regulation, from 1. */
  version: z.int().positive(),
  /** Bytes of all regulations so far. */
  logBytes: z.int().nonnegative(),
});
export type SuppressionHead = z.infer<typeof SuppressionHead>;
const SuppressionSnapshot = z.object({
  /** The list as it was after this regulation. */
  version: z.int().positive(),
  /** Of the write that made it: its items bear it in their keys. */
  id: z.string(),
  pieces: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of all regulations up to it. */
  logBytes: z.int().nonnegative(),
});
export type SuppressionSnapshot = z.infer<typeof SuppressionSnapshot>;

const Versions = z.object({
  configVersion: z.number(),
  suppression: SuppressionHead.optional(),
  suppressionSnapshot: SuppressionSnapshot.optional(),
});

function versionsOf(item: Record<string, unknown>): WorkspaceVersions {
  const parsed = Versions.safeParse(item);
  if (parsed.success) return parsed.data;
  throw malformed(item, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

/**
 * All of a workspace in one paged query. A change made meanwhile may be half in it; `configVersion` is then older than the table's, and the
 * next look at the version reads it again.
 */
export async function readWorkspace(
  doc: DynamoDBDocumentClient,
  tableName: string,
  workspaceId: WorkspaceId,
): Promise<{ config: WorkspaceConfig; versions: WorkspaceVersions } | undefined> {
  let versions: WorkspaceVersions | undefined;
  const sources: Source[] = [];
  const destinations: Destination[] = [];
  const schemas: SourceSchema[] = [];
  const mappings = new Map<string, Mapping[]>();
  const filters = new Map<string, Filter[]>();
  for (const item of await queryItems(doc, tableName, controlKeys.config(workspaceId))) {
    const sk = String(item['sk']);
    if (sk === CONFIG_VERSION_SK) versions = versionsOf(item);
    else if (sk.startsWith(SOURCE_PREFIX)) sources.push(parseItem(item, Source));
    else if (sk.startsWith(DESTINATION_PREFIX)) destinations.push(parseItem(item, Destination));
    else if (sk.startsWith(MAPPING_PREFIX)) addTo(mappings, parseItem(item, Mapping));
    else if (sk.startsWith(FILTER_PREFIX)) addTo(filters, parseItem(item, Filter));
    else if (sk.startsWith(SCHEMA_PREFIX)) schemas.push(parseItem(item, SourceSchema));
  }
  if (versions === undefined) return undefined;
  const config: WorkspaceConfig = {
    workspaceId,
    configVersion: versions.configVersion,
    sources,
    destinations: destinations.map((destination) => {
      const own = filters.get(destination.id);
      return { destination, mappings: mappings.get(destination.id) ?? [], ...(own !== undefined && { filters: own }) };
    }),
    ...(schemas.length > 0 && { schemas }),
  };
  return { config, versions };
}

function addTo<T extends { destinationId: string }>(groups: Map<string, T[]>, thing: T): void {
  const group = groups.get(thing.destinationId);
  if (group === undefined) groups.set(thing.destinationId, [thing]);
  else group.push(thing);
}
