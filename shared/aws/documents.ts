import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Documents } from '../ports/documents.ts';

/** The SDK's document client behind the port that stores of the control table ask. */
export const sdkDocuments = (doc: DynamoDBDocumentClient): Documents => ({
  get: async (TableName, Key) => (await doc.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item,
  query: async ({ tableName, condition, values, newestFirst, limit, from, eventually }) => {
    const { Items = [], LastEvaluatedKey } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
        ConsistentRead: eventually !== true,
        ScanIndexForward: !newestFirst,
        ExclusiveStartKey: from,
        Limit: limit,
      }),
    );
    return { items: Items, next: LastEvaluatedKey };
  },
  transact: async (TransactItems) => {
    try {
      await doc.send(new TransactWriteCommand({ TransactItems }));
      return { outcome: 'saved' };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
      return { outcome: 'cancelled', codes, cause: error };
    }
  },
});
