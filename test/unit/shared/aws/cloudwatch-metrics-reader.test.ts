import type { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cloudWatchMetricsReader } from '../../../../shared/aws/cloudwatch-metrics-reader.ts';

const NOW = new Date('2026-11-24T12:05:30.000Z');
const MINUTE_MS = 60_000;
const names = {
  queues: { intake: 'in', sharedLane: 'shared', lanes: ['l0', 'l1'] },
  functions: { ingest: 'fn-ingest' },
};

/** Values of the minutes that end two minutes ago, oldest first, by `<queue> <metric>`. `undefined`: no data in that minute. */
type Series = Record<string, readonly (number | undefined)[]>;
const full = (value: number): number[] => Array.from({ length: 30 }, () => value);

function setUp(series: Series, { pages = 1 } = {}) {
  const calls: number[] = [];
  const send = async ({ input }: GetMetricDataCommand) => {
    const page = Number(input.NextToken ?? 0);
    calls.push(page);
    const results = (input.MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
      const { Dimensions = [], MetricName = '' } = MetricStat?.Metric ?? {};
      const values = series[`${Dimensions[0]?.Value ?? ''} ${MetricName}`] ?? [];
      const newestMs = Date.parse('2026-11-24T12:03:00.000Z');
      const points = values
        .map((value, index) => ({ value, at: new Date(newestMs - (values.length - 1 - index) * MINUTE_MS) }))
        .filter(({ value }) => value !== undefined)
        .toReversed();
      const share = points.filter((_, index) => Math.floor((index * pages) / points.length) === page);
      return { Id, Timestamps: share.map(({ at }) => at), Values: share.map(({ value }) => value) };
    });
    return { MetricDataResults: results, ...(page + 1 < pages && { NextToken: String(page + 1) }) };
  };
  const items: unknown[] = [];
  const doc = {
    send: async (command: { input: { Item?: Record<string, unknown> } }) => {
      if (command.input.Item !== undefined) items.push(command.input.Item);
      return {};
    },
  };
  const reader = cloudWatchMetricsReader(
    { doc: doc as unknown as DynamoDBDocumentClient, cloudWatch: { send } as unknown as CloudWatchClient },
    'usage',
    names,
    () => NOW,
  );
  return { reader, calls, items };
}

const VISIBLE = 'ApproximateNumberOfMessagesVisible';
const NOT_VISIBLE = 'ApproximateNumberOfMessagesNotVisible';
const DELAYED = 'ApproximateNumberOfMessagesDelayed';
const empty = (queue: string): Series => ({
  [`${queue} ${VISIBLE}`]: full(0),
  [`${queue} ${NOT_VISIBLE}`]: full(0),
  [`${queue} ${DELAYED}`]: full(0),
});
const laneOf = async (series: Series, name: string, options = {}) =>
  (await setUp(series, options).reader.read()).lanes.find((lane) => lane.name === name);

test('every queue is asked about, lanes by their numbers, and the answer is kept for all', async () => {
  const { reader, items } = setUp({ ...empty('l1'), [`l1 ${VISIBLE}`]: [...full(0).slice(1), 4] });
  const { lanes } = await reader.read();
  expect(lanes.map(({ name, lane }) => [name, lane])).toEqual([
    ['intake', undefined],
    ['shared lane', undefined],
    ['lane 0', 0],
    ['lane 1', 1],
  ]);
  expect(lanes[3]).toMatchObject({ waiting: 4, inFlight: 0, delayed: 0, fullestIn30Minutes: 4 });
  expect(items).toHaveLength(1);
});

test('the fullest minute is the largest sum of messages waiting, in flight and put off', async () => {
  const series = {
    ...empty('l0'),
    [`l0 ${VISIBLE}`]: full(0).with(5, 3),
    [`l0 ${NOT_VISIBLE}`]: full(0).with(5, 2).with(9, 4),
    [`l0 ${DELAYED}`]: full(0).with(20, 1),
  };
  await expect(laneOf(series, 'lane 0')).resolves.toMatchObject({ fullestIn30Minutes: 5 });
  await expect(laneOf(series, 'lane 0', { pages: 3 })).resolves.toMatchObject({ fullestIn30Minutes: 5 });
});

test('a retry that is put off by 15 minutes fills its lane', async () => {
  await expect(laneOf({ ...empty('l0'), [`l0 ${DELAYED}`]: full(1) }, 'lane 0')).resolves.toMatchObject({
    fullestIn30Minutes: 1,
  });
});

test.each<[string, Series]>([
  ['no data at all', {}],
  ['no data of what is put off', { ...empty('l0'), [`l0 ${DELAYED}`]: [] }],
  [
    'too few minutes',
    { ...empty('l0'), [`l0 ${VISIBLE}`]: full(0).map((value, index) => (index < 4 ? undefined : value)) },
  ],
  [
    'nothing new for a quarter of an hour',
    Object.fromEntries(
      Object.entries(empty('l0')).map(([key, values]) => [
        key,
        [...values, ...Array.from({ length: 15 }, () => undefined)],
      ]),
    ),
  ],
])('nothing is said about 30 minutes with %s', async (_case, series) => {
  expect((await laneOf(series, 'lane 0'))?.fullestIn30Minutes).toBeUndefined();
});

test('three minutes may be missing: CloudWatch lags', async () => {
  const values = full(0).map((value, index) => (index < 3 ? undefined : value));
  await expect(laneOf({ ...empty('l0'), [`l0 ${VISIBLE}`]: values }, 'lane 0')).resolves.toMatchObject({
    fullestIn30Minutes: 0,
  });
});
