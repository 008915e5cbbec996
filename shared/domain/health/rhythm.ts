import { hourOf, hourPlus } from '../timestamp.ts';

/** Days before that show a source's rhythm. */
export const RHYTHM_DAYS = 7;
/** So many of them must have been there: a source of two days has no rhythm yet. */
const DAYS_KNOWN_MIN = 3;
/** Events that the same hours brought on every other day but one: fewer may be chance. */
const EVENTS_USUAL_MIN = 5;
/** Silence is looked at up to a day: what is silent for longer is so on any day. */
const SILENT_HOURS_MAX = 24;

export type Silence = {
  /** The whole hours without an event, and when the last event came, as far as is known. */
  hours: number;
  since: string;
  /** What the same hours brought on a day, as the median of the days before. */
  usual: number;
};

/**
 * Whether a source is silent against its own rhythm: no event for whole hours in which nearly all of the last seven days had some. Nights and weekends that
 * are quiet each time are no silence. `received`: events by hour, of the last 8 days; `createdAt`: before it nothing could come.
 */
export function silenceOf(
  received: ReadonlyMap<string, number>,
  { now, createdAt }: { now: string; createdAt: string },
): Silence | undefined {
  const present = hourOf(now);
  if ((received.get(present) ?? 0) > 0) return undefined;
  let hours = 0;
  while (hours < SILENT_HOURS_MAX && (received.get(hourPlus(present, -hours - 1)) ?? 0) === 0) hours += 1;
  // The present hour is not over, and alone says nothing.
  if (hours === 0) return undefined;
  const known: number[] = [];
  for (let day = 1; day <= RHYTHM_DAYS; day += 1) {
    const end = hourPlus(present, -24 * day);
    if (hourPlus(end, -hours) < hourOf(createdAt)) break;
    let sum = 0;
    for (let hour = 1; hour <= hours; hour += 1) sum += received.get(hourPlus(end, -hour)) ?? 0;
    known.push(sum);
  }
  const sorted = known.toSorted((a, b) => a - b);
  const usual = sorted[sorted.length >> 1] ?? 0;
  // One day may have been as silent: a holiday, or the same failure before.
  if (known.length < DAYS_KNOWN_MIN || (sorted[1] ?? 0) < EVENTS_USUAL_MIN) return undefined;
  return { hours, since: `${hourPlus(present, -hours)}:00:00.000Z`, usual };
}
