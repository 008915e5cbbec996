import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoDoneStore, dynamoPlanStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoTouches } from '../../shared/aws/dynamo-touches.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { dynamoTryStore } from '../../shared/aws/dynamo-try-store.ts';
import { s3DeadLetterStore } from '../../shared/aws/s3-dead-letter-store.ts';
import { sqsClient } from '../../shared/aws/sqs-client.ts';
import { laneUrls, sqsLaneQueues } from '../../shared/aws/sqs-lane-queues.ts';
import { emptyDeadLettersEnv, readEnv } from '../../shared/config/env.ts';
import { batchHandler } from '../../shared/sqs/batch-handler.ts';
import { emptyBatch } from './empty-batch.ts';

const env = readEnv(emptyDeadLettersEnv, process.env);
const doc = documentClient();
const ledger = env.LEDGER_TABLE_NAME;
const s3 = new S3Client({
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
});

export const handler = batchHandler(
  emptyBatch({
    configs: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME, { withoutSuppression: true }),
    suppressions: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME),
    plans: dynamoPlanStore(doc, ledger, env.LEDGER_ROW_DAYS),
    dones: dynamoDoneStore(doc, ledger, { rowDays: env.LEDGER_ROW_DAYS, letterDays: env.DEAD_LETTER_DAYS }),
    touches: dynamoTouches(doc, ledger, { now: () => new Date(), environment: randomUUID() }),
    deadLetters: s3DeadLetterStore(s3, env.DEAD_LETTER_BUCKET_NAME),
    lanes: sqsLaneQueues(sqsClient({ attemptsMax: 1 }), laneUrls(env.SHARED_LANE_QUEUE_URL, env.LANE_QUEUE_NAMES)),
    samples: dynamoSampleStore(doc, env.SAMPLES_TABLE_NAME, { retentionDays: env.SAMPLE_DAYS, now: () => new Date() }),
    tries: dynamoTryStore(doc, ledger, Date.now),
    isOfIntake: ({ eventSourceARN }) => eventSourceARN === env.INTAKE_DEAD_LETTER_QUEUE_ARN,
    now: () => new Date(),
    newWriteId: randomUUID,
  }),
);
