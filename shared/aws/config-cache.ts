import { CONFIG_CHECK_MS } from '../config/limits.ts';

/** How long configuration may be served after the last look at the table that succeeded. */
export const STALE_WHILE_ERROR_MS = 60_000;

type Entry<V> = { value: V; checkedAtMs: number; restUntilMs: number };

/**
 * Configuration in memory, looked up anew when it is CONFIG_CHECK_MS old. Lookups of one key at one moment are one call. When a lookup
 * fails, what is there is served on until STALE_WHILE_ERROR_MS after the last success, and the table is asked again only every
 * CONFIG_CHECK_MS; later the failure is thrown. That a key is absent is remembered for CONFIG_CHECK_MS, apart, so that made-up keys push
 * out no real ones. Of either kind at most `entriesMax` are kept; the one used longest ago makes room.
 */
export function configCache<K, V>(options: {
  entriesMax: number;
  nowMs: () => number;
  /** `known` is what the cache holds, so that a lookup may be cheaper. `undefined`: there is no such thing (any more). */
  lookUp: (key: K, known: V | undefined) => Promise<V | undefined>;
}): { get(key: K): Promise<V | undefined> } {
  const entries = new Map<K, Entry<V>>();
  const absentUntilMs = new Map<K, number>();
  const lookups = new Map<K, Promise<V | undefined>>();

  const setNewest = <T>(map: Map<K, T>, key: K, value: T): void => {
    map.delete(key);
    map.set(key, value);
    const oldest = map.keys().next();
    if (map.size > options.entriesMax && !oldest.done) map.delete(oldest.value);
  };

  const refresh = async (key: K, entry: Entry<V> | undefined): Promise<V | undefined> => {
    try {
      const value = await options.lookUp(key, entry?.value);
      const nowMs = options.nowMs();
      if (value === undefined) {
        entries.delete(key);
        setNewest(absentUntilMs, key, nowMs + CONFIG_CHECK_MS);
      } else {
        absentUntilMs.delete(key);
        setNewest(entries, key, { value, checkedAtMs: nowMs, restUntilMs: nowMs + CONFIG_CHECK_MS });
      }
      return value;
    } catch (error) {
      const nowMs = options.nowMs();
      if (entry === undefined || nowMs - entry.checkedAtMs > STALE_WHILE_ERROR_MS) throw error;
      entry.restUntilMs = Math.min(nowMs + CONFIG_CHECK_MS, entry.checkedAtMs + STALE_WHILE_ERROR_MS);
      return entry.value;
    } finally {
      lookups.delete(key);
    }
  };

  return {
    get: async (key) => {
      const nowMs = options.nowMs();
      const entry = entries.get(key);
      if (entry !== undefined && nowMs < entry.restUntilMs) {
        setNewest(entries, key, entry);
        return entry.value;
      }
      if (entry === undefined && nowMs < (absentUntilMs.get(key) ?? 0)) return undefined;
      const running = lookups.get(key) ?? refresh(key, entry);
      lookups.set(key, running);
      return await running;
    },
  };
}
