/** Steps of a series. */
export type StepUnit = 'minute' | 'hour' | 'day';
export const STEP_MS: Readonly<Record<StepUnit, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A range in whole minutes, and where its buckets begin: at its start, then at each whole minute, hour or day (UTC). */
export type Buckets = { from: string; to: string; starts: readonly string[] };

/** Buckets of one range; no caller asks for more. */
const BUCKETS_MAX = 1_500;

/** Books know minutes: the minute in which the range begins counts, and so does that in which it ends. */
export function bucketsOf(fromMs: number, toMs: number, unit: StepUnit): Buckets {
  const from = Math.floor(fromMs / STEP_MS.minute) * STEP_MS.minute;
  const to = Math.ceil(toMs / STEP_MS.minute) * STEP_MS.minute;
  const starts: string[] = [];
  for (let at = from; at < to && starts.length < BUCKETS_MAX; at = nextStart(at, unit)) {
    starts.push(new Date(at).toISOString());
  }
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), starts };
}

const nextStart = (atMs: number, unit: StepUnit): number => (Math.floor(atMs / STEP_MS[unit]) + 1) * STEP_MS[unit];

/** The bucket in which a moment lies; undefined before the first. */
export function bucketAt({ starts }: Pick<Buckets, 'starts'>, moment: string): number | undefined {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? '') <= moment) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : low - 1;
}
