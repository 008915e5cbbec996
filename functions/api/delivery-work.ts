import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { cloudWatchMetricsReader } from '../../shared/aws/cloudwatch-metrics-reader.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { dynamoDebugReader } from '../../shared/aws/dynamo-debug-store.ts';
import { dynamoDetailStores } from '../../shared/aws/dynamo-detail-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { dynamoSampleStore } from '../../shared/aws/dynamo-sample-store.ts';
import { keptDigests } from '../../shared/aws/kept-digests.ts';
import { bookShelf } from '../../shared/books/book.ts';
import { detailReader } from '../../shared/books/detail-reader.ts';
import { MinuteCache } from '../../shared/books/minute-cache.ts';
import { waitingOf } from '../../shared/books/waiting.ts';
import type { apiEnv } from '../../shared/config/env.ts';
import { SAMPLE_DAYS } from '../../shared/config/limits.ts';
import { cachedShelf } from './cached-shelf.ts';
import { metricNames } from './metric-names.ts';
import { cachedHealth } from './resources/cached-health.ts';
import type { DeliveryWork } from './resources/delivery-work.ts';
import type { HealthWork } from './resources/health-work.ts';
import { reasonSamples } from './resources/reason-samples.ts';

type Env = z.infer<typeof apiEnv>;

/** What pages about delivery read. A module of its own, with the SDK: it is loaded when somebody asks. */
export function deliveryWork(env: Env, now: () => Date): DeliveryWork {
  const doc = documentClient();
  const ledger = dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME);
  const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
  const details = dynamoDetailStores(doc, env.LEDGER_TABLE_NAME);
  const shelf = cachedShelf(bookShelf({ ledger, rollups }), now);
  return {
    details: detailReader({
      ledger,
      rollups,
      details,
      now,
      kept: { sources: new MinuteCache(now), destinations: new MinuteCache(now) },
    }),
    waiting: async ({ id, createdAt }) => await waitingOf({ rollups, now }, shelf.destination(id), createdAt),
    samples: dynamoSampleStore(doc, env.SAMPLES_TABLE_NAME, { retentionDays: SAMPLE_DAYS, now }),
    reasonSamples: reasonSamples(dynamoDebugReader(doc, env.SAMPLES_TABLE_NAME, now)),
    digests: keptDigests(sdkDocuments(doc), env.LEDGER_TABLE_NAME),
  };
}

/** What health reads, as little of it as was read lately. */
export function healthWork(env: Env, now: () => Date): HealthWork {
  const doc = documentClient();
  return cachedHealth(
    {
      digests: keptDigests(sdkDocuments(doc), env.LEDGER_TABLE_NAME),
      refusals: dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME),
      metrics: cloudWatchMetricsReader(
        { doc, cloudWatch: new CloudWatchClient() },
        env.USAGE_TABLE_NAME,
        metricNames(env),
        now,
      ),
      rollups: dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME }),
    },
    now,
  );
}
