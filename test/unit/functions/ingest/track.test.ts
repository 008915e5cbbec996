import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ANSWER_WITHIN_MS } from '../../../../functions/ingest/take-request.ts';
import { BATCH_BYTES_MAX, EVENT_BYTES_MAX, REQUEST_KEYS_MAX } from '../../../../shared/config/limits.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { writeKeyTag } from '../../../../shared/aws/secret-texts.ts';
import type { RequestLimiter } from '../../../../shared/pipeline/request-limiter.ts';
import {
  aRequest,
  basic,
  type FaceOver,
  intakeId,
  KEY,
  NOW,
  anIngestFace as setUp,
} from '../../../builders/ingest-face.ts';
import { anAccessToken, anOAuthApp } from '../../../builders/oauth-client.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const BODY = '{"userId":"u1","event":"E"}';

const head = {
  v: 1,
  intakeId,
  workspaceId: 'ws_1',
  sourceId: 'src_1',
  kind: 'track',
  receivedAt: NOW,
  ip: '203.0.113.7',
  key: writeKeyTag(KEY),
};

test.each([
  ['identify', 'identify'],
  ['track', 'track'],
  ['page', 'page'],
  ['screen', 'screen'],
  ['group', 'group'],
  ['alias', 'alias'],
  ['batch', 'batch'],
  ['import', 'import'],
  ['i', 'identify'],
  ['t', 'track'],
  ['p', 'page'],
  ['s', 'screen'],
  ['g', 'group'],
  ['a', 'alias'],
  ['b', 'batch'],
])('POST /v1/%s is taken as %s, whole (E01)', async (path, kind) => {
  const { handle, intake } = setUp();
  const answer = await handle(aRequest({ path: `/v1/${path}` }));
  expect(answer).toMatchObject({ statusCode: 200, body: '{"success":true}' });
  expect(answer.headers).not.toHaveProperty('Tributary-Rejected');
  expect(intake.sent).toEqual([{ head: { ...head, kind }, bodyText: BODY }]);
});

test('client metrics of the browser SDK are answered and dropped, without a write key', async () => {
  const { handle, intake } = setUp();
  const answer = await handle(aRequest({ path: '/v1/m', headers: {}, body: '{"series":[]}' }));
  expect(answer).toMatchObject({ statusCode: 200, body: '{"success":true}' });
  expect(intake.sent).toEqual([]);
});

test.each([
  ['another path', { path: '/v1/nothing' }],
  ['a name that objects inherit', { path: '/v1/constructor' }],
  ['another method', { method: 'GET' }],
])('%s is 404', async (_case, over) => {
  const { handle } = setUp();
  await expect(handle(aRequest(over))).resolves.toMatchObject({ statusCode: 404 });
});

test.each([
  ['Basic with the colon (E03)', { headers: { authorization: basic(`${KEY}:`) } }],
  ['Basic without the colon (E03)', { headers: { authorization: basic(KEY) } }],
  ['Basic in another case', { headers: { authorization: basic(`${KEY}:`).replace('Basic', 'basic') } }],
  ['the body (E02)', { headers: {}, body: `{"writeKey":"${KEY}"}` }],
  ['the body beside a Bearer token', { headers: { authorization: 'Bearer x' }, body: `{"writeKey":"${KEY}"}` }],
  ['the body beside an empty Basic', { headers: { authorization: basic(':') }, body: `{"writeKey":"${KEY}"}` }],
])('the write key is found in %s', async (_case, over) => {
  const { handle, intake } = setUp();
  await handle(aRequest(over));
  expect(intake.sent).toHaveLength(1);
});

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const batchOf = (count: number) => `{"batch":[${Array.from({ length: count }, () => '1').join()}]}`;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const sized = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;

test.each<[string, Parameters<typeof aRequest>[0], number, string]>([
  [
    'an unknown write key (E08)',
    { headers: { authorization: basic('wk_ffffffffffffffff:') } },
    200,
    'unknown-write-key',
  ],
  ['a write key that cannot be one (E08)', { headers: { authorization: basic('x:') } }, 200, 'unknown-write-key'],
  ['no write key (E08)', { headers: {} }, 200, 'missing-write-key'],
  ['one byte over 32 KB (E05)', { body: sized(EVENT_BYTES_MAX + 1) }, 400, 'too-large'],
  ['one byte over 32 KB in UTF-8 (E05)', { body: `{"a":"${'é'.repeat(EVENT_BYTES_MAX / 2 - 3)}"}` }, 400, 'too-large'],
  ['one byte over 500 KB (E06)', { path: '/v1/batch', body: sized(BATCH_BYTES_MAX + 1) }, 400, 'too-large'],
  ['2,501 events (E06)', { path: '/v1/batch', body: batchOf(2_501) }, 200, 'too-many-events'],
  ['broken JSON (E07)', { body: '{"type":' }, 400, 'invalid-json'],
  ['JSON that is no object (E07)', { body: '[1]' }, 400, 'invalid-json'],
  ['no body (E07)', { body: undefined }, 400, 'invalid-json'],
  [
    'bytes that are not UTF-8',
    { body: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), isBase64: true },
    400,
    'invalid-json',
  ],
  ['101 levels (T12)', { body: nested(101) }, 400, 'too-deep'],
  ['a hundred thousand brackets (T12)', { path: '/v1/batch', body: '['.repeat(100_000) }, 400, 'too-deep'],
  [
    'one key more than allowed (T12)',
    { path: '/v1/batch', body: `{"a":[${'{"":0},'.repeat(REQUEST_KEYS_MAX)}0]}` },
    400,
    'too-many-keys',
  ],
  [
    'a form with a field too deep (T12)',
    { headers: FORM, body: `writeKey=${KEY}&${'a.'.repeat(100)}a=1` },
    400,
    'too-deep',
  ],
  [
    'a form that grows beyond 32 KB (E05)',
    { headers: FORM, body: `writeKey=${KEY}&${Array.from({ length: 4_000 }, (_, at) => `${at}=`).join('&')}` },
    400,
    'too-large',
  ],
  ['a form whose data is no JSON (E07)', { headers: FORM, body: 'data=%7Bx' }, 400, 'invalid-json'],
  ['a form whose data is not UTF-8 (E07, T14)', { headers: FORM, body: 'data=ew__fQ' }, 400, 'invalid-json'],
  ['JSON that says it is a form, cut off (E07)', { headers: FORM, body: '{"a=1' }, 400, 'invalid-json'],
  ['brotli', { headers: { authorization: basic(KEY), 'content-encoding': 'br' } }, 415, 'bad-encoding'],
  [
    'gzip twice (T13)',
    { headers: { authorization: basic(KEY), 'content-encoding': 'gzip, gzip' } },
    415,
    'bad-encoding',
  ],
  ['gzip that is none', { headers: { authorization: basic(KEY), 'content-encoding': 'gzip' } }, 400, 'invalid-json'],
  [
    'gzip that unpacks to 50 MB (T13)',
    {
      path: '/v1/batch',
      headers: { authorization: basic(KEY), 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(50_000_000, 0x20)).toString('base64'),
      isBase64: true,
    },
    400,
    'too-large',
  ],
  ['four hops through us', { headers: { authorization: basic(KEY), 'x-tributary-hop': '1, 4' } }, 200, 'loop'],
])('%s is refused, and nothing is queued', async (_case, over, status, reason) => {
  const { handle, intake } = setUp();
  const answer = await handle(aRequest(over));
  expect(answer.statusCode).toBe(status);
  expect(answer.headers).toMatchObject({ 'Tributary-Rejected': reason });
  expect(JSON.parse(answer.body ?? '')).toMatchObject(
    status === 200 ? { success: true } : { success: false, code: reason },
  );
  expect(intake.sent).toEqual([]);
});

test('a source that is switched off takes nothing, and the client is told 200 (E08)', async () => {
  const { handle, intake } = setUp({ source: aSource({ enabled: false }) });
  const answer = await handle(aRequest({}));
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'Tributary-Rejected': 'source-disabled' } });
  expect(intake.sent).toEqual([]);
});

test.each([
  ['exactly 32 KB (E05)', { body: sized(EVENT_BYTES_MAX) }],
  ['exactly 500 KB (E06)', { path: '/v1/batch', body: sized(BATCH_BYTES_MAX) }],
  ['2,500 events (E06)', { path: '/v1/batch', body: batchOf(2_500) }],
  ['100 levels (T12)', { body: nested(100) }],
  ['as many keys as allowed (T12)', { path: '/v1/batch', body: `{"a":[${'{"":0},'.repeat(REQUEST_KEYS_MAX - 1)}0]}` }],
  ['a batch that holds none: route counts it', { path: '/v1/batch', body: '{}' }],
  ['a byte order mark', { body: `\uFEFF${BODY}` }],
  ['base64', { body: Buffer.from(BODY).toString('base64'), isBase64: true }],
  [
    'gzip under any content type',
    {
      body: gzipSync(BODY).toString('base64'),
      isBase64: true,
      headers: {
        authorization: basic(KEY),
        'content-encoding': 'GZIP',
        'content-type': 'application/x-www-form-urlencoded',
      },
    },
  ],
])('%s is taken', async (_case, over) => {
  const { handle, intake } = setUp();
  const answer = await handle(aRequest(over));
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).not.toHaveProperty('Tributary-Rejected');
  expect(intake.sent).toHaveLength(1);
  expect(intake.sent[0]?.bodyText.startsWith('{')).toBe(true);
});

test('hops up to three go along with the request', async () => {
  const { handle, intake } = setUp();
  await handle(aRequest({ headers: { authorization: basic(KEY), 'x-tributary-hop': '3' } }));
  expect(intake.sent[0]?.head).toEqual({ ...head, hop: 3 });
});

test.each([
  ['the queue does not take it', { queueFault: new AppError('upstream-unavailable', 'away') }],
  [
    'the store is down',
    { findByWriteKey: () => Promise.reject(Object.assign(new Error('away'), { $metadata: { attempts: 3 } })) },
  ],
])('when %s the client gets a clean 503 that asks it to come back (L2)', async (_case, over) => {
  const { handle } = setUp(over);
  const answer = await handle(aRequest({}));
  expect(answer).toMatchObject({
    statusCode: 503,
    headers: {
      'Retry-After': '1',
      'Tributary-Rejected': 'unavailable',
      'Content-Type': 'application/json; charset=utf-8',
    },
  });
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ success: false, code: 'unavailable' });
});

test('a queue that hangs is a 503 before the gateway gives up (L2)', async () => {
  jest.useFakeTimers();
  try {
    const { handle } = setUp({ send: () => new Promise(() => {}) });
    const answer = handle(aRequest({}));
    await jest.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
    await expect(answer).resolves.toMatchObject({ statusCode: 503 });
  } finally {
    jest.useRealTimers();
  }
});

test('a bug of ours is not passed off as a moment’s trouble', async () => {
  const { handle } = setUp({ findByWriteKey: () => Promise.reject(new TypeError('bug')) });
  await expect(handle(aRequest({}))).rejects.toThrow('bug');
});

test('a refusal is told at once, further ones once in 10 s by a later request, named by source or key', async () => {
  const { handle, intake, pass } = setUp();
  await handle(aRequest({ headers: { authorization: basic('wk_ffffffffffffffff:') } }));
  expect(intake.notices).toEqual([
    {
      v: 1,
      notice: 'refusals',
      noticeId: 'notice',
      at: NOW,
      refusals: [{ reason: 'unknown-write-key', writeKey: 'wk_ffffffffffffffff', count: 1 }],
    },
  ]);
  await handle(aRequest({ body: '{' }));
  await handle(aRequest({ body: '{' }));
  expect(intake.notices).toHaveLength(1);
  pass(10_000);
  await handle(aRequest({}));
  expect(intake.notices[1]?.refusals).toEqual([{ reason: 'invalid-json', sourceId: 'src_1', count: 2 }]);
  pass(10_000);
  await handle(aRequest({}));
  expect(intake.notices).toHaveLength(2);
});

test('a notice that the queue does not take costs the request nothing', async () => {
  let tries = 0;
  const sendNotice = () => {
    tries += 1;
    return Promise.reject(new Error('away'));
  };
  const { handle, refusals } = setUp({ sendNotice });
  refusals.add({ reason: 'too-large' });
  await expect(handle(aRequest({}))).resolves.toMatchObject({ statusCode: 200 });
  expect(tries).toBe(1);
});

test('a refused request whose source cannot be looked up is refused all the same', async () => {
  const { handle } = setUp({ findByWriteKey: () => Promise.reject(new Error('away')) });
  await expect(handle(aRequest({ body: '{' }))).resolves.toMatchObject({ statusCode: 400 });
});

test.each([
  ['JSON that says it is a form', '{"userId":"u1","event":"50% + more"}', undefined],
  [
    'a form of fields',
    `writeKey=${KEY}&userId=u+1&event=50%25&properties.a.b=x&properties.a.c=`,
    { writeKey: KEY, userId: 'u 1', event: '50%', properties: { a: { b: 'x', c: '' } } },
  ],
  ['a form with JSON in data', `data=${encodeURIComponent('{"event":"a b"}')}&event=not+this`, { event: 'a b' }],
  ['a form with base64 in data', `data=${Buffer.from('{"event":"é"}').toString('base64')}`, { event: 'é' }],
])('%s is read by what it holds (sdk-wire 0)', async (_case, body, expected) => {
  const { handle, intake } = setUp();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', authorization: basic(KEY) };
  for (const packed of [false, true]) {
    const text = packed ? gzipSync(body).toString('base64') : Buffer.from(body).toString('base64');
    const coding: Record<string, string> = packed ? { 'content-encoding': 'gzip' } : {};
    const answer = await handle(aRequest({ headers: { ...headers, ...coding }, body: text, isBase64: true }));
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(answer.headers).not.toHaveProperty('Tributary-Rejected');
  }
  expect(intake.sent).toHaveLength(2);
  for (const { bodyText } of intake.sent) {
    if (expected === undefined) expect(bodyText).toBe(body);
    else expect(JSON.parse(bodyText)).toEqual(expected);
  }
});

const ONLY_SHOP = aSource({ allowedOrigins: ['https://shop.example.com', 'other.example:8443', '*.below.example'] });
test.each([
  ['the page that is listed', ONLY_SHOP, { origin: 'https://SHOP.example.com' }, true],
  ['the same host without TLS', ONLY_SHOP, { origin: 'http://shop.example.com' }, false],
  ['a host that is listed with its port', ONLY_SHOP, { origin: 'http://other.example:8443' }, true],
  ['that host on another port', ONLY_SHOP, { origin: 'http://other.example' }, false],
  ['a name below a domain', ONLY_SHOP, { origin: 'https://a.b.below.example' }, true],
  ['the domain itself', ONLY_SHOP, { origin: 'https://below.example' }, false],
  ['a name that ends alike', ONLY_SHOP, { origin: 'https://evilbelow.example' }, false],
  ['a page without an origin', ONLY_SHOP, { origin: 'null' }, false],
  ['a server, which names no origin', ONLY_SHOP, {}, true],
  ['any page, where none is listed', aSource(), { origin: 'https://anywhere.example' }, true],
])('%s: %#, by the origins of the source (T1)', async (_case, source, headers, taken) => {
  const { handle, intake } = setUp({ source });
  const answer = await handle(aRequest({ headers: { authorization: basic(KEY), ...headers } }));
  expect(answer.statusCode).toBe(200);
  expect(answer.headers?.['Tributary-Rejected']).toBe(taken ? undefined : 'not-allowed');
  expect(intake.sent).toHaveLength(taken ? 1 : 0);
});

const ONLY_OFFICE = aSource({
  allowedIps: ['203.0.113.7', '198.51.100.0/24', '2001:db8::/32', 'office', '10.0.0.0/33'],
});
test.each([
  ['203.0.113.7', true],
  ['203.0.113.8', false],
  ['198.51.100.255', true],
  ['198.51.101.0', false],
  ['2001:db8:1::1', true],
  ['2001:db9::1', false],
  ['10.0.0.1', false],
  ['', false],
])('from %s: taken %s, by the addresses of the source (T1)', async (ip, taken) => {
  const { handle, intake } = setUp({ source: ONLY_OFFICE });
  const answer = await handle(aRequest({ ip }));
  expect(answer.headers?.['Tributary-Rejected']).toBe(taken ? undefined : 'not-allowed');
  expect(intake.sent).toHaveLength(taken ? 1 : 0);
});

test('beyond the limit of its source a request is 429 and says in seconds when to come again (E09)', async () => {
  const limited: string[] = [];
  const limiter: RequestLimiter = {
    admit: async ({ id }) => {
      limited.push(id);
      return { outcome: 'refused', retryAfterSeconds: 2 };
    },
  };
  const { handle, intake, pass } = setUp({ limiter });
  const answer = await handle(aRequest({}));
  expect(answer).toMatchObject({
    statusCode: 429,
    headers: { 'Retry-After': '2', 'X-RateLimit-Reset': '2', 'Tributary-Rejected': 'rate-limited' },
  });
  await handle(aRequest({ headers: { authorization: basic('wk_ffffffffffffffff') } }));
  await handle(aRequest({ path: '/v1/batch', body: batchOf(2_501) }));
  expect(limited).toEqual(['src_1']);
  const pixel = await handle(
    aRequest({ method: 'GET', path: '/v1/pixel/track', query: `writeKey=${KEY}`, headers: {} }),
  );
  expect(pixel).toMatchObject({ statusCode: 200, headers: { 'Tributary-Rejected': 'rate-limited' } });
  expect(intake.sent).toEqual([]);
  pass(10_000);
  await handle(aRequest({}));
  const told = intake.notices.flatMap(({ refusals }) => refusals).filter(({ reason }) => reason === 'rate-limited');
  expect(told).toEqual(Array.from({ length: 2 }, () => ({ reason: 'rate-limited', sourceId: 'src_1', count: 1 })));
});

const TOKEN = 'oat_0123456789';
const OAUTH_ONLY = aSource({ requires: 'oauth' });
const findGrant =
  (over: { token?: Record<string, unknown>; app?: Record<string, unknown> } = {}) =>
  async (sha256: string) =>
    sha256 === createHash('sha256').update(TOKEN).digest('hex')
      ? { token: anAccessToken(over.token), app: anOAuthApp('pem', over.app) }
      : undefined;
const BEARER = { headers: { authorization: `Bearer ${TOKEN}` }, body: `{"writeKey":"${KEY}"}` };

test.each<[string, Parameters<typeof aRequest>[0], FaceOver, boolean]>([
  ['its app’s token', BEARER, {}, true],
  ['its app’s token, in another case', { ...BEARER, headers: { authorization: `bearer  ${TOKEN} ` } }, {}, true],
  ['the write key alone', { headers: { authorization: basic(KEY) } }, {}, false],
  ['a token that there is not', { ...BEARER, headers: { authorization: 'Bearer x' } }, {}, false],
  ['a token that has expired', BEARER, { findGrant: findGrant({ token: { expiresAt: NOW } }) }, false],
  ['a token of an app of other sources', BEARER, { findGrant: findGrant({ app: { sourceIds: ['src_2'] } }) }, false],
  ['a token of another workspace', BEARER, { findGrant: findGrant({ app: { workspaceId: 'ws_2' } }) }, false],
  [
    'a token asked for by a key that is gone, whose id another has now',
    BEARER,
    {
      findGrant: findGrant({
        app: { publicKeys: [{ keyId: 'k1', pem: 'another', addedAt: '2999-01-01T00:00:00.000Z' }] },
      }),
    },
    false,
  ],
  ['a token asked for by a key that is gone', BEARER, { findGrant: findGrant({ token: { keyId: 'k0' } }) }, false],
])('a source that asks for a token is sent %s (E04)', async (_case, over, more, taken) => {
  const { handle, intake } = setUp({ source: OAUTH_ONLY, findGrant: findGrant(), ...more });
  const answer = await handle(aRequest(over));
  expect(answer.statusCode).toBe(taken ? 200 : 401);
  expect(answer.headers?.['Tributary-Rejected']).toBe(taken ? undefined : 'bad-token');
  expect(intake.sent).toHaveLength(taken ? 1 : 0);
});

test('a source that asks for none takes its write key beside any token, and looks none up', async () => {
  const { handle, intake } = setUp({ findGrant: () => Promise.reject(new Error('looked up')) });
  await expect(handle(aRequest(BEARER))).resolves.toMatchObject({ statusCode: 200 });
  expect(intake.sent).toHaveLength(1);
});
