import type { SourceId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';

/** Reads of the archive. */
export type ArchiveReader = {
  /** Keys of a source's objects from one hour of receivedAt to another (`YYYY-MM-DDTHH`, both included), oldest hour first, page by page. */
  objects(sourceId: SourceId, hours: { from: string; to: string }): AsyncIterable<string>;
  /** An object's events, line by line, as they are read. None where the object has expired. Throws where a line is malformed. */
  events(key: string): AsyncIterable<JsonObject>;
};
