import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { documentClient } from '../../shared/aws/document-client.ts';
import { documentsReplayOrders } from '../../shared/aws/documents-replay-orders.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoDoneStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoReplayStore } from '../../shared/aws/dynamo-replay-store.ts';
import { dynamoSuppressionStore } from '../../shared/aws/dynamo-suppression-store.ts';
import { s3ArchiveReader } from '../../shared/aws/s3-archive-reader.ts';
import { s3DeadLetterReader } from '../../shared/aws/s3-dead-letter-reader.ts';
import { s3ManifestStore } from '../../shared/aws/s3-manifest-store.ts';
import { sqsClient } from '../../shared/aws/sqs-client.ts';
import { laneUrls, sqsLaneQueues } from '../../shared/aws/sqs-lane-queues.ts';
import { readEnv, replayEnv } from '../../shared/config/env.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import { ReplayId, WorkspaceId } from '../../shared/domain/ids.ts';
import { carryOut } from './carry-out.ts';
import { lookForOrders } from './look-for-orders.ts';

const env = readEnv(replayEnv, process.env);
const doc = documentClient();
const s3 = new S3Client({
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

const deps = {
  orders: documentsReplayOrders(sdkDocuments(doc), env.CONTROL_TABLE_NAME),
  configs: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME),
  suppressions: dynamoSuppressionStore(doc, env.CONTROL_TABLE_NAME),
  reader: s3DeadLetterReader(s3, env.DEAD_LETTER_BUCKET_NAME),
  manifests: s3ManifestStore(s3, env.DEAD_LETTER_BUCKET_NAME),
  archive: s3ArchiveReader(s3, env.ARCHIVE_BUCKET_NAME),
  dones: dynamoDoneStore(doc, env.LEDGER_TABLE_NAME),
  replays: dynamoReplayStore(doc, env.LEDGER_TABLE_NAME),
  lanes: sqsLaneQueues(sqsClient({ attemptsMax: 1 }), laneUrls(env.SHARED_LANE_QUEUE_URL, env.LANE_QUEUE_NAMES)),
  catalog: findKind,
  now: () => new Date(),
  newRunId: () => ReplayId.parse(`rp_${randomBytes(16).toString('base64url')}`),
  newWriteId: randomUUID,
  wait,
};

const Told = z.object({ workspaceId: WorkspaceId, id: ReplayId });

/** Invoked by the API with the name of an order, and every minute by EventBridge Scheduler, which names none. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  const time = { remainingMs: () => context.getRemainingTimeInMillis() };
  const told = Told.safeParse(event);
  if (told.success) await carryOut(deps, told.data, time);
  else await lookForOrders(deps, time);
};
