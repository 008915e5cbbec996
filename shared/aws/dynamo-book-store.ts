import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { LEDGER_HOUR_DAYS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import type { BookStore, DayRollup, HourRollup, LateSubject, Over } from '../ports/rollup-store.ts';
import { ledgerKeys } from './ledger-keys.ts';

type Table = { doc: DynamoDBDocumentClient; name: string };

/** Pages of one query, of 1 MB each: 90 days of hours, or a hundred years of days, fit well. */
const PAGES_MAX = 100;
const DAY_SECONDS = 86_400;
/** Roll-ups of before there were versions have none. */
const Version = z.int().default(0);

/** The roll-ups of one subject in the ledger table; `Totals` is what theirs look like. Hours live LEDGER_HOUR_DAYS, days for ever. */
export function dynamoBookStore<T>(table: Table, subject: LateSubject, Totals: z.ZodType<T>): BookStore<T> {
  const hourOfItem = (item: Record<string, unknown>): HourRollup<T> => ({
    totals: Totals.parse(item['totals']),
    version: Version.parse(item['version']),
  });
  const dayOfItem = (item: Record<string, unknown>): DayRollup<T> => ({
    ...hourOfItem(item),
    sofar: Totals.parse(item['sofar']),
  });
  const hours = ledgerKeys.hours(subject);
  const days = ledgerKeys.days(subject);

  const put = async (item: { pk: string; sk: string } & Record<string, unknown>, over: Over): Promise<boolean> => {
    try {
      await table.doc.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...item, version: over.version + 1, writeId: over.writeId },
          ...(over.version === 0
            ? { ConditionExpression: 'attribute_not_exists(version)' }
            : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': over.version } }),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // An SDK retry may have met our own write.
      const Key = { pk: item.pk, sk: item.sk };
      const { Item } = await table.doc.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
      return Item?.['writeId'] === over.writeId;
    }
  };

  return {
    hours: async (from, to) => {
      const items = await queryRange(table, hours, from, to);
      return new Map(items.map((item) => [String(item['sk']), hourOfItem(item)]));
    },
    days: async (from, to) => {
      const items = await queryRange(table, days, from, to);
      return new Map(items.map((item) => [String(item['sk']), dayOfItem(item)]));
    },
    lastDayBefore: async (day) => {
      const { Items = [] } = await table.doc.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND sk < :day',
          ExpressionAttributeValues: { ':pk': days, ':day': day },
          ScanIndexForward: false,
          Limit: 1,
          ConsistentRead: true,
        }),
      );
      const [found] = Items;
      return found && { day: String(found['sk']), ...dayOfItem(found) };
    },
    putHour: (hour, totals, over) => {
      const expiresAtSeconds = Math.floor(Date.parse(`${hour}:00:00.000Z`) / 1_000) + LEDGER_HOUR_DAYS * DAY_SECONDS;
      return put({ pk: hours, sk: hour, totals, expiresAtSeconds }, over);
    },
    putDay: (day, { totals, sofar }, over) => put({ pk: days, sk: day, totals, sofar }, over),
  };
}

/** All items of a partition from one sort key to another, both included, read strongly. */
export async function queryRange(
  table: Table,
  pk: string,
  from: string,
  to: string,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let startKey: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items = [], LastEvaluatedKey } = await table.doc.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
        ExclusiveStartKey: startKey,
        ConsistentRead: true,
      }),
    );
    items.push(...Items);
    if (LastEvaluatedKey === undefined) return items;
    startKey = LastEvaluatedKey;
  }
  throw new AppError('upstream-unavailable', `Partition ${pk} has more than ${PAGES_MAX} pages`, { retry: false });
}
