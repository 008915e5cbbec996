import type * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import type { DocumentItem, Documents } from '../ports/documents.ts';
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
  documents: Documents,
  tableName: string,
  key: ControlKey,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const item = await documents.get(tableName, key);
  return item && parseItem(item, schema);
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
  documents: Documents,
  tableName: string,
  range: ControlRange,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of queryPages(documents, tableName, range)) items.push(...page);
  return items;
}

/** As `queryItems`, page by page, of `limit` items at most; with `newestFirst` in the opposite order. */
export async function* queryPages(
  documents: Documents,
  tableName: string,
  { pk, prefix, between }: ControlRange,
  { newestFirst = false, limit }: { newestFirst?: boolean; limit?: number } = {},
): AsyncGenerator<Record<string, unknown>[]> {
  let condition = 'pk = :pk';
  let values: Record<string, string> = {};
  if (prefix !== undefined) {
    condition += ' AND begins_with(sk, :prefix)';
    values = { ':prefix': prefix };
  } else if (between !== undefined) {
    condition += ' AND sk BETWEEN :first AND :last';
    values = { ':first': between[0], ':last': between[1] };
  }
  let from: DocumentItem | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items, next } = await documents.query({
      tableName,
      condition,
      values: { ':pk': pk, ...values },
      newestFirst,
      limit,
      from,
    });
    yield items;
    if (next === undefined) return;
    from = next;
  }
  throw new AppError('malformed-item', `${pk} holds more than ${PAGES_MAX} pages`, { retry: false });
}

/** The versions of a workspace; `undefined` where there is no such workspace. */
export async function getVersions(
  documents: Documents,
  tableName: string,
  workspaceId: WorkspaceId,
): Promise<WorkspaceVersions | undefined> {
  const item = await documents.get(tableName, controlKeys.configVersion(workspaceId));
  return item && versionsOf(item);
}

/**
 * All of a workspace in one paged query. A change made meanwhile may be half in it; `configVersion` is then older than the table's, and the
 * next look at the version reads it again.
 */
export async function readWorkspace(
  documents: Documents,
  tableName: string,
  workspaceId: WorkspaceId,
): Promise<{ config: WorkspaceConfig; versions: WorkspaceVersions } | undefined> {
  return workspaceOf(workspaceId, await queryItems(documents, tableName, controlKeys.config(workspaceId)));
}
