import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { BATCH_BYTES_MAX, REQUEST_KEYS_MAX } from '../../../../shared/config/limits.ts';
import { signatureHeaders } from '../../../../shared/destinations/webhook-signature.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { HookBody } from '../../../../shared/domain/intake-message.ts';
import { hookRulesOf } from '../../../../shared/domain/source-hook.ts';
import { writeKeyTag } from '../../../../shared/aws/secret-texts.ts';
import type { RequestLimiter } from '../../../../shared/pipeline/request-limiter.ts';
import { A_PUSH, aHookSetting, aHookSource, aSignature, hmacOf } from '../../../builders/hook.ts';
import { anIngestFace, aRequest, basic, type FaceOver, intakeId, KEY, NOW } from '../../../builders/ingest-face.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const BODY = JSON.stringify(A_PUSH);
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const setUp = (over: FaceOver = {}) => anIngestFace({ source: aHookSource(), ...over });

const aPost = (over: Parameters<typeof aRequest>[0] = {}) =>
  aRequest({
    path: '/v1/hooks/src_1',
    query: `key=${KEY}`,
    body: BODY,
    ...over,
    headers: { ...JSON_TYPE, ...over.headers },
  });

const answerOf = (body: unknown): unknown => JSON.parse(String(body));

/** What was queued, read again. */
const queued = ({ intake }: ReturnType<typeof setUp>) =>
  intake.sent.map(({ head, bodyText }) => ({ head, body: HookBody.parse(JSON.parse(bodyText)) }));

test('a post is queued whole, with the rules in force and the headers that tell something', async () => {
  const face = setUp();
  const headers = {
    'x-github-event': 'push',
    'x-github-delivery': 'd1',
    cookie: 'a=b',
    accept: '*/*',
    'x-hub-signature-256': 'sha256=00',
  };
  await expect(face.handle(aPost({ headers }))).resolves.toMatchObject({ statusCode: 200, body: '{"success":true}' });
  expect(queued(face)).toEqual([
    {
      head: {
        v: 1,
        intakeId,
        workspaceId: 'ws_1',
        sourceId: 'src_1',
        kind: 'hook',
        receivedAt: NOW,
        ip: '203.0.113.7',
        key: writeKeyTag(KEY),
      },
      body: {
        rules: hookRulesOf(aHookSetting()),
        headers: { 'content-type': 'application/json', 'x-github-delivery': 'd1', 'x-github-event': 'push' },
        body: A_PUSH,
      },
    },
  ]);
  // As it came: nothing is serialised again.
  expect(face.intake.sent[0]?.bodyText.endsWith(`"body":${BODY}}`)).toBe(true);
});

test.each([
  ['the query', { query: `key=${KEY}` }],
  ['Basic', { query: '', headers: { authorization: basic(`${KEY}:`) } }],
  ['the query before Basic', { query: `key=${KEY}`, headers: { authorization: basic('wk_ffffffffffffffff:') } }],
  ['the query behind others', { query: `a=1&key=${KEY}&b=2` }],
  ['the query, with a slash at the end of the path', { path: '/v1/hooks/src_1/' }],
])('the write key is found in %s', async (_case, over) => {
  const face = setUp();
  await expect(face.handle(aPost(over))).resolves.toMatchObject({ statusCode: 200 });
  expect(face.intake.sent).toHaveLength(1);
});

const busy: RequestLimiter = { admit: async () => ({ outcome: 'refused', retryAfterSeconds: 7 }) };

test.each<[string, FaceOver, Parameters<typeof aRequest>[0], number, string]>([
  ['no key', {}, { query: '' }, 401, 'missing-write-key'],
  ['an empty key', {}, { query: 'key=' }, 401, 'missing-write-key'],
  ['a key nobody owns', {}, { query: 'key=wk_ffffffffffffffff' }, 401, 'unknown-write-key'],
  ['a key that is none', {}, { query: "key='or 1=1" }, 401, 'unknown-write-key'],
  ['the key of another source', {}, { path: '/v1/hooks/src_2' }, 404, 'wrong-source'],
  ['a source that is no webhook', { source: aSource() }, {}, 404, 'wrong-source'],
  [
    'a source that asks for a token and is no webhook',
    { source: aSource({ requires: 'oauth' }) },
    {},
    404,
    'wrong-source',
  ],
  ['a source that is disabled', { source: aHookSource(undefined, { enabled: false }) }, {}, 403, 'source-disabled'],
  [
    'an address that is not listed',
    { source: aHookSource(undefined, { allowedIps: ['192.0.2.0/24'] }) },
    {},
    403,
    'not-allowed',
  ],
  [
    'a page that is not listed',
    { source: aHookSource(undefined, { allowedOrigins: ['a.example'] }) },
    { headers: { origin: 'https://b.example' } },
    403,
    'not-allowed',
  ],
  ['a source that asks for a token', { source: aHookSource(undefined, { requires: 'oauth' }) }, {}, 401, 'bad-token'],
  ['one byte more than 500 KB', {}, { body: `"${'x'.repeat(BATCH_BYTES_MAX - 1)}"` }, 413, 'too-large'],
  [
    'a bomb',
    {},
    {
      isBase64: true,
      body: gzipSync(Buffer.alloc(5_000_000, 32)).toString('base64'),
      headers: { 'content-encoding': 'gzip' },
    },
    413,
    'too-large',
  ],
  ['what is no JSON', {}, { body: '{' }, 400, 'invalid-json'],
  ['a deep body', {}, { body: '['.repeat(200) + ']'.repeat(200) }, 400, 'too-deep'],
  [
    'a body of keys',
    {},
    { body: `[${Array.from({ length: REQUEST_KEYS_MAX + 1 }, () => '{"":0}').join()}]` },
    400,
    'too-many-keys',
  ],
  [
    'a form of fields',
    {},
    { body: Array.from({ length: REQUEST_KEYS_MAX + 1 }, (_, at) => `${at}`).join('&'), headers: FORM_TYPE },
    400,
    'too-many-keys',
  ],
  ['another coding', {}, { headers: { 'content-encoding': 'br' } }, 415, 'bad-encoding'],
  [
    'a body with files',
    {},
    { body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    400,
    'invalid-json',
  ],
  ['a loop', {}, { headers: { 'x-tributary-hop': '4' } }, 400, 'loop'],
  ['too many requests', { limiter: busy }, {}, 429, 'rate-limited'],
  [
    'a store that is away',
    {
      findByWriteKey: async () => {
        throw new AppError('upstream-unavailable', 'away');
      },
    },
    {},
    503,
    'unavailable',
  ],
  ['a queue that is away', { queueFault: new AppError('upstream-unavailable', 'away') }, {}, 503, 'unavailable'],
])('%s is refused with a status that says so, and nothing is queued', async (_case, over, request, status, reason) => {
  const face = setUp(over);
  const answer = await face.handle(aPost(request));
  expect(answer).toMatchObject({ statusCode: status, headers: { 'Tributary-Rejected': reason } });
  expect(answerOf(answer.body)).toEqual({ success: false, code: reason, message: expect.stringMatching(/^[A-Z]/) });
  expect(answer.headers?.['Retry-After']).toBe(status === 429 ? '7' : status === 503 ? '1' : undefined);
  expect(face.intake.sent).toEqual([]);
  // Told at once, but for what is away: that goes with a later request.
  const told = face.intake.notices[0] ?? face.refusals.takeDue();
  expect(told?.refusals).toEqual([expect.objectContaining({ reason, count: 1 })]);
});

const SECRET = 'a secret of GitHub';
const signed = (over: Record<string, unknown> = {}) =>
  aHookSource(aHookSetting({ signature: aSignature(SECRET, over) }));

const asTracked = {
  path: '/v1/track',
  query: '',
  headers: { authorization: basic(`${KEY}:`) },
  body: '{"userId":"u","event":"E"}',
};
test.each<[string, Parameters<typeof aRequest>[0]]>([
  ...['identify', 'track', 'page', 'screen', 'group', 'alias', 'batch', 'import', 't', 'b'].map(
    (call): [string, Parameters<typeof aRequest>[0]] => [`/v1/${call}`, { ...asTracked, path: `/v1/${call}` }],
  ),
  [
    '/v1/batch, the key in the body',
    { ...asTracked, path: '/v1/batch', headers: {}, body: `{"writeKey":"${KEY}","batch":[]}` },
  ],
  ['/v1/track, as a form', { ...asTracked, headers: FORM_TYPE, body: `writeKey=${KEY}&userId=u&event=E` }],
  [
    'a pixel',
    { path: '/v1/pixel/track', method: 'GET', query: `writeKey=${KEY}&userId=u&event=E`, headers: {}, body: undefined },
  ],
])(
  'the key of a webhook source is refused at %s, signed or not, and counted: no signature is looked at there',
  async (_case, over) => {
    for (const source of [
      signed(),
      aHookSource(undefined, { hook: undefined }),
      aHookSource(undefined, { requires: 'oauth' }),
    ]) {
      const face = setUp({ source });
      const answer = await face.handle(aRequest(over));
      expect(answer).toMatchObject({ statusCode: 200, headers: { 'Tributary-Rejected': 'wrong-source' } });
      expect(face.intake.sent).toEqual([]);
      expect(face.intake.notices[0]?.refusals).toEqual([{ reason: 'wrong-source', sourceId: 'src_1', count: 1 }]);
    }
  },
);

test('a refusal is filed under the source that it was meant for', async () => {
  const face = setUp();
  await face.handle(aPost({ body: '{' }));
  face.pass(10_000);
  await face.handle(aPost({ path: '/v1/hooks/src_9' }));
  const { notices } = face.intake;
  expect(notices.flatMap((notice) => notice?.refusals)).toEqual([
    { reason: 'invalid-json', sourceId: 'src_1', count: 1 },
    { reason: 'wrong-source', sourceId: 'src_1', count: 1 },
  ]);
});

test.each<[string, string | undefined, Record<string, string>, unknown]>([
  ['a list', '[{"a":1}]', JSON_TYPE, [{ a: 1 }]],
  ['a text in JSON', '"x"', JSON_TYPE, 'x'],
  ['JSON that calls itself a form', '{"a":1}', FORM_TYPE, { a: 1 }],
  ['JSON that calls itself a text', '{"a":1}', { 'content-type': 'text/plain' }, { a: 1 }],
  ['a form', 'a=1&b=x+y&a.b=2&c%5Bd%5D=3&a=4', FORM_TYPE, { a: ['1', '4'], b: 'x y', 'a.b': '2', 'c[d]': '3' }],
  ['a form whose one field is JSON', `payload=${encodeURIComponent('{"a":[1]}')}`, FORM_TYPE, { a: [1] }],
  ['a form whose one field is a list', `mandrill_events=${encodeURIComponent('[{"a":1}]')}`, FORM_TYPE, [{ a: 1 }]],
  ['a form with JSON in one of two fields', 'payload=%7B%7D&b=1', FORM_TYPE, { payload: '{}', b: '1' }],
  ['a form whose one field looks like JSON', 'a=%7Bx', FORM_TYPE, { a: '{x' }],
  [
    'a form with names that objects inherit',
    '__proto__=1&constructor=2',
    FORM_TYPE,
    JSON.parse('{"__proto__":"1","constructor":"2"}'),
  ],
  ['a text', 'hello\nworld', { 'content-type': 'text/plain' }, 'hello\nworld'],
  ['XML', '<a>1</a>', { 'content-type': 'application/soap+xml; charset=utf-8' }, '<a>1</a>'],
  ['a text of brackets', '['.repeat(300), { 'content-type': 'text/plain' }, '['.repeat(300)],
  ['nothing', undefined, JSON_TYPE, null],
  ['an empty text', '', JSON_TYPE, null],
])('%s is taken', async (_case, body, headers, expected) => {
  const face = setUp();
  await expect(face.handle(aPost({ body, headers }))).resolves.toMatchObject({ statusCode: 200 });
  expect(queued(face)[0]?.body.body).toEqual(expected);
});

test('gzip and the gateway’s base64 are unpacked', async () => {
  const face = setUp();
  const body = gzipSync(BODY).toString('base64');
  await face.handle(aPost({ body, isBase64: true, headers: { 'content-encoding': 'gzip' } }));
  await face.handle(aPost({ body: Buffer.from('a=ä').toString('base64'), isBase64: true, headers: FORM_TYPE }));
  expect(queued(face).map(({ body: { body: posted } }) => posted)).toEqual([A_PUSH, { a: 'ä' }]);
});

test('a source without a setting takes posts by the default rules', async () => {
  const face = setUp({ source: aHookSource(undefined, { hook: undefined }) });
  await face.handle(aPost());
  expect(queued(face)[0]?.body.rules).toEqual(hookRulesOf(undefined));
});

const SECONDS = String(Date.parse(NOW) / 1_000);
const WHSEC = `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`;
const std = (seconds: string, text = BODY) =>
  hmacOf(Buffer.from('0123456789abcdef'), `msg_1.${seconds}.${text}`, 'base64');

type Signed = [string, ReturnType<typeof signed>, Record<string, string>];
test.each<Signed>([
  ['SHA-256 in hex with a prefix (GitHub)', signed(), { 'x-hub-signature-256': `sha256=${hmacOf(SECRET, BODY)}` }],
  [
    'SHA-256 in base64 (Shopify)',
    signed({ header: 'X-Shopify-Hmac-Sha256', prefix: '', encoding: 'base64' }),
    { 'x-shopify-hmac-sha256': hmacOf(SECRET, BODY, 'base64') },
  ],
  [
    'SHA-1 in hex (Segment)',
    signed({ scheme: 'hmac-sha1', header: 'X-Signature', prefix: '' }),
    { 'x-signature': hmacOf(SECRET, BODY, 'hex', 'sha1') },
  ],
  [
    'Stripe',
    signed({ scheme: 'stripe', header: undefined }),
    { 'stripe-signature': `t=${SECONDS},v0=x,v1=${'0'.repeat(64)},v1=${hmacOf(SECRET, `${SECONDS}.${BODY}`)}` },
  ],
  [
    'Slack',
    signed({ scheme: 'slack', header: undefined }),
    { 'x-slack-request-timestamp': SECONDS, 'x-slack-signature': `v0=${hmacOf(SECRET, `v0:${SECONDS}:${BODY}`)}` },
  ],
  [
    'standard webhooks',
    signed({ scheme: 'standard-webhooks', header: undefined, secrets: [{ sealed: `sealed:${WHSEC}` }] }),
    { 'webhook-id': 'msg_1', 'webhook-timestamp': SECONDS, 'webhook-signature': `v1a,x v1,${std(SECONDS)}` },
  ],
  [
    'standard webhooks under another name (Svix)',
    signed({ scheme: 'standard-webhooks', header: 'svix-signature', secrets: [{ sealed: `sealed:${WHSEC}` }] }),
    { 'svix-id': 'msg_1', 'svix-timestamp': SECONDS, 'svix-signature': `v1,${std(SECONDS)}` },
  ],
  ['a token (GitLab)', signed({ scheme: 'token', header: 'X-Gitlab-Token', prefix: '' }), { 'x-gitlab-token': SECRET }],
  [
    'a bearer token',
    signed({ scheme: 'token', header: 'Authorization', prefix: 'Bearer ' }),
    { authorization: `Bearer ${SECRET}` },
  ],
  [
    'the older of two secrets',
    signed({ secrets: [{ sealed: 'sealed:a new one' }, { sealed: `sealed:${SECRET}` }] }),
    { 'x-hub-signature-256': `sha256=${hmacOf(SECRET, BODY)}` },
  ],
])('signed by %s: taken; with anything else, or nothing: refused', async (_case, source, headers) => {
  const face = setUp({ source });
  await expect(face.handle(aPost({ headers }))).resolves.toMatchObject({ statusCode: 200 });
  const name = Object.keys(headers).at(-1) ?? '';
  const value = headers[name] ?? '';
  const at = value.length - 10;
  const others = [
    { ...headers, [name]: `${value.slice(0, at)}${value[at] === 'f' ? '0' : 'f'}${value.slice(at + 1)}` },
    { ...headers, [name]: '' },
    ...['zzzz', '=', '==', '!', '00', '\u0000'].map((more) => ({ ...headers, [name]: `${value}${more}` })),
    { ...headers, [name]: `${value.slice(0, at)}!${value.slice(at)}` },
    { ...headers, [name]: value.slice(0, -2) },
    { ...headers, [name]: 'sha256=' },
    {},
  ];
  for (const wrong of others) {
    await expect(face.handle(aPost({ headers: wrong }))).resolves.toMatchObject({
      statusCode: 401,
      headers: { 'Tributary-Rejected': 'bad-signature' },
    });
  }
  if (!name.includes('token') && name !== 'authorization') {
    await expect(face.handle(aPost({ headers, body: `${BODY} ` }))).resolves.toMatchObject({ statusCode: 401 });
  }
  expect(face.intake.sent).toHaveLength(1);
});

test.each([
  [
    'stripe',
    { scheme: 'stripe' },
    (t: string) => ({ 'stripe-signature': `t=${t},v1=${hmacOf(SECRET, `${t}.${BODY}`)}` }),
  ],
  [
    'slack',
    { scheme: 'slack' },
    (t: string) => ({ 'x-slack-request-timestamp': t, 'x-slack-signature': `v0=${hmacOf(SECRET, `v0:${t}:${BODY}`)}` }),
  ],
  [
    'standard-webhooks',
    { scheme: 'standard-webhooks', secrets: [{ sealed: `sealed:${WHSEC}` }] },
    (t: string) => ({ 'webhook-id': 'msg_1', 'webhook-timestamp': t, 'webhook-signature': `v1,${std(t)}` }),
  ],
])(
  'a request of %s that is older or newer than the source allows is refused: somebody may send it again',
  async (_case, over, headersAt) => {
    const face = setUp({ source: signed({ ...over, header: undefined, toleranceSeconds: 60 }) });
    const at = (seconds: number) => headersAt(String(Number(SECONDS) + seconds));
    for (const [seconds, status] of [
      [-60, 200],
      [60, 200],
      [-61, 401],
      [61, 401],
    ] as const) {
      await expect(face.handle(aPost({ headers: at(seconds) }))).resolves.toMatchObject({ statusCode: status });
    }
    await expect(face.handle(aPost({ headers: headersAt('1e3') }))).resolves.toMatchObject({ statusCode: 401 });
  },
);

test.each(['a secret of ours', WHSEC])(
  'what our own webhook destination signs with %j, a webhook source takes',
  async (secret) => {
    const headers = signatureHeaders({
      id: 'msg_1',
      timestampSeconds: Number(SECONDS),
      body: Buffer.from(BODY),
      secrets: ['another', secret],
    });
    const source = signed({
      scheme: 'standard-webhooks',
      header: undefined,
      secrets: [{ sealed: `sealed:${secret}` }],
    });
    const face = setUp({ source });
    await expect(face.handle(aPost({ headers }))).resolves.toMatchObject({ statusCode: 200 });
    expect(queued(face)[0]?.body).toMatchObject({
      headers: { 'webhook-id': 'msg_1' },
      rules: { eventIdHeader: 'X-GitHub-Delivery' },
    });
  },
);

test.each([
  ['hex in capitals', signed(), { 'x-hub-signature-256': `sha256=${hmacOf(SECRET, BODY).toUpperCase()}` }],
  [
    'base64 without its padding',
    signed({ encoding: 'base64' }),
    { 'x-hub-signature-256': `sha256=${hmacOf(SECRET, BODY, 'base64').replace('=', '')}` },
  ],
  ['a space behind it', signed(), { 'x-hub-signature-256': `sha256=${hmacOf(SECRET, BODY)} ` }],
])('a signature with %s is the same signature', async (_case, source, headers) => {
  await expect(setUp({ source }).handle(aPost({ headers }))).resolves.toMatchObject({ statusCode: 200 });
});

test('what signs a form signs its text', async () => {
  const body = 'payload=%7B%22a%22%3A1%7D';
  const face = setUp({ source: signed() });
  const headers = { ...FORM_TYPE, 'x-hub-signature-256': `sha256=${hmacOf(SECRET, body)}` };
  await expect(
    face.handle(aPost({ body: Buffer.from(body).toString('base64'), isBase64: true, headers })),
  ).resolves.toMatchObject({ statusCode: 200 });
});

test('secrets are opened for the source that they were sealed for, and none where no signature is asked for', async () => {
  const opened: unknown[] = [];
  const openSecret = async (value: { sealed: string }, context: object) => {
    opened.push([value, context]);
    return SECRET;
  };
  await setUp({ openSecret }).handle(aPost());
  expect(opened).toEqual([]);
  await setUp({ openSecret, source: signed() }).handle(aPost());
  expect(opened).toEqual([
    [{ sealed: `sealed:${SECRET}` }, { workspaceId: 'ws_1', sourceId: 'src_1', field: 'hook.signature.secret' }],
  ]);
});

test('while the key service is away the sender is asked to send again, and nothing passes unchecked', async () => {
  const openSecret = async () => {
    throw new AppError('secret-unreadable', 'KMS is away', { retry: true });
  };
  const face = setUp({ openSecret, source: signed() });
  await expect(
    face.handle(aPost({ headers: { 'x-hub-signature-256': `sha256=${hmacOf(SECRET, BODY)}` } })),
  ).resolves.toMatchObject({ statusCode: 503 });
  expect(face.intake.sent).toEqual([]);
});

test.each([
  ['challenge=abc-1', 'abc-1'],
  ['hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=x', '1158201444'],
])('GET with %s is answered with the challenge as plain text', async (query, challenge) => {
  const face = setUp();
  const answer = await face.handle(aPost({ method: 'GET', query: `key=${KEY}&${query}`, body: undefined }));
  expect(answer).toMatchObject({
    statusCode: 200,
    body: challenge,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  });
  expect(face.intake.sent).toEqual([]);
});

test.each([
  '',
  '&challenge=',
  '&challenge=%3Cscript%3E%20alert(1)',
  `&challenge=${'x'.repeat(600)}`,
  '&challenge=a%0d%0ab',
])('GET with %j is told that the address is right, and nothing of it comes back', async (query) => {
  const answer = await setUp().handle(aPost({ method: 'GET', query: `key=${KEY}${query}`, body: undefined }));
  expect(answer).toMatchObject({ statusCode: 200 });
  expect(answerOf(answer.body)).toEqual({ success: true, message: 'Post events to this address' });
});

test('GET and HEAD without the right key are refused as posts are', async () => {
  for (const method of ['GET', 'HEAD']) {
    const face = setUp();
    await expect(face.handle(aPost({ method, query: 'key=wk_ffffffffffffffff&challenge=x' }))).resolves.toMatchObject({
      statusCode: 401,
    });
    await expect(face.handle(aPost({ method, path: '/v1/hooks/src_2' }))).resolves.toMatchObject({ statusCode: 404 });
    await expect(face.handle(aPost({ method }))).resolves.toMatchObject({ statusCode: 200 });
  }
});

test.each([
  ['a verification (Slack)', { type: 'url_verification', token: 't', challenge: 'c1' }, 'c1'],
  ['a challenge alone (monday.com)', { challenge: 'c2' }, 'c2'],
])('%s in a body is answered and is no event', async (_case, body, challenge) => {
  const face = setUp();
  const answer = await face.handle(aPost({ body: JSON.stringify(body) }));
  expect(answer).toMatchObject({ statusCode: 200 });
  expect(answerOf(answer.body)).toEqual({ challenge });
  expect(face.intake.sent).toEqual([]);
});

test('a challenge among other fields is an event like any other', async () => {
  const face = setUp();
  await face.handle(aPost({ body: '{"challenge":"x","more":1}' }));
  expect(face.intake.sent).toHaveLength(1);
});

test('headers that travel are few and small, and the one that names the delivery is the last to be left out', async () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`x-a${at}`, 'v'.repeat(100)]));
  const source = aHookSource(aHookSetting({ eventIdHeader: 'Request-Id' }));
  const face = setUp({ source });
  await face.handle(aPost({ headers: { ...many, 'request-id': 'r1', 'x-long': 'x'.repeat(600), 'x-topic': 't' } }));
  const headers = queued(face)[0]?.body.headers ?? {};
  expect(Object.keys(headers).length).toBeLessThanOrEqual(20);
  expect(JSON.stringify(headers).length).toBeLessThan(5_000);
  expect(headers['request-id']).toBe('r1');
  expect(headers).not.toHaveProperty('x-long');
});

test.each([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
  'x-hub-signature',
  'stripe-signature',
  'webhook-signature',
  'x-gitlab-token',
  'x-hook-secret',
  'x-shopify-hmac-sha256',
  'x-amz-security-token',
  'x-forwarded-for',
  'x-csrf-token',
  'x-session-id',
  'x-password',
  'x-jwt',
  'x-event-key-credential',
  'x-hook-key',
  'x-key',
  'x-sig',
  'x-sig-256',
  'x-webhook-sig',
  'x-signed',
  'x-webhookkey',
  'x-event-mac',
  'x-hook-verification',
  'x-body-digest',
  'x-hook-pass',
])('%s does not travel, even where it is said to name the delivery', async (name) => {
  const face = setUp({ source: aHookSource(aHookSetting({ eventIdHeader: name })) });
  await face.handle(aPost({ headers: { [name]: 'canary-4711' } }));
  expect(JSON.stringify(face.intake.sent)).not.toContain('canary-4711');
});

test.each([
  'x-event-key',
  'idempotency-key',
  'x-idempotency-key',
  'x-signup-event',
  'x-shipping-id',
  'x-surveymonkey-event',
  'x-delivery-id',
  'x-machine',
])('%s tells of the delivery and travels', async (name) => {
  const face = setUp();
  await face.handle(aPost({ headers: { [name]: 'd1' } }));
  expect(queued(face)[0]?.body.headers).toMatchObject({ [name]: 'd1' });
});

test.each<[string, Record<string, unknown>, Record<string, string>]>([
  [
    'the secret itself (token)',
    { scheme: 'token', header: 'X-Shop-Event', prefix: '' },
    { 'x-shop-event': 'canary-4711' },
  ],
  [
    'the secret itself, where it is said to name the delivery too',
    { scheme: 'token', header: 'X-GitHub-Delivery', prefix: '' },
    { 'x-github-delivery': 'canary-4711' },
  ],
  ['a signature', { header: 'X-Hook-Check', prefix: '' }, { 'x-hook-check': hmacOf('canary-4711', BODY) }],
])('the header of a source that carries %s does not travel, whatever it is called', async (_case, over, headers) => {
  const face = setUp({ source: aHookSource(aHookSetting({ signature: aSignature('canary-4711', over) })) });
  await expect(face.handle(aPost({ headers }))).resolves.toMatchObject({ statusCode: 200 });
  expect(queued(face)[0]?.body.headers).toEqual(JSON_TYPE);
});

test('whatever is posted gets an answer that is no 5xx', async () => {
  const face = setUp({ source: signed() });
  const open = setUp();
  const aType = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'text/xml',
    '',
    'multipart/form-data',
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), aType, fc.string(), async (body, type, signature) => {
      for (const { handle } of [face, open]) {
        const { statusCode } = await handle(
          aPost({ body, headers: { 'content-type': type, 'x-hub-signature-256': signature } }),
        );
        expect([200, 400, 401]).toContain(statusCode);
      }
    }),
    { numRuns: 300 },
  );
});
