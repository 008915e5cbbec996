/** A generator of numbers from 0 to below 1 that gives the same row for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of a list that is not empty. */
export function pick<T>(random: () => number, from: readonly [T, ...T[]] | readonly T[]): T {
  const [first] = from;
  const chosen = from[Math.floor(random() * from.length)] ?? first;
  if (chosen === undefined) throw new Error('pick needs a list that is not empty');
  return chosen;
}
