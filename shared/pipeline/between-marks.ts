import { RECEIVES_BEFORE_CRASH_LOOP } from '../config/limits.ts';
import type { TryStore } from '../ports/ledger.ts';
import type { Timers } from '../ports/timers.ts';

/** The first receive leaves no mark: so many that others left say that a thing kills who works on it. */
export const CRASH_MARKS_MAX = RECEIVES_BEFORE_CRASH_LOOP - 1;
/** A mark that stays by mistake counts as a crash, so taking it away is tried more than once. */
const ENDS_MAX = 3;
/** Whoever is still there so long before the deadline did not die of what it works on: it takes its marks away while it can. */
const LATE_BEFORE_DEADLINE_MS = 1_200;

export type Mark = { name: string; receive: string };

/**
 * Works on a thing that may kill us: leaves a mark before, and takes it away after, also where the work throws. `crash_loop`: so many marks
 * stand that it is not worked on any more. Throws what the work throws, and where marks cannot be read or put: then nothing was begun.
 */
export async function betweenMarks(
  tries: TryStore,
  mark: Mark,
  work: () => Promise<void>,
): Promise<'ended' | 'crash_loop'> {
  if ((await tries.unended(mark.name)) >= CRASH_MARKS_MAX) return 'crash_loop';
  try {
    await tries.begin(mark.name, mark.receive);
    await work();
    return 'ended';
  } finally {
    await takeAway(tries, mark);
  }
}

/** Takes a mark away; best effort, and more than one. */
export async function takeAway(tries: Pick<TryStore, 'end'>, { name, receive }: Mark): Promise<void> {
  for (let round = 0; round < ENDS_MAX; round += 1) {
    try {
      await tries.end(name, receive);
      return;
    } catch {
      // What took the mark, or did not, has been told by its own failure; the next round tries again.
    }
  }
}

/**
 * What `work` answers, or a rejection shortly before the deadline: stores that hang must not look like a thing that kills. What the work does
 * after that is as if somebody else did it at the same time, which the books allow.
 */
export async function beforeDeadline<T>(
  timers: Pick<Timers, 'after'>,
  remainingMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = timers.after(Math.max(remainingMs - LATE_BEFORE_DEADLINE_MS, 0), () =>
    late.reject(new Error('The deadline is at hand and a store has not answered')),
  );
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    cancel();
    late.promise.catch(() => undefined);
  }
}
