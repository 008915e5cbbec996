import * as z from 'zod';
import { ActivityNote, AlertMark, MARK_DAYS, TestCount, WatchState } from '../domain/alert-notes.ts';
import type { AlertId, WorkspaceId } from '../domain/ids.ts';
import type { AlertMarkStore, TestCounts } from '../ports/alert-marks.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import type { Notes } from '../ports/notes.ts';
import { type ControlKey, queryItems } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';

const Versioned = z.object({ version: z.int().positive() });

type NotesAt<T> = {
  keyOf: (workspaceId: WorkspaceId) => ControlKey;
  schema: z.ZodType<T>;
  /** Absent: they stay. */
  expiresAtSeconds?: (value: T) => number;
};
const named = (name: string) => (workspaceId: WorkspaceId) => controlKeys.note(workspaceId, name);

/** Notes, one for each workspace, behind the port that needs no SDK. Items are parsed on the way out: a malformed one throws. */
function documentsNotes<T>(
  documents: Documents,
  tableName: string,
  { keyOf, schema, expiresAtSeconds }: NotesAt<T>,
): Notes<T> {
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
            Item: {
              ...keyOf(workspaceId),
              version: version + 1,
              writeId,
              data: JSON.stringify(value),
              ...(expiresAtSeconds && { expiresAtSeconds: expiresAtSeconds(value) }),
            },
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
  documentsNotes(documents, tableName, { keyOf: named('ALERTS'), schema: WatchState });

const DAY_MS = 86_400_000;
const lastOf = ({ triggeredAt, sentAt, testedAt, channels }: AlertMark): number =>
  Math.max(
    0,
    ...[triggeredAt, sentAt, testedAt, ...channels.map(({ at }) => at)].map((at) => Date.parse(at ?? '') || 0),
  );

/** What is known of alerts, for people. See the port. */
export const alertMarkStore = (documents: Documents, tableName: string): AlertMarkStore => ({
  of: (alertId: AlertId) =>
    documentsNotes(documents, tableName, {
      keyOf: (workspaceId) => controlKeys.alertMark(workspaceId, alertId),
      schema: AlertMark,
      expiresAtSeconds: (mark) => Math.ceil((lastOf(mark) + MARK_DAYS * DAY_MS) / 1_000),
    }),
  list: async (workspaceId) => {
    const range = controlKeys.alertMarks(workspaceId);
    const items = await queryItems(documents, tableName, range);
    return Object.fromEntries(
      items.map((item) => [String(item['sk']).slice(range.prefix.length), parseItem(item, AlertMark)]),
    );
  },
});
/** See the port. Of a day that is over nobody asks. */
export const testCounts = (documents: Documents, tableName: string): TestCounts => ({
  of: (makerId) =>
    documentsNotes(documents, tableName, {
      keyOf: named(`TESTS#${makerId}`),
      schema: TestCount,
      expiresAtSeconds: ({ day }) => Math.ceil((Date.parse(day) + 2 * DAY_MS) / 1_000),
    }),
});

/** How far the audit trail was told. */
export const activityNotes = (documents: Documents, tableName: string): Notes<ActivityNote> =>
  documentsNotes(documents, tableName, { keyOf: named('ACTIVITY'), schema: ActivityNote });
