import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { refusalCounter } from '../../../../functions/ingest/refusals.ts';
import { ANSWER_WITHIN_MS, track } from '../../../../functions/ingest/track.ts';
import { BATCH_BYTES_MAX, EVENT_BYTES_MAX } from '../../../../shared/config/limits.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import type { Source } from '../../../../shared/domain/workspace.ts';
import type { SourceStore } from '../../../../shared/ports/config-store.ts';
import type { IntakeQueue } from '../../../../shared/ports/queues.ts';
import { fakeIntakeQueue } from '../../../builders/fake-queues.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const KEY = 'wk_0123456789abcdef';
const NOW = '2026-11-24T10:15:00.000Z';
const BODY = '{"userId":"u1","event":"E"}';
const { intakeId } = anIntakeMessage();

type Over = Partial<IntakeQueue> & {
  source?: Source;
  queueFault?: Error;
  findByWriteKey?: SourceStore['findByWriteKey'];
};

function setUp(over: Over = {}) {
  let nowMs = Date.parse(NOW);
  const warned: string[] = [];
  const fake = fakeIntakeQueue(over.queueFault);
  const { send, sendNotice } = over;
  const intake = { ...fake, ...(send && { send }), ...(sendNotice && { sendNotice }) };
  const now = () => new Date(nowMs);
  const source = over.source ?? aSource();
  const findByWriteKey = over.findByWriteKey ?? (async (key: string) => (key === KEY ? source : undefined));
  const refusals = refusalCounter({ now, newNoticeId: () => 'notice', warn: (key) => warned.push(key) });
  const handle = track({ sources: { findByWriteKey }, intake, refusals, now, newIntakeId: () => intakeId });
  return { intake, warned, handle, refusals, pass: (ms: number) => (nowMs += ms) };
}

const basic = (key: string) => `Basic ${Buffer.from(key).toString('base64')}`;

const aRequest = (over: {
  path?: string;
  method?: string;
  body?: string | undefined;
  isBase64?: boolean;
  headers?: Record<string, string>;
}): APIGatewayProxyEventV2 =>
  ({
    rawPath: over.path ?? '/v1/track',
    headers: { 'content-type': 'text/plain', ...(over.headers ?? { authorization: basic(`${KEY}:`) }) },
    body: 'body' in over ? over.body : BODY,
    isBase64Encoded: over.isBase64 ?? false,
    requestContext: { requestId: 'r', http: { method: over.method ?? 'POST', sourceIp: '203.0.113.7' } },
  }) as unknown as APIGatewayProxyEventV2;

const head = {
  v: 1,
  intakeId,
  workspaceId: 'ws_1',
  sourceId: 'src_1',
  kind: 'track',
  receivedAt: NOW,
  ip: '203.0.113.7',
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

test('a refusal is told by the next request, once in 10 s, and named by source or key', async () => {
  const { handle, intake, pass } = setUp();
  await handle(aRequest({ headers: { authorization: basic('wk_ffffffffffffffff:') } }));
  expect(intake.notices).toEqual([]);
  await handle(aRequest({ body: '{' }));
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
