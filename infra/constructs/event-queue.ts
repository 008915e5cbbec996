/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OperationalAlarm } from './operational-alarm.ts';

/** SQS keeps no message longer than 14 days. */
const RETENTION = Duration.days(14);
/** SQS takes 1 MiB since August 2025. */
const MESSAGE_BYTES_MAX = 1_048_576;
/** AWS asks for 5 at least; throttled invocations count as receives too, so a good message gets far more (trap Q4). */
const RECEIVES_MAX = 100;
/** AWS: visibility of at least 6 times the function's timeout, plus the batching window (trap Q3). */
const VISIBILITY_TIMEOUTS = 6;
/** A standard queue hands out nothing more at about 120,000 in flight (trap Q8). */
const IN_FLIGHT_ALARM = 60_000;

/** What the queue must know of the function that empties it. */
type Consumer = { timeoutSeconds: number; windowSeconds: number };

export type EventQueueProps = {
  alarms: ITopic;
  consumer: Consumer;
  /** Age of the oldest message at which something is wrong. */
  oldestAlarmSeconds: number;
  /** What is late while messages grow old, as one sentence. */
  delayImpact: string;
  /** What lies in the dead-letter queue, as one sentence. */
  deadLetterImpact: string;
  /** Anchors begin with it: `<runbook>-too-old`, `<runbook>-dead-letters`, `<runbook>-in-flight`. */
  runbook: string;
};

/**
 * A standard queue that holds accepted events, with its dead-letter queue: both kept when the stack goes, both 14 days, TLS only, encrypted
 * with SQS's own key (a customer key that is switched off would stop the event source mapping without a word, trap Q18).
 * Senders name a MessageGroupId, which makes it a fair queue; nothing in the template says so (trap Q16).
 */
export class EventQueue extends Construct {
  readonly queue: Queue;
  private readonly windowSeconds: number;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    this.windowSeconds = props.consumer.windowSeconds;
    const kept = {
      retentionPeriod: RETENTION,
      maxMessageSizeBytes: MESSAGE_BYTES_MAX,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', kept);
    this.queue = new Queue(this, 'Queue', {
      ...kept,
      visibilityTimeout: Duration.seconds(
        VISIBILITY_TIMEOUTS * props.consumer.timeoutSeconds + props.consumer.windowSeconds,
      ),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: RECEIVES_MAX },
    });

    const period = Duration.minutes(1);
    new OperationalAlarm(this, 'TooOld', {
      topic: props.alarms,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      threshold: props.oldestAlarmSeconds,
      impact: props.delayImpact,
      runbook: `${props.runbook}-too-old`,
    });
    new OperationalAlarm(this, 'InFlight', {
      topic: props.alarms,
      metric: this.queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: 'Maximum' }),
      threshold: IN_FLIGHT_ALARM,
      impact: `Nothing is lost yet; at about 120,000 messages in flight this queue stops handing out any.`,
      runbook: `${props.runbook}-in-flight`,
    });
    new OperationalAlarm(this, 'HasDeadLetters', {
      topic: props.alarms,
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      threshold: 1,
      impact: props.deadLetterImpact,
      runbook: `${props.runbook}-dead-letters`,
    });
  }

  /**
   * Lets a function empty the queue: the mapping and the grants it polls with. Failed messages are named one by one (trap Q1), no message is
   * filtered away (Q17), and concurrency is limited here, not at the function (Q4).
   */
  consumedBy(fn: LambdaFunction, { batchSize, maxConcurrency }: { batchSize: number; maxConcurrency: number }): void {
    this.queue.grant(
      fn,
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
    );
    fn.addEventSourceMapping(this.node.id, {
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxBatchingWindow: Duration.seconds(this.windowSeconds),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
