/* oxlint-disable no-new -- a construct enters the tree by being made */
import { CfnCondition, CfnOutput, CfnParameter, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { cdnEnv } from '../../shared/config/env.ts';
import { SIGNED_OUT_PATH } from '../../shared/config/sign-in.ts';
import type { WebFiles } from '../build/web-files.ts';
import { AppClient } from '../constructs/app-client.ts';
import { FileBucket } from '../constructs/file-bucket.ts';
import { DeployedFiles } from '../constructs/deployed-files.ts';
import { type CodeOf, HandlerFunction } from '../constructs/handler-function.ts';
import { signInPrefixOf } from '../constructs/people-pool.ts';
import { PublicApi } from '../constructs/public-api.ts';
import { WebDistribution } from '../constructs/web-distribution.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

export type WebStackProps = StackProps & { settings: Settings; data: DataStack; code: CodeOf; files: WebFiles };

/** What CloudFront asks: a source's settings once a minute and place, not each page view. */
const REQUESTS_PER_SECOND_MAX = 1_000;
const REQUESTS_BURST_MAX = 2_000;

/** What browsers load: the web app, and before they send, settings of sources, Analytics.js and its parts, scripts of device-mode destinations. */
export class WebStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data, code, files, ...props }: WebStackProps) {
    super(scope, id, {
      ...props,
      description: 'Tributary: CDN with the web app, settings of sources, Analytics.js and device-mode scripts',
    });
    // Whoever runs the template without TLS says so: the domain name of a distribution comes without a scheme.
    const scheme = new CfnParameter(this, 'CdnScheme', {
      type: 'String',
      default: 'https',
      allowedValues: ['https', 'http'],
      description: 'Leave it at https. CloudFront speaks both; npm start, which has no certificate, sets http.',
    }).valueAsString;
    const isLocal = new CfnCondition(this, 'IsLocal', { expression: Fn.conditionEquals(scheme, 'http') });
    const ifLocal = (value: string, otherwise: string): string =>
      Fn.conditionIf(isLocal.logicalId, value, otherwise).toString();
    const issuer = data.people.userPoolProviderUrl;
    // Cognito's sign-in page has a host of its own; the issuer of one machine is both.
    const signInHost = `https://${signInPrefixOf(settings)}.auth.${this.region}.amazoncognito.com`;

    const api = new HttpApi(this, 'CdnApi', { apiName: `Tributary ${settings.stage} cdn`, createDefaultStage: false });
    const bucket = new FileBucket(this, 'Files');
    const distribution = new WebDistribution(this, 'Cdn', {
      name: `Tributary-${settings.stage}`,
      files: bucket,
      appOrigins: {
        api: data.controlApi.apiEndpoint,
        issuer: originOf(issuer),
        signIn: ifLocal(originOf(issuer), signInHost),
      },
      api,
      domain:
        settings.cdnDomain !== undefined && settings.cdnCertificateArn !== undefined
          ? { name: settings.cdnDomain, certificateArn: settings.cdnCertificateArn }
          : undefined,
    });
    const cdnUrl = Fn.join('', [scheme, '://', settings.cdnDomain ?? distribution.distributionDomainName]);

    const ingestUrl = settings.domain === undefined ? data.trackingApi.apiEndpoint : `https://${settings.domain}`;

    const cdn = new HandlerFunction(this, 'CdnSources', {
      name: 'cdn',
      code,
      alarms: data.alarms,
      contract: cdnEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        TRACKING_URL: ingestUrl,
        CDN_URL: cdnUrl,
        DEVICE_SCRIPTS: Object.entries(files.deviceScripts)
          .map(([slug, path]) => `${slug}=${path}`)
          .join(','),
      },
      errorImpact: 'Events of pages whose settings no cache holds are lost until it answers again.',
    });
    data.control.grant(cdn.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    new PublicApi(this, 'CdnRoutes', {
      api,
      fn: cdn.fn,
      routes: ['/v1/projects/{proxy+}', '/analytics.js/v1/{proxy+}'].flatMap((path) => [
        { method: HttpMethod.GET, path },
        { method: HttpMethod.HEAD, path },
      ]),
      requestsPerSecondMax: REQUESTS_PER_SECOND_MAX,
      burstMax: REQUESTS_BURST_MAX,
      unauthenticatedBecause: 'Every page of a site asks with its public write key; there is no secret in the answers.',
    });
    const deployed = new DeployedFiles(this, 'DeployFiles', {
      directory: files.directory,
      bucket,
      kept: 'forever',
    });
    new DeployedFiles(this, 'DeployFilesOfLogos', {
      directory: files.logoDirectory,
      bucket,
      kept: 'a-day',
      log: deployed.log,
    });
    // Its answers name these files: a page must not be told of one that is not there yet.
    cdn.fn.node.addDependency(deployed);

    const { ssoIssuer, ssoClientId, ssoClientSecretName, ssoName } = settings;
    const app = new AppClient(this, 'App', {
      userPool: data.people,
      origin: cdnUrl,
      sso:
        ssoIssuer !== undefined && ssoClientId !== undefined && ssoClientSecretName !== undefined
          ? { name: ssoName, issuer: ssoIssuer, clientId: ssoClientId, clientSecretName: ssoClientSecretName }
          : undefined,
    });

    const signOutUrl = Fn.join('', [
      ifLocal(issuer, signInHost),
      `/logout?client_id=${app.clientId}&logout_uri=${cdnUrl}${SIGNED_OUT_PATH}`,
    ]);
    const page = new DeployedFiles(this, 'DeployFilesOfApp', {
      directory: files.appDirectory,
      more: [
        Source.jsonData('config.json', {
          apiUrl: data.controlApi.apiEndpoint,
          ingestUrl,
          cdnUrl,
          region: this.region,
          stage: settings.stage,
          edition: ifLocal('local', 'aws'),
          auth: { issuer, clientId: app.clientId, logoutUrl: signOutUrl },
        }),
      ],
      bucket,
      kept: 'checked',
      log: deployed.log,
    });
    // It names its parts.
    page.node.addDependency(deployed);

    new CfnOutput(this, 'AppUrl', { value: cdnUrl });
    new CfnOutput(this, 'CdnUrl', { value: cdnUrl });
    new CfnOutput(this, 'AppClientId', { value: app.clientId });
    if (settings.cdnDomain !== undefined)
      new CfnOutput(this, 'CdnDomainTarget', { value: distribution.distributionDomainName });
  }
}

/** Of a URL: it ends where its path begins. */
const originOf = (url: string): string =>
  Fn.join('//', [Fn.select(0, Fn.split('//', url)), Fn.select(2, Fn.split('/', url))]);
