import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { MetricsReader, OperationalMetrics } from '../ports/metrics-reader.ts';

/** GetMetricData costs $0.01 per 1,000 metrics: once a minute for the whole deployment, however many look. */
export const METRICS_MAX_AGE_MS = 60_000;
/** How long the one who renews has for it; then another may. */
const LEASE_MS = 10_000;
/** CloudWatch lags 1 to 3 minutes: what is shown is of the newest minute in this window. */
const FRESH_MS = 10 * 60_000;
/** What is asked for: 30 minutes and the lag. */
const WINDOW_MS = 35 * 60_000;
/** Of the 30 minutes so many may be missing, at the lagging end or anywhere; with fewer nothing is said about the time. */
const MINUTES_NEEDED = 27;
const MINUTES = 30;
/** Pages of one answer. */
const PAGES_MAX = 10;

const OperationalMetricsItem = z.object({
  asOf: z.string(),
  lanes: z.array(
    z.object({
      name: z.string(),
      lane: z.int().optional(),
      waiting: z.number().optional(),
      inFlight: z.number().optional(),
      delayed: z.number().optional(),
      oldestSeconds: z.number().optional(),
      fullestIn30Minutes: z.number().optional(),
    }),
  ),
  functions: z.array(z.object({ name: z.string(), perMinute: z.number(), errorsPerMinute: z.number() })),
}) satisfies z.ZodType<OperationalMetrics>;

const KEY = { pk: 'METRICS', sk: 'operational' };

export type MetricNames = {
  /** `lanes` by their numbers. */
  queues: { intake: string; sharedLane: string; lanes: readonly string[] };
  /** By the name that people see. */
  functions: Record<string, string>;
};

/** Metrics through one shared item in the usage table. A stale item is served while somebody else renews it. */
export const cloudWatchMetricsReader = (
  clients: { doc: DynamoDBDocumentClient; cloudWatch: CloudWatchClient },
  tableName: string,
  names: MetricNames,
  now: () => Date,
): MetricsReader => {
  const stored = async (): Promise<OperationalMetrics | undefined> => {
    const { Item } = await clients.doc.send(new GetCommand({ TableName: tableName, Key: KEY }));
    return Item?.['metrics'] === undefined ? undefined : OperationalMetricsItem.parse(Item['metrics']);
  };
  const leased = async (): Promise<boolean> => {
    const nowMs = now().getTime();
    try {
      await clients.doc.send(
        new UpdateCommand({
          TableName: tableName,
          Key: KEY,
          UpdateExpression: 'SET leaseUntilMs = :until',
          ConditionExpression: 'attribute_not_exists(leaseUntilMs) OR leaseUntilMs < :now',
          ExpressionAttributeValues: { ':until': nowMs + LEASE_MS, ':now': nowMs },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  const renew = async (): Promise<OperationalMetrics> => {
    const metrics = await askCloudWatch(clients.cloudWatch, names, now());
    await clients.doc.send(new PutCommand({ TableName: tableName, Item: { ...KEY, metrics } }));
    return metrics;
  };
  return {
    read: async () => {
      const current = await stored();
      if (current !== undefined && now().getTime() - Date.parse(current.asOf) < METRICS_MAX_AGE_MS) return current;
      if (await leased()) return await renew();
      return current ?? { asOf: now().toISOString(), lanes: [], functions: [] };
    },
  };
};

type Question = {
  id: string;
  namespace: string;
  metric: string;
  dimension: [string, string];
  stat: 'Sum' | 'Maximum' | 'Average';
};

type Point = { atMs: number; value: number };

async function askCloudWatch(client: CloudWatchClient, names: MetricNames, now: Date): Promise<OperationalMetrics> {
  const queues = [
    { shown: { name: 'intake' }, queue: names.queues.intake },
    { shown: { name: 'shared lane' }, queue: names.queues.sharedLane },
    ...names.queues.lanes.map((queue, lane) => ({ shown: { name: `lane ${lane}`, lane }, queue })),
  ];
  const functions = Object.entries(names.functions);
  const questions: Question[] = [
    ...queues.flatMap(({ queue }, index) => {
      const about = { namespace: 'AWS/SQS', dimension: ['QueueName', queue] as [string, string] };
      const stat = 'Maximum' as const;
      return [
        { ...about, stat, id: `q${index}_waiting`, metric: 'ApproximateNumberOfMessagesVisible' },
        { ...about, stat, id: `q${index}_flight`, metric: 'ApproximateNumberOfMessagesNotVisible' },
        { ...about, stat, id: `q${index}_delayed`, metric: 'ApproximateNumberOfMessagesDelayed' },
        { ...about, stat, id: `q${index}_oldest`, metric: 'ApproximateAgeOfOldestMessage' },
      ];
    }),
    ...functions.flatMap(([, functionName], index) => {
      const about = { namespace: 'AWS/Lambda', dimension: ['FunctionName', functionName] as [string, string] };
      return [
        { ...about, id: `f${index}_calls`, metric: 'Invocations', stat: 'Sum' as const },
        { ...about, id: `f${index}_errors`, metric: 'Errors', stat: 'Sum' as const },
      ];
    }),
  ];
  const points = await pointsOf(client, questions, now);
  const of = (id: string): Point[] => points.get(id) ?? [];
  const newest = (id: string): number | undefined => of(id).find(({ atMs }) => atMs >= now.getTime() - FRESH_MS)?.value;
  return {
    asOf: now.toISOString(),
    lanes: queues.map(({ shown }, index) => ({
      ...shown,
      waiting: newest(`q${index}_waiting`),
      inFlight: newest(`q${index}_flight`),
      delayed: newest(`q${index}_delayed`),
      oldestSeconds: newest(`q${index}_oldest`),
      fullestIn30Minutes: fullest(
        [of(`q${index}_waiting`), of(`q${index}_flight`), of(`q${index}_delayed`)],
        now.getTime(),
      ),
    })),
    functions: functions.map(([name], index) => ({
      name,
      perMinute: newest(`f${index}_calls`) ?? 0,
      errorsPerMinute: newest(`f${index}_errors`) ?? 0,
    })),
  };
}

/** By the questions' ids, newest first. */
async function pointsOf(
  client: CloudWatchClient,
  questions: readonly Question[],
  now: Date,
): Promise<ReadonlyMap<string, Point[]>> {
  const points = new Map<string, Point[]>();
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now.getTime() - WINDOW_MS),
        EndTime: now,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: questions.map(toQuery),
        NextToken: nextToken,
      }),
    );
    for (const { Id = '', Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
      const more = Timestamps.map((at, index) => ({ atMs: at.getTime(), value: Values[index] ?? 0 }));
      points.set(Id, [...(points.get(Id) ?? []), ...more]);
    }
    nextToken = answer.NextToken;
    if (nextToken === undefined) break;
  }
  return points;
}

/** The largest sum of any minute; `undefined` where one of the series has too few of the minutes to speak for all of them. */
function fullest(series: readonly Point[][], nowMs: number): number | undefined {
  const newestMs = Math.max(...series.flat().map(({ atMs }) => atMs));
  if (!(newestMs >= nowMs - FRESH_MS)) return undefined;
  const byMinute = new Map<number, number>();
  for (const points of series) {
    const inTime = points.filter(({ atMs }) => atMs > newestMs - MINUTES * 60_000);
    if (inTime.length < MINUTES_NEEDED) return undefined;
    for (const { atMs, value } of inTime) byMinute.set(atMs, (byMinute.get(atMs) ?? 0) + value);
  }
  return Math.max(...byMinute.values());
}

const toQuery = ({ id, namespace, metric, dimension: [name, value], stat }: Question): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: { Namespace: namespace, MetricName: metric, Dimensions: [{ Name: name, Value: value }] },
    Period: 60,
    Stat: stat,
  },
});
