import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '../../local/clock.ts';
import { cloudWatch } from '../../local/cloudwatch/cloudwatch.ts';
import { METRICS } from '../../shared/config/metrics.ts';
import { type Located, resourcesOf, templatesOf } from '../builders/templates.ts';

const START = Date.parse('2026-11-27T10:00:00.000Z');
/** A period's last values may come a little late. */
const SETTLED_MS = 10_000;

const all = resourcesOf(templatesOf());
const alarms = all.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').map((alarm) => [alarm.id, alarm] as const);

type Dimension = { Name: string; Value: unknown };
/** References become texts: another resource, another text. */
const propertiesOf = ({ Properties }: Located): Record<string, unknown> => ({
  ...Properties,
  Dimensions: ((Properties['Dimensions'] ?? []) as Dimension[]).map(({ Name, Value }) => ({
    Name,
    Value: JSON.stringify(Value),
  })),
  AlarmActions: ['arn:aws:sns:us-east-1:000000000000:alarms'],
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** One alarm on a CloudWatch whose clock is ours. */
async function setUp(alarm: Located) {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-alarms-'));
  const clock = manualClock(START);
  const made = cloudWatch({ directory, clock, onProblem: () => {} });
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  cleanups.push(() => made.close());
  const properties = propertiesOf(alarm);
  const { Namespace, MetricName, Dimensions, Period, Threshold } = properties as {
    Namespace: string;
    MetricName: string;
    Dimensions: { Name: string; Value: string }[];
    Period: number;
    Threshold: number;
  };
  await made.providers
    .find(({ type }) => type === 'AWS::CloudWatch::Alarm')
    ?.create({ stackName: 'Stack', logicalId: alarm.id, physicalName: alarm.id, properties });
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const state = async (): Promise<unknown> => {
    const answer = (await made.service.call('DescribeAlarms', {}, { kind: 'operator' } as never)) as {
      MetricAlarms: { StateValue: string }[];
    };
    return answer.MetricAlarms[0]?.StateValue;
  };
  return {
    threshold: Threshold,
    state,
    /** The next period has this value, or none; then it is over. */
    period: async (value?: number): Promise<void> => {
      const fromMs = Math.ceil(clock.now() / (Period * 1_000)) * Period * 1_000;
      clock.advance(fromMs - clock.now());
      if (value !== undefined) {
        made.metrics.put({
          namespace: Namespace,
          name: MetricName,
          dimensions,
          value,
          unit: 'Count',
          atMs: fromMs + 1,
        });
      }
      clock.advance(Period * 1_000 + SETTLED_MS);
    },
  };
}

test.each(alarms)(
  '%s is off where nothing is told, fires at its threshold and not below, and goes off again',
  async (_id, alarm) => {
    const { threshold, state, period } = await setUp(alarm);
    const seen: unknown[] = [await state()];
    for (const value of [threshold - 1, threshold, undefined]) {
      await period(value);
      seen.push(await state());
    }
    expect(seen).toEqual(['OK', 'OK', 'ALARM', 'OK']);
  },
);

test.each(alarms)('%s watches a metric that there is, of a thing of ours, and mails', (_id, { Properties }) => {
  const [namespace, name] = [String(Properties['Namespace']), String(Properties['MetricName'])];
  const known: Record<string, readonly string[]> = {
    'AWS/SQS': [
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesVisible',
      'NumberOfMessagesReceived',
    ],
    'AWS/Lambda': ['Errors', 'Throttles'],
    'AWS/ApiGateway': ['5xx'],
    'Tributary/dev': METRICS,
  };
  expect(known[namespace]).toContain(name);
  const dimensions = ((Properties['Dimensions'] ?? []) as Dimension[]).map(({ Value }) => JSON.stringify(Value));
  expect(dimensions).toHaveLength(namespace.startsWith('AWS/') ? 1 : 0);
  for (const value of dimensions) expect(value).toMatch(/"(?:Ref|Fn::GetAtt|Fn::ImportValue)"/);
  expect(Properties['AlarmActions']).toHaveLength(1);
});

test('every metric of ours that is counted when something is wrong has an alarm', () => {
  const watched = alarms.map(([, { Properties }]) => Properties['MetricName']);
  expect(METRICS.filter((name) => !watched.includes(name))).toEqual([]);
});

test('every function has an alarm on its errors, and every dead-letter queue on what lies in it', () => {
  const watched = (metric: string): Set<string> =>
    new Set(
      alarms
        .filter(([, { Properties }]) => Properties['MetricName'] === metric)
        .map(([, { Properties }]) => JSON.stringify(((Properties['Dimensions'] ?? []) as Dimension[])[0]?.Value)),
    );
  const isWatched = (metric: string, id: string): boolean => [...watched(metric)].some((value) => value.includes(id));
  const functions = all.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const queues = all.filter(({ Type, id }) => Type === 'AWS::SQS::Queue' && /DeadLetters|Missed/.test(id));
  expect(functions.filter(({ id }) => !isWatched('Errors', id)).map(({ id }) => id)).toEqual([]);
  expect(queues.filter(({ id }) => !isWatched('ApproximateNumberOfMessagesVisible', id)).map(({ id }) => id)).toEqual(
    [],
  );
});
