import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { DestinationId } from '../../shared/domain/ids.ts';
import type { DeadLetter, DeliverySample } from '../../shared/ports/delivery-stores.ts';
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
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const EVENTS = 60;
const SECRET = 'canary-shared-secret';
const HEADER = 'Bearer canary-in-a-header';

type StatusLine = {
  id: string;
  name: string;
  delivered: number;
  discarded: Record<string, number>;
  deadLettered: Record<string, number>;
  inFlight: number;
  errors: { code: string; message: string; count: number; firstSeen: string; lastSeen: string }[];
};

let sink: Sink;
let running: Running;
let balance: BalanceLine[];
let status: StatusLine[];
let client: Operator['client'];
let output: Operator['output'];

const failing = (name: string, code: number) => ({
  source: 'server',
  name,
  type: 'webhook',
  settings: { sharedSecret: SECRET },
  mappings: [
    {
      name: 'All events',
      action: 'send',
      trigger: 'type != "none"',
      fields: {
        url: `${sink.url}/status/${code}`,
        method: 'POST',
        headers: { Authorization: HEADER },
        data: { '@path': '$.' },
      },
    },
  ],
});

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url, [failing('Down', 500), failing('Refuses', 400)]);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const sent = await sendBySdk({ host: running.endpoints.trackingUrl, writeKey: SINK_WRITE_KEY, count: EVENTS });
  expect(sent).toEqual({ accepted: EVENTS, refused: [] });
  balance = await settledBalance(running.endpoints, EVENTS, 60_000);

  ({ client, output } = await operatorOf(running));
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}/app-api/status`, { headers: { authorization: `Bearer ${apiToken}` } });
  status = ((await answer.json()) as { data: { destinations: StatusLine[] } }).data.destinations;
}, 150_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const statusOf = (name: string): StatusLine => {
  const found = status.find((line) => line.name === name);
  if (found === undefined) throw new Error(`No destination ${name} in ${JSON.stringify(status)}`);
  return found;
};
const balanceLine = (name: string) => balance.find(({ destination }) => destination === statusOf(name).id);

const lettersOf = async (name: string): Promise<DeadLetter[]> => {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const Bucket = output('DeadLetterBucketName');
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `destination=${statusOf(name).id}/` }),
  );
  const objects = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString('utf8');
    }),
  );
  const lines = objects.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  return lines.map((line) => JSON.parse(line) as DeadLetter);
};

test('destinations that work are not held up by those that fail', () => {
  expect(balance.find(isSource)).toMatchObject({ accepted: EVENTS, routed: EVENTS, invalid: 0, blocked: 0 });
  for (const name of ['Inbox', 'Sink']) {
    expect(balanceLine(name)).toMatchObject({ accepted: EVENTS, delivered: EVENTS, discarded: 0, dlq: 0, inFlight: 0 });
  }
});

test.each([
  ['Down', '500', { dlq: EVENTS, discarded: 0 }, { deadLettered: { 500: EVENTS }, discarded: {} }],
  ['Refuses', '400', { dlq: 0, discarded: EVENTS }, { deadLettered: {}, discarded: { 400: EVENTS } }],
])('%s, which answers %s: the books and the status say so, event by event', (name, code, counts, byCode) => {
  expect(balanceLine(name)).toMatchObject({ accepted: EVENTS, delivered: 0, filtered: 0, inFlight: 0, ...counts });
  expect(statusOf(name)).toMatchObject({ delivered: 0, inFlight: 0, ...byCode });
  expect(statusOf(name).errors).toEqual([
    expect.objectContaining({ code, message: 'scripted answer #', count: EVENTS }),
  ]);
});

test.each([
  ['Down', '500', 'dead-lettered'],
  ['Refuses', '400', 'discarded'],
])('%s, which answers %s: every payload is kept with its code', async (name, code, outcome) => {
  const letters = await lettersOf(name);
  expect(letters).toHaveLength(EVENTS);
  expect(new Set(letters.map(({ event }) => event['messageId'])).size).toBe(EVENTS);
  for (const letter of letters) {
    expect(letter).toMatchObject({ outcome, code, destinationId: statusOf(name).id, attempts: 1 });
    expect(letter.message).toBe(`scripted answer ${code}`);
  }
  const types = new Set(letters.map(({ event }) => event['type']));
  expect(types).toEqual(new Set(['track', 'identify', 'page', 'screen', 'group', 'alias']));
});

test.each([
  ['Down', '500'],
  ['Refuses', '400'],
])('%s, which answers %s: samples show request and answer, and no secret', async (name, code) => {
  const store = dynamoSampleStore(documentClient(new DynamoDBClient(client)), output('SamplesTableName'), {
    retentionDays: 7,
    now: () => new Date(),
  });
  let samples: DeliverySample[] = [];
  await until(
    async () => {
      samples = await store.list(DestinationId.parse(statusOf(name).id), 100);
      return samples.length > 0;
    },
    10_000,
    () => 'There are no samples',
  );
  for (const sample of samples) {
    expect(sample).toMatchObject({ code, destinationId: statusOf(name).id });
    const [exchange] = sample.requests;
    expect(exchange).toMatchObject({ method: 'POST', url: `${sink.url}/status/${code}`, status: Number(code) });
    expect(JSON.parse(exchange?.body ?? '')).toMatchObject({ messageId: sample.messageId });
    expect(JSON.parse(exchange?.responseBody ?? '')).toEqual({ error: `scripted answer ${code}` });
    const names = Object.keys(exchange?.headers ?? {}).map((header) => header.toLowerCase());
    expect(names).toEqual(expect.arrayContaining(['authorization', 'x-signature']));
  }
  expect(JSON.stringify(samples)).not.toMatch(/canary/);
});

test('no secret of a destination lies in what the system answers or prints, nor in any file that it keeps', async () => {
  const letters = [...(await lettersOf('Down')), ...(await lettersOf('Refuses'))];
  expect(`${running.output()}${JSON.stringify([status, balance, letters])}`).not.toMatch(/canary/);
  const files = readdirSync(running.directory, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const holding = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(SECRET));
  expect(files.length).toBeGreaterThan(20);
  expect(holding.map(({ name }) => name)).toEqual([]);
});
