import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { inParallel } from './in-parallel.ts';

/** SendMessageBatch: 10 entries, and 1 MiB over all bodies (SQS API reference). */
const ENTRIES_MAX = 10;
const BATCH_BYTES_MAX = 1_048_576;
/** Calls under way at once, each with up to 1 MiB. */
const CALLS_IN_FLIGHT_MAX = 5;

export type QueueEntry = { body: string; group: string };

/** `doubtful`: the queue may have the entry although it did not say so. */
export type EntryResult = 'taken' | 'refused' | 'doubtful';

/** Sends entries in as few calls as the limits allow and answers for each, in order (Q20). Never throws for what SQS answers, or fails to. */
export async function sendBatches(
  client: SQSClient,
  queueUrl: string,
  entries: readonly QueueEntry[],
): Promise<EntryResult[]> {
  const batches = batchesOf(entries);
  const results = await inParallel(batches, CALLS_IN_FLIGHT_MAX, (batch) => sendBatch(client, queueUrl, batch));
  return results.flat();
}

function batchesOf(entries: readonly QueueEntry[]): QueueEntry[][] {
  const batches: QueueEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const entryBytes = Buffer.byteLength(entry.body);
    const current = batches.at(-1);
    if (current === undefined || current.length === ENTRIES_MAX || bytes + entryBytes > BATCH_BYTES_MAX) {
      batches.push([entry]);
      bytes = entryBytes;
    } else {
      current.push(entry);
      bytes += entryBytes;
    }
  }
  return batches;
}

async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly QueueEntry[]): Promise<EntryResult[]> {
  try {
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map(({ body, group }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageGroupId: group,
        })),
      }),
    );
    const taken = new Set(Successful?.map(({ Id }) => Id));
    const refused = new Set(Failed?.filter(({ SenderFault }) => SenderFault).map(({ Id }) => Id));
    return batch.map((_, index) => {
      if (taken.has(String(index))) return 'taken';
      return refused.has(String(index)) ? 'refused' : 'doubtful';
    });
  } catch (error) {
    const result = isRefusal(error) ? 'refused' : 'doubtful';
    return batch.map(() => result);
  }
}

/** A call that SQS answered with a fault of ours, throttling included, left nothing on the queue. A timeout or a fault of theirs may have. */
const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && '$fault' in error && error.$fault === 'client' && '$response' in error;
