import * as z from 'zod';
import type { WorkspaceId } from '../domain/ids.ts';
import { ActivityNote, AlertMarks, WatchState } from '../domain/alert-notes.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import type { Notes } from '../ports/notes.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';

const Versioned = z.object({ version: z.int().positive() });

/** Notes of one name, one for each workspace, behind the port that needs no SDK. Items are parsed on the way out: a malformed one throws. */
function documentsNotes<T>(documents: Documents, tableName: string, name: string, schema: z.ZodType<T>): Notes<T> {
  const keyOf = (workspaceId: WorkspaceId) => controlKeys.note(workspaceId, name);
  const written = async (workspaceId: WorkspaceId, item: TransactItem, writeId?: string): Promise<boolean> => {
    const result = await documents.transact([item]);
    if (result.outcome === 'saved') return true;
    if (!result.codes.includes('ConditionalCheckFailed')) throw result.cause;
    // A put that was saved but timed out is tried again; then the condition fails on our own write.
    return writeId !== undefined && (await documents.get(tableName, keyOf(workspaceId)))?.['writeId'] === writeId;
  };
  return {
    read: async (workspaceId) => {
      const item = await documents.get(tableName, keyOf(workspaceId));
      if (item === undefined) return { value: undefined, version: 0 };
      return { value: parseItem(item, schema), version: Versioned.parse(item).version };
    },
    save: (workspaceId, value, version, writeId) =>
      written(
        workspaceId,
        {
          Put: {
            TableName: tableName,
            Item: { ...keyOf(workspaceId), version: version + 1, writeId, data: JSON.stringify(value) },
            ...(version === 0
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': version } }),
          },
        },
        writeId,
      ),
    remove: (workspaceId, version) =>
      written(workspaceId, {
        Delete: {
          TableName: tableName,
          Key: keyOf(workspaceId),
          ConditionExpression: 'attribute_not_exists(pk) OR version = :read',
          ExpressionAttributeValues: { ':read': version },
        },
      }),
  };
}

/** What the evaluation of alerts notes. */
export const watchNotes = (documents: Documents, tableName: string): Notes<WatchState> =>
  documentsNotes(documents, tableName, 'ALERTS', WatchState);
/** What is known of alerts, for people. */
export const alertMarkNotes = (documents: Documents, tableName: string): Notes<AlertMarks> =>
  documentsNotes(documents, tableName, 'ALERT_MARKS', AlertMarks);
/** How far the audit trail was told. */
export const activityNotes = (documents: Documents, tableName: string): Notes<ActivityNote> =>
  documentsNotes(documents, tableName, 'ACTIVITY', ActivityNote);
