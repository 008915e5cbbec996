import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { documentClient } from '../../shared/aws/document-client.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { dynamoConfigReader } from '../../shared/aws/dynamo-config-reader.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { dynamoDetailStores } from '../../shared/aws/dynamo-detail-store.ts';
import { dynamoDigestStore } from '../../shared/aws/dynamo-digest-store.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { watchNotes } from '../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../shared/aws/documents-notifications.ts';
import { dynamoRollupStore } from '../../shared/aws/dynamo-rollup-store.ts';
import { dynamoUsageMonths } from '../../shared/aws/dynamo-usage-months.ts';
import { cloudWatchQueueAges } from '../../shared/aws/lane-ages.ts';
import { lightAlertSender } from '../../shared/aws/light-alert-sender.ts';
import { lightSetting } from '../../shared/aws/light-client.ts';
import { notificationIdOf } from '../../shared/aws/notification-id.ts';
import { spanRows } from '../../shared/aws/span-rows.ts';
import { detailReader } from '../../shared/books/detail-reader.ts';
import { checkAlertsEnv, readEnv } from '../../shared/config/env.ts';
import { laneAgesOf, mappingSends, monthUsage } from './alert-facts.ts';
import { type Digested, minuteRun } from './minute-run.ts';
import { minutesOfHours } from './minutes-of-hours.ts';
import { recentDigests } from './recent-digests.ts';
import { watchAlerts, type WatchDeps } from './watch-alerts.ts';

const env = readEnv(checkAlertsEnv, process.env);
const doc = documentClient();
const now = () => new Date();

const setting = lightSetting(process.env);
const documents = sdkDocuments(doc);
const table = env.CONTROL_TABLE_NAME;
const control = dynamoControlStore(doc, env.CONTROL_TABLE_NAME, {
  lanes: 0,
  author: { actor: { type: 'system', id: 'check-alerts' } },
});
const rollups = dynamoRollupStore(doc, { ledger: env.LEDGER_TABLE_NAME, usage: env.USAGE_TABLE_NAME });
// Loaded when an alert looks at a lane.
const queueAges = cloudWatchQueueAges(async () => {
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  return new CloudWatchClient();
}, now);
const sender = lightAlertSender(
  `https://lambda.${setting.region}.amazonaws.com`,
  setting,
  env.SEND_ALERTS_FUNCTION_NAME,
);
const details = detailReader({
  ledger: dynamoLedgerReader(doc, env.LEDGER_TABLE_NAME),
  rollups,
  details: dynamoDetailStores(doc, env.LEDGER_TABLE_NAME),
  now,
});
const recent = recentDigests(now);
const watch: WatchDeps = {
  control,
  notes: watchNotes(documents, table),
  notifications: documentsNotifications(documents, table),
  mismatches: async () => (await rollups.getMismatches())?.found ?? [],
  usage: monthUsage(dynamoUsageMonths(doc, env.USAGE_TABLE_NAME), now),
  mappings: mappingSends(details, now),
  laneAges: laneAgesOf(queueAges, { sharedLane: env.SHARED_LANE_QUEUE_NAME, lanes: env.LANE_QUEUE_NAMES }),
  wakeSender: () => sender.wake(),
  idOf: notificationIdOf,
  newWriteId: randomUUID,
  now,
};

const deps = {
  control,
  configs: dynamoConfigReader(doc, env.CONTROL_TABLE_NAME, { withoutSuppression: true }),
  digests: dynamoDigestStore(doc, env.LEDGER_TABLE_NAME, now),
  rows: spanRows(sdkDocuments(doc), env.LEDGER_TABLE_NAME),
  made: minutesOfHours(),
  afterDigests: [
    ({ config, digests, asOf, since }: Digested) => watchAlerts(watch, config, { ...recent(digests), asOf, since }),
  ],
  now,
};

/** Called by EventBridge Scheduler, at least once a minute (E1): a repeated or overlapping run changes nothing. */
export const handler = (_event: unknown, context: Context) =>
  minuteRun({ ...deps, remainingMs: () => context.getRemainingTimeInMillis() });
