import type { ExportFile } from '../domain/export-file.ts';
import type { WorkspaceId } from '../domain/ids.ts';

/** Files that people had written, until they expire. */
export type ExportStore = {
  /** The newest first, EXPORTS_LISTED_MAX of them. */
  list(workspaceId: WorkspaceId): Promise<ExportFile[]>;
  get(workspaceId: WorkspaceId, id: string): Promise<ExportFile | undefined>;
  /** The file before what tells of it: what is listed can be read. */
  put(workspaceId: WorkspaceId, file: ExportFile, text: string): Promise<void>;
  /** Undefined where a piece is gone. */
  read(workspaceId: WorkspaceId, file: ExportFile): Promise<string | undefined>;
};
