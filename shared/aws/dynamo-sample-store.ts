import { randomInt } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SAMPLE_PAGES_MAX, SAMPLES_PER_CODE_AND_MINUTE_MAX } from '../config/limits.ts';
import { minuteOf } from '../domain/timestamp.ts';
import type { DeliverySample, SampleStore } from '../ports/delivery-stores.ts';
import { inParallel } from './in-parallel.ts';
import { log } from './log.ts';
import { samplesKeys } from './samples-keys.ts';

/** Writes of one call that are under way at once. */
const WRITES_IN_FLIGHT_MAX = 10;
/** DynamoDB takes items of 400 KB. A sample beyond this is not kept: it is an example, not a record. */
const SAMPLE_BYTES_MAX = 300_000;
const SAMPLES_LISTED_MAX = 200;
const DAY_SECONDS = 86_400;

const Item = z.object({ data: z.string(), expiresAtSeconds: z.number() });

/** Samples in fixed slots by destination, code and minute: concurrent writers write over each other, and no more stay than there are slots. */
export const dynamoSampleStore = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  options: { retentionDays: number; now: () => Date },
  numbered = sampleNumbers(randomInt(SAMPLES_PER_CODE_AND_MINUTE_MAX)),
): SampleStore => ({
  put: async (samples) => {
    try {
      await inParallel(numbered(samples), WRITES_IN_FLIGHT_MAX, async ({ sample, number }) => {
        const data = JSON.stringify(sample);
        if (Buffer.byteLength(data) > SAMPLE_BYTES_MAX) return;
        const slot = sample.code === 'delivered' ? 0 : number % SAMPLES_PER_CODE_AND_MINUTE_MAX;
        const expiresAtSeconds = secondsOf(options.now()) + options.retentionDays * DAY_SECONDS;
        const key = samplesKeys.sample(sample.destinationId, sample.at, sample.code, slot);
        await doc.send(new PutCommand({ TableName: tableName, Item: { ...key, data, expiresAtSeconds } }));
      });
    } catch (error) {
      // Deliveries go on without examples.
      log('WARN', 'Samples were not kept', { samples: samples.length, error: String(error) });
    }
  },
  list: async (destinationId, limit) => {
    const { Items = [] } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': samplesKeys.samplesOf(destinationId) },
        ScanIndexForward: false,
        Limit: Math.min(limit, SAMPLES_LISTED_MAX),
      }),
    );
    return Items.map((item) => Item.parse(item))
      .filter(({ expiresAtSeconds }) => expiresAtSeconds > secondsOf(options.now()))
      .map(({ data }) => JSON.parse(data) as DeliverySample);
  },
  ofCode: async (destinationId, code, { from, to }, limit) => {
    const found: DeliverySample[] = [];
    let start: Record<string, unknown> | undefined;
    for (let page = 0; page < SAMPLE_PAGES_MAX && found.length < limit; page += 1) {
      const { Items = [], LastEvaluatedKey } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': samplesKeys.samplesOf(destinationId),
            ':from': minuteOf(from),
            ':to': `${minuteOf(to)}$`,
          },
          ScanIndexForward: false,
          ExclusiveStartKey: start,
        }),
      );
      for (const item of Items) {
        if (samplesKeys.codeOf(String(item['sk'])) !== code) continue;
        const { data, expiresAtSeconds } = Item.parse(item);
        if (expiresAtSeconds > secondsOf(options.now())) found.push(JSON.parse(data) as DeliverySample);
      }
      start = LastEvaluatedKey;
      if (start === undefined) break;
    }
    return found.slice(0, limit);
  },
});

/** Destinations by codes and minutes that one writer numbers; beyond them it begins anew, and may write over its own. */
const NUMBERED_MAX = 5_000;

/**
 * Each sample with its number among those of its destination, code and minute, over all calls of this writer: they fill all slots before one is written over.
 * `first` differs from writer to writer, so that those of several lie apart where there is room.
 */
function sampleNumbers(first: number) {
  const counts = new Map<string, number>();
  return (samples: readonly DeliverySample[]): { sample: DeliverySample; number: number }[] =>
    samples.map((sample) => {
      const name = `${sample.destinationId} ${sample.code} ${minuteOf(sample.at)}`;
      const number = counts.get(name) ?? first;
      if (counts.size >= NUMBERED_MAX) counts.clear();
      counts.set(name, number + 1);
      return { sample, number };
    });
}

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1_000);
