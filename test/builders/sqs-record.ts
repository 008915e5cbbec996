import type { SQSRecord } from 'aws-lambda';

type Given = {
  messageId: string;
  body: string;
  receiptHandle?: string;
  receives?: number;
  sentAtMs?: number;
  queueName?: string;
};

/** A message as the event source mapping hands it to a function. */
export const anSqsRecord = ({
  messageId,
  body,
  receiptHandle = `handle of ${messageId}`,
  receives = 1,
  sentAtMs = 0,
  queueName = 'lane',
}: Given): SQSRecord => ({
  messageId,
  receiptHandle,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(sentAtMs),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(sentAtMs),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
  awsRegion: 'us-east-1',
});
