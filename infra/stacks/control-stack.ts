/* oxlint-disable no-new -- a construct enters the tree by being made */
import { ArnFormat, CfnOutput, CfnParameter, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnUserPoolUser } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { aggregateUsageEnv, apiEnv, checkAlertsEnv, notifyEnv } from '../../shared/config/env.ts';
import { DIGEST_HOURS_PREFIX, DIGEST_MINUTES_PREFIX, MINUTE_STATE_KEY } from '../../shared/config/key-prefixes.ts';
import { hintBusName } from '../../shared/config/hint-names.ts';
import { metricNamespace } from '../../shared/config/metrics.ts';
import { AlertSending } from '../constructs/alert-sending.ts';
import { CountAlarm } from '../constructs/count-alarm.ts';
import { type CodeOf, HandlerFunction } from '../constructs/handler-function.ts';
import { HintBus } from '../constructs/hint-bus.ts';
import { OperatorsDashboard } from '../constructs/operators-dashboard.ts';
import { PublicApi } from '../constructs/public-api.ts';
import { ReplayRunner } from '../constructs/replay-runner.ts';
import { ScheduledRun } from '../constructs/scheduled-run.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';
import { ownHosts } from './own-hosts.ts';

export type ControlStackProps = StackProps & {
  settings: Settings;
  data: DataStack;
  functions: { ingest: LambdaFunction; route: LambdaFunction; deliver: LambdaFunction };
  /** The other stacks whose functions operators look at. */
  watched: readonly Stack[];
  code: CodeOf;
};

/** People and their scripts, not event streams. */
const REQUESTS_PER_SECOND_MAX = 200;
const REQUESTS_BURST_MAX = 400;
const METHODS = [
  HttpMethod.GET,
  HttpMethod.HEAD,
  HttpMethod.POST,
  HttpMethod.PUT,
  HttpMethod.PATCH,
  HttpMethod.DELETE,
] as const;
/** Shares of the monthly budget at which the owner hears: spent so far, and where the month is heading. */
const SPENT_PERCENT = 80;
const FORECAST_PERCENT = 100;

/** What people look at: the API with the status page, the owner's account, the hourly roll-ups, mails about alarms and money. */
export class ControlStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { settings, data, functions, watched: others, code, ...props }: ControlStackProps,
  ) {
    super(scope, id, { ...props, description: 'Tributary: API, status page, roll-ups, alarms by mail, budget' });
    const ownerEmail = new CfnParameter(this, 'OwnerEmail', {
      type: 'String',
      description:
        'Owns the deployment: signs in first, and gets a mail when an alarm goes off and when the budget is nearly spent.',
      allowedPattern: '[^\\s@]+@[^\\s@]+\\.[^\\s@]+',
      constraintDescription: 'must be an e-mail address',
    }).valueAsString;

    const watched = {
      SHARED_LANE_QUEUE_NAME: data.sharedLane.queue.queueName,
      LANE_QUEUE_NAMES: data.lanes.map(({ queueName }) => queueName).join(','),
      INGEST_FUNCTION_NAME: functions.ingest.functionName,
      ROUTE_FUNCTION_NAME: functions.route.functionName,
      DELIVER_FUNCTION_NAME: functions.deliver.functionName,
    };
    const sending = new AlertSending(this, 'SendAlerts', { settings, data, code, ownHosts: ownHosts(settings, data) });
    const hints = this.addHints(settings, data, code, sending);
    const replay = new ReplayRunner(this, 'Replay', { settings, data, code });
    const api = new HandlerFunction(this, 'Api', {
      name: 'api',
      code,
      alarms: data.alarms,
      contract: apiEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        SEALING_KEY_ARN: data.secretsKey.keyArn,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        SAMPLES_TABLE_NAME: data.samples.tableName,
        USAGE_TABLE_NAME: data.usage.tableName,
        SEEN_TABLE_NAME: data.seen.tableName,
        ARCHIVE_BUCKET_NAME: data.archiveBucket.bucketName,
        DEAD_LETTER_BUCKET_NAME: data.deadLetterBucket.bucketName,
        INTAKE_QUEUE_URL: data.intake.queue.queueUrl,
        USER_POOL_ISSUER: data.people.userPoolProviderUrl,
        OWNER_EMAIL: ownerEmail,
        EVENT_BUS_NAME: hints.busName,
        CDN_URL: settings.cdnDomain === undefined ? '' : `https://${settings.cdnDomain}`,
        ...watched,
      },
      errorImpact: 'The API and the status page do not answer; events go on being accepted and delivered.',
    });
    data.control.grant(
      api.fn,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    api.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:GenerateDataKey'],
        resources: [data.secretsKey.keyArn],
        conditions: { Null: { 'kms:EncryptionContext:workspace': 'false' } },
      }),
    );
    // It seals what people enter and opens none of it (K1): of its own it opens the key that signs cursors, which is of no workspace.
    api.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [data.secretsKey.keyArn],
        conditions: { StringEquals: { 'kms:EncryptionContext:workspace': 'deployment' } },
      }),
    );
    // What opens secrets of destinations is the function that delivers: it is asked to check credentials and to seal a copy.
    api.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [
          this.formatArn({
            service: 'lambda',
            resource: 'function',
            resourceName: functions.deliver.functionName,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
          // It is told of a replay that was ordered.
          replay.fn.functionArn,
        ],
      }),
    );
    // What a rule would do to the events of the last day; names and properties that were seen.
    data.archiveBucket.grantReadOnly(api.fn);
    data.ledger.grant(api.fn, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
    data.samples.grant(api.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // Traces: who claimed a messageId, and the payload where it is kept. Test events go the way of all events.
    data.seen.grant(api.fn, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
    data.deadLetterBucket.grantReadOnly(api.fn);
    data.intake.queue.grant(api.fn, 'sqs:SendMessage');
    data.usage.grant(api.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // The one item through which all environments share what CloudWatch answered, and files that people have written.
    data.usage.grant(api.fn, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    mayReadMetrics(api);
    // Accounts of people who are invited; the function mails nobody.
    data.people.grant(
      api.fn,
      'cognito-idp:AdminCreateUser',
      'cognito-idp:AdminSetUserPassword',
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminDeleteUser',
      'cognito-idp:AdminUserGlobalSignOut',
    );
    if (settings.ownerAccount) {
      new CfnUserPoolUser(this, 'OwnerAccount', {
        userPoolId: data.people.userPoolId,
        username: ownerEmail,
        userAttributes: [
          { name: 'email', value: ownerEmail },
          { name: 'email_verified', value: 'true' },
        ],
        // Mailed with a temporary password.
        desiredDeliveryMediums: ['EMAIL'],
      });
    }
    hints.grantHints(api.fn);
    sending.grantInvoke(api.fn);

    const control = new PublicApi(this, 'ControlRoutes', {
      api: data.controlApi,
      fn: api.fn,
      // Everything, since an answer of the gateway's own would not be in the envelope that client libraries need; but method by method: a route of ANY would
      // also get the preflights, which the gateway then does not answer itself.
      routes: METHODS.flatMap((method) => ['/', '/{proxy+}'].map((path) => ({ method, path }))),
      requestsPerSecondMax: REQUESTS_PER_SECOND_MAX,
      burstMax: REQUESTS_BURST_MAX,
      unauthenticatedBecause:
        'The function checks the API token of each request against its hash; the page itself shows nothing without one.',
    });

    const aggregateUsage = new HandlerFunction(this, 'AggregateUsage', {
      name: 'aggregate-usage',
      code,
      alarms: data.alarms,
      contract: aggregateUsageEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        USAGE_TABLE_NAME: data.usage.tableName,
        ARCHIVE_BUCKET_NAME: data.archiveBucket.bucketName,
        INTAKE_QUEUE_NAME: data.intake.queue.queueName,
        ...watched,
        METRIC_NAMESPACE: metricNamespace(settings.stage),
      },
      errorImpact: 'Totals by hour and day lag behind; no event is affected, and the next run makes up for it.',
    });
    data.control.grant(aggregateUsage.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // It pauses destinations that fail for days: the item, its lane and the configuration's version, in one transaction.
    data.control.grant(aggregateUsage.fn, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    data.ledger.grant(
      aggregateUsage.fn,
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
    );
    data.usage.grant(
      aggregateUsage.fn,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    );
    // Digests of the archive, and hashes of the ids of a month. Events themselves it may not read.
    data.archiveBucket.grantUsage(aggregateUsage.fn);
    mayReadMetrics(aggregateUsage);
    new ScheduledRun(this, 'AggregateUsageHourly', {
      fn: aggregateUsage.fn,
      alarms: data.alarms,
      // Five minutes after the hour: what is on its way when the hour ends is mostly in.
      cron: 'cron(5 * * * ? *)',
      impact: 'Totals by hour and day lag behind; no event is affected, and the next run makes up for it.',
      runbook: 'aggregate-usage-dead-letters',
    });

    this.addMinuteRun(data, code, sending);

    // Counted by the hourly run: a period of an hour keeps the alarm on from run to run, with one mail at its beginning.
    new CountAlarm(this, 'LedgerMismatch', {
      topic: data.alarms,
      stage: settings.stage,
      name: 'LedgerMismatch',
      periodMinutes: 60,
      impact: 'The books of a destination do not add up: events may be lost, or were counted twice.',
      runbook: 'ledger-mismatch',
    });
    new CountAlarm(this, 'DestinationsPaused', {
      topic: data.alarms,
      stage: settings.stage,
      name: 'DestinationsPaused',
      periodMinutes: 60,
      impact:
        'A destination that failed for days was paused: its events go to the dead-letter bucket and are lost unless they are replayed before their retention ends.',
      runbook: 'destinations-paused',
    });

    new Subscription(this, 'AlarmMails', {
      topic: data.alarms,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: ownerEmail,
    });
    const subscribers = [{ subscriptionType: 'EMAIL', address: ownerEmail }];
    // The whole account's bill: a filter by tag shows nothing until someone activates the tag for billing.
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: settings.monthlyBudgetUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: [
        { notificationType: 'ACTUAL', threshold: SPENT_PERCENT },
        { notificationType: 'FORECASTED', threshold: FORECAST_PERCENT },
      ].map((rule) => ({
        notification: { ...rule, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
        subscribers,
      })),
    });

    // Last: it shows the functions and schedules that are there by now.
    new OperatorsDashboard(this, 'Dashboard', {
      stage: settings.stage,
      trackingApi: data.trackingApi,
      intake: data.intake.queue,
      archive: data.archive.queue,
      lanes: [data.sharedLane.queue, ...data.lanes],
      deadLetters: {
        intake: data.intake.deadLetterQueue,
        lanes: data.sharedLane.deadLetterQueue,
        archive: data.archive.deadLetterQueue,
      },
      stacks: [...others, this],
    });

    new CfnOutput(this, 'ApiUrl', { value: control.url });
    new CfnOutput(this, 'StatusUrl', { value: `${control.url}/` });
  }

  /** Sums up every minute what was written, for the pages and alerts that look at the newest numbers. */
  private addMinuteRun(data: DataStack, code: CodeOf, sending: AlertSending): void {
    const impact =
      'Overview, health and alerts show numbers that are minutes old, and alerts come late; no event is affected, and the next run makes up for it.';
    const checkAlerts = new HandlerFunction(this, 'CheckAlerts', {
      name: 'check-alerts',
      code,
      alarms: data.alarms,
      contract: checkAlertsEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        USAGE_TABLE_NAME: data.usage.tableName,
        SHARED_LANE_QUEUE_NAME: data.sharedLane.queue.queueName,
        LANE_QUEUE_NAMES: data.lanes.map(({ queueName }) => queueName).join(','),
        SEND_ALERTS_FUNCTION_NAME: sending.fn.functionName,
      },
      errorImpact: impact,
    });
    data.usage.grant(checkAlerts.fn, 'dynamodb:GetItem');
    mayReadMetrics(checkAlerts);
    // What it notes of alerts, and notifications with what is to be sent of them; no configuration.
    checkAlerts.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem'],
        resources: [data.control.tableArn],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['NOTE#*', 'NTF#*', 'SENDS'] },
        },
      }),
    );
    sending.grantInvoke(checkAlerts.fn);
    data.control.grant(checkAlerts.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    data.ledger.grant(checkAlerts.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // Its sums and where it stands; no row.
    checkAlerts.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem'],
        resources: [data.ledger.tableArn],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': [`${DIGEST_MINUTES_PREFIX}*`, `${DIGEST_HOURS_PREFIX}*`, MINUTE_STATE_KEY],
          },
        },
      }),
    );
    new ScheduledRun(this, 'CheckAlertsEveryMinute', {
      fn: checkAlerts.fn,
      alarms: data.alarms,
      cron: 'cron(* * * * ? *)',
      impact,
      runbook: 'check-alerts-dead-letters',
    });
  }

  /** The bus that is told of changes, and the function that tells others: at once, and every hour what it was not told. */
  private addHints(settings: Settings, data: DataStack, code: CodeOf, sending: AlertSending): HintBus {
    const impact =
      'Entries of the audit trail reach the source that they are forwarded to late, notifications of changes come late, and unused sources stay on; no event is lost, and the next run makes up for it.';
    const notify = new HandlerFunction(this, 'Notify', {
      name: 'notify',
      code,
      alarms: data.alarms,
      contract: notifyEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        INTAKE_QUEUE_URL: data.intake.queue.queueUrl,
        SEND_ALERTS_FUNCTION_NAME: sending.fn.functionName,
      },
      errorImpact: impact,
    });
    data.control.grant(notify.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // Its own notes, and sources that it switches off: the item, its audit entry and the configuration's version, in one transaction.
    const grantWrites = (action: string, ...prefixes: string[]) =>
      notify.fn.addToRolePolicy(
        new PolicyStatement({
          actions: [action],
          resources: [data.control.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((each) => `${each}*`) } },
        }),
      );
    // And notifications of what people changed, with what is to be sent of them.
    grantWrites('dynamodb:PutItem', 'NOTE#', 'WS#', 'AUD#', 'NTF#', 'SENDS');
    grantWrites('dynamodb:UpdateItem', 'WS#');
    grantWrites('dynamodb:DeleteItem', 'NOTE#');
    data.intake.queue.grant(notify.fn, 'sqs:SendMessage');
    sending.grantInvoke(notify.fn);
    const { missed } = new ScheduledRun(this, 'NotifyHourly', {
      fn: notify.fn,
      alarms: data.alarms,
      // Apart from the roll-ups, which read the same table.
      cron: 'cron(35 * * * ? *)',
      impact,
      runbook: 'notify-dead-letters',
    });
    return new HintBus(this, 'Hints', { name: hintBusName(settings.stage), notify: notify.fn, missed });
  }
}

/** To be asked through the one item in the usage table only: CloudWatch bills by metric asked. */
function mayReadMetrics(handler: Construct & { fn: LambdaFunction }): void {
  handler.fn.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
  Validations.of(handler).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'cloudwatch:GetMetricData knows no resources; it reads numbers, no payloads.',
  });
}
