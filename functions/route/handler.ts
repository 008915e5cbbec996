import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoClaimStore } from '../../shared/aws/dynamo-claim-store.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoDebugStore } from '../../shared/aws/dynamo-debug-store.ts';
import { dynamoHookSamples } from '../../shared/aws/dynamo-hook-samples.ts';
import { dynamoPlanStore } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoTouches } from '../../shared/aws/dynamo-touches.ts';
import { dynamoTryStore } from '../../shared/aws/dynamo-try-store.ts';
import { sqsArchiveQueue } from '../../shared/aws/sqs-archive-queue.ts';
import { sqsClient } from '../../shared/aws/sqs-client.ts';
import { sqsHoldBack } from '../../shared/aws/sqs-hold-back.ts';
import { laneUrls, sqsLaneQueues } from '../../shared/aws/sqs-lane-queues.ts';
import { readEnv, routeEnv } from '../../shared/config/env.ts';
import { findKind } from '../../shared/destinations/kinds.ts';
import type { DeadLetterStore } from '../../shared/ports/delivery-stores.ts';
import { systemTimers } from '../../shared/sqs/system-timers.ts';
import { batchHandler } from '../../shared/sqs/batch-handler.ts';
import { logError } from '../../shared/aws/log.ts';
import { debugSampler } from './debug-sampler.ts';
import { hookSampler } from './hook-sampler.ts';
import { routeBatch } from './route-batch.ts';

const env = readEnv(routeEnv, process.env);
const doc = documentClient();
const sqs = sqsClient();
const now = () => new Date();
/** Hardly ever is something put away: no cold start reads the S3 client for it. */
let deadLetters: Promise<DeadLetterStore> | undefined;
const openedDeadLetters = (): Promise<DeadLetterStore> =>
  (deadLetters ??= import('./dead-letters.ts').then(({ openDeadLetters }) =>
    openDeadLetters(env.DEAD_LETTER_BUCKET_NAME),
  ));

export const handler = batchHandler(
  routeBatch({
    configs: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME),
    claims: dynamoClaimStore(doc, env.SEEN_TABLE_NAME),
    plans: dynamoPlanStore(doc, env.LEDGER_TABLE_NAME, env.LEDGER_ROW_DAYS),
    touches: dynamoTouches(doc, env.LEDGER_TABLE_NAME, { now, environment: randomUUID() }),
    lanes: sqsLaneQueues(sqsClient({ attemptsMax: 1 }), laneUrls(env.SHARED_LANE_QUEUE_URL, env.LANE_QUEUE_NAMES)),
    deadLetters: { putUnreadable: async (day, body) => (await openedDeadLetters()).putUnreadable(day, body) },
    timers: systemTimers,
    tries: dynamoTryStore(doc, env.LEDGER_TABLE_NAME, Date.now),
    archive: sqsArchiveQueue(sqs, env.ARCHIVE_QUEUE_URL),
    catalog: findKind,
    holdBack: sqsHoldBack(sqs, env.INTAKE_QUEUE_URL),
    hookSampler: hookSampler({
      samples: dynamoHookSamples(doc, env.SAMPLES_TABLE_NAME, { retentionDays: env.SAMPLE_DAYS, now }),
      nowMs: Date.now,
      warn: (error) => logError('The last request of a webhook source was not kept', error),
    }),
    debugSampler: debugSampler({
      store: dynamoDebugStore(doc, env.SAMPLES_TABLE_NAME, now),
      now,
      wait: async (ms) => await sleep(ms),
      warn: (error) => logError('Events were not kept for the debugger', error),
    }),
    now,
    newWriteId: randomUUID,
  }),
);
