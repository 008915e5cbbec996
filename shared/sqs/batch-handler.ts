import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { logError } from '../aws/log.ts';

export type BatchContext = {
  /** Milliseconds until Lambda ends this invocation. */
  remainingMs(): number;
};

/** Works on the records of one invocation and answers the messageIds of those that must come again. Everything it began has settled by then. */
export type BatchWork = (records: readonly SQSRecord[], context: BatchContext) => Promise<readonly string[]>;

/**
 * The one face of queues. Answers ReportBatchItemFailures with the messageIds that `work` names, and with all of them when `work` throws:
 * the throw is a bug or a store that is down, and every record comes again. An unknown messageId would make Lambda repeat the whole batch, so
 * such ones are left out (AWS: "Reporting batch item failures").
 */
export const batchHandler = (work: BatchWork) =>
  middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler(async (event, context) => {
    const received = new Set(event.Records.map((record) => record.messageId));
    try {
      const failed = await work(event.Records, { remainingMs: () => context.getRemainingTimeInMillis() });
      return answer(failed.filter((id) => received.has(id)));
    } catch (error) {
      logError('A batch failed as a whole and will be received again', error, { records: event.Records.length });
      return answer([...received]);
    }
  });

const answer = (messageIds: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});
