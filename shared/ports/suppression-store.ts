import type { AuditEntry } from '../domain/audit.ts';
import type { WorkspaceId, RegulationId } from '../domain/ids.ts';
import type { Regulation } from '../domain/suppression.ts';

/** `changed`: users of the regulation who were not so before. */
export type Regulated = { changed: number; suppressed: number };

/**
 * Who is suppressed, for the people who say so. Route and deliver have the list with the workspace's configuration (`WorkspaceConfig.suppressed`).
 */
export type SuppressionStore = {
  /**
   * Saves a regulation; it is in force from then on. Of two at one moment one is the later. `writeId` is random per logical write and the same over
   * SDK retries. Throws AppError('bad-request') where it has more than REGULATION_BYTES_MAX or would suppress more than SUPPRESSED_USERS_MAX,
   * AppError('not-found') where there is no such workspace. `entry` of the audit trail is saved in the same transaction.
   */
  regulate(regulation: Regulation, writeId: string, entry?: AuditEntry): Promise<Regulated>;
  /** `undefined`: no such regulation, or one of before regulations were found by their id that lies far back. */
  getRegulation(workspaceId: WorkspaceId, id: RegulationId): Promise<Regulation | undefined>;
  /** All who are suppressed now, read strongly. Not to be changed; it is out of date when the next answer is there. */
  suppressed(workspaceId: WorkspaceId): Promise<ReadonlySet<string>>;
  /**
   * Regulations, newest first, at most `limit`, less where those are large. `next`, where there are more, is `before` of the next page.
   */
  listRegulations(
    workspaceId: WorkspaceId,
    page: { before?: number | undefined; limit: number },
  ): Promise<{ regulations: Regulation[]; next?: number }>;
};
