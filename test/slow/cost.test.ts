import { SENDS_IN_FLIGHT_MAX } from '../../shared/config/limits.ts';
import { type BenchCloud, startBenchCloud } from '../bench/cost/bench-cloud.ts';
import { CALLS_IN_SEQUENCE, CPU_US } from '../../shared/usage/cost-assumptions.ts';
import { TRICKLE_PER_SECOND } from '../bench/cost/cells.ts';
import { type Counted, type DedupKey, perFunction } from '../bench/cost/counted.ts';
import { callRates } from '../bench/cost/measure-cost.ts';
import { priceRun } from '../bench/cost/price-run.ts';
import { CHEAPER_MAX, DEARER_MAX, RECORDED, type RecordedLoad } from '../bench/cost/recorded.ts';
import { runBacklog, runTrickle } from '../bench/cost/run-cell.ts';
import { theWholeApp } from '../builders/whole-cloud.ts';

/** Multiples of 10, as receives take them; enough that what comes once in 5 s or once a minute weighs little. */
const BACKLOG_REQUESTS = 60;
const TRICKLE_SECONDS = 6;
/** For 1,000 events: what timing may add beside DEARER_MAX, such as receives that were not full. */
const SLACK_UNITS = 12;
/** Come by the clock, not by events: looks at the configuration, samples (beside done rows, counted below), batches of the archive. */
const BY_TIME: ReadonlySet<string> = new Set([
  'ingest dynamodb:GetItem',
  'route dynamodb:GetItem',
  'route dynamodb:Query',
  'deliver dynamodb:GetItem',
  'deliver dynamodb:Query',
  'deliver dynamodb:PutItem',
  'archive s3:PutObject',
]);

/** Operations of which each event brings its number, whatever the timing: these are held exactly. Puts of route are not: touches and the debugger come by time. */
const EXACT = ['route dynamodb:BatchExecuteStatement', 'route dynamodb:BatchGetItem', 'ingest sqs:SendMessage'];

let benches: Record<DedupKey, BenchCloud>;
beforeAll(async () => {
  const app = await theWholeApp();
  benches = {
    device: await startBenchCloud(app, { batching: false, dedupBy: 'device' }),
    event: await startBenchCloud(app, { batching: false, dedupBy: 'event' }),
  };
}, 120_000);
afterAll(async () => {
  for (const bench of Object.values(benches)) await bench.stop();
});

const loads: Record<RecordedLoad, { dedupBy: DedupKey; run: (bench: BenchCloud) => Promise<Counted> }> = {
  full: { dedupBy: 'device', run: (bench) => runBacklog(bench, 'n20d3', BACKLOG_REQUESTS) },
  trickle: {
    dedupBy: 'device',
    run: (bench) => runTrickle(bench, 'n20d3', { requestsPerSecond: TRICKLE_PER_SECOND, seconds: TRICKLE_SECONDS }),
  },
  fullByEvent: { dedupBy: 'event', run: (bench) => runBacklog(bench, 'n20d3', BACKLOG_REQUESTS) },
};

const usdOf = (counted: Counted, dedupBy: DedupKey): number => {
  const cpuSeconds = perFunction((name) => (CPU_US[name] * counted.events) / 1_000_000);
  const options = { callsInSequence: CALLS_IN_SEQUENCE[dedupBy], sendsInFlight: SENDS_IN_FLIGHT_MAX };
  return priceRun({ ...counted, cpuSeconds }, options).usdPerMillion;
};

/** What events were billed for more units of than were recorded, or for none that were. */
const dearer = (counted: Counted, load: RecordedLoad): string[] =>
  Object.entries(callRates(counted))
    .filter(([name]) => !BY_TIME.has(name) && !name.endsWith('lambda:Invoke'))
    .filter(([name, { units }]) => units > (RECORDED[load].units[name] ?? 0) * (1 + DEARER_MAX) + SLACK_UNITS)
    .map(([name, { units }]) => `${name}: ${units} units for 1,000 events`);

test.each(['full', 'trickle', 'fullByEvent'] as const)(
  'events of the %s load are billed as recorded, and all of them arrive',
  async (load) => {
    const { dedupBy, run } = loads[load];
    const counted = await run(benches[dedupBy]);
    const usd = usdOf(counted, dedupBy);
    process.stderr.write(`cost: $${usd.toFixed(4)} a million events, ${load}\n`);

    expect(counted.toolRequests).toBe(counted.sends);
    // A plan row a request, and a done row for each of its 3 destinations.
    expect(counted.stored.ledger.items).toBe(counted.requests * 4);
    const rates = callRates(counted);
    const exact = (units: (name: string) => number | undefined) => EXACT.map((name) => [name, units(name)]);
    expect(exact((name) => rates[name]?.units)).toEqual(exact((name) => RECORDED[load].units[name]));
    expect(dearer(counted, load)).toEqual([]);
    expect(usd).toBeLessThanOrEqual(RECORDED[load].usdPerMillion * (1 + DEARER_MAX));
    // A busy machine makes batches out of a trickle, which cost less.
    if (load !== 'trickle') expect(usd).toBeGreaterThanOrEqual(RECORDED[load].usdPerMillion * (1 - CHEAPER_MAX));
  },
  90_000,
);
