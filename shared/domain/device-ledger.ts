import type { IntakeId } from './ids.ts';

/** What one request has claimed of one device. */
export type LedgerEntry = { owner: IntakeId; receivedAtMs: number; hashes: readonly string[] };

/**
 * The one item of a device that changes. Each change replaces the version that was read, so what was judged by a version is right if the
 * change succeeds. When it is full, what it holds is copied to a chunk of its epoch before it begins anew.
 */
export type LedgerHead = {
  /** Random; names the head and its chunks together. A device that was forgotten begins another. */
  epoch: string;
  /** Random for each write: nobody else's, and not one of before. */
  version: string;
  /** Number of chunks behind it. */
  chunks: number;
  /** The newest `receivedAt` in those chunks. */
  chunksNewestMs: number;
  entries: readonly LedgerEntry[];
  /** Takes nothing more, ever: what its entries do not know is claimed for each messageId. */
  isClosed: boolean;
  expiresAtSeconds: number;
};

/** A full head as it was. The same content whoever writes it, and as often as it is written. */
export type LedgerChunk = {
  epoch: string;
  number: number;
  /** The newest `receivedAt` in this and all earlier chunks of the epoch. */
  newestMs: number;
  entries: readonly LedgerEntry[];
  expiresAtSeconds: number;
};

/** One messageId that one request wants of a device. */
export type Want = { owner: IntakeId; receivedAtMs: number; windowMs: number; hash: string };

/** Bytes of an entry as it is stored, beside its hashes, and of a hash. */
export const ENTRY_BYTES = 25;
export const HASH_BYTES = 8;
export const ledgerBytes = (entries: readonly LedgerEntry[]): number =>
  entries.reduce((sum, { hashes }) => sum + ENTRY_BYTES + hashes.length * HASH_BYTES, 0);

type Claimed = { owner: IntakeId; receivedAtMs: number };
export type LedgerIndex = Map<string, Claimed[]>;

export function indexOf(entries: readonly LedgerEntry[]): LedgerIndex {
  const index: LedgerIndex = new Map();
  for (const { owner, receivedAtMs, hashes } of entries) {
    for (const hash of hashes) addTo(index, hash, { owner, receivedAtMs });
  }
  return index;
}

function addTo(index: LedgerIndex, hash: string, claimed: Claimed): void {
  const there = index.get(hash);
  if (there === undefined) index.set(hash, [claimed]);
  else there.push(claimed);
}

/** Expired is judged by the event at hand, never by a clock: a message that waited meets its twin (D4). */
export function verdictOn(index: LedgerIndex, { owner, receivedAtMs, windowMs, hash }: Want): 'own' | 'taken' | 'free' {
  const claimed = index.get(hash) ?? [];
  if (claimed.some((each) => each.owner === owner)) return 'own';
  return claimed.some((each) => each.receivedAtMs + windowMs >= receivedAtMs) ? 'taken' : 'free';
}

export type Judged<T> = {
  /** To be claimed. */
  fresh: T[];
  /** Claimed by another request, or by one before it in the same order. */
  taken: T[];
  /** Not looked at, because `fresh` was full. */
  rest: readonly T[];
};

/** Judges wants in their order, as if each were claimed before the next is looked at. Stops at so many fresh ones. Adds them to `index`. */
export function judgeInOrder<T extends Want>(index: LedgerIndex, wants: readonly T[], freshMax: number): Judged<T> {
  const fresh: T[] = [];
  const taken: T[] = [];
  for (const [at, want] of wants.entries()) {
    if (fresh.length === freshMax) return { fresh, taken, rest: wants.slice(at) };
    const verdict = verdictOn(index, want);
    if (verdict === 'taken') taken.push(want);
    if (verdict !== 'free') continue;
    fresh.push(want);
    addTo(index, want.hash, want);
  }
  return { fresh, taken, rest: [] };
}

/** One entry for each owner, in order. */
export function entriesOf(wants: readonly Want[]): LedgerEntry[] {
  const byOwner = new Map<IntakeId, { owner: IntakeId; receivedAtMs: number; hashes: string[] }>();
  for (const { owner, receivedAtMs, hash } of wants) {
    const entry = byOwner.get(owner) ?? { owner, receivedAtMs, hashes: [] };
    entry.hashes.push(hash);
    byOwner.set(owner, entry);
  }
  return [...byOwner.values()];
}

/** The newest `receivedAt` of entries, or `atLeast`. */
export const newestOf = (entries: readonly LedgerEntry[], atLeast: number): number =>
  entries.reduce((newest, { receivedAtMs }) => Math.max(newest, receivedAtMs), atLeast);
