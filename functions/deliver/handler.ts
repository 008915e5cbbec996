import { randomBytes, randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { dynamoBreakerStore } from '../../shared/aws/dynamo-breaker-store.ts';
import { dynamoTouches } from '../../shared/aws/dynamo-touches.ts';
import { dynamoTryStore } from '../../shared/aws/dynamo-try-store.ts';
import { log } from '../../shared/aws/log.ts';
import { emfCounter } from '../../shared/aws/metrics.ts';
import { IntakeId } from '../../shared/domain/ids.ts';
import { retryPolicyOf } from '../../shared/domain/retry-schedule.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoInboxStore } from '../../shared/aws/dynamo-inbox-store.ts';
import { dynamoDoneStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { kmsSealer } from '../../shared/aws/kms-sealer.ts';
import { s3DeadLetterStore } from '../../shared/aws/s3-dead-letter-store.ts';
import { sqsClient } from '../../shared/aws/sqs-client.ts';
import { sqsHoldBackByArn } from '../../shared/aws/sqs-hold-back.ts';
import { laneUrls, sqsLaneQueues } from '../../shared/aws/sqs-lane-queues.ts';
import { deliverEnv, readEnv } from '../../shared/config/env.ts';
import { closePrototypes } from '../../shared/destinations/close-prototypes.ts';
import { createEngine } from '../../shared/destinations/engine.ts';
import { guardedHttp } from '../../shared/destinations/guarded-http.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import { findRow } from '../../shared/destinations/rows.ts';
import { targetRules } from '../../shared/destinations/target-rules.ts';
import type { Context, SQSEvent } from 'aws-lambda';
import { batchHandler } from '../../shared/sqs/batch-handler.ts';
import { createBreakers } from './breaker.ts';
import { BREAKER_POLICY } from './breaker-policy.ts';
import { deliverBatch } from './deliver-batch.ts';
import { createPace } from './pace.ts';
import { sampleBudget } from './sample-budget.ts';
import { secretCache } from './secret-cache.ts';
import { systemTimers } from '../../shared/sqs/system-timers.ts';

// Two packages under the library use old calls of Node; bundled, they would say so at each cold start.
process.noDeprecation = true;
closePrototypes();

/** As ingest makes them: no test has the id of a request. */
const INTAKE_ID_BYTES = 16;

const env = readEnv(deliverEnv, process.env);
const doc = documentClient();
const now = () => new Date();
const bounded = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};
const ledger = env.LEDGER_TABLE_NAME;
const countMetric = emfCounter(env.METRIC_NAMESPACE);
const sharedLaneName = env.SHARED_LANE_QUEUE_URL.slice(env.SHARED_LANE_QUEUE_URL.lastIndexOf('/') + 1);

const configs = dynamoConfigReader(doc, env.CONTROL_TABLE_NAME);
const sealer = kmsSealer({ kms: new KMSClient(bounded) });
const http = guardedHttp(targetRules(env.PRIVATE_TARGETS_ALLOWED, env.OWN_HOSTS, env.TRACKING_URL));

/** What batches and tests share. */
const common = {
  sealer: secretCache(sealer, Date.now),
  kindOf: findKind,
  secretFieldsOf: (type: string) => findRow(type)?.secretFields ?? [],
  engine: createEngine({ http, now }),
  inbox: dynamoInboxStore(doc, env.SAMPLES_TABLE_NAME, { retentionDays: env.SAMPLE_DAYS, now }),
  now,
};

const batch = batchHandler(
  deliverBatch({
    ...common,
    configs,
    dones: dynamoDoneStore(doc, ledger, { rowDays: env.LEDGER_ROW_DAYS, letterDays: env.DEAD_LETTER_DAYS }),
    touches: dynamoTouches(doc, ledger, { now, environment: randomUUID() }),
    deadLetters: s3DeadLetterStore(new S3Client(bounded), env.DEAD_LETTER_BUCKET_NAME),
    samples: dynamoSampleStore(doc, env.SAMPLES_TABLE_NAME, { retentionDays: env.SAMPLE_DAYS, now }),
    lanes: sqsLaneQueues(sqsClient({ attemptsMax: 1 }), laneUrls(env.SHARED_LANE_QUEUE_URL, env.LANE_QUEUE_NAMES)),
    isOfSharedLane: ({ eventSourceARN }) => eventSourceARN.endsWith(`:${sharedLaneName}`),
    breakers: createBreakers({
      store: dynamoBreakerStore(doc, ledger),
      policy: BREAKER_POLICY,
      now,
      newWriteId: randomUUID,
      onOpen: ({ destinationId, cause, code }) => {
        log('WARN', 'A destination fails on most sends: its breaker is open', { destinationId, cause, code });
        countMetric('BreakersOpened', 1);
      },
    }),
    tries: dynamoTryStore(doc, ledger, Date.now),
    retryPolicy: retryPolicyOf,
    holdBack: sqsHoldBackByArn(sqsClient(), env.SHARED_LANE_QUEUE_URL),
    random: Math.random,
    timers: systemTimers,
    newWriteId: randomUUID,
    takesSample: sampleBudget(),
    pace: createPace(),
  }),
);

/** What the API asks of the one function that opens secrets, by Invoke. Seldom, so that no batch waits for its code to be loaded. */
async function answer(event: unknown): Promise<unknown> {
  const [{ answerAsk }, { credentialsChecker }, { testEvent }, mapped, { placeholderSettings }] = await Promise.all([
    import('./answer-ask.ts'),
    import('../../shared/destinations/credentials-checker.ts'),
    import('./test-event.ts'),
    import('../../shared/destinations/mapped-payload.ts'),
    import('../../shared/destinations/placeholder-settings.ts'),
  ]);
  const { mapPayload, shownFields, placeheldFields } = mapped;
  const tests = {
    ...common,
    mapPayload,
    shownFields,
    placeheldFields,
    placeholderSettings,
    monotonicMs: () => performance.now(),
    newIntakeId: () => IntakeId.parse(`in_${randomBytes(INTAKE_ID_BYTES).toString('base64url')}`),
  };
  return await answerAsk({
    configs,
    sealer,
    check: credentialsChecker({ http, now }),
    test: (config, ask) => testEvent(tests, config, ask),
    now,
  })(event);
}

/** Batches from the lanes; asks say so. */
export const handler = async (event: SQSEvent | { ask: unknown }, context: Context) =>
  'ask' in event ? await answer(event) : await batch(event, context);
