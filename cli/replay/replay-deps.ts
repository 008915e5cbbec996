import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoDoneStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoReplayStore } from '../../shared/aws/dynamo-replay-store.ts';
import { dynamoSuppressionStore } from '../../shared/aws/dynamo-suppression-store.ts';
import { s3DeadLetterReader } from '../../shared/aws/s3-dead-letter-reader.ts';
import { s3ManifestStore } from '../../shared/aws/s3-manifest-store.ts';
import { sqsClient } from '../../shared/aws/sqs-client.ts';
import { laneUrls, sqsLaneQueues } from '../../shared/aws/sqs-lane-queues.ts';
import { ReplayId } from '../../shared/domain/ids.ts';
import type { StartDeps } from '../../shared/pipeline/replay-start.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { DoneStore } from '../../shared/ports/ledger.ts';
import type { LaneQueues } from '../../shared/ports/queues.ts';
import type { DeadLetterReader, ReplayStore } from '../../shared/ports/replay-stores.ts';
import type { Deployment } from '../deployed/stacks.ts';

export type ReplayDeps = StartDeps & {
  control: Pick<ControlStore, 'listWorkspaces' | 'readConfig' | 'getDestination' | 'saveDestination'>;
  reader: DeadLetterReader;
  dones: Pick<DoneStore, 'findDone'>;
  replays: ReplayStore;
  lanes: LaneQueues;
  wait: (ms: number) => Promise<unknown>;
  print: (line: string) => void;
  /** What a person types to run this command on this deployment. */
  command: string;
};

/** What a replay works with, in AWS and on the local cloud alike: the SDK's own environment says which. */
export function replayDepsOf(deployment: Deployment): ReplayDeps {
  const doc = documentClient();
  // Path style: one endpoint for all buckets, as the local cloud has it; AWS takes it, too.
  const s3 = new S3Client({ forcePathStyle: true });
  const ledger = deployment.output('LedgerTableName');
  const bucket = deployment.output('DeadLetterBucketName');
  const laneNames = deployment.findOutput('LaneQueueNames')?.split(',') ?? [];
  return {
    control: dynamoControlStore(doc, deployment.output('ControlTableName'), {
      lanes: Number(deployment.output('LaneCount')),
    }),
    reader: s3DeadLetterReader(s3, bucket),
    manifests: s3ManifestStore(s3, bucket),
    suppressions: dynamoSuppressionStore(doc, deployment.output('ControlTableName')),
    dones: dynamoDoneStore(doc, ledger),
    replays: dynamoReplayStore(doc, ledger),
    lanes: sqsLaneQueues(sqsClient({ attemptsMax: 1 }), laneUrls(deployment.output('SharedLaneQueueUrl'), laneNames)),
    // A part is not sent before it is due by deliver's clock. The SDK knows how far this machine's is off, where that is minutes.
    now: () => new Date(Date.now() + doc.config.systemClockOffset),
    newRunId: () => ReplayId.parse(`rp_${randomBytes(16).toString('base64url')}`),
    newWriteId: randomUUID,
    wait,
    print: (line) => console.log(line),
    command: `npm run replay -- --stack ${deployment.name}`,
  };
}
