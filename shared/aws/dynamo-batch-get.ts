import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AppError } from '../domain/app-error.ts';
import { backOff } from './back-off.ts';
import { inParallel } from './in-parallel.ts';

/** BatchGetItem takes 100 keys (DynamoDB API reference), and may leave some unread with a 200 (D3). */
const KEYS_MAX = 100;
const ROUNDS_MAX = 6;
const CALLS_IN_FLIGHT_MAX = 8;

type Key = { pk: string; sk: string };

/** The items of one table under `keys` (distinct), read strongly, in no order. Throws when DynamoDB leaves keys unread ROUNDS_MAX times. */
export async function batchGet(
  doc: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const chunks: Key[][] = [];
  for (let at = 0; at < keys.length; at += KEYS_MAX) chunks.push(keys.slice(at, at + KEYS_MAX));
  const items = await inParallel(chunks, CALLS_IN_FLIGHT_MAX, (chunk) => readChunk(doc, tableName, chunk));
  return items.flat();
}

async function readChunk(doc: DynamoDBDocumentClient, tableName: string, keys: Key[]) {
  const items: Record<string, unknown>[] = [];
  let left: Record<string, unknown>[] = keys;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (round > 0) await backOff(round);
    const { Responses, UnprocessedKeys } = await doc.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[tableName] ?? []));
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length === 0) return items;
  }
  throw new AppError('upstream-unavailable', `DynamoDB left ${left.length} keys of ${tableName} unread`);
}
