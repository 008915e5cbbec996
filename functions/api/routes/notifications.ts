import type * as z from 'zod';
import type { Notification as ShownNotification } from '../../../shared/api/operations/alert-shapes.ts';
import { isOwner } from '../../../shared/domain/access.ts';
import { isRead, isWanted, type Notification, preferencesIn, ReadMark } from '../../../shared/domain/notification.ts';
import { NotificationId } from '../../../shared/domain/ids.ts';
import { placeOf } from '../../../shared/ports/notification-store.ts';
import { conflict } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { makerOf, SUCCESS } from '../resources/faults.ts';
import { targetOf } from '../resources/source-views.ts';

type Shown = z.output<ReturnType<typeof ShownNotification>>;

/** Notifications of one page. */
const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
/** Notifications that one request reads: those that are not for the caller are among them. */
const SCANNED_MAX = 1_000;
const PER_READ = 200;
/** The newest ones, among which the unread are counted. */
const COUNTED_MAX = 200;
/** Read one by one; then all before the oldest of them counts as read. */
const READ_IDS_MAX = 1_000;
/** Windows of one reader that mark at the same time: each loses to another at most so often. */
const TRIES_MAX = 8;
const LONG_AGO = '1970-01-01T00:00:00.000Z';

export const notificationsHandlers: HandlersOf<'listNotifications' | 'markNotificationsRead'> = {
  listNotifications: async (request, { query: { unread, pagination } }) => {
    const { deps, workspaceId, pages } = request;
    const before = await pages.position('notifications', pagination?.cursor);
    const count = Math.min(pagination?.count ?? PAGE_DEFAULT, PAGE_MAX);
    const { value: mark } = await deps.notifications.getReadMark(workspaceId, request.caller.id);
    const isOwn = await ownFilter(request);
    const isAsked = (one: Notification) =>
      isOwn(one) && (unread === undefined || (unread === 'false') === isRead(one, mark));
    const page = await scan(request, before, isAsked, count);
    const newest = await deps.notifications.list(workspaceId, { limit: COUNTED_MAX });
    const counted = newest.notifications.filter((one) => isOwn(one) && !isRead(one, mark));
    const oldest = newest.notifications.at(-1);
    return {
      notifications: page.found.map((one) => shown(one, isRead(one, mark))),
      unread: counted.length,
      unreadIsMore: newest.hasMore && oldest !== undefined && !(mark !== undefined && oldest.at <= mark.until),
      pagination: {
        current: pagination?.cursor ?? pages.first,
        ...(page.next !== undefined && { next: await pages.cursor('notifications', page.next) }),
      },
    };
  },

  markNotificationsRead: async (request, { body }) => {
    const { deps, workspaceId, caller, now, newId } = request;
    const ids = (body?.ids ?? []).flatMap((id) => NotificationId.safeParse(id).data ?? []);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const { value, version } = await deps.notifications.getReadMark(workspaceId, caller.id);
      const before = value ?? { until: LONG_AGO, ids: [] };
      const mark: ReadMark =
        body?.ids === undefined
          ? { until: now().toISOString(), ids: [] }
          : { ...before, ids: [...new Set([...before.ids, ...ids])].slice(-READ_IDS_MAX) };
      const parsed = ReadMark.parse(mark);
      if (await deps.notifications.saveReadMark(workspaceId, caller.id, parsed, version, newId('write')))
        return SUCCESS;
    }
    throw conflict('It was changed in between.');
  },
};

/** Of a page as much as fits, however many are not for the caller; where it stops after SCANNED_MAX, the next page goes on. */
async function scan(
  { deps, workspaceId }: ApiRequest,
  from: string | undefined,
  isAsked: (one: Notification) => boolean,
  count: number,
): Promise<{ found: Notification[]; next: string | undefined }> {
  const found: Notification[] = [];
  let before = from;
  for (let scanned = 0; scanned < SCANNED_MAX; scanned += PER_READ) {
    const page = await deps.notifications.list(workspaceId, { before, limit: PER_READ });
    for (const one of page.notifications) {
      if (isAsked(one)) found.push(one);
      before = placeOf(one);
      if (found.length === count) return { found, next: before };
    }
    if (!page.hasMore) return { found, next: undefined };
  }
  return { found, next: before };
}

/** What is for the caller: addressed to them, wanted by them, and about nothing that they may not see. A token finds what owners or members do. */
async function ownFilter(request: ApiRequest): Promise<(one: Notification) => boolean> {
  const { caller } = request;
  const { sources } = await request.config();
  const byId = new Map(sources.map((source) => [source.id, source]));
  const preferences = caller.kind === 'person' ? preferencesIn(caller.person.preferences) : {};
  const seesAll = request.may('source.read', { kind: 'workspace' });
  const visible = new Set(sources.filter((source) => request.may('source.read', targetOf(source))).map(({ id }) => id));
  const owns = isOwner(caller.permissions);
  const maker = makerOf(request);
  return (one) => {
    // A source that is gone has no labels to judge by.
    if (!one.sourceIds.every((id) => visible.has(id) || (seesAll && !byId.has(id)))) return false;
    const mine = typeof one.audience === 'object' || one.sourceIds.some((id) => byId.get(id)?.createdBy === maker);
    return isWanted(one, { id: caller.id, isOwner: owns, mine, preferences });
  };
}

const shown = ({ id, at, alertId, area, transition, title, lines, path }: Notification, read: boolean): Shown => ({
  id,
  at,
  alertId: alertId ?? null,
  area,
  kind: transition,
  title,
  lines,
  text: [title, ...lines].join('\n'),
  path: path ?? null,
  read,
});
