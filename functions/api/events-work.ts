import { randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoDebugReader } from '../../shared/aws/dynamo-debug-store.ts';
import { dynamoDoneStore, dynamoPlanStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoClaimFinder, dynamoPlanFinder, dynamoSampleFinder } from '../../shared/aws/dynamo-trace-finders.ts';
import { lightClient, type LightSetting } from '../../shared/aws/light-client.ts';
import { lightIntakeQueue } from '../../shared/aws/light-intake-queue.ts';
import { s3ArchiveFinder, s3LetterFinder } from '../../shared/aws/s3-trace-finders.ts';
import type { apiEnv } from '../../shared/config/env.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import { IntakeId, type SourceId, type WorkspaceId } from '../../shared/domain/ids.ts';
import { receivedIn } from '../../shared/pipeline/received-in.ts';
import { keptDigests } from '../../shared/aws/kept-digests.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import type { DebugReader } from '../../shared/ports/debug-store.ts';
import type { IntakeQueue } from '../../shared/ports/queues.ts';
import { type TraceWork, traceWork } from './trace/trace-event.ts';

/** What is asked about events of a source. */
export type EventsWork = {
  debug: DebugReader;
  intake: Pick<IntakeQueue, 'send'>;
  newIntakeId: () => IntakeId;
  trace: TraceWork;
  /** Events that a source was sent in a time, as far as minutes are summed up. */
  received: (workspaceId: WorkspaceId, sourceId: SourceId, range: { from: string; to: string }) => Promise<number>;
};

const INTAKE_ID_BYTES = 16;

/** With all that it reads. A module of its own, with the SDK: it is loaded when somebody asks for events. */
export function eventsWork(env: z.infer<typeof apiEnv>, setting: LightSetting, now: () => Date): EventsWork {
  const doc = documentClient();
  // People wait for an answer: a store that hangs becomes a gap, or an error, within their patience.
  const s3 = new S3Client({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  const debug = dynamoDebugReader(doc, env.SAMPLES_TABLE_NAME, now);
  const digests = keptDigests(sdkDocuments(doc), env.LEDGER_TABLE_NAME);
  return {
    debug,
    received: (workspaceId, sourceId, range) => receivedIn(digests, workspaceId, sourceId, range),
    intake: lightIntakeQueue(lightClient('sqs', new URL(env.INTAKE_QUEUE_URL).origin, setting), env.INTAKE_QUEUE_URL),
    newIntakeId: () => IntakeId.parse(`in_${randomBytes(INTAKE_ID_BYTES).toString('base64url')}`),
    trace: traceWork({
      debug,
      claims: dynamoClaimFinder(doc, env.SEEN_TABLE_NAME),
      plans: dynamoPlanFinder(doc, env.LEDGER_TABLE_NAME),
      planRows: dynamoPlanStore(doc, env.LEDGER_TABLE_NAME),
      dones: dynamoDoneStore(doc, env.LEDGER_TABLE_NAME),
      samples: dynamoSampleFinder(doc, env.SAMPLES_TABLE_NAME, now),
      archive: s3ArchiveFinder(s3, env.ARCHIVE_BUCKET_NAME),
      letters: s3LetterFinder(s3, env.DEAD_LETTER_BUCKET_NAME),
      catalog: findKind,
    }),
  };
}
