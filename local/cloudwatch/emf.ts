import * as z from 'zod';
import type { MetricDatum } from '../types.ts';

/** Limits of the CloudWatch embedded metric format (its specification, and trap M1). */
const LINE_BYTES_MAX = 1024 * 1024;
const METRICS_MAX = 100;
const VALUES_MAX = 100;
const DIMENSIONS_MAX = 30;
const NAME_CHARS_MAX = 1024;
const DIMENSION_NAME_CHARS_MAX = 250;
/** How old, and how far ahead, a value may be (PutMetricData). */
const AGE_MS_MAX = 14 * 86_400_000;
const AHEAD_MS_MAX = 2 * 3_600_000;

const AMOUNTS = [
  'Count',
  'Byte',
  'Kilobyte',
  'Megabyte',
  'Gigabyte',
  'Terabyte',
  'Bit',
  'Kilobit',
  'Megabit',
  'Gigabit',
  'Terabit',
];
/** CloudWatch's units (PutMetricData): a count is `Count`, all other amounts are in the plural, and each may be by second. */
const UNITS = new Set([
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Percent',
  'None',
  ...AMOUNTS.map((amount) => (amount === 'Count' ? amount : `${amount}s`)).flatMap((amount) => [
    amount,
    `${amount}/Second`,
  ]),
]);
export const Unit = z.string().refine((name) => UNITS.has(name), 'this is no unit of CloudWatch');

const Metadata = z.object({
  Timestamp: z.number().int(),
  CloudWatchMetrics: z.array(
    z.object({
      Namespace: z.string().min(1).max(NAME_CHARS_MAX),
      Dimensions: z.array(z.array(z.string().min(1).max(DIMENSION_NAME_CHARS_MAX)).max(DIMENSIONS_MAX)).min(1),
      Metrics: z
        .array(
          z.object({
            Name: z.string().min(1).max(NAME_CHARS_MAX),
            Unit: Unit.default('None'),
            StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
          }),
        )
        .min(1)
        .max(METRICS_MAX),
    }),
  ),
});

const MetricTarget = z.union([z.number(), z.array(z.number()).min(1).max(VALUES_MAX)]);
const DimensionTarget = z.string().min(1).max(NAME_CHARS_MAX);

export type Emf =
  | { outcome: 'not-emf' }
  | { outcome: 'invalid'; reason: string }
  | { outcome: 'metrics'; data: MetricDatum[] };

/**
 * Takes the metrics out of a log line. A line with an `_aws` member that breaks a rule gives none of its metrics: the real service drops it in
 * silence but for a count of its own.
 */
export function parseEmf(line: string, nowMs: number): Emf {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return { outcome: 'not-emf' };
  if (Buffer.byteLength(line) > LINE_BYTES_MAX) return { outcome: 'invalid', reason: 'the line is above 1 MiB' };
  let root: Record<string, unknown>;
  try {
    root = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { outcome: 'invalid', reason: 'the line is not JSON' };
  }
  if (!Object.hasOwn(root, '_aws')) return { outcome: 'not-emf' };
  const metadata = Metadata.safeParse(root['_aws']);
  if (!metadata.success) return { outcome: 'invalid', reason: z.prettifyError(metadata.error) };
  const { Timestamp: atMs, CloudWatchMetrics: directives } = metadata.data;
  if (atMs < nowMs - AGE_MS_MAX || atMs > nowMs + AHEAD_MS_MAX) {
    return { outcome: 'invalid', reason: 'the timestamp is over 14 days old, or over 2 hours ahead' };
  }
  const data: MetricDatum[] = [];
  for (const { Namespace: namespace, Dimensions, Metrics } of directives) {
    for (const names of Dimensions) {
      const dimensions: Record<string, string> = {};
      for (const name of names) {
        const target = DimensionTarget.safeParse(ownMember(root, name));
        if (!target.success) return { outcome: 'invalid', reason: `the dimension ${name} is no text at the root` };
        dimensions[name] = target.data;
      }
      for (const { Name: name, Unit: unit } of Metrics) {
        const target = MetricTarget.safeParse(ownMember(root, name));
        if (!target.success) return { outcome: 'invalid', reason: `the metric ${name} is no number at the root` };
        const values = Array.isArray(target.data) ? target.data : [target.data];
        for (const value of values) data.push({ namespace, name, dimensions, value, unit, atMs });
      }
    }
  }
  return { outcome: 'metrics', data };
}

const ownMember = (root: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(root, name) ? root[name] : undefined;
