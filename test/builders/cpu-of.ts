/** Tries of which the quickest counts: the first compiles, and another may meet the garbage collector. */
const TRIES = 3;

/** CPU time that some synchronous or awaited work takes, in ms: what others do on the machine does not count. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
