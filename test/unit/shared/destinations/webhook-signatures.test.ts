import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OVERRIDES } from '../../../../shared/destinations/overrides.ts';
import { signatureHeaders, webhookId } from '../../../../shared/destinations/webhook-signature.ts';
import type { Json, JsonObject } from '../../../../shared/domain/json.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import { NOW, runWork } from '../../../builders/own-destination.ts';
import { type Answer, type Arrival, toolServer } from '../../../builders/tool-server.ts';

let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  bundle = await bundledDestinations([]);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const SECRET = 'whispered ü';
/** Sends without a token of its own. */
const EXTENSIBLE: Record<string, Json> = { authType: 'none' };
const NOW_SECONDS = NOW.getTime() / 1_000;
const folder = (slug: string) => `@segment/action-destinations/dist/destinations/${slug}/index.js`;

async function setUp(slug = 'webhook', answer?: Answer, now: () => Date = () => NOW) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  closing.push(tool.close, () => bundle.closeGuardedHttp(http));
  const loaders = { [slug]: async () => (await import(folder(slug))) as unknown };
  const engine = bundle.createEngine({ http, now, loaders });
  const send = async (
    fields: Record<string, Json> = {},
    events: JsonObject[] = [aTrack()],
    settings: Record<string, Json> = { sharedSecret: SECRET },
  ) => {
    const mapping = {
      action: 'send',
      trigger: 'type = "track"',
      fields: { url: `${tool.origin}/hook`, method: 'POST', data: { '@path': '$.' }, ...fields },
    };
    return (await runWork(engine, { slug, settings, mapping, events, hopThroughUs: 1 })).map(({ outcome }) => outcome);
  };
  return { tool, send };
}

const aTrack = (over: JsonObject = {}): JsonObject => ({
  type: 'track',
  event: 'Cup Bought ☕ é',
  messageId: 'm1',
  userId: 'u1',
  context: {},
  integrations: {},
  properties: { price: 12 },
  ...over,
});

/** What a receiver computes from what it got, by nothing of ours. */
const expectedHeaders = ({ headers, body }: Arrival, secrets: readonly string[]) => ({
  'x-signature': createHmac('sha1', secrets[0] ?? '')
    .update(body)
    .digest('hex'),
  'x-signature-256': `sha256=${createHmac('sha256', secrets[0] ?? '')
    .update(body)
    .digest('hex')}`,
  'webhook-timestamp': String(NOW_SECONDS),
  'webhook-signature': secrets
    .map((secret) => {
      const mac = createHmac('sha256', secret).update(`${String(headers['webhook-id'])}.${NOW_SECONDS}.${body}`);
      return `v1,${mac.digest('base64')}`;
    })
    .join(' '),
});

test('T17: the vector of Standard Webhooks', () => {
  expect(
    signatureHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1_614_265_330,
      body: Buffer.from('{"test": 2432232314}'),
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    }),
  ).toMatchObject({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

describe.each(['webhook', 'webhook-extensible', 'webhook-audiences'])('%s', (slug) => {
  const settings = { sharedSecret: SECRET, ...(slug === 'webhook-extensible' && EXTENSIBLE) };

  test.each<[string, Record<string, Json>, number]>([
    ['POST', {}, 2],
    ['PUT', { method: 'PUT' }, 2],
    ['PATCH', { method: 'PATCH' }, 2],
    ['a batch', { enable_batching: true }, 1],
    ['a batch by PUT', { enable_batching: true, method: 'PUT' }, 1],
    ['a form', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, data: { a: 'é &=', b: '2' } }, 2],
    ['no data', { data: null, method: 'PUT' }, 2],
  ])('B21, B22: %s is signed over the body that arrives', async (_case, fields, requests) => {
    const { tool, send } = await setUp(slug);
    await expect(send(fields, [aTrack(), aTrack({ messageId: 'm2' })], settings)).resolves.toMatchObject([
      { outcome: 'delivered' },
      { outcome: 'delivered' },
    ]);
    expect(tool.arrivals).toHaveLength(requests);
    for (const arrival of tool.arrivals) expect(arrival.headers).toMatchObject(expectedHeaders(arrival, [SECRET]));
  });
});

test('without a secret nothing is signed', async () => {
  const { tool, send } = await setUp();
  await send({}, [aTrack()], { sharedSecret: '' });
  expect(Object.keys(tool.arrivals[0]?.headers ?? {}).filter((name) => /signature|^webhook-/.test(name))).toEqual([]);
});

test('T17: while receivers change over, webhook-signature is by both secrets and the others by the new one', async () => {
  const { tool, send } = await setUp();
  await send({}, [aTrack()], { sharedSecret: 'new', previousSharedSecret: SECRET });
  const [arrival] = tool.arrivals;
  expect(arrival?.headers).toMatchObject(expectedHeaders(arrival as Arrival, ['new', SECRET]));
});

test('T17: what a mapping says under the name of a signature is not sent', async () => {
  const { tool, send } = await setUp();
  await send({
    headers: { 'X-Signature': 'mine', 'Webhook-Id': 'mine', 'webhook-signature': 'v1,mine', 'x-own': 'kept' },
  });
  const [arrival] = tool.arrivals;
  expect(arrival?.headers).toMatchObject({ ...expectedHeaders(arrival as Arrival, [SECRET]), 'x-own': 'kept' });
  expect(arrival?.headers['webhook-id']).toMatch(/^msg_/);
});

test('each try of a send has the same id and a time of its own', async () => {
  let now = NOW;
  const { tool, send } = await setUp(
    'webhook',
    (_arrival, response) => void response.writeHead(503).end(),
    () => now,
  );
  await send();
  now = new Date(NOW.getTime() + 90_000);
  await send();
  await send({}, [aTrack({ messageId: 'm2' })]);
  await send({ method: 'PUT' });
  await send({ enable_batching: true }, [aTrack(), aTrack({ messageId: 'm2' })]);
  const [first, again, ...others] = tool.arrivals.map(({ headers }) => headers['webhook-id']);
  expect(again).toBe(first);
  expect(new Set([first, ...others]).size).toBe(4);
  expect(tool.arrivals.map(({ headers }) => Number(headers['webhook-timestamp']) - NOW_SECONDS)).toEqual([
    0, 90, 90, 90, 90,
  ]);
});

test('an id is of the messages and the mapping', () => {
  expect(webhookId(['m1'], { a: 1 })).toMatch(/^msg_[\w-]{24}$/);
  expect(webhookId(['m1', 'm2'], 1)).not.toBe(webhookId(['m1,m2'], 1));
});

test('B21: both secrets are secret settings', () => {
  const base = { name: 'x', actions: {}, authentication: { scheme: 'custom', fields: {} } };
  const fields = OVERRIDES['webhook']?.(base as never).authentication?.fields;
  expect(fields).toMatchObject({ sharedSecret: { type: 'password' }, previousSharedSecret: { type: 'password' } });
});

describe('T22: headers whose values or names come from events', () => {
  test.each<[string, Record<string, Json>]>([
    ['a value with a line end', { headers: { 'x-event': { '@path': '$.event' } } }],
    ['a value with a line end, in a batch', { headers: { 'x-event': { '@path': '$.event' } }, enable_batching: true }],
    ['a name with a line end', { headers: { 'x-a\r\nx-b': '1' } }],
    ['a name with a blank', { headers: { 'x a': '1' } }],
    ['names of the event’s choosing', { headers: { '@path': '$.properties.headers' } }],
  ])('%s is refused, and nothing is sent', async (_case, fields) => {
    const { tool, send } = await setUp();
    const event = aTrack({
      event: 'Cup\r\nx-injected: yes\r\n\r\nGET /admin',
      properties: { headers: { 'x-a: 1\r\nx-b': 'yes' } },
    });
    await expect(send(fields, [event])).resolves.toMatchObject([{ outcome: 'discarded', code: 'MESSAGE_REJECTED' }]);
    expect(tool.arrivals).toEqual([]);
  });

  test('a harmless one is sent', async () => {
    const { tool, send } = await setUp();
    await send({ headers: { 'x-event': { '@path': '$.event' } } }, [aTrack({ event: 'Cup Bought' })]);
    expect(tool.arrivals[0]?.headers['x-event']).toBe('Cup Bought');
  });
});

test('the check in docs/webhook-signatures.md knows ours, and nobody else’s', async () => {
  const { tool, send } = await setUp();
  await send({}, [aTrack()], { sharedSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', previousSharedSecret: SECRET });
  await send({ enable_batching: true }, [aTrack(), aTrack({ messageId: 'm2' })]);
  const [first, batch] = tool.arrivals as [Arrival, Arrival];
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
  const cases: [string, object, boolean][] = [
    ['the new secret', { ...first, secrets }, true],
    ['the previous one', { ...first, secrets: [SECRET] }, true],
    ['two accepted', { ...batch, secrets: ['another', SECRET] }, true],
    ['another secret', { ...first, secrets: ['another'] }, false],
    ['another body', { ...first, body: `${first.body} `, secrets }, false],
    ['another id', { ...first, headers: { ...first.headers, 'webhook-id': 'msg_2' }, secrets }, false],
    ['five minutes and a second later', { ...first, secrets, nowSeconds: NOW_SECONDS + 301 }, false],
    ['no signature', { ...first, headers: {}, secrets }, false],
    ['a time that is none', { ...first, headers: { ...first.headers, 'webhook-timestamp': 'x' }, secrets }, false],
  ];
  const answers = await runSnippet(cases.map(([, request]) => ({ nowSeconds: NOW_SECONDS, ...request })));
  expect(answers).toEqual(cases.map(([, , expected]) => expected));
});

/** Runs the page's code as it stands there. */
async function runSnippet(requests: readonly object[]): Promise<unknown> {
  const page = await readFile(join(process.cwd(), 'docs', 'webhook-signatures.md'), 'utf8');
  const code = /```js\n(.*?)```/s.exec(page)?.[1];
  const directory = await mkdtemp(join(tmpdir(), 'tributary-snippet-'));
  closing.push(async () => await rm(directory, { recursive: true }));
  await writeFile(join(directory, 'check.mjs'), code ?? '');
  await writeFile(
    join(directory, 'run.mjs'),
    `import { isGenuine } from './check.mjs';
     const requests = JSON.parse(process.argv[2]);
     console.log(JSON.stringify(requests.map((each) => isGenuine({ ...each, body: Buffer.from(each.body) }))));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(directory, 'run.mjs'),
    JSON.stringify(requests),
  ]);
  return JSON.parse(stdout);
}
