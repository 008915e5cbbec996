import * as z from 'zod';

// Strict throughout: what a distribution may say beyond this (functions elsewhere, signed URLs, origin groups, geography …) nothing here does.

const Methods = z.array(z.enum(['GET', 'HEAD']));
const Behavior = z.strictObject({
  TargetOriginId: z.string(),
  CachePolicyId: z.string(),
  ResponseHeadersPolicyId: z.string().optional(),
  AllowedMethods: Methods.default(['GET', 'HEAD']),
  CachedMethods: Methods.optional(),
  Compress: z.boolean().default(false),
  FunctionAssociations: z
    .tuple([z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() })])
    .optional(),
  // There is no TLS on one machine: whatever a viewer speaks is let through.
  ViewerProtocolPolicy: z.enum(['allow-all', 'redirect-to-https', 'https-only']),
});

/** Seconds that CloudFront waits for an origin's answer, where the template is silent. */
const READ_TIMEOUT_SECONDS = 30;
const Origin = z.strictObject({
  Id: z.string(),
  DomainName: z.string(),
  OriginAccessControlId: z.string().optional(),
  S3OriginConfig: z.strictObject({ OriginAccessIdentity: z.literal('').optional() }).optional(),
  CustomOriginConfig: z
    .strictObject({
      OriginProtocolPolicy: z.string(),
      OriginSSLProtocols: z.array(z.string()).optional(),
      OriginReadTimeout: z.number().int().min(1).max(120).default(READ_TIMEOUT_SECONDS),
    })
    .optional(),
});

/** How long CloudFront keeps an error where the template is silent. */
export const ERROR_FRESH_SECONDS = 10;
const ErrorResponse = z.strictObject({ ErrorCode: z.number().int(), ErrorCachingMinTTL: z.number().min(0) });

export const DistributionConfig = z.strictObject({
  Enabled: z.literal(true),
  DefaultRootObject: z.string().default(''),
  DefaultCacheBehavior: Behavior,
  CacheBehaviors: z.array(Behavior.extend({ PathPattern: z.string() })).default([]),
  Origins: z.array(Origin).min(1),
  CustomErrorResponses: z.array(ErrorResponse).default([]),
  // Of these nothing is seen here: one machine has no edge, no TLS, no names of its own.
  Aliases: z.array(z.string()).optional(),
  Comment: z.string().optional(),
  HttpVersion: z.string().optional(),
  IPV6Enabled: z.boolean().optional(),
  PriceClass: z.string().optional(),
  ViewerCertificate: z.unknown().optional(),
});
export type DistributionConfig = z.infer<typeof DistributionConfig>;
export type Behavior = z.infer<typeof Behavior>;
export type Origin = z.infer<typeof Origin>;

export const CachePolicyConfig = z.strictObject({
  Name: z.string(),
  Comment: z.string().optional(),
  MinTTL: z.number().min(0),
  DefaultTTL: z.number().min(0),
  MaxTTL: z.number().min(0),
  ParametersInCacheKeyAndForwardedToOrigin: z.strictObject({
    CookiesConfig: z.strictObject({ CookieBehavior: z.literal('none') }),
    HeadersConfig: z.strictObject({ HeaderBehavior: z.literal('none') }),
    QueryStringsConfig: z.strictObject({ QueryStringBehavior: z.literal('none') }),
    EnableAcceptEncodingGzip: z.boolean(),
    EnableAcceptEncodingBrotli: z.boolean().default(false),
  }),
});
export type CachePolicyConfig = z.infer<typeof CachePolicyConfig>;

const Items = z.strictObject({ Items: z.array(z.string()).min(1) });
const Override = z.literal(true);
export const ResponseHeadersPolicyConfig = z.strictObject({
  Name: z.string(),
  Comment: z.string().optional(),
  CorsConfig: z
    .strictObject({
      AccessControlAllowCredentials: z.literal(false),
      AccessControlAllowHeaders: Items,
      AccessControlAllowMethods: Items,
      AccessControlAllowOrigins: z.strictObject({ Items: z.tuple([z.literal('*')]) }),
      AccessControlExposeHeaders: Items.optional(),
      AccessControlMaxAgeSec: z.number().int().optional(),
      OriginOverride: z.literal(true),
    })
    .optional(),
  SecurityHeadersConfig: z
    .strictObject({
      ContentTypeOptions: z.strictObject({ Override }).optional(),
      ContentSecurityPolicy: z.strictObject({ ContentSecurityPolicy: z.string(), Override }).optional(),
      FrameOptions: z.strictObject({ FrameOption: z.enum(['DENY', 'SAMEORIGIN']), Override }).optional(),
      ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), Override }).optional(),
      StrictTransportSecurity: z
        .strictObject({ AccessControlMaxAgeSec: z.int(), IncludeSubdomains: z.literal(false).optional(), Override })
        .optional(),
    })
    .optional(),
  CustomHeadersConfig: z
    .strictObject({ Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), Override })) })
    .optional(),
});
export type ResponseHeadersPolicyConfig = z.infer<typeof ResponseHeadersPolicyConfig>;

export const OriginAccessControlConfig = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  OriginAccessControlOriginType: z.literal('s3'),
  SigningBehavior: z.literal('always'),
  SigningProtocol: z.literal('sigv4'),
});

/** What a policy adds to every answer; CORS only where the viewer names its origin, as CloudFront does. */
export function headersOfPolicy(
  { CorsConfig: cors, SecurityHeadersConfig: security, CustomHeadersConfig: custom }: ResponseHeadersPolicyConfig,
  hasOrigin: boolean,
): Record<string, string> {
  return {
    ...(cors !== undefined &&
      hasOrigin && {
        'access-control-allow-origin': '*',
        ...(cors.AccessControlExposeHeaders !== undefined && {
          'access-control-expose-headers': cors.AccessControlExposeHeaders.Items.join(','),
        }),
      }),
    ...(security?.ContentTypeOptions !== undefined && { 'x-content-type-options': 'nosniff' }),
    ...(security?.ContentSecurityPolicy !== undefined && {
      'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
    }),
    ...(security?.FrameOptions !== undefined && { 'x-frame-options': security.FrameOptions.FrameOption }),
    ...(security?.ReferrerPolicy !== undefined && { 'referrer-policy': security.ReferrerPolicy.ReferrerPolicy }),
    // A browser heeds it over TLS alone.
    ...(security?.StrictTransportSecurity !== undefined && {
      'strict-transport-security': `max-age=${security.StrictTransportSecurity.AccessControlMaxAgeSec}`,
    }),
    ...Object.fromEntries((custom?.Items ?? []).map(({ Header, Value }) => [Header.toLowerCase(), Value])),
  };
}

/** The first behaviour whose pattern fits; `*` is any number of characters, `?` one, both `/` included. */
export function behaviorFor({ CacheBehaviors, DefaultCacheBehavior }: DistributionConfig, path: string): Behavior {
  return CacheBehaviors.find(({ PathPattern }) => fits(PathPattern, path)) ?? DefaultCacheBehavior;
}

function fits(pattern: string, path: string): boolean {
  const source = (pattern.startsWith('/') ? pattern : `/${pattern}`)
    .replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(path);
}
