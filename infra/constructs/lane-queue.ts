import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Consumer, keptQueue, oldestAlarm } from './event-queue.ts';

export type LaneQueueProps = {
  alarms: ITopic;
  consumer: Consumer;
  /** One for all lanes: messages name their destination, so where one lay does not matter to who puts it away. */
  deadLetterQueue: Queue;
  oldestAlarmSeconds: number;
  delayImpact: string;
};

/**
 * A lane that one destination at a time holds. Logical ids come from the number alone, so that a larger pool only adds queues.
 *
 * Each has an alarm on age, at $0.10 a month: an expression over all lanes would save nothing (CloudWatch bills each metric that an alarm looks at,
 * and takes ten), and a lane whose mapping somebody disabled would lose its messages after 14 days without a word. Waiting is no fault here, and does
 * not set it off: a message waits 15 minutes at most before it is sent on as a new one. There is none on messages in flight: the mapping's
 * MaximumConcurrency bounds them far below.
 */
export class LaneQueue extends Queue {
  constructor(scope: Construct, number: number, props: LaneQueueProps) {
    super(scope, `Lane${String(number).padStart(2, '0')}`, keptQueue(props.consumer, props.deadLetterQueue));
    oldestAlarm(this, this, {
      topic: props.alarms,
      seconds: props.oldestAlarmSeconds,
      impact: props.delayImpact,
      runbook: 'lane-too-old',
    });
  }
}
