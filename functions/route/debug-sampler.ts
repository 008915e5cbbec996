import {
  DEBUG_CHARS_PER_BYTE_MAX,
  DEBUG_ITEM_BYTES_MAX,
  DEBUG_ITEM_BYTES_MIN,
  DEBUG_ITEM_ENTRIES_MAX,
  DEBUG_ITEM_TEXT_MAX,
  DEBUG_LEASE_BYTES,
  DEBUG_LEASE_MS,
  DEBUG_SMALL_LEASE_BYTES,
} from '../../shared/config/debugger.ts';
import type { DebugEntry } from '../../shared/domain/debug-entry.ts';
import type { SourceId } from '../../shared/domain/ids.ts';
import { minuteOf } from '../../shared/domain/timestamp.ts';
import type { DebugStore } from '../../shared/ports/debug-store.ts';
import { type JudgedMessage, readVerdicts, reasonsOf, type RoutedMessage } from './debug-entries.ts';

/** From this fill of a bucket on, an environment takes little at once and seldom: others want to show something, too. */
const SCARCE_FILL = 0.6;
/** While it is scarce: one item of so many bytes, about, in so long. */
const SCARCE_ITEM_BYTES = 2_000;
const SCARCE_PAUSE_MS = 5_000;
/** An environment that was refused asks again after this, doubled each time up to the other. A refused ask is billed as a write. */
const REFUSED_FIRST_MS = 15_000;
const REFUSED_MS_MAX = 240_000;
/** Compressed bytes of an entry, before any is known: events of SDKs in batches take 100 to 200, alone 500. */
const ENTRY_BYTES_GUESS = 300;
/** Pauses between tries of what is to be found for sure; each try takes a second at most. */
const PUT_PAUSES_MS = [100, 400];
/** Sources that an environment keeps in mind. */
const SOURCES_MAX = 1_000;
/** Reasons of one source in one minute that an environment samples for their own sake. */
const REASONS_PER_MINUTE_MAX = 40;

export type DebugSampler = {
  /** Keeps of these messages what their sources' buckets allow. Best effort: never rejects. */
  keep(messages: readonly RoutedMessage[]): Promise<void>;
};
type Deps = {
  store: DebugStore;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
  warn: (error: unknown) => void;
};
type Packed = ReturnType<DebugStore['pack']>;

/** `reserve`: from the part of the bucket that is kept for samples of reasons. */
type Kind = 'any' | 'reserve';
type Lease = { bytes: number; untilMs: number };

/** What an environment knows of a source. */
type Known = {
  leases: Record<Kind, Lease>;
  isScarce: boolean;
  nextAtMs: number;
  refusedMs: number;
  entryBytes: number;
  unseen: number;
  minute: string;
  reasons: Set<string>;
};
type Pick = { message: JudgedMessage; index: number; isReason: boolean };

/**
 * What route shows of events (features 3.1): quiet sources whole, of others a sample, within a bucket of bytes that all environments share. Each reason
 * is shown once a minute at least; what a source keeps all of, and tests, are outside the bucket.
 */
export function debugSampler({ store, now, wait, warn }: Deps): DebugSampler {
  const sources = new Map<SourceId, Known>();

  const knownOf = (sourceId: SourceId): Known => {
    const found = sources.get(sourceId);
    if (found !== undefined) return found;
    if (sources.size >= SOURCES_MAX) sources.clear();
    const known: Known = {
      leases: { any: { bytes: 0, untilMs: 0 }, reserve: { bytes: 0, untilMs: 0 } },
      isScarce: false,
      nextAtMs: 0,
      refusedMs: 0,
      entryBytes: ENTRY_BYTES_GUESS,
      unseen: 0,
      minute: '',
      reasons: new Set(),
    };
    sources.set(sourceId, known);
    return known;
  };

  /** Whether so many bytes may be written: from the lease, else by a new one. */
  const mayWrite = async (sourceId: SourceId, known: Known, bytes: number, kind: Kind): Promise<boolean> => {
    const billed = Math.max(bytes, DEBUG_ITEM_BYTES_MIN);
    const nowMs = now().getTime();
    const held = known.leases[kind];
    const left = held.untilMs > nowMs ? held.bytes : 0;
    if (left >= billed) {
      held.bytes -= billed;
    } else {
      const isSmall = known.isScarce || kind === 'reserve';
      const wanted = Math.max(isSmall ? DEBUG_SMALL_LEASE_BYTES : DEBUG_LEASE_BYTES, billed);
      const { granted, fill } = await store.lease(sourceId, wanted, kind);
      known.isScarce = fill >= SCARCE_FILL;
      if (!granted) {
        known.refusedMs = Math.min(Math.max(known.refusedMs * 2, REFUSED_FIRST_MS), REFUSED_MS_MAX);
        known.nextAtMs = nowMs + known.refusedMs;
        return false;
      }
      if (kind === 'any') known.refusedMs = 0;
      known.leases[kind] = { bytes: left + wanted - billed, untilMs: nowMs + DEBUG_LEASE_MS };
    }
    if (known.isScarce) known.nextAtMs = Math.max(known.nextAtMs, nowMs + SCARCE_PAUSE_MS);
    return true;
  };

  const keepSome = async (sourceId: SourceId, routed: readonly RoutedMessage[]): Promise<void> => {
    const known = knownOf(sourceId);
    const { reasons, others } = picksOf(known, routed, now());
    const isAllWritten = others.length > 0 && (await write(sourceId, known, [...reasons, ...others], 'any'));
    // A flood may have taken all else: what is new is shown from the part that is kept for it.
    if (!isAllWritten && reasons.length > 0) await write(sourceId, known, reasons, 'reserve');
  };

  /** False where the bucket had no room for all. */
  const write = async (sourceId: SourceId, known: Known, picks: readonly Pick[], kind: Kind): Promise<boolean> => {
    for (const entries of itemsOf(picks)) {
      const packed = store.pack({ sourceId, entries, seen: known.unseen });
      const billed = Math.max(packed.bytes, Math.ceil(packed.chars / DEBUG_CHARS_PER_BYTE_MAX));
      if (packed.bytes > DEBUG_ITEM_BYTES_MAX || !(await mayWrite(sourceId, known, billed, kind))) return false;
      known.entryBytes = (known.entryBytes + billed / entries.length) / 2;
      await put(known, packed);
    }
    return true;
  };

  /** What was not written is told of by the next item. */
  const put = async (known: Known, packed: Packed): Promise<void> => {
    const told = known.unseen;
    known.unseen = 0;
    try {
      await packed.put();
    } catch (error) {
      known.unseen += told;
      throw error;
    }
  };

  /** Somebody waits for it: a test, or all of a source. The pauses stay below what live reads look back. */
  const putSurely = async (known: Known, packed: Packed): Promise<void> => {
    for (const pauseMs of PUT_PAUSES_MS) {
      try {
        return await put(known, packed);
      } catch {
        await wait(pauseMs);
      }
    }
    try {
      await put(known, packed);
    } catch (error) {
      warn(error);
    }
  };

  const keepAll = async (sourceId: SourceId, routed: readonly RoutedMessage[]): Promise<void> => {
    const known = knownOf(sourceId);
    for (const entries of itemsOf(routed.flatMap(picksOfAll))) {
      // What compresses badly is halved until it fits: an entry alone always does.
      const left = [entries];
      for (let part = left.pop(); part !== undefined; part = left.pop()) {
        const packed = store.pack({ sourceId, entries: part, seen: known.unseen });
        if (packed.bytes > DEBUG_ITEM_BYTES_MAX && part.length > 1) {
          left.push(part.slice(part.length >> 1), part.slice(0, part.length >> 1));
          continue;
        }
        await putSurely(known, packed);
      }
    }
  };

  const keepOf = async (sourceId: SourceId, routed: readonly RoutedMessage[]): Promise<void> => {
    try {
      knownOf(sourceId).unseen += routed.reduce((sum, { row }) => sum + row.received, 0);
      const nowText = now().toISOString();
      const [all, some] = partition(
        routed,
        ({ message, reading }) => message.test === true || (reading.source?.keepAllUntil ?? '') > nowText,
      );
      if (all.length > 0) await keepAll(sourceId, all);
      if (some.length > 0) await keepSome(sourceId, some);
    } catch (error) {
      warn(error);
    }
  };

  return {
    keep: async (messages) => {
      const bySource = Map.groupBy(messages, ({ message }) => message.sourceId);
      await Promise.all([...bySource].map(([sourceId, routed]) => keepOf(sourceId, routed)));
    },
  };
}

/** Which events are worth a write now: all, where there is room; a few that lie apart where it is scarce; those whose reason this minute has not shown. */
function picksOf(known: Known, routed: readonly RoutedMessage[], now: Date): { reasons: Pick[]; others: Pick[] } {
  const nowMs = now.getTime();
  const wantedReasons = newReasons(known, routed, minuteOf(now.toISOString()));
  const isPaused = nowMs < known.nextAtMs;
  if (isPaused && wantedReasons.length === 0) return { reasons: [], others: [] };
  const judged = routed.map(readVerdicts);
  const reasons: Pick[] = wantedReasons.flatMap(({ at, wanted }) => {
    const message = judged[at];
    if (message === undefined) return [];
    return [...new Set(message.findReasons(wanted).values())].map((index) => ({ message, index, isReason: true }));
  });
  if (isPaused) return { reasons, others: [] };
  const others: Pick[] = [];
  const count = judged.reduce((sum, message) => sum + message.count, 0);
  const roomFor = known.isScarce
    ? Math.max(1, Math.floor(SCARCE_ITEM_BYTES / known.entryBytes))
    : DEBUG_ITEM_ENTRIES_MAX;
  const step = Math.max(1, Math.ceil(count / roomFor));
  let place = 0;
  for (const message of judged) {
    for (let index = 0; index < message.count; index += 1, place += 1) {
      if (place % step !== 0) continue;
      if (reasons.some((pick) => pick.message === message && pick.index === index)) continue;
      others.push({ message, index, isReason: false });
    }
  }
  return { reasons, others };
}

/** Reasons that this environment has not shown in this minute, by the message that has them; counted as shown. */
function newReasons(
  known: Known,
  routed: readonly RoutedMessage[],
  minute: string,
): { at: number; wanted: ReadonlySet<string> }[] {
  if (known.minute !== minute) {
    known.minute = minute;
    known.reasons.clear();
  }
  return routed.flatMap(({ row }, at) => {
    const wanted = new Set<string>();
    for (const reason of reasonsOf(row)) {
      if (known.reasons.size >= REASONS_PER_MINUTE_MAX || known.reasons.has(reason)) continue;
      known.reasons.add(reason);
      wanted.add(reason);
    }
    return wanted.size === 0 ? [] : [{ at, wanted }];
  });
}

function picksOfAll(routed: RoutedMessage): Pick[] {
  const message = readVerdicts(routed);
  return Array.from({ length: message.count }, (_, index) => ({ message, index, isReason: false }));
}

/** Entries in items that are within their bounds of text and number. */
function* itemsOf(picks: readonly Pick[]): Generator<DebugEntry[]> {
  let entries: DebugEntry[] = [];
  let chars = 0;
  for (const { message, index, isReason } of picks) {
    const entry = message.entryAt(index, isReason);
    if (entry === undefined) continue;
    const more = JSON.stringify(entry).length;
    if (entries.length > 0 && (entries.length >= DEBUG_ITEM_ENTRIES_MAX || chars + more > DEBUG_ITEM_TEXT_MAX)) {
      yield entries;
      entries = [];
      chars = 0;
    }
    entries.push(entry);
    chars += more;
  }
  if (entries.length > 0) yield entries;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const first: T[] = [];
  const second: T[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
