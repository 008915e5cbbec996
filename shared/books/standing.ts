import { LEDGER_ROW_DAYS } from '../config/limits.ts';
import { hourPlus } from '../domain/timestamp.ts';
import type { LateHour, RollupStore } from '../ports/rollup-store.ts';
import { subjectName } from './book.ts';

/**
 * A run of the aggregator rolls up the hours from so many before the present one. Rows that come later than two hours after their hour began
 * leave a mark (`late-marks.ts`); all others are there when the run two hours after it reads them, and the third is for clocks that differ.
 */
export const HOURS_REOPENED = 3;
/**
 * Older hours are not read from rows any more: some of theirs may have expired, and a recount would be too low. Rows live LEDGER_ROW_DAYS from when
 * they are written, which is up to 15 hours before their hour (a retry given up while it waits for a Retry-After of 12 h and its jitter).
 */
export const HOURS_BEHIND_MAX = (LEDGER_ROW_DAYS - 1) * 24 + 6;
/** Marks that a read of the books looks at. */
const MARKS_MAX = 20_000;

/** Which roll-ups can be relied on. */
export type Standing = {
  /** Hours before this one have been rolled up for good, unless marked. `undefined`: none. */
  settledBefore: string | undefined;
  /** Marked hours by the name of their subject. */
  marked: ReadonlyMap<string, ReadonlySet<string>>;
};

/**
 * Read before the roll-ups are: what it calls settled stays so, and a mark that goes later goes after its hour was rolled up. A watermark beyond
 * the present is of a clock that has been set back: the hours before it were rolled up before they had their rows.
 */
export async function readStanding(
  rollups: Pick<RollupStore, 'getWatermark' | 'lateHours'>,
  present: string,
): Promise<Standing> {
  const [watermark, late] = await Promise.all([rollups.getWatermark(), rollups.lateHours(MARKS_MAX)]);
  return {
    settledBefore:
      watermark === undefined ? undefined : hourPlus(watermark < present ? watermark : present, 1 - HOURS_REOPENED),
    marked: bySubject(late.filter(({ hour }) => hour >= hourPlus(present, -HOURS_BEHIND_MAX))),
  };
}

function bySubject(late: readonly LateHour[]): Map<string, Set<string>> {
  const marked = new Map<string, Set<string>>();
  for (const { subject, hour } of late) {
    const name = subjectName(subject);
    const hours = marked.get(name) ?? new Set();
    marked.set(name, hours.add(hour));
  }
  return marked;
}
