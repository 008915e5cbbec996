import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { cloudWatchMetricsReader } from '../../shared/aws/cloudwatch-metrics-reader.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoBreakerStore } from '../../shared/aws/dynamo-breaker-store.ts';
import { dynamoInboxReader } from '../../shared/aws/dynamo-inbox-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoReplayStore } from '../../shared/aws/dynamo-replay-store.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { bookShelf } from '../../shared/books/book.ts';
import { type BalanceLine, readBalance } from '../../shared/books/read-balance.ts';
import { recoveredOf } from '../../shared/books/recovered.ts';
import type { apiEnv } from '../../shared/config/env.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { cachedShelf } from './cached-shelf.ts';
import { metricNames } from './metric-names.ts';
import { readStatus } from './read-status.ts';
import type { StatusWork } from './routes/status.ts';
import { sharedReads } from './shared-reads.ts';

/** A balance is served again for so long: scripts that wait for one to settle ask it over and over. */
const BALANCE_SERVED_AGAIN_MS = 1_000;

/** Status and balance with all that they read. A module of its own, with the SDK: it is loaded when somebody asks for the one or the other. */
export function statusWork(env: z.infer<typeof apiEnv>, now: () => Date): StatusWork {
  const doc = documentClient();
  const ledger = dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME);
  const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
  const replays = dynamoReplayStore(doc, env.LEDGER_TABLE_NAME);
  const shelf = bookShelf({ ledger, rollups });
  const recovered = { replays, rollups };
  const deps = {
    books: { shelf: cachedShelf(shelf, now), rollups, now },
    recovered,
    rollups,
    breakers: dynamoBreakerStore(doc, env.LEDGER_TABLE_NAME),
    refusals: ledger,
    metrics: cloudWatchMetricsReader(
      { doc, cloudWatch: new CloudWatchClient() },
      env.USAGE_TABLE_NAME,
      metricNames(env),
      now,
    ),
    inbox: dynamoInboxReader(doc, env.SAMPLES_TABLE_NAME, now),
    now,
  };
  // What people wait for is read without a cache of rows; the page, which asks all the time, with one.
  const exact = { shelf, rollups, now, recovered: (id: DestinationId) => recoveredOf(recovered, id) };
  const shared = sharedReads<BalanceLine[]>(BALANCE_SERVED_AGAIN_MS, now);
  return {
    status: (workspace, config) => readStatus(deps, workspace, config),
    balance: (config, hours) =>
      hours === undefined
        ? shared(config.workspaceId, () => readBalance(exact, config))
        : readBalance(exact, config, hours),
  };
}
