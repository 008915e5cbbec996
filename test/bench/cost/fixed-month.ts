import { METRICS } from '../../../shared/config/metrics.ts';
import { HOURS_A_MONTH, PRICES, usdFor } from '../../../shared/config/prices.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { IDLE_POLLERS, LONG_POLL_SECONDS } from '../../../shared/usage/cost-assumptions.ts';
import type { Line } from './price-run.ts';

/** What of a deployment costs money while nothing happens. */
export type Idle = { pollers: number; alarmMetrics: number; keys: number; metrics: number; hourlyRuns: number };

/** Counts it in the templates of an assembly. */
export function idleOf(assembly: string): Idle {
  const resources = readAssembly(assembly).stacks.flatMap(({ template }) => Object.values(template.Resources));
  const of = (type: string) => resources.filter(({ Type }) => Type === type);
  return {
    pollers: of('AWS::Lambda::EventSourceMapping').length,
    alarmMetrics: of('AWS::CloudWatch::Alarm').reduce((sum, { Properties }) => sum + metricsIn(Properties), 0),
    keys: of('AWS::KMS::Key').length,
    metrics: METRICS.length,
    hourlyRuns: of('AWS::Scheduler::Schedule').length,
  };
}

/** An alarm on an expression is billed for each metric in it. */
function metricsIn({ Metrics: metrics }: Record<string, unknown>): number {
  if (!Array.isArray(metrics)) return 1;
  return metrics.filter((metric: { MetricStat?: unknown }) => metric.MetricStat !== undefined).length;
}

/** Dollars a month of a deployment that gets no events. */
export function fixedMonth({ pollers, alarmMetrics, keys, metrics, hourlyRuns }: Idle): Line[] {
  const receives = (pollers * IDLE_POLLERS * HOURS_A_MONTH * 3_600) / LONG_POLL_SECONDS;
  return [
    {
      line: `empty receives of ${pollers} queues`,
      usd: usdFor(PRICES.sqsRequest, receives),
      basis: 'IDLE_POLLERS',
    },
    { line: `alarms on ${alarmMetrics} metrics`, usd: usdFor(PRICES.alarmMonth, alarmMetrics), basis: 'counted' },
    { line: `${keys} key`, usd: usdFor(PRICES.kmsKeyMonth, keys), basis: 'counted' },
    { line: `${metrics} metrics of our own, if used`, usd: usdFor(PRICES.metricMonth, metrics), basis: 'counted' },
    {
      line: 'scheduled runs',
      usd: usdFor(PRICES.schedulerInvocation, hourlyRuns * HOURS_A_MONTH),
      basis: 'counted',
    },
  ];
}

/** Volumes of the table of monthly bills. */
export const MONTHLY_EVENTS = [1_000_000, 10_000_000, 100_000_000, 1_000_000_000] as const;

/** A month's bill at so many events: everything is in its price's first tier up to there. */
export const monthlyBill = (fixedUsd: number, usdPerMillion: number, events: number): number =>
  fixedUsd + (events / 1_000_000) * usdPerMillion;
