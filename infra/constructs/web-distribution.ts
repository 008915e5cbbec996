import { Annotations, Aws, Duration, Fn, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  Signing,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LOGO_POLICY } from '../../shared/config/logo-policy.ts';
import { AppHeaders, type AppOrigins } from './app-headers.ts';
import { APP_PATHS_CODE } from './app-paths.ts';

export type WebDistributionProps = {
  /** Begins the names of policies, which are unique in an account; the Region ends them. */
  name: string;
  /** The app's page with what it is configured by, and files under names that are never used again. */
  files: IBucket;
  /** Where the app may send anything to. */
  appOrigins: AppOrigins;
  /** Answers for sources, and says itself how long that holds. */
  api: HttpApi;
  /** Certificate: in us-east-1, whatever the Region of the stacks. */
  domain?: { name: string; certificateArn: string } | undefined;
};

/** What an answer of the API that does not say how long it holds is kept. */
const ANSWER_FRESH_SECONDS = 8;
/** How long an error of an origin is kept: long enough to take the weight of a page that asks for what is not there. */
const NOT_FOUND_FRESH_SECONDS = 10;
/** Failures are not kept: the next page may fare better. */
const FAILED_FRESH_SECONDS = 0;
/** The function answers within 10 s. */
const ORIGIN_TIMEOUT_SECONDS = 15;

const ACKNOWLEDGED = {
  'AwsSolutions-CFR1': 'The sites that load Analytics.js have visitors everywhere.',
  'AwsSolutions-CFR2':
    'Public files and answers without a secret, cached, the origin throttled: a firewall would cost more than all that it could save.',
  'AwsSolutions-CFR3':
    'A log line for each page view of all sites, with its visitor’s address: what we want to know is in metrics and in our own books.',
};
const WITHOUT_DOMAIN =
  'CloudFront’s own domain name has CloudFront’s own TLS policy. With the settings cdnDomain and cdnCertificateArn it is TLS 1.2 and newer.';

const LISTING_WARNING = '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk';

/** The file that answers for the app. */
const APP_PAGE = 'index.html';

/**
 * The CDN: paths of sources go to the API, some to files that sites load, all others to the web app. Neither cookies nor queries nor headers reach the
 * origins or part the cache. Every origin of the web may read every answer for sites, errors included: the client takes one that it may not read for a
 * network error, and sends no events. The app's own files are for no other origin. What is not there is a 404, on every path with a dot in its last part:
 * no error is answered with the app's page, which would pass an API's 404 for a success.
 */
export class WebDistribution extends Distribution {
  constructor(scope: Construct, id: string, { name, files, appOrigins, api, domain }: WebDistributionProps) {
    const named = (what: string): string => Fn.join('-', [name, what, Aws.REGION]);
    const keyed = {
      cookieBehavior: CacheCookieBehavior.none(),
      headerBehavior: CacheHeaderBehavior.none(),
      queryStringBehavior: CacheQueryStringBehavior.none(),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    };
    const corsBehavior = {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: ['*'],
      accessControlAllowMethods: ['GET', 'HEAD'],
      accessControlAllowOrigins: ['*'],
      accessControlExposeHeaders: ['Tributary-Warning'],
      originOverride: true,
    };
    const contentTypeOptions = { override: true };
    const common = {
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      compress: true,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: new ResponseHeadersPolicy(scope, `${id}Headers`, {
        responseHeadersPolicyName: named('headers'),
        comment: 'Readable from every origin',
        corsBehavior,
        securityHeadersBehavior: { contentTypeOptions },
      }),
    };
    const picturesHeaders = new ResponseHeadersPolicy(scope, `${id}HeadersOfLogos`, {
      responseHeadersPolicyName: named('headers-of-logos'),
      comment: 'Readable from every origin; a picture that somebody opens as a page can do nothing',
      corsBehavior,
      securityHeadersBehavior: {
        contentTypeOptions,
        contentSecurityPolicy: { contentSecurityPolicy: LOGO_POLICY, override: true },
      },
    });
    const answers = new CachePolicy(scope, `${id}Answers`, {
      ...keyed,
      cachePolicyName: named('answers'),
      comment: 'As long as the answer says',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(ANSWER_FRESH_SECONDS),
      maxTtl: Duration.days(1),
    });
    const immutable = new CachePolicy(scope, `${id}Files`, {
      ...keyed,
      cachePolicyName: named('files'),
      comment: 'Names are never used again',
      minTtl: Duration.days(1),
      defaultTtl: Duration.days(365),
      maxTtl: Duration.days(365),
    });
    const toApi = {
      ...common,
      cachePolicy: answers,
      origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)), {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        readTimeout: Duration.seconds(ORIGIN_TIMEOUT_SECONDS),
      }),
    };
    const origin: IOrigin = S3BucketOrigin.withOriginAccessControl(files, {
      // Who may not list a bucket is told "forbidden" of what is not there. No request lists it: a path that asks for it is the app's page.
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      originAccessControl: new S3OriginAccessControl(scope, `${id}Access`, {
        originAccessControlName: named('access'),
        signing: Signing.SIGV4_ALWAYS,
      }),
    });
    const toFiles = { ...common, cachePolicy: immutable, origin };
    const toApp = {
      ...toFiles,
      responseHeadersPolicy: new AppHeaders(scope, `${id}HeadersOfApp`, {
        name: named('headers-of-app'),
        origins: appOrigins,
      }),
    };
    const appPaths = new EdgeFunction(scope, `${id}AppPaths`, {
      functionName: named('app-paths'),
      comment: 'Paths of the app are answered with its page',
      code: FunctionCode.fromInline(APP_PATHS_CODE),
      runtime: FunctionRuntime.JS_2_0,
    });
    super(scope, id, {
      comment: 'Tributary: web app, settings of sources, Analytics.js, device-mode scripts',
      defaultRootObject: APP_PAGE,
      // The page and its configuration say themselves that no cache may keep them.
      defaultBehavior: {
        ...toApp,
        cachePolicy: answers,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: appPaths }],
      },
      additionalBehaviors: {
        '/v1/projects/*': toApi,
        '/analytics.js/v1/*': toApi,
        // With their endings: a workspace may be called as the folder is, and its pages are the app's.
        '/assets/*.*': toApp,
        '/analytics-next/bundles/*': toFiles,
        '/next-integrations/*.js': toFiles,
        // Their names stay when a mark changes: kept as long as the file says.
        '/logos/*.svg': { ...toFiles, cachePolicy: answers, responseHeadersPolicy: picturesHeaders },
      },
      errorResponses: [
        ...[403, 404].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(NOT_FOUND_FRESH_SECONDS) })),
        ...[500, 502, 503, 504].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(FAILED_FRESH_SECONDS) })),
      ],
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...(domain !== undefined && {
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(scope, `${id}Certificate`, domain.certificateArn),
      }),
    });
    Annotations.of(this).acknowledgeWarning(LISTING_WARNING, 'It has a root object, and a function before it.');
    for (const [id, reason] of Object.entries(ACKNOWLEDGED)) Validations.of(this).acknowledge({ id, reason });
    if (domain === undefined) Validations.of(this).acknowledge({ id: 'AwsSolutions-CFR4', reason: WITHOUT_DOMAIN });
  }
}
