import type { WorkspaceId } from '../domain/ids.ts';
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
   * AppError('not-found') where there is no such workspace.
   */
  regulate(regulation: Regulation, writeId: string): Promise<Regulated>;
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
