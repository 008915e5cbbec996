import { SENDS_IN_FLIGHT_MAX } from '../../../shared/config/limits.ts';
import { startBenchCloud } from './bench-cloud.ts';
import { CALLS_IN_SEQUENCE } from '../../../shared/usage/cost-assumptions.ts';
import { callRates, callsByService } from './measure-cost.ts';
import { priceRun } from './price-run.ts';
import { runBacklog } from './run-cell.ts';

/** Multiples of 10, which is what one receive takes. */
const SIZES = [20, 100, 500] as const;

export type BacklogSize = { requests: number; usdPerMillion: number; calls: Record<string, number> };

/** The same traffic (20 events a request, 3 plain destinations) in backlogs of several sizes: what is billed for an event is the same. */
export async function backlogSizes(assembly: string, onProgress: (what: string) => void): Promise<BacklogSize[]> {
  const bench = await startBenchCloud(assembly, { batching: false, dedupBy: 'device' });
  try {
    const sizes: BacklogSize[] = [];
    for (const requests of SIZES) {
      onProgress(`a backlog of ${requests} requests`);
      const counted = await runBacklog(bench, 'n20d3', requests);
      const options = { callsInSequence: CALLS_IN_SEQUENCE.device, sendsInFlight: SENDS_IN_FLIGHT_MAX };
      const { usdPerMillion } = priceRun(counted, options);
      sizes.push({ requests, usdPerMillion, calls: callsByService(callRates(counted)) });
    }
    return sizes;
  } finally {
    await bench.stop();
  }
}
