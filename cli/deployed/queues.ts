import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { laneUrls } from '../../shared/aws/sqs-lane-queues.ts';
import type { Deployment } from './stacks.ts';

/** The URLs of a deployment's queues of events. */
export type Queues = {
  intake: string;
  sharedLane: string;
  /** By number. */
  lanes: readonly string[];
  archive: string;
  deadLetters: { intake: string; lanes: string; archive: string };
};

export function queuesOf(deployment: Pick<Deployment, 'output' | 'findOutput'>): Queues {
  // There is no such output where there are no lanes.
  const names = deployment.findOutput('LaneQueueNames')?.split(',') ?? [];
  const { shared, own } = laneUrls(deployment.output('SharedLaneQueueUrl'), names);
  const [intake = '', lanes = '', archive = ''] = deployment.output('DeadLetterQueueUrls').split(',');
  return {
    intake: deployment.output('IntakeQueueUrl'),
    sharedLane: shared,
    lanes: own,
    archive: deployment.output('ArchiveQueueUrl'),
    deadLetters: { intake, lanes, archive },
  };
}

/** Messages of a queue, as SQS counts them: a minute after the last change they are right. */
export type QueueCounts = { waiting: number; inFlight: number; delayed: number };

export async function queueCounts(sqs: SQSClient, queueUrl: string): Promise<QueueCounts> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
    inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed'] ?? 0),
  };
}

export const messagesIn = ({ waiting, inFlight, delayed }: QueueCounts): number => waiting + inFlight + delayed;
