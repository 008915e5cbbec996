import { randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  DEBUG_BURST_BYTES,
  DEBUG_BYTES_PER_SECOND,
  DEBUG_CALL_MS,
  DEBUG_HOURS,
  DEBUG_ITEM_ENTRIES_MAX,
  DEBUG_ITEM_TEXT_MAX,
  DEBUG_RESERVE_BYTES,
} from '../config/debugger.ts';
import { AppError } from '../domain/app-error.ts';
import { DebugEntry } from '../domain/debug-entry.ts';
import { hourOf } from '../domain/timestamp.ts';
import type { DebugItem, DebugReader, DebugStore } from '../ports/debug-store.ts';
import { samplesKeys } from './samples-keys.ts';

const HOUR_SECONDS = 3_600;
const ID_BYTES = 6;
/** Bytes of an item beside its data: keys, numbers, names of attributes. */
const ITEM_OVERHEAD_BYTES = 160;
/** Characters may be four bytes each. */
const TEXT_BYTES_MAX = 4 * DEBUG_ITEM_TEXT_MAX;
const msOf = (bytes: number): number => (bytes / DEBUG_BYTES_PER_SECOND) * 1_000;
const BURST_MS = msOf(DEBUG_BURST_BYTES);
const ANY_MS = msOf(DEBUG_BURST_BYTES - DEBUG_RESERVE_BYTES);

const Item = z.object({
  sk: z.string(),
  data: z.instanceof(Uint8Array),
  chars: z.int().nonnegative().default(DEBUG_ITEM_TEXT_MAX),
  kept: z.int().nonnegative(),
  seen: z.int().nonnegative(),
  expiresAtSeconds: z.number(),
});
const Bucket = z.object({ fullAtMs: z.number() });

const inTime = () => ({ abortSignal: AbortSignal.timeout(DEBUG_CALL_MS) });

/**
 * The debugger in the samples table: an item for each write of an environment, under source and hour of writing. A source's bucket is one moment,
 * `fullAtMs`: when all that was leased would have been written at the steady rate. The further it lies ahead, the fuller the bucket.
 */
export function dynamoDebugStore(doc: DynamoDBDocumentClient, tableName: string, now: () => Date): DebugStore {
  const secondsFrom = (nowMs: number): number => Math.ceil(nowMs / 1_000) + (DEBUG_HOURS + 1) * HOUR_SECONDS;
  const move = async (sourceId: string, set: string, condition: string, values: Record<string, number>) => {
    try {
      const { Attributes } = await doc.send(
        new UpdateCommand({
          TableName: tableName,
          Key: samplesKeys.debugBucket(sourceId),
          UpdateExpression: `SET fullAtMs = ${set}, expiresAtSeconds = :expires`,
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values, ':expires': secondsFrom(now().getTime()) },
          ReturnValues: 'UPDATED_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        inTime(),
      );
      return { moved: true, fullAtMs: Bucket.parse(Attributes).fullAtMs };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const there = error.Item?.['fullAtMs']?.N;
      return { moved: false, fullAtMs: there === undefined ? undefined : Number(there) };
    }
  };
  return {
    lease: async (sourceId, bytes, kind) => {
      const nowMs = now().getTime();
      const byMs = Math.ceil(msOf(bytes));
      const limitMs = kind === 'reserve' ? BURST_MS : ANY_MS;
      const fillAt = (fullAtMs: number): number => Math.max(0, fullAtMs - nowMs) / ANY_MS;
      const addOnTop = () =>
        move(sourceId, 'fullAtMs + :by', 'fullAtMs > :now AND fullAtMs <= :last', {
          ':by': byMs,
          ':now': nowMs,
          ':last': Math.floor(nowMs + limitMs - byMs),
        });
      const onTop = await addOnTop();
      if (onTop.moved) return { granted: true, fill: fillAt(onTop.fullAtMs ?? nowMs) };
      if (onTop.fullAtMs !== undefined && onTop.fullAtMs > nowMs)
        return { granted: false, fill: fillAt(onTop.fullAtMs) };
      // The bucket is empty, or there is none yet.
      const fresh = await move(sourceId, ':to', 'attribute_not_exists(fullAtMs) OR fullAtMs <= :now', {
        ':to': nowMs + byMs,
        ':now': nowMs,
      });
      if (fresh.moved) return { granted: true, fill: fillAt(fresh.fullAtMs ?? nowMs) };
      // Another environment has begun it meanwhile: there is room on top of it.
      const behind = await addOnTop();
      return { granted: behind.moved, fill: fillAt(behind.fullAtMs ?? nowMs) };
    },
    pack: ({ sourceId, entries, seen }) => {
      const text = JSON.stringify(entries);
      const chars = text.length;
      const data = deflateRawSync(text);
      let id: string | undefined;
      return {
        bytes: data.byteLength + ITEM_OVERHEAD_BYTES,
        chars,
        put: async () => {
          const at = now();
          id ??= `${at.toISOString()}#${randomBytes(ID_BYTES).toString('base64url')}`;
          const Item = {
            ...samplesKeys.debugItem(sourceId, hourOf(id), id),
            data,
            chars,
            kept: entries.length,
            seen,
            expiresAtSeconds: secondsFrom(at.getTime()),
          };
          await doc.send(new PutCommand({ TableName: tableName, Item }), inTime());
        },
      };
    },
  };
}

/** The other half, for whoever looks. Items are parsed when they are unpacked: a malformed one throws. */
export const dynamoDebugReader = (doc: DynamoDBDocumentClient, tableName: string, now: () => Date): DebugReader => ({
  itemsOfHour: async (sourceId, hour, { above, below, newestFirst }) => {
    const { Items = [], LastEvaluatedKey } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        // Both ends are left out: `!` and `~` sort before and after every character of an id.
        ExpressionAttributeValues: {
          ':pk': samplesKeys.debugHour(sourceId, hour),
          ':first': above === undefined ? hour : `${above}!`,
          ':last': below === undefined ? `${hour}~` : below,
        },
        ScanIndexForward: !newestFirst,
      }),
    );
    const nowSeconds = now().getTime() / 1_000;
    const items = Items.map((item) => Item.parse(item))
      .filter(({ expiresAtSeconds, sk }) => expiresAtSeconds > nowSeconds && sk !== below)
      .map(itemOf);
    return { items, isWhole: LastEvaluatedKey === undefined };
  },
});

function itemOf({ sk, data, chars, kept, seen }: z.infer<typeof Item>): DebugItem {
  const unpacked = (): string => inflateRawSync(data, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
  return {
    id: sk,
    bytes: data.byteLength + ITEM_OVERHEAD_BYTES,
    chars,
    kept,
    seen,
    text: unpacked,
    entries: () => {
      const parsed = z.array(DebugEntry).max(DEBUG_ITEM_ENTRIES_MAX).safeParse(JSON.parse(unpacked()));
      if (!parsed.success)
        throw new AppError('malformed-item', `Item ${sk} of the debugger is malformed`, { retry: false });
      return parsed.data;
    },
  };
}
