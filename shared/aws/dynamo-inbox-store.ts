import { BatchWriteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { INBOX_EVENTS_MAX } from '../config/limits.ts';
import type { JsonObject } from '../domain/json.ts';
import type { InboxStore } from '../ports/delivery-stores.ts';
import { log } from './log.ts';
import { samplesKeys } from './samples-keys.ts';

/** DynamoDB takes items of 400 KB; a part may be larger and lies in several then. */
const PIECE_BYTES_MAX = 300_000;
/** Pages of 1 MB that a read follows: 200 events of 32 KB are seven. */
const PAGES_MAX = 10;
/** DynamoDB's bound for one BatchWriteItem. */
const DELETES_PER_CALL_MAX = 25;
/** Looking for what is too old reads what is there, so it is done on one write in so many. */
const TRIM_ONE_IN = 16;
const DAY_SECONDS = 86_400;

const Piece = z.object({ pk: z.string(), sk: z.string(), count: z.int(), expiresAtSeconds: z.number() });
const FullPiece = Piece.extend({ data: z.string() });

/**
 * The newest INBOX_EVENTS_MAX events of an Inbox, a part an item. `batchId` begins with a time and names the part, so the same part written
 * twice is there once. Older items are deleted now and then, and all by TTL.
 */
export const dynamoInboxStore = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  options: { retentionDays: number; now: () => Date; mayTrim?: () => boolean },
): InboxStore => {
  const mayTrim = options.mayTrim ?? (() => Math.random() < 1 / TRIM_ONE_IN);

  const trim = async (destinationId: string): Promise<void> => {
    const old: { pk: string; sk: string }[] = [];
    let events = 0;
    for await (const item of newestOf(doc, tableName, destinationId)) {
      const { pk, sk, count } = Piece.parse(item);
      if (events >= INBOX_EVENTS_MAX) old.push({ pk, sk });
      events += count;
    }
    for (let at = 0; at < old.length; at += DELETES_PER_CALL_MAX) {
      const keys = old.slice(at, at + DELETES_PER_CALL_MAX);
      // What DynamoDB leaves undone is deleted by the next trim or by TTL.
      const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
      await doc.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
    }
  };

  return {
    add: async (destinationId, batchId, events) => {
      const expiresAtSeconds = secondsOf(options.now()) + options.retentionDays * DAY_SECONDS;
      for (const [piece, texts] of piecesOf(events.slice(-INBOX_EVENTS_MAX)).entries()) {
        const key = samplesKeys.inboxPiece(destinationId, batchId, piece);
        const item = { ...key, data: `[${texts.join(',')}]`, count: texts.length, expiresAtSeconds };
        await doc.send(new PutCommand({ TableName: tableName, Item: item }));
      }
      if (!mayTrim()) return;
      try {
        await trim(destinationId);
      } catch (error) {
        // The events are there; what is too old goes at the next trim or by TTL.
        log('WARN', 'Old events of an Inbox were not deleted', { destinationId, error: String(error) });
      }
    },
    ...dynamoInboxReader(doc, tableName, options.now),
  };
};

/** Newest first, until enough events are there or nothing is left. */
async function* newestOf(
  doc: DynamoDBDocumentClient,
  tableName: string,
  destinationId: string,
): AsyncGenerator<Record<string, unknown>> {
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items = [], LastEvaluatedKey } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': samplesKeys.inboxOf(destinationId) },
        ScanIndexForward: false,
        ExclusiveStartKey: from,
      }),
    );
    yield* Items;
    if (LastEvaluatedKey === undefined) return;
    from = LastEvaluatedKey;
  }
}

/** The other half, for whoever only looks: events that have not expired, newest first. */
export const dynamoInboxReader = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  now: () => Date,
): Pick<InboxStore, 'list'> => ({
  list: async (destinationId) => {
    const events: JsonObject[] = [];
    for await (const item of newestOf(doc, tableName, destinationId)) {
      const { data, expiresAtSeconds } = FullPiece.parse(item);
      if (expiresAtSeconds > secondsOf(now())) events.push(...(JSON.parse(data) as JsonObject[]).toReversed());
      if (events.length >= INBOX_EVENTS_MAX) break;
    }
    return events.slice(0, INBOX_EVENTS_MAX);
  },
});

/** Events as JSON texts, in pieces that fit into an item each. */
function piecesOf(events: readonly JsonObject[]): string[][] {
  const pieces: string[][] = [];
  let bytes = PIECE_BYTES_MAX;
  for (const event of events) {
    const text = JSON.stringify(event);
    const more = Buffer.byteLength(text) + 1;
    if (bytes + more > PIECE_BYTES_MAX) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(text);
    bytes += more;
  }
  return pieces;
}

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1_000);
