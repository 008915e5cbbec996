import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { LightClient } from './light-client.ts';

const Answer = z.object({ Item: z.object({ data: z.object({ S: z.string() }) }).optional() });

/** Reads the thing that an item holds in `data`, strongly; `undefined` where there is none. A malformed one throws AppError('malformed-item'). */
export type ReadItem = <T>(key: { pk: string; sk: string }, schema: z.ZodType<T>) => Promise<T | undefined>;

export const lightItems =
  (dynamo: LightClient, tableName: string): ReadItem =>
  async (key, schema) => {
    const answer = await dynamo.call('GetItem', {
      TableName: tableName,
      Key: { pk: { S: key.pk }, sk: { S: key.sk } },
      ConsistentRead: true,
    });
    try {
      const { Item } = Answer.parse(answer);
      return Item && schema.parse(JSON.parse(Item.data.S));
    } catch (cause) {
      // The key of a token is its hash, which opens nothing.
      throw new AppError('malformed-item', `Item ${key.pk} ${key.sk} is malformed`, { cause, retry: false });
    }
  };
