import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoInboxStore } from '../../shared/aws/dynamo-inbox-store.ts';
import { dynamoDoneStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { kmsSealer } from '../../shared/aws/kms-sealer.ts';
import { s3DeadLetterStore } from '../../shared/aws/s3-dead-letter-store.ts';
import { sqsClient } from '../../shared/aws/sqs-client.ts';
import { sqsHoldBack } from '../../shared/aws/sqs-hold-back.ts';
import { deliverEnv, readEnv } from '../../shared/config/env.ts';
import { createEngine } from '../../shared/destinations/engine.ts';
import { guardedHttp } from '../../shared/destinations/guarded-http.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import { targetRules } from '../../shared/destinations/target-rules.ts';
import { batchHandler } from '../../shared/sqs/batch-handler.ts';
import { deliverBatch } from './deliver-batch.ts';
import { createPace } from './pace.ts';
import { sampleBudget } from './sample-budget.ts';
import { secretCache } from './secret-cache.ts';

// Two packages under the library use old calls of Node; bundled, they would say so at each cold start.
process.noDeprecation = true;

const env = readEnv(deliverEnv, process.env);
const doc = documentClient();
const now = () => new Date();
const bounded = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};
const holdBack = sqsHoldBack(sqsClient(), env.SHARED_LANE_QUEUE_URL);

export const handler = batchHandler(
  deliverBatch({
    configs: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME),
    sealer: secretCache(kmsSealer({ kms: new KMSClient(bounded) }), Date.now),
    isKnownType: (type) => findKind(type) !== undefined,
    engine: createEngine({
      http: guardedHttp(targetRules(env.PRIVATE_TARGETS_ALLOWED, env.OWN_HOSTS)),
      now,
      hopThroughUs: 1,
    }),
    inbox: dynamoInboxStore(doc, env.SAMPLES_TABLE_NAME, { retentionDays: env.SAMPLE_DAYS, now }),
    dones: dynamoDoneStore(doc, env.LEDGER_TABLE_NAME, { rowDays: env.LEDGER_ROW_DAYS }),
    deadLetters: s3DeadLetterStore(new S3Client(bounded), env.DEAD_LETTER_BUCKET_NAME),
    samples: dynamoSampleStore(doc, env.SAMPLES_TABLE_NAME, { retentionDays: env.SAMPLE_DAYS, now }),
    giveBack: (receiptHandle) => holdBack(receiptHandle, 0),
    now,
    newWriteId: randomUUID,
    takesSample: sampleBudget(),
    pace: createPace(),
  }),
);
