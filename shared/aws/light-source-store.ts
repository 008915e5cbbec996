import type { WriteKey } from '../domain/ids.ts';
import { Source, SourceWriteKey } from '../domain/workspace.ts';
import type { SourceStore } from '../ports/config-store.ts';
import { configCache } from './config-cache.ts';
import { controlKeys } from './control-keys.ts';
import type { LightClient } from './light-client.ts';
import { lightItems } from './light-items.ts';

/** Write keys that one environment of ingest remembers, and as many that nobody owns. */
const WRITE_KEYS_MAX = 1_000;

/**
 * Sources by write key, for ingest: strong reads of two items on a miss, none on a hit (D6, D8). A new key works at once where nobody asked
 * for it before, else within CONFIG_CHECK_MS; a revoked one stops within CONFIG_CHECK_MS, or STALE_WHILE_ERROR_MS while the table is away.
 */
export function lightSourceStore(
  dynamo: LightClient,
  tableName: string,
  options: { nowMs?: () => number } = {},
): SourceStore {
  const read = lightItems(dynamo, tableName);
  const cache = configCache<WriteKey, Source>({
    entriesMax: WRITE_KEYS_MAX,
    nowMs: options.nowMs ?? Date.now,
    lookUp: async (writeKey, known) => {
      // A key seldom moves to another source: both reads at once, unless it turns out that it did.
      const guess = known && { workspaceId: known.workspaceId, sourceId: known.id };
      const readSource = (owner: { workspaceId: Source['workspaceId']; sourceId: Source['id'] }) =>
        read(controlKeys.source(owner.workspaceId, owner.sourceId), Source);
      const [owner, guessed] = await Promise.all([
        read(controlKeys.writeKey(writeKey), SourceWriteKey),
        guess && readSource(guess),
      ]);
      if (owner === undefined) return undefined;
      return guess?.sourceId === owner.sourceId ? guessed : await readSource(owner);
    },
  });
  return { findByWriteKey: (writeKey) => cache.get(writeKey) };
}
