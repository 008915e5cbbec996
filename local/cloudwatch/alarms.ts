import * as z from 'zod';
import type { Clock, ResourceProvider } from '../types.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import type { MetricStat } from './metric-data.ts';
import { dataPoints, pageStart, parsedInput, requireStatistic } from './metric-data.ts';
import type { MetricStore } from './metric-store.ts';

/** Alarms on one page of DescribeAlarms. */
const PAGE_MAX = 100;
/** Alarms go by whole periods, and a period's last values may come a little late. */
const SETTLE_MS = 5_000;
/** How many periods beyond its own an alarm looks back at when data are missing (CloudWatch calls it the evaluation range). */
const EXTRA_PERIODS = 2;

const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

const AlarmProperties = z.looseObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.coerce
    .number()
    .int()
    .refine(
      (seconds) => seconds >= 60 && seconds % 60 === 0,
      'the local cloud keeps minutes: a multiple of 60 is needed',
    ),
  EvaluationPeriods: z.coerce.number().int().min(1),
  DatapointsToAlarm: z.coerce.number().int().min(1).optional(),
  Threshold: z.coerce.number(),
  ComparisonOperator: z.enum(Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[]),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
  ActionsEnabled: z.boolean().default(true),
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  InsufficientDataActions: z.array(z.string()).default([]),
});
type Alarm = z.infer<typeof AlarmProperties> & { AlarmName: string };

const DescribeAlarms = z.strictObject({
  AlarmNames: z.array(z.string()).max(PAGE_MAX).optional(),
  AlarmNamePrefix: z.string().optional(),
  AlarmTypes: z.array(z.string()).optional(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  MaxRecords: z.number().int().min(1).max(PAGE_MAX).default(PAGE_MAX),
  NextToken: z.string().optional(),
});

export type AlarmState = { value: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; reason: string };

export type Alarms = {
  readonly provider: ResourceProvider;
  describe: (input: unknown) => Record<string, unknown>;
};

/** Alarms on one metric each. Their state is computed when it is asked for; nothing is sent to their actions. */
export function alarms(store: MetricStore, clock: Clock): Alarms {
  const known = new Map<string, Alarm>();
  return {
    provider: {
      type: 'AWS::CloudWatch::Alarm',
      honoured: Object.keys(AlarmProperties.shape),
      ignored: ['EvaluateLowSampleCountPercentile', 'Tags', 'Unit'],
      create: async ({ physicalName, properties }) => {
        const result = AlarmProperties.safeParse(properties);
        if (!result.success) throw new Error(`The local cloud cannot run it so: ${z.prettifyError(result.error)}`);
        const alarm = { ...result.data, AlarmName: result.data.AlarmName ?? physicalName };
        requireStatistic(statOf(alarm));
        known.set(alarm.AlarmName, alarm);
        return { ref: alarm.AlarmName, attributes: { Arn: arnOf(alarm) } };
      },
      remove: async ({ ref }) => {
        known.delete(ref);
      },
    },
    describe: (input) => {
      const { AlarmNames, AlarmNamePrefix, StateValue, MaxRecords, NextToken } = parsedInput(DescribeAlarms, input);
      const nowMs = clock.now();
      const found = [...known.values()]
        .filter(
          ({ AlarmName: name }) =>
            (AlarmNames === undefined || AlarmNames.includes(name)) && name.startsWith(AlarmNamePrefix ?? ''),
        )
        .toSorted((a, b) => a.AlarmName.localeCompare(b.AlarmName))
        .map((alarm) => ({ alarm, state: alarmState(store, alarm, nowMs) }))
        .filter(({ state }) => StateValue === undefined || state.value === StateValue);
      const from = pageStart(NextToken);
      return {
        MetricAlarms: found.slice(from, from + MaxRecords).map(({ alarm, state }) => described(alarm, state, nowMs)),
        CompositeAlarms: [],
        ...(found.length > from + MaxRecords && { NextToken: String(from + MaxRecords) }),
      };
    },
  };
}

const statOf = ({ Statistic, ExtendedStatistic }: Alarm): string => Statistic ?? ExtendedStatistic ?? '';
const arnOf = ({ AlarmName }: Alarm): string =>
  `arn:aws:cloudwatch:${LOCAL_REGION}:${LOCAL_ACCOUNT}:alarm:${AlarmName}`;

const described = (alarm: Alarm, state: AlarmState, nowMs: number) => ({
  AlarmName: alarm.AlarmName,
  AlarmArn: arnOf(alarm),
  AlarmDescription: alarm.AlarmDescription,
  ActionsEnabled: alarm.ActionsEnabled,
  AlarmActions: alarm.AlarmActions,
  OKActions: alarm.OKActions,
  InsufficientDataActions: alarm.InsufficientDataActions,
  StateValue: state.value,
  StateReason: state.reason,
  StateUpdatedTimestamp: nowMs / 1000,
  Namespace: alarm.Namespace,
  MetricName: alarm.MetricName,
  Dimensions: alarm.Dimensions,
  Statistic: alarm.Statistic,
  ExtendedStatistic: alarm.ExtendedStatistic,
  Period: alarm.Period,
  EvaluationPeriods: alarm.EvaluationPeriods,
  DatapointsToAlarm: alarm.DatapointsToAlarm,
  Threshold: alarm.Threshold,
  ComparisonOperator: alarm.ComparisonOperator,
  TreatMissingData: alarm.TreatMissingData,
});

/**
 * By the newest whole periods: ALARM when DatapointsToAlarm (all EvaluationPeriods, if not given) of them breach. Missing ones count as TreatMissingData
 * says; for `missing` and `ignore` the newest existing points of a slightly longer range decide, and none at all is INSUFFICIENT_DATA.
 */
function alarmState(store: MetricStore, alarm: Alarm, nowMs: number): AlarmState {
  const { EvaluationPeriods: periods, Threshold, ComparisonOperator, TreatMissingData } = alarm;
  const needed = Math.min(alarm.DatapointsToAlarm ?? periods, periods);
  const periodMs = alarm.Period * 1000;
  const toMs = Math.floor((nowMs - SETTLE_MS) / periodMs) * periodMs;
  const stat: MetricStat = {
    Metric: { Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions },
    Period: alarm.Period,
    Stat: statOf(alarm),
  };
  const points = dataPoints(store, stat, toMs - (periods + EXTRA_PERIODS) * periodMs, toMs);
  const isBreach = ({ value }: { value: number }): boolean => COMPARISONS[ComparisonOperator](value, Threshold);
  if (TreatMissingData === 'missing' || TreatMissingData === 'ignore') {
    if (points.length === 0) return { value: 'INSUFFICIENT_DATA', reason: 'There are no data points.' };
    const newest = points.slice(-periods);
    const breaching = newest.filter(isBreach).length;
    return verdict(breaching >= Math.min(needed, newest.length), breaching, newest.length, Threshold);
  }
  const inRange = points.filter(({ atMs }) => atMs >= toMs - periods * periodMs);
  const missing = TreatMissingData === 'breaching' ? periods - inRange.length : 0;
  const breaching = inRange.filter(isBreach).length + missing;
  return verdict(breaching >= needed, breaching, periods, Threshold);
}

const verdict = (isAlarm: boolean, breaching: number, of: number, threshold: number): AlarmState => ({
  value: isAlarm ? 'ALARM' : 'OK',
  reason: `${breaching} of ${of} data points breach the threshold ${threshold}.`,
});
