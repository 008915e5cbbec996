import { SENDS_IN_FLIGHT_MAX } from '../../../shared/config/limits.ts';
import { type BenchCloud, type BenchOptions, startBenchCloud } from './bench-cloud.ts';
import { CALLS_IN_SEQUENCE } from '../../../shared/usage/cost-assumptions.ts';
import { callsInSequence } from './calls-in-sequence.ts';
import {
  BACKLOG_REQUESTS,
  CELL_NAMES,
  CELLS,
  type CellName,
  QUICK_BACKLOG_REQUESTS,
  QUICK_TRICKLE_SECONDS,
  TRICKLE_PER_SECOND,
  TRICKLE_SECONDS,
} from './cells.ts';
import { type Counted, type DedupKey, type FunctionName } from './counted.ts';
import { idleRunMonth } from './idle-run.ts';
import { fixedMonth, idleOf, MONTHLY_EVENTS, monthlyBill } from './fixed-month.ts';
import { type Line, type Priced, type PriceOptions, priceRun } from './price-run.ts';
import { runBacklog, runTrickle } from './run-cell.ts';

type PerCell<T> = Record<CellName, T>;

/** Calls and billed units for a thousand events, by function and operation. */
export type CallRates = Record<string, { calls: number; units: number }>;

export type CostFigures = {
  /** Dollars for a million events of websites: plain destinations with full batches, the same at 5 requests/s, and batching destinations. */
  cost: PerCell<number>;
  costTrickle: PerCell<number>;
  costBatching: PerCell<number>;
  /** The same of the cell that is shown, by what repeats are found by: `event` are servers. */
  costByDedup: Record<DedupKey, { full: number; batching: number; trickle: number }>;
  /** At 20 events a request and 3 plain destinations, of websites. */
  costLines: { full: readonly Line[]; trickle: readonly Line[] };
  calls: { full: CallRates; trickle: CallRates };
  counted: { full: Counted; trickle: Counted };
  /** As this machine measured it; priced is CALLS_IN_SEQUENCE. */
  callsInSequence: Record<FunctionName, number>;
  fixedMonth: readonly Line[];
  /** A month's bill by its number of events at 20 a request and 3 destinations. */
  month: Record<string, { full: number; trickle: number }>;
};

export type CostOptions = { assembly: string; isQuick: boolean; onProgress: (what: string) => void };

/** The cell whose lines and calls are shown, and that has the bar. */
const SHOWN: CellName = 'n20d3';

/** Runs every cell at its loads in the local cloud and prices what was counted. Minutes. */
export async function measureCost({ assembly, isQuick, onProgress }: CostOptions): Promise<CostFigures> {
  const requestsOf = (cell: CellName): number =>
    (isQuick ? QUICK_BACKLOG_REQUESTS : BACKLOG_REQUESTS)[CELLS[cell].eventsPerRequest] ?? 0;
  const load = {
    requestsPerSecond: TRICKLE_PER_SECOND,
    seconds: isQuick ? QUICK_TRICKLE_SECONDS : TRICKLE_SECONDS,
  };
  const backlogs = (bench: BenchCloud, what: string) =>
    eachCell((cell) => {
      onProgress(`${what}, ${cell}: a backlog of ${requestsOf(cell)} requests`);
      return runBacklog(bench, cell, requestsOf(cell));
    });

  const plain = await withBench(assembly, { batching: false, dedupBy: 'device' }, async (bench) => {
    const idleRun = await idleRunMonth(bench);
    await runBacklog(bench, SHOWN, requestsOf(SHOWN));
    const inSequence = await callsInSequence(bench);
    const full = await backlogs(bench, 'plain');
    const trickle = await eachCell((cell) => {
      onProgress(`plain, ${cell}: ${load.requestsPerSecond} requests/s for ${load.seconds} s`);
      return runTrickle(bench, cell, load);
    });
    return { idleRun, inSequence, full, trickle };
  });
  const batching = await withBench(assembly, { batching: true, dedupBy: 'device' }, async (bench) => {
    await runBacklog(bench, SHOWN, requestsOf(SHOWN));
    return await backlogs(bench, 'batching');
  });
  const shownByEvent = async (isBatching: boolean) =>
    await withBench(assembly, { batching: isBatching, dedupBy: 'event' }, async (bench) => {
      onProgress(`claims by event, ${isBatching ? 'batching' : 'plain'}, ${SHOWN}`);
      await runBacklog(bench, SHOWN, requestsOf(SHOWN));
      const counted = await runBacklog(bench, SHOWN, requestsOf(SHOWN));
      return { full: counted, trickle: isBatching ? undefined : await runTrickle(bench, SHOWN, load) };
    });
  const [plainByEvent, batchingByEvent] = [await shownByEvent(false), await shownByEvent(true)];

  const usdByEvent = (counted: Counted | undefined): number =>
    counted === undefined ? Number.NaN : priceRun(counted, optionsOf('event')).usdPerMillion;
  const price = (runs: PerCell<Counted>): PerCell<Priced> =>
    mapCells((cell) => priceRun(runs[cell], optionsOf('device')));
  const [full, trickle, batched] = [price(plain.full), price(plain.trickle), price(batching)];
  const dollars = (priced: PerCell<Priced>): PerCell<number> => mapCells((cell) => priced[cell].usdPerMillion);
  const fixed = [...fixedMonth(idleOf(assembly)), ...plain.idleRun];
  const fixedUsd = fixed.reduce((sum, { usd }) => sum + usd, 0);
  const bill = (events: number) => ({
    full: monthlyBill(fixedUsd, full[SHOWN].usdPerMillion, events),
    trickle: monthlyBill(fixedUsd, trickle[SHOWN].usdPerMillion, events),
  });
  return {
    cost: dollars(full),
    costTrickle: dollars(trickle),
    costBatching: dollars(batched),
    costByDedup: {
      device: {
        full: full[SHOWN].usdPerMillion,
        batching: batched[SHOWN].usdPerMillion,
        trickle: trickle[SHOWN].usdPerMillion,
      },
      event: {
        full: usdByEvent(plainByEvent.full),
        batching: usdByEvent(batchingByEvent.full),
        trickle: usdByEvent(plainByEvent.trickle),
      },
    },
    costLines: { full: full[SHOWN].lines, trickle: trickle[SHOWN].lines },
    calls: { full: callRates(plain.full[SHOWN]), trickle: callRates(plain.trickle[SHOWN]) },
    counted: { full: plain.full[SHOWN], trickle: plain.trickle[SHOWN] },
    callsInSequence: plain.inSequence,
    fixedMonth: fixed,
    month: Object.fromEntries([0, ...MONTHLY_EVENTS].map((events) => [events === 0 ? 'idle' : events, bill(events)])),
  };
}

const optionsOf = (dedupBy: DedupKey): PriceOptions => ({
  callsInSequence: CALLS_IN_SEQUENCE[dedupBy],
  sendsInFlight: SENDS_IN_FLIGHT_MAX,
});

async function withBench<T>(
  assembly: string,
  options: BenchOptions,
  run: (bench: BenchCloud) => Promise<T>,
): Promise<T> {
  const bench = await startBenchCloud(assembly, options);
  try {
    return await run(bench);
  } finally {
    await bench.stop();
  }
}

async function eachCell(run: (cell: CellName) => Promise<Counted>): Promise<PerCell<Counted>> {
  const results: Partial<PerCell<Counted>> = {};
  for (const cell of CELL_NAMES) results[cell] = await run(cell);
  return results as PerCell<Counted>;
}

const mapCells = <T>(of: (cell: CellName) => T): PerCell<T> =>
  Object.fromEntries(CELL_NAMES.map((cell) => [cell, of(cell)])) as PerCell<T>;

/** For a thousand events: `route sqs:SendMessageBatch` and so on, invocations as `lambda:Invoke`. */
export function callRates({ calls, invocations, events }: Counted): CallRates {
  const rates: CallRates = {};
  const perThousand = (count: number) => (count / events) * 1_000;
  for (const { by, operation, calls: count, units } of calls) {
    rates[`${by} ${operation}`] = { calls: perThousand(count), units: perThousand(units) };
  }
  for (const [by, count] of Object.entries(invocations)) {
    rates[`${by} lambda:Invoke`] = { calls: perThousand(count), units: perThousand(count) };
  }
  return rates;
}

/** Calls for a thousand events by service: the numbers that a design is compared by. */
export function callsByService(rates: CallRates): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, { calls }] of Object.entries(rates)) {
    const service = name.slice(name.indexOf(' ') + 1).split(':')[0] ?? '';
    sums[service] = (sums[service] ?? 0) + calls;
  }
  return sums;
}
