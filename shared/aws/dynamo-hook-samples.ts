import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { Json } from '../domain/json.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { HookSamples } from '../ports/hook-samples.ts';
import { samplesKeys } from './samples-keys.ts';

const DAY_SECONDS = 86_400;

const Item = z.object({ data: z.string(), expiresAtSeconds: z.number() });
const Sample = z.object({
  receivedAt: Timestamp,
  request: z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() }),
  isShortened: z.boolean(),
});

/** The last request of each webhook source, in the samples table: an item each, as JSON, until it expires. */
export const dynamoHookSamples = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  options: { retentionDays: number; now: () => Date },
): HookSamples => ({
  put: async (sourceId, sample) => {
    const expiresAtSeconds = secondsOf(options.now()) + options.retentionDays * DAY_SECONDS;
    const item = { receivedAt: sample.receivedAt, data: JSON.stringify(sample), expiresAtSeconds };
    try {
      await doc.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...samplesKeys.hookSample(sourceId), ...item },
          ConditionExpression: 'attribute_not_exists(pk) OR receivedAt <= :receivedAt',
          ExpressionAttributeValues: { ':receivedAt': sample.receivedAt },
        }),
      );
    } catch (error) {
      // What is there is newer.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },
  ...dynamoHookSampleReader(doc, tableName, options.now),
});

/** The other half, for whoever only looks. */
export const dynamoHookSampleReader = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  now: () => Date,
): Pick<HookSamples, 'get'> => ({
  get: async (sourceId) => {
    const key = samplesKeys.hookSample(sourceId);
    const { Item: found } = await doc.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    if (found === undefined) return undefined;
    const { data, expiresAtSeconds } = Item.parse(found);
    if (expiresAtSeconds <= secondsOf(now())) return undefined;
    const parsed = Sample.safeParse(JSON.parse(data));
    if (!parsed.success)
      throw new AppError('malformed-item', `The sample of ${sourceId} is malformed`, { retry: false });
    const { receivedAt, isShortened, request } = parsed.data;
    return { receivedAt, isShortened, request: { headers: request.headers, body: request.body as Json } };
  },
});

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1_000);
