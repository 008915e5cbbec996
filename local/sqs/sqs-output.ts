import { LOCAL_ACCOUNT } from '../types.ts';
import type { LocalQueue, ReceivedMessage, Sent } from './local-queue.ts';
import { chosenAttributes } from './message-rules.ts';

type Output = Record<string, unknown>;

export const sentOutput = ({ messageId, md5OfBody, md5OfAttributes }: Sent): Output => ({
  MessageId: messageId,
  MD5OfMessageBody: md5OfBody,
  ...(md5OfAttributes === undefined ? {} : { MD5OfMessageAttributes: md5OfAttributes }),
});

/** The system attributes of a received message by name, as SQS writes them. */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: LOCAL_ACCOUNT,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
    ...(message.sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.sourceArn }),
  };
}

/** A received message with those attributes that the receiver asked for. */
export function receivedOutput(message: ReceivedMessage, system: readonly string[], wanted: readonly string[]): Output {
  const output: Output = {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
  };
  if (system.length > 0) {
    const isAll = system.includes('All');
    const chosen = Object.entries(systemAttributes(message)).filter(([name]) => isAll || system.includes(name));
    if (chosen.length > 0) output['Attributes'] = Object.fromEntries(chosen);
  }
  if (message.attributes !== undefined && wanted.length > 0) {
    const attributes = chosenAttributes(message.attributes, wanted);
    if (Object.keys(attributes).length > 0) output['MessageAttributes'] = attributes;
    if (message.md5OfAttributes !== undefined) output['MD5OfMessageAttributes'] = message.md5OfAttributes;
  }
  return output;
}

export const QUEUE_ATTRIBUTES = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'RedrivePolicy',
  'Policy',
];

/** All attributes that a queue has. */
export function queueAttributes(
  queue: LocalQueue,
  policy: Record<string, unknown> | undefined,
): Record<string, string> {
  const settings = queue.settings();
  const { visible, inFlight, delayed } = queue.counts();
  const createdSeconds = String(Math.floor(queue.createdAtMs / 1_000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: createdSeconds,
    VisibilityTimeout: String(settings.visibilitySeconds),
    MaximumMessageSize: String(settings.messageBytesMax),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    DelaySeconds: String(settings.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.waitSeconds),
    SqsManagedSseEnabled: 'true',
    ...(settings.redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
  };
}
