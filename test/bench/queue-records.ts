import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { OPERATOR_ACCESS_KEY_ID } from '../../local/lambda/function-callers.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../local/types.ts';
import { laneUrls } from '../../shared/aws/sqs-lane-queues.ts';
import type { BenchCloud } from './cost/bench-cloud.ts';

/** A receive hands out so many messages at most. */
const RECEIVE_MAX = 10;

export type QueueRecord = { messageId: string; body: string; eventSourceARN: string } & Record<string, unknown>;

/** Takes messages out of queues whose pollers stand still, as the records that Lambda would make of them. */
export function queueRecords(bench: BenchCloud): {
  take(queueUrl: string, count: number): Promise<QueueRecord[]>;
  /** One message of a lane that holds one. */
  takeFromLanes(): Promise<QueueRecord>;
  stop(): void;
} {
  const { awsEndpointUrl } = bench.whole.cloud;
  const client = new SQSClient({
    endpoint: awsEndpointUrl,
    region: LOCAL_REGION,
    credentials: { accessKeyId: OPERATOR_ACCESS_KEY_ID, secretAccessKey: 'any' },
  });
  const deliver = variablesOf(bench, 'Deliver');
  const lanes = laneUrls(
    deliver['SHARED_LANE_QUEUE_URL'] ?? '',
    (deliver['LANE_QUEUE_NAMES'] ?? '').split(',').filter((name) => name !== ''),
  );
  const take = async (queueUrl: string, count: number): Promise<QueueRecord[]> => {
    const records: QueueRecord[] = [];
    while (records.length < count) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(RECEIVE_MAX, count - records.length),
          VisibilityTimeout: 3_600,
        }),
      );
      if (Messages.length === 0) break;
      for (const { MessageId = '', ReceiptHandle = '', Body = '' } of Messages) {
        const nowMs = String(Date.now());
        records.push({
          messageId: MessageId,
          receiptHandle: ReceiptHandle,
          body: Body,
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: nowMs,
            ApproximateFirstReceiveTimestamp: nowMs,
            SenderId: LOCAL_ACCOUNT,
          },
          messageAttributes: {},
          md5OfBody: '',
          eventSource: 'aws:sqs',
          eventSourceARN: `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${queueUrl.split('/').at(-1)}`,
          awsRegion: LOCAL_REGION,
        });
      }
    }
    return records;
  };
  return {
    take,
    takeFromLanes: async () => {
      for (const url of [...lanes.own, lanes.shared]) {
        const [record] = await take(url, 1);
        if (record !== undefined) return record;
      }
      throw new Error('No lane holds a message');
    },
    stop: () => client.destroy(),
  };
}

/** All that the process of a function needs to reach the bench's cloud, by the function's name in the template. */
export const variablesOf = ({ whole: { cloud } }: BenchCloud, name: string): Record<string, string> => ({
  AWS_REGION: LOCAL_REGION,
  AWS_ENDPOINT_URL: cloud.awsEndpointUrl,
  AWS_ACCESS_KEY_ID: OPERATOR_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: 'any',
  TZ: 'UTC',
  ...settingsOf(cloud, name).variables,
});

export const moduleOf = ({ whole: { cloud } }: BenchCloud, name: string): string =>
  `${settingsOf(cloud, name).modulePath}.mjs`;

function settingsOf(cloud: BenchCloud['whole']['cloud'], name: string) {
  const found = cloud.functions().find((settings) => settings.name.includes(`-${name}Function`));
  if (found === undefined) throw new Error(`The template has no function ${name}`);
  return found;
}
