/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { archiveEnv, deliverEnv, routeEnv } from '../../shared/config/env.ts';
import { metricNamespace } from '../../shared/config/metrics.ts';
import { CountAlarm } from '../constructs/count-alarm.ts';
import { type CodeOf, HandlerFunction } from '../constructs/handler-function.ts';
import type { Settings } from '../settings.ts';
import { shareConcurrency } from '../share-concurrency.ts';
import type { DataStack } from './data-stack.ts';

export type DeliveryStackProps = StackProps & { settings: Settings; data: DataStack; code: CodeOf };

/** Requests or lane messages that one invocation takes; each is whole and packed already. */
const EVENT_BATCH = 10;
/** The most that a standard queue's mapping takes. A batch ends earlier at 6 MB, Lambda's payload, or when the window closes. */
const ARCHIVE_BATCH = 10_000;

/** From the intake queue to the tools and the archive: route, deliver, archive. */
export class DeliveryStack extends Stack {
  readonly route: LambdaFunction;
  readonly deliver: LambdaFunction;

  constructor(scope: Construct, id: string, { settings, data, code, ...props }: DeliveryStackProps) {
    super(scope, id, { ...props, description: 'Tributary: route, deliver and archive' });
    const concurrency = shareConcurrency(settings.accountConcurrency);
    const common = { code, alarms: data.alarms };
    const ledgerRowDays = String(settings.ledgerRowDays);

    const route = new HandlerFunction(this, 'Route', {
      ...common,
      name: 'route',
      contract: routeEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        SEEN_TABLE_NAME: data.seen.tableName,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        INTAKE_QUEUE_URL: data.intake.queue.queueUrl,
        SHARED_LANE_QUEUE_URL: data.sharedLane.queue.queueUrl,
        ARCHIVE_QUEUE_URL: data.archive.queue.queueUrl,
        LEDGER_ROW_DAYS: ledgerRowDays,
      },
      errorImpact: 'Accepted events are routed late; their requests are received again, up to 100 times.',
    });
    this.route = route.fn;
    data.control.grant(route.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // The claim: an INSERT by PartiQL, a strong read where it fails, and a conditional put over an expired one.
    data.seen.grant(route.fn, 'dynamodb:PartiQLInsert', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    data.ledger.grant(route.fn, 'dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
    data.sharedLane.queue.grant(route.fn, 'sqs:SendMessage');
    data.archive.queue.grant(route.fn, 'sqs:SendMessage');
    data.intake.consumedBy(route.fn, { batchSize: EVENT_BATCH, maxConcurrency: concurrency.route });

    const deliver = new HandlerFunction(this, 'Deliver', {
      ...common,
      name: 'deliver',
      contract: deliverEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        SAMPLES_TABLE_NAME: data.samples.tableName,
        DEAD_LETTER_BUCKET_NAME: data.deadLetterBucket.bucketName,
        SHARED_LANE_QUEUE_URL: data.sharedLane.queue.queueUrl,
        LEDGER_ROW_DAYS: ledgerRowDays,
        SAMPLE_DAYS: String(settings.sampleRetentionDays),
        PRIVATE_TARGETS_ALLOWED: settings.privateTargetsAllowed.join(','),
        // Without a domain of our own the hosts are known only to the stacks after this one; X-Tributary-Hop ends such loops.
        OWN_HOSTS: settings.domain ?? '',
        METRIC_NAMESPACE: metricNamespace(settings.stage),
      },
      errorImpact:
        'Events reach their destinations late, and some may be sent twice; their parts are received again, up to 100 times.',
      // What waits is sent on to the queue that triggers this function; after 16 rounds AWS would drop it (trap L1). Rounds are counted and capped.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.deliver = deliver.fn;
    data.control.grant(deliver.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    data.ledger.grant(deliver.fn, 'dynamodb:PutItem', 'dynamodb:GetItem');
    data.samples.grant(
      deliver.fn,
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
    );
    data.deadLetterBucket.grantPutOnly(deliver.fn);
    deliver.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [data.secretsKey.keyArn],
        // Only with the workspace named, as its data keys were wrapped (K1).
        conditions: { Null: { 'kms:EncryptionContext:workspace': 'false' } },
      }),
    );
    data.sharedLane.queue.grant(deliver.fn, 'sqs:SendMessage');
    data.sharedLane.consumedBy(deliver.fn, {
      batchSize: EVENT_BATCH,
      maxConcurrency: concurrency.deliver,
    });

    new CountAlarm(this, 'BreakersOpened', {
      topic: data.alarms,
      stage: settings.stage,
      name: 'BreakersOpened',
      periodMinutes: 5,
      impact: 'A destination fails on most sends: its events are late. Nothing is lost while its retry window lasts.',
      runbook: 'breakers-opened',
    });

    const archive = new HandlerFunction(this, 'Archive', {
      ...common,
      name: 'archive',
      contract: archiveEnv,
      env: { ARCHIVE_BUCKET_NAME: data.archiveBucket.bucketName },
      errorImpact: 'Events reach the archive late; delivery goes on, and they are received again, up to 100 times.',
    });
    data.archiveBucket.grantPutOnly(archive.fn);
    data.archive.consumedBy(archive.fn, {
      batchSize: ARCHIVE_BATCH,
      maxConcurrency: concurrency.archive,
    });
  }
}
