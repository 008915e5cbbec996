import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { BREAKER_POLICY } from '../../functions/deliver/breaker-policy.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { DestinationId } from '../../shared/domain/ids.ts';
import type { TestResult } from '../../shared/domain/test-result.ts';
import type { DeliverySample } from '../../shared/ports/delivery-stores.ts';
import { type StatusLine, statusByName } from '../builders/books-of.ts';
import { operatorOf } from '../builders/operator-of.ts';
import {
  aDirectory,
  type BalanceLine,
  balanceOf,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';
import { ledgerOfPath } from '../builders/sink-books.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/** Eight of each type: a breaker opens at ten failures. */
const EVENTS = 48;
const TRACKS = EVENTS / 6;
const [FIRST_PROBE_MS = 0] = BREAKER_POLICY.probeMs;
const EVENT = { type: 'track', event: 'Tried', userId: 'tester', properties: { price: 12 } };

type Line = StatusLine & {
  sourceId: string;
  breaker?: { cause: string; code: string; message: string };
  rehearsal?: object;
};

let sink: Sink;
let running: Running;
let line: Line;
let during: { line: Line; requestsAtSink: number; tried: TestResult };
let balance: BalanceLine[];

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}
const lineOfSink = async (): Promise<Line> => (await statusByName(running.endpoints)).get('Sink') as Line;
const tryIt = (body: object): Promise<TestResult> =>
  call('POST', `/app-api/destinations/${line.id}/test`, { event: EVENT, applyFilters: false, dryRun: false, ...body });
const atSink = () => ledgerOfPath(sink, '/');

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), `${sink.url}/`);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  line = await lineOfSink();
  const { rehearsal } = await call<{ rehearsal: { until: string } }>(
    'POST',
    `/app-api/destinations/${line.id}/rehearsal`,
    { status: 503, minutes: 1, confirm: true },
  );
  // deliver knows of it long since, and a breaker that opens now is probed when it is over: one that fails its first probe waits for minutes.
  await sleep(Date.parse(rehearsal.until) - FIRST_PROBE_MS - Date.now());
  const sent = await sendBySdk({ host: running.endpoints.trackingUrl, writeKey: SINK_WRITE_KEY, count: EVENTS });
  expect(sent).toEqual({ accepted: EVENTS, refused: [] });
  await until(
    async () => (await lineOfSink()).breaker !== undefined,
    40_000,
    () => 'The breaker of a destination whose outage is rehearsed did not open',
  );
  during = { line: await lineOfSink(), requestsAtSink: (await atSink()).requests, tried: await tryIt({}) };
  balance = await settledBalance(running.endpoints, EVENTS, 240_000);
}, 400_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

test('while an outage is rehearsed nothing is sent, the breaker opens, and it is seen to be a rehearsal', () => {
  expect(during.requestsAtSink).toBe(0);
  expect(during.line).toMatchObject({
    delivered: 0,
    rehearsal: { status: 503 },
    breaker: { cause: 'failing', code: '503', message: expect.stringContaining('Outage rehearsal') },
  });
  expect(during.tried.subscriptions).toMatchObject([{ outcome: 'FAILED', exchanges: [{ answeredBy: 'REHEARSAL' }] }]);
});

test('when its time is over everything is delivered, once, and the books are exact', async () => {
  expect(balance.find(isSource)).toMatchObject({ accepted: EVENTS, routed: EVENTS });
  expect(balance.find(({ destination }) => destination === line.id)).toMatchObject({
    delivered: EVENTS,
    discarded: 0,
    dlq: 0,
    inFlight: 0,
  });
  expect(await atSink()).toMatchObject({ requests: EVENTS, messageIds: EVENTS });
  const after = await lineOfSink();
  expect([after.rehearsal, after.breaker]).toEqual([undefined, undefined]);
  expect(after.errors).toMatchObject([{ code: '503', message: expect.stringContaining('Outage rehearsal') }]);
});

test('samples of a rehearsal say that no tool was asked', async () => {
  const operator = await operatorOf(running);
  const store = dynamoSampleStore(
    documentClient(new DynamoDBClient(operator.client)),
    operator.output('SamplesTableName'),
    {
      retentionDays: 1,
      now: () => new Date(),
    },
  );
  let samples: DeliverySample[] = [];
  await until(
    async () => {
      samples = (await store.list(DestinationId.parse(line.id), 100)).filter(({ code }) => code === '503');
      return samples.length > 0;
    },
    10_000,
    () => 'There are no samples of the rehearsal',
  );
  for (const { requests } of samples) {
    expect(requests).toMatchObject([
      { status: 503, answeredBy: 'rehearsal', responseHeaders: { 'tributary-answered-by': 'rehearsal' } },
    ]);
  }
});

test('an event that is tried arrives at the tool and is in no books; a dry run does not even arrive', async () => {
  const before = await balanceOf(running.endpoints);
  const { requests } = await atSink();
  const dry = await tryIt({ dryRun: true });
  expect(dry).toMatchObject({ matched: 1, requests: 1, subscriptions: [{ outcome: 'WOULD_SEND' }] });
  expect((await atSink()).requests).toBe(requests);
  const real = await tryIt({});
  expect(real).toMatchObject({
    matched: 1,
    requests: 1,
    subscriptions: [{ outcome: 'DELIVERED', exchanges: [{ status: 200, answeredBy: 'TOOL' }] }],
  });
  expect((await atSink()).requests).toBe(requests + 1);
  expect(await balanceOf(running.endpoints)).toEqual(before);
});

test('what a trigger would match is told from the events of the archive', async () => {
  type Told = { examined: number; matchedNow: number; matchedAfter: number; fewer: number; sampled: boolean };
  let told: Told | undefined;
  const { id: subscriptionId } = (
    await call<{ subscriptions: { id: string }[] }>('GET', `/destinations/${line.id}/subscriptions`)
  ).subscriptions[0] as { id: string };
  const ask = {
    sourceId: line.sourceId,
    destinationId: line.id,
    subscriptionId,
    trigger: 'type = "track"',
    range: '1h',
  };
  await until(
    async () => {
      told = await call<Told>('POST', '/app-api/estimates', ask);
      return told.examined >= EVENTS;
    },
    15_000,
    () => `The archive does not hold ${EVENTS} events: ${JSON.stringify(told)}`,
  );
  expect(told).toMatchObject({
    examined: EVENTS,
    matchedNow: EVENTS,
    matchedAfter: TRACKS,
    fewer: EVENTS - TRACKS,
    sampled: false,
  });
});
