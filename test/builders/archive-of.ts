import type { JsonObject } from '../../shared/domain/json.ts';
import { hourOf } from '../../shared/domain/timestamp.ts';
import type { ArchivedEvents } from '../../shared/ports/archived-events.ts';

const receivedAtOf = ([first]: readonly JsonObject[]): string => {
  const at = first?.['receivedAt'];
  return typeof at === 'string' ? at : '';
};

/** An archive in memory. Each object has the events given, of one hour; later ones were written later. */
export function archiveOf(
  objects: readonly (readonly JsonObject[])[],
  delaySeconds = 300,
): ArchivedEvents & { read: string[] } {
  const read: string[] = [];
  const linesOf = (index: number) => (objects[index] ?? []).map((event) => JSON.stringify(event));
  return {
    read,
    delaySeconds,
    objects: async (_sourceId, hour) => ({
      objects: objects.flatMap((events, index) =>
        hourOf(receivedAtOf(events)) === hour
          ? [{ key: String(index), bytes: linesOf(index).join('').length, writtenAtMs: index }]
          : [],
      ),
      isWhole: true,
    }),
    lines: async (key) => {
      read.push(key);
      return linesOf(Number(key));
    },
    parse: (line) => JSON.parse(line) as JsonObject,
  };
}
