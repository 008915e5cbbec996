import { FUNCTION_LIMITS } from '../../../infra/function-limits.ts';
import type { BenchCloud } from './bench-cloud.ts';
import { type Counted, type FunctionName, perFunction } from './counted.ts';
import { runTrickle } from './run-cell.ts';

/** So much slower than a call of the local cloud, and than this machine's noise, that only the number of calls in sequence shows. */
const DELAY_MS = 250;
const LOAD = { requestsPerSecond: 2, seconds: 6 };

/**
 * How many AWS calls an invocation makes one after the other: its mean duration with every call delayed, less that without, over the delay.
 * Measured rather than read in the code, so that a change in either direction shows.
 */
export async function callsInSequence(bench: BenchCloud): Promise<Record<FunctionName, number>> {
  const plain = await runTrickle(bench, 'n20d3', LOAD);
  bench.delayCalls(DELAY_MS);
  try {
    const delayed = await runTrickle(bench, 'n20d3', LOAD);
    return perFunction((name) => Math.max(0, (meanMs(delayed, name) - meanMs(plain, name)) / DELAY_MS));
  } finally {
    bench.delayCalls(0);
  }
}

const meanMs = ({ gbSeconds, invocations }: Counted, name: FunctionName): number =>
  ((gbSeconds[name] / invocations[name]) * 1_000) / (FUNCTION_LIMITS[name].memoryMb / 1_024);

/** What the code did when this was last measured; for tests, where a bench would take too long. */
export const CALLS_IN_SEQUENCE: Readonly<Record<FunctionName, number>> = {
  ingest: 1,
  route: 3,
  deliver: 1,
  archive: 1,
};
