import type { Json, JsonObject } from '../../../../shared/domain/json.ts';
import { aTrack, publicEngine, runWork, type Work } from '../../../builders/bundled-engine.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import type { Answer } from '../../../builders/tool-server.ts';

let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  bundle = await bundledDestinations(['webhook', 'intercom', 'hubspot', 'listrak', 'friendbuy', 'podscribe']);
}, 60_000);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(answer?: Answer, definition?: unknown) {
  const opened = await publicEngine(bundle, answer, definition);
  closing.push(opened.close);
  return opened;
}
const outcomes = async (engine: Parameters<typeof runWork>[0], work: Work) =>
  (await runWork(engine, work)).map(({ outcome }) => outcome);

const HOOK = 'https://hooks.example.com/in';
const EVENT = aTrack({
  properties: { price: 12, code: 'AbC', empty: '', text: 'a-b-c', list: [1, { n: 2 }], json: '{"a":[1]}', ok: true },
  context: { page: { path: '/cups', deep: { er: 1 } } },
});

/** What a webhook gets of the event by this mapping of its data. */
async function mapped(data: Json, event: JsonObject = EVENT): Promise<Json> {
  const { tool, engine } = await setUp();
  const fields = { url: HOOK, method: 'POST', data };
  const work: Work = {
    slug: 'webhook',
    settings: {},
    mapping: { action: 'send', trigger: '', fields },
    events: [event],
  };
  await expect(outcomes(engine, work)).resolves.toEqual([{ outcome: 'delivered' }]);
  return JSON.parse(tool.arrivals[0]?.body ?? 'null') as Json;
}

const path = (text: string): Json => ({ '@path': `$.${text}` });
/** The rule against objects with a `then` knows nothing of mappings. */
const either = (test: 'exists' | 'blank', first: Json, fallback: Json): Json =>
  JSON.parse(JSON.stringify({ '@if': { [test]: first, THEN: first, else: fallback } }).replace('THEN', 'then')) as Json;
const coalesce = (first: Json, fallback: Json): Json => either('exists', first, fallback);

test.each<[string, Json, Json]>([
  ['a value of the event', path('properties.price'), 12],
  ['a fixed value', 'cup', 'cup'],
  ['coalesce, by its first value', coalesce(path('properties.code'), 'none'), 'AbC'],
  ['coalesce, by its fallback', coalesce(path('properties.gone'), 'none'), 'none'],
  ['coalesce, where an empty text is no value', either('blank', path('properties.empty'), 'none'), 'none'],
  ['case, upper', { '@case': { operator: 'upper', value: path('properties.code') } }, 'ABC'],
  ['case, lower', { '@case': { operator: 'lower', value: path('properties.code') } }, 'abc'],
  ['JSON, encoded', { '@json': { mode: 'encode', value: path('properties.list') } }, '[1,{"n":2}]'],
  ['JSON, decoded', { '@json': { mode: 'decode', value: path('properties.json') } }, { a: [1] }],
  ['flatten', { '@flatten': { value: path('context.page'), separator: '_' } }, { path: '/cups', deep_er: 1 }],
  ['replace', { '@replace': { value: path('properties.text'), pattern: '-', replacement: '+' } }, 'a+b+c'],
  [
    'replace of two',
    {
      '@replace': { value: path('properties.text'), pattern: '-', replacement: '+', pattern2: 'c', replacement2: 'd' },
    },
    'a+b+d',
  ],
  ['replace in a number', { '@replace': { value: path('properties.price'), pattern: '2', replacement: '3' } }, '13'],
  ['replace in a truth', { '@replace': { value: path('properties.ok'), pattern: 'true', replacement: 'y' } }, 'y'],
  ['concatenate', { '@template': '{{event}} for {{properties.price}}' }, 'Cup Bought for 12'],
  ['liquid', { '@liquid': '{% if properties.price > 10 %}{{ properties.code | upcase }}{% endif %}' }, 'ABC'],
])('the field function %s (B17)', async (_name, value, expected) => {
  await expect(mapped({ value })).resolves.toEqual({ value: expected });
});

test('a destination key with dots nests, and one in quotes does not (B18)', async () => {
  await expect(
    mapped({
      'info.name': path('event'),
      'items.0.price': path('properties.price'),
      '"user.email"': 'ada@example.com',
    }),
  ).resolves.toEqual({ info: { name: 'Cup Bought' }, items: [{ price: 12 }], 'user.email': 'ada@example.com' });
});

test('a mapping is sent by whatever its trigger says: who asks has judged it', async () => {
  const { engine } = await setUp();
  const fields = { url: HOOK, method: 'POST', data: {} };
  for (const type of ['identify', 'track', 'page', 'screen', 'group', 'alias']) {
    const mapping = { action: 'send', trigger: 'type = "none"', fields };
    const work: Work = { slug: 'webhook', settings: {}, mapping, events: [{ type, messageId: 'm1' }] };
    await expect(outcomes(engine, work)).resolves.toEqual([{ outcome: 'delivered' }]);
  }
});

/** A definition that sends what the library tells it, and nothing where the event says so. */
const OWN = {
  name: 'Own',
  mode: 'cloud',
  actions: {
    go: {
      title: 'Go',
      description: '',
      fields: {
        quiet: { label: '', description: '', type: 'boolean' },
        method: { label: '', description: '', type: 'string' },
        lookups: { label: '', description: '', type: 'integer' },
      },
      syncMode: { label: '', description: '', default: 'add', choices: [{ label: 'Add', value: 'add' }] },
      perform: async (
        request: (url: string, options: object) => Promise<unknown>,
        { syncMode, payload }: { syncMode?: string; payload: { quiet?: boolean; method?: string; lookups?: number } },
      ) => {
        if (payload.quiet === true) return;
        for (let asked = 0; asked < (payload.lookups ?? 0); asked += 1) await request(HOOK, { method: 'GET' });
        if (payload.method !== undefined) await request(HOOK, { method: payload.method });
        else await request(HOOK, { method: 'POST', json: { syncMode } });
      },
    },
  },
};

test.each(['add', 'update', 'upsert', 'delete'])('the sync mode %s reaches the action (B20)', async (syncMode) => {
  const { tool, engine } = await setUp(undefined, { definition: OWN });
  const mapping = { action: 'go', trigger: '', fields: { __segment_internal_sync_mode: syncMode } };
  await expect(outcomes(engine, { slug: 'own', settings: {}, mapping, events: [EVENT] })).resolves.toEqual([
    { outcome: 'delivered' },
  ]);
  expect(JSON.parse(tool.arrivals[0]?.body ?? '')).toEqual({ syncMode });
});

test('an action that ends well and has asked nobody has not delivered', async () => {
  const { tool, engine } = await setUp(undefined, { definition: OWN });
  const mapping = { action: 'go', trigger: '', fields: { quiet: true } };
  await expect(outcomes(engine, { slug: 'own', settings: {}, mapping, events: [EVENT] })).resolves.toEqual([
    { outcome: 'discarded', code: 'NOTHING_SENT', message: expect.stringMatching(/\w/) },
  ]);
  expect(tool.arrivals).toEqual([]);
});

test.each(['GET', 'HEAD'])('an action that has only looked something up, by %s, has not delivered', async (method) => {
  const { tool, engine } = await setUp(undefined, { definition: OWN });
  const mapping = { action: 'go', trigger: '', fields: { method } };
  await expect(outcomes(engine, { slug: 'own', settings: {}, mapping, events: [EVENT] })).resolves.toEqual([
    { outcome: 'discarded', code: 'NOTHING_SENT', message: expect.stringMatching(/\w/) },
  ]);
  expect(tool.arrivals.map((arrival) => arrival.method)).toEqual([method]);
});

test('what is sent after more questions than are kept has been sent', async () => {
  const { tool, engine } = await setUp(undefined, { definition: OWN });
  const mapping = { action: 'go', trigger: '', fields: { lookups: 11 } };
  await expect(outcomes(engine, { slug: 'own', settings: {}, mapping, events: [EVENT] })).resolves.toEqual([
    { outcome: 'delivered' },
  ]);
  expect(tool.arrivals).toHaveLength(12);
});

test('a pixel is sent by GET, and that delivers', async () => {
  const { tool, engine } = await setUp();
  const fields = {
    anonymousId: 'a1',
    timestamp: '2026-11-24T09:59:59.000Z',
    ip: '203.0.113.7',
    url: HOOK,
    userAgent: 'x',
    referrer: HOOK,
  };
  const work = {
    slug: 'podscribe',
    settings: { advertiser: 'cups' },
    mapping: { action: 'page', trigger: '', fields },
    events: [EVENT],
  };
  await expect(outcomes(engine, work)).resolves.toEqual([{ outcome: 'delivered' }]);
  expect(tool.arrivals.map(({ method }) => method)).toEqual(['GET']);
});

const intercom = (accessToken?: string): Work => ({
  slug: 'intercom',
  settings: accessToken === undefined ? {} : { accessToken },
  mapping: {
    action: 'trackEvent',
    trigger: '',
    fields: { event_name: 'Cup Bought', created_at: '2026-11-24T09:59:59.000Z', user_id: 'u1' },
  },
  events: [EVENT],
});

test('a pasted access token lets a destination in that has a consent flow elsewhere', async () => {
  const { tool, engine } = await setUp();
  await expect(outcomes(engine, intercom('token-4711'))).resolves.toEqual([{ outcome: 'delivered' }]);
  expect(tool.arrivals.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/events', 'Bearer token-4711'],
  ]);
});

test('a pasted token that is refused is refused: nothing tries to make another', async () => {
  const { tool, engine } = await setUp((_arrival, response) => void response.writeHead(401).end('{}'));
  await expect(outcomes(engine, intercom('token-4711'))).resolves.toMatchObject([
    { outcome: 'discarded', code: '401' },
  ]);
  const hubspot: Work = {
    slug: 'hubspot',
    settings: { accessToken: 'token-4711' },
    mapping: { action: 'upsertContact', trigger: '', fields: { email: 'ada@example.com' } },
    events: [EVENT],
  };
  await expect(outcomes(engine, hubspot)).resolves.toMatchObject([{ outcome: 'discarded', code: '401' }]);
  expect(tool.arrivals.map(({ headers }) => headers.host)).toEqual(['api.intercom.io', 'api.hubapi.com']);
});

test('without the token it cannot be sent, and nothing is', async () => {
  const { tool, engine } = await setUp();
  await expect(outcomes(engine, intercom())).resolves.toMatchObject([
    { outcome: 'discarded', code: 'INVALID_SETTINGS', message: expect.stringContaining('accessToken') },
  ]);
  expect(tool.arrivals).toEqual([]);
});

const listrak = (clientSecret: string): Work => ({
  slug: 'listrak',
  settings: { client_id: 'id-4711', client_secret: clientSecret },
  mapping: {
    action: 'updateEmailContactProfileFields',
    trigger: '',
    fields: { emailAddress: 'ada@example.com', listId: 1, profileFieldValues: { 1: 'on' }, enable_batching: true },
  },
  events: [EVENT],
});

test('a token that client credentials gave is used again, and only for the settings that it was made from', async () => {
  const { tool, engine } = await setUp(({ url, body, headers }, response) => {
    response.setHeader('content-type', 'application/json');
    if (url === '/OAuth2/Token') {
      const secret = new URLSearchParams(body).get('client_secret');
      response.end(JSON.stringify({ access_token: `token-of-${secret}` }));
    } else {
      response.writeHead(headers.authorization === 'Bearer undefined' ? 401 : 200).end('{}');
    }
  });
  for (const secret of ['one', 'one', 'two', 'one']) {
    await expect(outcomes(engine, listrak(secret))).resolves.toMatchObject([{ outcome: 'delivered' }]);
  }
  const sent = tool.arrivals.filter(
    ({ url, headers }) => url !== '/OAuth2/Token' && headers.authorization !== 'Bearer undefined',
  );
  expect(sent.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-of-one',
    'Bearer token-of-one',
    'Bearer token-of-two',
    'Bearer token-of-one',
  ]);
  expect(tool.arrivals.filter(({ url }) => url === '/OAuth2/Token')).toHaveLength(2);
});

test('two customers of one tool do not share a token that its code keeps for itself', async () => {
  const { tool, engine } = await setUp(({ url, body }, response) => {
    response.setHeader('content-type', 'application/json');
    const answer =
      url === '/v1/authorization' ? { token: `token-of-${JSON.parse(body).key}`, expires: '2099-01-01' } : {};
    response.end(JSON.stringify(answer));
  });
  const friendbuy = (authKey: string): Work => ({
    slug: 'friendbuy',
    settings: { authKey, authSecret: 'secret' },
    mapping: { action: 'trackCustomer', trigger: '', fields: { customerId: 'u1', email: 'ada@example.com' } },
    events: [EVENT],
  });
  const isSent = (key: string) => expect(outcomes(engine, friendbuy(key))).resolves.toEqual([{ outcome: 'delivered' }]);
  for (const key of ['one', 'two']) await isSent(key);
  await Promise.all(['one', 'two'].map(isSent));
  const sent = tool.arrivals.filter(({ url }) => url === '/v1/customer').map(({ headers }) => headers.authorization);
  expect(sent.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
    'token-of-one',
    'token-of-one',
    'token-of-two',
    'token-of-two',
  ]);
});
