import { inParallel } from '../../shared/aws/in-parallel.ts';
import { log, logError } from '../../shared/aws/log.ts';
import { type Book, type Shelf, subjectName } from '../../shared/books/book.ts';
import { type DeletedDestination, deletedDestinations } from '../../shared/books/deleted-destinations.ts';
import { sourcesOf } from '../../shared/books/read-books.ts';
import { HOURS_BEHIND_MAX, HOURS_REOPENED } from '../../shared/books/standing.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import type { SourceId } from '../../shared/domain/ids.ts';
import { dayOf, hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { LateHour, LateSubject, RollupStore } from '../../shared/ports/rollup-store.ts';
import { carryDays, LAST_DAY, rollUpHour } from './roll-up.ts';

/** A mark rests so long before it is taken: the row that it was put for, and those after it, are there by then (design 2). */
export const MARK_REST_MS = 3 * 60_000;
/** Marked hours that one run recomputes; the next one takes more. */
const LATE_HOURS_MAX = 500;
/** Subjects rolled up at once: one alone would leave most of the time to waiting, and a thousand would not be done in time. */
const SUBJECTS_AT_ONCE = 8;

export type AggregateDeps = {
  shelf: Shelf;
  rollups: RollupStore;
  now: () => Date;
  newWriteId: () => string;
};

export type Aggregated = { hours: number; subjects: number };

/**
 * Recomputes the totals of every hour since HOURS_REOPENED before the watermark, and of hours marked late, from the rows themselves, and the
 * days that they touch with all that is carried forward from them. Nothing is added to what stands: run twice, late, overlapping or out of
 * order it leaves the same totals (E1, E2, R13). A subject whose books cannot be read leaves the others alone; then the watermark stays, the
 * run throws at its end, and the next one begins where this one began. Destinations that were deleted are rolled up on, as far as plans of their
 * sources still name them: what of theirs was in flight ends after they are gone.
 */
export async function aggregateUsage(deps: AggregateDeps, configs: readonly WorkspaceConfig[]): Promise<Aggregated> {
  const present = hourOf(deps.now().toISOString());
  const hours = hoursToDo((await deps.rollups.getWatermark()) ?? oldestOf(configs), present);
  const failed: string[] = [];
  const rollUp = async <T>(book: Book<T>): Promise<void> => {
    try {
      for (const hour of hours) await rollUpHour(book, hour, deps.newWriteId);
      await carryDays(book, { fromDay: dayOf(hours[0] ?? present), toDay: dayOf(present) }, deps.newWriteId);
      if ('sourceId' in book.subject) await putUsage(deps, book.subject.sourceId, hours.map(dayOf));
    } catch (error) {
      failed.push(subjectName(book.subject));
      logError('The books of a subject were not rolled up; the next run tries again', error, book.subject);
    }
  };

  const subjects = configs.flatMap((config): LateSubject[] => [
    ...[...sourcesOf(config).keys()].map((sourceId) => ({ sourceId })),
    ...config.destinations.map(({ destination }) => ({ destinationId: destination.id })),
  ]);
  await inParallel([...subjects, { unreadable: true as const }], SUBJECTS_AT_ONCE, (subject) =>
    withBook(deps.shelf, subject, rollUp),
  );
  const deleted = await Promise.all(configs.map((config) => deletedIn(deps, config)));
  await inParallel(deleted.flat(), SUBJECTS_AT_ONCE, ({ id }) => rollUp(deps.shelf.destination(id)));
  if (failed.length === 0) await deps.rollups.advanceWatermark(present);
  failed.push(...(await redoLateHours(deps, present)));
  if (failed.length > 0) throw new AppError('upstream-unavailable', `Not rolled up: ${failed.join(', ')}`);
  return { hours: hours.length, subjects: subjects.length };
}

/** By the plans as they are rolled up: one read of each source. */
async function deletedIn({ shelf }: AggregateDeps, config: WorkspaceConfig): Promise<DeletedDestination[]> {
  const found: DeletedDestination[] = [];
  await inParallel([...sourcesOf(config).keys()], SUBJECTS_AT_ONCE, async (id) => {
    const newest = await shelf.source(id).store.lastDayBefore(LAST_DAY);
    if (newest !== undefined) found.push(...deletedDestinations(config, id, [newest.sofar]));
  });
  return found;
}

async function withBook(shelf: Shelf, subject: LateSubject, work: <T>(book: Book<T>) => Promise<void>): Promise<void> {
  if ('sourceId' in subject) await work(shelf.source(subject.sourceId));
  else if ('destinationId' in subject) await work(shelf.destination(subject.destinationId));
  else await work(shelf.unreadable());
}

/**
 * Marks that have rested, by subject. A mark goes last, when its hour and all that is carried forward from it are there, and only if it is still
 * the one that was read: a row that came meanwhile has put another. Hours that have not begun keep theirs: readers find them by it.
 */
async function redoLateHours(deps: AggregateDeps, present: string): Promise<string[]> {
  const nowMs = deps.now().getTime();
  const bySubject = new Map<string, { subject: LateSubject; marks: LateHour[] }>();
  for (const late of await deps.rollups.lateHours(LATE_HOURS_MAX)) {
    if (nowMs - Date.parse(late.markedAt) < MARK_REST_MS || late.hour > present) continue;
    const name = subjectName(late.subject);
    const group = bySubject.get(name) ?? { subject: late.subject, marks: [] };
    group.marks.push(late);
    bySubject.set(name, group);
  }
  const failed: string[] = [];
  await inParallel([...bySubject], SUBJECTS_AT_ONCE, async ([name, { subject, marks }]) => {
    try {
      await withBook(deps.shelf, subject, (book) => redoMarks(deps, book, marks, present));
    } catch (error) {
      failed.push(name);
      logError('Late hours were not rolled up; the next run tries again', error, subject);
    }
  });
  return failed;
}

async function redoMarks<T>(
  deps: AggregateDeps,
  book: Book<T>,
  marks: readonly LateHour[],
  present: string,
): Promise<void> {
  const oldest = hourPlus(present, -HOURS_BEHIND_MAX);
  const redone: string[] = [];
  for (const { hour } of marks) {
    if (hour < oldest) {
      log('WARN', 'A row came too late for the totals of its hour, which stay as they are', { hour, ...book.subject });
    } else {
      await rollUpHour(book, hour, deps.newWriteId);
      redone.push(hour);
    }
  }
  const days = redone.map(dayOf).toSorted();
  if (days[0] !== undefined) await carryDays(book, { fromDay: days[0], toDay: dayOf(present) }, deps.newWriteId);
  if ('sourceId' in book.subject) await putUsage(deps, book.subject.sourceId, days);
  for (const mark of marks) await deps.rollups.clearLateHour(mark);
}

async function putUsage(deps: AggregateDeps, sourceId: SourceId, days: readonly string[]): Promise<void> {
  const sorted = days.toSorted();
  const found = await deps.rollups.source(sourceId).days(sorted[0] ?? '', sorted.at(-1) ?? '');
  for (const day of new Set(sorted)) {
    const rollup = found.get(day);
    if (rollup === undefined) continue;
    const { routed: calls, types } = rollup.totals;
    await deps.rollups.putUsageDay({ sourceId, day, calls, types }, rollup.version);
  }
}

/** Before the first run there is no watermark: all hours since the first source was made are to do. */
export function oldestOf(configs: readonly WorkspaceConfig[]): string | undefined {
  const times = configs.flatMap((config) => [...sourcesOf(config).values()]).toSorted();
  return times[0] === undefined ? undefined : hourOf(times[0]);
}

/** From HOURS_REOPENED before the watermark, which is where the last run stood, up to the present hour, oldest first. */
export function hoursToDo(watermark: string | undefined, present: string): string[] {
  const oldest = hourPlus(present, -HOURS_BEHIND_MAX);
  let hour = hourPlus(watermark !== undefined && watermark < present ? watermark : present, -HOURS_REOPENED);
  if (hour < oldest) hour = oldest;
  const hours: string[] = [];
  while (hour <= present && hours.length <= HOURS_BEHIND_MAX) {
    hours.push(hour);
    hour = hourPlus(hour, 1);
  }
  return hours;
}
