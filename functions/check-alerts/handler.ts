import type { Context } from 'aws-lambda';
import { documentClient } from '../../shared/aws/document-client.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoDigestStore } from '../../shared/aws/dynamo-digest-store.ts';
import { spanRows } from '../../shared/aws/span-rows.ts';
import { checkAlertsEnv, readEnv } from '../../shared/config/env.ts';
import { minuteRun } from './minute-run.ts';

const env = readEnv(checkAlertsEnv, process.env);
const doc = documentClient();
const now = () => new Date();

const deps = {
  control: dynamoControlStore(doc, env.CONTROL_TABLE_NAME, {
    lanes: 0,
    author: { actor: { type: 'system', id: 'check-alerts' } },
  }),
  configs: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME, { withoutSuppression: true }),
  digests: dynamoDigestStore(doc, env.LEDGER_TABLE_NAME, now),
  rows: spanRows(sdkDocuments(doc), env.LEDGER_TABLE_NAME),
  afterDigests: [],
  now,
};

/** Called by EventBridge Scheduler, at least once a minute (E1): a repeated or overlapping run changes nothing. */
export const handler = (_event: unknown, context: Context) =>
  minuteRun({ ...deps, remainingMs: () => context.getRemainingTimeInMillis() });
