import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LedgerChunk, LedgerHead } from '../domain/device-ledger.ts';
import type { SourceId } from '../domain/ids.ts';
import type { DeviceLedger } from './device-claims.ts';
import { packEntries, unpackEntries } from './ledger-entries.ts';
import { batchGet } from './dynamo-batch-get.ts';

/** Bytes of the SHA-256 that names a device. */
const DEVICE_HASH_BYTES = 16;
const HEAD_SK = 'head';
/** Digits of a chunk's number: CHUNKS_MAX has four. */
const NUMBER_DIGITS = 4;

/** Partition of a device's items. Its ids may be long, and may be personal data: a hash of them does. */
export const deviceKey = (sourceId: SourceId, device: string): string => {
  const hash = createHash('sha256').update(device).digest().subarray(0, DEVICE_HASH_BYTES);
  return `${sourceId}#device#${hash.toString('base64url')}`;
};

const chunkSk = (epoch: string, number: number): string =>
  `chunk#${epoch}#${String(number).padStart(NUMBER_DIGITS, '0')}`;

/** Attributes have short names: an item is to stay within one write unit of 1 KB. `log`: entries, packed. */
const HeadItem = z.object({
  pk: z.string(),
  epoch: z.string(),
  v: z.string(),
  chunks: z.int(),
  upToMs: z.int(),
  log: z.instanceof(Uint8Array),
  closed: z.boolean().optional(),
  expiresAtSeconds: z.int(),
});
const ChunkItem = z.object({
  sk: z.string(),
  upToMs: z.int(),
  log: z.instanceof(Uint8Array),
  expiresAtSeconds: z.int(),
});

/** Ledgers of devices in the `seen` table: of each a head, and beside it the chunks of its epoch, oldest first. */
export function dynamoDeviceLedger(doc: DynamoDBDocumentClient, tableName: string): DeviceLedger {
  const TableName = tableName;
  return {
    heads: async (keys) => {
      const items = await batchGet(
        doc,
        tableName,
        keys.map((pk) => ({ pk, sk: HEAD_SK })),
      );
      return new Map(items.map((item) => headIn(HeadItem.parse(item))));
    },
    chunks: async (key, epoch, before, limit) => {
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: { ':pk': key, ':first': chunkSk(epoch, 0), ':last': chunkSk(epoch, before - 1) },
          ScanIndexForward: false,
          Limit: limit,
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => chunkIn(epoch, ChunkItem.parse(item)));
    },
    putChunk: async (key, { epoch, number, newestMs, entries, expiresAtSeconds }) => {
      const Item = {
        pk: key,
        sk: chunkSk(epoch, number),
        upToMs: newestMs,
        log: packEntries(entries),
        expiresAtSeconds,
      };
      await doc.send(new PutCommand({ TableName, Item }));
    },
    putHead: (key, head, over) =>
      unlessOvertaken(
        doc.send(
          new PutCommand({
            TableName,
            Item: headItem(key, head),
            ...(over === undefined
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : { ConditionExpression: 'v = :read', ExpressionAttributeValues: { ':read': over } }),
          }),
        ),
      ),
    close: (key, epoch, version) =>
      unlessOvertaken(
        doc.send(
          new UpdateCommand({
            TableName,
            Key: { pk: key, sk: HEAD_SK },
            UpdateExpression: 'SET closed = :closed, v = :version',
            ConditionExpression: 'epoch = :epoch',
            ExpressionAttributeValues: { ':closed': true, ':version': version, ':epoch': epoch },
          }),
        ),
      ),
    keep: (key, epoch, expiresAtSeconds) =>
      unlessOvertaken(
        doc.send(
          new UpdateCommand({
            TableName,
            Key: { pk: key, sk: HEAD_SK },
            UpdateExpression: 'SET expiresAtSeconds = :until',
            ConditionExpression: 'epoch = :epoch AND expiresAtSeconds < :until',
            ExpressionAttributeValues: { ':until': expiresAtSeconds, ':epoch': epoch },
          }),
        ),
      ),
  };
}

/** False where the condition failed. It may have failed on our own write, repeated by the SDK: who reads again finds it. */
async function unlessOvertaken(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

const headItem = (pk: string, head: LedgerHead): z.infer<typeof HeadItem> & { sk: string } => ({
  pk,
  sk: HEAD_SK,
  epoch: head.epoch,
  v: head.version,
  chunks: head.chunks,
  upToMs: head.chunksNewestMs,
  log: packEntries(head.entries),
  expiresAtSeconds: head.expiresAtSeconds,
});

const headIn = ({ pk, v, upToMs, log, closed = false, ...item }: z.infer<typeof HeadItem>): [string, LedgerHead] => [
  pk,
  { ...item, version: v, chunksNewestMs: upToMs, entries: unpackEntries(log), isClosed: closed },
];

const chunkIn = (epoch: string, { sk, upToMs, log, expiresAtSeconds }: z.infer<typeof ChunkItem>): LedgerChunk => ({
  epoch,
  number: Number(sk.slice(-NUMBER_DIGITS)),
  newestMs: upToMs,
  entries: unpackEntries(log),
  expiresAtSeconds,
});
