import { AUDIT_DAYS, type AuditEntry } from '../../../shared/domain/audit.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import { type AuditLog, positionOf } from '../../../shared/ports/audit-log.ts';

const DAY_MS = 86_400_000;
/** Entries of the audit trail that one look goes through for those that fit a filter, but for the rest of a read. */
export const SCANNED_MAX = 5_000;
/** Entries of one read of the store: an entry has 130 KB at most, and most have less than one. */
const READ_COUNT = 200;

export type TrailFilter = {
  event?: string | undefined;
  actorId?: string | undefined;
  resourceId?: string | undefined;
  resourceType?: string | undefined;
};
export type TrailRange = {
  /** ISO with any offset. Before AUDIT_DAYS ago nothing is shown. */
  from?: string | undefined;
  to?: string | undefined;
  /** The last entry that the page before looked at. */
  position?: string | undefined;
};

/**
 * Entries of the audit trail that fit, newest first: `count` of them at most, and as many as have `bytesMax` together. `next`: after which entry the next page begins.
 * It may be there although fewer fit than were asked for: then so much was looked through that the rest is another request's.
 */
export async function readTrail(
  { auditLog, now }: { auditLog: AuditLog; now: () => Date },
  workspaceId: WorkspaceId,
  { from, to, position }: TrailRange,
  filter: TrailFilter,
  { count, bytesMax }: { count: number; bytesMax: number },
): Promise<{ entries: AuditEntry[]; next: string | undefined }> {
  const oldest = new Date(now().getTime() - AUDIT_DAYS * DAY_MS).toISOString();
  const asked = from === undefined ? oldest : new Date(from).toISOString();
  const first = asked > oldest ? asked : oldest;
  // Clocks of machines differ by seconds: without an end, what was saved a moment ago elsewhere is shown too.
  let last = position ?? (to === undefined ? LATEST : new Date(to).toISOString());
  let seen = position;
  const entries: AuditEntry[] = [];
  let bytes = 0;
  for (let scanned = 0; scanned < SCANNED_MAX; ) {
    if (last < first) return { entries, next: undefined };
    const page = await auditLog.list(workspaceId, { from: first, to: last, limit: READ_COUNT, newestFirst: true });
    for (const entry of page.entries) {
      const here = positionOf(entry);
      // The last one that was looked at comes again: a range of the store includes its ends.
      if (here === seen) continue;
      if (fits(entry, filter)) {
        const size = Buffer.byteLength(JSON.stringify(entry));
        if (entries.length >= count || (entries.length > 0 && bytes + size > bytesMax)) return { entries, next: seen };
        entries.push(entry);
        bytes += size;
      }
      scanned += 1;
      seen = here;
      last = here;
    }
    if (!page.hasMore) return { entries, next: undefined };
  }
  return { entries, next: seen };
}

/** After every moment of ours. */
const LATEST = '9999';

const fits = ({ event, actor, resource }: AuditEntry, filter: TrailFilter): boolean =>
  isWanted(filter.event, event) &&
  isWanted(filter.actorId, actor.id) &&
  isWanted(filter.resourceId, resource.id) &&
  isWanted(filter.resourceType, resource.type);

const isWanted = (wanted: string | undefined, value: string): boolean => wanted === undefined || wanted === value;
