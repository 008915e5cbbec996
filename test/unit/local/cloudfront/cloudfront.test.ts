import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudFront, type CloudFront } from '../../../../local/cloudfront/cloudfront.ts';
import { memoryMeter } from '../../../../local/front-door/meter.ts';
import { bucketDeploymentProvider } from '../../../../local/s3/bucket-deployment.ts';
import { s3Service } from '../../../../local/s3/s3-service.ts';
import { AwsError, type Clock, type ResourceProvider } from '../../../../local/types.ts';

const directory = mkdtempSync(join(tmpdir(), 'tributary-cloudfront-'));
let nowMs = Date.parse('2026-11-26T12:00:00.000Z');
const clock: Clock = { now: () => nowMs, after: () => () => undefined };
const s3 = s3Service({ directory: join(directory, 's3'), clock });
/** What the API answers next, and how often it was asked. */
const api = { status: 200, cacheControl: 'max-age=60', body: 'fresh', asked: 0 };
let server: Server;
let edge: CloudFront;
let url: string;
let isReadable = true;

const resource = (logicalId: string, properties: Record<string, unknown>) => ({
  stackName: 'Web',
  logicalId,
  physicalName: logicalId.toLowerCase(),
  properties,
});
const create = async (providers: readonly ResourceProvider[], type: string, id: string, properties: object) => {
  const provider = providers.find((each) => each.type === type);
  if (provider === undefined) throw new Error(type);
  return await provider.create(resource(id, { ...properties }));
};

const none = {
  CookiesConfig: { CookieBehavior: 'none' },
  HeadersConfig: { HeaderBehavior: 'none' },
  QueryStringsConfig: { QueryStringBehavior: 'none' },
  EnableAcceptEncodingGzip: true,
};
const policy = (Name: string, [MinTTL, DefaultTTL, MaxTTL]: readonly number[]) => ({
  CachePolicyConfig: { Name, MinTTL, DefaultTTL, MaxTTL, ParametersInCacheKeyAndForwardedToOrigin: none },
});
const behavior = {
  CachePolicyId: 'answers',
  ResponseHeadersPolicyId: 'headers',
  ViewerProtocolPolicy: 'https-only',
  Compress: true,
};

const distribution = (apiHost: string, over: object = {}) => ({
  DistributionConfig: {
    Enabled: true,
    Origins: [
      {
        Id: 'files',
        DomainName: 'web-files.s3.us-east-1.amazonaws.com',
        OriginAccessControlId: 'access',
        S3OriginConfig: {},
      },
      {
        Id: 'api',
        DomainName: apiHost,
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginReadTimeout: 1 },
      },
    ],
    DefaultCacheBehavior: { ...behavior, TargetOriginId: 'files', CachePolicyId: 'files' },
    CacheBehaviors: [{ ...behavior, TargetOriginId: 'api', PathPattern: '/v1/*/settings' }],
    CustomErrorResponses: [{ ErrorCode: 500, ErrorCachingMinTTL: 0 }],
    ...over,
  },
});

beforeAll(async () => {
  server = createServer((_request, response) => {
    api.asked += 1;
    response
      .writeHead(api.status, { 'cache-control': api.cacheControl, 'content-type': 'application/json' })
      .end(api.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  edge = cloudFront({
    host: '127.0.0.1',
    port: 0,
    clock,
    meter: memoryMeter(),
    s3,
    apiUrls: () => [apiUrl],
    authorize: (arn, action, on) => {
      const isAllowed =
        isReadable &&
        action === 's3:GetObject' &&
        arn.endsWith('distribution/cdn') &&
        on.startsWith('arn:aws:s3:::web-files/');
      if (!isAllowed) throw new AwsError('AccessDenied', 'no', 403);
    },
    onUnexpected: (error) => {
      throw error;
    },
  });
  const asset = join(directory, 'asset');
  mkdirSync(join(asset, 'scripts'), { recursive: true });
  writeFileSync(join(asset, 'scripts', 'a.js'), `// ${'x'.repeat(2_000)}`);
  await create(s3.providers, 'AWS::S3::Bucket', 'Bucket', { BucketName: 'web-files' });
  const deployment = bucketDeploymentProvider({ filesOf: s3.filesOf, assetPath: () => asset, clock });
  await create([deployment], deployment.type, 'Deploy', {
    ServiceToken: 'arn',
    DestinationBucketName: 'web-files',
    SourceBucketNames: ['assets'],
    SourceObjectKeys: ['key.zip'],
    Prune: false,
    RetainOnDelete: false,
    SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
  });
  const { providers } = edge;
  await create(providers, 'AWS::CloudFront::OriginAccessControl', 'Access', {
    OriginAccessControlConfig: {
      Name: 'access',
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  });
  await create(providers, 'AWS::CloudFront::CachePolicy', 'Answers', policy('answers', [0, 30, 86_400]));
  await create(providers, 'AWS::CloudFront::CachePolicy', 'Files', policy('files', [86_400, 86_400, 86_400]));
  await create(providers, 'AWS::CloudFront::ResponseHeadersPolicy', 'Headers', {
    ResponseHeadersPolicyConfig: {
      Name: 'headers',
      CorsConfig: {
        AccessControlAllowCredentials: false,
        AccessControlAllowHeaders: { Items: ['*'] },
        AccessControlAllowMethods: { Items: ['GET'] },
        AccessControlAllowOrigins: { Items: ['*'] },
        OriginOverride: true,
      },
    },
  });
  const made = await create(providers, 'AWS::CloudFront::Distribution', 'Cdn', distribution(new URL(apiUrl).host));
  url = `http://${String(made.attributes['DomainName'])}`;
  edge.open();
});
afterAll(async () => {
  await edge.close();
  await s3.close();
  await new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  // Each test begins with nothing that is fresh or stale.
  nowMs += 10 * 86_400_000;
  Object.assign(api, { status: 200, cacheControl: 'max-age=60', body: 'fresh', asked: 0 });
  isReadable = true;
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${url}${path}`, { headers });
  return {
    status: answer.status,
    cache: answer.headers.get('x-cache'),
    headers: answer.headers,
    body: await answer.text(),
  };
};

test('an answer is kept as long as it says, whatever the query, and asked for anew then', async () => {
  expect(await get('/v1/k/settings')).toMatchObject({ status: 200, cache: 'Miss from cloudfront', body: 'fresh' });
  nowMs += 59_000;
  const hit = await get('/v1/k/settings?bust=1');
  expect([hit.cache, hit.headers.get('age'), api.asked]).toEqual(['Hit from cloudfront', '59', 1]);
  nowMs += 1_000;
  expect((await get('/v1/k/settings')).cache).toBe('Miss from cloudfront');
});

test.each([
  ['no-store', 0],
  ['s-maxage=5, max-age=60', 5],
  ['public', 30],
  ['max-age=999999999', 86_400],
])('with "%s" it is fresh for %i s', async (cacheControl, seconds) => {
  Object.assign(api, { cacheControl });
  await get('/v1/t/settings');
  nowMs += seconds * 1_000 - 1;
  await get('/v1/t/settings');
  nowMs += 1;
  await get('/v1/t/settings');
  expect(api.asked).toBe(seconds === 0 ? 3 : 2);
});

test('an answer of before stands in for an origin that fails, as long as it said', async () => {
  Object.assign(api, { cacheControl: 'max-age=60, stale-if-error=100' });
  await get('/v1/s/settings');
  Object.assign(api, { status: 500, body: 'broken' });
  nowMs += 159_000;
  expect(await get('/v1/s/settings')).toMatchObject({ status: 200, body: 'fresh' });
  nowMs += 1_000;
  expect(await get('/v1/s/settings')).toMatchObject({ status: 500, body: 'broken' });
});

test('an error is kept ten seconds, or as the distribution says, or longer if it says so itself', async () => {
  Object.assign(api, { status: 404, cacheControl: '' });
  await get('/v1/e/settings');
  nowMs += 9_000;
  expect((await get('/v1/e/settings')).cache).toBe('Hit from cloudfront');
  Object.assign(api, { status: 500, asked: 0 });
  for (let round = 0; round < 2; round += 1) await get('/v1/f/settings');
  expect(api.asked).toBe(2);
});

test('requests for one thing at one moment ask once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => get('/v1/o/settings')));
  expect(api.asked).toBe(1);
});

test('every origin may read every answer, errors included', async () => {
  Object.assign(api, { status: 404 });
  for (const path of ['/v1/c/settings', '/scripts/a.js', '/scripts/none.js', '/']) {
    const { headers } = await get(path, { origin: 'https://shop.example.com' });
    expect([path, headers.get('access-control-allow-origin')]).toEqual([path, '*']);
  }
});

test('files come from the bucket, with their type and lifetime, compressed for who takes it', async () => {
  const answer = await fetch(`${url}/scripts/a.js`, { headers: { 'accept-encoding': 'gzip' } });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/javascript',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    vary: 'Accept-Encoding',
  });
  expect(await answer.text()).toHaveLength(2_003);
  const plain = await fetch(`${url}/scripts/a.js`, { headers: { 'accept-encoding': 'identity' } });
  expect([plain.headers.get('content-encoding'), plain.headers.get('content-length')]).toEqual([null, '2003']);
});

test('what is not there looks as what nobody may read, as S3 has it for who may not list the bucket', async () => {
  expect(await get('/scripts/none.js')).toMatchObject({ status: 403, body: expect.stringContaining('AccessDenied') });
  isReadable = false;
  nowMs += 86_400_000;
  expect((await get('/scripts/a.js')).status).toBe(403);
});

test('other methods than GET and HEAD are refused', async () => {
  expect((await fetch(`${url}/scripts/a.js`, { method: 'POST', body: 'x' })).status).toBe(403);
  const head = await fetch(`${url}/scripts/a.js`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test.each([
  [
    'a function at the edge that is not there',
    {
      DefaultCacheBehavior: {
        ...behavior,
        TargetOriginId: 'files',
        FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'arn:x' }],
      },
    },
    /function arn:x/,
  ],
  [
    'a function on the way back',
    {
      DefaultCacheBehavior: {
        ...behavior,
        TargetOriginId: 'files',
        FunctionAssociations: [{ EventType: 'viewer-response', FunctionARN: 'arn:x' }],
      },
    },
    /EventType/,
  ],
  [
    'an origin that is not there',
    { DefaultCacheBehavior: { ...behavior, TargetOriginId: 'nowhere' } },
    /origin nowhere/,
  ],
  [
    'a cache policy that is not there',
    { DefaultCacheBehavior: { ...behavior, TargetOriginId: 'files', CachePolicyId: 'x' } },
    /cache policy x/,
  ],
  ['a distribution that is off', { Enabled: false }, /Enabled/],
  [
    'a bucket that nobody could read',
    { Origins: [{ Id: 'files', DomainName: 'web-files.s3.us-east-1.amazonaws.com', S3OriginConfig: {} }] },
    /without origin access control/,
  ],
])('%s is refused', async (_case, over, message) => {
  const made = create(edge.providers, 'AWS::CloudFront::Distribution', 'Other', distribution('127.0.0.1:1', over));
  await expect(made).rejects.toThrow(message);
});
