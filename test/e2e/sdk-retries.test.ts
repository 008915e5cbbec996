import Rudder from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { type LossyProxy, lossyProxy } from '../builders/lossy-proxy.ts';
import {
  aDirectory,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/**
 * G16, E18: what client libraries do when answers get lost, against de-duplication. Each event must arrive once, however often its library sent it
 * and in whatever company.
 */
let sink: Sink;
let running: Running;
let proxy: LossyProxy;
/** Different events that were handed to libraries so far. */
let handed = 0;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  proxy = await lossyProxy(running.endpoints.trackingUrl);
}, 120_000);
afterAll(async () => {
  proxy?.stop();
  await running?.kill();
  await sink?.stop();
}, 30_000);

/** The events of a library that the sink got, by their names, once `count` different ones are there and the books are settled. */
async function arrivedOf(library: string, count: number): Promise<string[]> {
  handed += count;
  await settledBalance(running.endpoints, handed, 30_000);
  let names: string[] = [];
  await until(
    async () => {
      const answer = await fetch(`${sink.url}/events?limit=1000`);
      const { events } = (await answer.json()) as { events: { body: { event?: string } }[] };
      names = events.flatMap(({ body }) => (body.event?.startsWith(`${library} `) === true ? [body.event] : []));
      return new Set(names).size >= count;
    },
    10_000,
    () => `${library}: ${names.length} events arrived`,
  );
  return names.toSorted();
}

const namesOf = (library: string, count: number): string[] =>
  Array.from({ length: count }, (_, number) => `${library} ${String(number).padStart(3, '0')}`);

test("Segment's Node SDK: batches whose answers are lost, refused with 503 and throttled arrive once", async () => {
  proxy.next(['answer lost', 'answer 503', 'slow down', 'answer 503', 'pass', 'answer lost']);
  const before = proxy.seen().length;
  const failures: unknown[] = [];
  const analytics = new Analytics({ writeKey: SINK_WRITE_KEY, host: proxy.url, flushAt: 15 });
  analytics.on('error', (error) => failures.push(error));
  for (const event of namesOf('node', 45)) analytics.track({ userId: `u-${event}`, event });
  await analytics.closeAndFlush({ timeout: 60_000 });
  expect(failures).toEqual([]);
  const requests = proxy.seen().slice(before);
  // Three batches, and one more request for each that did not get through.
  expect(requests).toHaveLength(3 + 5);
  expect(requests.filter(({ headers }) => headers['x-retry-count'] !== undefined).length).toBeGreaterThanOrEqual(4);
  expect(await arrivedOf('node', 45)).toEqual(namesOf('node', 45));
}, 90_000);

test("RudderStack's Node SDK: gzipped batches that it sends again arrive once", async () => {
  proxy.next(['answer 503', 'answer lost', 'answer 503']);
  const failures: unknown[] = [];
  const rudder = new Rudder(SINK_WRITE_KEY, {
    dataPlaneUrl: proxy.url,
    flushAt: 10,
    flushInterval: 100,
    logLevel: 'none',
    errorHandler: (error: unknown) => failures.push(error),
  });
  for (const event of namesOf('rudder', 20)) rudder.track({ userId: 'u-rudder', event });
  await until(
    () => proxy.seen().filter(({ fate, headers }) => fate === 'pass' && isRudder(headers)).length >= 3,
    20_000,
    () => `the SDK gave up: ${JSON.stringify(proxy.seen().map(({ fate }) => fate))} ${String(failures)}`,
  );
  await new Promise<void>((resolve) => {
    void rudder.flush(() => resolve());
  });
  expect(failures).toEqual([]);
  expect(await arrivedOf('rudder', 20)).toEqual(namesOf('rudder', 20));
}, 60_000);

const isRudder = (headers: Record<string, unknown>): boolean => headers['content-encoding'] === 'gzip';

test("React Native's wire form: the queue is cut anew after a failure, old and new events together, and each arrives once", async () => {
  const names = namesOf('native', 30);
  const events = names.map((event, number) => ({
    type: 'track',
    event,
    anonymousId: 'a-phone-of-one-person',
    messageId: `native-message-${number}`,
    timestamp: new Date().toISOString(),
    context: { library: { name: '@segment/analytics-react-native', version: '2.24.1' } },
    _metadata: { bundled: [], unbundled: [], bundledIds: [] },
  }));
  const send = async (batch: typeof events, retryCount: number): Promise<number> => {
    try {
      const answer = await fetch(`${proxy.url}/v1/b`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Retry-Count': String(retryCount) },
        body: JSON.stringify({ batch, sentAt: new Date().toISOString(), writeKey: SINK_WRITE_KEY }),
      });
      return answer.status;
    } catch {
      return 0;
    }
  };
  proxy.next(['answer lost', 'answer 503', 'pass', 'answer lost', 'pass']);
  // What failed stays at the head of the queue and goes out with what came meanwhile.
  expect(await send(events.slice(0, 10), 0)).toBe(0);
  expect(await send(events.slice(0, 17), 1)).toBe(503);
  expect(await send(events.slice(0, 5), 2)).toBe(200);
  expect(await send(events.slice(5, 30), 0)).toBe(0);
  expect(await send(events.slice(5, 30), 1)).toBe(200);
  expect(await arrivedOf('native', 30)).toEqual(names);
}, 60_000);

test('raw HTTP: the same request many times at once is one event', async () => {
  const [event] = namesOf('raw', 1);
  const body = JSON.stringify({ userId: 'u-raw', event, messageId: 'raw-message' });
  const headers = { authorization: `Basic ${Buffer.from(`${SINK_WRITE_KEY}:`).toString('base64')}` };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetch(`${proxy.url}/v1/track`, { method: 'POST', headers, body })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await arrivedOf('raw', 1)).toEqual([event]);
  const source = (await settledBalance(running.endpoints, handed, 10_000)).find(isSource);
  expect(source).toMatchObject({ routed: handed, invalid: 0, blocked: 0 });
}, 60_000);
