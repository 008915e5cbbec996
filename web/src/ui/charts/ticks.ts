/** Steps that people count in, within a power of ten. */
const NICE_STEPS = [1, 2, 2.5, 5, 10] as const;
/** More ticks than this are never made, whatever is asked. */
const TICKS_MAX = 20;

/** The smallest step of 1, 2, 2.5 or 5 times a power of ten that needs no more than `count` steps. Whole ones only, where `whole`. */
export function niceStep(span: number, count: number, whole = false): number {
  if (!(span > 0) || !Number.isFinite(span)) return 1;
  const rough = span / Math.min(TICKS_MAX, Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(rough));
  const least = NICE_STEPS.map((step) => step * power).find((step) => step >= rough * (1 - 1e-9)) ?? power * 10;
  if (!whole || Number.isInteger(least)) return least;
  return least < 1 ? 1 : Math.ceil(least);
}

/** Ticks from zero to at least `max`, the last of which is the top of the axis. Without a positive value: 0 and 1. */
export function valueTicks(max: number, count = 4, whole = true): number[] {
  if (!(max > 0) || !Number.isFinite(max)) return [0, 1];
  const step = niceStep(max, count, whole);
  const steps = Math.max(1, Math.ceil(max / step - 1e-9));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(step)));
  return Array.from({ length: steps + 1 }, (_, at) => (digits > 15 ? at * step : Number((at * step).toFixed(digits))));
}
