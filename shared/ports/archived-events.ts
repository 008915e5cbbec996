import type { JsonObject } from '../domain/json.ts';

/** An object of the archive. `bytes`: compressed. */
export type ArchivedObject = { key: string; bytes: number; writtenAtMs: number };

/** Routed events as the archive has them: after normalisation, before any destination's rules. */
export type ArchivedEvents = {
  /** What came so many seconds ago, and later, may not be there yet. */
  delaySeconds: number;
  /** Objects of a source and an hour of receivedAt (`YYYY-MM-DDTHH`), in no order. `isWhole` false: there are more than were listed. */
  objects(sourceId: string, hour: string): Promise<{ objects: ArchivedObject[]; isWhole: boolean }>;
  /** The lines of an object. `undefined`: it has expired, or is larger than any that is written. */
  lines(key: string): Promise<string[] | undefined>;
  /** A line as an event. Throws for one that is none. */
  parse(line: string): JsonObject;
};
