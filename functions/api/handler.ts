import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudWatchMetricsReader } from '../../shared/aws/cloudwatch-metrics-reader.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoBreakerStore } from '../../shared/aws/dynamo-breaker-store.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoInboxReader } from '../../shared/aws/dynamo-inbox-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoReplayStore } from '../../shared/aws/dynamo-replay-store.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { bookShelf } from '../../shared/books/book.ts';
import { readBalance } from '../../shared/books/read-balance.ts';
import { recoveredOf } from '../../shared/books/recovered.ts';
import { apiEnv, readEnv } from '../../shared/config/env.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { api } from './api.ts';
import { cachedShelf } from './cached-shelf.ts';
import { sharedBalance } from './shared-balance.ts';

const env = readEnv(apiEnv, process.env);
const doc = documentClient();
const now = () => new Date();
const ledger = dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME);
const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
const replays = dynamoReplayStore(doc, env.LEDGER_TABLE_NAME);
const shelf = bookShelf({ ledger, rollups });
const recovered = { replays, rollups };
const names = {
  queues: {
    intake: env.INTAKE_QUEUE_NAME,
    sharedLane: env.SHARED_LANE_QUEUE_NAME,
    lanes: env.LANE_QUEUE_NAMES,
  },
  functions: {
    ingest: env.INGEST_FUNCTION_NAME,
    route: env.ROUTE_FUNCTION_NAME,
    deliver: env.DELIVER_FUNCTION_NAME,
  },
};

// What people wait for is read without a cache of rows; the page, which asks all the time, with one.
const exact = { shelf, rollups, now, recovered: (id: DestinationId) => recoveredOf(recovered, id) };
const ofAllTime = sharedBalance((config) => readBalance(exact, config), now);

export const handler = httpHandler(
  api({
    control: dynamoControlStore(doc, env.CONTROL_TABLE_NAME),
    books: { shelf: cachedShelf(shelf, now), rollups, now },
    balance: (config, hours) => (hours === undefined ? ofAllTime(config) : readBalance(exact, config, hours)),
    recovered,
    rollups,
    breakers: dynamoBreakerStore(doc, env.LEDGER_TABLE_NAME),
    refusals: ledger,
    metrics: cloudWatchMetricsReader({ doc, cloudWatch: new CloudWatchClient() }, env.USAGE_TABLE_NAME, names, now),
    inbox: dynamoInboxReader(doc, env.SAMPLES_TABLE_NAME, now),
    now,
  }),
);
