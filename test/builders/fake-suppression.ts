import { AppError } from '../../shared/domain/app-error.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import type { Regulation } from '../../shared/domain/suppression.ts';
import type { SuppressionStore } from '../../shared/ports/suppression-store.ts';

/** A suppression list in memory, of one workspace, with what was written to it. */
export function fakeSuppression(usersMax = 1_000_000) {
  const log: Regulation[] = [];
  const entries: (AuditEntry | undefined)[] = [];
  const users = new Set<string>();
  const store: SuppressionStore = {
    regulate: async (regulation, _writeId, entry) => {
      const isOver = regulation.type === 'SUPPRESS_ONLY' && users.size + regulation.userIds.length > usersMax;
      if (isOver) throw new AppError('bad-request', 'too many', { retry: false });
      log.push(regulation);
      entries.push(entry);
      for (const id of regulation.userIds) {
        if (regulation.type === 'SUPPRESS_ONLY') users.add(id);
        else users.delete(id);
      }
      return { changed: 1, suppressed: users.size };
    },
    getRegulation: async (workspaceId, id) => log.find((one) => one.id === id && one.workspaceId === workspaceId),
    suppressed: async () => users,
    listRegulations: async (_workspaceId, { before = log.length + 1, limit }) => {
      const page = log.slice(Math.max(0, before - 1 - limit), before - 1).toReversed();
      const oldest = before - page.length;
      return { regulations: page, ...(oldest > 1 && page.length > 0 && { next: oldest }) };
    },
  };
  return { store, log, entries };
}
