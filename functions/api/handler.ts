import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudWatchMetricsReader } from '../../shared/aws/cloudwatch-metrics-reader.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoInboxReader } from '../../shared/aws/dynamo-inbox-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { apiEnv, readEnv } from '../../shared/config/env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { api } from './api.ts';
import { booksReader } from './read-books.ts';

const env = readEnv(apiEnv, process.env);
const doc = documentClient();
const now = () => new Date();
const ledger = dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME);
const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
const names = {
  queues: { intake: env.INTAKE_QUEUE_NAME, sharedLane: env.SHARED_LANE_QUEUE_NAME },
  functions: {
    ingest: env.INGEST_FUNCTION_NAME,
    route: env.ROUTE_FUNCTION_NAME,
    deliver: env.DELIVER_FUNCTION_NAME,
  },
};

export const handler = httpHandler(
  api({
    control: dynamoControlStore(doc, env.CONTROL_TABLE_NAME),
    books: booksReader(ledger, rollups, now),
    rollups,
    refusals: ledger,
    metrics: cloudWatchMetricsReader({ doc, cloudWatch: new CloudWatchClient() }, env.USAGE_TABLE_NAME, names, now),
    inbox: dynamoInboxReader(doc, env.SAMPLES_TABLE_NAME, now),
    now,
  }),
);
