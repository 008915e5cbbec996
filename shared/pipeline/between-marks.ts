import { RECEIVES_BEFORE_CRASH_LOOP } from '../config/limits.ts';
import type { TryStore } from '../ports/ledger.ts';

/** The first receive leaves no mark: so many that others left say that a thing kills who works on it. */
export const CRASH_MARKS_MAX = RECEIVES_BEFORE_CRASH_LOOP - 1;
/** A mark that stays by mistake counts as a crash, so taking it away is tried more than once. */
const ENDS_MAX = 3;

/**
 * Works on a thing that may kill us: leaves a mark before, and takes it away after, also where the work throws. `crash_loop`: so many marks
 * stand that it is not worked on any more. Throws what the work throws, and where the mark cannot be put: then nothing was begun.
 */
export async function betweenMarks(
  tries: Pick<TryStore, 'begin' | 'end'>,
  { name, receive }: { name: string; receive: string },
  work: () => Promise<void>,
): Promise<'ended' | 'crash_loop'> {
  try {
    if ((await tries.begin(name, receive)) >= CRASH_MARKS_MAX) return 'crash_loop';
    await work();
    return 'ended';
  } finally {
    await takeAway(tries, name, receive);
  }
}

/** Best effort. */
async function takeAway(tries: Pick<TryStore, 'end'>, name: string, receive: string): Promise<void> {
  for (let round = 0; round < ENDS_MAX; round += 1) {
    try {
      await tries.end(name, receive);
      return;
    } catch {
      // What took the mark, or did not, has been told by its own failure; the next round tries again.
    }
  }
}
