import type { AuditEntry } from '../domain/audit.ts';
import type { WorkspaceId } from '../domain/ids.ts';

/** The audit trail of workspaces. It is written by changes alone (see ControlStore), and read here. */
export type AuditLog = {
  /**
   * Entries between two positions, both included, in their order or newest first. A position is a moment (ISO), or a moment, `#` and an entry's id:
   * `positionOf`. Of entries that were saved in the last seconds some may still be missing, and come with an earlier `at` than others that are there.
   */
  list(
    workspaceId: WorkspaceId,
    range: { from: string; to: string; limit: number; newestFirst: boolean },
  ): Promise<{ entries: AuditEntry[]; hasMore: boolean }>;
};

/** Where an entry stands in the trail. */
export const positionOf = ({ at, id }: Pick<AuditEntry, 'at' | 'id'>): string => `${at}#${id}`;
