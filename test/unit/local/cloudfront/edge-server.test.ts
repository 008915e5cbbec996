import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  CachePolicyConfig,
  DistributionConfig,
  ResponseHeadersPolicyConfig,
} from '../../../../local/cloudfront/distribution-config.ts';
import { edgeFunction } from '../../../../local/cloudfront/edge-function.ts';
import { type EdgeServer, edgeServer } from '../../../../local/cloudfront/edge-server.ts';
import { memoryMeter } from '../../../../local/front-door/meter.ts';

const PAGE = `<!doctype html>${'<p>long</p>'.repeat(200)}`;
const asked: string[] = [];
const unexpected: string[] = [];
let edge: EdgeServer;

const keyed = {
  CookiesConfig: { CookieBehavior: 'none' },
  HeadersConfig: { HeaderBehavior: 'none' },
  QueryStringsConfig: { QueryStringBehavior: 'none' },
  EnableAcceptEncodingGzip: true,
  EnableAcceptEncodingBrotli: true,
};
const cachePolicy = (parameters: object) =>
  CachePolicyConfig.parse({
    Name: 'p',
    MinTTL: 0,
    DefaultTTL: 0,
    MaxTTL: 60,
    ParametersInCacheKeyAndForwardedToOrigin: parameters,
  });
const behavior = {
  TargetOriginId: 'files',
  CachePolicyId: 'p',
  ResponseHeadersPolicyId: 'h',
  Compress: true,
  ViewerProtocolPolicy: 'https-only',
};
const runs = (FunctionARN: string) => ({ FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN }] });

beforeAll(async () => {
  edge = await edgeServer({
    host: '127.0.0.1',
    port: 0,
    clock: { now: () => Date.now(), after: () => () => undefined },
    meter: memoryMeter(),
    onUnexpected: (error) => unexpected.push(String(error)),
  });
  edge.wire({
    config: DistributionConfig.parse({
      Enabled: true,
      DefaultRootObject: 'root.html',
      Origins: [{ Id: 'files', DomainName: 'd', S3OriginConfig: {} }],
      DefaultCacheBehavior: { ...behavior, ...runs('to-page') },
      CacheBehaviors: [
        { ...behavior, PathPattern: '/' },
        { ...behavior, PathPattern: '/plain*' },
        { ...behavior, ...runs('away'), PathPattern: '/old' },
        { ...behavior, ...runs('broken'), PathPattern: '/broken' },
        { ...behavior, PathPattern: '/gzip', CachePolicyId: 'gzip' },
      ],
    }),
    origins: new Map([
      [
        'files',
        async (_method: string, path: string) => {
          asked.push(path);
          const headers = { 'content-type': 'text/html', 'cache-control': 'no-cache', etag: '"e1"' };
          return { status: path === '/none.js' ? 404 : 200, headers, body: Buffer.from(PAGE) };
        },
      ],
    ]),
    cachePolicies: new Map([
      ['p', cachePolicy(keyed)],
      ['gzip', cachePolicy({ ...keyed, EnableAcceptEncodingBrotli: false })],
    ]),
    headersPolicies: new Map([
      [
        'h',
        ResponseHeadersPolicyConfig.parse({
          Name: 'h',
          SecurityHeadersConfig: {
            ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
            FrameOptions: { FrameOption: 'DENY', Override: true },
            ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
            StrictTransportSecurity: { AccessControlMaxAgeSec: 60, Override: true },
          },
          CustomHeadersConfig: { Items: [{ Header: 'Permissions-Policy', Value: 'usb=()', Override: true }] },
        }),
      ],
    ]),
    functions: new Map([
      [
        'to-page',
        edgeFunction(
          'function handler(event) { if (!/\\./.test(event.request.uri)) event.request.uri = "/page.html"; return event.request; }',
        ),
      ],
      [
        'away',
        edgeFunction('function handler() { return { statusCode: 301, headers: { location: { value: "/new" } } }; }'),
      ],
      ['broken', edgeFunction('function handler() { throw new Error("at the edge"); }')],
    ]),
  });
  edge.open();
});
afterAll(() => edge.close());
beforeEach(() => asked.splice(0));

type Got = { status: number; headers: Record<string, unknown>; body: Buffer };
/** Without what `fetch` adds and undoes. */
const get = (path: string, headers: Record<string, string> = {}): Promise<Got> =>
  new Promise((resolve, reject) => {
    request(`${edge.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

test('a function sends a request on by another path, whose answer comes with all headers', async () => {
  const { status, headers, body } = await get('/acme/sources?tab=1');
  expect([status, body.toString(), asked]).toEqual([200, PAGE, ['/page.html']]);
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'self'",
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=60',
    'permissions-policy': 'usb=()',
  });
  expect((await get('/none.js')).status).toBe(404);
});

test('without a function the root is the root object, and each other path itself', async () => {
  await get('/');
  await get('/plain/');
  expect(asked).toEqual(['/root.html', '/plain/']);
});

test('a function may answer by itself, and one that fails is CloudFront’s 503, with the headers of any answer', async () => {
  const away = await get('/old');
  expect([away.status, away.headers['location'], away.headers['x-frame-options']]).toEqual([301, '/new', 'DENY']);
  const broken = await get('/broken');
  expect([broken.status, broken.headers['x-frame-options'], asked]).toEqual([503, 'DENY', []]);
  expect(unexpected).toEqual([expect.stringContaining('at the edge')]);
});

test('a body goes out by Brotli where both sides have it, else by gzip, else as it is', async () => {
  const coding = async (path: string, accepted: string) => {
    const { headers, body } = await get(path, { 'accept-encoding': accepted });
    expect([headers['vary'], headers['content-length']]).toEqual(['Accept-Encoding', String(body.length)]);
    return [headers['content-encoding'], headers['etag'], body] as const;
  };
  const [name, etag, body] = await coding('/a', 'gzip, deflate, br');
  expect([name, etag, brotliDecompressSync(body).toString()]).toEqual(['br', 'W/"e1"', PAGE]);
  const zipped = await coding('/gzip', 'br, gzip;q=0.8');
  expect([zipped[0], gunzipSync(zipped[2]).toString()]).toEqual(['gzip', PAGE]);
  expect((await coding('/a', 'br;q=0, gzip'))[0]).toBe('gzip');
  expect((await coding('/a', 'br;q=0.5'))[0]).toBe('br');
  const plain = await coding('/a', 'identity');
  expect([plain[0], plain[1], plain[2].toString()]).toEqual([undefined, '"e1"', PAGE]);
});

test('who has it by its tag, weak or strong, gets 304 and no body', async () => {
  for (const tag of ['"e1"', 'W/"e1"', '"other", W/"e1"']) {
    const { status, headers, body } = await get('/a', { 'if-none-match': tag, 'accept-encoding': 'br' });
    expect([tag, status, body.length, headers['etag'], headers['cache-control']]).toEqual([
      tag,
      304,
      0,
      'W/"e1"',
      'no-cache',
    ]);
  }
  expect((await get('/a', { 'if-none-match': '"other"' })).status).toBe(200);
  expect((await get('/none.js', { 'if-none-match': '"e1"' })).status).toBe(404);
});
