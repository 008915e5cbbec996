import { apiClient } from '../../../../shared/api/client.ts';
import { type Arrived, type Reply, type Served, served } from '../../../builders/served.ts';

const open: Served[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const data = (value: unknown): Reply => ({ status: 200, body: JSON.stringify({ data: value }) });
const errors = (status: number, entry: object, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: JSON.stringify({ errors: [entry] }),
});

/** A client of a server that gives these answers in turn, the last one for ever. */
async function setUp(...replies: (Reply | ((arrived: Arrived) => Reply))[]) {
  const arrived: Arrived[] = [];
  const waits: number[] = [];
  const server = await served((one) => {
    const reply = replies[Math.min(arrived.length, replies.length - 1)] ?? data({});
    arrived.push(one);
    return typeof reply === 'function' ? reply(one) : reply;
  });
  open.push(server);
  const client = apiClient({
    baseUrl: server.url,
    token: () => 'tby_token',
    workspace: 'shop',
    wait: async (ms) => {
      waits.push(ms);
    },
  });
  return { client, arrived, waits };
}
const asked = (one: Arrived): string => `${one.method} ${one.path}${one.query === '' ? '' : `?${one.query}`}`;

test('a call builds path and query as Segment’s own client does, and unwraps the envelope', async () => {
  const { client, arrived } = await setUp(data({ status: 'SUCCESS' }));
  const rules = [{ type: 'TRACK' as const, key: 'Order & more', version: 1 }];
  await expect(
    client.call('removeRulesFromTrackingPlan', { path: { trackingPlanId: 'a/b c' }, query: { rules } }),
  ).resolves.toEqual({ status: 'SUCCESS' });
  expect(arrived.map(asked)).toEqual([
    'DELETE /tracking-plans/a%2Fb%20c/rules?rules%5B0%5D%5Btype%5D=TRACK&rules%5B0%5D%5Bkey%5D=Order%20%26%20more&rules%5B0%5D%5Bversion%5D=1',
  ]);
  expect(arrived[0]?.headers).toMatchObject({
    authorization: 'Bearer tby_token',
    accept: 'application/json',
    'x-tributary-workspace': 'shop',
  });
});

test('a body goes as JSON, and a path without its parameter is refused before anything is sent', async () => {
  const { client, arrived } = await setUp(data({ label: { key: 'a', value: 'b' } }));
  await client.call('createLabel', { body: { label: { key: 'a', value: 'b' } } });
  expect(JSON.parse(arrived[0]?.body ?? '')).toEqual({ label: { key: 'a', value: 'b' } });
  await expect(client.call('deleteSource', { path: {} })).rejects.toThrow('needs sourceId');
  expect(arrived).toHaveLength(1);
});

test('a list is read page by page until there is no next', async () => {
  const page = (keys: string[], next?: string) => data({ sources: keys, pagination: { current: 'x', next } });
  const { client, arrived } = await setUp(page(['a', 'b'], 'n1'), page(['c'], 'n2'), page(['d']));
  await expect(client.all('listSources', 'sources', {}, 2)).resolves.toEqual(['a', 'b', 'c', 'd']);
  expect(arrived.map(({ query }) => decodeURIComponent(query))).toEqual([
    'pagination[count]=2',
    'pagination[count]=2&pagination[cursor]=n1',
    'pagination[count]=2&pagination[cursor]=n2',
  ]);
});

test('a list that comes back to its own cursor ends', async () => {
  const { client, arrived } = await setUp(data({ sources: [], pagination: { current: 'x', next: 'same' } }));
  await client.all('listSources', 'sources');
  expect(arrived).toHaveLength(2);
});

test('an error has the entries of its envelope', async () => {
  const entry = { type: 'input-validation', field: 'settings.apiKey', message: 'is required', data: { a: 1 } };
  const { client } = await setUp(errors(422, { ...entry, status: 422 }));
  await expect(client.call('listLabels')).rejects.toMatchObject({
    name: 'ApiError',
    status: 422,
    message: 'is required',
    entries: [entry],
    asked: 'GET /labels',
  });
});

test.each([
  ['HTML', { status: 200, body: '<html>' }],
  ['JSON of somebody else', { status: 200, body: '{"message":"hello"}' }],
  ['a gateway’s own error', { status: 403, body: '{"message":"Forbidden"}' }],
  ['an empty list of errors', { status: 400, body: '{"errors":[]}' }],
])('%s is told to be no answer of the API', async (_case, reply) => {
  const { client } = await setUp(reply);
  await expect(client.call('listLabels')).rejects.toMatchObject({
    status: reply.status,
    entries: [{ type: 'not-the-api' }],
  });
});

test('what was answered 429 is sent again when Retry-After says, whatever the method: nothing was done', async () => {
  const limited = errors(429, { type: 'RequestError', message: 'Too many requests' }, { 'Retry-After': '7' });
  const { client, arrived, waits } = await setUp(limited, data({ label: {} }));
  await client.call('createLabel', { body: { label: { key: 'a', value: 'b' } } });
  expect(arrived).toHaveLength(2);
  expect(waits).toEqual([7_000]);
});

test('without a header the 429 of Segment says itself when', async () => {
  const limited = errors(429, { type: 'RequestError', message: 'Too many requests', data: { msBeforeNext: 1_234 } });
  const { client, waits } = await setUp(limited, data({ labels: [] }));
  await client.call('listLabels');
  expect(waits).toEqual([1_234]);
});

test('a 429 that asks for more than a minute is told, and not waited for', async () => {
  const { client, waits } = await setUp(errors(429, { type: 'x', message: 'later' }, { 'Retry-After': '3600' }));
  await expect(client.call('listLabels')).rejects.toMatchObject({ status: 429 });
  expect(waits).toEqual([]);
});

test('after five tries a 429 is told', async () => {
  const { client, arrived, waits } = await setUp(errors(429, { type: 'x', message: 'later' }));
  await expect(client.call('listLabels')).rejects.toMatchObject({ status: 429 });
  expect(arrived).toHaveLength(5);
  expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
});

test('a read that met 503 is sent again, a write is not: it may have been done', async () => {
  const down = errors(503, { type: 'unavailable', message: 'away' });
  const reads = await setUp(down, data({ labels: [] }));
  await reads.client.call('listLabels');
  expect(reads.arrived).toHaveLength(2);
  const writes = await setUp(down, data({}));
  await expect(writes.client.call('createLabel', { body: { label: { key: 'a', value: 'b' } } })).rejects.toMatchObject({
    status: 503,
  });
  expect(writes.arrived).toHaveLength(1);
});

test('nobody there: a read is tried five times, a write once, and both are told where', async () => {
  const { client, arrived, waits } = await setUp(data({}));
  await Promise.all(open.splice(0).map((one) => one.close()));
  await expect(client.call('listLabels')).rejects.toMatchObject({ name: 'ApiUnreachable', asked: 'GET /labels' });
  expect(waits).toHaveLength(4);
  await expect(client.call('deleteLabel', { path: { key: 'a', value: 'b' } })).rejects.toThrow('does not answer');
  expect(waits).toHaveLength(4);
  expect(arrived).toEqual([]);
});

test('a redirect is not followed: whoever sends one would get the token', async () => {
  const other = await served(() => data({ labels: [] }));
  open.push(other);
  const { client } = await setUp({ status: 302, headers: { Location: `${other.url}/labels` }, body: '' });
  await expect(client.call('listLabels')).rejects.toMatchObject({ name: 'ApiUnreachable' });
});

test('an answer that says it is over 20 MB is not read', async () => {
  const { client } = await setUp({ status: 200, body: 'x'.repeat(20_000_001) });
  await expect(client.call('listLabels')).rejects.toThrow('longer than 20 MB');
});

test('what the giver of tokens throws reaches the caller as it is; without a token none is sent', async () => {
  const { arrived } = await setUp(data({ labels: [] }));
  const baseUrl = open.at(-1)?.url ?? '';
  const ended = new Error('Your session has ended');
  const out = apiClient({
    baseUrl,
    token: () => {
      throw ended;
    },
  });
  await expect(out.call('listLabels')).rejects.toBe(ended);
  expect(arrived).toEqual([]);
  await apiClient({ baseUrl, token: () => '' }).call('listLabels');
  expect(arrived[0]?.headers['authorization']).toBeUndefined();
});
