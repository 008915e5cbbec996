import { HOURS_A_MONTH, PRICES, usdFor } from '../../../shared/config/prices.ts';
import { FUNCTION_LIMITS } from '../../../infra/function-limits.ts';
import { VCPU_MB } from '../../../shared/usage/cost-assumptions.ts';
import type { BenchCloud } from './bench-cloud.ts';
import { type Line, usdOfCall } from './price-run.ts';

/** What the hourly run costs in a month in which nothing happens: one run without events, counted. Its waiting is left out; its CPU is in. */
export async function idleRunMonth({ whole: { cloud } }: BenchCloud): Promise<Line[]> {
  const aggregator = cloud.functions().find(({ name }) => name.includes('-AggregateUsageFunction'));
  if (aggregator === undefined) throw new Error('The template has no function that sums up');
  const run = async () => {
    const result = await cloud.invoke(aggregator.name, { scheduledAt: new Date().toISOString() });
    if (!result.ok) throw new Error(`The hourly run failed: ${result.errorMessage}`);
  };
  // The first one catches up with the hours before the deployment began.
  await run();
  cloud.meter.reset();
  await run();
  const mine = cloud.meter.snapshot().filter(({ principal }) => principal === aggregator.name);
  const calls = mine
    .filter(({ operation }) => !operation.startsWith('lambda:'))
    .reduce((sum, { operation, units }) => sum + usdOfCall(operation, units), 0);
  const cpuSeconds = mine.find(({ operation }) => operation === 'lambda:Cpu')?.units ?? 0;
  const { memoryMb } = FUNCTION_LIMITS['aggregate-usage'];
  const gbSeconds = ((cpuSeconds * VCPU_MB) / memoryMb) * (memoryMb / 1_024);
  return [
    { line: 'hourly runs: calls', usd: calls * HOURS_A_MONTH, basis: 'counted' },
    { line: 'hourly runs: CPU', usd: usdFor(PRICES.lambdaGbSecond, gbSeconds) * HOURS_A_MONTH, basis: 'measured' },
  ];
}
