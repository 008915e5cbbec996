import { randomBytes, randomUUID } from 'node:crypto';
import { documentsAuditLog } from '../../shared/aws/audit-items.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { sdkDocuments } from '../../shared/aws/documents.ts';
import { controlStore } from '../../shared/aws/control-store.ts';
import { activityNotes } from '../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../shared/aws/documents-notifications.ts';
import { dynamoNotifyNotes } from '../../shared/aws/dynamo-notes.ts';
import { lightAlertSender } from '../../shared/aws/light-alert-sender.ts';
import { lightClient, lightSetting } from '../../shared/aws/light-client.ts';
import { lightIntakeQueue } from '../../shared/aws/light-intake-queue.ts';
import { notificationIdOf } from '../../shared/aws/notification-id.ts';
import { notifyEnv, readEnv } from '../../shared/config/env.ts';
import type { IntakeId } from '../../shared/domain/ids.ts';
import { notify } from './notify.ts';

const env = readEnv(notifyEnv, process.env);
const setting = lightSetting(process.env);
const doc = documentClient();
const documents = sdkDocuments(doc);
const { forwarding, watch } = dynamoNotifyNotes(doc, env.CONTROL_TABLE_NAME);

const INTAKE_ID_BYTES = 16;

/** Called by EventBridge at each change and by its Scheduler every hour, each at least once (E1). */
export const handler = notify({
  control: controlStore(documents, env.CONTROL_TABLE_NAME, {
    author: { actor: { type: 'system', id: 'notify' } },
  }),
  audit: documentsAuditLog(documents, env.CONTROL_TABLE_NAME),
  forwarding,
  watch,
  activity: activityNotes(documents, env.CONTROL_TABLE_NAME),
  notifications: documentsNotifications(documents, env.CONTROL_TABLE_NAME),
  sender: lightAlertSender(`https://lambda.${setting.region}.amazonaws.com`, setting, env.SEND_ALERTS_FUNCTION_NAME),
  idOf: notificationIdOf,
  // The very form that ingest puts there.
  intake: lightIntakeQueue(lightClient('sqs', new URL(env.INTAKE_QUEUE_URL).origin, setting), env.INTAKE_QUEUE_URL),
  now: () => new Date(),
  newIntakeId: () => `in_${randomBytes(INTAKE_ID_BYTES).toString('base64url')}` as IntakeId,
  newWriteId: randomUUID,
});
