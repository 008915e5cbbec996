/* oxlint-disable unicorn/no-thenable -- a word of the mapping language */
import { gzipSync } from 'node:zlib';
import { headOf, type HostileRequest, raw, sent } from './hostile-request.ts';

/** A webhook source. `items`: its mapping makes an event of each item of the body. */
export type HookTarget = { sourceId: string; writeKey: string; items: boolean };

export const HOOK_KEY = 'writekeyofthehooksource000000001';
export const ITEMS_KEY = 'writekeyoftheitemssource00000001';

/** Two sources for the seed: one without a mapping, one whose mapping does all that a mapping can with each item. */
export const HOOK_SOURCES = [
  { slug: 'hook', name: 'Hook', kind: 'webhook', writeKeys: [HOOK_KEY] },
  {
    slug: 'items',
    name: 'Items',
    kind: 'webhook',
    writeKeys: [ITEMS_KEY],
    hook: {
      each: '$.body',
      eventIdHeader: 'x-delivery-id',
      mapping: {
        event: { '@template': 'E {{item.event}}{{item}}' },
        userId: { '@if': { exists: { '@path': '$.item.userId' }, then: { '@path': '$.item.userId' }, else: 'u' } },
        messageId: { '@path': '$.item.messageId' },
        timestamp: { '@path': '$.item.timestamp' },
        properties: {
          '@merge': {
            direction: 'right',
            objects: [
              { '@flatten': { value: { '@path': '$.item' }, separator: '.' } },
              { '@json': { mode: 'decode', value: { '@path': '$.item.text' } } },
              { list: { '@arrayPath': ['$.item.list', { a: { '@path': '$.a' } }] } },
            ],
          },
        },
        context: { '@excludeWhenNull': { '@path': '$.item.context' } },
      },
    },
  },
];

const PROTO = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}';
const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

/** Items, as JSON texts. */
// biome-ignore format: a list, to be read as one
const ITEMS = [
  'null', 'true', '0', '-0', '1e999', '9007199254740993', '9'.repeat(400), '""', '"\\u0000"', '"\\ud800"', '"\\r\\nX-Injected: 1"', '"__proto__"', '[]', '[[]]', '{}', PROTO,
  nested(90), nested(97), `{"event":${PROTO}}`, `{"userId":${PROTO}}`, '{"userId":[1]}', '{"userId":1e999}', '{"userId":"\\ud800"}', `{"messageId":"${'m'.repeat(200)}"}`,
  '{"messageId":{}}', '{"timestamp":1e300}', '{"timestamp":"99999999999999"}', '{"timestamp":-1}', '{"timestamp":{}}', '{"timestamp":"2026-13-45"}', `{"context":${PROTO}}`,
  '{"context":{"ip":"\\r\\n"}}', '{"context":5}', `{"text":${JSON.stringify('['.repeat(300))}}`, `{"text":${JSON.stringify(PROTO)}}`, `{"text":${JSON.stringify('"'.repeat(3_000))}}`,
  '{"list":{"a":1}}', '{"list":[1,[2],{"a":{"a":1}}]}', `{"list":[${'{"a":1},'.repeat(3_000)}{}]}`, `{"${'k'.repeat(20_000)}":{${Array.from({ length: 500 }, (_, at) => `"${at}":1`).join()}}}`,
  '{"event":"{{item}}{{item}}"}', `{"event":"${'x'.repeat(40_000)}"}`, '{"then":1,"toJSON":2,"length":-1}', '{"$where":1,"a.b":2,"a[0]":3,"":4}',
];

const NOT_JSON = ['{', '[', 'x', '[1,', '{"a":}', "{'a':1}", '\u0000', 'NaN', '['.repeat(5_000), '{"a":'.repeat(3_000)];

const FORMS = [
  '&',
  '=',
  'a',
  'a&a&a',
  'a[b]=1',
  '__proto__=1',
  '__proto__[polluted]=1',
  'payload=',
  'payload=%',
  'payload={',
  'payload=%7B%22__proto__%22%3A%7B%22polluted%22%3A1%7D%7D',
  `payload=${encodeURIComponent(nested(300))}`,
  `payload=${'%7B%22a%22%3A'.repeat(500)}`,
  '%ff=%fe',
  '%00=%0d%0a',
  'a=1;b=2',
  Array.from({ length: 3_000 }, (_, at) => `k${at}=1`).join('&'),
  'a=1&'.repeat(3_000),
];

/** Posts to webhook sources, and what tools ask them with other methods. */
export function hostileHooks(targets: readonly HookTarget[]): HostileRequest[] {
  return targets.flatMap((target) => {
    const { sourceId, writeKey, items } = target;
    const path = `/v1/hooks/${sourceId}`;
    /** `count`: events that it brings into the books where it is taken. */
    const post = (
      name: string,
      body: string | Buffer,
      count: number,
      more: { path?: string; headers?: readonly (readonly [string, string])[] } = {},
    ): HostileRequest =>
      sent(
        'hooks',
        `${items ? 'items' : 'plain'}: ${name.slice(0, 50)}`,
        { writeKey, path, body, ...more },
        { bodies: [marked(count)] },
      );
    const type = (text: string) => [['Content-Type', text] as const];
    const form = type('application/x-www-form-urlencoded');
    return [
      ...ITEMS.map((item) => post(`an item ${item}`, `[${item}]`, 1)),
      ...ITEMS.map((item) => post(`the body ${item}`, item, items ? lengthOf(item) : 1)),
      post('all items', `[${ITEMS.join()}]`, items ? ITEMS.length : 1),
      post('50,000 items', `[${'1,'.repeat(49_999)}1]`, items ? 50_000 : 1),
      post('100,000 small items', `[${'{},'.repeat(99_999)}{}]`, items ? 100_000 : 1),
      post('2,500 items with a delivery', `[${'{},'.repeat(2_499)}{}]`, items ? 2_500 : 1, {
        headers: [['X-Delivery-Id', `d'"é`]],
      }),
      ...NOT_JSON.flatMap((text) => [
        post(text, text, 0, { headers: type('application/json') }),
        post(`text ${text}`, text, 1, { headers: type('text/plain') }),
      ]),
      ...FORMS.map((text) => post(`form ${text}`, text, 1, { headers: form })),
      post('nothing', '', 1),
      post('a bomb', gzipSync(Buffer.alloc(20_000_000, '[')), 0, { headers: [['Content-Encoding', 'gzip']] }),
      // The gateway puts U+FFFD in the place of such bytes.
      post('bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 1),
      // A mark alone is nothing.
      post('a byte order mark', '\ufeff', 1),
      post('500 KB and one', `"${'x'.repeat(511_999)}"`, 0),
      post('100 headers', '{}', 1, {
        headers: Array.from({ length: 60 }, (_, at) => [`X-Event-${at}`, 'v'.repeat(100)] as const),
      }),
      post('headers that objects inherit', '{}', 1, {
        headers: [
          ['X-__proto__', '1'],
          ['X-Constructor', '2'],
          ['__proto__', '3'],
        ],
      }),
      post('a challenge', '{"type":"url_verification","challenge":"<script>alert(1)</script>"}', 0),
      post('a challenge that is none', '{"challenge":{"__proto__":1}}', 1),
      ...[
        '',
        '?key=',
        '?key=%00',
        `?key=${'x'.repeat(3_000)}`,
        '?key=__proto__',
        '?key=a&key=b',
        '?challenge=%0d%0aX-Injected:1',
      ].map((query) =>
        post(`the query ${query}`, '{}', query === '' || query.startsWith('?challenge') || query === '?key=' ? 1 : 0, {
          path: `${path}${query}`,
        }),
      ),
      ...[
        '/v1/hooks',
        '/v1/hooks/',
        '/v1/hooks/src_x',
        '/v1/hooks/__proto__',
        `${path}/more`,
        `${path}%2f..`,
        `/v1/hooks/${'a'.repeat(3_000)}`,
      ].map((other) => post(`the path ${other}`, '{}', 0, { path: other })),
      ...['GET', 'HEAD', 'PUT', 'DELETE'].flatMap((method) =>
        [
          '',
          '&challenge=x',
          '&challenge=%3Cscript%3E',
          '&hub.challenge=%0d%0aX-Injected:%201',
          `&challenge=${'x'.repeat(2_000)}`,
        ].map((query) =>
          raw(
            'hooks',
            `${method} ${query.slice(0, 40)}`,
            [
              headOf({
                method,
                path: `${path}?key=${writeKey}${query}`,
                headers: [
                  ['Host', 'tracking.example'],
                  ['Content-Length', '0'],
                ],
              }),
            ],
            { isHead: method === 'HEAD' },
          ),
        ),
      ),
    ];
  });
}

/** What counts as so many events: a batch of them. */
const marked = (count: number): Buffer | undefined =>
  count === 0 ? undefined : Buffer.from(count === 1 ? '{}' : `{"batch":[${'0,'.repeat(count - 1)}0]}`);

/** A body that is no list is one event that cannot be made; so is an empty list. */
function lengthOf(text: string): number {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? Math.max(1, value.length) : 1;
}
