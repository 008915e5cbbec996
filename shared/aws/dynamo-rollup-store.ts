import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DestinationId, SourceId } from '../domain/ids.ts';
import { Mismatch } from '../domain/mismatch.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { LateSubject, RollupStore, UsageDay } from '../ports/rollup-store.ts';
import { dynamoBookStore, queryRange } from './dynamo-book-store.ts';
import { LATE_PK, ledgerKeys } from './ledger-keys.ts';
import { Counts, DestinationTotalsItem, SourceTotalsItem } from './totals-items.ts';

/** Pages of one read of marks. */
const MARK_PAGES_MAX = 100;

/**
 * Totals in the ledger table, days of usage in the usage table (pk `S#<source>`, sk `<day>`). Items are parsed on the way out: a malformed one
 * throws.
 */
export const dynamoRollupStore = (
  doc: DynamoDBDocumentClient,
  tables: { ledger: string; usage: string },
): RollupStore => {
  const table = { doc, name: tables.ledger };
  return {
    source: (id) => dynamoBookStore(table, { sourceId: id }, SourceTotalsItem),
    destination: (id) => dynamoBookStore(table, { destinationId: id }, DestinationTotalsItem),
    unreadable: () => dynamoBookStore(table, { unreadable: true }, Counts),
    recoveries: async (id) => {
      const { pk } = ledgerKeys.recovery(id, 0);
      const items = await queryRange(table, pk, '0', ':');
      return new Map(items.map((item) => [Number(item['sk']), RecoveryItem.parse(item)]));
    },
    putRecovery: async (id, run, recovery) => {
      await doc.send(
        new PutCommand({ TableName: tables.ledger, Item: { ...ledgerKeys.recovery(id, run), ...recovery } }),
      );
    },
    putUsageDay: async ({ sourceId, day, calls, types }, version) => {
      try {
        await doc.send(
          new PutCommand({
            TableName: tables.usage,
            Item: { pk: `S#${sourceId}`, sk: day, calls, types, version },
            ConditionExpression: 'attribute_not_exists(version) OR version < :version',
            ExpressionAttributeValues: { ':version': version },
          }),
        );
      } catch (error) {
        // That of this roll-up, or of a newer one, is there.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    usageDays: async (sourceId, fromDay, toDay) => {
      const items = await queryRange({ doc, name: tables.usage }, `S#${sourceId}`, fromDay, toDay);
      return items.map(
        (item): UsageDay => ({
          sourceId,
          day: String(item['sk']),
          ...z.object({ calls: z.int(), types: Counts }).parse(item),
        }),
      );
    },
    getWatermark: async () => {
      const { Item } = await doc.send(
        new GetCommand({ TableName: tables.ledger, Key: ledgerKeys.watermark(), ConsistentRead: true }),
      );
      return Item && z.string().parse(Item['hour']);
    },
    advanceWatermark: async (hour) => {
      try {
        await doc.send(
          new PutCommand({
            TableName: tables.ledger,
            Item: { ...ledgerKeys.watermark(), hour },
            ConditionExpression: 'attribute_not_exists(pk) OR #hour < :hour',
            ExpressionAttributeNames: { '#hour': 'hour' },
            ExpressionAttributeValues: { ':hour': hour },
          }),
        );
      } catch (error) {
        // It stands there or further on: an overlapping run was quicker, or this is the same hour again.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    lateHours: async (limit) => {
      const items: Record<string, unknown>[] = [];
      let startKey: Record<string, unknown> | undefined;
      for (let page = 0; page < MARK_PAGES_MAX && items.length < limit; page += 1) {
        const answer = await doc.send(
          new QueryCommand({
            TableName: tables.ledger,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': LATE_PK },
            Limit: limit - items.length,
            ExclusiveStartKey: startKey,
            ConsistentRead: true,
          }),
        );
        items.push(...(answer.Items ?? []));
        startKey = answer.LastEvaluatedKey;
        if (startKey === undefined) break;
      }
      return items.map((item) => {
        const { sk, nonce, markedAt } = LateItem.parse(item);
        const [hour = '', kind, id] = sk.split('#');
        return { subject: subjectOf(kind, id), hour, nonce, markedAt };
      });
    },
    clearLateHour: async ({ subject, hour, nonce }) => {
      try {
        await doc.send(
          new DeleteCommand({
            TableName: tables.ledger,
            Key: ledgerKeys.lateHour(subject, hour),
            ConditionExpression: 'nonce = :nonce',
            ExpressionAttributeValues: { ':nonce': nonce },
          }),
        );
      } catch (error) {
        // Marked anew: the next run takes it. Or gone, by an overlapping run.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    getMismatches: async () => {
      const { Item } = await doc.send(
        new GetCommand({ TableName: tables.ledger, Key: ledgerKeys.mismatches(), ConsistentRead: true }),
      );
      return Item && MismatchesItem.parse(Item);
    },
    putMismatches: async (found) => {
      await doc.send(new PutCommand({ TableName: tables.ledger, Item: { ...ledgerKeys.mismatches(), ...found } }));
    },
  };
};

const LateItem = z.object({ sk: z.string(), nonce: z.string(), markedAt: Timestamp });

const RecoveryItem = z.object({ delivered: z.int().nonnegative(), isFinal: z.boolean() });
const MismatchesItem = z.object({ checkedAt: Timestamp, found: z.array(Mismatch) });

function subjectOf(kind: string | undefined, id: string | undefined): LateSubject {
  if (kind === 'U') return { unreadable: true };
  return kind === 'S' ? { sourceId: SourceId.parse(id) } : { destinationId: DestinationId.parse(id) };
}
