/* oxlint-disable no-new -- a construct enters the tree by being made */
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { ControlApi } from '../constructs/control-api.ts';
import { EventQueue } from '../constructs/event-queue.ts';
import { LaneQueue } from '../constructs/lane-queue.ts';
import { PeoplePool } from '../constructs/people-pool.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { StateTable } from '../constructs/state-table.ts';
import { TrackingApi } from '../constructs/tracking-api.ts';
import { FUNCTION_LIMITS } from '../function-limits.ts';
import type { Settings } from '../settings.ts';

/** A message waits 15 minutes at most before it is sent on as a new one: an older one was not taken. */
const LANE_OLDEST_SECONDS = 1_800;
const LANE_LATE = 'Events reach their destinations late; nothing is lost before they are 14 days old.';
/** Hashes of the ids of a month are kept so long after they were written last: its late events come 15 days after its end at most. */
const SEEN_USERS_DAYS = 60;

/**
 * All that must survive: tables, buckets, queues of accepted events, the key of secrets, people's accounts, the addresses that client libraries send to and
 * programs ask. What holds data is retained, and nothing has a physical name; logical ids and key schemas are pinned by a test, because a changed one would
 * replace the thing and leave its data behind (C1).
 */
export class DataStack extends Stack {
  readonly alarms: AlarmTopic;
  /** The stack's own table, or the one that a restore made. */
  readonly control: ITableV2;
  readonly seen: TableV2;
  readonly ledger: TableV2;
  readonly samples: TableV2;
  readonly usage: TableV2;
  readonly archiveBucket: PrivateBucket;
  readonly deadLetterBucket: PrivateBucket;
  readonly intake: EventQueue;
  readonly sharedLane: EventQueue;
  /** Those that destinations hold, by number. */
  readonly lanes: readonly LaneQueue[];
  readonly archive: EventQueue;
  readonly secretsKey: Key;
  readonly trackingApi: HttpApi;
  /** The Public API's and the app's. */
  readonly controlApi: HttpApi;
  readonly people: PeoplePool;

  constructor(scope: Construct, id: string, { settings, ...props }: StackProps & { settings: Settings }) {
    super(scope, id, {
      ...props,
      description: 'Tributary: tables, buckets, queues, key and accounts; all of it is kept',
    });
    this.alarms = new AlarmTopic(this, 'Alarms');

    const control = new StateTable(this, 'Control', { expires: true, recoverable: true });
    this.control =
      settings.controlTableName === undefined
        ? control
        : TableV2.fromTableName(this, 'RestoredControl', settings.controlTableName);
    // Other stacks import these two. Exported in any case: a restore switches the table, and CloudFormation refuses to take away an export in use.
    this.exportValue(control.tableName);
    this.exportValue(control.tableArn);
    this.seen = new StateTable(this, 'Seen', { expires: true, recoverable: false });
    this.ledger = new StateTable(this, 'Ledger', { expires: true, recoverable: true });
    this.samples = new StateTable(this, 'Samples', { expires: true, recoverable: false });
    this.usage = new StateTable(this, 'Usage', { expires: true, recoverable: false });

    const archiveDays = settings.archiveRetentionDays;
    this.archiveBucket = new PrivateBucket(this, 'ArchiveBucket', {
      retentionDays: archiveDays,
      // Digests go with their objects. Hashes of ids are needed until the books of their month change no more.
      apart: { 'source=': archiveDays, 'digests/': archiveDays, 'late/': archiveDays, 'usage/': SEEN_USERS_DAYS },
    });
    this.deadLetterBucket = new PrivateBucket(this, 'DeadLetterBucket', {
      retentionDays: settings.deadLetterRetentionDays,
    });
    this.secretsKey = new Key(this, 'SecretsKey', {
      description: `Tributary ${settings.stage}: wraps the data keys of destinations' secrets`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    const emptier = { ...FUNCTION_LIMITS['empty-dead-letters'], windowSeconds: 0 };
    this.intake = new EventQueue(this, 'Intake', {
      alarms: this.alarms,
      consumer: { ...FUNCTION_LIMITS.route, windowSeconds: 0 },
      oldestAlarmSeconds: 600,
      delayImpact: 'Accepted events are not routed; nothing is lost before they are 14 days old.',
      deadLetterImpact:
        'Accepted requests that could not be routed are not being put away; they are lost if they stay there until 14 days old.',
      emptied: {
        consumer: emptier,
        impact:
          'Accepted requests could not be routed in 100 tries; they were put into the dead-letter bucket, and are lost unless they are replayed.',
      },
      runbook: 'intake',
    });
    const lane = {
      alarms: this.alarms,
      consumer: { ...FUNCTION_LIMITS.deliver, windowSeconds: 0 },
      oldestAlarmSeconds: LANE_OLDEST_SECONDS,
      delayImpact: LANE_LATE,
    };
    this.sharedLane = new EventQueue(this, 'SharedLane', {
      ...lane,
      deadLetterImpact:
        'Routed events that could not be delivered are not being put away; they are lost if they stay there until 14 days old.',
      emptied: {
        consumer: emptier,
        impact:
          'Routed events could not be delivered in 100 receives; they were put into the dead-letter bucket, and are lost unless they are replayed.',
      },
      runbook: 'lane',
    });
    const { deadLetterQueue } = this.sharedLane;
    this.lanes = Array.from(
      { length: settings.lanes },
      (_, number) => new LaneQueue(this, number, { ...lane, deadLetterQueue }),
    );
    this.archive = new EventQueue(this, 'Archive', {
      alarms: this.alarms,
      consumer: { ...FUNCTION_LIMITS.archive, windowSeconds: settings.archiveWindowSeconds },
      oldestAlarmSeconds: 3_600,
      delayImpact: 'Events reach the archive late; delivery goes on, nothing is lost before they are 14 days old.',
      deadLetterImpact:
        'Events could not be archived in 100 tries; the archive lacks them if they stay there until 14 days old.',
      runbook: 'archive',
    });

    this.trackingApi = new TrackingApi(this, 'TrackingApi', { name: `Tributary ${settings.stage} tracking` });
    // As above: with a domain of one's own nobody imports it, and a domain may be set later.
    this.exportValue(this.trackingApi.apiEndpoint);
    this.controlApi = new ControlApi(this, 'ControlApi', { name: `Tributary ${settings.stage} api` });

    const { stage, signInPrefix, mfa } = settings;
    this.people = new PeoplePool(this, 'People', { stage, signInPrefix, mfa });

    new CfnOutput(this, 'ControlTableName', { value: this.control.tableName });
    new CfnOutput(this, 'SeenTableName', { value: this.seen.tableName });
    new CfnOutput(this, 'LedgerTableName', { value: this.ledger.tableName });
    new CfnOutput(this, 'SamplesTableName', { value: this.samples.tableName });
    new CfnOutput(this, 'UsageTableName', { value: this.usage.tableName });
    new CfnOutput(this, 'ArchiveBucketName', { value: this.archiveBucket.bucketName });
    new CfnOutput(this, 'DeadLetterBucketName', { value: this.deadLetterBucket.bucketName });
    new CfnOutput(this, 'IntakeQueueUrl', { value: this.intake.queue.queueUrl });
    new CfnOutput(this, 'SharedLaneQueueUrl', { value: this.sharedLane.queue.queueUrl });
    new CfnOutput(this, 'LaneCount', { value: String(this.lanes.length) });
    // An output's text holds 4,096 bytes. Queues of one account and Region have one prefix, so names say it all.
    if (this.lanes.length > 0) {
      new CfnOutput(this, 'LaneQueueNames', { value: this.lanes.map(({ queueName }) => queueName).join(',') });
    }
    new CfnOutput(this, 'DeadLetterQueueUrls', {
      value: [this.intake, this.sharedLane, this.archive].map((each) => each.deadLetterQueue.queueUrl).join(','),
    });
    new CfnOutput(this, 'ArchiveQueueUrl', { value: this.archive.queue.queueUrl });
    new CfnOutput(this, 'SecretsKeyArn', { value: this.secretsKey.keyArn });
    new CfnOutput(this, 'UserPoolId', { value: this.people.userPoolId });
    new CfnOutput(this, 'SignInIssuer', { value: this.people.userPoolProviderUrl });
    new CfnOutput(this, 'SignInPrefix', { value: this.people.signInDomain.domainName });
  }
}
