import { CONFIG_CHECK_MS } from '../config/limits.ts';

/** How long configuration may be served after the last look at the table that succeeded. */
export const STALE_WHILE_ERROR_MS = 60_000;

type Entry<V> = { value: V; checkedAtMs: number };

/**
 * Configuration in memory, looked up anew when it is CONFIG_CHECK_MS old. Lookups of one key at one moment are one call. When a lookup
 * fails, what is there is served on until STALE_WHILE_ERROR_MS after the last success; then the failure is thrown. The entry used longest
 * ago makes room. A failing table is asked once per CONFIG_CHECK_MS and key while something is there to be served.
 */
export function configCache<K, V>(options: {
  entriesMax: number;
  nowMs: () => number;
  /** `known` is what the cache holds, so that a lookup may be cheaper. */
  lookUp: (key: K, known: V | undefined) => Promise<V>;
}): { get(key: K): Promise<V> } {
  const entries = new Map<K, Entry<V>>();
  const lookups = new Map<K, Promise<V>>();
  const notBefore = new Map<K, number>();

  const keep = (key: K, value: V): void => {
    entries.delete(key);
    entries.set(key, { value, checkedAtMs: options.nowMs() });
    const oldest = entries.keys().next();
    if (entries.size > options.entriesMax && !oldest.done) {
      entries.delete(oldest.value);
      notBefore.delete(oldest.value);
    }
  };

  const refresh = async (key: K, entry: Entry<V> | undefined): Promise<V> => {
    try {
      const value = await options.lookUp(key, entry?.value);
      keep(key, value);
      notBefore.delete(key);
      return value;
    } catch (error) {
      const nowMs = options.nowMs();
      if (entry === undefined || nowMs - entry.checkedAtMs > STALE_WHILE_ERROR_MS) throw error;
      notBefore.set(key, nowMs + CONFIG_CHECK_MS);
      return entry.value;
    } finally {
      lookups.delete(key);
    }
  };

  return {
    get: async (key) => {
      const entry = entries.get(key);
      const nowMs = options.nowMs();
      if (entry !== undefined) {
        const resting = (notBefore.get(key) ?? 0) > nowMs && nowMs - entry.checkedAtMs <= STALE_WHILE_ERROR_MS;
        if (resting || nowMs - entry.checkedAtMs < CONFIG_CHECK_MS) {
          // Moves to the end: the first of the map is the one used longest ago.
          entries.delete(key);
          entries.set(key, entry);
          return entry.value;
        }
      }
      const running = lookups.get(key) ?? refresh(key, entry);
      lookups.set(key, running);
      return await running;
    },
  };
}
