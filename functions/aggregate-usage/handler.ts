import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { aggregateUsageEnv, readEnv } from '../../shared/config/env.ts';
import { aggregateUsage } from './aggregate-usage.ts';

const env = readEnv(aggregateUsageEnv, process.env);
const doc = documentClient();
const deps = {
  control: dynamoControlStore(doc, env.CONTROL_TABLE_NAME),
  ledger: dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME),
  rollups: dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME }),
  now: () => new Date(),
};

/** Called by EventBridge Scheduler, at least once an hour (E1): a repeated or overlapping run changes nothing. */
export const handler = () => aggregateUsage(deps);
