import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type HostileRequest, sent } from './hostile-request.ts';

const CALLS = {
  track: { event: 'Hostile', properties: { price: 1 } },
  identify: { traits: { email: 'a@example.com' } },
  page: { name: 'Home', category: 'Docs', properties: {} },
  screen: { name: 'Home', category: 'Docs', properties: {} },
  group: { groupId: 'g1', traits: { plan: 'x' } },
  alias: { previousId: 'before' },
} as const;

const COMMON_FIELDS = [
  'type',
  'userId',
  'anonymousId',
  'messageId',
  'timestamp',
  'sentAt',
  'originalTimestamp',
  'receivedAt',
  'context',
  'integrations',
  'channel',
  'version',
  'writeKey',
] as const;

const CONTEXT_FIELDS = [
  'ip',
  'userAgent',
  'locale',
  'timezone',
  'active',
  'direct',
  'traits',
  'page',
  'library',
  'campaign',
  'device',
  'app',
  'os',
  'network',
  'consent',
  'groupId',
  '__proto__',
] as const;

/** Every wrong type, as JSON text: some of these no JSON.stringify would write. */
const WRONG = [
  'null',
  'true',
  '0',
  '-0',
  '1e999',
  '9007199254740993',
  '9'.repeat(400),
  '1e-400',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud800\\ud800\\udc00\\udc00"',
  '"\\r\\nX-Injected: 1"',
  '"__proto__"',
  '"2026-13-45T99:99:99Z"',
  '"+275760-09-13T00:00:00.001Z"',
  '"-271821-04-19T23:59:59.999Z"',
  `"${'x'.repeat(5_000)}"`,
  '[]',
  '[null,[[]],{}]',
  '{}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":2}',
  '{"toJSON":"x","then":"y","length":-1}',
] as const;

/** An event as JSON text, with one field given as text. */
const eventText = (type: keyof typeof CALLS, id: string, field: string, value: string): string => {
  const fields: Record<string, unknown> = { userId: 'u1', messageId: id, ...CALLS[type] };
  delete fields[field];
  return `${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(field)}:${value}}`;
};

/** Wrong types in each field of each call, one request each; those within `context` in one batch a field. */
export function wrongTypes(writeKey: string): HostileRequest[] {
  const requests: HostileRequest[] = [];
  let turn = 0;
  for (const type of Object.keys(CALLS) as (keyof typeof CALLS)[]) {
    for (const field of [...COMMON_FIELDS, ...Object.keys(CALLS[type])]) {
      // A sixth of the values in each field of each call, another sixth in the next.
      for (const [number, value] of WRONG.entries()) {
        if ((number + turn) % 6 !== 0) continue;
        const name = `${field} of ${type} is ${value.slice(0, 40)}`;
        const body = eventText(type, `type-${type}-${field}-${number}`, field, value);
        requests.push(sent('wrong types', name, { writeKey, path: `/v1/${type}`, body }));
      }
      turn += 1;
    }
  }
  for (const field of CONTEXT_FIELDS) {
    const batch = WRONG.map(
      (value, number) =>
        `{"type":"track","event":"E","userId":"u","messageId":"context-${field}-${number}","context":{${JSON.stringify(field)}:${value}}}`,
    );
    const body = `{"batch":[${batch.join()}]}`;
    requests.push(sent('wrong types', `context.${field} is everything`, { writeKey, path: '/v1/batch', body }));
  }
  for (const value of WRONG) {
    const name = value.slice(0, 40);
    const event = `{"type":"track","event":"E","userId":"u"}`;
    requests.push(
      sent('wrong types', `batch is ${name}`, { writeKey, path: '/v1/batch', body: `{"batch":${value}}` }),
      sent('wrong types', `an item of a batch is ${name}`, { writeKey, path: '/v1/b', body: `{"batch":[${value}]}` }),
      sent('wrong types', `the body is ${name}`, { writeKey, body: value }),
      sent('wrong types', `context of a batch is ${name}`, {
        writeKey,
        path: '/v1/batch',
        body: `{"batch":[${event}],"context":${value},"integrations":${value},"sentAt":${value}}`,
      }),
      sent('wrong types', `an integration is ${name}`, {
        writeKey,
        path: '/v1/t',
        body: `{"event":"E","userId":"u","integrations":{"All":${value},"Webhook":${value},"__proto__":${value}}}`,
      }),
    );
  }
  return requests;
}

const nested = (open: string, close: string, depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
const EVENT = '{"type":"track","event":"E","userId":"u"}';
const track = (properties: string): string => `{"event":"E","userId":"u","properties":${properties}}`;
const batch = (text: string): string => `{"batch":[${text}]}`;

/** Texts that a parser, or whoever walks its result, may choke on. */
export function hostileJson(writeKey: string): HostileRequest[] {
  const one = (name: string, body: string | Buffer, path = '/v1/track') => sent('JSON', name, { writeKey, path, body });
  const many = (name: string, body: string) => one(name, body, '/v1/batch');
  return [
    ...[1, 50, 96, 97, 98, 99, 100, 101, 500, 5_000].flatMap((depth) => [
      one(`objects ${depth} deep`, track(nested('{"a":', '}', depth))),
      one(`arrays ${depth} deep`, track(nested('[', ']', depth))),
    ]),
    ...[10_000, 100_000, 250_000].flatMap((depth) => [
      many(`${depth} brackets`, '['.repeat(depth)),
      many(`${depth} braces`, '{"a":'.repeat(Math.floor(depth / 5))),
      many(`arrays ${depth} deep`, nested('[', ']', Math.floor(depth / 2))),
    ]),
    // Good JSON, that whoever walks it would fall over.
    ...[3_000, 10_000, 60_000, 200_000].flatMap((depth) => [
      many(`an event with arrays ${depth} deep`, batch(`{"type":"track",${track(nested('[', ']', depth)).slice(1)}`)),
      many(
        `an event with objects ${depth} deep`,
        batch(`{"type":"track",${track(nested('{"":', '}', Math.floor(depth / 2.5))).slice(1)}`),
      ),
    ]),
    one('10,000 brackets in a text', track(`{"a":"${'['.repeat(10_000)}"}`)),
    one('quotes and slashes', track(`{"a":"${'\\"\\\\'.repeat(2_000)}"}`)),
    ...[1, 100, 2_000].map((count) =>
      one(`${count} keys`, track(`{${Array.from({ length: count }, (_, key) => `"k${key}":${key}`).join()}}`)),
    ),
    many(
      `500 KB of keys`,
      batch(track(`{${Array.from({ length: 50_000 }, (_, key) => `"${key.toString(36)}":0`).join()}}`)),
    ),
    one('one key, 10,000 times', track(`{${Array.from({ length: 3_000 }, () => '"k":1').join()}}`)),
    one('type twice', `{"type":"track","type":"alias","event":"E","userId":"u"}`),
    one('userId twice', `{"userId":"a","event":"E","userId":{"x":1}}`),
    one('writeKey twice', `{"userId":"a","event":"E","writeKey":"x","writeKey":[]}`),
    many('batch twice', `{"batch":[${EVENT}],"batch":5}`),
    one('an empty key', track('{"":{"":{"":1}}}')),
    one('a key of 30,000 characters', track(`{"${'k'.repeat(30_000)}":1}`)),
    one('a key of 40,000 characters', track(`{"${'k'.repeat(40_000)}":1}`)),
    one('a key with NUL', track('{"a\\u0000b":1}')),
    one('a key with dots and dollars', track('{"$a.b[0]":{"$ne":1,"$where":"1"}}')),
    ...[
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'valueOf',
      'hasOwnProperty',
      'then',
      'toJSON',
      'length',
    ].flatMap((key) => [
      one(`the key ${key}`, `{"event":"E","userId":"u","${key}":{"polluted":1,"prototype":{"polluted":1}}}`),
      one(`the key ${key} in properties`, track(`{"${key}":{"polluted":1,"prototype":{"polluted":1}}}`)),
      one(`the key ${key} in context`, `{"event":"E","userId":"u","context":{"${key}":{"polluted":1}}}`),
      many(`the key ${key} beside the batch`, `{"batch":[${EVENT}],"context":{"${key}":{"polluted":1}},"${key}":1}`),
    ]),
    ...['1e999', '-1e999', '-0', '9007199254740993', '0.1e-9999', `1${'0'.repeat(400)}`, `0.${'1'.repeat(5_000)}`].map(
      (number) => one(`the number ${number.slice(0, 20)}`, track(`{"a":${number},"b":[${number}]}`)),
    ),
    ...['01', '+1', '.5', '1.', '0x10', 'NaN', 'Infinity', '1e', '1_000', '--1', '1n'].map((number) =>
      one(`the number ${number}, which is none`, track(`{"a":${number}}`)),
    ),
    ...[
      '',
      ' ',
      '{',
      '}',
      '{}',
      '[',
      '[]',
      '{"a"',
      '{"a":}',
      '{"a":1,}',
      '{,}',
      '{a:1}',
      "{'a':1}",
      '{"a":1}}',
      '{"a":1}{"a":2}',
      '{"a":1}\n{"a":2}',
      '{"a":tru}',
      '{"a":"\n"}',
      '{"a":"\\x"}',
      '{"a":"\\u12"}',
      '{"a":"',
      '/* */{}',
      '{}//',
      'undefined',
      'null',
      '"text"',
      'true',
      '<?xml version="1.0"?><a/>',
      '--boundary\r\n',
      'a=b&c=d',
      'data=%7B%7D',
      'writeKey=x&event=E&userId=u',
      '%',
      '\u2028{}',
      '\u00a0{}',
      '\ufeff{}',
      '\ufeff\ufeff{}',
    ].map((text) => one(`the text ${JSON.stringify(text)}`, text)),
    many('no events', batch('')),
    many(
      'a batch of things that are none',
      batch(Array.from({ length: 500 }, (_, at) => (at % 2 ? 'null' : '[]')).join()),
    ),
    many('2,500 events', batch(Array.from({ length: 2_500 }, () => '1').join())),
    many('2,501 events', batch(Array.from({ length: 2_501 }, () => '1').join())),
    many('one good event between two bad', batch(`7,${EVENT},{"type":"nonsense"}`)),
    many(
      'an event of 33 KB beside a good one',
      batch(`{"type":"track","event":"${'E'.repeat(33_000)}","userId":"u"},${EVENT}`),
    ),
    one('an event name of 32,000 characters', `{"event":"${'E'.repeat(32_000)}","userId":"u"}`),
    one('an event of 32 KB and a byte', `{"event":"${'E'.repeat(32_768 - 24)}","userId":"u"}`),
    many('a body of 500 KB', batch(`{"type":"track","event":"${'E'.repeat(511_000)}","userId":"u"}`)),
    many('a body of 500 KB and more', batch(`"${'x'.repeat(512_000)}"`)),
    many('a body of 5 MB', batch(`"${'x'.repeat(5_000_000)}"`)),
    many('a body of 11 MB', batch(`"${'x'.repeat(11_000_000)}"`)),
    many('500 KB of blanks', `{"batch":[${EVENT}${' '.repeat(500_000)}]}`),
  ];
}

const utf8 = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** Bytes of a string's content that are no UTF-8, or are but mean trouble. */
const BAD_BYTES: Readonly<Record<string, readonly number[]>> = {
  'a lone continuation': [0x80],
  'a start without its end': [0xc3],
  'an overlong slash': [0xc0, 0xaf],
  'an overlong NUL': [0xc0, 0x80],
  'an overlong slash of three': [0xe0, 0x80, 0xaf],
  'a surrogate in UTF-8': [0xed, 0xa0, 0x80],
  'a pair of surrogates in UTF-8': [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
  'beyond Unicode': [0xf4, 0x90, 0x80, 0x80],
  'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  'FE and FF': [0xfe, 0xff],
  'Latin-1': [0xe9],
  'a raw NUL': [0x00],
  'a raw line end': [0x0d, 0x0a],
  'a raw DEL': [0x7f],
  'C1 controls': [0xc2, 0x80, 0xc2, 0x9f],
  'a BOM inside': [0xef, 0xbb, 0xbf],
  noncharacters: [0xef, 0xbf, 0xbe, 0xef, 0xbf, 0xbf],
  'right to left': [0xe2, 0x80, 0xae],
};

/** Encodings, of characters and of bodies. */
export function hostileEncodings(writeKey: string): HostileRequest[] {
  const good = `{"event":"E","userId":"u"}`;
  const packed = (name: string, body: Buffer, coding: string, text?: string, path = '/v1/track') =>
    sent('encodings', name, {
      writeKey,
      path,
      body,
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Encoding', coding],
      ],
      ...(text !== undefined && { text }),
    });
  const typed = (name: string, type: string, body: Buffer | string = good) =>
    sent('encodings', name, { writeKey, body, headers: [['Content-Type', type]] });
  const zip = gzipSync(good);
  const bomb = (bytes: number, fill: string): Buffer => gzipSync(Buffer.alloc(bytes, fill), { level: 9 });
  const twice = gzipSync(bomb(20_000_000, ' '));
  return [
    ...Object.entries(BAD_BYTES).flatMap(([name, bytes]) => [
      sent('encodings', name, { writeKey, body: utf8('{"event":"', bytes, '","userId":"u"}') }),
      sent('encodings', `${name}, in a key`, { writeKey, body: utf8('{"event":"E","userId":"u","', bytes, '":1}') }),
      typed(
        `${name}, as base64 for the function`,
        'application/octet-stream',
        utf8('{"event":"', bytes, '","userId":"u"}'),
      ),
      packed(
        `${name}, packed`,
        gzipSync(utf8('{"event":"', bytes, '","userId":"u"}')),
        'gzip',
        utf8('{"event":"', bytes, '","userId":"u"}').toString('utf8'),
      ),
    ]),
    typed(
      'UTF-16 with a BOM',
      'application/json; charset=utf-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')]),
    ),
    typed('UTF-16 without', 'application/json', Buffer.from(good, 'utf16le')),
    typed('a BOM', 'application/json', `\ufeff${good}`),
    ...[
      'text/plain',
      'text/plain;charset=ISO-8859-1',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'image/gif',
      'x',
      '',
      ';',
      'application/json;'.repeat(50),
      '\t',
      'application/json; charset="',
      'text/html; charset=utf-7',
    ].map((type) => typed(`the content type ${JSON.stringify(type.slice(0, 40))}`, type)),
    ...['gzip', 'GZIP', ' gzip ', 'x-gzip'].map((coding) => packed(`gzip as ${coding}`, zip, coding, good)),
    ...[
      'gzip, gzip',
      'gzip,identity',
      'br',
      'deflate',
      'compress',
      'zstd',
      'identity',
      'identity, identity',
      '*',
      'chunked',
      '',
      'gzip;q=1',
      'g\u00fcip',
      'x'.repeat(2_000),
    ].map((coding) => packed(`the coding ${JSON.stringify(coding.slice(0, 30))}`, zip, coding, good)),
    packed('brotli', brotliCompressSync(good), 'br', good),
    packed('deflate', deflateSync(good), 'deflate', good),
    packed('gzip that is none', Buffer.from(good), 'gzip'),
    packed('gzip of nothing', gzipSync(''), 'gzip', ''),
    packed('no bytes of gzip', Buffer.alloc(0), 'gzip'),
    ...Array.from({ length: zip.length - 1 }, (_, at) =>
      packed(`gzip cut after ${at + 1} bytes`, zip.subarray(0, at + 1), 'gzip', ''),
    ),
    packed('gzip with rubbish behind', Buffer.concat([zip, Buffer.from('rubbish')]), 'gzip', good),
    packed('two gzip members', Buffer.concat([gzipSync('{"event":"E",'), gzipSync('"userId":"u"}')]), 'gzip', good),
    packed('gzip with a bad checksum', Buffer.concat([zip.subarray(0, -8), Buffer.alloc(8)]), 'gzip', ''),
    packed(
      'gzip with a huge name',
      Buffer.concat([Buffer.from([31, 139, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(100_000, 'n')]),
      'gzip',
      '',
    ),
    packed('a bomb of 1 MB of blanks', bomb(1_000_000, ' '), 'gzip', '', '/v1/batch'),
    packed('a bomb of 50 MB of blanks', bomb(50_000_000, ' '), 'gzip', '', '/v1/batch'),
    packed('a bomb of 50 MB of brackets', bomb(50_000_000, '['), 'gzip', '', '/v1/batch'),
    packed('a bomb at a single event', bomb(50_000_000, '['), 'gzip', ''),
    packed('a bomb of 500 KB of brackets', bomb(512_000, '['), 'gzip', '', '/v1/batch'),
    packed('a bomb in a bomb', twice, 'gzip', '', '/v1/batch'),
    packed('a bomb in a bomb, said so', twice, 'gzip, gzip', '', '/v1/batch'),
    packed('a brotli bomb', brotliCompressSync(Buffer.alloc(5_000_000, ' ')), 'br', '', '/v1/batch'),
  ];
}
