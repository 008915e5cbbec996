import { randomBytes } from 'node:crypto';
import { SEEN_TTL_AFTER_WINDOW_DAYS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import {
  entriesOf,
  indexOf,
  judgeInOrder,
  ledgerBytes,
  type LedgerChunk,
  type LedgerEntry,
  type LedgerHead,
  newestOf,
  verdictOn,
  type Want,
} from '../domain/device-ledger.ts';
import { inParallel } from './in-parallel.ts';

/** When a ledger changes its shape. None of them has to do with being exact. */
export type DeviceLimits = {
  /** From so many bytes of entries a head is full. */
  headFullBytes: number;
  /** Hashes that one write adds at most. */
  freshMax: number;
  /** From so many claims within its window a device is no person's, and its ledger is closed. */
  claimsBeforeClosing: number;
  /** A ledger is closed at so many chunks, whatever its window: what must be read of it at most. */
  chunksMax: number;
  /** A write that others were quicker than is tried again so often; then the ledger is closed, which nobody can be quicker than. */
  lostBeforeClosing: number;
};
/**
 * A full head holds three or four requests of 20 events, six or seven of ten; one more on top still fits with keys and times into 1 KB, one
 * write unit. FreshMax are 80 KB of the 400 KB of an item. Reading 3,000 claims costs nine read units, which is what two writes cost.
 */
export const DEVICE_LIMITS: DeviceLimits = {
  headFullBytes: 690,
  freshMax: 10_000,
  claimsBeforeClosing: 3_000,
  chunksMax: 1_000,
  lostBeforeClosing: 4,
};
/** Enough for lost writes, the closing, and the writes of one invocation's 25,000 events at `freshMax` each. */
const ROUNDS_MAX = 16;
const CALLS_IN_FLIGHT_MAX = 16;
/** Chunks of the first page that is read; each further page is twice as long. Four chunks of 1 KB are one read unit. */
const FIRST_PAGE_CHUNKS = 4;
const PAGE_CHUNKS_MAX = 512;
const DAY_SECONDS = 86_400;
/** A closed ledger is kept so much longer than it must be, so that it is not prolonged with each request. */
const KEEP_AHEAD_SECONDS = 2 * DAY_SECONDS;
const EPOCH_BYTES = 6;

/** The items of devices. Reads are strong; a write that answers false met another version than it names. */
export type DeviceLedger = {
  heads(keys: readonly string[]): Promise<ReadonlyMap<string, LedgerHead>>;
  /** Chunks before `before`, newest first, `limit` at most; fewer only where there are no more, or a page of 1 MB is full. */
  chunks(key: string, epoch: string, before: number, limit: number): Promise<readonly LedgerChunk[]>;
  putChunk(key: string, chunk: LedgerChunk): Promise<void>;
  /** Puts a head over the version that was read; `undefined`: over none. */
  putHead(key: string, head: LedgerHead, over: string | undefined): Promise<boolean>;
  /** Closes the head of an epoch, whatever its version. False where it is gone. */
  close(key: string, epoch: string, version: string): Promise<boolean>;
  /** Lets a head of an epoch live longer. False where it is gone or does so already. */
  keep(key: string, epoch: string, expiresAtSeconds: number): Promise<boolean>;
};

export type DeviceClaimsDeps = {
  ledger: DeviceLedger;
  /** Before a round that follows a write which others were quicker than. */
  pause: (round: number) => Promise<void>;
  limits?: DeviceLimits;
};

/** What is wanted of one device, in order. */
export type DeviceWants<T extends Want> = { key: string; wants: readonly T[] };
export type DeviceVerdict<T extends Want> =
  | {
      outcome: 'settled';
      taken: readonly T[];
      /** The ledger is closed and does not know these: they are to be claimed for each messageId. */
      unknown: readonly T[];
    }
  | { outcome: 'failed'; error: unknown };

type Work<T extends Want> = {
  key: string;
  open: readonly T[];
  taken: T[];
  unknown: T[];
  lost: number;
  failed?: { error: unknown };
};

/**
 * Claims what is wanted of each device in its ledger. Whatever is added is added by one conditional write of one item, over the very version
 * by which it was judged: of two that want the same, one loses, reads again and finds the other. A write made twice, by an SDK retry or a
 * redelivery, finds its own owner. Verdicts are in the order of `devices`; one that fails leaves the others alone.
 */
export async function claimByDevice<T extends Want>(
  deps: DeviceClaimsDeps,
  devices: readonly DeviceWants<T>[],
): Promise<DeviceVerdict<T>[]> {
  const { ledger, pause } = deps;
  const works = devices.map(({ key, wants }): Work<T> => ({ key, open: wants, taken: [], unknown: [], lost: 0 }));
  let open: readonly Work<T>[] = works;
  for (let round = 0; round < ROUNDS_MAX && open.length > 0; round += 1) {
    if (round > 0) await pause(round);
    const heads = await ledger.heads(open.map(({ key }) => key));
    await inParallel(open, CALLS_IN_FLIGHT_MAX, async (work) => {
      try {
        await takeStep(deps, work, heads.get(work.key));
      } catch (error) {
        work.failed = { error };
      }
    });
    open = open.filter((work) => work.failed === undefined && work.open.length > 0);
  }
  return works.map(({ key, failed, open: left, taken, unknown }) => {
    if (failed !== undefined) return { outcome: 'failed', error: failed.error };
    if (left.length === 0) return { outcome: 'settled', taken, unknown };
    return { outcome: 'failed', error: new AppError('upstream-unavailable', `Claims of device ${key} stay contested`) };
  });
}

/** One look and at most one change. What it settles leaves `open`. */
async function takeStep<T extends Want>(
  { ledger, limits = DEVICE_LIMITS }: DeviceClaimsDeps,
  work: Work<T>,
  head: LedgerHead | undefined,
): Promise<void> {
  const { key, open } = work;
  const entries = head === undefined ? [] : [...(await livingChunks(ledger, key, head, open)), ...head.entries];
  const index = indexOf(entries);
  if (head?.isClosed) {
    // What is claimed elsewhere from now on must not outlive the word that it is.
    if (!(await isKept(ledger, key, head, open))) return;
    for (const want of open) {
      const verdict = verdictOn(index, want);
      if (verdict === 'taken') work.taken.push(want);
      if (verdict === 'free') work.unknown.push(want);
    }
    work.open = [];
    return;
  }
  const { fresh, taken, rest } = judgeInOrder(index, open, limits.freshMax);
  if (fresh.length > 0) {
    if (head !== undefined && isCrowded(limits, work, head, entries)) {
      await ledger.close(key, head.epoch, newName());
      return;
    }
    if (!(await add(ledger, limits, key, head, fresh))) {
      work.lost += 1;
      return;
    }
  }
  work.taken.push(...taken);
  work.open = rest;
}

const isCrowded = <T extends Want>(
  { lostBeforeClosing, chunksMax, claimsBeforeClosing }: DeviceLimits,
  { lost }: Work<T>,
  { chunks }: LedgerHead,
  living: readonly LedgerEntry[],
): boolean =>
  lost >= lostBeforeClosing ||
  chunks >= chunksMax ||
  living.reduce((sum, { hashes }) => sum + hashes.length, 0) >= claimsBeforeClosing;

/** What lies behind the head and is not expired for all of `wants`. */
async function livingChunks(
  ledger: DeviceLedger,
  key: string,
  { epoch, chunks, chunksNewestMs }: LedgerHead,
  wants: readonly Want[],
): Promise<LedgerEntry[]> {
  const sinceMs = Math.min(...wants.map(({ receivedAtMs, windowMs }) => receivedAtMs - windowMs));
  const entries: LedgerEntry[] = [];
  let before = chunks;
  let newestMs = chunksNewestMs;
  for (let limit = FIRST_PAGE_CHUNKS; before > 0 && newestMs >= sinceMs; limit = Math.min(limit * 2, PAGE_CHUNKS_MAX)) {
    const page = await ledger.chunks(key, epoch, before, limit);
    for (const chunk of page) {
      before = chunk.number;
      newestMs = chunk.newestMs;
      if (newestMs < sinceMs) break;
      entries.push(...chunk.entries);
    }
    // The oldest have been deleted: they expired long ago.
    if (page.length === 0) break;
  }
  return entries;
}

/** Adds fresh wants over the version that was read. A full head goes into its chunk first, which changes nothing until the head is put. */
async function add(
  ledger: DeviceLedger,
  { headFullBytes }: DeviceLimits,
  key: string,
  head: LedgerHead | undefined,
  fresh: readonly Want[],
): Promise<boolean> {
  const added = entriesOf(fresh);
  const expiresAtSeconds = Math.max(head?.expiresAtSeconds ?? 0, ...fresh.map(expiryOf));
  const version = newName();
  if (head === undefined) {
    const first = { epoch: newName(), version, chunks: 0, chunksNewestMs: 0, isClosed: false };
    return await ledger.putHead(key, { ...first, entries: added, expiresAtSeconds }, undefined);
  }
  if (ledgerBytes(head.entries) < headFullBytes) {
    const entries = [...head.entries, ...added];
    return await ledger.putHead(key, { ...head, version, entries, expiresAtSeconds }, head.version);
  }
  const chunksNewestMs = newestOf(head.entries, head.chunksNewestMs);
  await ledger.putChunk(key, {
    epoch: head.epoch,
    number: head.chunks,
    newestMs: chunksNewestMs,
    entries: head.entries,
    expiresAtSeconds: head.expiresAtSeconds,
  });
  const next = { ...head, version, chunks: head.chunks + 1, chunksNewestMs, entries: added, expiresAtSeconds };
  return await ledger.putHead(key, next, head.version);
}

async function isKept(ledger: DeviceLedger, key: string, head: LedgerHead, wants: readonly Want[]): Promise<boolean> {
  const neededSeconds = Math.max(...wants.map(expiryOf));
  if (head.expiresAtSeconds >= neededSeconds) return true;
  return await ledger.keep(key, head.epoch, neededSeconds + KEEP_AHEAD_SECONDS);
}

/** A message comes up to 14 days late, and must still meet its twin. */
const expiryOf = ({ receivedAtMs, windowMs }: Want): number =>
  Math.ceil((receivedAtMs + windowMs) / 1_000) + SEEN_TTL_AFTER_WINDOW_DAYS * DAY_SECONDS;

const newName = (): string => randomBytes(EPOCH_BYTES).toString('base64url');
