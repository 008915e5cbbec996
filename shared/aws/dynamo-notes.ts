import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ForwardingState } from '../domain/forwarding.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { Notes, NotifyNotes } from '../ports/notes.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';

const Versioned = z.object({ version: z.int().positive() });

/** Notes in the control table, apart from the configuration: writing one moves no configVersion. Items are parsed on the way out: a malformed one throws. */
const dynamoNotes = <T>(
  doc: DynamoDBDocumentClient,
  tableName: string,
  name: string,
  schema: z.ZodType<T>,
): Notes<T> => {
  const keyOf = (workspaceId: WorkspaceId) => controlKeys.note(workspaceId, name);
  const itemAt = async (workspaceId: WorkspaceId): Promise<Record<string, unknown> | undefined> => {
    const { Item } = await doc.send(
      new GetCommand({ TableName: tableName, Key: keyOf(workspaceId), ConsistentRead: true }),
    );
    return Item;
  };
  return {
    read: async (workspaceId) => {
      const item = await itemAt(workspaceId);
      if (item === undefined) return { value: undefined, version: 0 };
      return { value: parseItem(item, schema), version: Versioned.parse(item).version };
    },
    save: async (workspaceId, value, version, writeId) => {
      try {
        await doc.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...keyOf(workspaceId), version: version + 1, writeId, data: JSON.stringify(value) },
            ...(version === 0
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': version } }),
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The SDK repeats a put that was saved but timed out; then the condition fails on our own write.
        return (await itemAt(workspaceId))?.['writeId'] === writeId;
      }
    },
    remove: async (workspaceId, version) => {
      try {
        await doc.send(
          new DeleteCommand({
            TableName: tableName,
            Key: keyOf(workspaceId),
            // Gone already is as good: a removal that is repeated must not fail.
            ConditionExpression: 'attribute_not_exists(pk) OR version = :read',
            ExpressionAttributeValues: { ':read': version },
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return false;
      }
    },
  };
};

/** The notes of `notify`. */
export const dynamoNotifyNotes = (doc: DynamoDBDocumentClient, tableName: string): NotifyNotes => ({
  forwarding: dynamoNotes(doc, tableName, 'FORWARDING', ForwardingState),
  watch: dynamoNotes(doc, tableName, 'WATCH', z.object({ since: Timestamp })),
});
