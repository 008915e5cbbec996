/** One minute of one metric. */
export type Bucket = {
  minute: number;
  sum: number;
  min: number;
  max: number;
  count: number;
  /** Values for percentiles: all of them, or a fair sample of SAMPLES_MAX. Not kept while all values are the same. */
  samples: number[] | undefined;
};

/** Values kept of one metric and minute. Beyond, percentiles are estimates; sums and counts stay exact. */
export const SAMPLES_MAX = 256;

export const emptyBucket = (minute: number): Bucket => ({
  minute,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  count: 0,
  samples: undefined,
});

/** Adds a value that occurred `times` times. */
export function addValue(bucket: Bucket, value: number, times = 1): void {
  const same = bucket.count === 0 || (bucket.min === value && bucket.max === value);
  if (!same) {
    bucket.samples ??= Array.from({ length: Math.min(bucket.count, SAMPLES_MAX) }, () => bucket.min);
    for (let index = 0; index < Math.min(times, SAMPLES_MAX); index += 1)
      sample(bucket.samples, value, bucket.count + index);
  }
  bucket.sum += value * times;
  bucket.min = Math.min(bucket.min, value);
  bucket.max = Math.max(bucket.max, value);
  bucket.count += times;
}

/** Reservoir sampling: after n values each of them is kept with the same probability. */
function sample(samples: number[], value: number, seen: number): void {
  if (samples.length < SAMPLES_MAX) samples.push(value);
  else {
    const at = Math.floor(Math.random() * (seen + 1));
    if (at < SAMPLES_MAX) samples[at] = value;
  }
}

/** Adds what is known of values only by their sum and bounds (a StatisticSet). */
export function addSet(bucket: Bucket, set: { sum: number; min: number; max: number; count: number }): void {
  bucket.samples ??= bucket.count === 0 ? [] : [bucket.min];
  for (const value of [set.min, set.max]) sample(bucket.samples, value, bucket.count);
  bucket.sum += set.sum;
  bucket.min = Math.min(bucket.min, set.min);
  bucket.max = Math.max(bucket.max, set.max);
  bucket.count += set.count;
}

export type Statistic = (buckets: readonly Bucket[]) => number;

const sumOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, bucket) => sum + bucket.sum, 0);
const countOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, bucket) => sum + bucket.count, 0);

const BASIC: Record<string, Statistic> = {
  Sum: sumOf,
  SampleCount: countOf,
  Average: (buckets) => sumOf(buckets) / countOf(buckets),
  Minimum: (buckets) => Math.min(...buckets.map(({ min }) => min)),
  Maximum: (buckets) => Math.max(...buckets.map(({ max }) => max)),
};

/** Sum, Average, Minimum, Maximum, SampleCount, or a percentile such as p95 or p99.9. Others: undefined. Called with at least one bucket. */
export function statisticOf(name: string): Statistic | undefined {
  const basic = Object.hasOwn(BASIC, name) ? BASIC[name] : undefined;
  if (basic !== undefined) return basic;
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  return percentile === undefined ? undefined : (buckets) => percentileOf(buckets, Number(percentile));
}

/** The smallest value that `percent` % of all do not exceed. */
function percentileOf(buckets: readonly Bucket[], percent: number): number {
  const weighted = buckets
    .flatMap(({ samples, min, count }) => {
      if (samples === undefined) return [{ value: min, weight: count }];
      return samples.map((value) => ({ value, weight: count / samples.length }));
    })
    .toSorted((a, b) => a.value - b.value);
  const wanted = (percent / 100) * weighted.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  for (const { value, weight } of weighted) {
    passed += weight;
    // Sums of fractions may miss a whole number by a hair.
    if (passed >= wanted - 1e-9) return value;
  }
  return weighted.at(-1)?.value ?? 0;
}
