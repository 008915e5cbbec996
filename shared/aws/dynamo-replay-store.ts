import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { LEDGER_HOUR_DAYS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import { ReplayRun, ReplaySlice } from '../domain/replay.ts';
import type { ReplayStore } from '../ports/replay-stores.ts';
import { doneOf, Item, rowOf } from './dynamo-ledger.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** Pages of 1 MB that a read follows: some 10 million slices. */
const PAGES_MAX = 5_000;
const DAY_SECONDS = 86_400;
/** Sorts behind every number of eight digits. */
const LAST = ':';

type Row = { pk: string; sk: string; data: string; writeId: string; expiresAtSeconds?: number };

/** Replay runs in the ledger table. Items are parsed on the way out: a malformed one throws. */
export const dynamoReplayStore = (doc: DynamoDBDocumentClient, tableName: string): ReplayStore => {
  /** Puts an item under a condition. True also where an SDK retry meets our own write. */
  const put = async (item: Row, condition: { read?: string } = {}): Promise<boolean> => {
    try {
      await doc.send(
        new PutCommand({
          TableName: tableName,
          Item: item,
          ...(condition.read === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : { ConditionExpression: 'writeId = :read', ExpressionAttributeValues: { ':read': condition.read } }),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { pk, sk, writeId } = item;
      const { Item: there } = await doc.send(
        new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true }),
      );
      return there?.['writeId'] === writeId;
    }
  };

  const query = async (pk: string, from: string, to: string): Promise<Record<string, unknown>[]> => {
    const items: Record<string, unknown>[] = [];
    let startKey: Record<string, unknown> | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { Items = [], LastEvaluatedKey } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
          ConsistentRead: true,
          ExclusiveStartKey: startKey,
        }),
      );
      items.push(...Items);
      if (LastEvaluatedKey === undefined) return items;
      startKey = LastEvaluatedKey;
    }
    throw new AppError('upstream-unavailable', `Partition ${pk} has more than ${PAGES_MAX} pages`, { retry: false });
  };

  const parsed = <T extends z.ZodType>(schema: T, items: readonly unknown[]): z.infer<T>[] =>
    items.map((item) => rowOf(schema, Item, item).row);

  const itemOfRun = (run: ReplayRun): Row => ({
    ...ledgerKeys.replayRun(run.destinationId, run.number),
    data: JSON.stringify(run),
    writeId: run.writeId,
  });

  return {
    listRuns: async (destinationId) => parsed(ReplayRun, await query(ledgerKeys.replayRuns(destinationId), '0', LAST)),
    getRun: async (destinationId, number) => {
      const Key = ledgerKeys.replayRun(destinationId, number);
      const { Item: found } = await doc.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      return found === undefined ? undefined : parsed(ReplayRun, [found])[0];
    },
    addRun: (run) => put(itemOfRun(run)),
    saveRun: (read, next) => put(itemOfRun(next), { read: read.writeId }),
    putSlice: (slice) =>
      put({
        ...ledgerKeys.replaySlice(slice.runId, slice.slice),
        data: JSON.stringify(slice),
        writeId: slice.writeId,
        expiresAtSeconds: Math.ceil(Date.parse(slice.plannedAt) / 1_000) + LEDGER_HOUR_DAYS * DAY_SECONDS,
      }),
    slicesFrom: async (runId, slice) => {
      const { pk, sk } = ledgerKeys.replaySlice(runId, slice);
      return parsed(ReplaySlice, await query(pk, sk, `plan#${LAST}`));
    },
    donesOfRun: async (runId) => (await query(ledgerKeys.replay(runId), 'done#', `done#${LAST}`)).map(doneOf),
  };
};
