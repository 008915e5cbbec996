import { SourceWriteKey, WRITE_KEYS_PER_SOURCE_MAX } from '../../../shared/domain/workspace.ts';
import { WriteKey } from '../../../shared/domain/ids.ts';
import { notFound } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { HandlersOf } from '../http/request.ts';
import { overQuota, SUCCESS, unsaved } from '../resources/faults.ts';
import { sourceIn } from '../resources/find-things.ts';
import { appSourceView, sourceView, targetOf } from '../resources/source-views.ts';

/** Several keys of a source may be live at once, so that they can be changed in turn (A15). A removed one is refused within seconds. */
export const sourceKeysHandlers: HandlersOf<
  'createWriteKeyForSource' | 'removeWriteKeyFromSource' | 'findSourceByWriteKey'
> = {
  createWriteKeyForSource: async (request, { path }) => {
    const source = await request.change(async (config) => {
      const found = sourceIn(config, path['sourceId']);
      const { workspaceId, id: sourceId } = found;
      const keys = await request.control.listWriteKeys(workspaceId, sourceId);
      if (keys.length >= WRITE_KEYS_PER_SOURCE_MAX) {
        throw overQuota(
          'write-keys',
          WRITE_KEYS_PER_SOURCE_MAX,
          `A source has ${WRITE_KEYS_PER_SOURCE_MAX} live write keys at most: remove one that nobody uses.`,
        );
      }
      const writeKey = request.deps.newWriteKey();
      const thing = parsedAs(SourceWriteKey, { writeKey, workspaceId, sourceId, ...unsaved(request) });
      return { changes: [{ kind: 'writeKey', verb: 'save', thing }], value: found };
    });
    return { source: await sourceView(request, source) };
  },

  /** The last one may go: the source takes nothing then, until it has a new one. */
  removeWriteKeyFromSource: async (request, { path }) => {
    const text = path['writeKey'] ?? '';
    await request.change(async (config) => {
      const { workspaceId, id } = sourceIn(config, path['sourceId']);
      const thing = (await request.control.listWriteKeys(workspaceId, id)).find((key) => key.writeKey === text);
      if (thing === undefined) throw notFound('writeKey', text);
      return { changes: [{ kind: 'writeKey', verb: 'remove', thing }], value: undefined };
    });
    return SUCCESS;
  },

  findSourceByWriteKey: async (request, { path }) => {
    const text = path['writeKey'] ?? '';
    const writeKey = WriteKey.safeParse(text);
    const key = writeKey.success ? await request.control.findWriteKey(writeKey.data) : undefined;
    const source =
      key?.workspaceId === request.workspaceId
        ? (await request.config()).sources.find(({ id }) => id === key.sourceId)
        : undefined;
    if (source === undefined || !request.may('source.keys', targetOf(source))) throw notFound('writeKey', text);
    return { source: await appSourceView(request, source) };
  },
};
