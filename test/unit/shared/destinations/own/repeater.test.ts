import { chainOf, keyHash, REPEAT_CHAIN_MAX } from '../../../../../shared/destinations/own/repeater/repeat-chain.ts';
import { batchBodies } from '../../../../../shared/destinations/own/repeater/batches.ts';
import type { Json, JsonObject } from '../../../../../shared/domain/json.ts';
import { bundledDestinations } from '../../../../builders/destination-bundle.ts';
import { ownDestination } from '../../../../builders/own-destination.ts';
import type { Answer, Arrival } from '../../../../builders/tool-server.ts';

let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  bundle = await bundledDestinations([]);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const KEY_A = 'wk_aaaaaaaaaaaaaaaa';
const KEY_B = 'wk_bbbbbbbbbbbbbbbb';

async function setUp(answer?: Answer, toolIs: 'foreign' | 'us' = 'us') {
  const repeater = await ownDestination(bundle, 'repeater', answer, toolIs);
  closing.push(repeater.close);
  const outcomes = async (
    events: readonly JsonObject[],
    settings: Record<string, Json> = { repeatKeys: [KEY_A] },
    fields: Record<string, Json> = {},
    hopThroughUs = 1,
  ) =>
    (await repeater.send({ action: 'repeat', settings, events, fields, hopThroughUs })).map(({ outcome }) => outcome);
  return { ...repeater, outcomes };
}

const anEvent = (over: JsonObject = {}): JsonObject => ({
  type: 'track',
  event: 'Cup Bought',
  messageId: 'm1',
  userId: 'u1',
  timestamp: '2026-11-24T09:59:59.000Z',
  originalTimestamp: '2026-11-24T09:59:58.000Z',
  sentAt: '2026-11-24T09:59:59.000Z',
  receivedAt: '2026-11-24T10:00:00.000Z',
  context: { ip: '203.0.113.7' },
  integrations: { Slack: false },
  properties: { price: 12 },
  ...over,
});

const keyOf = ({ headers }: Arrival): string =>
  Buffer.from(String(headers.authorization).replace('Basic ', ''), 'base64').toString();
const DELIVERED = { outcome: 'delivered' };

test('B23: events go to this deployment’s own tracking API as if they had happened at the other source', async () => {
  const { tool, outcomes } = await setUp();
  const second = anEvent({
    messageId: 'm2',
    type: 'identify',
    traits: { plan: 'free' },
    _metadata: { bundled: ['X'] },
  });
  await expect(outcomes([anEvent(), second])).resolves.toEqual([
    { outcome: 'delivered', status: 200 },
    { outcome: 'delivered', status: 200 },
  ]);
  expect(tool.arrivals).toMatchObject([
    {
      method: 'POST',
      url: '/v1/batch',
      headers: { 'content-type': 'application/json', 'x-tributary-hop': '1' },
    },
  ]);
  const [arrival] = tool.arrivals as [Arrival];
  expect(keyOf(arrival)).toBe(`${KEY_A}:`);
  const { originalTimestamp: _o, sentAt: _s, receivedAt: _r, ...kept } = anEvent();
  const context = { ip: '203.0.113.7', repeatChain: [keyHash(KEY_A)] };
  expect(JSON.parse(arrival.body)).toEqual({
    batch: [
      { ...kept, context },
      { ...kept, context, messageId: 'm2', type: 'identify', traits: { plan: 'free' } },
    ],
  });
});

test('each of several sources gets it under its own key, with its own chain', async () => {
  const { tool, outcomes } = await setUp();
  await expect(
    outcomes([anEvent()], { repeatKeys: [KEY_A, KEY_B, KEY_A] }, { enable_batching: false }),
  ).resolves.toEqual([DELIVERED]);
  const got = tool.arrivals.map((arrival) => [keyOf(arrival), chainOf(JSON.parse(arrival.body).batch[0])]);
  expect(new Map(got as [string, string[]][])).toEqual(
    new Map([
      [`${KEY_A}:`, [keyHash(KEY_A)]],
      [`${KEY_B}:`, [keyHash(KEY_B)]],
    ]),
  );
  expect(got).toHaveLength(2);
});

test('B23: a chain that holds the hash of a key ends a loop there, and the event goes to the others', async () => {
  const { tool, outcomes } = await setUp();
  const been = anEvent({ context: { repeatChain: [keyHash(KEY_A)] } });
  await expect(outcomes([been])).resolves.toEqual([
    {
      outcome: 'discarded',
      code: 'repeat_chain',
      message: 'It has been at each of these sources already, or at too many',
    },
  ]);
  expect(tool.arrivals).toEqual([]);
  await expect(outcomes([been], { repeatKeys: [KEY_A, KEY_B] })).resolves.toMatchObject([DELIVERED]);
  expect(tool.arrivals.map(keyOf)).toEqual([`${KEY_B}:`]);
  expect(chainOf(JSON.parse(tool.arrivals[0]?.body ?? '').batch[0])).toEqual([keyHash(KEY_A), keyHash(KEY_B)]);
});

test.each([
  ['in batches of its own', {}, 'repeat_chain'],
  ['one by one', { enable_batching: false }, 'repeat_chain'],
  ['in a mapping without the keys of batches', { batch_keys: [] }, 'MESSAGE_REJECTED'],
])('an event that may not go does not hold up the others, %s', async (_case, fields, code) => {
  const { tool, outcomes } = await setUp();
  const been = anEvent({ messageId: 'm2', context: { repeatChain: [keyHash(KEY_A)] } });
  await expect(outcomes([anEvent(), been, anEvent({ messageId: 'm3' })], undefined, fields)).resolves.toMatchObject([
    DELIVERED,
    { outcome: 'discarded', code, message: expect.stringContaining('already') },
    DELIVERED,
  ]);
  const ids = tool.arrivals.flatMap(({ body }) =>
    (JSON.parse(body).batch as { messageId: string }[]).map(({ messageId }) => messageId),
  );
  expect(ids.toSorted()).toEqual(['m1', 'm3']);
});

test('a chain as long as a chain may be ends, whatever is in it; one that is none is not looked at', async () => {
  const { tool, outcomes } = await setUp();
  const long = Array.from({ length: REPEAT_CHAIN_MAX }, (_, index) => `h${index}`);
  await expect(outcomes([anEvent({ context: { repeatChain: long } })])).resolves.toMatchObject([
    { code: 'repeat_chain' },
  ]);
  for (const repeatChain of ['text', { a: 1 }, 7, null, [null, 7, {}]] as Json[]) {
    await expect(
      outcomes([anEvent({ context: { repeatChain } })], undefined, { enable_batching: false, chain: null }),
    ).resolves.toEqual([DELIVERED]);
  }
  expect(tool.arrivals).toHaveLength(5);
});

describe('what a source answers 200 to and drops is not delivered', () => {
  test.each([
    ['loop', 'loop', 'It has gone through this deployment too often'],
    ['unknown-write-key', 'MESSAGE_REJECTED', 'The source of write key 1 of 1 dropped it: unknown-write-key'],
    ['source-disabled', 'MESSAGE_REJECTED', 'The source of write key 1 of 1 dropped it: source-disabled'],
  ])('%s', async (reason, code, message) => {
    const { outcomes } = await setUp(
      (_arrival, response) => void response.writeHead(200, { 'Tributary-Rejected': reason }).end('{"success":true}'),
    );
    await expect(outcomes([anEvent()])).resolves.toEqual([{ outcome: 'discarded', code, message }]);
  });
});

test.each([503, 429])(
  '%i from one of two sources: all are tried again, the other drops its copy by messageId',
  async (status) => {
    const answer: Answer = (arrival, response) =>
      void response.writeHead(keyOf(arrival) === `${KEY_B}:` ? status : 200).end('{}');
    const { tool, outcomes } = await setUp(answer);
    await expect(outcomes([anEvent()], { repeatKeys: [KEY_A, KEY_B] })).resolves.toMatchObject([
      { outcome: 'retry', code: String(status) },
    ]);
    expect(tool.arrivals).toHaveLength(2);
  },
);

test('one source that is gone does not hide that another may take it later', async () => {
  const answer: Answer = (arrival, response) => {
    const isFirst = keyOf(arrival) === `${KEY_A}:`;
    response.writeHead(isFirst ? 200 : 503, isFirst ? { 'tributary-rejected': 'unknown-write-key' } : {}).end();
  };
  const { outcomes } = await setUp(answer);
  await expect(outcomes([anEvent()], { repeatKeys: [KEY_A, KEY_B] })).resolves.toMatchObject([{ outcome: 'retry' }]);
});

test('another deployment is reached by its endpoint, under the rules for every target', async () => {
  const { tool, outcomes } = await setUp(undefined, 'foreign');
  for (const endpoint of [tool.origin, `${tool.origin}/`, `${tool.origin}/v1/`]) {
    await expect(outcomes([anEvent()], { repeatKeys: [KEY_A], endpoint })).resolves.toMatchObject([DELIVERED]);
  }
  expect(tool.arrivals.map(({ url }) => url)).toEqual(['/v1/batch', '/v1/batch', '/v1/batch']);
  await expect(
    outcomes([anEvent()], { repeatKeys: [KEY_A], endpoint: 'http://169.254.169.254' }),
  ).resolves.toMatchObject([{ code: 'INVALID_SETTINGS' }]);
});

test.each([
  ['a sealed list', JSON.stringify([KEY_A, KEY_B])],
  ['a text of both', `${KEY_A}, ${KEY_B}`],
  ['a list that holds a sealed list', [JSON.stringify([KEY_A, KEY_B])]],
])('keys are read from %s as from a list', async (_case, repeatKeys) => {
  const { tool, outcomes } = await setUp();
  await expect(outcomes([anEvent()], { repeatKeys })).resolves.toMatchObject([DELIVERED]);
  expect(tool.arrivals.map(keyOf).toSorted()).toEqual([`${KEY_A}:`, `${KEY_B}:`]);
});

test.each<[string, Record<string, Json>, string]>([
  ['no key', { repeatKeys: [] }, 'repeatKeys needs 1 to 10 write keys'],
  ['blank keys', { repeatKeys: [' '] }, 'repeatKeys needs 1 to 10 write keys'],
  ['eleven keys', { repeatKeys: Array.from({ length: 11 }, (_, n) => `k${n}`) }, 'repeatKeys needs 1 to 10 write keys'],
  ['a key with a colon', { repeatKeys: ['a:b'] }, 'repeatKeys holds something that is no write key'],
  [
    'an endpoint of our own that is not the tracking API',
    { repeatKeys: [KEY_A], endpoint: 'US/admin' },
    'is refused: it is this deployment itself',
  ],
])('%s is a fault of the settings', async (_case, settings, message) => {
  const { tool, outcomes } = await setUp();
  const endpoint = settings['endpoint'];
  const there =
    typeof endpoint === 'string' ? { ...settings, endpoint: endpoint.replace('US', tool.origin) } : settings;
  await expect(outcomes([anEvent()], there)).resolves.toEqual([
    { outcome: 'discarded', code: 'INVALID_SETTINGS', message: expect.stringContaining(message) },
  ]);
  expect(tool.arrivals).toEqual([]);
});

test('an event that a longer chain makes too large for a source is said to be, and the others go', async () => {
  const { tool, outcomes } = await setUp();
  const large = anEvent({ messageId: 'm2', properties: { text: 'x'.repeat(32_700) } });
  await expect(outcomes([anEvent(), large])).resolves.toMatchObject([
    DELIVERED,
    { code: 'MESSAGE_REJECTED', message: expect.stringContaining('more than a source takes') },
  ]);
  expect(JSON.parse(tool.arrivals[0]?.body ?? '').batch).toHaveLength(1);
});

test('batches stay below what the API takes, and lose nothing', () => {
  const events = Array.from({ length: 40 }, (_, index) =>
    anEvent({ messageId: `m${index}`, text: 'é'.repeat(15_000) }),
  );
  const bodies = batchBodies(events);
  expect(bodies.map((body) => Buffer.byteLength(body) <= 500_000)).toEqual([true, true, true]);
  expect(bodies.flatMap((body) => JSON.parse(body).batch)).toEqual(events);
});
