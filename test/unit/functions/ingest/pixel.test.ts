import { AppError } from '../../../../shared/domain/app-error.ts';
import { aRequest, anIngestFace, KEY } from '../../../builders/ingest-face.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const aPixel = (query: string, call = 'track') =>
  aRequest({ method: 'GET', path: `/v1/pixel/${call}`, query, headers: {}, body: undefined });
const EVENT = { writeKey: KEY, userId: 'u>?1', event: 'Email Opened', properties: { subject: 'Tägliches + 100%' } };
const base64 = Buffer.from(JSON.stringify(EVENT)).toString('base64');

const picture = {
  statusCode: 200,
  headers: { 'Content-Type': 'image/gif', 'Cache-Control': expect.stringContaining('no-store') },
  isBase64Encoded: true,
};

test.each(['identify', 'track', 'page', 'screen', 'group', 'alias'])(
  'GET /v1/pixel/%s takes one event and answers a picture of one point (E21)',
  async (call) => {
    const { handle, intake } = anIngestFace();
    const answer = await handle(aPixel(`data=${base64}`, call));
    const named = { 'Tributary-Intake-Id': intake.sent[0]?.head.intakeId };
    expect(answer).toEqual({ ...picture, headers: { ...picture.headers, ...named }, body: expect.any(String) });
    const bytes = Buffer.from(answer.body ?? '', 'base64');
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from('GIF89a\u0001\u0000\u0001\u0000', 'latin1'));
    expect(bytes.at(-1)).toBe(0x3b);
    expect(intake.sent).toHaveLength(1);
    expect(intake.sent[0]?.head).toMatchObject({ kind: call, sourceId: 'src_1', ip: '203.0.113.7' });
    expect(JSON.parse(intake.sent[0]?.bodyText ?? '')).toEqual(EVENT);
  },
);

test.each([
  ['base64', `data=${base64}`],
  ['base64 that is escaped', `data=${encodeURIComponent(base64)}`],
  [
    'base64 in the alphabet of URLs, without padding',
    `data=${Buffer.from(JSON.stringify(EVENT)).toString('base64url')}`,
  ],
  ['plain JSON', `data=${encodeURIComponent(JSON.stringify(EVENT))}`],
  [
    'a field each',
    `writeKey=${KEY}&userId=u%3E%3F1&event=Email%20Opened&properties.subject=${encodeURIComponent('Tägliches + 100%')}`,
  ],
])('the event is read from %s (E21)', async (_case, query) => {
  const { handle, intake } = anIngestFace();
  await expect(handle(aPixel(query))).resolves.toMatchObject(picture);
  expect(intake.sent.map(({ bodyText }) => JSON.parse(bodyText))).toEqual([EVENT]);
});

test.each([
  ['nothing', '', 'missing-write-key', {}],
  ['a key nobody owns', 'writeKey=wk_ffffffffffffffff&userId=u', 'unknown-write-key', {}],
  ['broken JSON', 'data=%7B%22', 'invalid-json', {}],
  ['base64 of nothing readable', 'data=____', 'invalid-json', {}],
  ['a source that is switched off', `writeKey=${KEY}`, 'source-disabled', { source: aSource({ enabled: false }) }],
  [
    'a queue that is away',
    `writeKey=${KEY}`,
    'unavailable',
    { queueFault: new AppError('upstream-unavailable', 'away') },
  ],
  ['a bug of ours', `writeKey=${KEY}`, 'unavailable', { findByWriteKey: () => Promise.reject(new TypeError('bug')) }],
])('%s is answered with a picture, and a header says why (E21)', async (_case, query, reason, over) => {
  const { handle, intake } = anIngestFace(over);
  const answer = await handle(aPixel(query));
  expect(answer).toMatchObject(picture);
  expect(answer.headers?.['Tributary-Rejected']).toBe(reason);
  expect(intake.sent).toEqual([]);
});

test('hostile names are data of the event and pollute nothing (T11)', async () => {
  const { handle, intake } = anIngestFace();
  await handle(aPixel(`writeKey=${KEY}&__proto__.polluted=1&constructor.prototype.polluted=1&a=1&a.b=2&a.b.c=3&.=4`));
  expect(intake.sent[0]?.bodyText).toBe(
    `{"writeKey":"${KEY}","__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"1"}},"a":{"b":{"c":"3"}},"":{"":"4"}}`,
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([
  ['a call that there is not', aPixel(`writeKey=${KEY}`, 'batch')],
  ['a name that objects inherit', aPixel(`writeKey=${KEY}`, 'constructor')],
  ['a picture that is posted', aRequest({ path: '/v1/pixel/track' })],
])('%s is 404 or an endpoint of its own', async (_case, request) => {
  const { handle, intake } = anIngestFace();
  const { statusCode } = await handle(request);
  expect({ statusCode, sent: intake.sent.length }).toEqual({ statusCode: 404, sent: 0 });
});
