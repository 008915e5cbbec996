import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { LEDGER_HOUR_DAYS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import type { DetailHead, DetailStore, DetailStores } from '../ports/detail-store.ts';
import type { LateSubject } from '../ports/rollup-store.ts';
import { type DetailText, destinationDetailText, sourceDetailText } from './detail-text.ts';
import { queryRange } from './dynamo-book-store.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** DynamoDB takes items of 400 KB; what is beyond this lies in further ones, written before the one that commits them. */
export const DETAIL_ITEM_BYTES_MAX = 300_000;
/** Text of more bytes is gzipped: below it a write unit more or less is not worth it. */
const PLAIN_BYTES_MAX = 2_000;
/** Bytes that one detail may unpack to: 4,000 kinds of the longest names for 100 destinations have a tenth of it. */
const UNPACKED_BYTES_MAX = 256_000_000;
/** A detail whose further items went while it was read was put anew: it is read again. */
const READS_MAX = 4;
const DAY_SECONDS = 86_400;

const Piece = z.object({ sk: z.string(), data: z.instanceof(Uint8Array<ArrayBuffer>) });
const HeadItem = z.object({
  version: z.int().positive(),
  digest: z.string(),
  writeId: z.string(),
  more: z.int().nonnegative(),
});
const DetailItem = Piece.extend(HeadItem.shape);

/** Details of hours in the ledger table. Items are parsed on the way out: a malformed one throws. */
export const dynamoDetailStores = (doc: DynamoDBDocumentClient, tableName: string): DetailStores => ({
  source: (sourceId) => detailStore({ doc, name: tableName }, { sourceId }, sourceDetailText),
  destination: (destinationId) => detailStore({ doc, name: tableName }, { destinationId }, destinationDetailText),
});

type Table = { doc: DynamoDBDocumentClient; name: string };

function detailStore<D>(table: Table, subject: LateSubject, text: DetailText<D>): DetailStore<D> {
  const pk = ledgerKeys.details(subject);
  const headOf = async (hour: string): Promise<DetailHead | undefined> => {
    const Key = { pk, sk: hour };
    const { Item } = await table.doc.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
    return Item && HeadItem.parse(Item);
  };
  const remove = async (hour: string, { writeId, more }: Pick<DetailHead, 'writeId' | 'more'>): Promise<void> => {
    for (let number = 0; number < more; number += 1) {
      const Key = ledgerKeys.detailPiece(subject, hour, writeId, number);
      await table.doc.send(new DeleteCommand({ TableName: table.name, Key }));
    }
  };
  return {
    head: headOf,
    hours: async (from, to) => {
      const read = async (): Promise<Map<string, D> | undefined> => {
        // `~` sorts behind all that follows an hour in keys of its further items.
        const items = await queryRange(table, pk, from, `${to}~`);
        return unpackAll(items, text);
      };
      for (let attempt = 0; attempt < READS_MAX; attempt += 1) {
        const found = await read();
        if (found !== undefined) return found;
      }
      throw new AppError('upstream-unavailable', `Details of ${pk} are put anew all the time`);
    },
    put: async (hour, detail, { head, writeId }) => {
      const written = text.write(detail);
      const digest = createHash('sha256').update(written).digest('base64url').slice(0, 22);
      if (head?.digest === digest) return true;
      const [first, ...rest] = cut(pack(written));
      const expiresAtSeconds = Math.floor(Date.parse(`${hour}:00:00.000Z`) / 1_000) + LEDGER_HOUR_DAYS * DAY_SECONDS;
      for (const [number, data] of rest.entries()) {
        const key = ledgerKeys.detailPiece(subject, hour, writeId, number);
        await table.doc.send(new PutCommand({ TableName: table.name, Item: { ...key, data, expiresAtSeconds } }));
      }
      const version = (head?.version ?? 0) + 1;
      const Item = { pk, sk: hour, data: first, more: rest.length, digest, version, writeId, expiresAtSeconds };
      try {
        await table.doc.send(
          new PutCommand({
            TableName: table.name,
            Item,
            ...(head === undefined
              ? { ConditionExpression: 'attribute_not_exists(version)' }
              : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': head.version } }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // An SDK retry may have met our own write.
        if ((await headOf(hour))?.writeId !== writeId) {
          await remove(hour, { writeId, more: rest.length });
          return false;
        }
      }
      // A run that ends before this leaves items that nobody reads, until their time is over.
      if (head !== undefined && head.writeId !== writeId) await remove(hour, head);
      return true;
    },
  };
}

/** `undefined`: an item is missing that another one names. */
function unpackAll<D>(items: readonly Record<string, unknown>[], text: DetailText<D>): Map<string, D> | undefined {
  const pieces = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const item of items) {
    const { sk, data } = Piece.parse(item);
    pieces.set(sk, data);
  }
  const found = new Map<string, D>();
  for (const item of items) {
    if (String(item['sk']).includes('#')) continue;
    const { sk: hour, data, writeId, more } = DetailItem.parse(item);
    const parts = [data];
    for (let number = 0; number < more; number += 1) {
      const part = pieces.get(ledgerKeys.detailPieceSk(hour, writeId, number));
      if (part === undefined) return undefined;
      parts.push(part);
    }
    found.set(hour, text.read(unpack(Buffer.concat(parts))));
  }
  return found;
}

/** JSON begins with `{`, gzip does not. */
const pack = (written: string): Buffer =>
  Buffer.byteLength(written) > PLAIN_BYTES_MAX ? gzipSync(written) : Buffer.from(written);
const unpack = (data: Buffer): string =>
  (data[0] === '{'.charCodeAt(0) ? data : gunzipSync(data, { maxOutputLength: UNPACKED_BYTES_MAX })).toString('utf8');

function cut(data: Buffer): [Buffer, ...Buffer[]] {
  const pieces: Buffer[] = [];
  for (let at = DETAIL_ITEM_BYTES_MAX; at < data.length; at += DETAIL_ITEM_BYTES_MAX) {
    pieces.push(data.subarray(at, at + DETAIL_ITEM_BYTES_MAX));
  }
  return [data.subarray(0, DETAIL_ITEM_BYTES_MAX), ...pieces];
}
