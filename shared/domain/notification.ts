import * as z from 'zod';
import { AREAS } from './alert.ts';
import { AlertId, NotificationId, SourceId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** How long people find a notification. */
export const NOTIFICATION_DAYS = 90;
/** What one message tells in full; of more it says how many. */
export const LINES_MAX = 20;
const LINE_CHARS_MAX = 400;
/** Sources that one notification is about. */
const SOURCES_MAX = 200;

/** A message on its way through one channel of the alert, by the channel's place in it. What has ended keeps its result. */
export const ChannelSend = z.object({
  channel: z.int().nonnegative(),
  type: z.enum(['EMAIL', 'SLACK', 'WEBHOOK']),
  state: z.enum(['waiting', 'sent', 'failed']),
  /** Begun, whatever became of them. */
  tries: z.int().nonnegative(),
  /** What the other side answered, or why nothing was sent. */
  message: z.string().max(500).optional(),
  at: Timestamp.optional(),
});
export type ChannelSend = z.infer<typeof ChannelSend>;

/** `happened`: once, from the audit trail. The others: an alert began, still stands, is over. */
export const TRANSITIONS = ['fired', 'still', 'resolved', 'happened', 'test'] as const;

export const Notification = z.object({
  id: NotificationId,
  workspaceId: WorkspaceId,
  at: Timestamp,
  alertId: AlertId.optional(),
  area: z.enum(AREAS),
  transition: z.enum(TRANSITIONS),
  title: z.string().max(LINE_CHARS_MAX),
  lines: z.array(z.string().max(LINE_CHARS_MAX)).max(LINES_MAX + 1),
  /** Where in the app it leads. */
  path: z.string().max(200).optional(),
  /** What it is about: shown only to who may see each of them. */
  sourceIds: z.array(SourceId).max(SOURCES_MAX),
  /** In the app: who finds it. `nobody`: the alert has no such channel. */
  audience: z.union([z.enum(['owners', 'members', 'nobody']), z.object({ personId: z.string().max(64) })]),
  /** Who did it, and so need not be told (H11). */
  exceptId: z.string().max(128).optional(),
  sends: z.array(ChannelSend),
  /** When the channels that wait are tried next. */
  nextAt: Timestamp,
  version: z.int().nonnegative(),
});
export type Notification = z.infer<typeof Notification>;

/** What a reader has read: all before a moment, and some after it. */
export const ReadMark = z.object({ until: Timestamp, ids: z.array(NotificationId).max(1_000) });
export type ReadMark = z.infer<typeof ReadMark>;

export const isRead = ({ at, id }: Pick<Notification, 'at' | 'id'>, mark: ReadMark | undefined): boolean =>
  mark !== undefined && (at <= mark.until || mark.ids.includes(id));

/** Text of a payload or of people in a message: on one line, without what terminals and mail headers obey. */
export const inOneLine = (text: string, charsMax = LINE_CHARS_MAX): string =>
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').slice(0, charsMax);

/** What one person wants to hear of, by part of the app and channel, kept among their preferences under `notifications`. */
export const NotificationPreferences = z.strictObject({
  /** Only about sources and alerts that they have made. */
  onlyMine: z.boolean().optional(),
  areas: z
    .partialRecord(
      z.enum(AREAS),
      z.strictObject({
        /** Wanted unless it says `false`. */
        inApp: z.boolean().optional(),
        /** Not wanted unless it says `true`. */
        email: z.boolean().optional(),
      }),
    )
    .optional(),
});
export type NotificationPreferences = z.infer<typeof NotificationPreferences>;
export const PREFERENCES_KEY = 'notifications';

/** What somebody chose; nothing where they chose nothing, or where what is kept is of no form that we know. */
export const preferencesIn = (kept: Readonly<Record<string, unknown>>): NotificationPreferences =>
  NotificationPreferences.safeParse(kept[PREFERENCES_KEY]).data ?? {};

/** Whether somebody is to find it in the app. `mine`: it is about what they have made. */
export function isWanted(
  { area, audience, exceptId }: Pick<Notification, 'area' | 'audience' | 'exceptId'>,
  reader: { id: string; isOwner: boolean; mine: boolean; preferences: NotificationPreferences },
): boolean {
  if (exceptId === reader.id) return false;
  const isAddressed =
    typeof audience === 'object'
      ? audience.personId === reader.id
      : audience === 'members' || (audience === 'owners' && reader.isOwner);
  if (!isAddressed || (reader.preferences.onlyMine === true && !reader.mine)) return false;
  return reader.preferences.areas?.[area]?.inApp !== false;
}
