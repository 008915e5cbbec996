import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

/** CloudWatch lags 1 to 3 minutes: the newest minute in this window counts. */
const WINDOW_MS = 10 * 60_000;
/** One metric costs $0.01 per 1,000 asked: $0.44 a month for a queue that is asked each minute. More queues than this are asked less often. */
const EVERY_MINUTE_QUEUES_MAX = 2;
const SELDOM_MS = 5 * 60_000;
const OFTEN_MS = 50_000;

/** The age of the oldest message of queues, in seconds, by their names; of those that CloudWatch has nothing of there is no entry. */
export type QueueAges = (queueNames: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** Asked as often as it is worth; between two questions the last answer stands. */
export function cloudWatchQueueAges(client: () => Promise<CloudWatchClient>, now: () => Date): QueueAges {
  const answers = new Map<string, { askedAtMs: number; ages: ReadonlyMap<string, number> }>();
  return async (queueNames) => {
    const names = [...new Set(queueNames)].toSorted();
    if (names.length === 0) return new Map();
    const key = names.join();
    const nowMs = now().getTime();
    const known = answers.get(key);
    const everyMs = names.length <= EVERY_MINUTE_QUEUES_MAX ? OFTEN_MS : SELDOM_MS;
    if (known !== undefined && nowMs - known.askedAtMs < everyMs) return known.ages;
    const answer = await (await client()).send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - WINDOW_MS),
        EndTime: new Date(nowMs),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: names.map((Value, index) => ({
          Id: `q${index}`,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        })),
      }),
    );
    const ages = new Map<string, number>();
    for (const { Id = '', Values = [] } of answer.MetricDataResults ?? []) {
      const name = names[Number(Id.slice(1))];
      const newest = Values[0];
      if (name !== undefined && newest !== undefined) ages.set(name, newest);
    }
    // One set of queues for each workspace that looks at its lanes.
    if (answers.size > SETS_MAX) answers.clear();
    answers.set(key, { askedAtMs: nowMs, ages });
    return ages;
  };
}

/** Sets of lanes that one environment keeps ages of. */
const SETS_MAX = 200;
