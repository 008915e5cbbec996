import type { DebugEntry } from '../domain/debug-entry.ts';
import type { SourceId } from '../domain/ids.ts';

/** `fill`: how full the bucket is, 0 to 1 and a little more; 1: nothing more may be written but samples of reasons. */
export type DebugLease = { granted: boolean; fill: number };

/** What one environment writes of one source at once. `seen`: events that it has routed since it last wrote, these included. */
export type DebugWrite = { sourceId: SourceId; entries: readonly DebugEntry[]; seen: number };

export type DebugStore = {
  /** Takes bytes from the source's bucket. `reserve`: may take the part that is kept for samples of reasons. */
  lease(sourceId: SourceId, bytes: number, kind: 'any' | 'reserve'): Promise<DebugLease>;
  /** Compresses; answers how many bytes an item of these would have, of how much text, and a function that writes it: called again, it writes the same item. */
  pack(write: DebugWrite): { bytes: number; chars: number; put(): Promise<void> };
};

/** One write of one environment, as it is read: its entries are unpacked when they are asked for. */
export type DebugItem = {
  /** Sorts by when it was written: `<ISO time>#<random>`. */
  id: string;
  bytes: number;
  /** Of its text. A few hundred bytes may unpack to DEBUG_ITEM_TEXT_MAX: who looks through items counts these. */
  chars: number;
  kept: number;
  seen: number;
  /** The entries' JSON text, for a first look; `entries` parses it. Both unpack anew each time: nothing unpacked stays with the item. */
  text(): string;
  entries(): DebugEntry[];
};

export type DebugReader = {
  /**
   * Items of a source that were written within an hour (`2026-11-27T10`), above and below ids (neither included), in order of writing or against
   * it; a page of 1 MB at most. `isWhole`: there are no more.
   */
  itemsOfHour(
    sourceId: SourceId,
    hour: string,
    range: { above?: string | undefined; below?: string | undefined; newestFirst: boolean },
  ): Promise<{ items: DebugItem[]; isWhole: boolean }>;
};
