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
import type { KeptDigests, Touched } from '../../shared/ports/digest-store.ts';
import type { SpanRows } from '../../shared/ports/ledger.ts';
import { sharedReads } from './shared-reads.ts';

export type LiveDeps = {
  digests: KeptDigests;
  rows: SpanRows;
  now: () => Date;
};

/** Numbers of a workspace as of now. A snapshot is not changed any more: who derives something from it may keep that beside it. */
export type Snapshot = {
  /** The moment before which everything is in. What is younger is in where nothing much came before it. */
  asOf: string;
  /** Of before it there is nothing, or not all. Undefined: nothing was summed yet. */
  since: string | undefined;
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
const LIVE_QUERIES_MAX = 24;
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
  live: { atMs: number; sums: ReadonlyMap<string, LiveSum> };
  turn: Promise<unknown>;
};

/** One subject's rows of one minute, and when they were summed here. */
type LiveSum = {
  minute: string;
  atMs: number;
  source?: SourcePart | undefined;
  destination?: DestinationPart | undefined;
  id: string;
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
  live: { atMs: 0, sums: new Map() },
  turn: Promise.resolve(),
});

async function lookAt(deps: LiveDeps, id: WorkspaceId, kept: Kept, oldestHour: string): Promise<Snapshot> {
  const now = deps.now();
  const nowMs = now.getTime();
  const minute = minuteOf(now.toISOString());
  const previousHour = hourPlus(hourOf(minute), -1);
  const { asOf, since } = await deps.digests.reach(id);
  await refreshMinutes(deps, id, kept, { asOf, minute, previousHour, nowMs });
  await refreshHours(deps, id, kept, { oldestHour, to: hourPlus(previousHour, -1), nowMs });
  await refreshLive(deps, id, kept, { asOf, minute, nowMs });
  const minutes = new Map(kept.minutes);
  for (const { minute: at, id: subject, source, destination } of kept.live.sums.values()) {
    const { sources, destinations } = minutes.get(at) ?? noParts();
    minutes.set(at, {
      sources: source === undefined ? sources : { ...sources, [subject]: source },
      destinations: destination === undefined ? destinations : { ...destinations, [subject]: destination },
    });
  }
  const { hours, hourSums } = kept;
  return {
    asOf: asOf ?? `${minute}:00.000Z`,
    since,
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

/**
 * What was touched since the sums stand, as its rows are now: of as many subjects as LIVE_QUERIES_MAX queries read whole. Who was not yet in its turn
 * comes next, so that nothing waits for the minute's end because much else has happened in it; what was summed before stands until it is summed again.
 */
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
  const open = merged(
    [...touched.values()].flat().filter((each) => each.minute >= oldest),
    kept,
  );
  const sums = new Map([...kept.live.sums].filter(([key]) => open.has(key)));
  await Promise.all(
    chosen(open, kept).map(async ([key, each]) => {
      sums.set(key, { ...(await sumOne(deps, each)), minute: each.minute, id: idOf(each), atMs: nowMs });
    }),
  );
  kept.live = { atMs: nowMs, sums };
}

/** By subject and minute, with all shards that any touch names. */
function merged(touched: readonly Touched[], kept: Kept): Map<string, Touched> {
  const open = new Map<string, Touched>();
  for (const each of touched) {
    const key = `${idOf(each)} ${each.minute}`;
    const shards = (open.get(key)?.shards ?? 0) | each.shards | (partOf(kept, each)?.shards ?? 0);
    open.set(key, { ...each, shards });
  }
  return open;
}

/** Those that have waited longest first; of those that were never summed, subjects that nothing is known of. */
function chosen(open: ReadonlyMap<string, Touched>, kept: Kept): [string, Touched][] {
  const ranked = [...open]
    .filter(([, each]) => !isBusy(kept, each))
    .map(([key, each]) => ({
      key,
      each,
      atMs: kept.live.sums.get(key)?.atMs ?? 0,
      isSeen: isSeen(kept, each),
      queries: bitsOf(each.shards),
    }))
    .toSorted((a, b) => a.atMs - b.atMs || Number(a.isSeen) - Number(b.isSeen) || a.queries - b.queries);
  const taken: [string, Touched][] = [];
  let left = LIVE_QUERIES_MAX;
  for (const { key, each, queries } of ranked) {
    if (queries > left) continue;
    left -= queries;
    taken.push([key, each]);
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

async function sumOne(
  { rows }: LiveDeps,
  { subject, minute, shards }: Touched,
): Promise<Pick<LiveSum, 'source' | 'destination'>> {
  // What is not there yet is there at the next look.
  if ('sourceId' in subject) {
    return { source: sourcePartOf(await rows.plansOfSpan(subject.sourceId, minute, shards, 'eventually'), shards) };
  }
  return {
    destination: destinationPartOf(await rows.donesOfSpan(subject.destinationId, minute, shards, 'eventually'), shards),
  };
}
