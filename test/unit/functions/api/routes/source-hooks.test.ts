import { MASKED } from '../../../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import type { HookSample } from '../../../../../shared/ports/hook-samples.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const AT = '/app-api/sources/src_h/hook';
const CANARY = 'canary-0123456789abcdef';
const MAPPING = { type: 'track', event: { '@path': '$.body.kind' }, userId: { '@path': '$.body.user' } };
const SIGNATURE = { scheme: 'hmac-sha256', header: 'X-Signature', secrets: [CANARY] };

async function setUp(sample?: HookSample) {
  const world = await apiWorld({ hookSamples: async () => ({ get: async () => sample }) });
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_h', slug: 'hook', kind: 'webhook' }) },
    { kind: 'source', verb: 'save', thing: aSource() },
  ]);
  const put = (body: object) => world.call('PUT', AT, { body });
  const stored = async () => (await world.control.listSources(WS)).find(({ id }) => id === 'src_h')?.hook;
  return { ...world, put, stored };
}

test('mapping and signature are set as a whole, the secret sealed and masked everywhere', async () => {
  const { call, put, stored, documents } = await setUp();
  expect((await call('GET', AT)).data).toMatchObject({
    hook: { isDefault: true, mapping: { event: 'Webhook Received' } },
  });
  const answer = await put({ mapping: MAPPING, signature: SIGNATURE });
  expect(answer.data).toEqual({
    hook: {
      mapping: MAPPING,
      signature: { ...SIGNATURE, encoding: 'hex', prefix: '', toleranceSeconds: 300, secrets: [MASKED] },
      isDefault: false,
    },
  });
  expect((await stored())?.signature?.secrets[0]?.sealed).toMatch(/^sealed/);
  expect(documents.texts().filter((text) => text.includes(CANARY))).toEqual([]);
  expect((await call('DELETE', AT)).data).toEqual({ status: 'SUCCESS' });
  expect(await stored()).toBeUndefined();
});

test('a new secret is put before the old one without anybody opening that', async () => {
  const { put, stored } = await setUp();
  await put({ mapping: MAPPING, signature: SIGNATURE });
  const [old] = (await stored())?.signature?.secrets ?? [];
  await put({ mapping: MAPPING, signature: { ...SIGNATURE, secrets: ['another-secret', MASKED] } });
  const secrets = (await stored())?.signature?.secrets;
  expect([secrets?.length, secrets?.[1]]).toEqual([2, old]);
  expect((await put({ mapping: MAPPING, signature: { ...SIGNATURE, secrets: [MASKED, MASKED] } })).status).toBe(200);
});

test('a signature goes only where that is said, and what is taken away is gone', async () => {
  const { put, stored } = await setUp();
  expect((await put({ mapping: MAPPING })).status).toBe(200);
  await put({ mapping: MAPPING, signature: SIGNATURE });
  const before = await stored();
  const unsaid = await put({ mapping: { ...MAPPING, event: 'Other' } });
  expect(unsaid).toMatchObject({
    status: 422,
    errors: [{ field: 'signature', message: expect.stringContaining('null to take it away') }],
  });
  expect(await stored()).toEqual(before);
  expect((await put({ mapping: MAPPING, signature: null })).data).toEqual({
    hook: { mapping: MAPPING, isDefault: false },
  });
  expect(await stored()).toEqual({ mapping: MAPPING });
});

test.each(['•••••••', `${MASKED}•`, `${MASKED} `, ` ${MASKED}`, '•••• ••••', `${MASKED}${MASKED}`])(
  'the dots %j are no secret, and overwrite none',
  async (dots) => {
    const { put, stored } = await setUp();
    await put({ mapping: MAPPING, signature: SIGNATURE });
    const before = await stored();
    expect(await put({ mapping: MAPPING, signature: { ...SIGNATURE, secrets: [dots] } })).toMatchObject({
      status: 422,
      errors: [{ field: 'signature.secrets.0', message: expect.stringContaining('dots') }],
    });
    expect(await stored()).toEqual(before);
  },
);

test.each([
  ['{"__proto__":{"a":1}}', 'mapping.__proto__'],
  ['{"event":"E","properties":{"a":[{"__proto__":1}]}}', 'mapping.properties.a.0.__proto__'],
])('a mapping with %s is refused rather than saved without it', async (mapping, field) => {
  const { call, stored } = await setUp();
  const answer = await call('PUT', AT, { text: `{"mapping":${mapping}}` });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  const preview = await call('POST', `${AT}/preview`, { text: `{"hook":{"mapping":${mapping}}}` });
  expect([preview.status, preview.errors[0]?.field]).toEqual([422, `hook.${field}`]);
  expect(await stored()).toBeUndefined();
});

test.each<[string, object, string]>([
  ['a field that no event has', { mapping: { color: 'red' } }, 'mapping.color'],
  ['a directive that there is not', { mapping: { userId: { '@nope': 1 } } }, 'mapping.userId'],
  ['a list that is no path', { mapping: MAPPING, each: '$.a[' }, 'each'],
  [
    'a signature without its header',
    { mapping: MAPPING, signature: { scheme: 'hmac-sha1', secrets: [CANARY] } },
    'signature.header',
  ],
  [
    'a secret that can be guessed',
    { mapping: MAPPING, signature: { ...SIGNATURE, secrets: ['short'] } },
    'signature.secrets.0',
  ],
  [
    'dots for a secret that is not there',
    { mapping: MAPPING, signature: { ...SIGNATURE, secrets: [MASKED] } },
    'signature.secrets.0',
  ],
  [
    'a delivery named by a header that never travels',
    { mapping: MAPPING, eventIdHeader: 'Authorization' },
    'eventIdHeader',
  ],
  [
    'a delivery named by the header of the signature',
    { mapping: MAPPING, eventIdHeader: 'x-shop-event', signature: { ...SIGNATURE, header: 'X-Shop-Event' } },
    'eventIdHeader',
  ],
  ...[
    'host',
    'Content-Length',
    'connection',
    'transfer-encoding',
    'user-agent',
    'X-Forwarded-For',
    'cookie',
    'sec-ch-ua',
  ].map((header): [string, object, string] => [
    `a signature in ${header}`,
    { mapping: MAPPING, signature: { ...SIGNATURE, scheme: 'token', header } },
    'signature.header',
  ]),
  ['a scheme that there is not', { mapping: MAPPING, signature: { ...SIGNATURE, scheme: 'md5' } }, 'signature.scheme'],
])('%s is answered 422 at its field, and nothing is saved', async (_case, body, field) => {
  const { put, stored } = await setUp();
  const answer = await put(body);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await stored()).toBeUndefined();
});

test('a preview shows what the last real request becomes, by rules that are tried out', async () => {
  const request = { headers: { 'x-tool': 'shop' }, body: { kind: 'Order Paid', user: 'u1' } };
  const sample = { receivedAt: '2026-11-26T09:00:00.000Z', isShortened: false, request };
  const { call, stored } = await setUp(sample);
  const preview = await call('POST', `${AT}/preview`, { body: { hook: { mapping: MAPPING } } });
  expect(preview.data).toMatchObject({
    request,
    receivedAt: sample.receivedAt,
    isShortened: false,
    count: 1,
    items: [{ outcome: 'event', event: { type: 'track', event: 'Order Paid', userId: 'u1' } }],
  });
  expect((await call('POST', `${AT}/preview`)).data).toMatchObject({
    items: [{ event: { event: 'Webhook Received' } }],
  });
  const wrong = await call('POST', `${AT}/preview`, { body: { hook: { mapping: { color: 1 } } } });
  expect(wrong.errors[0]?.field).toBe('hook.mapping.color');
  expect(await stored()).toBeUndefined();
});

test('without a request there is nothing to show, and only webhook sources have a hook', async () => {
  const { call } = await setUp();
  expect(await call('POST', `${AT}/preview`)).toMatchObject({ status: 404, errors: [{ type: 'no-sample' }] });
  const request = { headers: {}, body: { kind: 'A' } };
  expect((await call('POST', `${AT}/preview`, { body: { request } })).data).toMatchObject({ count: 1 });
  expect((await call('GET', '/app-api/sources/src_1/hook')).status).toBe(409);
  expect((await call('PUT', '/app-api/sources/src_other/hook', { body: { mapping: {} } })).status).toBe(404);
});
