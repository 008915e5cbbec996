import { createHash } from 'node:crypto';
import { NotificationId } from '../domain/ids.ts';
import type { NotificationIdOf } from '../domain/tell-changes.ts';

/** Of the digest that makes an id: 132 bits, without padding. */
const ID_CHARS = 22;

/** The same for the same, another for anything else. */
export const notificationIdOf: NotificationIdOf = (of) =>
  NotificationId.parse(`ntf_${createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, ID_CHARS)}`);
