import { runInNewContext } from 'node:vm';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWebFiles, deviceScript } from '../../infra/build/web-files.ts';
import { SOURCE_CATALOG } from '../../shared/catalog/source-catalog.ts';
import { SLUGS } from '../../shared/destinations/catalog.ts';
import { DEVICE_SCRIPTS } from '../../shared/config/device-scripts.ts';
import { DEVICE_MODES } from '../../shared/destinations/device-modes.ts';
import { deployerOf, resourcesOf, templatesOf } from '../builders/templates.ts';

/** Before compression. Liquid, which mappings may use, is half of it. */
const DEVICE_SCRIPT_BYTES_MAX = 190_000;

const templates = templatesOf();
const ofType = (type: string, from = templates) =>
  resourcesOf(from, type).map(({ Properties }) => Properties as Record<string, Record<string, unknown>>);

type Behavior = { PathPattern?: string; TargetOriginId: string; CachePolicyId: { Ref: string } } & Record<
  string,
  unknown
>;
const configOf = (from = templates) => {
  const [distribution, ...others] = ofType('AWS::CloudFront::Distribution', from);
  expect(others).toEqual([]);
  return distribution?.['DistributionConfig'] as Record<string, unknown> & {
    DefaultCacheBehavior: Behavior;
    CacheBehaviors: Behavior[];
    Origins: ({ Id: string } & Record<string, unknown>)[];
  };
};

describe('the distribution', () => {
  const { DefaultCacheBehavior, CacheBehaviors, Origins, ...config } = configOf();
  const behaviors = [DefaultCacheBehavior, ...CacheBehaviors];
  const [files, api] = Origins;

  test('leads paths of sources to the API, those of files to the files, and all others to the app', () => {
    const headersOf = (name: string) => ({
      ResponseHeadersPolicyId: { Ref: expect.stringMatching(`^${name}[0-9A-F]{8}$`) },
    });
    const checked = { Ref: expect.stringMatching(/^CdnAnswers/) };
    const ofBucket = { TargetOriginId: files?.Id, CachePolicyId: { Ref: expect.stringMatching(/^CdnFiles/) } };
    const toFiles = { ...ofBucket, ...headersOf('CdnHeaders') };
    const toApp = { ...ofBucket, ...headersOf('CdnHeadersOfApp') };
    const toApi = { TargetOriginId: api?.Id, CachePolicyId: checked, ...headersOf('CdnHeaders') };
    expect(behaviors.map(({ PathPattern, ...rest }) => [PathPattern, rest])).toEqual([
      // Its page changes under its name.
      [undefined, expect.objectContaining({ ...toApp, CachePolicyId: checked })],
      ['/v1/projects/*', expect.objectContaining(toApi)],
      ['/analytics.js/v1/*', expect.objectContaining(toApi)],
      ['/assets/*.*', expect.objectContaining(toApp)],
      ['/analytics-next/bundles/*', expect.objectContaining(toFiles)],
      ['/next-integrations/*.js', expect.objectContaining(toFiles)],
      // Of one name a mark may change: kept as long as its file says.
      [
        '/logos/*.svg',
        expect.objectContaining({ ...ofBucket, CachePolicyId: checked, ...headersOf('CdnHeadersOfLogos') }),
      ],
    ]);
    expect(files).toMatchObject({
      DomainName: { 'Fn::GetAtt': [expect.stringMatching(/^Files/), 'RegionalDomainName'] },
      OriginAccessControlId: { 'Fn::GetAtt': [expect.stringMatching(/^CdnAccess/), 'Id'] },
    });
    expect(api).toMatchObject({ CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } });
  });

  test('on every path answers GET and HEAD alone, over TLS, compressed', () => {
    for (const behavior of behaviors) {
      expect(behavior).toMatchObject({
        AllowedMethods: ['GET', 'HEAD'],
        Compress: true,
        ViewerProtocolPolicy: 'redirect-to-https',
        ResponseHeadersPolicyId: { Ref: expect.stringMatching(/^CdnHeaders/) },
      });
    }
    for (const { ResponseHeadersPolicyConfig: policy } of ofType('AWS::CloudFront::ResponseHeadersPolicy')) {
      expect(policy).toMatchObject({ SecurityHeadersConfig: { ContentTypeOptions: { Override: true } } });
    }
  });

  test('lets every origin read what sites load, and none the app', () => {
    const cors = resourcesOf(templates, 'AWS::CloudFront::ResponseHeadersPolicy').map(({ id, Properties }) => [
      id.slice(0, -8),
      (Properties['ResponseHeadersPolicyConfig'] as Record<string, unknown>)['CorsConfig'],
    ]);
    const anybody = expect.objectContaining({ AccessControlAllowOrigins: { Items: ['*'] }, OriginOverride: true });
    expect(cors).toEqual([
      ['CdnHeaders', anybody],
      ['CdnHeadersOfLogos', anybody],
      ['CdnHeadersOfApp', undefined],
    ]);
  });

  test('lets a picture that is opened as a page do nothing', () => {
    const logos = CacheBehaviors.find(({ PathPattern }) => PathPattern === '/logos/*.svg');
    const id = logos?.['ResponseHeadersPolicyId'] as { Ref: string } | undefined;
    const policy = templates.Web.Resources[id?.Ref ?? '']?.Properties?.['ResponseHeadersPolicyConfig'];
    expect(policy).toMatchObject({
      SecurityHeadersConfig: {
        ContentSecurityPolicy: {
          ContentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; sandbox",
          Override: true,
        },
      },
    });
  });

  test('keeps answers as long as they say, eight seconds by default, files a year, errors 10 s, failures not at all', () => {
    const policies = ofType('AWS::CloudFront::CachePolicy').map(({ CachePolicyConfig: made }) => [
      made?.['MinTTL'],
      made?.['DefaultTTL'],
      made?.['MaxTTL'],
    ]);
    expect(policies).toEqual([
      [0, 8, 86_400],
      [86_400, 31_536_000, 31_536_000],
    ]);
    expect(config['CustomErrorResponses']).toEqual([
      { ErrorCode: 403, ErrorCachingMinTTL: 10 },
      { ErrorCode: 404, ErrorCachingMinTTL: 10 },
      ...[500, 502, 503, 504].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    ]);
  });

  test('neither query nor header nor cookie parts its cache, so that nobody can ask past it', () => {
    for (const { CachePolicyConfig: policy } of ofType('AWS::CloudFront::CachePolicy')) {
      expect(policy?.['ParametersInCacheKeyAndForwardedToOrigin']).toEqual({
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
        EnableAcceptEncodingGzip: true,
        EnableAcceptEncodingBrotli: true,
      });
    }
  });
});

test('with an own domain the CDN goes by it, with TLS 1.2 and newer, and pages are told so', () => {
  const certificate = 'arn:aws:acm:us-east-1:1:certificate/7d5c';
  const own = templatesOf({ cdnDomain: 'cdn.example.com', cdnCertificateArn: certificate });
  expect(configOf(own)).toMatchObject({
    Aliases: ['cdn.example.com'],
    ViewerCertificate: {
      AcmCertificateArn: certificate,
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    },
  });
  const url = { 'Fn::Join': ['', [{ Ref: 'CdnScheme' }, '://cdn.example.com']] };
  expect(own.Web.Outputs['CdnUrl']?.Value).toEqual(url);
  expect(own.Web.Outputs).toHaveProperty('CdnDomainTarget');
  const [fn] = resourcesOf(own, 'AWS::Lambda::Function').filter(({ part }) => part === 'Web');
  expect(fn?.Properties['Environment']).toMatchObject({ Variables: { CDN_URL: url } });
  expect(templates.Web.Parameters['CdnScheme']).toMatchObject({ Default: 'https', AllowedValues: ['https', 'http'] });
});

test('without TLS is no way to the files’ bucket, and nothing of it is public', () => {
  const [bucket] = resourcesOf(templates, 'AWS::S3::Bucket').filter(({ part }) => part === 'Web');
  expect(bucket).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true } },
  });
});

test('a deployment adds files and takes none away: pages that were loaded before it still ask for the old ones', () => {
  const [deployment] = deployerOf(templates).filter(({ Type }) => Type === 'Custom::CDKBucketDeployment');
  expect(deployment?.Properties).toMatchObject({
    Prune: false,
    RetainOnDelete: false,
    SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
  });
});

test('a logo is asked for again after a day, since another may come under its name', () => {
  const [, logos] = deployerOf(templates).filter(({ Type }) => Type === 'Custom::CDKBucketDeployment');
  expect(logos?.Properties).toMatchObject({
    Prune: false,
    SystemMetadata: { 'cache-control': 'public, max-age=86400' },
  });
});

test('the function that names the files goes live after they are there', () => {
  const [deployment] = deployerOf(templates).filter(({ Type }) => Type === 'Custom::CDKBucketDeployment');
  const [fn, ...others] = resourcesOf(templates, 'AWS::Lambda::Function').filter(({ part }) => part === 'Web');
  expect(others).toEqual([]);
  expect(fn?.DependsOn).toContain(deployment?.id);
});

/** The app and the scripts are built in some of these. */
jest.setTimeout(60_000);

describe('the files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-web-files-'));
  afterAll(() => {
    for (const end of ['', '-app', '-page']) rmSync(`${directory}${end}`, { recursive: true });
  });

  test('are the parts of Analytics.js that it asks for by name, a script for each device-mode type, and the app', async () => {
    const { deviceScripts, appDirectory } = await buildWebFiles(directory);
    const again = await buildWebFiles(directory);
    expect(again.deviceScripts).toEqual(deviceScripts);
    expect(Object.keys(deviceScripts)).toEqual(DEVICE_MODES.map(({ slug }) => slug));
    expect(DEVICE_SCRIPTS.map(({ slug }) => slug)).toEqual(DEVICE_MODES.map(({ slug }) => slug));
    for (const path of Object.values(deviceScripts)) {
      expect(path).toMatch(/^\/next-integrations\/actions\/[a-z-]+\/[0-9a-f]{16}\.js$/);
      expect(readFileSync(join(directory, path), 'utf8').length).toBeGreaterThan(10_000);
    }
    expect(existsSync(join(appDirectory, 'index.html'))).toBe(true);
    expect(readdirSync(appDirectory)).not.toContain('assets');
    expect(readdirSync(join(directory, 'assets')).length).toBeGreaterThan(0);
    const umd = join(import.meta.dirname, '../../node_modules/@segment/analytics-next/dist/umd');
    const wanted = readFileSync(join(umd, 'standalone.js'), 'utf8').matchAll(/\b(\d+):"([0-9a-f]{20})"/g);
    const hashes = [...wanted].map(([, , hash]) => hash);
    const served = readdirSync(join(directory, 'analytics-next', 'bundles'));
    expect(hashes.length).toBeGreaterThan(5);
    for (const hash of hashes) expect(served.filter((name) => name.includes(String(hash)))).toHaveLength(1);
  });

  test('are, in a directory of their own, a logo for everything in the catalog, the same each time', async () => {
    const { logoDirectory } = await buildWebFiles(directory);
    const logos = readdirSync(join(logoDirectory, 'logos'));
    expect(logos.toSorted()).toEqual(
      [...new Set([...SLUGS, ...SOURCE_CATALOG.map(({ slug }) => slug)])].map((slug) => `${slug}.svg`).toSorted(),
    );
    const texts = () => logos.map((name) => readFileSync(join(logoDirectory, 'logos', name), 'utf8'));
    const first = texts();
    await buildWebFiles(directory);
    expect(texts()).toEqual(first);
    rmSync(logoDirectory, { recursive: true });
    // Two whole builds, the app's among them.
  }, 60_000);

  test.each(DEVICE_MODES)(
    'the script of $slug gives plugins, holds none of the vendor’s SDK, and names nobody else as sender',
    async (mode) => {
      const { text, inputs } = await deviceScript(mode);
      expect(inputs.filter((input) => /node_modules\/(?:@braze|zod)\//.test(input))).toEqual([]);
      expect(text.length).toBeLessThan(DEVICE_SCRIPT_BYTES_MAX);
      expect(text).not.toMatch(/BrazeSdkMetadata/);
      const window: Record<string, (settings: unknown) => Promise<{ name: string; type: string }[]>> = {};
      runInNewContext(text, { window, console });
      const subscription = { enabled: true, partnerAction: 'trackEvent', subscribe: 'type = "track"', mapping: {} };
      const plugins = await window[mode.libraryName]?.({ subscriptions: [subscription], bundlingStatus: 'bundled' });
      expect(plugins?.map(({ name, type }) => ({ name, type }))).toEqual([
        { name: `${mode.name} trackEvent`, type: 'destination' },
      ]);
    },
  );
});
