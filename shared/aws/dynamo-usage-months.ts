import { gunzipSync, gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { UsageMonths } from '../ports/usage-store.ts';
import { UsageMonth } from '../usage/usage-month.ts';

/** Pages of 1 MB of one read: 12 months are one at most for nearly everybody. */
const PAGES_MAX = 20;
/** A month as text: 200 sources and 500 destinations with 31 days each. */
const MONTH_BYTES_MAX = 8_000_000;

const Item = z.object({ month: z.instanceof(Uint8Array), version: z.int().positive(), writeId: z.string() });

/** Months in the usage table (pk `W#<workspace>`, sk `month#<YYYY-MM>`), gzipped: an item of DynamoDB holds 400 KB. */
export const dynamoUsageMonths = (doc: DynamoDBDocumentClient, tableName: string): UsageMonths => {
  const keyOf = (workspaceId: string, month: string) => ({ pk: `W#${workspaceId}`, sk: `month#${month}` });
  const read = async (workspaceId: string, month: string) => {
    const Key = keyOf(workspaceId, month);
    const answer = await doc.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
    return answer.Item && Item.parse(answer.Item);
  };
  return {
    get: async (workspaceId, month) => {
      const item = await read(workspaceId, month);
      return item && { month: unpacked(item.month), version: item.version };
    },
    between: async (workspaceId, from, to) => {
      const months: UsageMonth[] = [];
      let startKey: Record<string, unknown> | undefined;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const answer = await doc.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: {
              ':pk': keyOf(workspaceId, from).pk,
              ':from': keyOf(workspaceId, from).sk,
              ':to': keyOf(workspaceId, to).sk,
            },
            ExclusiveStartKey: startKey,
          }),
        );
        months.push(...(answer.Items ?? []).map((item) => unpacked(Item.parse(item).month)));
        startKey = answer.LastEvaluatedKey;
        if (startKey === undefined) break;
      }
      return months;
    },
    put: async (month, { version, writeId }) => {
      const packed = gzipSync(JSON.stringify(month));
      try {
        await doc.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...keyOf(month.workspaceId, month.month), month: packed, version: version + 1, writeId },
            ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :read',
            ExpressionAttributeValues: version === 0 ? undefined : { ':read': version },
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The SDK repeats a put that was saved but timed out; then the condition fails on our own write.
        return (await read(month.workspaceId, month.month))?.writeId === writeId;
      }
    },
  };
};

const unpacked = (packed: Uint8Array): UsageMonth =>
  UsageMonth.parse(JSON.parse(gunzipSync(packed, { maxOutputLength: MONTH_BYTES_MAX }).toString()));
