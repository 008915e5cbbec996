import { randomBytes } from 'node:crypto';
import { controlStore } from '../../shared/aws/control-store.ts';
import { alertMarkStore, testCounts } from '../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../shared/aws/documents-notifications.ts';
import { lightClient, lightSetting } from '../../shared/aws/light-client.ts';
import { CONFIG_PAGE_BYTES_MAX } from '../../shared/aws/light-config-reader.ts';
import { lightDocuments } from '../../shared/aws/light-documents.ts';
import { lightMailer } from '../../shared/aws/light-mailer.ts';
import { lightSealer } from '../../shared/aws/light-sealer.ts';
import { peopleStore } from '../../shared/aws/people-store.ts';
import { readEnv, sendAlertsEnv } from '../../shared/config/env.ts';
import { SEND_ALERTS_TIMEOUT_MS } from '../../shared/config/limits.ts';
import { guardedHttp } from '../../shared/destinations/guarded-http.ts';
import { targetRules } from '../../shared/destinations/target-rules.ts';
import { guardedPoster } from './poster.ts';
import { sendAlerts } from './send-alerts.ts';

// A package under the guarded client uses an old module of Node; bundled, it would say so at each cold start, as an error.
process.noDeprecation = true;

const env = readEnv(sendAlertsEnv, process.env);
const setting = lightSetting(process.env);
const now = () => new Date();
const endpoint = (service: string) => `https://${service}.${setting.region}.amazonaws.com`;
const dynamo = lightClient('dynamodb', endpoint('dynamodb'), setting, { answerBytesMax: CONFIG_PAGE_BYTES_MAX });
const documents = lightDocuments(dynamo);
const table = env.CONTROL_TABLE_NAME;

/** Woken by who has something to tell, by its Scheduler every minute, and by the API for a test; each at least once (E1). */
export const handler = sendAlerts({
  control: controlStore(documents, table, { author: { actor: { type: 'system', id: 'send-alerts' } } }),
  people: peopleStore(documents, table),
  notifications: documentsNotifications(documents, table),
  marks: alertMarkStore(documents, table),
  testCounts: testCounts(documents, table),
  sealer: lightSealer(lightClient('kms', endpoint('kms'), setting), undefined),
  mailer: lightMailer(endpoint('email'), setting, env.ALERT_SENDER),
  post: guardedPoster(guardedHttp(targetRules(env.PRIVATE_TARGETS_ALLOWED, env.OWN_HOSTS)), now),
  appUrl: env.APP_URL,
  timeoutMs: SEND_ALERTS_TIMEOUT_MS,
  now,
  newWriteId: () => randomBytes(16).toString('base64url'),
});
