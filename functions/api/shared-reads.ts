/** Reads kept in memory, unless the caller says another number: beyond it all are forgotten. */
const KEPT_MAX = 200;

/** One read at a time under a name, shared by all who ask within so many ms of its beginning. One that failed is not kept. */
export function sharedReads<T>(
  servedAgainMs: number,
  now: () => Date,
  keptMax = KEPT_MAX,
): (name: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { atMs: number; value: Promise<T> }>();
  return async (name, read) => {
    const nowMs = now().getTime();
    const known = kept.get(name);
    if (known !== undefined && Math.abs(nowMs - known.atMs) < servedAgainMs) return await known.value;
    if (kept.size >= keptMax) kept.clear();
    const value = read();
    kept.set(name, { atMs: nowMs, value });
    value.catch(() => kept.delete(name));
    return await value;
  };
}
