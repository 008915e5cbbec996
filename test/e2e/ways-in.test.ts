import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Analytics } from '@segment/analytics-node';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { CONFIG_CHECK_MS } from '../../shared/config/limits.ts';
import type { Source } from '../../shared/domain/workspace.ts';
import { aKeyPair } from '../builders/oauth-client.ts';
import { operatorOf } from '../builders/operator-of.ts';
import {
  aDirectory,
  balanceOf,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY as KEY } from '../builders/sink-seed.ts';

let sink: Sink;
let running: Running;
let control: ReturnType<typeof dynamoControlStore>;
let environment: Record<string, string>;
/** Events that were accepted so far, and of them those that were not routed. */
let accepted = 0;
let invalid = 0;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const operator = await operatorOf(running);
  const doc = DynamoDBDocumentClient.from(new DynamoDBClient(operator.client));
  control = dynamoControlStore(doc, operator.output('ControlTableName'));
  const lines = readFileSync(join(running.directory, 'aws.env'), 'utf8').trim().split('\n');
  environment = Object.fromEntries(lines.map((line) => line.split('=', 2)));
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

const BASIC = { authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}` };
const ORIGIN = { origin: 'https://shop.example.com' };

type Answer = { status: number; headers: Headers; bytes: Buffer; body: unknown };
const send = async (
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<Answer> => {
  const init = { method, headers, ...(body !== undefined && { body }) };
  const answer = await fetch(`${running.endpoints.trackingUrl}${path}`, init);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    body: isJson ? (JSON.parse(bytes.toString('utf8')) as unknown) : undefined,
  };
};
const post = (path: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
  send('POST', path, headers, body);

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
    20_000,
    () => `${messageId} did not arrive`,
  );
  expect(bodies).toHaveLength(1);
  return bodies[0] ?? {};
};

/** Changes the source, and waits until ingest knows it. */
const changeSource = async (change: Partial<Source>): Promise<void> => {
  const [workspace] = await control.listWorkspaces();
  const [source] = workspace === undefined ? [] : await control.listSources(workspace.id);
  if (source === undefined) throw new Error('the seed has a source');
  const saved = await control.saveSource({ ...source, ...change }, `w-${source.version}`);
  expect(saved.outcome).toBe('saved');
  await new Promise((resolve) => setTimeout(resolve, CONFIG_CHECK_MS + 500));
};

const PATHS = [
  'identify',
  'track',
  'page',
  'screen',
  'group',
  'alias',
  'batch',
  'import',
  'i',
  't',
  'p',
  's',
  'g',
  'a',
  'b',
  'm',
  'pixel/track',
  'nothing',
];

test.each([...PATHS.map((path) => `/v1/${path}`), '/token'])(
  'a preflight of %s is answered as Analytics.js needs it',
  async (path) => {
    const answer = await send('OPTIONS', path, {
      ...ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-retry-count',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-allow-headers')?.split(',').toSorted()).toEqual([
      'authorization',
      'content-type',
      'x-retry-count',
    ]);
    expect(answer.headers.get('access-control-max-age')).toBe('86400');
  },
);

/** `fetch` asks for no other method and no such header. */
const raw = (
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; origin: unknown }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      `${running.endpoints.trackingUrl}${path}`,
      { method, headers: { ...ORIGIN, ...headers } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, origin: answer.headers['access-control-allow-origin'] }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

test.each<[string, string, string, Record<string, string>, string, number]>([
  ['our 400', 'POST', '/v1/t', {}, '{', 400],
  ['our 415', 'POST', '/v1/t', { 'content-encoding': 'br' }, '{}', 415],
  ['our 404', 'POST', '/v1/nothing', {}, '{}', 404],
  ['the gateway’s 404 of a method', 'PUT', '/v1/t', {}, '', 404],
  ['the gateway’s 404 of a path', 'GET', '/elsewhere', {}, '', 404],
  ['the gateway’s 413', 'POST', '/v1/b', {}, 'x'.repeat(10_500_000), 413],
  ['the gateway’s 431', 'POST', '/v1/t', { 'x-large': 'x'.repeat(11_000) }, '', 431],
])(
  '%s carries CORS, so that a browser does not take it for a broken network',
  async (_case, method, path, headers, body, status) => {
    await expect(raw(method, path, headers, body)).resolves.toEqual({ status, origin: '*' });
  },
);

test('bodies are read by what they hold: a form of fields, a form with JSON, JSON that calls itself a form, each with gzip', async () => {
  const form = { ...BASIC, 'content-type': 'application/x-www-form-urlencoded' };
  const event = (messageId: string) => ({ userId: 'u', event: 'By form', messageId, properties: { a: '1 + 1' } });
  const texts: [string, string][] = [
    ['form-fields', 'userId=u&event=By+form&messageId=form-fields&properties.a=1+%2B+1'],
    ['form-json', `data=${encodeURIComponent(JSON.stringify(event('form-json')))}`],
    ['form-base64', `data=${Buffer.from(JSON.stringify(event('form-base64'))).toString('base64url')}`],
    ['form-none', JSON.stringify(event('form-none'))],
  ];
  for (const [messageId, text] of texts) {
    const packed = Uint8Array.from(gzipSync(text.replaceAll(messageId, `${messageId}-gz`)));
    // Packed base64 would need another messageId inside: of it only the plain form is sent.
    const answers = [
      await post('/v1/track', form, text),
      ...(messageId === 'form-base64'
        ? []
        : [await post('/v1/track', { ...form, 'content-encoding': 'gzip' }, packed)]),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('tributary-rejected')])).toEqual(
      answers.map(() => [200, null]),
    );
    accepted += answers.length;
    await expect(arrived(messageId)).resolves.toMatchObject({ type: 'track', userId: 'u', properties: { a: '1 + 1' } });
  }
  await expect(arrived('form-fields-gz')).resolves.toMatchObject({ properties: { a: '1 + 1' } });
}, 60_000);

test('a pixel in a mail is an event, and a picture whatever becomes of it (E21)', async () => {
  const event = {
    writeKey: KEY,
    userId: 'u',
    event: 'Email Opened',
    messageId: 'pixel-1',
    properties: { subject: 'Täglich' },
  };
  const data = Buffer.from(JSON.stringify(event)).toString('base64');
  const fields = `writeKey=${KEY}&userId=u&event=Email%20Opened&messageId=pixel-2&properties.subject=T%C3%A4glich`;
  for (const [query, rejected] of [
    [`data=${encodeURIComponent(data)}`, null],
    [fields, null],
    ['data=nothing', 'invalid-json'],
    [fields.replace(KEY, 'x'.repeat(32)), 'unknown-write-key'],
  ] as const) {
    const answer = await send('GET', `/v1/pixel/track?${query}`, {});
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('tributary-rejected')]).toEqual([
      200,
      'image/gif',
      rejected,
    ]);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.bytes.subarray(0, 6).toString()).toBe('GIF89a');
  }
  accepted += 2;
  for (const messageId of ['pixel-1', 'pixel-2']) {
    await expect(arrived(messageId)).resolves.toMatchObject({
      type: 'track',
      event: 'Email Opened',
      properties: { subject: 'Täglich' },
    });
  }
}, 30_000);

test('context and integrations of a batch are in each event; one that becomes too large is rejected alone (E13, E14, E19)', async () => {
  const batch = [
    { type: 'track', userId: 'u', event: 'E', messageId: 'merge-1', context: { app: { version: '2' } } },
    { type: 'track', userId: 'u', event: 'E', messageId: 'merge-2', properties: { filler: 'x'.repeat(31_000) } },
    { type: 'identify', userId: 'u', messageId: 'merge-3', context: { direct: false } },
  ];
  const context = { app: { name: 'Shop' }, direct: true, note: 'y'.repeat(2_000), ['__proto__x']: 1 };
  const answer = await post('/v1/import', BASIC, JSON.stringify({ batch, context, integrations: { Nobody: false } }));
  expect(answer).toMatchObject({ status: 200, body: { success: true } });
  accepted += 3;
  invalid += 1;
  await expect(arrived('merge-1')).resolves.toMatchObject({
    context: { app: { name: 'Shop', version: '2' }, direct: true, ip: '127.0.0.1' },
    integrations: { Nobody: false },
  });
  const third = await arrived('merge-3');
  expect(third).toMatchObject({ context: { app: { name: 'Shop' }, direct: false } });
  expect(third['context']).not.toHaveProperty('ip');
}, 30_000);

test('the metrics of Analytics.js about itself are answered and dropped', async () => {
  const body = JSON.stringify({ series: [{ type: 'Counter', metric: 'analytics_js.invoke', value: 1, tags: {} }] });
  await expect(post('/v1/m', { 'content-type': 'text/plain' }, body)).resolves.toMatchObject({
    status: 200,
    body: { success: true },
  });
});

test('a page that is not listed is refused with 200, and a server is not judged by it (T1)', async () => {
  await changeSource({ allowedOrigins: ['shop.example.com'] });
  const body = (messageId: string) => JSON.stringify({ userId: 'u', event: 'E', messageId });
  const refused = await post('/v1/track', { ...BASIC, origin: 'https://evil.example' }, body('origin-1'));
  expect([refused.status, refused.headers.get('tributary-rejected')]).toEqual([200, 'not-allowed']);
  for (const [messageId, headers] of [
    ['origin-2', ORIGIN],
    ['origin-3', {}],
  ] as const) {
    const answer = await post('/v1/track', { ...BASIC, ...headers }, body(messageId));
    expect(answer.headers.get('tributary-rejected')).toBeNull();
    accepted += 1;
    await arrived(messageId);
  }
  await changeSource({ allowedOrigins: [], allowedIps: ['192.0.2.0/24'] });
  const elsewhere = await post('/v1/track', BASIC, body('origin-4'));
  expect([elsewhere.status, elsewhere.headers.get('tributary-rejected')]).toEqual([200, 'not-allowed']);
  await changeSource({ allowedIps: [] });
}, 60_000);

test('a source is held to its limit: 429 with the seconds to wait, within 20 % over ten seconds (E09)', async () => {
  const PER_SECOND = 10;
  const SECONDS = 10;
  await changeSource({ requestsPerSecondMax: PER_SECOND });
  const taken: number[] = [];
  const refused: Answer[] = [];
  const startedMs = performance.now();
  const one = async (number: number) => {
    const body = JSON.stringify({ userId: 'u', event: 'Flood', messageId: `flood-${number}` });
    const answer = await post('/v1/track', { ...BASIC, ...ORIGIN }, body);
    if (answer.status === 200) taken.push(performance.now() - startedMs);
    else refused.push(answer);
  };
  const sent: Promise<void>[] = [];
  for (let number = 0; performance.now() - startedMs < SECONDS * 1_000; number += 1) {
    sent.push(one(number));
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await Promise.all(sent);
  accepted += taken.length;
  expect(sent.length).toBeGreaterThan(1.5 * PER_SECOND * SECONDS);
  const within = taken.filter((ms) => ms < SECONDS * 1_000).length;
  expect(within).toBeLessThanOrEqual(1.2 * PER_SECOND * SECONDS);
  expect(within).toBeGreaterThanOrEqual(0.8 * PER_SECOND * SECONDS);
  for (const { status, headers, body } of refused) {
    expect({ status, body }).toMatchObject({ status: 429, body: { success: false, code: 'rate-limited' } });
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect(headers.get('x-ratelimit-reset')).toBe(headers.get('retry-after'));
    expect(headers.get('access-control-expose-headers')).toBe('Retry-After,X-RateLimit-Reset,Tributary-Rejected');
  }
  await changeSource({ requestsPerSecondMax: 1_000 });
}, 60_000);

const oauth = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['cli/oauth.ts', '--stack', 'Tributary-local', ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    },
  );
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: '' });
  return stdout;
};

test('Segment’s Node SDK gets a token by its own key and is taken; who has none is refused (E04)', async () => {
  const pair = aKeyPair();
  const keyFile = join(running.directory, 'oauth.pem');
  writeFileSync(keyFile, pair.publicPem);
  const made = oauth('add', 'Shop', '--source', 'server', '--key', keyFile, '--key-id', 'k1');
  const clientId = /client id: (oap_\S+);/.exec(made)?.[1] ?? '';
  oauth('require', 'server');
  await new Promise((resolve) => setTimeout(resolve, CONFIG_CHECK_MS + 500));

  const bare = await post('/v1/track', BASIC, JSON.stringify({ userId: 'u', event: 'E', messageId: 'oauth-0' }));
  expect([bare.status, bare.headers.get('tributary-rejected')]).toEqual([401, 'bad-token']);

  const bearers: string[] = [];
  const analyticsOf = (clientKey: string) =>
    new Analytics({
      writeKey: KEY,
      host: running.endpoints.trackingUrl,
      flushAt: 1,
      maxRetries: 1,
      oauthSettings: { clientId, clientKey, keyId: 'k1', authServer: running.endpoints.trackingUrl },
      httpClient: (url, init) => {
        const bearer = new Headers(init.headers).get('authorization');
        if (bearer !== null) bearers.push(bearer.replace('Bearer ', ''));
        return fetch(url, init);
      },
    });
  const sendBy = async (analytics: Analytics, messageId: string) => {
    const faults: unknown[] = [];
    analytics.on('error', (error) => faults.push(error));
    analytics.track({ userId: 'u', event: 'By OAuth', messageId });
    await analytics.flush({ timeout: 10_000 });
    return faults;
  };
  const analytics = analyticsOf(pair.privatePem);
  await expect(sendBy(analytics, 'oauth-1')).resolves.toEqual([]);
  accepted += 1;
  await expect(arrived('oauth-1')).resolves.toMatchObject({ event: 'By OAuth' });
  expect(bearers).toEqual([expect.stringMatching(/^oat_[A-Za-z0-9_-]{43}$/)]);

  // Revoked: within seconds it is refused, the SDK forgets it, and gets another with the next batch.
  expect(oauth('revoke', bearers[0] ?? '')).toContain('The token is revoked');
  await new Promise((resolve) => setTimeout(resolve, CONFIG_CHECK_MS + 500));
  await expect(sendBy(analytics, 'oauth-2')).resolves.toHaveLength(1);
  await expect(sendBy(analytics, 'oauth-3')).resolves.toMatchObject({});
  accepted += 1;
  await arrived('oauth-3');
  await analytics.closeAndFlush({ timeout: 5_000 });

  const stranger = analyticsOf(aKeyPair().privatePem);
  expect((await sendBy(stranger, 'oauth-4')).length).toBeGreaterThan(0);
  await stranger.closeAndFlush({ timeout: 5_000 });

  expect(oauth('list')).toContain(`Shop (${clientId}): tokens of 1 days`);
  oauth('release', 'server');
  oauth('disconnect', 'Shop', 'server');
  oauth('remove', 'Shop');
}, 120_000);

test('the books hold all that was taken and nothing else, and what was refused is counted with its reason', async () => {
  const balance = await settledBalance(running.endpoints, accepted, 60_000);
  expect(balance.find(isSource)).toMatchObject({
    accepted,
    invalid,
    routed: accepted - invalid,
    duplicate: 0,
    blocked: 0,
  });
  for (const line of (await balanceOf(running.endpoints)).filter((each) => !isSource(each))) {
    expect(line).toMatchObject({ delivered: accepted - invalid, discarded: 0, dlq: 0, filtered: 0, inFlight: 0 });
  }
  const reasons = new Set<string>();
  await until(
    async () => {
      // A notice goes with the next request, once in ten seconds and environment.
      await post('/v1/track', BASIC, '{');
      const status = await fetch(`${running.endpoints.apiUrl}/app-api/status`, {
        headers: { authorization: `Bearer ${running.endpoints.apiToken}` },
      });
      const { data } = (await status.json()) as { data: { refusals: { reason: string }[] } };
      for (const { reason } of data.refusals) reasons.add(reason);
      return ['invalid-json', 'unknown-write-key', 'not-allowed', 'rate-limited', 'bad-token'].every((each) =>
        reasons.has(each),
      );
    },
    60_000,
    () => `Refusals that were told: ${[...reasons].join()}`,
  );
}, 130_000);
