import type { SourceId } from '../domain/ids.ts';

export type ArchiveStore = {
  /** Writes one object of one source and hour (`YYYY-MM-DDTHH`), an event a line. The same name again is the same object. */
  put(object: { sourceId: SourceId; hour: string; name: string; events: readonly unknown[] }): Promise<void>;
};
