import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { LEDGER_HOUR_DAYS } from '../config/limits.ts';
import type { DestinationTotals, SourceTotals } from '../domain/books.ts';
import { DestinationId, SourceId } from '../domain/ids.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { LateSubject, RollupStore, UsageDay } from '../ports/rollup-store.ts';
import { LATE_PK, ledgerKeys } from './ledger-keys.ts';

const Counts = z.record(z.string(), z.int().nonnegative());
const SourceTotalsItem = z.object({
  received: z.int(),
  invalid: Counts,
  duplicate: z.int(),
  suppressed: z.int(),
  blocked: Counts,
  routed: z.int(),
  types: Counts,
  planned: z.record(z.string(), z.object({ filtered: Counts, queued: z.int(), sends: z.int() })),
}) satisfies z.ZodType<SourceTotals>;
const DestinationTotalsItem = z.object({
  delivered: z.int(),
  discarded: Counts,
  deadLettered: Counts,
  retry: z.int(),
  latency: z.array(z.int()),
  errors: z.array(
    z.object({ code: z.string(), message: z.string(), count: z.int(), firstSeen: z.string(), lastSeen: z.string() }),
  ),
}) satisfies z.ZodType<DestinationTotals>;

/** Items of one page, and pages of one query: 90 days of hours fit well. */
const PAGES_MAX = 100;
const DAY_SECONDS = 86_400;

/**
 * Hour totals in the ledger table, days of usage in the usage table (pk `S#<source>`, sk `<day>`). Items are parsed on the way out: a
 * malformed one throws.
 */
export const dynamoRollupStore = (
  doc: DynamoDBDocumentClient,
  tables: { ledger: string; usage: string },
): RollupStore => {
  const putHour = (key: { pk: string; sk: string }, hour: string, totals: SourceTotals | DestinationTotals) => {
    const expiresAtSeconds = Math.floor(Date.parse(`${hour}:00:00.000Z`) / 1_000) + LEDGER_HOUR_DAYS * DAY_SECONDS;
    return doc.send(new PutCommand({ TableName: tables.ledger, Item: { ...key, totals, expiresAtSeconds } }));
  };
  const range = async (table: string, pk: string, from: string, to: string): Promise<Record<string, unknown>[]> => {
    const items: Record<string, unknown>[] = [];
    let startKey: Record<string, unknown> | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await doc.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
          ExclusiveStartKey: startKey,
          ConsistentRead: true,
        }),
      );
      items.push(...(answer.Items ?? []));
      startKey = answer.LastEvaluatedKey;
      if (startKey === undefined) break;
    }
    return items;
  };
  return {
    putSourceHour: async (sourceId, hour, totals) => {
      await putHour(ledgerKeys.sourceHour(sourceId, hour), hour, totals);
    },
    putDestinationHour: async (destinationId, hour, totals) => {
      await putHour(ledgerKeys.destinationHour(destinationId, hour), hour, totals);
    },
    sourceHours: async (sourceId, fromHour, toHour) => {
      const items = await range(tables.ledger, ledgerKeys.sourceHour(sourceId, fromHour).pk, fromHour, toHour);
      return new Map(items.map((item) => [String(item['sk']), SourceTotalsItem.parse(item['totals'])]));
    },
    destinationHours: async (destinationId, fromHour, toHour) => {
      const { pk } = ledgerKeys.destinationHour(destinationId, fromHour);
      const items = await range(tables.ledger, pk, fromHour, toHour);
      return new Map(items.map((item) => [String(item['sk']), DestinationTotalsItem.parse(item['totals'])]));
    },
    putUsageDay: async ({ sourceId, day, calls, types }) => {
      await doc.send(new PutCommand({ TableName: tables.usage, Item: { pk: `S#${sourceId}`, sk: day, calls, types } }));
    },
    usageDays: async (sourceId, fromDay, toDay) => {
      const items = await range(tables.usage, `S#${sourceId}`, fromDay, toDay);
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
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tables.ledger,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': LATE_PK },
          Limit: limit,
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => {
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
  };
};

const LateItem = z.object({ sk: z.string(), nonce: z.string(), markedAt: Timestamp });

const subjectOf = (kind: string | undefined, id: string | undefined): LateSubject =>
  kind === 'S' ? { sourceId: SourceId.parse(id) } : { destinationId: DestinationId.parse(id) };
