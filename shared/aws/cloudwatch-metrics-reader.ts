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
/** CloudWatch lags 1 to 3 minutes: rates are of the newest full minutes in this window. */
const WINDOW_MS = 10 * 60_000;

const OperationalMetricsItem = z.object({
  asOf: z.string(),
  lanes: z.array(
    z.object({
      name: z.enum(['intake', 'shared lane']),
      waiting: z.number().optional(),
      inFlight: z.number().optional(),
      oldestSeconds: z.number().optional(),
    }),
  ),
  functions: z.array(z.object({ name: z.string(), perMinute: z.number(), errorsPerMinute: z.number() })),
}) satisfies z.ZodType<OperationalMetrics>;

const KEY = { pk: 'METRICS', sk: 'operational' };

export type MetricNames = {
  queues: { intake: string; sharedLane: string };
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

async function askCloudWatch(client: CloudWatchClient, names: MetricNames, now: Date): Promise<OperationalMetrics> {
  const queues = [
    ['intake', names.queues.intake],
    ['shared lane', names.queues.sharedLane],
  ] as const;
  const functions = Object.entries(names.functions);
  const questions: Question[] = [
    ...queues.flatMap(([, queue], index) => {
      const about = { namespace: 'AWS/SQS', dimension: ['QueueName', queue] as [string, string] };
      return [
        { ...about, id: `q${index}_waiting`, metric: 'ApproximateNumberOfMessagesVisible', stat: 'Average' as const },
        { ...about, id: `q${index}_flight`, metric: 'ApproximateNumberOfMessagesNotVisible', stat: 'Average' as const },
        { ...about, id: `q${index}_oldest`, metric: 'ApproximateAgeOfOldestMessage', stat: 'Maximum' as const },
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
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - WINDOW_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending',
      MetricDataQueries: questions.map(toQuery),
    }),
  );
  const newest = new Map((answer.MetricDataResults ?? []).map((result) => [result.Id, result.Values?.[0]]));
  return {
    asOf: now.toISOString(),
    lanes: queues.map(([name], index) => ({
      name,
      waiting: newest.get(`q${index}_waiting`),
      inFlight: newest.get(`q${index}_flight`),
      oldestSeconds: newest.get(`q${index}_oldest`),
    })),
    functions: functions.map(([name], index) => ({
      name,
      perMinute: newest.get(`f${index}_calls`) ?? 0,
      errorsPerMinute: newest.get(`f${index}_errors`) ?? 0,
    })),
  };
}

const toQuery = ({ id, namespace, metric, dimension: [name, value], stat }: Question): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: { Namespace: namespace, MetricName: metric, Dimensions: [{ Name: name, Value: value }] },
    Period: 60,
    Stat: stat,
  },
});
