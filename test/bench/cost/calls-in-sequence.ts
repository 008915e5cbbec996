import { FUNCTION_LIMITS } from '../../../infra/function-limits.ts';
import { medianOf } from '../median.ts';
import type { BenchCloud } from './bench-cloud.ts';
import { type Counted, type FunctionName, perFunction } from './counted.ts';
import { runTrickle } from './run-cell.ts';

/** So much slower than a call of the local cloud that the number of calls in sequence shows; shorter than any time limit of a call. */
const DELAY_MS = 600;
const LOAD = { requestsPerSecond: 1, seconds: 3 };
const ROUNDS = 3;

/**
 * How many AWS calls an invocation makes one after the other: its mean duration with every call delayed, less that without, over the delay;
 * medians of rounds in turn. Measured rather than read in the code, so that a change in either direction shows.
 */
export async function callsInSequence(bench: BenchCloud): Promise<Record<FunctionName, number>> {
  const rounds: Record<FunctionName, number>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await runTrickle(bench, 'n20d3', LOAD);
    bench.delayCalls(DELAY_MS);
    try {
      const delayed = await runTrickle(bench, 'n20d3', LOAD);
      rounds.push(perFunction((name) => (meanMs(delayed, name) - meanMs(plain, name)) / DELAY_MS));
    } finally {
      bench.delayCalls(0);
    }
  }
  return perFunction((name) => Math.max(0, medianOf(rounds.map((round) => round[name]))));
}

const meanMs = ({ gbSeconds, invocations }: Counted, name: FunctionName): number =>
  ((gbSeconds[name] / invocations[name]) * 1_000) / (FUNCTION_LIMITS[name].memoryMb / 1_024);
