import { type Alert, type Area, areaOf, isDefaultAlert } from './alert.ts';
import type { Change } from './alert-states.ts';
import type { NotificationId, WorkspaceId } from './ids.ts';
import { type ChannelSend, inOneLine, LINES_MAX, Notification } from './notification.ts';

/** Makes the id of a notification of what it tells of: the same for the same. */
export type NotificationIdOf = (of: readonly string[]) => NotificationId;

type Told = Pick<Notification, 'workspaceId' | 'at' | 'area' | 'transition' | 'title' | 'lines' | 'sourceIds'> &
  Partial<Pick<Notification, 'alertId' | 'path' | 'exceptId'>>;

/** A notification of an alert, with its channels still to be written to. Who made the alert finds it in the app; of a default one of trouble owners do. */
export function notificationOf(id: NotificationId, alert: Alert, told: Told): Notification {
  return Notification.parse({
    ...told,
    id,
    title: inOneLine(told.title),
    lines: told.lines.map((line) => inOneLine(line)),
    alertId: alert.id,
    audience: audienceOf(alert),
    sends: sendsOf(alert),
    nextAt: told.at,
    version: 0,
  } satisfies Notification);
}

function audienceOf({ channels, createdBy, kind, id }: Alert): Notification['audience'] {
  if (!channels.some(({ type }) => type === 'IN_APP')) return 'nobody';
  if (createdBy?.id.startsWith('usr_') === true) return { personId: createdBy.id };
  return kind === 'EVENT' && isDefaultAlert({ id }) ? 'members' : 'owners';
}

const sendsOf = ({ channels }: Alert): ChannelSend[] =>
  channels.flatMap(({ type }, channel): ChannelSend[] =>
    type === 'IN_APP' ? [] : [{ channel, type, state: 'waiting', tries: 0 }],
  );

const WORDS = { fired: '', still: 'Still: ', resolved: 'Over: ' } as const;

/**
 * What is told of the changes of one run: one notification for each alert and kind of change, however many things are in it. Its id follows from the alert, the
 * change and the moment, so that a run that is repeated tells nothing twice.
 */
export function tellChanges(
  workspaceId: WorkspaceId,
  alerts: readonly Alert[],
  changes: readonly Change[],
  at: string,
  idOf: NotificationIdOf,
): Notification[] {
  return alerts.flatMap((alert) =>
    (['fired', 'still', 'resolved'] as const).flatMap((transition): Notification[] => {
      const own = changes.filter((change) => change.alertId === alert.id && change.transition === transition);
      // That an error is an hour old is no news.
      if (own.length === 0 || (alert.kind === 'NEW_ERROR' && transition === 'resolved')) return [];
      const area: Area = areaOf(alert);
      const sourceIds = [...new Set(own.flatMap(({ state }) => state.sourceId ?? []))];
      const path = pathOf(own);
      return [
        notificationOf(idOf([workspaceId, alert.id, transition, at]), alert, {
          workspaceId,
          at,
          area,
          transition,
          title: `${WORDS[transition]}${alert.name}`,
          lines: linesOf(own.map(({ state }) => state.said)),
          sourceIds: sourceIds.slice(0, SOURCES_TOLD_MAX),
          ...(path !== undefined && { path }),
        }),
      ];
    }),
  );
}

/** Sources that are named in one notification. */
const SOURCES_TOLD_MAX = 200;

export function linesOf(said: readonly string[]): string[] {
  const rest = said.length - LINES_MAX;
  return [...said.slice(0, LINES_MAX), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** Where one looks: at the one thing, or at all that is not well. */
function pathOf(changes: readonly Change[]): string | undefined {
  const [only] = changes;
  if (changes.length !== 1 || only === undefined) return '/health';
  const { destinationId, sourceId } = only.state;
  if (destinationId !== undefined) return `/destinations/${destinationId}/delivery`;
  return sourceId === undefined ? '/usage' : `/sources/${sourceId}`;
}
