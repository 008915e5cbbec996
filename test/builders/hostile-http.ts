import { ANSWER_WITHIN_MS, basic, headOf, type HostileRequest, raw, sent } from './hostile-request.ts';

const BODY = Buffer.from('{"event":"E","userId":"u"}');
const HOST = ['Host', 'tracking.example'] as const;
const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const LENGTH = ['Content-Length', String(BODY.length)] as const;

/** Paths of the tracking API and beside it, in every spelling that a router may read otherwise than its function. */
// biome-ignore format: a list, to be read as one
const PATHS = [
  '/', '//', '/v1', '/v1/', '/v1//', '/v1/track/', '/v1/track//', '//v1/track', '/v1//track', '/./v1/track', '/v1/./track',
  '/v1/../v1/track', '/v1/track/..', '/../../../../etc/passwd', '/..%2f..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd',
  '/v1/%74rack', '/v1%2ftrack', '/%76%31/track', '/v1/track%2f', '/v1/track%3fwriteKey=x', '/v1/track%23', '/v1/track%00',
  '/v1/%00', '/v1/track%0d%0aX-Injected:%201', '/v1/track%', '/v1/track%2', '/v1/track%zz', '/v1/%c0%af', '/v1/%ff',
  '/v1/%ed%a0%80', '/v1/TRACK', '/V1/track', '/v1/tracks', '/v1/track;x=1', '/v1/track?', '/v1/track??', '/v1/track#x',
  '/v1/__proto__', '/v1/constructor', '/v1/toString', '/v1/hasOwnProperty', '/v1/m', '/v1/pixel', '/v1/pixel/track',
  '/v2/track', '/prod/v1/track', '/v1/track/v1/track', `/v1/${'a'.repeat(4_000)}`, `/${'a/'.repeat(2_000)}`, '/v1/t rack',
  '/v1/{kind}', '/$default', '/v1/track.json', '/v1/*', '/v1/tr%E2%82%ACck', '*', 'v1/track', '\\v1\\track',
  'http://169.254.169.254/latest/meta-data/', 'https://tracking.example/v1/track', '/.git/config', '/.env', '/server-status',
];

// biome-ignore format: a list, to be read as one
const QUERIES = [
  'a', '=', '&', '&&&', '=&=', 'a=b=c', 'writeKey=', 'writeKey=x&writeKey=y', '__proto__=1', '__proto__[polluted]=1',
  'constructor[prototype][polluted]=1', 'a[]=1&a[]=2', '%', '%zz=%zz', '%00=%00', '%ff=%fe', '+', 'data=e30', 'data=%7B',
  `data=${'A'.repeat(5_000)}`, Array.from({ length: 1_000 }, (_, at) => `k${at}=1`).join('&'),
  Array.from({ length: 2_000 }, () => 'a=1').join('&'), `a=${'x'.repeat(9_000)}`, `a=${'x'.repeat(30_000)}`,
];

// biome-ignore format: a list, to be read as one
const METHODS = [
  'GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'PURGE', 'LINK', 'SUBSCRIBE', 'post', 'Post',
  'POSTER', 'X', 'GET/1', '', '\u0000', 'POST ', 'G\u00cbT',
];

/** Headers beside the usual ones, all names and values as they go out. */
// biome-ignore format: a list, to be read as one
const HEADERS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['a value of 4 KB', [['X-Long', 'x'.repeat(4_000)]]],
  ['a value of 9 KB', [['X-Long', 'x'.repeat(9_000)]]],
  ['a value of 12 KB', [['X-Long', 'x'.repeat(12_000)]]],
  ['a value of 100 KB', [['X-Long', 'x'.repeat(100_000)]]],
  ['a name of 5 KB', [['X'.repeat(5_000), '1']]],
  ['100 headers', Array.from({ length: 100 }, (_, at) => [`X-${at}`, '1'] as const)],
  ['5,000 headers', Array.from({ length: 5_000 }, (_, at) => [`X-${at}`, '1'] as const)],
  ['the same name 500 times', Array.from({ length: 500 }, () => ['X-Same', '1'] as const)],
  ['another key', [['Authorization', 'Basic eDo=']]],
  ['no scheme', [['Authorization', 'x']]],
  ['Basic of nothing', [['Authorization', 'Basic ']]],
  ['Basic that is no base64', [['Authorization', 'Basic ****']]],
  ['Basic of bytes', [['Authorization', `Basic ${Buffer.from([0, 255, 254, 58]).toString('base64')}`]]],
  ['Basic of 8 KB', [['Authorization', `Basic ${'QUFB'.repeat(2_000)}`]]],
  ['Bearer of nothing', [['Authorization', 'Bearer']]],
  ['Bearer of an unsigned token', [['Authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.']]],
  ['Bearer of 8 KB', [['Authorization', `Bearer ${'a.'.repeat(4_000)}`]]],
  ['a name from a prototype', [['__proto__', '1'], ['constructor', '2'], ['toString', '3']]],
  ['two hosts', [['Host', 'other.example']]],
  ['an empty name', [['', '1']]],
  ['a name with a space', [['X Y', '1']]],
  ['a name with a colon in front', [[':path', '/v1/track']]],
  ['a value with NUL', [['X-Nul', 'a\u0000b']]],
  ['a value with bare CR', [['X-Cr', 'a\rb']]],
  ['a value with bare LF', [['X-Lf', 'a\nX-Injected: 1']]],
  ['a folded value', [['X-Fold', 'a\r\n b']]],
  ['bytes beyond ASCII', [['X-Bytes', '\u00e9\u00ff']]],
  ['a cookie', [['Cookie', 'a=b; __proto__=1; c'], ['Cookie', ';;;=']]],
  ['forwarded addresses', [['X-Forwarded-For', '127.0.0.1, ::1, x'], ['Forwarded', 'for=127.0.0.1'], ['X-Real-Ip', '127.0.0.1']]],
  ['another method by header', [['X-HTTP-Method-Override', 'DELETE'], ['X-Method-Override', 'PUT']]],
  ['another path by header', [['X-Original-URL', '/app-api/balance'], ['X-Rewrite-URL', '/app-api/balance']]],
  ['hops', [['X-Tributary-Hop', '3']]],
  ['too many hops', [['X-Tributary-Hop', '4']]],
  ['hops twice', [['X-Tributary-Hop', '1'], ['X-Tributary-Hop', '9']]],
  ['hops that are none', [['X-Tributary-Hop', '-1, 1e9, NaN, 99999999999999999999']]],
  ['an upgrade to websocket', [['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ['Sec-WebSocket-Key', 'x']]],
  ['an upgrade to h2c', [['Connection', 'Upgrade, HTTP2-Settings'], ['Upgrade', 'h2c'], ['HTTP2-Settings', 'AAMAAABk']]],
  ['a range', [['Range', 'bytes=0-,0-,0-']]],
  ['an expectation', [['Expect', '100-continue']]],
  ['an expectation that nobody knows', [['Expect', '200-ok']]],
  ['an origin', [['Origin', 'null']]],
  ['a long origin', [['Origin', `https://${'a'.repeat(5_000)}.example`]]],
  ['a retry count', [['X-Retry-Count', '999999999999']]],
  ['conditions', [['If-Match', '*'], ['If-Modified-Since', 'x']]],
  ['a trace id', [['X-Amzn-Trace-Id', 'Root=1-x;Self=\u00e9']]],
  ['its length twice', [LENGTH]],
  ['another length', [['Content-Length', '1']]],
  ['a length that is none', [['Content-Length', '1x']]],
  ['a length below zero', [['Content-Length', '-1']]],
  ['a length and chunks', [['Transfer-Encoding', 'chunked']]],
  ['chunks that hide', [['Transfer-Encoding', ' chunked'], ['Transfer-Encoding', 'identity']]],
  ['a coding of transfer that nobody knows', [['Transfer-Encoding', 'gzip']]],
  ['trailers', [['TE', 'trailers'], ['Trailer', 'X-A']]],
];

const PREFLIGHT = [
  ['Origin', 'https://shop.example'],
  ['Access-Control-Request-Method', 'POST'],
  ['Access-Control-Request-Headers', 'authorization,x-retry-count,content-type,x'],
] as const;

/** Request lines and headers. Of those that are no HTTP the gateway says so, here as in AWS; what it lets through is ours to answer. */
export function hostileHeads(writeKey: string): HostileRequest[] {
  const whole = (
    group: string,
    name: string,
    method: string,
    path: string,
    more: readonly (readonly [string, string])[],
  ) =>
    raw(
      group,
      name,
      [Buffer.concat([headOf({ method, path, headers: [HOST, basic(writeKey), JSON_TYPE, ...more, LENGTH] }), BODY])],
      { bodies: path.includes('/v1/m') ? [] : [BODY], isHead: method === 'HEAD' },
    );
  return [
    ...PATHS.map((path) => whole('paths', `POST ${path.slice(0, 60)}`, 'POST', path, [])),
    ...PATHS.slice(0, 40).map((path) => sent('paths', `GET ${path.slice(0, 60)}`, { writeKey, method: 'GET', path })),
    ...QUERIES.map((query) => whole('paths', `?${query.slice(0, 40)}`, 'POST', `/v1/track?${query}`, [])),
    ...METHODS.map((method) => whole('methods', `the method ${JSON.stringify(method)}`, method, '/v1/track', [])),
    ...METHODS.slice(0, 8).map((method) => whole('methods', `${method} of a batch`, method, '/v1/batch', [])),
    whole('methods', 'a preflight', 'OPTIONS', '/v1/track', PREFLIGHT),
    whole('methods', 'a preflight of nowhere', 'OPTIONS', '/nowhere', PREFLIGHT),
    ...HEADERS.map(([name, headers]) => whole('headers', name, 'POST', '/v1/track', headers)),
    ...['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTP/1.1', 'HTTP/1.1x', ''].map((version) =>
      raw(
        'framing',
        `the version ${JSON.stringify(version)}`,
        [Buffer.concat([headOf({ version, headers: [HOST, basic(writeKey), JSON_TYPE, LENGTH] }), BODY])],
        { bodies: [BODY] },
      ),
    ),
    raw('framing', 'no host', [Buffer.concat([headOf({ headers: [basic(writeKey), JSON_TYPE, LENGTH] }), BODY])], {
      bodies: [BODY],
    }),
  ];
}

const CHUNKED = [HOST, JSON_TYPE, ['Transfer-Encoding', 'chunked']] as const;

/** Chunk by chunk, the texts as they go out. */
const CHUNKS: readonly (readonly [string, readonly string[]])[] = [
  ['one chunk', ['1a\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a chunk a byte', [...Array.from(BODY.toString(), (char) => `1\r\n${char}\r\n`), '0\r\n\r\n']],
  ['a size in capitals, with zeros', ['0000001A\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['an extension', ['1a;x=y;"z"\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a long extension', [`1a;${'x'.repeat(20_000)}\r\n`, BODY.toString(), '\r\n0\r\n\r\n']],
  ['trailers', ['1a\r\n', BODY.toString(), '\r\n0\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n']],
  ['a size that is none', ['zz\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a size below zero', ['-1\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a size with a sign', ['+1a\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a size in hex notation', ['0x1a\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a size beyond numbers', ['fffffffffffffffff\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a size that is too small', ['2\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['no size', ['\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['a blank before the size', [' 1a\r\n', BODY.toString(), '\r\n0\r\n\r\n']],
  ['bare line feeds', ['1a\n', BODY.toString(), '\n0\n\n']],
  ['nothing at all', ['0\r\n\r\n']],
];

/** How bytes of a request follow one another. */
export function hostileFraming(writeKey: string): HostileRequest[] {
  const key = basic(writeKey);
  const head = (headers: readonly (readonly [string, string])[], path?: string): Buffer =>
    headOf({ headers: [HOST, key, JSON_TYPE, ...headers], ...(path !== undefined && { path }) });
  const one = Buffer.concat([head([LENGTH]), BODY]);
  const slowly = (bytes: Buffer, parts: number, pauseMs: number) =>
    Array.from({ length: parts }, (_, part) => {
      const size = Math.ceil(bytes.length / parts);
      return [bytes.subarray(part * size, (part + 1) * size), pauseMs];
    }).flat();
  const withinMs = ANSWER_WITHIN_MS + 2_000;
  return [
    ...CHUNKS.map(([name, texts]) =>
      raw(
        'framing',
        `chunked: ${name}`,
        [headOf({ headers: [key, ...CHUNKED] }), ...texts.map((text) => Buffer.from(text))],
        {
          bodies: [BODY],
        },
      ),
    ),
    ...[2, 5, 20].map((count) =>
      raw('framing', `${count} requests at once`, [Buffer.concat(Array.from({ length: count }, () => one))], {
        answers: count,
        bodies: Array.from({ length: count }, () => BODY),
      }),
    ),
    raw(
      'framing',
      'good, bad and good at once',
      [Buffer.concat([one, Buffer.concat([head([['Content-Length', '1']], '/v1/nowhere'), Buffer.from('x')]), one])],
      { answers: 3, bodies: [BODY, undefined, BODY] },
    ),
    raw('framing', 'a good one, then no HTTP', [Buffer.concat([one, Buffer.from('\u0000\u0001nonsense\r\n\r\n')])], {
      answers: 2,
      bodies: [BODY],
    }),
    raw('framing', 'a slow head', slowly(one, 12, 100), { bodies: [BODY], withinMs }),
    raw('framing', 'a slow body', [head([LENGTH]), 300, ...slowly(BODY, 10, 100)], { bodies: [BODY], withinMs }),
    raw('framing', 'a byte at a time', slowly(one, one.length, 2), { bodies: [BODY], withinMs }),
    raw('framing', 'line ends before the request', [Buffer.concat([Buffer.from('\r\n\r\n'), one])], { bodies: [BODY] }),
    raw('framing', 'a body that is longer than it says', [head([['Content-Length', '5']]), BODY], { bodies: [] }),
    raw('framing', 'a body that is shorter than it says', [head([['Content-Length', '500']]), BODY], {
      endsAfter: true,
    }),
    raw('framing', 'no body where one is announced', [head([['Content-Length', '26']])], { endsAfter: true }),
    raw('framing', 'chunks without their end', [headOf({ headers: [key, ...CHUNKED] }), Buffer.from('1a\r\n{"ev')], {
      endsAfter: true,
    }),
    raw('framing', 'half a head', [Buffer.from('POST /v1/track HTTP/1.1\r\nHost: x\r\nX-')], { endsAfter: true }),
    raw('framing', 'no length', [head([])]),
    raw('framing', 'bare line feeds', [Buffer.from(one.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')]),
    raw('framing', 'HTTP/2 at once', [Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')]),
    raw('framing', 'TLS at once', [Buffer.from('16030100c8010000c40303', 'hex'), Buffer.alloc(190, 7)]),
    raw('framing', 'a line without end', [Buffer.from(`POST /${'a'.repeat(100_000)}`)]),
    raw('framing', 'random bytes', [Buffer.from(Array.from({ length: 2_000 }, (_, at) => (at * 73) % 256))]),
  ];
}

// biome-ignore format: a list, to be read as one
const API_PATHS = ['/', '/app-api/status', '/app-api/balance', '/app-api/__proto__', '/app-api/', '/app-api/../app-api/balance', '//app-api/balance', '/app-api/balance/', '/app-api/BALANCE', '/app-api/%62alance', '/app-api/balance%00', `/${'a'.repeat(5_000)}`];
// biome-ignore format: a list, to be read as one
const HOURS = ['', 'x', '2026-11-24T10', '2026-11-24T99', '9999-99-99T99', '0000-00-00T00', '-1', '2026-11-24T10,2026-11-24T11', '%00', '\u00e9', '__proto__', 'x'.repeat(5_000)];

/** The control plane's own API, with a token that is right, wrong or a write key. */
export function hostileApiCalls(writeKey: string, apiToken: string): HostileRequest[] {
  const call = (name: string, method: string, path: string, authorization: string, body = '') =>
    raw(
      'api',
      name,
      [
        Buffer.concat([
          headOf({
            method,
            path,
            headers: [HOST, ['Authorization', authorization], ['Content-Length', String(Buffer.byteLength(body))]],
          }),
          Buffer.from(body),
        ]),
      ],
      { to: 'api', isHead: method === 'HEAD' },
    );
  const right = `Bearer ${apiToken}`;
  return [
    ...API_PATHS.flatMap((path) => [
      call(`GET ${path.slice(0, 40)}`, 'GET', path, right),
      call(`GET ${path.slice(0, 40)} without a token`, 'GET', path, ''),
      call(`POST ${path.slice(0, 40)}`, 'POST', path, right, '{"__proto__":{"polluted":1}}'),
    ]),
    ...HOURS.flatMap((hour) => {
      const text = encodeURIComponent(hour);
      return [
        call(`from=${hour.slice(0, 20)}`, 'GET', `/app-api/balance?from=${text}`, right),
        call(`to=${hour.slice(0, 20)}`, 'GET', `/app-api/balance?from=2026-11-24T10&to=${text}&to=${text}`, right),
      ];
    }),
    ...[
      'Bearer',
      'Bearer ',
      `Bearer ${writeKey}`,
      `Bearer ${apiToken}x`,
      `Bearer ${apiToken} ${apiToken}`,
      `Bearer ${'a'.repeat(8_000)}`,
      'Bearer __proto__',
      basic(writeKey)[1],
      `bearer ${apiToken}`,
    ].map((authorization) => call(`with ${authorization.slice(0, 20)}`, 'GET', '/app-api/balance', authorization)),
    ...['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'X'].map((method) =>
      call(method, method, '/app-api/balance', right),
    ),
  ];
}
