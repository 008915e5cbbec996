import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, type Metric, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { operatorOf } from '../builders/operator-of.ts';
import {
  balanceOf,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  sum,
  until,
} from '../builders/running-tributary.ts';

const KEY = 'operatorcommands0000000000000001';
const STACK = 'Tributary-local';
/** A minute of the metric, what it takes to be looked at, and room on a busy machine. */
const ALARM_MS = 170_000;
const SELDOM = /Errors|PutAway|BreakersOpened|LedgerMismatch|DestinationsPaused/;

let running: Running;
let environment: Record<string, string>;
beforeAll(async () => {
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets'] });
  // What a person would do by `set -a; . .tributary/aws.env`.
  const lines = readFileSync(join(running.directory, 'aws.env'), 'utf8').trim().split('\n');
  environment = Object.fromEntries(lines.map((line) => line.split('=', 2)));
  // What the scheduler does with a run that it could not start: the alarm of doctor's test needs a whole minute of it.
  const sqs = new SQSClient((await operatorOf(running)).client);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const missed = QueueUrls.find((url) => url.includes('NotifyHourlyMissed'));
  await sqs.send(new SendMessageCommand({ QueueUrl: missed, MessageBody: '{}' }));
}, 120_000);
afterAll(async () => {
  await running?.kill();
}, 30_000);

const type = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('cli', `${command}.ts`), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
  });
  return { status, stdout, stderr };
};

test('seed brings the deployment to a file, and a second time changes nothing', () => {
  const file = join(running.directory, '..', `seed-${process.pid}.json`);
  const seed = {
    workspace: { slug: 'demo', name: 'Demo' },
    sources: [{ slug: 'by-operator', name: 'By the operator', kind: 'server', writeKeys: [KEY] }],
    destinations: [
      { source: 'by-operator', name: 'Inbox', type: 'inbox' },
      // Whoever sends what comes in to where it comes in would do so for ever.
      ...[running.endpoints.trackingUrl, running.endpoints.trackingUrl.replace('127.0.0.1', 'localhost')].map(
        (url, number) => ({
          source: 'by-operator',
          name: `Loop ${number}`,
          type: 'webhook',
          mappings: [
            {
              name: 'All',
              action: 'send',
              trigger: 'type = "track"',
              fields: { url: `${url}/v1/track`, method: 'POST', data: { '@path': '$.' } },
            },
          ],
        }),
      ),
      {
        source: 'by-operator',
        name: 'Amplitude',
        type: 'amplitude',
        enabled: false,
        settings: { apiKey: 'canary-5150', secretKey: 'canary-5151' },
      },
    ],
  };
  writeFileSync(file, JSON.stringify(seed));
  const first = type('seed', '--stack', STACK, file);
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toContain('source by-operator: made');
  expect(first.stdout).toContain(`Write key of by-operator: ${KEY}`);
  expect(first.stdout).toMatch(/API token, shown this once: tby_/);
  expect(first.stdout).toContain(`curl -u ${KEY}:`);
  expect(first.stdout).not.toContain('canary');

  const second = type('seed', '--stack', STACK, file);
  expect(second.stdout).toContain('Nothing to change');
  expect(second.stdout).not.toMatch(/tby_/);
}, 60_000);

test('smoke follows one event to an Inbox and into the ledger', () => {
  const { status, stdout, stderr } = type('smoke', '--stack', STACK, '--write-key', KEY);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.replaceAll(/^ *\d+ ms {2}/gm, '')).toBe(
    [
      'source by-operator, destination Inbox',
      'accepted',
      'delivered to the Inbox',
      'planned in the ledger: 1 routed',
      'settled in the ledger: 1 delivered',
      '',
    ].join('\n'),
  );
}, 90_000);

test('a destination that sends to the tracking API itself is refused by either name, even where private targets are let through', async () => {
  const lines = await settledBalance(running.endpoints, 1, 60_000);
  const answer = await fetch(`${running.endpoints.apiUrl}/app-api/status`, {
    headers: { authorization: `Bearer ${running.endpoints.apiToken}` },
  });
  const { data } = (await answer.json()) as { data: { destinations: { id: string; name: string }[] } };
  for (const name of ['Loop 0', 'Loop 1']) {
    const { id } = data.destinations.find((one) => one.name === name) ?? {};
    expect(lines.find(({ destination }) => destination === id)).toMatchObject({
      accepted: 1,
      delivered: 0,
      discarded: 1,
    });
  }
  // It is not the hop header that ends it: nothing came in a second time.
  expect(sum(lines.filter(isSource), 'accepted')).toBe(1);
});

test('doctor says who holds which lane, and how far the pool may shrink', () => {
  const { status, stdout, stderr } = type('doctor', '--stack', STACK);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const held = [...stdout.matchAll(/^(\d\d) +0 +0 +0  (.+) \(dst_\w+\)$/gm)].map(([, lane, name]) => [
    Number(lane),
    name,
  ]);
  // The demo's destinations come first; the one that is switched off has no lane.
  expect(held.map(([lane]) => lane)).toEqual(held.map((_, index) => index));
  expect(held.map(([, name]) => name)).toEqual(expect.arrayContaining(['Inbox', 'Loop 0', 'Loop 1']));
  expect(held.map(([, name]) => name)).not.toContain('Amplitude');
  expect(stdout).toContain(`Lanes: 16, ${held.length} held. The pool may shrink to ${held.length}`);
  expect(stdout).toContain('Open breakers: none');
  expect(stdout).toContain('Dead-letter queues: intake 0, lanes 0, archive 0');
});

test('an alarm goes on by its cause, and doctor says what is lost and where the runbook goes on', async () => {
  const lines = (): string[] => type('doctor', '--stack', STACK).stdout.split('\n');
  await until(
    () => lines()[0] !== 'Alarms that are on: none',
    ALARM_MS,
    () => 'No alarm went on',
  );
  expect(lines().slice(0, 3)).toEqual([
    'Alarms that are on:',
    expect.stringMatching(
      /^ {2}Tributary-local-Control-NotifyHourly\S* since \S+: Entries of the audit trail .* Runbook: docs\/runbook\.md#notify-dead-letters \(1 of 1 data points breach the threshold 1\.\)$/,
    ),
    '',
  ]);
}, 180_000);

test('what an alarm watches is measured here: queues, functions and requests by the names that the alarms have', async () => {
  const cloudWatch = new CloudWatchClient((await operatorOf(running)).client);
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  const metrics: Metric[] = [];
  for await (const { Metrics = [] } of paginateListMetrics({ client: cloudWatch }, {})) metrics.push(...Metrics);
  const nameOf = ({ Namespace = '', MetricName = '', Dimensions = [] }: Metric): string =>
    `${Namespace} ${MetricName} ${JSON.stringify(Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])))}`;
  const measured = new Set(metrics.map(nameOf));
  const unmeasured = MetricAlarms.filter((alarm) => !measured.has(nameOf(alarm))).map(
    ({ AlarmName = '' }) => AlarmName,
  );
  expect(MetricAlarms.length).toBeGreaterThan(40);
  // Functions and our own counts are measured once there is something; receives of what nobody put away are not.
  expect(unmeasured.filter((name) => !SELDOM.test(name))).toEqual([]);
}, 30_000);

test.each([
  ['doctor', ['--stack', 'Tributary-nope'], /^There is no stack Tributary-nope-Data in us-east-1/],
  ['seed', ['--stack', 'Tributary-nope', 'package.json'], /^There is no stack Tributary-nope-Data in us-east-1/],
  ['seed', ['--stack', STACK, 'package.json'], /^package.json is not valid:\n {2}workspace: /],
  ['seed', ['--stack', STACK], /^Say which seed file/],
  ['smoke', ['--stack', STACK, '--write-key', 'nobodysnobodysnobodys'], /^No source has the write key/],
  ['destroy', ['--stack', STACK, '--delete-data'], /^Deleting all data of Tributary-local needs its name again/],
  ['destroy', ['--stack', STACK, '--delete-data', '--yes-delete', 'Tributary'], /needs its name again/],
])('%s %j is refused in one sentence, and nothing happens', (command, args, sentence) => {
  const { status, stdout, stderr } = type(command, ...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(sentence);
});

test('destroy removes what runs and says what it keeps', async () => {
  const { status, stdout, stderr } = type('destroy', '--stack', STACK);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(
    ['Tributary-local-Control: deleted', 'Tributary-local-Ingest: deleted', 'Tributary-local-Delivery: deleted'].join(
      '\n',
    ),
  );
  expect(stdout).toContain('Tributary-local-Data is kept');
  expect(stdout.match(/AWS::DynamoDB::GlobalTable/g)).toHaveLength(5);
  // Three with a dead-letter queue each, and 16 lanes.
  expect(stdout.match(/AWS::SQS::Queue/g)).toHaveLength(22);
  expect(stdout.match(/AWS::Cognito::UserPool /g)).toHaveLength(1);
  // The tracking API's address stays, and answers that there is nothing behind it.
  expect((await fetch(`${running.endpoints.trackingUrl}/v1/track`, { method: 'POST' })).status).toBe(404);
}, 60_000);

test('destroy with the name said twice deletes the data, too, and a third run finds nothing', () => {
  const { status, stdout, stderr } = type('destroy', '--stack', STACK, '--delete-data', '--yes-delete', STACK);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Tributary-local-Data: deleted');
  expect(stdout.match(/^table .*: deleted$/gm)).toHaveLength(5);
  expect(stdout.match(/^bucket .*: deleted with \d+ objects$/gm)).toHaveLength(2);
  expect(stdout.match(/^queue .*: deleted$/gm)).toHaveLength(22);
  expect(stdout.match(/^user pool .*: deleted with its accounts$/gm)).toHaveLength(1);
  expect(stdout).toContain('Nothing is left but the key');
  expect(type('destroy', '--stack', STACK)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no deployment'),
  });
}, 60_000);

test('a start on the directory whose data was deleted makes it all again: empty, and it takes events', async () => {
  expect(await running.stop()).toBe(0);
  running = await runTributary({ directory: running.directory, args: ['--no-demo'] });
  const { trackingUrl, writeKeys } = running.endpoints;
  expect(Object.keys(writeKeys)).not.toContain('by-operator');
  expect(sum(await balanceOf(running.endpoints), 'accepted')).toBe(0);
  const [writeKey] = Object.values(writeKeys);
  const answer = await fetch(`${trackingUrl}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ writeKey, userId: 'u1', event: 'Seen Again' }),
  });
  expect(answer.status).toBe(200);
  expect(await settledBalance(running.endpoints, 1, 60_000)).toContainEqual(
    expect.objectContaining({ accepted: 1, routed: expect.any(Number) }),
  );
}, 120_000);
