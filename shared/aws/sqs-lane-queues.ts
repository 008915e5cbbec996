import type { SQSClient } from '@aws-sdk/client-sqs';
import type { LaneQueues, LaneResult, LaneSending } from '../ports/queues.ts';
import { encodeMessage } from './queue-codec.ts';
import { type QueueEntry, sendBatches } from './sqs-send-batches.ts';

/** The queue URLs of a deployment's lanes: the shared one, and those that destinations hold, by number. */
export type LaneUrls = { shared: string; own: readonly string[] };

/**
 * URLs of a queue's neighbours: all queues of an account and Region have one prefix, so that the functions' environment needs names only
 * (it holds 4 KB).
 */
export const laneUrls = (sharedUrl: string, names: readonly string[]): LaneUrls => {
  const prefix = sharedUrl.slice(0, sharedUrl.lastIndexOf('/') + 1);
  return { shared: sharedUrl, own: names.map((name) => `${prefix}${name}`) };
};

/**
 * The lanes. A message's group is its destination: on the shared lane, SQS serves quiet destinations before one with a backlog (Q16).
 * Messages for one queue share calls.
 */
export const sqsLaneQueues = (client: SQSClient, urls: LaneUrls): LaneQueues => ({
  send: async (sendings) => {
    const byUrl = new Map<string, number[]>();
    for (const [index, { lane }] of sendings.entries()) {
      const url = (lane === undefined ? undefined : urls.own[lane]) ?? urls.shared;
      const indexes = byUrl.get(url);
      if (indexes === undefined) byUrl.set(url, [index]);
      else indexes.push(index);
    }
    const results: LaneResult[] = [];
    const ofOneQueue = async ([url, indexes]: [string, number[]]): Promise<void> => {
      const of = (index: number) => entryOf(sendings[index] as LaneSending);
      const sent = await sendBatches(client, url, indexes, of);
      for (const [position, index] of indexes.entries()) results[index] = sent[position] ?? 'doubtful';
    };
    await Promise.all([...byUrl].map(ofOneQueue));
    return results;
  },
});

const entryOf = ({ message, delaySeconds }: LaneSending): QueueEntry => ({
  body: encodeMessage(message),
  group: message.destinationId,
  delaySeconds,
});
