import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LaneResult } from '../ports/queues.ts';
import { logError } from './log.ts';

/** SendMessageBatch: 10 entries, and 1 MiB over all bodies (SQS API reference). */
const ENTRIES_MAX = 10;
const BATCH_BYTES_MAX = 1_048_576;
/** Calls under way at once, each with up to 1 MiB. */
const CALLS_IN_FLIGHT_MAX = 5;

export type QueueEntry = { body: string; group: string; delaySeconds?: number | undefined };

/**
 * Sends items in as few calls as the limits allow and answers for each, in order (Q20). Never throws for what SQS answers, or fails to: that
 * is logged, because callers only learn that something was not taken. An item becomes text only when its call is next: of many large ones,
 * CALLS_IN_FLIGHT_MAX calls and one entry are in memory.
 */
export async function sendBatches<T>(
  client: SQSClient,
  queueUrl: string,
  items: readonly T[],
  entryOf: (item: T) => QueueEntry,
): Promise<LaneResult[]> {
  const results: LaneResult[] = [];
  const batches = batchesOf(items, entryOf);
  const worker = async (): Promise<void> => {
    // All workers draw from the one generator.
    for (let batch = batches.next(); !batch.done; batch = batches.next()) {
      const { from, entries } = batch.value;
      const sent = await sendBatch(client, queueUrl, entries);
      for (const [index, result] of sent.entries()) results[from + index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(CALLS_IN_FLIGHT_MAX, items.length) }, worker));
  return results;
}

function* batchesOf<T>(
  items: readonly T[],
  entryOf: (item: T) => QueueEntry,
): Generator<{ from: number; entries: QueueEntry[] }, undefined> {
  let from = 0;
  let entries: QueueEntry[] = [];
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const entry = entryOf(item);
    const entryBytes = Buffer.byteLength(entry.body);
    if (entries.length === ENTRIES_MAX || (entries.length > 0 && bytes + entryBytes > BATCH_BYTES_MAX)) {
      yield { from, entries };
      from = index;
      entries = [];
      bytes = 0;
    }
    entries.push(entry);
    bytes += entryBytes;
  }
  if (entries.length > 0) yield { from, entries };
}

const NOT_TAKEN = 'A queue did not take messages';

async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly QueueEntry[]): Promise<LaneResult[]> {
  try {
    const { Successful, Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map(({ body, group, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageGroupId: group,
          DelaySeconds: delaySeconds,
        })),
      }),
    );
    const taken = new Set(Successful?.map(({ Id }) => Id));
    const [failure] = Failed;
    if (failure !== undefined) logError(NOT_TAKEN, failure.Message, { code: failure.Code, entries: Failed.length });
    const refused = new Set(Failed.filter(({ SenderFault }) => SenderFault).map(({ Id }) => Id));
    return batch.map((_, index) => {
      if (taken.has(String(index))) return 'taken';
      return refused.has(String(index)) ? 'refused' : 'doubtful';
    });
  } catch (error) {
    logError(NOT_TAKEN, error, { entries: batch.length });
    const result = isRefusal(error) ? 'refused' : 'doubtful';
    return batch.map(() => result);
  }
}

/** A call that SQS answered with a fault of ours, throttling included, left nothing on the queue. A timeout or a fault of theirs may have. */
const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && '$fault' in error && error.$fault === 'client' && '$response' in error;
