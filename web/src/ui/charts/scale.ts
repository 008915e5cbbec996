/** Turns a value of the domain into a place of the range; both ends may lie in any order. */
export type Scale = (value: number) => number;

/** A straight scale. A domain without width puts everything in the middle of the range. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  if (d1 === d0) return () => (r0 + r1) / 2;
  const slope = (r1 - r0) / (d1 - d0);
  return (value) => r0 + (value - d0) * slope;
}

/** The way back: from a place of the range to the value there, held within the domain. */
export function inverseOf(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const back = linearScale(range, domain);
  const low = Math.min(...domain);
  const high = Math.max(...domain);
  return (place) => Math.min(high, Math.max(low, back(place)));
}

/** The index of the number nearest to the wanted one, in a rising list; -1 in an empty one. The earlier of two equally near. */
export function nearestIndex(rising: readonly number[], wanted: number): number {
  let low = 0;
  let high = rising.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  const before = rising[low - 1];
  const here = rising[low] ?? 0;
  return before !== undefined && wanted - before <= here - wanted ? low - 1 : low;
}
