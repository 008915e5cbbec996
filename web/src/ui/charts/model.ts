/** A moment: ISO text or milliseconds. */
export type Moment = string | number;

/** One line, band or set of bars. */
export type Series = {
  id: string;
  label: string;
  /** A CSS colour of the theme; without it the palette's next one. */
  color?: string;
  /** Each value counts for the bucket that begins at `at`. */
  points: readonly { at: Moment; value: number }[];
};

/** All series on one common row of times. */
export type ChartModel = {
  /** Rising, without repeats. */
  times: readonly number[];
  /** Width of a bucket: the least distance between two times; 0 where there is only one. */
  stepMs: number;
  series: readonly { id: string; label: string; index: number; values: readonly (number | undefined)[] }[];
  /** Index of the first time whose bucket was not over at `asOf`; `times.length` where all were. */
  partialFrom: number;
};

const msOf = (at: Moment): number => (typeof at === 'number' ? at : Date.parse(at));

/** Puts series on a common row of times. Points without a valid time or value are left out; of two at one time the later counts. */
export function chartModel(series: readonly Series[], asOf?: Moment): ChartModel {
  const rows = series.map((one) => {
    const valueAt = new Map<number, number>();
    for (const { at, value } of one.points) {
      const ms = msOf(at);
      if (Number.isFinite(ms) && Number.isFinite(value)) valueAt.set(ms, value);
    }
    return valueAt;
  });
  const times = [...new Set(rows.flatMap((row) => [...row.keys()]))].toSorted((a, b) => a - b);
  const stepMs = leastGap(times);
  const asOfMs = asOf === undefined ? Number.NaN : msOf(asOf);
  const partial = Number.isFinite(asOfMs) ? times.findIndex((at) => at + stepMs > asOfMs) : -1;
  return {
    times,
    stepMs,
    series: series.map(({ id, label }, index) => ({
      id,
      label,
      index,
      values: times.map((at) => rows[index]?.get(at)),
    })),
    partialFrom: partial === -1 ? times.length : partial,
  };
}

function leastGap(times: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < times.length; at++) least = Math.min(least, (times[at] ?? 0) - (times[at - 1] ?? 0));
  return Number.isFinite(least) ? least : 0;
}

/** The lower and the upper edge of one series at each time; `undefined` where it has no value. */
export type Band = { index: number; low: readonly number[]; high: readonly (number | undefined)[] };

/** Edges of the shown series: on top of each other, or all from zero. Negative values are drawn as zero. */
export function bandsOf(model: ChartModel, shown: (id: string) => boolean, stacked: boolean): Band[] {
  const base = model.times.map(() => 0);
  return model.series
    .filter(({ id }) => shown(id))
    .map(({ index, values }) => {
      const low = [...base];
      const high = values.map((value, at) => {
        if (value === undefined) return stacked ? (base[at] ?? 0) : undefined;
        return (stacked ? (base[at] ?? 0) : 0) + Math.max(0, value);
      });
      if (stacked) for (const [at, top] of high.entries()) base[at] = top ?? 0;
      return { index, low, high };
    });
}

/** The highest edge of all. */
export function topOf(bands: readonly Band[]): number {
  let top = 0;
  for (const { high } of bands) for (const value of high) top = Math.max(top, value ?? 0);
  return top;
}

/** Whether every value is a whole number: such axes have no ticks in between. */
export const isWhole = (model: ChartModel): boolean =>
  model.series.every(({ values }) => values.every((value) => value === undefined || Number.isInteger(value)));
