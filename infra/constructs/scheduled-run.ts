/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OperationalAlarm } from './operational-alarm.ts';

export type ScheduledRunProps = {
  fn: LambdaFunction;
  alarms: ITopic;
  /** In EventBridge Scheduler's form, UTC. */
  cron: string;
  impact: string;
  runbook: string;
};

/** Of the scheduler's call to Lambda, and of Lambda's own asynchronous run (trap L8: said, not left to the defaults of 185 and 2). */
const SCHEDULER_RETRIES_MAX = 3;
const RUN_RETRIES_MAX = 2;
const EVENT_AGE_SECONDS_MAX = 3_600;

/**
 * Runs a function by the clock, at least once each time (E1: the function must not mind a second run). A run that could not be started or did
 * not end is noted in a dead-letter queue, which an alarm watches.
 */
export class ScheduledRun extends Construct {
  /** The dead-letter queue. What else calls the function puts there what it could not hand over. */
  readonly missed: Queue;

  constructor(scope: Construct, id: string, props: ScheduledRunProps) {
    super(scope, id);
    this.missed = new Queue(this, 'Missed', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(this.missed).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'This is a dead-letter queue: of the schedule and of the function’s asynchronous runs, which cdk-nag does not see.',
    });
    props.fn.configureAsyncInvoke({
      retryAttempts: RUN_RETRIES_MAX,
      maxEventAge: Duration.seconds(EVENT_AGE_SECONDS_MAX),
      // SqsDestination would grant more than the one action that is used.
      onFailure: { bind: () => ({ destination: this.missed.queueArn }) },
    });
    const { missed } = this;
    const group = new CfnScheduleGroup(this, 'Group');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': group.attrArn } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.fn.functionArn] }));
    missed.grant(role, 'sqs:SendMessage');
    missed.grant(props.fn, 'sqs:SendMessage');
    const schedule = new CfnSchedule(this, 'Schedule', {
      groupName: group.ref,
      scheduleExpression: props.cron,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: props.fn.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ scheduledAt: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: {
          maximumRetryAttempts: SCHEDULER_RETRIES_MAX,
          maximumEventAgeInSeconds: EVENT_AGE_SECONDS_MAX,
        },
        deadLetterConfig: { arn: missed.queueArn },
      },
    });
    // The schedule may fire as soon as it is there: not before its role may call.
    schedule.node.addDependency(role);
    new OperationalAlarm(this, 'HasMissed', {
      topic: props.alarms,
      metric: missed.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: 1,
      impact: props.impact,
      runbook: props.runbook,
    });
  }
}
