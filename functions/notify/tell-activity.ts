import { alertsOf } from '../../shared/domain/alert.ts';
import { ACTIVITY_PLACES_MAX, type ActivityNote } from '../../shared/domain/alert-notes.ts';
import { AUDIT_SETTLED_MS } from '../../shared/domain/forwarding.ts';
import type { NotificationIdOf } from '../../shared/domain/tell-changes.ts';
import { aboutOf, tellEntry } from '../../shared/domain/tell-entry.ts';
import type { Workspace, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { AlertSender } from '../../shared/ports/alert-sender.ts';
import { type AuditLog, positionOf } from '../../shared/ports/audit-log.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { Notes } from '../../shared/ports/notes.ts';
import type { NotificationStore } from '../../shared/ports/notification-store.ts';

/** Entries of one read of the trail, and reads of one run; the next run goes on. */
const ENTRIES_PER_READ = 200;
const READS_MAX = 10;
/** What is older when it is found is no news any more: a trail that was not told for long begins anew there. */
const NEWS_MS = 24 * 3_600_000;
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

export type ActivityDeps = {
  audit: AuditLog;
  control: Pick<ControlStore, 'listAlerts' | 'readConfig'>;
  activity: Notes<ActivityNote>;
  notifications: Pick<NotificationStore, 'add'>;
  sender: Pick<AlertSender, 'wake'>;
  idOf: NotificationIdOf;
  newWriteId: () => string;
  now: () => Date;
};

/**
 * Keeps what alerts have to say of what the audit trail of a workspace has got since the last run (H10). A notification's id follows from its entry: of runs that
 * meet, or one that is repeated, each tells the same, once. An entry may come to be there behind later ones; so what is younger than AUDIT_SETTLED_MS is
 * looked at again.
 */
export async function tellActivity(
  deps: ActivityDeps,
  workspace: Workspace,
  deadline: Date,
): Promise<{ told: number }> {
  const noted = await deps.activity.read(workspace.id);
  const lookedAt = deps.now();
  const before = (ms: number): string => new Date(lookedAt.getTime() - ms).toISOString();
  const settled = before(AUDIT_SETTLED_MS);
  const known = new Set(noted.value?.told);
  let from = noted.value?.toldUntil ?? settled;
  if (from < before(NEWS_MS)) from = before(NEWS_MS);
  let alerts: ReturnType<typeof alertsOf> | undefined;
  let config: WorkspaceConfig | undefined;
  const told: string[] = [];
  let notifications = 0;
  let isThrough = false;
  for (let reads = 0; reads < READS_MAX && deps.now() < deadline; reads += 1) {
    const range = { from, to: END_OF_TIME, limit: ENTRIES_PER_READ, newestFirst: false };
    const { entries, hasMore } = await deps.audit.list(workspace.id, range);
    for (const entry of entries) {
      const place = positionOf(entry);
      if (known.has(place)) continue;
      alerts ??= alertsOf(workspace.id, await deps.control.listAlerts(workspace.id));
      config ??= await deps.control.readConfig(workspace.id);
      for (const notification of tellEntry(entry, alerts, aboutOf(entry, config), deps.idOf)) {
        if (await deps.notifications.add(notification, deps.newWriteId())) notifications += 1;
      }
      known.add(place);
      told.push(place);
    }
    const last = entries.at(-1);
    if (!hasMore || last === undefined) {
      isThrough = true;
      break;
    }
    from = positionOf(last);
  }
  if (told.length === 0 && noted.value !== undefined) return { told: 0 };
  const reached = timeOf(told.at(-1) ?? from);
  const toldUntil = isThrough || reached > settled ? settled : reached;
  const next: ActivityNote = {
    toldUntil,
    told: [...known].filter((place) => timeOf(place) >= toldUntil).slice(-ACTIVITY_PLACES_MAX),
  };
  // Another run has noted meanwhile: the next one looks at these again, and keeps none of them twice.
  await deps.activity.save(workspace.id, next, noted.version, deps.newWriteId());
  if (notifications > 0) await deps.sender.wake();
  return { told: notifications };
}

const timeOf = (place: string): string => place.split('#', 1)[0] ?? place;
