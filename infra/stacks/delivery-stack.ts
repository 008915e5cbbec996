/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { archiveEnv, deliverEnv, emptyDeadLettersEnv, routeEnv } from '../../shared/config/env.ts';
import { DEBUG_KEY_PREFIX, HOOK_SAMPLE_KEY_PREFIX } from '../../shared/config/key-prefixes.ts';
import { metricNamespace } from '../../shared/config/metrics.ts';
import { CountAlarm } from '../constructs/count-alarm.ts';
import { consumeQueues } from '../constructs/consume-queues.ts';
import { type CodeOf, HandlerFunction } from '../constructs/handler-function.ts';
import type { Settings } from '../settings.ts';
import { shareConcurrency } from '../share-concurrency.ts';
import type { DataStack } from './data-stack.ts';
import { ownHosts } from './own-hosts.ts';

export type DeliveryStackProps = StackProps & { settings: Settings; data: DataStack; code: CodeOf };

/** Requests or lane messages that one invocation takes; each is whole and packed already. */
const EVENT_BATCH = 10;
/** The most that a standard queue's mapping takes. A batch ends earlier at 6 MB, Lambda's payload, or when the window closes. */
const ARCHIVE_BATCH = 10_000;

/** From the intake queue to the tools and the archive: route, deliver, archive; and what puts away the messages that those cannot finish. */
export class DeliveryStack extends Stack {
  readonly route: LambdaFunction;
  readonly deliver: LambdaFunction;

  constructor(scope: Construct, id: string, { settings, data, code, ...props }: DeliveryStackProps) {
    super(scope, id, {
      ...props,
      description: 'Tributary: route, deliver, archive and what empties dead-letter queues',
    });
    const concurrency = shareConcurrency(settings.accountConcurrency, settings.lanes);
    const common = { code, alarms: data.alarms };
    const ledgerRowDays = String(settings.ledgerRowDays);
    const laneQueues = [data.sharedLane.queue, ...data.lanes];
    const laneQueueNames = data.lanes.map(({ queueName }) => queueName).join(',');

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
        LANE_QUEUE_NAMES: laneQueueNames,
        ARCHIVE_QUEUE_URL: data.archive.queue.queueUrl,
        DEAD_LETTER_BUCKET_NAME: data.deadLetterBucket.bucketName,
        SAMPLES_TABLE_NAME: data.samples.tableName,
        SAMPLE_DAYS: String(settings.sampleRetentionDays),
        LEDGER_ROW_DAYS: ledgerRowDays,
      },
      errorImpact: 'Accepted events are routed late; their requests are received again, up to 100 times.',
    });
    this.route = route.fn;
    data.control.grant(route.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // By event: an INSERT by PartiQL, a strong read where it fails, a conditional put over an expired one. By device: heads are read and put
    // under conditions, chunks are queried, a head is closed or kept by an update.
    data.seen.grant(
      route.fn,
      'dynamodb:PartiQLInsert',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    );
    // Rows are never deleted, marks of tries are.
    data.ledger.grant(
      route.fn,
      'dynamodb:PutItem',
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:DeleteItem',
    );
    // The last request of each webhook source, what the debugger shows and how much of it there may be; no other sample, and none to read.
    const grantSamples = (action: string, ...prefixes: string[]) =>
      route.fn.addToRolePolicy(
        new PolicyStatement({
          actions: [action],
          resources: [data.samples.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((each) => `${each}*`) } },
        }),
      );
    grantSamples('dynamodb:PutItem', HOOK_SAMPLE_KEY_PREFIX, DEBUG_KEY_PREFIX);
    grantSamples('dynamodb:UpdateItem', DEBUG_KEY_PREFIX);
    // A request that nobody can read.
    data.deadLetterBucket.grantPutOnly(route.fn);
    route.fn.addToRolePolicy(sendTo([...laneQueues, data.archive.queue]));
    consumeQueues(route.fn, [
      { id: 'Intake', queue: data.intake.queue, batchSize: EVENT_BATCH, maxConcurrency: concurrency.route },
    ]);

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
        LANE_QUEUE_NAMES: laneQueueNames,
        LEDGER_ROW_DAYS: ledgerRowDays,
        DEAD_LETTER_DAYS: String(settings.deadLetterRetentionDays),
        SAMPLE_DAYS: String(settings.sampleRetentionDays),
        PRIVATE_TARGETS_ALLOWED: settings.privateTargetsAllowed.join(','),
        // A destination that sends to where its events come from. What else leads back to us X-Tributary-Hop ends.
        OWN_HOSTS: ownHosts(settings, data),
        TRACKING_URL: settings.domain === undefined ? data.trackingApi.apiEndpoint : `https://${settings.domain}`,
        METRIC_NAMESPACE: metricNamespace(settings.stage),
      },
      errorImpact:
        'Events reach their destinations late, and some may be sent twice; their parts are received again, up to 100 times.',
      // What waits is sent on to the queue that triggers this function; after 16 rounds AWS would drop it (trap L1). Rounds are counted and capped.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.deliver = deliver.fn;
    data.control.grant(deliver.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // Done rows are never deleted; breakers that close and marks of tries are.
    data.ledger.grant(
      deliver.fn,
      'dynamodb:PutItem',
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:DeleteItem',
    );
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
        // Only with the workspace named, as its data keys were wrapped (K1), and not those of sources' secrets.
        conditions: {
          Null: { 'kms:EncryptionContext:workspace': 'false', 'kms:EncryptionContext:purpose': 'true' },
        },
      }),
    );
    const own = { batchSize: EVENT_BATCH, maxConcurrency: concurrency.lane };
    consumeQueues(
      deliver.fn,
      [
        {
          id: 'SharedLane',
          queue: data.sharedLane.queue,
          batchSize: EVENT_BATCH,
          maxConcurrency: concurrency.sharedLane,
        },
        ...data.lanes.map((queue) => ({ id: queue.node.id, queue, ...own })),
      ],
      ['sqs:SendMessage'],
    );
    new CountAlarm(this, 'BreakersOpened', {
      topic: data.alarms,
      stage: settings.stage,
      name: 'BreakersOpened',
      periodMinutes: 5,
      impact: 'A destination fails on most sends: its events are late. Nothing is lost while its retry window lasts.',
      runbook: 'breakers-opened',
    });

    const emptyDeadLetters = new HandlerFunction(this, 'EmptyDeadLetters', {
      ...common,
      name: 'empty-dead-letters',
      contract: emptyDeadLettersEnv,
      env: {
        CONTROL_TABLE_NAME: data.control.tableName,
        LEDGER_TABLE_NAME: data.ledger.tableName,
        DEAD_LETTER_BUCKET_NAME: data.deadLetterBucket.bucketName,
        SAMPLES_TABLE_NAME: data.samples.tableName,
        SAMPLE_DAYS: String(settings.sampleRetentionDays),
        INTAKE_DEAD_LETTER_QUEUE_ARN: data.intake.deadLetterQueue.queueArn,
        SHARED_LANE_QUEUE_URL: data.sharedLane.queue.queueUrl,
        LANE_QUEUE_NAMES: laneQueueNames,
        LEDGER_ROW_DAYS: ledgerRowDays,
        DEAD_LETTER_DAYS: String(settings.deadLetterRetentionDays),
      },
      errorImpact:
        'What could not be routed or delivered is put away late; it is lost if it stays in its dead-letter queue until 14 days old.',
      // What it gets may have been sent on many times, and a hop that a row asks for goes back to where that began. What AWS drops here is lost (trap L1).
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    data.control.grant(emptyDeadLetters.fn, 'dynamodb:GetItem', 'dynamodb:Query');
    // Rows are never deleted, marks of tries are.
    data.ledger.grant(
      emptyDeadLetters.fn,
      'dynamodb:PutItem',
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:DeleteItem',
    );
    // An example of what it gives up.
    data.samples.grant(emptyDeadLetters.fn, 'dynamodb:PutItem');
    data.deadLetterBucket.grantPutOnly(emptyDeadLetters.fn);
    emptyDeadLetters.fn.addToRolePolicy(sendTo(laneQueues));
    consumeQueues(
      emptyDeadLetters.fn,
      (['intake', 'sharedLane'] as const).map((name) => ({
        id: name === 'intake' ? 'IntakeDeadLetters' : 'LaneDeadLetters',
        queue: data[name].deadLetterQueue,
        batchSize: EVENT_BATCH,
        maxConcurrency: concurrency.deadLetters,
      })),
    );

    const archive = new HandlerFunction(this, 'Archive', {
      ...common,
      name: 'archive',
      contract: archiveEnv,
      env: { ARCHIVE_BUCKET_NAME: data.archiveBucket.bucketName },
      errorImpact: 'Events reach the archive late; delivery goes on, and they are received again, up to 100 times.',
    });
    data.archiveBucket.grantPutOnly(archive.fn);
    consumeQueues(archive.fn, [
      {
        id: 'Archive',
        queue: data.archive.queue,
        batchSize: ARCHIVE_BATCH,
        windowSeconds: settings.archiveWindowSeconds,
        maxConcurrency: concurrency.archive,
      },
    ]);
  }
}

const sendTo = (queues: readonly Queue[]): PolicyStatement =>
  new PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queueArn }) => queueArn) });
