import { LEDGER_SHARDS } from '../../shared/config/limits.ts';
import {
  type DestinationPart,
  type DigestParts,
  destinationPartOf,
  noParts,
  type SourcePart,
  sourcePartOf,
  sumParts,
} from '../../shared/domain/digest-sums.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';
import { hourOf, hourPlus, minuteOf, minutePlus } from '../../shared/domain/timestamp.ts';
import type { DigestReader, KeptDigests, Touched } from '../../shared/ports/digest-store.ts';
import type { SpanRows } from '../../shared/ports/ledger.ts';
import { sharedReads } from './shared-reads.ts';

export type LiveDeps = {
  digests: KeptDigests & Pick<DigestReader, 'asOf'>;
  rows: SpanRows;
  now: () => Date;
};

/** Numbers of a workspace as of now. A snapshot is not changed any more: who derives something from it may keep that beside it. */
export type Snapshot = {
  /** The moment before which everything is in. What is younger is in where nothing much came before it. */
  asOf: string;
  now: string;
  /** From the beginning of the previous hour on. */
  minutes: ReadonlyMap<string, DigestParts>;
  /** The sum of closed hours from one to before another; without it, to those of `minutes`. */
  hoursFrom(hour: string, before?: string): DigestParts;
  /** The same one by one. */
  hours: ReadonlyMap<string, DigestParts>;
};

/** `oldestHour`: the oldest that the caller needs. */
export type LiveNumbers = (workspaceId: WorkspaceId, oldestHour: string) => Promise<Snapshot>;

/** One look serves all who ask within this time. */
const SERVED_AGAIN_MS = 5_000;
/** What was touched and is not summed yet is summed here, at most so often, and with so many queries. */
const LIVE_EVERY_MS = 10_000;
const LIVE_QUERIES_MAX = 16;
const LIVE_MINUTES = 10;
/** A subject that had more than this in one of the newest minutes is not read here: its number of a minute ago does. */
const LIVE_EVENTS_MAX = 200;
/** Minutes that check-alerts may still be summing (SUMMED_AFTER_MINUTES), and one more for clocks that differ. */
const OPEN_MINUTES = 6;
/** Rows that come hours late show at most so much later. */
const MINUTES_AGAIN_MS = 10 * 60_000;
const HOURS_AGAIN_MS = 60 * 60_000;
/** Workspaces whose numbers one environment keeps. */
const WORKSPACES_MAX = 10;

/** What is kept of one workspace between two looks. */
type Kept = {
  asOf: string | undefined;
  minutes: Map<string, DigestParts>;
  minutesAtMs: number;
  hours: Map<string, DigestParts>;
  hoursFrom: string;
  hoursTo: string;
  hoursAtMs: number;
  hourSums: Map<string, DigestParts>;
  live: { atMs: number; parts: Map<string, DigestParts> };
  turn: Promise<unknown>;
};

/**
 * Numbers for pages that ask every few seconds. A look that finds nothing new costs two reads: how far the sums have come, and what was touched since.
 * Only minutes that may have changed are read again, hours hardly ever. What was touched and is not summed yet is summed here, if it is little: who has
 * just sent a first event sees it within seconds.
 */
export function liveNumbers(deps: LiveDeps): LiveNumbers {
  const kept = new Map<WorkspaceId, Kept>();
  const look = sharedReads<Snapshot>(SERVED_AGAIN_MS, deps.now);
  return (workspaceId, oldestHour) =>
    look(`${workspaceId} ${oldestHour}`, async () => {
      const known = kept.get(workspaceId) ?? nothingKept();
      if (kept.size >= WORKSPACES_MAX && !kept.has(workspaceId)) kept.clear();
      kept.set(workspaceId, known);
      // One after another: each builds on what the one before it has read.
      const turn = known.turn.then(() => lookAt(deps, workspaceId, known, oldestHour));
      known.turn = turn.catch(() => undefined);
      return await turn;
    });
}

const nothingKept = (): Kept => ({
  asOf: undefined,
  minutes: new Map(),
  minutesAtMs: 0,
  hours: new Map(),
  hoursFrom: '',
  hoursTo: '',
  hoursAtMs: 0,
  hourSums: new Map(),
  live: { atMs: 0, parts: new Map() },
  turn: Promise.resolve(),
});

async function lookAt(deps: LiveDeps, id: WorkspaceId, kept: Kept, oldestHour: string): Promise<Snapshot> {
  const now = deps.now();
  const nowMs = now.getTime();
  const minute = minuteOf(now.toISOString());
  const previousHour = hourPlus(hourOf(minute), -1);
  const asOf = await deps.digests.asOf(id);
  await refreshMinutes(deps, id, kept, { asOf, minute, previousHour, nowMs });
  await refreshHours(deps, id, kept, { oldestHour, to: hourPlus(previousHour, -1), nowMs });
  await refreshLive(deps, id, kept, { asOf, minute, nowMs });
  const minutes = new Map(kept.minutes);
  for (const [each, parts] of kept.live.parts) {
    const sofar = minutes.get(each) ?? noParts();
    minutes.set(each, {
      sources: { ...sofar.sources, ...parts.sources },
      destinations: { ...sofar.destinations, ...parts.destinations },
    });
  }
  const { hours, hourSums } = kept;
  return {
    asOf: asOf ?? `${minute}:00.000Z`,
    now: now.toISOString(),
    minutes,
    hours,
    hoursFrom: (from, before = '~') => {
      const name = `${from} ${before}`;
      const sum =
        hourSums.get(name) ??
        sumParts([...hours].filter(([hour]) => hour >= from && hour < before).map(([, parts]) => parts));
      hourSums.set(name, sum);
      return sum;
    },
  };
}

type Times = { asOf: string | undefined; minute: string; previousHour: string; nowMs: number };

async function refreshMinutes({ digests }: LiveDeps, id: WorkspaceId, kept: Kept, times: Times): Promise<void> {
  const first = `${times.previousHour}:00`;
  const isStale = times.nowMs - kept.minutesAtMs >= MINUTES_AGAIN_MS || times.nowMs < kept.minutesAtMs;
  if (!isStale && kept.asOf === times.asOf) return;
  const open = minutePlus(kept.asOf === undefined ? first : minuteOf(kept.asOf), -OPEN_MINUTES);
  const from = isStale || open < first ? first : open;
  const read = await digests.minuteParts(id, from, times.minute);
  if (isStale) kept.minutesAtMs = times.nowMs;
  const older = isStale ? [] : [...kept.minutes].filter(([minute]) => minute >= first && minute < from);
  kept.minutes = new Map([...older, ...[...read].map(([minute, { parts }]) => [minute, parts] as const)]);
  kept.asOf = times.asOf;
}

async function refreshHours(
  { digests }: LiveDeps,
  id: WorkspaceId,
  kept: Kept,
  { oldestHour, to, nowMs }: { oldestHour: string; to: string; nowMs: number },
): Promise<void> {
  const isStale =
    nowMs - kept.hoursAtMs >= HOURS_AGAIN_MS ||
    nowMs < kept.hoursAtMs ||
    kept.hoursFrom > oldestHour ||
    kept.hoursTo > to;
  if (isStale) {
    const from = kept.hoursFrom !== '' && kept.hoursFrom < oldestHour ? kept.hoursFrom : oldestHour;
    const read = await digests.hourParts(id, from, to);
    kept.hours = new Map([...read].map(([hour, { parts }]) => [hour, parts]));
    kept.hoursFrom = from;
    kept.hoursAtMs = nowMs;
  } else if (kept.hoursTo < to) {
    const read = await digests.hourParts(id, hourPlus(kept.hoursTo, 1), to);
    kept.hours = new Map([...kept.hours, ...[...read].map(([hour, { parts }]) => [hour, parts] as const)]);
  } else return;
  kept.hoursTo = to;
  kept.hourSums = new Map();
}

/** What was touched since the sums stand, as its rows are now; of as many subjects as LIVE_QUERIES_MAX queries read whole, those never seen first. */
async function refreshLive(
  deps: LiveDeps,
  id: WorkspaceId,
  kept: Kept,
  { asOf, minute, nowMs }: Pick<Times, 'asOf' | 'minute' | 'nowMs'>,
): Promise<void> {
  if (nowMs - kept.live.atMs < LIVE_EVERY_MS && nowMs >= kept.live.atMs) return;
  const oldest = minutePlus(minute, -LIVE_MINUTES);
  const stands = asOf === undefined ? oldest : minuteOf(asOf);
  // A minute ahead: the clocks of who touches and who looks may differ.
  const touched = await deps.digests.touched(id, stands < oldest ? oldest : stands, minutePlus(minute, 1));
  const open = [...touched.values()].flat().filter((each) => each.minute >= oldest);
  const parts = new Map<string, DigestParts>();
  const all = await Promise.all(chosen(open, kept).map((each) => sumOne(deps, each)));
  for (const { minute: at, source, destination } of all) {
    const sofar = parts.get(at) ?? noParts();
    parts.set(at, {
      sources: { ...sofar.sources, ...source },
      destinations: { ...sofar.destinations, ...destination },
    });
  }
  kept.live = { atMs: nowMs, parts };
}

function chosen(touched: readonly Touched[], kept: Kept): Touched[] {
  const merged = new Map<string, Touched>();
  for (const each of touched) {
    const key = `${idOf(each)} ${each.minute}`;
    const shards = (merged.get(key)?.shards ?? 0) | each.shards | (partOf(kept, each)?.shards ?? 0);
    merged.set(key, { ...each, shards });
  }
  const ranked = [...merged.values()]
    .filter((each) => !isBusy(kept, each))
    .map((each) => ({ each, isSeen: isSeen(kept, each), queries: bitsOf(each.shards) }))
    .toSorted(
      (a, b) =>
        Number(a.isSeen) - Number(b.isSeen) || (a.each.minute < b.each.minute ? 1 : -1) || a.queries - b.queries,
    );
  const taken: Touched[] = [];
  let left = LIVE_QUERIES_MAX;
  for (const { each, queries } of ranked) {
    if (queries > left) continue;
    left -= queries;
    taken.push(each);
  }
  return taken;
}

const idOf = ({ subject }: Touched): string => ('sourceId' in subject ? subject.sourceId : subject.destinationId);
const bitsOf = (shards: number): number =>
  Array.from({ length: LEDGER_SHARDS }, (_, shard) => (shards >> shard) & 1).reduce((sum, bit) => sum + bit, 0);

function partOf({ minutes }: Kept, touched: Touched): SourcePart | DestinationPart | undefined {
  const parts = minutes.get(touched.minute);
  return 'sourceId' in touched.subject ? parts?.sources[idOf(touched)] : parts?.destinations[idOf(touched)];
}

const isSeen = ({ minutes }: Kept, touched: Touched): boolean =>
  [...minutes.values()].some(({ sources, destinations }) => idOf(touched) in sources || idOf(touched) in destinations);

const isBusy = ({ minutes }: Kept, touched: Touched): boolean =>
  [...minutes.values()].slice(-OPEN_MINUTES).some(({ sources, destinations }) => {
    const id = idOf(touched);
    const events = sources[id]?.received ?? 0;
    const done = destinations[id];
    return events + (done === undefined ? 0 : done.delivered + done.retry) > LIVE_EVENTS_MAX;
  });

async function sumOne({ rows }: LiveDeps, { subject, minute, shards }: Touched) {
  // What is not there yet is there at the next look.
  if ('sourceId' in subject) {
    const part = sourcePartOf(await rows.plansOfSpan(subject.sourceId, minute, shards, 'eventually'), shards);
    return { minute, source: part && { [subject.sourceId]: part }, destination: undefined };
  }
  const part = destinationPartOf(await rows.donesOfSpan(subject.destinationId, minute, shards, 'eventually'), shards);
  return { minute, source: undefined, destination: part && { [subject.destinationId]: part } };
}
