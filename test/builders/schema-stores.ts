import type { SchemaWork } from '../../functions/api/resources/schema-list.ts';
import type { ArchiveDigest } from '../../shared/domain/archive-digest.ts';
import type { SourceDetail, Step } from '../../shared/domain/detail.ts';
import type { ExportFile } from '../../shared/domain/export-file.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { DetailRange } from '../../shared/ports/detail-reader.ts';
import type { ExportStore } from '../../shared/ports/export-store.ts';
import type { SchemaShelf, SchemaSubject } from '../../shared/ports/schema-shelf.ts';

/** Folded schemas in memory; `puts` counts what was written. */
export function fakeSchemaShelf(): SchemaShelf & { held: Map<string, unknown>; puts: string[] } {
  const held = new Map<string, unknown>();
  const puts: string[] = [];
  const get = async <T>(key: string): Promise<T | undefined> => structuredClone(held.get(key)) as T | undefined;
  const put = async (key: string, value: unknown): Promise<void> => {
    puts.push(key);
    held.set(key, structuredClone(value));
  };
  const of = ({ workspaceId, sourceId }: SchemaSubject, what: string) => `${workspaceId} ${sourceId} ${what}`;
  return {
    held,
    puts,
    foldedTo: (workspaceId) => get(`${workspaceId} folded`),
    putFoldedTo: (workspaceId, hour) => put(`${workspaceId} folded`, hour),
    hour: (subject, hour) => get(of(subject, hour)),
    putHour: (subject, hour, seen) => put(of(subject, hour), seen),
    day: (subject, day) => get(of(subject, day)),
    putDay: (subject, day, seen) => put(of(subject, day), seen),
    known: (subject) => get(of(subject, 'known')),
    putKnown: (subject, known) => put(of(subject, 'known'), known),
  };
}

/** What the Schema page reads, in memory: digests that are not folded, and lines of the books by the beginning of their hour. */
export function fakeSchemas() {
  const shelf = fakeSchemaShelf();
  const digests: ArchiveDigest[] = [];
  const steps: Step<SourceDetail>[] = [];
  const asked: DetailRange[] = [];
  const work: SchemaWork = {
    shelf,
    digests: {
      ofSourceHour: async function* ({ sourceId }, hour, limit) {
        yield* digests.filter((one) => one.sourceId === sourceId && hourOf(one.from) === hour).slice(0, limit);
      },
    },
    details: {
      source: async (_id, range) => {
        asked.push(range);
        return steps.filter(({ from }) => from >= range.from && from < range.to);
      },
    },
  };
  return { shelf, digests, steps, asked, work };
}

/** Files in memory. */
export function fakeExports(): ExportStore {
  const files = new Map<string, { file: ExportFile; text: string }>();
  return {
    list: async (workspaceId) =>
      [...files].flatMap(([key, { file }]) => (key.startsWith(`${workspaceId} `) ? [file] : [])).toReversed(),
    get: async (workspaceId, id) => files.get(`${workspaceId} ${id}`)?.file,
    put: async (workspaceId, file, text) => {
      files.set(`${workspaceId} ${file.id}`, { file, text });
    },
    read: async (workspaceId, { id }) => files.get(`${workspaceId} ${id}`)?.text,
  };
}
