import {
  DEBUG_ANSWER_CHARS_MAX,
  DEBUG_EVENTS_MAX,
  DEBUG_HOURS,
  DEBUG_OVERLAP_MS,
  DEBUG_READ_BYTES_MAX,
  DEBUG_READ_CHARS_MAX,
} from '../config/debugger.ts';
import type { DebugEntry } from '../domain/debug-entry.ts';
import { type DebugFilter, matchesFilter, mayHold } from '../domain/debug-query.ts';
import type { SourceId } from '../domain/ids.ts';
import { hourOf, hourPlus } from '../domain/timestamp.ts';
import type { DebugItem, DebugReader } from '../ports/debug-store.ts';

/** Hours that are read at once. */
const HOURS_AT_ONCE = 6;
/** Pages of 1 MB of one hour that are followed. */
const PAGES_MAX = 64;
/** Names of items in a live cursor: those within the overlap, so that none is told twice. */
const TOLD_MAX = 60;
const TOLD_CHARS = 8;
const HOUR_MS = 3_600_000;
/** What is kept of a request is written within this of when it came, unless it waited for route; and so many bytes are looked at for it. */
const WRITTEN_WITHIN_MS = 300_000;
const NEAR_BYTES_MAX = 2_000_000;
const NEAR_CHARS_MAX = 20_000_000;

/** What an answer rests on: from when to when was looked, how many events are kept there, and of how many that the source was sent. */
export type DebugCoverage = { from: string; to: string; kept: number; received: number; isWhole: boolean };
export type DebugFound = { entries: DebugEntry[]; coverage: DebugCoverage };

/** Where a live read goes on: the newest item told, and the names of those shortly before it. */
export type LivePosition = { at: string; told: readonly string[] };
/** Where a search goes on: below this item, or within it after so many matches. */
export type SearchPosition = { id: string; matches: number };

/** An item that was looked at, without what is in it. */
type Looked = Pick<DebugItem, 'id' | 'kept' | 'seen'>;
const lookedAt = ({ id, kept, seen }: DebugItem): Looked => ({ id, kept, seen });

const nameOf = ({ id }: Looked): string => id.slice(id.indexOf('#') + 1);

/** Where a live read goes on that has told these items. */
function positionAfter(taken: readonly Looked[], { at, told }: LivePosition): LivePosition {
  const from = new Date(Date.parse(at) - DEBUG_OVERLAP_MS).toISOString();
  const recent = taken.filter(({ id }) => id >= from).map((item) => nameOf(item).slice(0, TOLD_CHARS));
  return { at, told: [...told, ...recent].slice(-TOLD_MAX) };
}

/** The entries of one request, where the debugger kept them: looked for where items of its time lie. `isWhole`: all those have been looked at. */
export async function entriesOfIntake(
  reader: DebugReader,
  sourceId: SourceId,
  { intakeId, receivedAt }: { intakeId: string; receivedAt: string },
): Promise<{ entries: DebugEntry[]; isWhole: boolean }> {
  const from = new Date(Date.parse(receivedAt) - DEBUG_OVERLAP_MS).toISOString();
  const to = new Date(Date.parse(receivedAt) + WRITTEN_WITHIN_MS).toISOString();
  const entries: DebugEntry[] = [];
  let bytes = 0;
  let chars = 0;
  let above: string | undefined = from;
  for (let hour = hourOf(from); hour <= hourOf(to); hour = hourPlus(hour, 1)) {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const read = await reader.itemsOfHour(sourceId, hour, { above, newestFirst: false });
      for (const item of read.items) {
        if (item.id > to) return { entries, isWhole: true };
        above = item.id;
        bytes += item.bytes;
        chars += item.chars;
        if (bytes > NEAR_BYTES_MAX || chars > NEAR_CHARS_MAX) return { entries, isWhole: false };
        if (item.text().includes(intakeId)) {
          entries.push(...item.entries().filter((entry) => entry.intakeId === intakeId));
        }
      }
      if (read.isWhole) break;
    }
    above = undefined;
  }
  return { entries, isWhole: true };
}

/**
 * Events that became readable since a position, newest first, at most DEBUG_EVENTS_MAX and whole items: what is beyond comes with the next read.
 * Looks back DEBUG_OVERLAP_MS, since clocks of writers differ; an item that becomes readable later than that is found by a search alone.
 */
export async function readLive(
  reader: DebugReader,
  { sourceId, now, after, filter }: { sourceId: SourceId; now: Date; after: LivePosition; filter: DebugFilter },
): Promise<DebugFound & { position: LivePosition }> {
  const oldestMs = now.getTime() - DEBUG_HOURS * HOUR_MS;
  const sinceMs = Math.max(Date.parse(after.at) - DEBUG_OVERLAP_MS, oldestMs);
  const since = new Date(sinceMs).toISOString();
  const told = new Set(after.told);
  const taken: Looked[] = [];
  const entries: DebugEntry[] = [];
  let bytes = 0;
  let read = 0;
  let chars = 0;
  let isWhole = true;
  // A writer's clock may be a little ahead.
  const lastHour = hourOf(new Date(now.getTime() + DEBUG_OVERLAP_MS).toISOString());
  let above: string | undefined = since;
  reading: for (let hour = hourOf(since); hour <= lastHour; hour = hourPlus(hour, 1)) {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const found = await reader.itemsOfHour(sourceId, hour, { above, newestFirst: false });
      for (const item of found.items) {
        above = item.id;
        if (told.has(nameOf(item).slice(0, TOLD_CHARS))) continue;
        const isRead = bytes + item.bytes > DEBUG_READ_BYTES_MAX || read + item.chars > DEBUG_READ_CHARS_MAX;
        const matching = isRead && taken.length > 0 ? [] : matchesIn(item, filter);
        const more = matching.reduce((sum, entry) => sum + charsOf(entry), 0);
        const isFull =
          isRead || entries.length + matching.length > DEBUG_EVENTS_MAX || chars + more > DEBUG_ANSWER_CHARS_MAX;
        if (isFull && taken.length > 0) {
          isWhole = false;
          break reading;
        }
        taken.push(lookedAt(item));
        entries.push(...matching);
        bytes += item.bytes;
        read += item.chars;
        chars += more;
      }
      if (found.isWhole) break;
    }
    above = undefined;
  }
  const last = taken.at(-1)?.id ?? after.at;
  const at = last > after.at ? last.slice(0, last.indexOf('#')) : after.at;
  return {
    entries: newestFirst(entries).slice(0, DEBUG_EVENTS_MAX),
    coverage: coverageOf(taken, since, now.toISOString(), isWhole),
    position: positionAfter(taken, { at, told: after.told }),
  };
}

/**
 * Events that are kept and match, newest first, DEBUG_EVENTS_MAX at most. Reads DEBUG_READ_BYTES_MAX and DEBUG_READ_CHARS_MAX; `next` is where a further search goes on, and
 * absent where everything that is kept has been looked at.
 */
export async function searchKept(
  reader: DebugReader,
  {
    sourceId,
    now,
    before,
    filter,
    limit = DEBUG_EVENTS_MAX,
  }: {
    sourceId: SourceId;
    now: Date;
    before?: SearchPosition | undefined;
    filter: DebugFilter;
    limit?: number;
  },
): Promise<DebugFound & { next: SearchPosition | undefined; position: LivePosition }> {
  const nowText = now.toISOString();
  const oldest = new Date(now.getTime() - DEBUG_HOURS * HOUR_MS).toISOString();
  // What was written before an event came does not hold it; clocks differ by the overlap.
  const from = later(
    oldest,
    filter.from === undefined ? oldest : new Date(Date.parse(filter.from) - DEBUG_OVERLAP_MS).toISOString(),
  );
  const newestHour =
    before === undefined ? hourOf(new Date(now.getTime() + DEBUG_OVERLAP_MS).toISOString()) : hourOf(before.id);
  const taken: Looked[] = [];
  const entries: DebugEntry[] = [];
  let bytes = 0;
  let read = 0;
  let chars = 0;
  let seen = before;

  const done = (next: SearchPosition | undefined) => {
    const reached = next === undefined ? from : next.id.slice(0, next.id.indexOf('#'));
    return {
      entries: newestFirst(entries),
      coverage: coverageOf(
        taken,
        reached,
        before === undefined ? nowText : before.id.slice(0, before.id.indexOf('#')),
        next === undefined,
      ),
      next,
      position: positionAfter(taken, { at: nowText, told: [] }),
    };
  };
  for await (const item of newestItems(reader, sourceId, newestHour, hourOf(from), before)) {
    if (item.id < from) break;
    const isRead = bytes + item.bytes > DEBUG_READ_BYTES_MAX || read + item.chars > DEBUG_READ_CHARS_MAX;
    if (isRead && taken.length > 0) return done(seen);
    const skipped = item.id === before?.id ? before.matches : 0;
    const matching = newestFirst(matchesIn(item, filter)).slice(skipped);
    taken.push(lookedAt(item));
    bytes += item.bytes;
    read += item.chars;
    seen = { id: item.id, matches: skipped };
    for (const entry of matching) {
      chars += charsOf(entry);
      // One at least, or a search would not come on.
      if (entries.length > 0 && (entries.length >= limit || chars > DEBUG_ANSWER_CHARS_MAX)) return done(seen);
      entries.push(entry);
      seen = { id: item.id, matches: seen.matches + 1 };
    }
  }
  return done(undefined);
}

/** Items of hours from the newest on, each hour's first page read together with those of the next few. */
async function* newestItems(
  reader: DebugReader,
  sourceId: SourceId,
  newestHour: string,
  oldestHour: string,
  before: SearchPosition | undefined,
): AsyncGenerator<DebugItem> {
  for (let first = newestHour; first >= oldestHour; first = hourPlus(first, -HOURS_AT_ONCE)) {
    const hours = Array.from({ length: HOURS_AT_ONCE }, (_, back) => hourPlus(first, -back)).filter(
      (hour) => hour >= oldestHour,
    );
    const belowOf = (hour: string): string | undefined =>
      // The item itself may hold more matches.
      before !== undefined && hour === hourOf(before.id) ? `${before.id}!` : undefined;
    const firsts = await Promise.all(
      hours.map((hour) => reader.itemsOfHour(sourceId, hour, { below: belowOf(hour), newestFirst: true })),
    );
    for (const [index, hour] of hours.entries()) {
      let read = firsts[index];
      for (let page = 0; page < PAGES_MAX && read !== undefined; page += 1) {
        yield* read.items;
        const last = read.items.at(-1)?.id;
        if (read.isWhole || last === undefined) break;
        read = await reader.itemsOfHour(sourceId, hour, { below: last, newestFirst: true });
      }
    }
  }
}

/** Text is looked at only where it can tell that an item need not be parsed. */
const matchesIn = (item: DebugItem, filter: DebugFilter): DebugEntry[] => {
  const isTold = filter.messageId !== undefined || filter.terms.length > 0;
  if (isTold && !mayHold(item.text(), filter)) return [];
  return item.entries().filter((entry) => matchesFilter(entry, filter));
};

/** What an entry takes of an answer. */
const charsOf = (entry: DebugEntry): number => JSON.stringify(entry).length;

/** By when they came, within a request by their place. */
const newestFirst = (entries: readonly DebugEntry[]): DebugEntry[] =>
  entries.toSorted((a, b) =>
    a.receivedAt === b.receivedAt ? b.index - a.index : a.receivedAt < b.receivedAt ? 1 : -1,
  );

/** `seen` of an item counts events since the one before it of the same environment: of a message in several items, the first tells of all. */
function coverageOf(items: readonly Looked[], from: string, to: string, isWhole: boolean): DebugCoverage {
  const kept = items.reduce((sum, item) => sum + item.kept, 0);
  const seen = items.reduce((sum, item) => sum + item.seen, 0);
  return { from: from < to ? from : to, to, kept, received: Math.max(seen, kept), isWhole };
}

const later = (a: string, b: string): string => (a > b ? a : b);
