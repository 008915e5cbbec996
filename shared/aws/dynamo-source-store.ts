import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { AppError } from '../domain/app-error.ts';
import type { WriteKey } from '../domain/ids.ts';
import { Source, SourceWriteKey } from '../domain/workspace.ts';
import type { SourceStore } from '../ports/config-store.ts';
import { configCache } from './config-cache.ts';
import { controlKeys } from './control-keys.ts';

/** Write keys that one environment of ingest remembers, and as many that nobody owns. */
const WRITE_KEYS_MAX = 1_000;

type KeyOwner = Pick<SourceWriteKey, 'workspaceId' | 'sourceId'>;

/**
 * Sources by write key, for ingest: two strong reads of one item each on a miss, none on a hit (D6, D8). A new key works at once where nobody
 * asked for it before, else within CONFIG_CHECK_MS; a revoked one stops within CONFIG_CHECK_MS, or STALE_WHILE_ERROR_MS while the table does
 * not answer. Uses the plain client: the document client would double what ingest loads.
 */
export function dynamoSourceStore(
  client: DynamoDBClient,
  tableName: string,
  options: { nowMs?: () => number } = {},
): SourceStore {
  const read = async (key: { pk: string; sk: string }): Promise<unknown> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: key.pk }, sk: { S: key.sk } },
        ConsistentRead: true,
        ProjectionExpression: '#data',
        ExpressionAttributeNames: { '#data': 'data' },
      }),
    );
    if (Item === undefined) return undefined;
    try {
      return JSON.parse(Item['data']?.S ?? '');
    } catch (cause) {
      throw new AppError('malformed-item', `Control item ${key.pk} ${key.sk} is not JSON`, { cause, retry: false });
    }
  };

  const readOwner = async (writeKey: WriteKey): Promise<KeyOwner | undefined> => {
    const found = await read(controlKeys.writeKey(writeKey));
    return found === undefined ? undefined : parse(SourceWriteKey, found, 'write key');
  };
  const readSource = async (owner: KeyOwner): Promise<Source | undefined> => {
    const found = await read(controlKeys.source(owner.workspaceId, owner.sourceId));
    return found === undefined ? undefined : parse(Source, found, 'source');
  };

  const cache = configCache<WriteKey, Source>({
    entriesMax: WRITE_KEYS_MAX,
    nowMs: options.nowMs ?? Date.now,
    lookUp: async (writeKey, known) => {
      // A key seldom moves to another source: both reads at once, unless it turns out that it did.
      const guess = known && { workspaceId: known.workspaceId, sourceId: known.id };
      const [owner, guessed] = await Promise.all([readOwner(writeKey), guess && readSource(guess)]);
      if (owner === undefined) return undefined;
      if (guess !== undefined && guess.sourceId === owner.sourceId) return guessed;
      return await readSource(owner);
    },
  });
  return { findByWriteKey: (writeKey) => cache.get(writeKey) };
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  value: unknown,
  what: string,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('malformed-item', `A ${what} in the control table is malformed`, { retry: false });
}
