import * as z from 'zod';
import type { Clock } from '../types.ts';
import { AwsError } from '../types.ts';
import { Unit } from './emf.ts';
import type { MetricStore } from './metric-store.ts';
import { MINUTE_MS } from './metric-store.ts';
import type { Statistic } from './statistics.ts';
import { statisticOf } from './statistics.ts';

/** Quotas of GetMetricData, PutMetricData and ListMetrics (their API reference). */
const QUERIES_MAX = 500;
const DATA_POINTS_MAX = 100_800;
const DATA_MAX = 1_000;
const VALUES_MAX = 150;
const DIMENSIONS_MAX = 30;
const LIST_PAGE = 500;

const Dimensions = z
  .array(z.object({ Name: z.string().min(1), Value: z.string().min(1) }))
  .max(DIMENSIONS_MAX)
  .default([]);
/** Times are seconds since the epoch in AWS JSON. */
const Timestamp = z.number();

export const MetricStat = z.strictObject({
  Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions }),
  Period: z.coerce
    .number()
    .int()
    .min(60)
    .refine((seconds) => seconds % 60 === 0, 'the local cloud keeps minutes: a multiple of 60 is needed'),
  Stat: z.string(),
  Unit: Unit.optional(),
});
export type MetricStat = z.infer<typeof MetricStat>;

const GetMetricData = z.strictObject({
  MetricDataQueries: z
    .array(
      z.strictObject({
        Id: z.string().regex(/^[a-z]\w*$/, 'an Id begins with a lower-case letter'),
        MetricStat: MetricStat.optional(),
        Expression: z.string().optional(),
        Label: z.string().optional(),
        ReturnData: z.boolean().default(true),
        Period: z.number().optional(),
        AccountId: z.string().optional(),
      }),
    )
    .min(1)
    .max(QUERIES_MAX),
  StartTime: Timestamp,
  EndTime: Timestamp,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});

const ListMetrics = z.strictObject({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
});

const PutMetricData = z.strictObject({
  Namespace: z
    .string()
    .min(1)
    .refine((name) => !name.startsWith('AWS/'), 'a namespace of one’s own does not begin with AWS/'),
  MetricData: z
    .array(
      z.strictObject({
        MetricName: z.string().min(1),
        Dimensions,
        Timestamp: Timestamp.optional(),
        Value: z.number().optional(),
        Values: z.array(z.number()).max(VALUES_MAX).optional(),
        Counts: z.array(z.number().positive()).max(VALUES_MAX).optional(),
        StatisticValues: z
          .strictObject({
            SampleCount: z.number().positive(),
            Sum: z.number(),
            Minimum: z.number(),
            Maximum: z.number(),
          })
          .optional(),
        Unit: Unit.default('None'),
        StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
      }),
    )
    .max(DATA_MAX),
});

export type DataPoint = { atMs: number; value: number };

/** The statistic of a metric for each period in [fromMs, toMs) that has values, in order. Periods begin at multiples of their length. */
export function dataPoints(store: MetricStore, stat: MetricStat, fromMs: number, toMs: number): DataPoint[] {
  const { Metric, Period, Stat } = stat;
  const statistic = requireStatistic(Stat);
  const series = store.find({
    namespace: Metric.Namespace,
    name: Metric.MetricName,
    dimensions: Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
  });
  if (series === undefined || (stat.Unit !== undefined && stat.Unit !== series.unit)) return [];
  const minutes = Period / 60;
  const fromMinute = Math.floor(fromMs / MINUTE_MS / minutes) * minutes;
  const periods = Map.groupBy(store.read(series, fromMinute, Math.ceil(toMs / MINUTE_MS)), ({ minute }) =>
    Math.floor(minute / minutes),
  );
  return [...periods].map(([period, buckets]) => ({
    atMs: period * minutes * MINUTE_MS,
    value: statistic(buckets),
  }));
}

export function requireStatistic(name: string): Statistic {
  const statistic = statisticOf(name);
  if (statistic === undefined) throw invalid(`The local cloud does not have the statistic ${name}.`);
  return statistic;
}

export function getMetricData(store: MetricStore, input: unknown): Record<string, unknown> {
  const { MetricDataQueries, StartTime, EndTime, ScanBy } = parsedInput(GetMetricData, input);
  if (StartTime >= EndTime) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  let pointsLeft = DATA_POINTS_MAX;
  const results: unknown[] = [];
  for (const { Id, MetricStat: stat, Expression, Label, ReturnData } of MetricDataQueries) {
    if (Expression !== undefined || stat === undefined) {
      throw invalid(`The local cloud does not have metric math: query ${Id}, ${Expression ?? 'without MetricStat'}.`);
    }
    const points = dataPoints(store, stat, StartTime * 1000, EndTime * 1000);
    if (!ReturnData) continue;
    pointsLeft -= points.length;
    if (pointsLeft < 0) throw invalid(`The local cloud answers ${DATA_POINTS_MAX} data points at most, in one page.`);
    if (ScanBy === 'TimestampDescending') points.reverse();
    results.push({
      Id,
      Label: Label ?? stat.Metric.MetricName,
      Timestamps: points.map(({ atMs }) => atMs / 1000),
      Values: points.map(({ value }) => value),
      StatusCode: 'Complete',
    });
  }
  return { MetricDataResults: results, Messages: [] };
}

export function listMetrics(store: MetricStore, input: unknown): Record<string, unknown> {
  const { Namespace, MetricName, Dimensions: wanted, NextToken } = parsedInput(ListMetrics, input);
  const found = store
    .list()
    .filter(
      ({ namespace, name, dimensions }) =>
        (Namespace === undefined || namespace === Namespace) &&
        (MetricName === undefined || name === MetricName) &&
        wanted.every(
          ({ Name, Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value),
        ),
    );
  const from = pageStart(NextToken);
  return {
    Metrics: found.slice(from, from + LIST_PAGE).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(found.length > from + LIST_PAGE && { NextToken: String(from + LIST_PAGE) }),
  };
}

export function putMetricData(store: MetricStore, clock: Clock, input: unknown): Record<string, unknown> {
  const { Namespace, MetricData } = parsedInput(PutMetricData, input);
  for (const datum of MetricData) {
    const { MetricName, Value, Values, Counts, StatisticValues: set } = datum;
    const given = [Value, Values, set].filter((form) => form !== undefined).length;
    if (given !== 1) throw invalid(`${MetricName} needs exactly one of Value, Values and StatisticValues.`);
    if (Counts !== undefined && Counts.length !== Values?.length)
      throw invalid(`${MetricName} needs a count for each value.`);
  }
  for (const {
    MetricName,
    Dimensions: dimensions,
    Timestamp: atSeconds,
    Value,
    Values,
    Counts,
    ...rest
  } of MetricData) {
    const about = {
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(dimensions.map(({ Name, Value: value }) => [Name, value])),
      unit: rest.Unit,
      atMs: atSeconds === undefined ? clock.now() : atSeconds * 1000,
      value: 0,
    };
    if (rest.StatisticValues !== undefined) {
      const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = rest.StatisticValues;
      store.putMany(about, { set: { count, sum, min, max } });
    }
    const values = Value === undefined ? (Values ?? []) : [Value];
    for (const [index, value] of values.entries()) {
      store.putMany({ ...about, value }, { times: Counts?.[index] ?? 1 });
    }
  }
  return {};
}

/** Pages are numbered by what they skip. */
export function pageStart(token: string | undefined): number {
  if (token === undefined) return 0;
  const from = Number(token);
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidNextToken', 'The NextToken is not one of ours.');
  return from;
}

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

export function parsedInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (!result.success) throw invalid(z.prettifyError(result.error));
  return result.data;
}
