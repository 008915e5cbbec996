import type { MetricName } from '../config/metrics.ts';

/** Adds `value` to a metric's sum of this minute. */
export type CountMetric = (name: MetricName, value: number) => void;

/**
 * Counts by the log: one line in CloudWatch's embedded metric format, which costs no call. Its rules are kept here because CloudWatch drops a line
 * that breaks one in silence (M1); of what is not a number nothing is written, for that reason.
 */
export const emfCounter =
  (
    namespace: string,
    nowMs: () => number = Date.now,
    write: (line: string) => void = (line) => process.stdout.write(line),
  ): CountMetric =>
  (name, value) => {
    if (!Number.isFinite(value)) return;
    const metric = { Namespace: namespace, Dimensions: [[]], Metrics: [{ Name: name, Unit: 'Count' }] };
    write(`${JSON.stringify({ _aws: { Timestamp: nowMs(), CloudWatchMetrics: [metric] }, [name]: value })}\n`);
  };
