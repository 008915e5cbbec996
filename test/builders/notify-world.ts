import { AuditEntry } from '../../shared/domain/audit.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import { type AuditLog, positionOf } from '../../shared/ports/audit-log.ts';
import type { Noted, Notes } from '../../shared/ports/notes.ts';

export const anEntry = (number: number, over: Record<string, unknown> = {}): AuditEntry =>
  AuditEntry.parse({
    id: `aud_${String(number).padStart(6, '0')}`,
    workspaceId: 'ws_1',
    at: new Date(Date.parse('2026-11-24T10:00:00.000Z') + number).toISOString(),
    event: 'Source Created',
    actor: { type: 'user', id: 'usr_ann', email: 'ann@example.com' },
    resource: { type: 'SOURCE', id: 'src_2', name: 'Server' },
    after: { name: 'Server' },
    ...over,
  });

/** A trail in memory, read as the table is. */
export function fakeAuditLog(entries: AuditEntry[] = [], pause: () => Promise<void> = async () => {}) {
  const reads: { from: string; limit: number }[] = [];
  const log: AuditLog = {
    list: async (workspaceId, { from, to, limit, newestFirst }) => {
      await pause();
      reads.push({ from, limit });
      const found = entries
        .filter((entry) => entry.workspaceId === workspaceId)
        .filter((entry) => positionOf(entry) >= from && positionOf(entry) <= `${to}$`)
        .toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));
      if (newestFirst) found.reverse();
      const answer = { entries: found.slice(0, limit), hasMore: found.length > limit };
      await pause();
      return answer;
    },
  };
  return { ...log, entries, reads };
}

/** One note a workspace, in memory. `pause` lets others in before and after each call. */
export function fakeNotes<T>(pause: () => Promise<void> = async () => {}) {
  const notes = new Map<string, Noted<T>>();
  const present = (workspaceId: string): Noted<T> => notes.get(workspaceId) ?? { value: undefined, version: 0 };
  const store: Notes<T> = {
    read: async (workspaceId) => {
      await pause();
      const noted = structuredClone(present(workspaceId));
      await pause();
      return noted;
    },
    save: async (workspaceId, value, version) => {
      await pause();
      if (present(workspaceId).version !== version) return false;
      notes.set(workspaceId, { value: structuredClone(value), version: version + 1 });
      await pause();
      return true;
    },
    remove: async (workspaceId, version) => {
      await pause();
      if (notes.has(workspaceId) && present(workspaceId).version !== version) return false;
      notes.delete(workspaceId);
      return true;
    },
  };
  return { ...store, present };
}

/** What was put on the intake queue, as message ids in the order of the requests. */
export const sentIds = (sent: readonly { head: Omit<IntakeMessage, 'body'>; bodyText: string }[]): string[] =>
  sent.flatMap(({ bodyText }) =>
    (JSON.parse(bodyText) as { batch: { messageId: string }[] }).batch.map(({ messageId }) => messageId),
  );
