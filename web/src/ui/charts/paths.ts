import type { Band } from './model.ts';
import type { Scale } from './scale.ts';

const round = (value: number): number => Math.round(value * 10) / 10;

/** A run of neighbouring points with values: from index `start` up to, not with, `end`. */
type Run = { start: number; end: number };

/** Where a series has values without a gap. */
export function runsOf(values: readonly (number | undefined)[], from = 0, to = values.length): Run[] {
  const runs: Run[] = [];
  let start = -1;
  for (let at = from; at <= to; at++) {
    const has = at < to && values[at] !== undefined;
    if (has && start === -1) start = at;
    if (!has && start !== -1) {
      runs.push({ start, end: at });
      start = -1;
    }
  }
  return runs;
}

/** Path of the upper edge between two indexes; a point alone becomes a short stroke, so that it can be seen. */
export function linePath(band: Band, xs: readonly number[], y: Scale, from = 0, to = xs.length): string {
  return runsOf(band.high, from, to)
    .map(({ start, end }) => {
      const points: string[] = [];
      for (let at = start; at < end; at++) points.push(`${round(xs[at] ?? 0)},${round(y(band.high[at] ?? 0))}`);
      return points.length === 1 ? `M${points[0]}h0.1` : `M${points.join('L')}`;
    })
    .join('');
}

/** Closed path between the lower and the upper edge. */
export function areaPath(band: Band, xs: readonly number[], y: Scale): string {
  return runsOf(band.high)
    .map(({ start, end }) => {
      const upper: string[] = [];
      const lower: string[] = [];
      for (let at = start; at < end; at++) {
        upper.push(`${round(xs[at] ?? 0)},${round(y(band.high[at] ?? 0))}`);
        lower.push(`${round(xs[at] ?? 0)},${round(y(band.low[at] ?? 0))}`);
      }
      return `M${[...upper, ...lower.toReversed()].join('L')}Z`;
    })
    .join('');
}

/** Path of all bars of a band between two indexes, each `width` wide from its `x`. Bars without height are left out. */
export function barsPath(band: Band, xs: readonly number[], y: Scale, width: number, from = 0, to = xs.length): string {
  let path = '';
  for (let at = from; at < to; at++) {
    const high = band.high[at];
    const low = band.low[at] ?? 0;
    if (high === undefined || high <= low) continue;
    const top = y(high);
    path += `M${round(xs[at] ?? 0)},${round(y(low))}V${round(top)}h${round(width)}V${round(y(low))}Z`;
  }
  return path;
}
