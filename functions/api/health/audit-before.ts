import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { AuditLog } from '../../../shared/ports/audit-log.ts';
import type { Thing } from './lines.ts';

/** What was changed so long before something began to fail is shown beside it. */
export const BEFORE_MS = 30 * 60_000;
/** Moments whose time before is looked at in one answer; lines of one moment share a read. */
const MOMENTS_MAX = 20;
/** Entries read of each. */
const ENTRIES_MAX = 200;
/** Entries shown of one line, newest first. */
const SHOWN_MAX = 10;
/** First failures are known to the minute, and changes of the same minute may be their cause. */
const MINUTE_MS = 60_000;

type Changes = NonNullable<Thing['lines'][number]['changes']>;

/** Answers for a thing's ids and a moment which changes came just before. Lines beyond MOMENTS_MAX get none: the newest begin first. */
export async function auditBefore(
  auditLog: AuditLog,
  workspaceId: WorkspaceId,
  moments: readonly string[],
): Promise<(ids: ReadonlySet<string>, moment: string) => Changes> {
  const distinct = [...new Set(moments)].toSorted().toReversed().slice(0, MOMENTS_MAX);
  const read = await Promise.all(
    distinct.map(async (moment) => {
      const from = new Date(Date.parse(moment) - BEFORE_MS).toISOString();
      const to = new Date(Date.parse(moment) + MINUTE_MS).toISOString();
      const { entries } = await auditLog.list(workspaceId, { from, to, limit: ENTRIES_MAX, newestFirst: true });
      return [moment, entries] as const;
    }),
  );
  const byMoment = new Map(read);
  return (ids, moment) =>
    (byMoment.get(moment) ?? [])
      .filter(({ resource }) => ids.has(resource.id))
      .slice(0, SHOWN_MAX)
      .map(shown);
}

const shown = ({ id, at, event, actor, resource }: AuditEntry): Changes[number] => ({
  id,
  at,
  event,
  actor: actor.name ?? actor.email ?? actor.id,
  resource: { type: resource.type, id: resource.id, name: resource.name ?? null },
});

/** Entries that are looked through for keys that are gone. */
const KEYS_LOOKED_AT_MAX = 1_000;

/** Write keys that were revoked, as the newest entries of the trail have them. */
export async function revokedKeys(
  auditLog: AuditLog,
  workspaceId: WorkspaceId,
): Promise<{ writeKey: string; sourceId: string }[]> {
  const range = { from: '0', to: '9999', limit: KEYS_LOOKED_AT_MAX, newestFirst: true };
  const { entries } = await auditLog.list(workspaceId, range);
  return entries.flatMap(({ event, before, resource }) => {
    const writeKey = before?.['writeKey'];
    return event === 'Write Key Deleted' && typeof writeKey === 'string' ? [{ writeKey, sourceId: resource.id }] : [];
  });
}
