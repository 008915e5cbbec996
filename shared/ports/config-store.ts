import type { WorkspaceId, WriteKey } from '../domain/ids.ts';
import type { Source, WorkspaceConfig } from '../domain/workspace.ts';

/** What ingest must know of a write key. */
export type SourceStore = {
  /** The source that a live key names; `undefined` for a key nobody owns. Answers from memory for CONFIG_CHECK_MS. */
  findByWriteKey(writeKey: WriteKey): Promise<Source | undefined>;
};

/** The configuration as route and deliver see it: whole, from memory, looked up anew by its version every CONFIG_CHECK_MS. */
export type ConfigReader = {
  /**
   * `undefined`: no such workspace (any more). With `asOfMs` (since the epoch) it is looked up now where memory holds what was read before
   * that moment; throws where that fails. Who misses something that another machine saw asks so before calling it deleted.
   */
  workspaceConfig(workspaceId: WorkspaceId, asOfMs?: number): Promise<WorkspaceConfig | undefined>;
};
