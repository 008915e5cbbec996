import type { WorkspaceId } from '../domain/ids.ts';

/** Takes a workspace that nobody can reach any more out of the control table. What the audit trail says of it stays until it is too old to be shown. */
export type WorkspaceEraser = {
  /** All items of its partitions but the one with its version. `more`: there is more than one call does. */
  eraseContents(id: WorkspaceId): Promise<'done' | 'more'>;
  eraseVersion(id: WorkspaceId): Promise<void>;
};
