import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import {
  aDirectory,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';

let sink: Sink;
let running: Running;
/** Events that were accepted so far. */
let accepted = 0;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const BASIC = { authorization: `Basic ${Buffer.from(`${SINK_WRITE_KEY}:`).toString('base64')}` };
const ORIGIN = { origin: 'https://shop.example.com' };

const post = async (path: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) => {
  const answer = await fetch(`${running.endpoints.trackingUrl}${path}`, { method: 'POST', headers, body });
  return { status: answer.status, body: (await answer.json()) as unknown, headers: answer.headers };
};

/** What the sink got of a message, once it is there. */
const arrived = async (messageId: string): Promise<Record<string, unknown>> => {
  let bodies: Record<string, unknown>[] = [];
  await until(
    async () => {
      const answer = await fetch(`${sink.url}/events?messageId=${messageId}`);
      bodies = ((await answer.json()) as { events: { body: Record<string, unknown> }[] }).events.map(
        ({ body }) => body,
      );
      return bodies.length > 0;
    },
    10_000,
    () => `${messageId} did not arrive`,
  );
  expect(bodies).toHaveLength(1);
  return bodies[0] ?? {};
};

test('the Node SDK of Segment, as it is: Basic auth and the key in the body', async () => {
  const refused: unknown[] = [];
  const analytics = new Analytics({ writeKey: SINK_WRITE_KEY, host: running.endpoints.trackingUrl, flushAt: 1 });
  analytics.on('error', (error) => refused.push(error));
  analytics.track({ userId: 'u-node', event: 'By Node', messageId: 'by-node', properties: { price: 9.5, ключ: '€' } });
  await analytics.closeAndFlush();
  accepted += 1;
  expect(refused).toEqual([]);
  expect(await arrived('by-node')).toMatchObject({
    type: 'track',
    userId: 'u-node',
    event: 'By Node',
    properties: { price: 9.5, ключ: '€' },
    context: { library: { name: '@segment/analytics-node' } },
    receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
}, 30_000);

test('a mobile SDK, with the key in the body alone', async () => {
  const event = { type: 'screen', anonymousId: 'a-phone', name: 'Cart', messageId: 'by-phone' };
  const body = JSON.stringify({ batch: [event], writeKey: SINK_WRITE_KEY, sentAt: new Date().toISOString() });
  const answer = await post('/v1/b', { 'content-type': 'application/json; charset=utf-8' }, body);
  accepted += 1;
  expect(answer).toMatchObject({ status: 200, body: { success: true } });
  expect(await arrived('by-phone')).toMatchObject({ type: 'screen', anonymousId: 'a-phone', name: 'Cart' });
});

test("RudderStack's Node SDK: gzip that calls itself a form, the key in Basic auth alone, originalTimestamp", async () => {
  const now = Date.now();
  const event = {
    type: 'identify',
    userId: 'u-rudder',
    messageId: 'by-rudder',
    channel: 'server',
    traits: { city: 'Łódź' },
    originalTimestamp: new Date(now - 60_000).toISOString(),
    sentAt: new Date(now).toISOString(),
  };
  const body = Uint8Array.from(gzipSync(JSON.stringify({ batch: [event], sentAt: event.sentAt })));
  const answer = await post(
    '/v1/batch',
    { ...BASIC, 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
    body,
  );
  accepted += 1;
  expect(answer).toMatchObject({ status: 200, body: { success: true } });
  const got = await arrived('by-rudder');
  expect(got).toMatchObject({ type: 'identify', userId: 'u-rudder', traits: { city: 'Łódź' } });
  const timestampMs = Date.parse(String(got['timestamp']));
  expect(Math.abs(timestampMs - (now - 60_000))).toBeLessThan(5_000);
});

test("a browser's preflight is answered with what Analytics.js sends", async () => {
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/t`, {
    method: 'OPTIONS',
    headers: {
      ...ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-retry-count',
    },
  });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  const allowed = answer.headers.get('access-control-allow-headers')?.split(',') ?? [];
  expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-retry-count']));
});

const EXPOSED = ['Retry-After', 'X-RateLimit-Reset', 'Tributary-Rejected'];
const PAGE = { type: 'page', anonymousId: 'a-web', name: 'Home', messageId: 'by-browser', writeKey: SINK_WRITE_KEY };

test.each([
  ['200, and the event arrives', JSON.stringify(PAGE), 200, null],
  ['200 for a key nobody owns', JSON.stringify({ ...PAGE, writeKey: 'x'.repeat(32) }), 200, 'unknown-write-key'],
  ['400 for what is not JSON', '{"type":', 400, 'invalid-json'],
  ['400 for an event above 32 KB', JSON.stringify({ ...PAGE, filler: 'x'.repeat(33_000) }), 400, 'too-large'],
])('Analytics.js may read the answer to its text/plain: %s', async (_case, body, status, rejected) => {
  const isKnown = rejected !== 'unknown-write-key';
  const headers = { ...ORIGIN, 'content-type': 'text/plain', ...(isKnown && BASIC) };
  const answer = await post('/v1/p', headers, body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-expose-headers')?.split(',')).toEqual(EXPOSED);
  expect(answer.headers.get('tributary-rejected')).toBe(rejected);
  if (rejected !== null) return;
  accepted += 1;
  expect(await arrived('by-browser')).toMatchObject({ type: 'page', anonymousId: 'a-web', name: 'Home' });
});

test('the same message sent twice is one event', async () => {
  const body = JSON.stringify(PAGE);
  expect(await post('/v1/p', BASIC, body)).toMatchObject({ status: 200 });
  accepted += 1;
  // One fewer: it is told apart by its messageId.
  const balance = await settledBalance(running.endpoints, accepted - 1, 10_000);
  expect(balance.find(isSource)).toMatchObject({
    accepted,
    routed: accepted - 1,
    duplicate: 1,
    invalid: 0,
    blocked: 0,
  });
  for (const line of balance.filter((each) => !isSource(each))) {
    expect(line).toMatchObject({ delivered: accepted - 1, discarded: 0, dlq: 0, filtered: 0 });
  }
  await arrived('by-browser');
});
