import type { SQSClient } from '@aws-sdk/client-sqs';
import { queueText } from '../domain/queue-text.ts';
import type { LaneQueue } from '../ports/queues.ts';
import { sendBatches } from './sqs-send-batches.ts';

/** A lane. Its message group is the destination: on the shared lane, SQS serves quiet destinations before one with a backlog (Q16). */
export const sqsLaneQueue = (client: SQSClient, queueUrl: string): LaneQueue => ({
  send: (messages) =>
    sendBatches(client, queueUrl, messages, (message) => ({
      body: queueText(JSON.stringify(message)),
      group: message.destinationId,
    })),
});
