/** What became of each of several things that were changed together. */
export type Changed<T> = { done: T[]; failed: { thing: T; why: string }[] };

/** Changes one after the other: each is a commit to the same configuration, and side by side they would only make each other wait. */
export async function oneByOne<T>(things: readonly T[], change: (thing: T) => Promise<unknown>): Promise<Changed<T>> {
  const changed: Changed<T> = { done: [], failed: [] };
  for (const thing of things) {
    try {
      await change(thing);
      changed.done.push(thing);
    } catch (error) {
      changed.failed.push({ thing, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return changed;
}
