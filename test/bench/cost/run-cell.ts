import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../builders/running-tributary.ts';
import { post } from '../ingest-cpu.ts';
import { sampleBatch } from '../sample-events.ts';
import type { BenchCloud } from './bench-cloud.ts';
import { CELLS, type CellName, EVENTS_A_DEVICE } from './cells.ts';
import { type Counted, countedCalls, type Stored } from './counted.ts';

const FILL_IN_FLIGHT = 16;
/** For all that a cell has queued to reach the sink, the books and the archive, on a busy machine. */
const DRAIN_MS_MAX = 300_000;
/** Requests that warm a source's configuration in every environment before anything is counted. */
const WARM_REQUESTS = 3;

/** messageIds are never used twice: a repeat would be a duplicate, and cost nothing. */
let nextEvent = 0;

type Load = {
  requests: number;
  requestsPerSecond?: number;
  /** Before anything is counted. */
  prepare?: () => Promise<void>;
  run: (send: () => Promise<void>) => Promise<void>;
};

/** A full backlog: `requests` are accepted while nothing consumes, then everything is worked off. */
export const runBacklog = (bench: BenchCloud, cell: CellName, requests: number): Promise<Counted> =>
  runCell(bench, cell, {
    requests,
    prepare: () => bench.whole.cloud.pollers.stop(),
    run: async (send) => {
      await inParallel(requests, send);
      bench.whole.cloud.pollers.start();
    },
  });

/** Requests evenly spread in time. */
export const runTrickle = (
  bench: BenchCloud,
  cell: CellName,
  { requestsPerSecond, seconds }: { requestsPerSecond: number; seconds: number },
): Promise<Counted> => {
  const requests = Math.round(requestsPerSecond * seconds);
  return runCell(bench, cell, {
    requests,
    requestsPerSecond,
    run: async (send) => {
      const startedMs = performance.now();
      const sent: Promise<void>[] = [];
      for (let number = 0; number < requests; number += 1) {
        await wait(Math.max(0, startedMs + (number * 1_000) / requestsPerSecond - performance.now()));
        sent.push(send());
      }
      await Promise.all(sent);
    },
  });
};

/** On a machine so busy that sends run into their time limit, a cell is run again so often. */
const RUNS_MAX = 3;

/** Runs a cell until all sends of a run were delivered at their first try. Throws where none was. */
async function runCell(bench: BenchCloud, cell: CellName, load: Load): Promise<Counted> {
  for (let run = 0; run < RUNS_MAX; run += 1) {
    const counted = await runOnce(bench, cell, load);
    // A plan row for each request, and a done row for each of its destinations: a further hop would have left another.
    if (counted.stored.ledger.items === counted.requests * (1 + CELLS[cell].destinations)) return counted;
  }
  throw new Error(
    `${cell}: sends were tried again in each of ${RUNS_MAX} runs; this machine is too busy to count anything`,
  );
}

async function runOnce(
  bench: BenchCloud,
  cell: CellName,
  { requests, requestsPerSecond, prepare, run }: Load,
): Promise<Counted> {
  const { eventsPerRequest, destinations } = CELLS[cell];
  const { cloud, log, endpoints } = bench.whole;
  const port = Number(new URL(endpoints.trackingUrl).port);
  const agent = new Agent({ keepAlive: true, maxSockets: FILL_IN_FLIGHT });
  let bodyBytes = 0;
  let sent = 0;
  // Devices take turns, each a new one of this run.
  const devices = Math.max(1, Math.ceil((requests * eventsPerRequest) / EVENTS_A_DEVICE));
  const firstDevice = nextEvent;
  const send = async (): Promise<void> => {
    const device = bench.dedupBy === 'device' ? firstDevice + (sent % devices) : undefined;
    sent += 1;
    const body = sampleBatch(eventsPerRequest, bench.writeKeyFor(destinations), nextEvent, device);
    nextEvent += eventsPerRequest;
    bodyBytes += Buffer.byteLength(body);
    const status = await post(agent, port, body);
    if (status !== 200) throw new Error(`${cell}: a request was answered ${status}`);
  };
  const drained = () =>
    until(
      () => cloud.idle(),
      DRAIN_MS_MAX,
      () => `${cell} does not drain: ${log().slice(-2_000)}`,
    );
  try {
    await inParallel(WARM_REQUESTS, send);
    await drained();
    const before = { stored: await bench.stored(), sink: bench.sink.seen(), log: log().length };
    await prepare?.();
    cloud.meter.reset();
    bodyBytes = 0;
    await run(send);
    await drained();
    const { entryBytes, ...calls } = countedCalls(cloud.meter.snapshot());
    const after = { stored: await bench.stored(), sink: bench.sink.seen(), log: log() };
    const lines = after.log.slice(before.log);
    return {
      requests,
      events: requests * eventsPerRequest,
      sends: requests * eventsPerRequest * destinations,
      requestsPerSecond,
      answerBodyBytes: entryBytes - bodyBytes,
      ...calls,
      toolRequests: after.sink.requests - before.sink.requests,
      toolBytes: after.sink.bytes - before.sink.bytes,
      logBytes: Buffer.byteLength(lines),
      logEvents: lines.split('\n').length - 1,
      // The routed events as they lie in the archive, uncompressed: what was accepted.
      archiveBytes: bodyBytes,
      stored: {
        seen: growth(before.stored.seen, after.stored.seen),
        ledger: growth(before.stored.ledger, after.stored.ledger),
      },
    };
  } finally {
    agent.destroy();
  }
}

const growth = (before: Stored, after: Stored): Stored => ({
  items: after.items - before.items,
  writeUnits: after.writeUnits - before.writeUnits,
  bytes: after.bytes - before.bytes,
  byteDays: after.byteDays - before.byteDays,
  itemDays: after.itemDays - before.itemDays,
});

async function inParallel(count: number, send: () => Promise<void>): Promise<void> {
  let left = count;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: FILL_IN_FLIGHT }, sender));
}
