/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
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
/** The function that empties a dead-letter queue is done in minutes; what lies there longer is not being put away. */
const DEAD_LETTERS_STAY_MINUTES = 15;

const PERIOD = Duration.minutes(1);

/** What a queue must know of the function that empties it. */
export type Consumer = { timeoutSeconds: number; windowSeconds: number };

/**
 * What every queue of accepted events is: standard, kept when the stack goes, 14 days, TLS only, encrypted with SQS's own key (a customer key
 * that is switched off would stop the event source mapping without a word, trap Q18).
 */
export const keptQueue = (consumer?: Consumer, deadLetterQueue?: Queue): QueueProps => ({
  retentionPeriod: RETENTION,
  maxMessageSizeBytes: MESSAGE_BYTES_MAX,
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
  visibilityTimeout:
    consumer && Duration.seconds(VISIBILITY_TIMEOUTS * consumer.timeoutSeconds + consumer.windowSeconds),
  deadLetterQueue: deadLetterQueue && { queue: deadLetterQueue, maxReceiveCount: RECEIVES_MAX },
});

/** An alarm on the oldest message that nobody has finished. */
export function oldestAlarm(
  scope: Construct,
  queue: Queue,
  props: { topic: ITopic; seconds: number; impact: string; runbook: string },
): void {
  new OperationalAlarm(scope, 'TooOld', {
    topic: props.topic,
    metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
    threshold: props.seconds,
    impact: props.impact,
    runbook: props.runbook,
  });
}

export type EventQueueProps = {
  alarms: ITopic;
  consumer: Consumer;
  /** Age of the oldest message at which something is wrong. */
  oldestAlarmSeconds: number;
  /** What is late while messages grow old, as one sentence. */
  delayImpact: string;
  /** What lies in the dead-letter queue, as one sentence. */
  deadLetterImpact: string;
  /** Where a function empties the dead-letter queue: that function, and what a message that it put away means, as one sentence. */
  emptied?: { consumer: Consumer; impact: string };
  /** Anchors begin with it: `<runbook>-too-old`, `<runbook>-dead-letters`, `<runbook>-in-flight`, `<runbook>-put-away`. */
  runbook: string;
};

/**
 * A queue that holds accepted events, with its dead-letter queue and alarms. Senders name a MessageGroupId, which makes it a fair queue; nothing in
 * the template says so (trap Q16).
 */
export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    const { alarms: topic, emptied, runbook } = props;
    this.deadLetterQueue = new Queue(this, 'DeadLetters', keptQueue(emptied?.consumer));
    this.queue = new Queue(this, 'Queue', keptQueue(props.consumer, this.deadLetterQueue));

    oldestAlarm(this, this.queue, {
      topic,
      seconds: props.oldestAlarmSeconds,
      impact: props.delayImpact,
      runbook: `${runbook}-too-old`,
    });
    new OperationalAlarm(this, 'InFlight', {
      topic,
      metric: this.queue.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD, statistic: 'Maximum' }),
      threshold: IN_FLIGHT_ALARM,
      impact: `Nothing is lost yet; at about 120,000 messages in flight this queue stops handing out any.`,
      runbook: `${runbook}-in-flight`,
    });
    // Where a function empties the queue a message lies there for moments, between two of CloudWatch's looks: one that stays is the trouble.
    new OperationalAlarm(this, 'HasDeadLetters', {
      topic,
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(
        emptied === undefined
          ? { period: PERIOD, statistic: 'Maximum' }
          : { period: Duration.minutes(DEAD_LETTERS_STAY_MINUTES), statistic: 'Minimum' },
      ),
      threshold: 1,
      impact: props.deadLetterImpact,
      runbook: `${runbook}-dead-letters`,
    });
    if (emptied === undefined) return;
    // What arrives by redrive is not in NumberOfMessagesSent; what is received is counted in any case.
    new OperationalAlarm(this, 'PutAway', {
      topic,
      metric: this.deadLetterQueue.metricNumberOfMessagesReceived({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      impact: emptied.impact,
      runbook: `${runbook}-put-away`,
    });
  }
}
