import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { DestinationId } from '../../shared/domain/ids.ts';
import type { DeliverySample } from '../../shared/ports/delivery-stores.ts';
import { deadLettersOf, type StatusLine, statusByName } from '../builders/books-of.ts';
import { type Operator, operatorOf } from '../builders/operator-of.ts';
import {
  aDirectory,
  type BalanceLine,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';
import { aSinkSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/** Eight of each of the six types: with ten failures a breaker would open, and the rest wait. */
const EVENTS = 48;
const ALIASES = EVENTS / 6;
const SECRET = 'canary-shared-secret';
const HEADER = 'Bearer canary-in-a-header';

let sink: Sink;
let running: Running;
let balance: BalanceLine[];
let status: ReadonlyMap<string, StatusLine>;
let operator: Operator;

/** Refuses for good, and asks to wait for longer than anybody does: two ends that are there at once. */
const PATHS = { Refuses: '/status/400', 'Asks for a year': '/status/503/retry-after/31536000' } as const;
const failing = (name: keyof typeof PATHS, trigger: string) =>
  aWebhook(name, `${sink.url}${PATHS[name]}`, {
    trigger,
    settings: { sharedSecret: SECRET },
    fields: { headers: { Authorization: HEADER } },
  });

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url, [
    failing('Refuses', 'type != "none"'),
    failing('Asks for a year', 'type = "alias"'),
  ]);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const sent = await sendBySdk({ host: running.endpoints.trackingUrl, writeKey: SINK_WRITE_KEY, count: EVENTS });
  expect(sent).toEqual({ accepted: EVENTS, refused: [] });
  balance = await settledBalance(running.endpoints, EVENTS, 60_000);

  operator = await operatorOf(running);
  status = await statusByName(running.endpoints);
}, 150_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const statusOf = (name: string): StatusLine => {
  const found = status.get(name);
  if (found === undefined) throw new Error(`No destination ${name}`);
  return found;
};
const balanceLine = (name: string) => balance.find(({ destination }) => destination === statusOf(name).id);
const lettersOf = (name: string) => deadLettersOf(operator, statusOf(name).id);

test('destinations that work are not held up by those that fail', () => {
  expect(balance.find(isSource)).toMatchObject({ accepted: EVENTS, routed: EVENTS, invalid: 0, blocked: 0 });
  for (const name of ['Inbox', 'Sink']) {
    expect(balanceLine(name)).toMatchObject({ accepted: EVENTS, delivered: EVENTS, discarded: 0, dlq: 0, inFlight: 0 });
  }
});

test.each([
  [
    'Asks for a year',
    { dlq: ALIASES, discarded: 0, filtered: EVENTS - ALIASES },
    { deadLettered: { retry_after: ALIASES }, discarded: {} },
    { code: '503', count: ALIASES },
  ],
  [
    'Refuses',
    { dlq: 0, discarded: EVENTS, filtered: 0 },
    { deadLettered: {}, discarded: { 400: EVENTS } },
    { code: '400', count: EVENTS },
  ],
])('%s: the books and the status say so, event by event', (name, counts, byCode, error) => {
  expect(balanceLine(name)).toMatchObject({ accepted: EVENTS, delivered: 0, inFlight: 0, ...counts });
  expect(statusOf(name)).toMatchObject({ delivered: 0, inFlight: 0, ...byCode });
  expect(statusOf(name).errors).toEqual([expect.objectContaining({ ...error, message: 'scripted answer #' })]);
});

test.each([
  [
    'Asks for a year',
    { outcome: 'dead-lettered', code: 'retry_after' },
    'The tool asked to wait for longer than the retry window or 12 hours, at 1 try: 503 scripted answer 503',
    ['alias'],
  ],
  [
    'Refuses',
    { outcome: 'discarded', code: '400' },
    'scripted answer 400',
    ['alias', 'group', 'identify', 'page', 'screen', 'track'],
  ],
])('%s: every payload is kept with its code', async (name, end, message, types) => {
  const letters = await lettersOf(name);
  const count = types.length * ALIASES;
  expect(letters).toHaveLength(count);
  expect(new Set(letters.map(({ event }) => event['messageId'])).size).toBe(count);
  for (const letter of letters) {
    expect(letter).toMatchObject({ ...end, message, destinationId: statusOf(name).id, attempts: 1 });
  }
  expect(new Set(letters.map(({ event }) => event['type']))).toEqual(new Set(types));
});

test.each([
  // What was given up is shown under the code of that, too.
  ['Asks for a year', '503', ['503', 'retry_after']],
  ['Refuses', '400', ['400']],
] as const)('%s, which answers %s: samples show request and answer, and no secret', async (name, code, codes) => {
  const { client, output } = operator;
  const store = dynamoSampleStore(documentClient(new DynamoDBClient(client)), output('SamplesTableName'), {
    retentionDays: 7,
    now: () => new Date(),
  });
  let samples: DeliverySample[] = [];
  await until(
    async () => {
      samples = await store.list(DestinationId.parse(statusOf(name).id), 100);
      return new Set(samples.map((sample) => sample.code)).size === codes.length;
    },
    10_000,
    () => `There are samples of ${samples.map((sample) => sample.code).join()}`,
  );
  for (const sample of samples) {
    expect(codes).toContain(sample.code);
    expect(sample).toMatchObject({ destinationId: statusOf(name).id });
    const [exchange] = sample.requests;
    expect(exchange).toMatchObject({ method: 'POST', url: `${sink.url}${PATHS[name]}`, status: Number(code) });
    expect(JSON.parse(exchange?.body ?? '')).toMatchObject({ messageId: sample.messageId });
    expect(JSON.parse(exchange?.responseBody ?? '')).toEqual({ error: `scripted answer ${code}` });
    const names = Object.keys(exchange?.headers ?? {}).map((header) => header.toLowerCase());
    expect(names).toEqual(expect.arrayContaining(['authorization', 'x-signature']));
  }
  expect(JSON.stringify(samples)).not.toMatch(/canary/);
});

test('no secret of a destination lies in what the system answers or prints, nor in any file that it keeps', async () => {
  const letters = [...(await lettersOf('Asks for a year')), ...(await lettersOf('Refuses'))];
  expect(`${running.output()}${JSON.stringify([[...status], balance, letters])}`).not.toMatch(/canary/);
  const files = readdirSync(running.directory, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const holding = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(SECRET));
  expect(files.length).toBeGreaterThan(20);
  expect(holding.map(({ name }) => name)).toEqual([]);
});
