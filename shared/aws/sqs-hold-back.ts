import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Keeps a received message away for so many seconds from now; SQS allows 12 h from its receipt (Q7). Throws where SQS does not do it. */
export const sqsHoldBack =
  (client: SQSClient, queueUrl: string) =>
  async (receiptHandle: string, seconds: number): Promise<void> => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  };

/**
 * The same for records that come from several queues of one account and Region: the queue is the one that the record's ARN names, its URL
 * has the prefix of `neighbourUrl`.
 */
export const sqsHoldBackByArn = (client: SQSClient, neighbourUrl: string) => {
  const prefix = neighbourUrl.slice(0, neighbourUrl.lastIndexOf('/') + 1);
  return async (record: { eventSourceARN: string; receiptHandle: string }, seconds: number): Promise<void> => {
    const name = record.eventSourceARN.slice(record.eventSourceARN.lastIndexOf(':') + 1);
    await sqsHoldBack(client, `${prefix}${name}`)(record.receiptHandle, seconds);
  };
};
