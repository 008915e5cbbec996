import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { TryStore } from '../ports/ledger.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** Marks that are counted; a name is put away long before it has so many. */
const MARKS_MAX = 50;
/** A mark outlives the longest wait in a queue (14 days), no more. */
const MARK_DAYS = 15;
const DAY_SECONDS = 86_400;

/** Marks of work under way, in the ledger. The same mark put twice is one, so the SDK may repeat what it does not know the end of. */
export const dynamoTryStore = (doc: DynamoDBDocumentClient, tableName: string, nowMs: () => number): TryStore => {
  return {
    unended: async (name) => {
      const { Count = 0 } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': ledgerKeys.tries(name).pk },
          Select: 'COUNT',
          Limit: MARKS_MAX,
          ConsistentRead: true,
        }),
      );
      return Count;
    },
    begin: async (name, receive) => {
      const expiresAtSeconds = Math.ceil(nowMs() / 1_000) + MARK_DAYS * DAY_SECONDS;
      await doc.send(
        new PutCommand({ TableName: tableName, Item: { ...ledgerKeys.tries(name), sk: receive, expiresAtSeconds } }),
      );
    },
    end: async (name, receive) => {
      await doc.send(new DeleteCommand({ TableName: tableName, Key: { ...ledgerKeys.tries(name), sk: receive } }));
    },
  };
};
