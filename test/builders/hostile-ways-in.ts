import { headOf, type HostileRequest, raw, sent } from './hostile-request.ts';

const HOST = ['Host', 'tracking.example'] as const;
const FORM = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64url');

/** What may stand for an event in a query or a form: pairs, or all of it as base64 under `data`. */
// biome-ignore format: a list, to be read as one
const FORMS = [
  '', '&', '=', 'a', 'data', 'data=', 'data=%', 'data=%zz', 'data=****', 'data=e30', 'data=e30&data=e30', 'data[]=e30', 'data=W10', 'data=bnVsbA',
  `data=${base64('{"event":"E","userId":"u"')}`, `data=${base64(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)}`,
  `data=${base64(Buffer.from([0x7b, 0xff, 0x7d]))}`, `data=${base64('{"event":"\\ud800","userId":"u"}')}`,
  `data=${base64('{"__proto__":{"polluted":1},"event":"E","userId":"u"}')}`, `data=${base64(' '.repeat(5_000))}`,
  'event=E&userId=u', 'event=E&event=F&userId=u', 'event[]=E&userId[x]=u', 'event=%00&userId=%00', 'event=%ff&userId=%fe',
  'event=E&userId=u&properties.a=1&properties=2', 'event=E&userId=u&properties[a][b][c]=1', 'event=E&userId=u&properties.__proto__.polluted=1',
  'event=E&userId=u&__proto__[polluted]=1', 'event=E&userId=u&constructor.prototype.polluted=1', 'event=E&userId=u&context.ip=%0d%0a',
  `event=E&userId=u&properties.${'a.'.repeat(300)}b=1`, `event=E&userId=u&properties.${'[0]'.repeat(200)}=1`,
  `event=E&userId=u&${Array.from({ length: 500 }, (_, at) => `properties.k${at}=1`).join('&')}`, 'batch=1&writeKey=x', 'event=E&userId=u&messageId=',
  'event=E&userId=u&timestamp=x', '%7B%22event%22%3A1%7D', '{"event":"E","userId":"u"}', '+++', ';;;', 'event=E;userId=u',
];

/** Pixels and forms. */
export function hostileForms(writeKey: string): HostileRequest[] {
  return [
    ...FORMS.flatMap((form) => [
      raw(
        'forms',
        `a pixel of ${form.slice(0, 40)}`,
        [
          headOf({
            method: 'GET',
            path: `/v1/pixel/track?writeKey=${writeKey}&${form.replaceAll(/[ "{}]/g, encodeURIComponent)}`,
            headers: [HOST],
          }),
        ],
        { bodies: [Buffer.alloc(0)] },
      ),
      sent('forms', `a form of ${form.slice(0, 40)}`, { writeKey, body: form, headers: [FORM] }),
      sent('forms', `a batch form of ${form.slice(0, 40)}`, {
        writeKey,
        path: '/v1/batch',
        body: form,
        headers: [FORM],
      }),
    ]),
    ...['identify', 'nothing', '__proto__', '', 'track/x', '%00', 'track%2f'].map((call) =>
      raw(
        'forms',
        `the pixel ${call}`,
        [headOf({ method: 'GET', path: `/v1/pixel/${call}?userId=u&writeKey=${writeKey}`, headers: [HOST] })],
        {
          bodies: [Buffer.alloc(0)],
        },
      ),
    ),
  ];
}

const ASSERTION = 'client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer';
const jwt = (head: string, claims: string, signature = ''): string => `${base64(head)}.${base64(claims)}.${signature}`;

/** Bodies for the token endpoint: none of them may get a token. */
// biome-ignore format: a list, to be read as one
const TOKEN_FORMS = [
  '', 'x', '{}', 'grant_type=', 'grant_type=password', 'grant_type=client_credentials', 'grant_type=client_credentials&grant_type=x',
  `grant_type=client_credentials&${ASSERTION}`,
  ...[
    '', '.', '..', 'a.b', 'a.b.c', 'a.b.c.d', '....', '%00.%00.%00', `${'a'.repeat(20_000)}.b.c`, jwt('{}', '{}'), jwt('{"alg":"none"}', '{"sub":"x"}'),
    jwt('{"alg":"HS256"}', '{"sub":"x"}', 'AAAA'), jwt('{"alg":"RS256","kid":"../../x"}', '{"iss":"x","sub":"x"}', 'AAAA'), jwt('null', 'null', 'A'),
    jwt('[]', '[]', 'A'), jwt('{"alg":"RS256","__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1}}', 'A'),
    jwt('{"alg":"RS256"}', '['.repeat(5_000), 'A'), jwt('{"alg":"RS256","kid":1e999}', '{"exp":1e999,"iat":-1,"jti":[]}', 'A'),
    jwt('{"alg":"RS256","kid":"\\u0000"}', '{"iss":"\\ud800","sub":"\\ud800"}', 'A'),
  ].map((assertion) => `grant_type=client_credentials&scope=tracking_api%3Awrite&${ASSERTION}&client_assertion=${assertion}`),
  `grant_type=client_credentials&${'a=1&'.repeat(2_000)}`, 'a'.repeat(100_000),
];

export const hostileTokenRequests = (writeKey: string): HostileRequest[] =>
  TOKEN_FORMS.flatMap((body) =>
    [FORM, ['Content-Type', 'application/json'] as const].map((type) =>
      sent(
        'tokens',
        `${type[1]} ${body.slice(-60)}`,
        { writeKey, path: '/token', body, headers: [type] },
        { bodies: [] },
      ),
    ),
  );

// biome-ignore format: a list, to be read as one
const CDN_PATHS = [
  '/', '/v1/projects', '/v1/projects//settings', '/v1/projects/x/settings', '/v1/projects/__proto__/settings', '/v1/projects/%00/settings',
  '/v1/projects/..%2f..%2fx/settings', `/v1/projects/${'a'.repeat(4_000)}/settings`, '/v1/projects/{key}/settings', '/v1/projects/{key}/settings/',
  '/v1/projects/{key}/settings?x=1', '/v1/projects/{key}/settings%00', '/v1/projects/{key}/../x/settings', '/analytics.js/v1/x/analytics.min.js',
  '/analytics.js/v1/{key}/analytics.min.js', '/analytics.js/v1/{key}/../../../etc/passwd', '/analytics.js/v1/"><script>/analytics.min.js',
  "/analytics.js/v1/';alert(1);'/analytics.min.js", '/analytics-next/bundles/x', '/analytics-next/bundles/../../index.html',
  '/analytics-next/bundles/%2e%2e%2f%2e%2e%2f', '/analytics-next/bundles/', '/next-integrations/', '/next-integrations/x/y/z.js', '/%', '/%zz', '//',
  '/.git/config', '/?', '/a%0d%0aX-Injected:%201', `/${'a/'.repeat(1_000)}`,
];

/** The host of settings, snippet and chunks. */
export const hostileCdnRequests = (writeKey: string): HostileRequest[] =>
  CDN_PATHS.map((path) => path.replace('{key}', writeKey)).flatMap((path) =>
    ['GET', 'HEAD', 'POST', 'DELETE'].map((method) =>
      raw(
        'CDN',
        `${method} ${path.slice(0, 60)}`,
        [
          headOf({
            method,
            path: path.replaceAll(' ', '%20'),
            headers: [HOST, ['Origin', 'https://shop.example'], ['Content-Length', '0']],
          }),
        ],
        { to: 'cdn', isHead: method === 'HEAD' },
      ),
    ),
  );
