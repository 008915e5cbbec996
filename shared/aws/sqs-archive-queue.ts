import type { SQSClient } from '@aws-sdk/client-sqs';
import { AppError } from '../domain/app-error.ts';
import type { ArchiveMessage } from '../domain/lane-message.ts';
import type { ArchiveQueue } from '../ports/queues.ts';
import { encodeMessage } from './queue-codec.ts';
import { type QueueEntry, sendBatches } from './sqs-send-batches.ts';

/** The archive queue. Entries that were not taken are sent once more; a second copy of one ends as the same line of the archive or a repeat. */
export const sqsArchiveQueue = (client: SQSClient, queueUrl: string): ArchiveQueue => ({
  send: async (messages) => {
    const first = await sendBatches(client, queueUrl, messages, entryOf);
    const left = messages.filter((_, index) => first[index] !== 'taken');
    const second = await sendBatches(client, queueUrl, left, entryOf);
    if (second.some((result) => result !== 'taken')) {
      throw new AppError('upstream-unavailable', 'The archive queue did not take every message');
    }
  },
});

const entryOf = (message: ArchiveMessage): QueueEntry => ({
  body: encodeMessage(message),
  group: message.sourceId,
});
