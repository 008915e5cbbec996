import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListMetricsCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { manualClock } from '../../../../local/clock.ts';
import type { CloudWatch } from '../../../../local/cloudwatch/cloudwatch.ts';
import { cloudWatch } from '../../../../local/cloudwatch/cloudwatch.ts';
import { noFaults } from '../../../../local/front-door/faults.ts';
import { frontDoor } from '../../../../local/front-door/front-door.ts';
import { memoryMeter } from '../../../../local/front-door/meter.ts';

const START = Date.parse('2026-01-30T12:00:00Z');
const MINUTE_MS = 60_000;
const at = (minutes: number) => new Date(START + minutes * MINUTE_MS);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await Promise.resolve(cleanup());
});

const aDirectory = () => {
  const directory = mkdtempSync(join(tmpdir(), 'cloudwatch-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** CloudWatch behind the real front door, with the real client. */
async function setUp(directory = aDirectory(), clock = manualClock(START)) {
  const problems: string[] = [];
  const made = cloudWatch({ directory, clock, onProblem: (sentence) => problems.push(sentence) });
  const door = await frontDoor({
    host: '127.0.0.1',
    port: 0,
    services: [made.service],
    principalOf: () => ({ kind: 'operator' }),
    authorize: () => {},
    meter: memoryMeter(),
    faults: noFaults,
    clock,
    onUnexpected: (error) => problems.push(String(error)),
  });
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await door.close();
    await made.close();
  };
  cleanups.push(close);
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's' };
  const client = new CloudWatchClient({ endpoint: door.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  return { directory, clock, problems, made, client, close };
}

const put = (
  { metrics }: CloudWatch,
  value: number,
  atMs: number,
  name = 'Latency',
  dimensions: Record<string, string> = { Q: 'a' },
) => metrics.put({ namespace: 'N', name, dimensions, value, unit: 'Milliseconds', atMs });

const aQuery = (Id: string, Stat: string, Period = 60, given: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: { Namespace: 'N', MetricName: 'Latency', Dimensions: [{ Name: 'Q', Value: 'a' }] },
    Period,
    Stat,
  },
  ...given,
});

describe('GetMetricData', () => {
  const ask = async (client: CloudWatchClient, queries: MetricDataQuery[], fromMinute: number, toMinute: number) => {
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({ StartTime: at(fromMinute), EndTime: at(toMinute), MetricDataQueries: queries }),
    );
    return Object.fromEntries(
      (MetricDataResults ?? []).map(({ Id, Timestamps = [], Values = [] }) => [
        Id,
        Timestamps.map((time, index) => [(time.getTime() - START) / MINUTE_MS, Values[index]]),
      ]),
    );
  };

  test('gives each statistic by minute, the newest first', async () => {
    const { made, client } = await setUp();
    for (const value of [10, 20, 60]) put(made, value, START + 1);
    put(made, 5, START + MINUTE_MS);
    const stats = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p99.9'];
    const queries = stats.map((stat, index) => aQuery(`q${index}`, stat));
    await expect(ask(client, queries, 0, 2)).resolves.toEqual({
      q0: [
        [1, 5],
        [0, 90],
      ],
      q1: [
        [1, 5],
        [0, 30],
      ],
      q2: [
        [1, 5],
        [0, 10],
      ],
      q3: [
        [1, 5],
        [0, 60],
      ],
      q4: [
        [1, 1],
        [0, 3],
      ],
      q5: [
        [1, 5],
        [0, 20],
      ],
      q6: [
        [1, 5],
        [0, 60],
      ],
    });
  });

  test('periods begin at multiples of their length; the end is not in it; no values, no point', async () => {
    const { made, client } = await setUp();
    for (const minute of [0, 4, 5, 12]) put(made, 1, START + minute * MINUTE_MS);
    await expect(ask(client, [aQuery('a', 'Sum', 300)], 3, 12)).resolves.toEqual({
      a: [
        [5, 1],
        [0, 2],
      ],
    });
  });

  test('dimensions must be all the same, in any order; another unit is another metric', async () => {
    const { made, client } = await setUp();
    put(made, 7, START, 'Latency', { B: '2', A: '1' });
    const of = (Id: string, names: Record<string, string>, Unit?: 'Count' | 'Milliseconds'): MetricDataQuery => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'N',
          MetricName: 'Latency',
          Dimensions: Object.entries(names).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: 60,
        Stat: 'Sum',
        Unit,
      },
    });
    await expect(
      ask(
        client,
        [
          of('both', { A: '1', B: '2' }),
          of('one', { A: '1' }),
          of('none', {}),
          of('unit', { A: '1', B: '2' }, 'Count'),
        ],
        0,
        1,
      ),
    ).resolves.toEqual({ both: [[0, 7]], one: [], none: [], unit: [] });
  });

  test('percentiles stay right within a few percent when a minute has more values than are kept', async () => {
    const { made, client } = await setUp();
    for (let value = 1; value <= 10_000; value += 1) put(made, (value * 7_919) % 10_000, START);
    const answer = await ask(client, [aQuery('p', 'p50'), aQuery('n', 'SampleCount'), aQuery('s', 'Sum')], 0, 1);
    expect(answer['n']).toEqual([[0, 10_000]]);
    expect(answer['s']).toEqual([[0, (9_999 * 10_000) / 2]]);
    expect(Math.abs((answer['p']?.[0]?.[1] ?? 0) - 5_000)).toBeLessThan(1_500);
  });

  test('a query that is not to be returned is not', async () => {
    const { made, client } = await setUp();
    put(made, 1, START);
    await expect(
      ask(client, [aQuery('a', 'Sum', 60, { ReturnData: false }), aQuery('b', 'Sum')], 0, 1),
    ).resolves.toEqual({ b: [[0, 1]] });
  });

  test.each([
    ['metric math', [{ Id: 'e', Expression: 'SUM(METRICS())' }], /metric math: query e, SUM\(METRICS\(\)\)/],
    ['a period below a minute', [aQuery('a', 'Sum', 10)], /Period/],
    ['a period that is no multiple of 60', [aQuery('a', 'Sum', 90)], /multiple of 60/],
    ['another statistic', [aQuery('a', 'IQM')], /statistic IQM/],
  ])('%s is refused by name', async (_case, queries, why) => {
    const { client } = await setUp();
    await expect(ask(client, queries, 0, 1)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(why),
    });
  });
});

test('PutMetricData takes values, counts and statistic sets, and nothing in the name of AWS', async () => {
  const { client, made } = await setUp();
  const Dimensions = [{ Name: 'Q', Value: 'a' }];
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'N',
      MetricData: [
        { MetricName: 'Latency', Dimensions, Value: 4, Timestamp: at(0), Unit: 'Milliseconds' },
        { MetricName: 'Latency', Dimensions, Values: [1, 2], Counts: [3, 1], Timestamp: at(0) },
        {
          MetricName: 'Latency',
          Dimensions,
          StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 0.5, Maximum: 9.5 },
          Timestamp: at(0),
        },
      ],
    }),
  );
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: at(0),
      EndTime: at(1),
      MetricDataQueries: ['Sum', 'SampleCount', 'Minimum', 'Maximum'].map((stat, index) => aQuery(`q${index}`, stat)),
    }),
  );
  expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[19], [7], [0.5], [9.5]]);
  const wrong = { Namespace: 'AWS/SQS', MetricData: [{ MetricName: 'x', Value: 1 }] };
  await expect(client.send(new PutMetricDataCommand(wrong))).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(
    made.service.call('PutDashboard', {}, { principal: { kind: 'operator' }, requestId: 'r' }),
  ).rejects.toMatchObject({
    code: 'UnknownOperationException',
    message: 'The local cloud does not have cloudwatch:PutDashboard',
  });
});

test('ListMetrics filters by name and dimension', async () => {
  const { client, made } = await setUp();
  put(made, 1, START, 'Latency', { Q: 'a' });
  put(made, 1, START, 'Latency', { Q: 'b' });
  put(made, 1, START, 'Depth', {});
  const list = async (input: ListMetricsCommandInput) => (await client.send(new ListMetricsCommand(input))).Metrics;
  await expect(list({ Namespace: 'N', Dimensions: [{ Name: 'Q', Value: 'b' }] })).resolves.toEqual([
    { Namespace: 'N', MetricName: 'Latency', Dimensions: [{ Name: 'Q', Value: 'b' }] },
  ]);
  await expect(list({ MetricName: 'Depth' })).resolves.toEqual([
    { Namespace: 'N', MetricName: 'Depth', Dimensions: [] },
  ]);
  await expect(list({ Dimensions: [{ Name: 'Q' }] })).resolves.toHaveLength(2);
  await expect(list({ Namespace: 'Other' })).resolves.toEqual([]);
});

test('metrics outlive a restart, go on within the same minute, and end after 15 days', async () => {
  const first = await setUp();
  for (const value of [1, 2, 9]) put(first.made, value, START);
  await first.close();
  const clock = manualClock(START + 20_000);
  const second = await setUp(first.directory, clock);
  put(second.made, 100, START + 20_000);
  const query = async (stat: string) => {
    const input = { StartTime: at(0), EndTime: at(1), MetricDataQueries: [aQuery('a', stat)] };
    return (await second.client.send(new GetMetricDataCommand(input))).MetricDataResults?.[0]?.Values;
  };
  await expect(Promise.all(['Sum', 'p50', 'SampleCount'].map(query))).resolves.toEqual([[112], [2], [4]]);
  clock.advance(15 * 24 * 60 * MINUTE_MS - MINUTE_MS);
  await expect(query('Sum')).resolves.toEqual([112]);
  clock.advance(2 * 60 * MINUTE_MS);
  await expect(query('Sum')).resolves.toEqual([]);
  await expect(second.client.send(new ListMetricsCommand({}))).resolves.toMatchObject({ Metrics: [] });
});

test('too many metrics are dropped and told once; those that are known go on', async () => {
  const { made, problems, client } = await setUp();
  for (let index = 0; index < 5_010; index += 1) put(made, 1, START, `m${index}`, {});
  put(made, 1, START, 'm0', {});
  expect(problems).toEqual(['More than 5000 metrics: those of N m5000 are dropped.', ...problems.slice(1)]);
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: at(0),
      EndTime: at(1),
      MetricDataQueries: [
        { Id: 'a', MetricStat: { Metric: { Namespace: 'N', MetricName: 'm0' }, Period: 60, Stat: 'Sum' } },
      ],
    }),
  );
  expect(MetricDataResults?.[0]?.Values).toEqual([2]);
});

describe('alarms', () => {
  const anAlarm = (given: Record<string, unknown> = {}) => ({
    AlarmName: 'too-slow',
    AlarmDescription: 'Answers are late. Runbook: docs/runbook.md#too-slow',
    Namespace: 'N',
    MetricName: 'Latency',
    Dimensions: [{ Name: 'Q', Value: 'a' }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 10,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: ['arn:aws:sns:us-east-1:000000000000:alarms'],
    ...given,
  });
  const create = async (made: CloudWatch, properties: Record<string, unknown>) =>
    await made.providers
      .find(({ type }) => type === 'AWS::CloudWatch::Alarm')
      ?.create({ stackName: 'Stack', logicalId: 'Alarm', physicalName: 'stack-alarm', properties });

  test('are described whole, by prefix, name and state', async () => {
    const { made, client } = await setUp();
    await expect(create(made, anAlarm())).resolves.toEqual({
      ref: 'too-slow',
      attributes: { Arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:too-slow' },
    });
    await create(made, anAlarm({ AlarmName: undefined }));
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'too' }));
    expect(MetricAlarms).toEqual([
      {
        ...anAlarm(),
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:too-slow',
        ActionsEnabled: true,
        OKActions: [],
        InsufficientDataActions: [],
        StateValue: 'OK',
        StateReason: '0 of 3 data points breach the threshold 10.',
        StateUpdatedTimestamp: at(0),
      },
    ]);
    await expect(client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }))).resolves.toMatchObject({
      MetricAlarms: [],
    });
    await expect(client.send(new DescribeAlarmsCommand({ AlarmNames: ['stack-alarm'] }))).resolves.toMatchObject({
      MetricAlarms: [{ AlarmName: 'stack-alarm' }],
    });
    const pages = await client.send(new DescribeAlarmsCommand({ MaxRecords: 1 }));
    expect([pages.MetricAlarms?.length, pages.NextToken]).toEqual([1, '1']);
  });

  const missing = undefined;
  test.each([
    ['two of three breach', 'notBreaching', [10, 3, 11], 'ALARM'],
    ['one of three breaches', 'notBreaching', [3, 3, 11], 'OK'],
    ['nothing is known', 'notBreaching', [missing, missing, missing], 'OK'],
    ['nothing is known', 'breaching', [missing, missing, missing], 'ALARM'],
    ['nothing is known', 'missing', [missing, missing, missing], 'INSUFFICIENT_DATA'],
    ['one is missing beside a breach', 'breaching', [3, 11, missing], 'ALARM'],
    ['the only point breaches', 'missing', [missing, missing, 11], 'ALARM'],
    ['the only point is fine', 'missing', [missing, missing, 3], 'OK'],
  ])('when %s, missing data being %s: %j is %s', async (_case, TreatMissingData, values, state) => {
    const { made, client, clock } = await setUp();
    await create(made, anAlarm({ TreatMissingData }));
    for (const [minute, value] of values.entries())
      if (value !== undefined) put(made, value, START + minute * MINUTE_MS);
    clock.advance(3 * MINUTE_MS + 10_000);
    // The minute that has not ended does not count.
    put(made, 1_000, clock.now());
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms?.[0]?.StateValue).toBe(state);
  });

  test.each([
    ['metric math', { MetricName: undefined, Metrics: [{ Id: 'e', Expression: 'a+b' }] }, /MetricName/],
    ['an anomaly band', { ComparisonOperator: 'LessThanLowerThreshold' }, /ComparisonOperator/],
    ['a period below a minute', { Period: 10 }, /Period/],
    ['no statistic', { Statistic: undefined }, /statistic/],
  ])('%s is refused by name', async (_case, given, why) => {
    const { made } = await setUp();
    await expect(create(made, anAlarm(given))).rejects.toThrow(why);
  });
});

describe('logs', () => {
  const aLine = (line: string, functionName = 'route', atMs = START) => ({ functionName, requestId: 'r1', atMs, line });
  const group = async ({ providers }: CloudWatch, properties: Record<string, unknown>) =>
    await providers
      .find(({ type }) => type === 'AWS::Logs::LogGroup')
      ?.create({ stackName: 'Stack', logicalId: 'Log', physicalName: 'stack-log', properties });

  test('lines are kept in memory and in a file by function and day', async () => {
    const { made, directory, close } = await setUp();
    made.logs.write(aLine('{"level":"INFO"}'));
    made.logs.write(aLine('next day', 'route', START + 24 * 60 * MINUTE_MS));
    made.logs.write(aLine('hostile', '../../escape'));
    expect(made.logs.tail('route').map(({ line }) => line)).toEqual(['{"level":"INFO"}', 'next day']);
    await close();
    const read = (path: string) => readFileSync(join(directory, 'logs', path), 'utf8');
    expect(read('route/2026-01-30.log')).toBe('2026-01-30T12:00:00.000Z r1 {"level":"INFO"}\n');
    expect(read('route/2026-01-31.log')).toBe('2026-01-31T12:00:00.000Z r1 next day\n');
    expect(readdirSync(join(directory, 'logs'))).toEqual(['______escape', 'route']);
  });

  test('memory holds the newest thousand lines of a function', async () => {
    const { made } = await setUp();
    for (let index = 0; index < 3_500; index += 1) made.logs.write(aLine(`line ${index}`));
    const kept = made.logs.tail('route').map(({ line }) => line);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([1_000, 'line 2500', 'line 3499']);
  });

  test('embedded metrics become metrics, and an invalid line is counted', async () => {
    const { made, client } = await setUp();
    const emf = (root: Record<string, unknown>) =>
      JSON.stringify({
        _aws: { Timestamp: START, CloudWatchMetrics: [{ Namespace: 'T', Dimensions: [[]], Metrics: [{ Name: 'A' }] }] },
        ...root,
      });
    made.logs.write(aLine(emf({ A: 2 })));
    made.logs.write(aLine(emf({ A: 3 })));
    made.logs.write(aLine(emf({ A: 'text' })));
    const of = (Id: string, Namespace: string, MetricName: string, group?: string): MetricDataQuery => {
      const Dimensions = group === undefined ? [] : [{ Name: 'LogGroupName', Value: group }];
      return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat: 'Sum' } };
    };
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(1),
        MetricDataQueries: [of('a', 'T', 'A'), of('b', 'AWS/Logs', 'EMFParsingErrors', '/aws/lambda/route')],
      }),
    );
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[5], [1]]);
  });

  test('files older than the longest retention of the log groups go', async () => {
    const { made, directory } = await setUp();
    await expect(group(made, { RetentionInDays: 7 })).resolves.toEqual({
      ref: 'stack-log',
      attributes: { Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:stack-log:*' },
    });
    await group(made, { LogGroupName: 'other', RetentionInDays: 30 });
    made.logs.write(aLine('first'));
    for (const day of ['2025-12-29', '2025-12-31', '2026-01-01'])
      writeFileSync(join(directory, 'logs/route', `${day}.log`), '');
    made.logs.write(aLine('a new day', 'route', START + 24 * 60 * MINUTE_MS));
    expect(readdirSync(join(directory, 'logs/route'))).toEqual(
      expect.arrayContaining(['2025-12-31.log', '2026-01-01.log']),
    );
    expect(readdirSync(join(directory, 'logs/route'))).not.toContain('2025-12-29.log');
  });

  test('a disk that takes no logs costs lines and is told once', async () => {
    const { made, directory, problems } = await setUp();
    writeFileSync(join(directory, 'logs'), 'a file where the directory should be');
    chmodSync(join(directory, 'logs'), 0o444);
    made.logs.write(aLine('one'));
    made.logs.write(aLine('two'));
    expect(made.logs.tail('route')).toHaveLength(2);
    expect(problems).toEqual([expect.stringMatching(/^Logs cannot be written: /)]);
  });
});
