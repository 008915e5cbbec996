import { CONFIG_CHECK_MS } from '../config/limits.ts';

/** How long configuration may be served after the last look at the table that succeeded. */
export const STALE_WHILE_ERROR_MS = 60_000;

type Entry<V> = { value: V; checkedAtMs: number; restUntilMs: number };
type Lookup<V> = { startedAtMs: number; result: Promise<V | undefined> };

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
}): {
  /** With `asOfMs`, what was looked up before that moment does not do, and is not served when a lookup fails either. */
  get(key: K, asOfMs?: number): Promise<V | undefined>;
} {
  const entries = new Map<K, Entry<V>>();
  const absentSinceMs = new Map<K, number>();
  const lookups = new Map<K, Lookup<V>>();

  const setNewest = <T>(map: Map<K, T>, key: K, value: T): void => {
    map.delete(key);
    map.set(key, value);
    const oldest = map.keys().next();
    if (map.size > options.entriesMax && !oldest.done) map.delete(oldest.value);
  };

  const refresh = async (key: K, known: V | undefined, startedAtMs: number): Promise<V | undefined> => {
    try {
      const value = await options.lookUp(key, known);
      if (value === undefined) {
        entries.delete(key);
        setNewest(absentSinceMs, key, startedAtMs);
      } else {
        absentSinceMs.delete(key);
        setNewest(entries, key, { value, checkedAtMs: startedAtMs, restUntilMs: startedAtMs + CONFIG_CHECK_MS });
      }
      return value;
    } finally {
      lookups.delete(key);
    }
  };

  const lookUp = (key: K, known: V | undefined): Promise<V | undefined> => {
    const running = lookups.get(key);
    if (running !== undefined) return running.result;
    const startedAtMs = options.nowMs();
    const result = refresh(key, known, startedAtMs);
    lookups.set(key, { startedAtMs, result });
    return result;
  };

  return {
    get: async (key, asOfMs = Number.NEGATIVE_INFINITY) => {
      // A lookup that began before that moment may have read before it, too.
      const running = lookups.get(key);
      if (running !== undefined && running.startedAtMs < asOfMs) await running.result.catch(() => undefined);

      const nowMs = options.nowMs();
      const entry = entries.get(key);
      if (entry !== undefined && nowMs < entry.restUntilMs && entry.checkedAtMs >= asOfMs) {
        setNewest(entries, key, entry);
        return entry.value;
      }
      const absentMs = absentSinceMs.get(key) ?? Number.NEGATIVE_INFINITY;
      if (entry === undefined && nowMs < absentMs + CONFIG_CHECK_MS && absentMs >= asOfMs) return undefined;
      try {
        return await lookUp(key, entry?.value);
      } catch (error) {
        const failedAtMs = options.nowMs();
        const isServable =
          entry !== undefined && entry.checkedAtMs >= asOfMs && failedAtMs - entry.checkedAtMs <= STALE_WHILE_ERROR_MS;
        if (!isServable) throw error;
        entry.restUntilMs = Math.min(failedAtMs + CONFIG_CHECK_MS, entry.checkedAtMs + STALE_WHILE_ERROR_MS);
        return entry.value;
      }
    },
  };
}
