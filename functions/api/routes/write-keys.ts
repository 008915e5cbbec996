import { SourceWriteKey, WRITE_KEYS_PER_SOURCE_MAX } from '../../../shared/domain/workspace.ts';
import { parsedAs } from '../http/read-input.ts';
import type { HandlersOf } from '../http/request.ts';
import { overQuota, taken, unsaved } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';
import { sourceView } from '../resources/source-views.ts';

export const writeKeysHandlers: HandlersOf<'addWriteKeyToSource'> = {
  /**
   * A key that clients in the field send with lives on where its source does: after a move, or a wipe and an import. One that the source has already is
   * no change. Which other source has it, of whatever workspace, is not told.
   */
  addWriteKeyToSource: async (request, { path, body: { writeKey } }) => {
    const source = await request.change(async (config) => {
      const found = sourceIn(config, path['sourceId']);
      const { workspaceId, id: sourceId } = found;
      const holder = await request.control.findWriteKey(writeKey);
      if (holder?.sourceId === sourceId) return { changes: [], value: found };
      if (holder !== undefined) throw taken('writeKey', 'This write key is in use: a key names one source.');
      const keys = await request.control.listWriteKeys(workspaceId, sourceId);
      if (keys.length >= WRITE_KEYS_PER_SOURCE_MAX) {
        throw overQuota(
          'write-keys',
          WRITE_KEYS_PER_SOURCE_MAX,
          `A source has ${WRITE_KEYS_PER_SOURCE_MAX} live write keys at most: remove one that nobody uses.`,
        );
      }
      const thing = parsedAs(SourceWriteKey, { writeKey, workspaceId, sourceId, ...unsaved(request) });
      return { changes: [{ kind: 'writeKey', verb: 'save', thing }], value: found };
    });
    return { source: await sourceView(request, source) };
  },
};
