import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

export type QueueToConsume = {
  /** Of the mapping, in the function's scope. */
  id: string;
  queue: Queue;
  batchSize: number;
  windowSeconds?: number;
  maxConcurrency: number;
};

const CONSUME = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
] as const;

/**
 * Lets a function empty queues: the mappings, and one statement with what they poll with and `alsoAllowed` (a role's policies hold 10,240
 * characters, and a pool of lanes named twice would fill them). Failed messages are named one by one (trap Q1), no message is filtered away
 * (Q17), and concurrency is limited here, not at the function (Q4).
 */
export function consumeQueues(
  fn: LambdaFunction,
  queues: readonly QueueToConsume[],
  alsoAllowed: readonly 'sqs:SendMessage'[] = [],
): void {
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: [...CONSUME, ...alsoAllowed],
      resources: queues.map(({ queue }) => queue.queueArn),
    }),
  );
  for (const { id, queue, batchSize, windowSeconds = 0, maxConcurrency } of queues) {
    fn.addEventSourceMapping(id, {
      eventSourceArn: queue.queueArn,
      batchSize,
      maxBatchingWindow: Duration.seconds(windowSeconds),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
