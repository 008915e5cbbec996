import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlStore } from '../../shared/aws/control-store.ts';
import { documentsAuditLog } from '../../shared/aws/audit-items.ts';
import { alertMarkStore } from '../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../shared/aws/documents-notifications.ts';
import { lightAlertSender } from '../../shared/aws/light-alert-sender.ts';
import { keptDigests } from '../../shared/aws/kept-digests.ts';
import { lightClient, lightSetting } from '../../shared/aws/light-client.ts';
import { CONFIG_PAGE_BYTES_MAX, lightConfigReader } from '../../shared/aws/light-config-reader.ts';
import { lightDocuments } from '../../shared/aws/light-documents.ts';
import { lightHints } from '../../shared/aws/light-hints.ts';
import { lightSealer } from '../../shared/aws/light-sealer.ts';
import { peopleStore } from '../../shared/aws/people-store.ts';
import { spanRows } from '../../shared/aws/span-rows.ts';
import { storedSigningKey } from '../../shared/aws/signing-key.ts';
import { lightDeliverAsks } from '../../shared/aws/light-deliver-asks.ts';
import { lightReplayRunner } from '../../shared/aws/light-replay-runner.ts';
import { alertSenderName, replayRunnerName } from '../../shared/config/hint-names.ts';
import { apiEnv, lastOfPath, readEnv } from '../../shared/config/env.ts';
import { APP_SCOPE } from '../../shared/config/sign-in.ts';
import { jwtPersonTokens } from '../../shared/http/jwt-person-tokens.ts';
import { catalogReader } from '../../shared/catalog/catalog-reader.ts';
import { logoReader } from '../../shared/catalog/logo-reader.ts';
import { newWriteKey } from '../../shared/aws/new-write-key.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { api } from './api.ts';
import { liveNumbers } from './live-numbers.ts';
import { once } from './once.ts';

const env = readEnv(apiEnv, process.env);
const setting = lightSetting(process.env);
const now = () => new Date();
const endpoint = (service: string) => `https://${service}.${setting.region}.amazonaws.com`;
// Without the SDK, which takes longer to load than all else together; what needs it is loaded when it is asked for.
const dynamo = lightClient('dynamodb', endpoint('dynamodb'), setting, { answerBytesMax: CONFIG_PAGE_BYTES_MAX });
const documents = lightDocuments(dynamo);
const table = env.CONTROL_TABLE_NAME;
const sealer = lightSealer(lightClient('kms', endpoint('kms'), setting), env.SEALING_KEY_ARN);
const deliverAsks = lightDeliverAsks(endpoint('lambda'), setting, env.DELIVER_FUNCTION_NAME);
const replayRunner = lightReplayRunner(endpoint('lambda'), setting, replayRunnerName(env.EVENT_BUS_NAME));

export const handler = httpHandler(
  api({
    control: (author) => controlStore(documents, table, { author, now, lanes: env.LANE_QUEUE_NAMES.length }),
    configs: lightConfigReader(dynamo, table),
    people: peopleStore(documents, table),
    personTokens: jwtPersonTokens({ issuer: env.USER_POOL_ISSUER, scope: APP_SCOPE, now }),
    accounts: once(async () => {
      const [{ CognitoIdentityProviderClient }, { cognitoAccounts }] = await Promise.all([
        import('@aws-sdk/client-cognito-identity-provider'),
        import('../../shared/aws/cognito-accounts.ts'),
      ]);
      return cognitoAccounts(new CognitoIdentityProviderClient(), lastOfPath(env.USER_POOL_ISSUER));
    }),
    alertSender: lightAlertSender(endpoint('lambda'), setting, alertSenderName(env.EVENT_BUS_NAME)),
    alertMarks: alertMarkStore(documents, table),
    notifications: documentsNotifications(documents, table),
    events: once(async () => (await import('./events-work.ts')).eventsWork(env, setting, now)),
    auditLog: documentsAuditLog(documents, table),
    hints: lightHints(lightClient('events', endpoint('events'), setting), env.EVENT_BUS_NAME),
    // Laid beside the bundle by the build.
    catalog: catalogReader(join(import.meta.dirname, 'catalog')),
    logos: logoReader(join(import.meta.dirname, 'logos')),
    places: { cdnUrl: env.CDN_URL },
    sealer: async () => sealer,
    deliver: async () => deliverAsks,
    hookSamples: once(async () => {
      const [{ documentClient }, { dynamoHookSampleReader }] = await Promise.all([
        import('../../shared/aws/document-client.ts'),
        import('../../shared/aws/dynamo-hook-samples.ts'),
      ]);
      return dynamoHookSampleReader(documentClient(), env.SAMPLES_TABLE_NAME, now);
    }),
    archive: once(async () => {
      const [{ S3Client }, { s3ArchivedEvents }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('../../shared/aws/s3-archived-events.ts'),
      ]);
      const s3 = new S3Client({
        maxAttempts: 2,
        requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
      });
      return s3ArchivedEvents(s3, env.ARCHIVE_BUCKET_NAME);
    }),
    suppression: once(async () => {
      const [{ documentClient }, { dynamoSuppressionStore }] = await Promise.all([
        import('../../shared/aws/document-client.ts'),
        import('../../shared/aws/dynamo-suppression-store.ts'),
      ]);
      return dynamoSuppressionStore(documentClient(), table);
    }),
    delivery: once(async () => (await import('./delivery-work.ts')).deliveryWork(env, now)),
    health: once(async () => (await import('./delivery-work.ts')).healthWork(env, now)),
    exports: once(async () => (await import('./schema-work.ts')).exportStore(env, now)),
    schemas: once(async () => (await import('./schema-work.ts')).schemaWork(env, now)),
    status: once(async () => (await import('./status-work.ts')).statusWork(env, now)),
    replays: once(async () => (await import('./replay-work.ts')).replayWork(env, replayRunner)),
    usageMonths: once(async () => {
      const [{ documentClient }, { dynamoUsageMonths }] = await Promise.all([
        import('../../shared/aws/document-client.ts'),
        import('../../shared/aws/dynamo-usage-months.ts'),
      ]);
      return dynamoUsageMonths(documentClient(), env.USAGE_TABLE_NAME);
    }),
    live: liveNumbers({
      digests: keptDigests(documents, env.LEDGER_TABLE_NAME),
      rows: spanRows(documents, env.LEDGER_TABLE_NAME),
      now,
    }),
    signingKey: storedSigningKey(documents, table, async () => sealer),
    ownerEmail: env.OWNER_EMAIL,
    now,
    wait: async (ms) => await sleep(ms),
    newWriteKey,
    newId: (prefix) => `${prefix}_${randomBytes(16).toString('base64url')}`,
  }),
);
