import { type Alert, areaOf } from './alert.ts';
import type { AuditEntry } from './audit.ts';
import { DestinationId, SourceId } from './ids.ts';
import type { Notification } from './notification.ts';
import { notificationOf, type NotificationIdOf } from './tell-changes.ts';
import type { WorkspaceConfig } from './workspace.ts';

/** What an entry of the audit trail is about, as far as it can be told from the entry and from what there is now. */
export type EntryAbout = { sourceId?: SourceId; destinationId?: DestinationId };

export function aboutOf({ resource, before, after }: AuditEntry, config: WorkspaceConfig | undefined): EntryAbout {
  if (resource.type === 'SOURCE') return parsed({ sourceId: resource.id });
  const textOf = (member: string): string | undefined => {
    const value = after?.[member] ?? before?.[member];
    return typeof value === 'string' ? value : undefined;
  };
  const destinationId = resource.type === 'DESTINATION' ? resource.id : textOf('destinationId');
  const known = config?.destinations.find(({ destination }) => destination.id === destinationId)?.destination;
  return parsed({ destinationId, sourceId: known?.sourceId ?? textOf('sourceId') });
}

function parsed({
  sourceId,
  destinationId,
}: {
  sourceId?: string | undefined;
  destinationId?: string | undefined;
}): EntryAbout {
  const source = SourceId.safeParse(sourceId);
  const destination = DestinationId.safeParse(destinationId);
  return {
    ...(source.success && { sourceId: source.data }),
    ...(destination.success && { destinationId: destination.data }),
  };
}

/** What alerts on the audit trail have to say of one entry, one notification for each alert; ids follow from both, so that telling twice is telling once. */
export function tellEntry(
  entry: AuditEntry,
  alerts: readonly Alert[],
  about: EntryAbout,
  idOf: NotificationIdOf,
): Notification[] {
  const { id, at, event, actor, resource, workspaceId } = entry;
  return alerts
    .filter((alert) => alert.kind === 'EVENT' && alert.enabled && alert.event === event)
    .filter(({ sourceId }) => sourceId === undefined || sourceId === about.sourceId)
    .filter(({ destinationId }) => destinationId === undefined || destinationId === about.destinationId)
    .map((alert) => {
      const path = pathOf(about);
      const told = notificationOf(idOf([id, alert.id]), alert, {
        workspaceId,
        at,
        area: areaOf(alert),
        transition: 'happened',
        title: alert.name,
        lines: [`${event}: ${resource.name ?? resource.id}, by ${actor.name ?? actor.type}`],
        sourceIds: about.sourceId === undefined ? [] : [about.sourceId],
        exceptId: actor.id,
        ...(path !== undefined && { path }),
      });
      // What cannot be told from a source's rights is for those who see all.
      return told.audience === 'members' && about.sourceId === undefined
        ? { ...told, audience: 'owners' as const }
        : told;
    });
}

const pathOf = ({ sourceId, destinationId }: EntryAbout): string | undefined => {
  if (destinationId !== undefined) return `/destinations/${destinationId}`;
  return sourceId === undefined ? undefined : `/sources/${sourceId}`;
};
