import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { WorkspaceId } from '../domain/ids.ts';
import { fairShare } from '../domain/fair-share.ts';
import { Notification, NOTIFICATION_DAYS, ReadMark } from '../domain/notification.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import { type NotificationStore, placeOf } from '../ports/notification-store.ts';
import { queryPages } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';

const DAY_SECONDS = 86_400;
/** Before every place that there can be. */
const FIRST = '0';
const WaitingItem = z.object({ workspaceId: WorkspaceId, place: z.string().max(200), nextAt: Timestamp });
type WaitingItem = z.infer<typeof WaitingItem>;
/** Notes of what is due that are looked at for a fair choice, some 200 bytes each; those that are due longest. */
const DUE_READ_MAX = 3_000;
const DUE_PER_PAGE = 1_000;

const Versioned = z.object({ version: z.int().positive() });
/** Only where there is nothing yet, or what is there has that version. */
const over = (version: number | undefined) =>
  version === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': version } };

/** Notifications in the control table, apart from the configuration: writing one moves no configVersion. See the port. */
export function documentsNotifications(documents: Documents, tableName: string): NotificationStore {
  const itemOf = (notification: Notification, writeId: string, before: number | undefined): TransactItem => ({
    Put: {
      TableName: tableName,
      Item: {
        ...controlKeys.notification(notification.workspaceId, placeOf(notification)),
        version: notification.version,
        writeId,
        data: JSON.stringify(notification),
        expiresAtSeconds: Math.floor(Date.parse(notification.at) / 1_000) + NOTIFICATION_DAYS * DAY_SECONDS,
      },
      ...over(before),
    },
  });
  const noteOf = ({ workspaceId, place, nextAt }: WaitingItem): TransactItem => ({
    Put: {
      TableName: tableName,
      Item: {
        ...controlKeys.waitingSend(workspaceId, place, nextAt),
        data: JSON.stringify({ workspaceId, place, nextAt }),
      },
    },
  });
  const noNoteOf = ({ workspaceId, place, nextAt }: WaitingItem): TransactItem => ({
    Delete: { TableName: tableName, Key: controlKeys.waitingSend(workspaceId, place, nextAt) },
  });
  const written = async (items: TransactItem[], key: { pk: string; sk: string }, writeId: string) => {
    const result = await documents.transact(items);
    if (result.outcome === 'saved') return true;
    if (!result.codes.includes('ConditionalCheckFailed')) {
      throw new AppError('upstream-unavailable', 'A notification was not saved', { cause: result.cause });
    }
    return (await documents.get(tableName, key))?.['writeId'] === writeId;
  };
  return {
    add: (notification, writeId) => {
      const place = placeOf(notification);
      const { workspaceId, nextAt } = notification;
      const waiting = noteOf({ workspaceId, place, nextAt });
      const key = controlKeys.notification(workspaceId, place);
      return written([itemOf(notification, writeId, undefined), waiting], key, writeId);
    },
    get: async (workspaceId, place) => {
      const item = await documents.get(tableName, controlKeys.notification(workspaceId, place));
      return item && parseItem(item, Notification);
    },
    list: async (workspaceId, { before, limit }) => {
      const found: Notification[] = [];
      const range = controlKeys.notifications(workspaceId, FIRST, before);
      // One more than asked for tells whether there are more; the place itself is not before itself.
      for await (const page of queryPages(documents, tableName, range, { newestFirst: true, limit: limit + 2 })) {
        found.push(...page.map((item) => parseItem(item, Notification)).filter((one) => placeOf(one) !== before));
        if (found.length > limit) break;
      }
      return { notifications: found.slice(0, limit), hasMore: found.length > limit };
    },
    save: (notification, { isDone, was }, writeId) => {
      const place = placeOf(notification);
      const { workspaceId, nextAt } = notification;
      const next = { ...notification, version: notification.version + 1 };
      // The note moves to when it is due next: what waits for later is in nobody's way.
      const moves = !isDone && was !== nextAt;
      return written(
        [
          itemOf(next, writeId, notification.version),
          ...(isDone || moves ? [noNoteOf({ workspaceId, place, nextAt: was })] : []),
          ...(moves ? [noteOf({ workspaceId, place, nextAt })] : []),
        ],
        controlKeys.notification(workspaceId, place),
        writeId,
      );
    },
    listWaiting: async (now, limit) => {
      const due: WaitingItem[] = [];
      for await (const page of queryPages(documents, tableName, controlKeys.waitingSends(now), {
        limit: DUE_PER_PAGE,
      })) {
        due.push(...page.map((item) => parseItem(item, WaitingItem)));
        if (due.length >= DUE_READ_MAX) break;
      }
      return fairShare(due, ({ workspaceId }) => workspaceId, limit);
    },
    forget: async (waiting) => {
      await documents.transact([noNoteOf(waiting)]);
    },
    getReadMark: async (workspaceId, readerId) => {
      const item = await documents.get(tableName, controlKeys.readMark(workspaceId, readerId));
      if (item === undefined) return { value: undefined, version: 0 };
      return { value: parseItem(item, ReadMark), version: Versioned.parse(item).version };
    },
    saveReadMark: (workspaceId, readerId, mark, version, writeId) => {
      const key = controlKeys.readMark(workspaceId, readerId);
      const Item = { ...key, version: version + 1, writeId, data: JSON.stringify(mark) };
      return written(
        [{ Put: { TableName: tableName, Item, ...over(version === 0 ? undefined : version) } }],
        key,
        writeId,
      );
    },
  };
}
