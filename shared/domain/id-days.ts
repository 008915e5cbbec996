/**
 * Distinct ids of a month with the day on which each was first seen: exact up to IDS_KEPT_MAX, beyond that the IDS_KEPT_MAX smallest of their hashes,
 * which are a fair sample. A union only: whatever is merged twice, late or in another order leaves the same.
 */

/**
 * Ids kept of one set. More than the 100,000 up to which numbers have to be exact, since a user has several devices. The relative standard error of an
 * estimate beyond it is 1 / sqrt(IDS_KEPT_MAX), 0.2 % (bottom-k sketch).
 */
export const IDS_KEPT_MAX = 262_144;
/** Hashes lie below it. */
const HASHES = 2 ** 64;
const DAYS_MAX = 31;

export type IdDays = {
  /** 64-bit hashes, ascending, each once. */
  ids: BigUint64Array;
  /** Day of the month, 1 to 31, on which each was first seen. */
  days: Uint8Array;
  /** Hashes from here on are not kept; undefined: all are. */
  below: bigint | undefined;
};

export const noIdDays = (): IdDays => ({ ids: new BigUint64Array(0), days: new Uint8Array(0), below: undefined });

/** Ids of one day, in any order, repeats and all. */
export const idDaysOf = (ids: readonly bigint[], day: number): IdDays => {
  const distinct = BigUint64Array.from(new Set(ids)).toSorted();
  return cut({ ids: distinct, days: new Uint8Array(distinct.length).fill(day), below: undefined }, IDS_KEPT_MAX);
};

/** The union of two, each id with the earlier of its days. `keep` is for tests. */
export function mergeIdDays(a: IdDays, b: IdDays, keep = IDS_KEPT_MAX): IdDays {
  if (b.ids.length === 0 && b.below === undefined) return cut(a, keep);
  const below = smaller(a.below, b.below);
  const ids = new BigUint64Array(a.ids.length + b.ids.length);
  const days = new Uint8Array(ids.length);
  let count = 0;
  let i = 0;
  let j = 0;
  const endA = endOf(a, below);
  const endB = endOf(b, below);
  while (i < endA || j < endB) {
    const idA = i < endA ? a.ids[i] : undefined;
    const idB = j < endB ? b.ids[j] : undefined;
    const isA = idA !== undefined && (idB === undefined || idA <= idB);
    const isB = idB !== undefined && (idA === undefined || idB <= idA);
    const dayA = isA ? (a.days[i] ?? DAYS_MAX) : DAYS_MAX;
    const dayB = isB ? (b.days[j] ?? DAYS_MAX) : DAYS_MAX;
    ids[count] = (isA ? idA : idB) ?? 0n;
    days[count] = Math.min(dayA, dayB);
    count += 1;
    if (isA) i += 1;
    if (isB) j += 1;
  }
  return cut({ ids: ids.slice(0, count), days: days.slice(0, count), below }, keep);
}

/** How many there were up to the end of each day of the month, from the first to `lastDay`. Whole numbers, estimated where not all ids are kept. */
export function countByDay(set: IdDays, lastDay: number): number[] {
  const share = shareOf(set.below);
  const kept = Array.from({ length: DAYS_MAX + 1 }, () => 0);
  for (const day of set.days) kept[day] = (kept[day] ?? 0) + 1;
  return cumulative(kept, lastDay).map((count) => Math.round(count / share));
}

/** How many of `a` were not in `b` by the end of each day. What is not kept of the one is not looked at in the other. */
export function differenceByDay(a: IdDays, b: IdDays, lastDay: number): number[] {
  const below = smaller(a.below, b.below);
  const endA = endOf(a, below);
  const change = Array.from({ length: DAYS_MAX + 1 }, () => 0);
  let j = 0;
  for (let i = 0; i < endA; i += 1) {
    const id = a.ids[i] ?? 0n;
    while (j < b.ids.length && (b.ids[j] ?? 0n) < id) j += 1;
    const since = a.days[i] ?? DAYS_MAX;
    const until = b.ids[j] === id ? (b.days[j] ?? DAYS_MAX) : undefined;
    if (until !== undefined && until <= since) continue;
    change[since] = (change[since] ?? 0) + 1;
    if (until !== undefined) change[until] = (change[until] ?? 0) - 1;
  }
  const share = shareOf(below);
  return cumulative(change, lastDay).map((count) => Math.round(count / share));
}

export const isExact = (...sets: readonly IdDays[]): boolean => sets.every(({ below }) => below === undefined);

function cut(set: IdDays, keep: number): IdDays {
  const below = set.ids[keep];
  if (below === undefined) return set;
  return { ids: set.ids.slice(0, keep), days: set.days.slice(0, keep), below };
}

function cumulative(change: readonly number[], lastDay: number): number[] {
  let sum = 0;
  return Array.from({ length: lastDay }, (_, index) => (sum += change[index + 1] ?? 0));
}

const smaller = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Where the ids below it end. */
function endOf({ ids }: IdDays, below: bigint | undefined): number {
  if (below === undefined) return ids.length;
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0n) < below) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of all hashes that is kept. */
const shareOf = (below: bigint | undefined): number => (below === undefined ? 1 : Number(below) / HASHES);
