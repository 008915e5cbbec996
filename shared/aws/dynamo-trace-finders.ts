import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { LEDGER_SHARDS } from '../config/limits.ts';
import { eventsByHash } from '../domain/row-detail.ts';
import { IntakeId, type SourceId } from '../domain/ids.ts';
import type { PlanRow } from '../domain/ledger-rows.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { DeliverySample } from '../ports/delivery-stores.ts';
import type { ClaimFinder, Origin, PlanFinder, SampleFinder } from '../ports/trace-stores.ts';
import { batchGet } from './dynamo-batch-get.ts';
import { deviceKey, dynamoDeviceLedger } from './dynamo-device-ledger.ts';
import { planOf } from './dynamo-ledger.ts';
import { inParallel } from './in-parallel.ts';
import { hashOf } from './ledger-entries.ts';
import { ledgerKeys } from './ledger-keys.ts';
import { samplesKeys } from './samples-keys.ts';

const SEEN_SK = 'seen';
/** Chunks of a device's ledger that are looked at, newest first: 4,000 requests or so. */
const CHUNKS_MAX = 512;
const SAMPLES_MAX = 200;

const SeenItem = z.object({ pk: z.string(), owner: IntakeId, receivedAt: Timestamp });

/** Claims in the `seen` table, read without claiming anything. */
export function dynamoClaimFinder(doc: DynamoDBDocumentClient, tableName: string): ClaimFinder {
  const ledger = dynamoDeviceLedger(doc, tableName);
  const claimOf = async (scope: string, messageId: string, sourceId: SourceId): Promise<Origin | undefined> => {
    const Key = { pk: `${scope}#${messageId}`, sk: SEEN_SK };
    const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key }));
    if (Item === undefined) return undefined;
    const { owner, receivedAt } = SeenItem.parse(Item);
    return { sourceId, intakeId: owner, receivedAt };
  };
  return {
    byEvent: async (sourceIds, messageId) => {
      const bySource = new Map(sourceIds.map((sourceId) => [`${sourceId}#${messageId}`, sourceId]));
      const items = await batchGet(
        doc,
        tableName,
        [...bySource.keys()].map((pk) => ({ pk, sk: SEEN_SK })),
      );
      return items.flatMap((item) => {
        const { pk, owner, receivedAt } = SeenItem.parse(item);
        const sourceId = bySource.get(pk);
        return sourceId === undefined ? [] : [{ sourceId, intakeId: owner, receivedAt }];
      });
    },
    byDevice: async (sourceId, device, messageId) => {
      const key = deviceKey(sourceId, device);
      const hash = hashOf(messageId);
      const head = (await ledger.heads([key])).get(key);
      if (head === undefined) return undefined;
      const older = head.chunks === 0 ? [] : await ledger.chunks(key, head.epoch, head.chunks, CHUNKS_MAX);
      const entries = [...head.entries, ...older.flatMap((chunk) => chunk.entries)];
      const claimed = entries
        .filter(({ hashes }) => hashes.includes(hash))
        .toSorted((a, b) => b.receivedAtMs - a.receivedAtMs)[0];
      if (claimed !== undefined) {
        return { sourceId, intakeId: claimed.owner, receivedAt: new Date(claimed.receivedAtMs).toISOString() };
      }
      return head.isClosed ? await claimOf(key, messageId, sourceId) : undefined;
    },
  };
}

/** Plan rows by the hashes of their events' ids: eventually consistent reads of the shards together. */
export const dynamoPlanFinder = (doc: DynamoDBDocumentClient, tableName: string): PlanFinder => ({
  byHash: async (sourceId, { from, to }, hash, rowsMax) => {
    const perShard = Math.ceil(rowsMax / LEDGER_SHARDS);
    const shards = await inParallel(ledgerKeys.plansOfHour(sourceId, from.slice(0, 13)), LEDGER_SHARDS, (pk) =>
      queryShard(pk, perShard),
    );
    return {
      found: shards.flatMap(({ found }) => found),
      rows: shards.reduce((sum, { rows }) => sum + rows, 0),
      isWhole: shards.every(({ isWhole }) => isWhole),
    };

    async function queryShard(pk: string, max: number): Promise<{ found: PlanRow[]; rows: number; isWhole: boolean }> {
      const found: PlanRow[] = [];
      let rows = 0;
      let start: Record<string, unknown> | undefined;
      while (rows < max) {
        const { Items = [], LastEvaluatedKey } = await doc.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
            ExpressionAttributeValues: { ':pk': pk, ':first': `plan#${from}`, ':last': `plan#${to}~` },
            ScanIndexForward: false,
            ExclusiveStartKey: start,
          }),
        );
        rows += Items.length;
        for (const item of Items) {
          const row = await planOf(doc, tableName, item);
          if ((eventsByHash(row, hash) ?? []).length > 0) found.push(row);
        }
        if (LastEvaluatedKey === undefined) return { found, rows, isWhole: true };
        start = LastEvaluatedKey;
      }
      return { found, rows, isWhole: false };
    }
  },
});

const SampleItem = z.object({ data: z.string(), expiresAtSeconds: z.number() });

export const dynamoSampleFinder = (doc: DynamoDBDocumentClient, tableName: string, now: () => Date): SampleFinder => ({
  between: async (destinationId, fromMinute, toMinute) => {
    const { Items = [] } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': samplesKeys.samplesOf(destinationId),
          ':first': fromMinute,
          ':last': `${toMinute}~`,
        },
        Limit: SAMPLES_MAX,
      }),
    );
    const nowSeconds = now().getTime() / 1_000;
    return Items.map((item) => SampleItem.parse(item))
      .filter(({ expiresAtSeconds }) => expiresAtSeconds > nowSeconds)
      .map(({ data }) => JSON.parse(data) as DeliverySample);
  },
});
