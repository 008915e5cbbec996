/* oxlint-disable no-new -- a construct enters the tree by being made */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ingestEnv, oauthEnv } from '../../shared/config/env.ts';
import { ASSERTION_KEY_PREFIX, RATE_KEY_PREFIX, TOKEN_KEY_PREFIX } from '../../shared/config/key-prefixes.ts';
import { type CodeOf, HandlerFunction } from '../constructs/handler-function.ts';
import { OperationalAlarm } from '../constructs/operational-alarm.ts';
import { PublicApi } from '../constructs/public-api.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

export type IngestStackProps = StackProps & { settings: Settings; data: DataStack; code: CodeOf };

/** A stage's share of the account's default of 10,000 requests/s (G8): the cap on what a flood can cost. */
const REQUESTS_PER_SECOND_MAX = 2_000;
const REQUESTS_BURST_MAX = 4_000;
/** Answers of 5xx in five minutes that are more than a passing hiccup. */
const SERVER_ERRORS_ALARM = 10;

/** Behind the address of the tracking API, which Segment's client libraries know (E01): routes, stage and function. */
export class IngestStack extends Stack {
  readonly ingest: LambdaFunction;

  constructor(scope: Construct, id: string, { settings, data, code, ...props }: IngestStackProps) {
    super(scope, id, { ...props, description: 'Tributary: ingest behind the tracking API' });
    const ingest = new HandlerFunction(this, 'Ingest', {
      name: 'ingest',
      code,
      alarms: data.alarms,
      contract: ingestEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        USAGE_TABLE_NAME: data.usage.tableName,
        INTAKE_QUEUE_URL: data.intake.queue.queueUrl,
      },
      errorImpact: 'Events sent by client libraries are not accepted; libraries retry for a while, then lose them.',
    });
    this.ingest = ingest.fn;
    data.control.grant(ingest.fn, 'dynamodb:GetItem');
    // Anybody may call these two: of the usage table they read and change what has such a key, and nothing that is counted.
    const grantUsage = (fn: LambdaFunction, action: string, ...prefixes: string[]) =>
      fn.addToRolePolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: [action],
          resources: [data.usage.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((each) => `${each}*`) } },
        }),
      );
    grantUsage(ingest.fn, 'dynamodb:UpdateItem', RATE_KEY_PREFIX);
    grantUsage(ingest.fn, 'dynamodb:GetItem', TOKEN_KEY_PREFIX);
    // Secrets of webhook signatures, and not those of destinations.
    ingest.fn.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['kms:Decrypt'],
        resources: [data.secretsKey.keyArn],
        conditions: {
          Null: { 'kms:EncryptionContext:workspace': 'false' },
          StringEquals: { 'kms:EncryptionContext:purpose': 'source' },
        },
      }),
    );

    const oauth = new HandlerFunction(this, 'OAuth', {
      name: 'oauth',
      code,
      alarms: data.alarms,
      contract: oauthEnv,
      env: { CONTROL_TABLE_NAME: data.control.tableName, USAGE_TABLE_NAME: data.usage.tableName },
      errorImpact:
        'Clients of sources that ask for OAuth get no access tokens; they go on with those they have, then lose their events.',
    });
    data.control.grant(oauth.fn, 'dynamodb:GetItem');
    grantUsage(oauth.fn, 'dynamodb:UpdateItem', RATE_KEY_PREFIX);
    grantUsage(oauth.fn, 'dynamodb:PutItem', TOKEN_KEY_PREFIX, ASSERTION_KEY_PREFIX);
    data.intake.queue.grant(ingest.fn, 'sqs:SendMessage');

    const tracking = new PublicApi(this, 'Tracking', {
      api: data.trackingApi,
      fn: ingest.fn,
      // The short and the long forms, batch and import; ingest answers 404 to the rest, so that such an answer carries CORS headers, too.
      routes: [
        { method: HttpMethod.POST, path: '/v1/{proxy+}' },
        { method: HttpMethod.GET, path: '/v1/pixel/{call}' },
        // Posts to webhook sources are among the first; by these tools look whether anybody is there.
        { method: HttpMethod.GET, path: '/v1/hooks/{source}' },
        { method: HttpMethod.HEAD, path: '/v1/hooks/{source}' },
        // Segment's SDK asks for access tokens at `<authServer>/token` (E04).
        { method: HttpMethod.POST, path: '/token', fn: oauth.fn },
      ],
      requestsPerSecondMax: REQUESTS_PER_SECOND_MAX,
      burstMax: REQUESTS_BURST_MAX,
      domain:
        settings.domain !== undefined && settings.certificateArn !== undefined
          ? { name: settings.domain, certificateArn: settings.certificateArn }
          : undefined,
      unauthenticatedBecause:
        'Client libraries send a public write key, which ingest looks up, or an assertion whose signature oauth checks; the gateway knows neither.',
    });
    new OperationalAlarm(this, 'ServerErrors', {
      topic: data.alarms,
      metric: data.trackingApi.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: SERVER_ERRORS_ALARM,
      impact: 'Client libraries get 5xx answers; they retry for a while, then lose their events.',
      runbook: 'tracking-api-server-errors',
    });

    new CfnOutput(this, 'TrackingUrl', { value: tracking.url });
    if (tracking.domainTarget !== undefined)
      new CfnOutput(this, 'TrackingDomainTarget', { value: tracking.domainTarget });
  }
}
