import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { cloudWatchMetricsReader } from '../../shared/aws/cloudwatch-metrics-reader.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoDetailStores } from '../../shared/aws/dynamo-detail-store.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoReplayStore } from '../../shared/aws/dynamo-replay-store.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { dynamoUsageMonths } from '../../shared/aws/dynamo-usage-months.ts';
import { emfCounter } from '../../shared/aws/metrics.ts';
import { dynamoWorkspaceEraser } from '../../shared/aws/dynamo-workspace-eraser.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { s3DigestShelf } from '../../shared/aws/s3-digest-shelf.ts';
import { s3SchemaShelf } from '../../shared/aws/s3-schema-shelf.ts';
import { s3SeenUsers } from '../../shared/aws/s3-seen-users.ts';
import { bookShelf } from '../../shared/books/book.ts';
import { aggregateUsageEnv, readEnv } from '../../shared/config/env.ts';
import { hourlyRun } from './hourly-run.ts';
import { purgeDueWorkspaces } from './purge-workspaces.ts';

const env = readEnv(aggregateUsageEnv, process.env);
const doc = documentClient();
const now = () => new Date();
const ledger = dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME);
const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
const shelf = bookShelf({ ledger, rollups, details: dynamoDetailStores(doc, env.LEDGER_TABLE_NAME) });
const names = {
  queues: { intake: env.INTAKE_QUEUE_NAME, sharedLane: env.SHARED_LANE_QUEUE_NAME, lanes: env.LANE_QUEUE_NAMES },
  functions: {
    ingest: env.INGEST_FUNCTION_NAME,
    route: env.ROUTE_FUNCTION_NAME,
    deliver: env.DELIVER_FUNCTION_NAME,
  },
};

const control = dynamoControlStore(doc, env.CONTROL_TABLE_NAME, {
  lanes: env.LANE_QUEUE_NAMES.length,
  author: { actor: { type: 'system', id: 'aggregate-usage' } },
});
/** The largest object has 7 MB. */
const s3 = new S3Client({
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
});
const eraser = dynamoWorkspaceEraser(sdkDocuments(doc), env.CONTROL_TABLE_NAME);

const deps = {
  control,
  shelf,
  rollups,
  books: { shelf, rollups, now },
  ledger,
  digests: s3DigestShelf(s3, env.ARCHIVE_BUCKET_NAME),
  schemas: s3SchemaShelf(s3, env.ARCHIVE_BUCKET_NAME),
  seen: s3SeenUsers(s3, env.ARCHIVE_BUCKET_NAME),
  months: dynamoUsageMonths(doc, env.USAGE_TABLE_NAME),
  replays: dynamoReplayStore(doc, env.LEDGER_TABLE_NAME),
  metrics: cloudWatchMetricsReader({ doc, cloudWatch: new CloudWatchClient() }, env.USAGE_TABLE_NAME, names, now),
  countMetric: emfCounter(env.METRIC_NAMESPACE),
  now,
  newWriteId: randomUUID,
  purge: () => purgeDueWorkspaces({ control, eraser, now, newWriteId: randomUUID }),
};

/** Called by EventBridge Scheduler, at least once an hour (E1): a repeated or overlapping run changes nothing. */
export const handler = () => hourlyRun(deps);
