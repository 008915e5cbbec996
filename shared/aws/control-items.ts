import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem, versionsOf, workspaceOf, type WorkspaceVersions } from './read-items.ts';

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

/**
 * All of a workspace in one paged query. A change made meanwhile may be half in it; `configVersion` is then older than the table's, and the
 * next look at the version reads it again.
 */
export async function readWorkspace(
  doc: DynamoDBDocumentClient,
  tableName: string,
  workspaceId: WorkspaceId,
): Promise<{ config: WorkspaceConfig; versions: WorkspaceVersions } | undefined> {
  return workspaceOf(workspaceId, await queryItems(doc, tableName, controlKeys.config(workspaceId)));
}
