import { oldestOf, hoursToDo } from './aggregate-usage.ts';
import { logError } from '../../shared/aws/log.ts';
import type { ArchiveDigest, UserDigest } from '../../shared/domain/archive-digest.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { dayOf, hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import {
  isCountedExactly,
  mergeSeen,
  noSeenUsers,
  type SeenUsers,
  seenOn,
  userCountsByDay,
} from '../../shared/domain/tracked-users.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { DigestShelf } from '../../shared/ports/archive-store.ts';
import type { SeenUsersStore, UsageMonths } from '../../shared/ports/usage-store.ts';
import {
  dayNumberOf,
  daysIn,
  monthOf,
  monthPlus,
  noSourceUsage,
  noUsageMonth,
  type UsageMonth,
  type UsersByDay,
} from '../../shared/usage/usage-month.ts';
import { lateReads } from './late-reads.ts';
import { countMonth, type CountDeps } from './count-month.ts';

/** Two runs seldom meet at one month, and then once. */
const TRIES_MAX = 3;
/** Digests that are summed up in one merge. */
const DIGESTS_AT_ONCE = 100;

export type FoldDeps = CountDeps & {
  digests: DigestShelf;
  seen: SeenUsersStore;
  months: UsageMonths;
  now: () => Date;
  newWriteId: () => string;
};

/** What was new, by month: of all sources of a workspace together and of each. */
type Found = Map<string, { all: SeenUsers; bySource: Map<string, SeenUsers> }>;

/**
 * Brings the months of every workspace up to now: tracked users from the digests of the hours since the last run, at least of the last 3, and of late
 * ones; API calls and units from the books. Users are only ever united, and all else is recomputed, so that a run that comes twice, late or with others
 * leaves the same (E1). Of two runs that overlap the second sees that it was overtaken and begins again, from what it had begun with, so that nothing
 * that either has folded is lost. One workspace that fails holds up no other; it is thrown at the end.
 */
export async function foldUsage(deps: FoldDeps, configs: readonly WorkspaceConfig[]): Promise<void> {
  const present = hourOf(deps.now().toISOString());
  const standing = await Promise.all(configs.map((config) => standingOf(deps, config, present)));
  const lateOf = lateReads(standing, present, (hour, ids) => lateByWorkspace(deps.digests, hour, ids));
  const failures: unknown[] = [];
  for (const one of standing) {
    const { config, hours } = one;
    try {
      await foldWorkspace(deps, config, hours, (await lateOf(one)) ?? new Map());
    } catch (error) {
      logError('Usage of a workspace was not brought up to now; the next run tries again', error, {
        workspaceId: config.workspaceId,
      });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** The hours whose digests are to be read. */
async function standingOf(deps: FoldDeps, config: WorkspaceConfig, present: string) {
  const month = monthOf(present);
  const last =
    (await deps.months.get(config.workspaceId, month)) ??
    (await deps.months.get(config.workspaceId, monthPlus(month, -1)));
  const foldedTo = last?.month.foldedTo;
  const since = foldedTo === undefined || foldedTo === '' ? oldestOf([config]) : foldedTo;
  return { config, hours: hoursToDo(since, present) };
}

/** Users of late digests by source and day. */
type Late = Map<string, UserDigest[]>;

async function lateByWorkspace(
  digests: DigestShelf,
  writtenHour: string,
  workspaceIds: ReadonlySet<string>,
): Promise<Map<string, Late>> {
  const late = new Map<string, Late>();
  for await (const digest of digests.lateSince(writtenHour, workspaceIds)) {
    const bySource: Late = late.get(digest.workspaceId) ?? new Map();
    late.set(digest.workspaceId, bySource);
    const name = `${digest.sourceId} ${dayOf(digest.from)}`;
    bySource.set(name, [...(bySource.get(name) ?? []), digest.users]);
  }
  return late;
}

async function foldWorkspace(
  deps: FoldDeps,
  config: WorkspaceConfig,
  hours: readonly string[],
  late: ReadonlyMap<string, readonly UserDigest[]>,
): Promise<void> {
  const present = hours.at(-1) ?? hourOf(deps.now().toISOString());
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const found: Found = new Map();
    for (const [name, users] of late) {
      const [sourceId = '', day = ''] = name.split(' ');
      add(found, sourceId, day, users);
    }
    for (const hour of hours) await addHour(found, dayOf(hour), deps.digests.ofHour(config.workspaceId, hour));
    // The present month, and those before it that something was found in, or whose books may still change.
    const months = new Set([...found.keys(), monthOf(present), monthOf(hourPlus(present, -HOURS_CHANGING))]);
    let overtaken = false;
    for (const month of [...months].toSorted()) {
      if (!(await foldMonth(deps, config, month, { present, found: found.get(month), hours }))) overtaken = true;
    }
    if (!overtaken) return;
  }
  throw new AppError('upstream-unavailable', `Other runs keep writing the usage of ${config.workspaceId}`);
}

/** Late rows change the books of hours up to so long ago (HOURS_BEHIND_MAX and a day). */
const HOURS_CHANGING = 15 * 24;

async function addHour(found: Found, day: string, digests: AsyncIterable<ArchiveDigest>): Promise<void> {
  let chunk = new Map<string, UserDigest[]>();
  let count = 0;
  const flush = () => {
    for (const [sourceId, users] of chunk) add(found, sourceId, day, users);
    chunk = new Map();
    count = 0;
  };
  for await (const { sourceId, users } of digests) {
    chunk.set(sourceId, [...(chunk.get(sourceId) ?? []), users]);
    count += 1;
    if (count >= DIGESTS_AT_ONCE) flush();
  }
  flush();
}

function add(found: Found, sourceId: string, day: string, users: readonly UserDigest[]): void {
  const month = monthOf(day);
  const entry = found.get(month) ?? { all: noSeenUsers(), bySource: new Map<string, SeenUsers>() };
  const seen = seenOn(dayNumberOf(day), users);
  entry.all = mergeSeen(entry.all, seen);
  entry.bySource.set(sourceId, mergeSeen(entry.bySource.get(sourceId) ?? noSeenUsers(), seen));
  found.set(month, entry);
}

/** False where another run wrote the month meanwhile. */
async function foldMonth(
  deps: FoldDeps,
  config: WorkspaceConfig,
  month: string,
  { present, found, hours }: { present: string; found: ReturnType<Found['get']>; hours: readonly string[] },
): Promise<boolean> {
  const { workspaceId } = config;
  const asOf = deps.now().toISOString();
  const read = await deps.months.get(workspaceId, month);
  const before = read?.month ?? noUsageMonth(workspaceId, month, asOf);
  const next: UsageMonth = { ...before, asOf, foldedTo: before.foldedTo > present ? before.foldedTo : present };
  if (found !== undefined) {
    next.users = await unite(deps, { workspaceId, month }, found.all);
    next.sources = { ...before.sources };
    for (const [sourceId, seen] of found.bySource) {
      const users = await unite(deps, { workspaceId, month, sourceId }, seen);
      next.sources[sourceId] = { ...(next.sources[sourceId] ?? noSourceUsage()), users };
    }
  }
  const counted = await countMonth(deps, config, next, hours);
  return await deps.months.put(counted, { version: read?.version ?? 0, writeId: deps.newWriteId() });
}

/** Unites what was found with what was known, and answers the counts. */
async function unite(
  { seen: store }: FoldDeps,
  place: Parameters<SeenUsersStore['get']>[0],
  found: SeenUsers,
): Promise<UsersByDay> {
  const seen = mergeSeen((await store.get(place)) ?? noSeenUsers(), found);
  await store.put(place, seen);
  const days = userCountsByDay(seen, daysIn(place.month)).map(
    ({ identified, anonymous, neverIdentified }): [number, number, number] => [identified, anonymous, neverIdentified],
  );
  return { isExact: isCountedExactly(seen), days: withoutRepeats(days) };
}

/** Days at the end that are as the one before them say nothing. */
function withoutRepeats(days: [number, number, number][]): [number, number, number][] {
  let end = days.length;
  while (end > 1 && days[end - 1]?.join() === days[end - 2]?.join()) end -= 1;
  return days.slice(0, end);
}
