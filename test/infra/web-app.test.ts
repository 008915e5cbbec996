import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_PATHS_CODE } from '../../infra/constructs/app-paths.ts';
import { anApp, deployerOf, resourcesOf, templatesOf } from '../builders/templates.ts';

const templates = templatesOf();
const ofType = (type: string) =>
  resourcesOf(templates, type).map(({ Properties }) => Properties as Record<string, Record<string, unknown>>);
const deployments = deployerOf(templates).filter(({ Type }) => Type === 'Custom::CDKBucketDeployment');

test('a function leads the app’s paths to its page, and no error does: an API’s 404 stays one', () => {
  const [distribution] = ofType('AWS::CloudFront::Distribution');
  const config = distribution?.['DistributionConfig'] as Record<string, unknown> & {
    DefaultCacheBehavior: Record<string, unknown>;
    CacheBehaviors: Record<string, unknown>[];
  };
  expect(config['DefaultRootObject']).toBe('index.html');
  const [fn, ...others] = ofType('AWS::CloudFront::Function');
  expect(others).toEqual([]);
  expect(fn).toMatchObject({ FunctionCode: APP_PATHS_CODE, FunctionConfig: { Runtime: 'cloudfront-js-2.0' } });
  const behaviors = [config.DefaultCacheBehavior, ...config.CacheBehaviors];
  expect(behaviors.map(({ PathPattern, FunctionAssociations: run }) => [PathPattern, run])).toEqual([
    [
      undefined,
      [
        {
          EventType: 'viewer-request',
          FunctionARN: { 'Fn::GetAtt': [expect.stringMatching(/^CdnAppPaths/), 'FunctionARN'] },
        },
      ],
    ],
    ...config.CacheBehaviors.map(({ PathPattern }) => [PathPattern, undefined]),
  ]);
  for (const response of config['CustomErrorResponses'] as object[]) {
    expect(Object.keys(response).toSorted()).toEqual(['ErrorCachingMinTTL', 'ErrorCode']);
  }
});

test('browsers are told that the app runs its own scripts alone, speaks with its API and the sign-in page alone, and stands in no frame', () => {
  const [app] = ofType('AWS::CloudFront::ResponseHeadersPolicy').filter(({ ResponseHeadersPolicyConfig: policy }) =>
    String(policy?.['Comment']).startsWith('The web app'),
  );
  const policy = app?.['ResponseHeadersPolicyConfig'] as Record<string, Record<string, Record<string, unknown>>>;
  const security = policy['SecurityHeadersConfig'];
  const csp = deployed(security?.['ContentSecurityPolicy']?.['ContentSecurityPolicy']);
  expect(csp.split('; ')).toEqual([
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' https://abc.execute-api.eu-west-1.amazonaws.com https://cognito-idp.eu-west-1.amazonaws.com https://tributary-dev-111122223333.auth.eu-west-1.amazoncognito.com",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self' https://tributary-dev-111122223333.auth.eu-west-1.amazoncognito.com",
    "object-src 'none'",
  ]);
  expect(security).toMatchObject({
    FrameOptions: { FrameOption: 'DENY' },
    ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin' },
    StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
  });
  expect(policy['CustomHeadersConfig']?.['Items']).toEqual([
    { Header: 'Cross-Origin-Opener-Policy', Value: 'same-origin', Override: true },
    { Header: 'Cross-Origin-Resource-Policy', Value: 'same-origin', Override: true },
    { Header: 'Permissions-Policy', Value: expect.stringContaining('camera=()'), Override: true },
  ]);
});

test('the app’s page is asked for anew each time, and comes after its parts', () => {
  const [parts, , page, ...others] = deployments;
  expect(others).toEqual([]);
  expect(page?.Properties).toMatchObject({ Prune: false, SystemMetadata: { 'cache-control': 'no-cache' } });
  expect(page?.DependsOn).toContain(parts?.id);
});

test.each([
  ['https', 'aws', 'https://tributary-dev-111122223333.auth.eu-west-1.amazoncognito.com'],
  ['http', 'local', `https://cognito-idp.eu-west-1.amazonaws.com/pool`],
])('by %s the app is told where all of it is, and that it runs on %s', (scheme, edition, signIn) => {
  const [, , page] = deployments;
  const [none, markers] = (page?.Properties['SourceMarkers'] ?? []) as Record<string, unknown>[];
  expect([none, page?.Properties['SourceMarkersConfig']]).toEqual([{}, [{}, { jsonEscape: true }]]);
  const text = configFile().replaceAll(/<<marker:[^>]*>>/g, (marker) => deployed(markers?.[marker], scheme));
  const cdnUrl = `${scheme}://d1.cloudfront.net`;
  expect(JSON.parse(text)).toEqual({
    apiUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com',
    ingestUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com',
    cdnUrl,
    region: 'eu-west-1',
    stage: 'dev',
    edition,
    auth: {
      issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/pool',
      clientId: 'client',
      logoutUrl: `${signIn}/logout?client_id=client&logout_uri=${cdnUrl}/`,
    },
  });
});

test('with an own domain the app is served there', () => {
  const own = templatesOf({
    cdnDomain: 'app.example.com',
    cdnCertificateArn: 'arn:aws:acm:us-east-1:1:certificate/7d5c',
  });
  expect(deployed(own.Web.Outputs['AppUrl']?.Value)).toBe('https://app.example.com');
  const [client] = resourcesOf(own, 'AWS::Cognito::UserPoolClient');
  const { CallbackURLs: back, LogoutURLs: out } = (client?.Properties ?? {}) as Record<string, unknown[]>;
  expect([back?.map((url) => deployed(url)), out?.map((url) => deployed(url))]).toEqual([
    ['https://app.example.com/callback'],
    ['https://app.example.com/'],
  ]);
});

test('without one it is CloudFront’s address of the distribution', () => {
  expect(deployed(templates.Web.Outputs['AppUrl']?.Value)).toBe('https://d1.cloudfront.net');
});

/** `config.json` as it lies in the assembly, its markers unreplaced. */
function configFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-config-'));
  try {
    const { app } = anApp({}, directory);
    app.synth();
    const folder = readdirSync(directory).find((name) => existsSync(join(directory, name, 'config.json')));
    return readFileSync(join(directory, folder ?? '', 'config.json'), 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What CloudFormation makes of a value in eu-west-1. */
function deployed(value: unknown, scheme = 'https'): string {
  if (typeof value === 'string') return value.replaceAll('${AWS::AccountId}', '111122223333');
  const [[name, given] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  const list = given as unknown[];
  const each = (of: unknown): string => deployed(of, scheme);
  const split = (of: unknown): string[] => {
    const [by, text] = (of as { 'Fn::Split': [string, unknown] })['Fn::Split'];
    return each(text).split(by);
  };
  if (name === 'Fn::Join') return (list[1] as unknown[]).map(each).join(String(list[0]));
  if (name === 'Fn::Select') return split(list[1])[Number(list[0])] ?? '';
  if (name === 'Fn::Sub') return each(given);
  if (name === 'Fn::If') return each(list[scheme === 'http' ? 1 : 2]);
  const known: [RegExp, string][] = [
    [/Api\w*Endpoint/, 'https://abc.execute-api.eu-west-1.amazonaws.com'],
    [/ProviderURL/, 'https://cognito-idp.eu-west-1.amazonaws.com/pool'],
    [/AWS::Region/, 'eu-west-1'],
    [/CdnScheme/, scheme],
    [/DomainName/, 'd1.cloudfront.net'],
    [/AppClient/, 'client'],
  ];
  return known.find(([pattern]) => pattern.test(JSON.stringify(value)))?.[1] ?? JSON.stringify(value);
}
