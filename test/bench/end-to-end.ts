import { existsSync, readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import { aDirectory, runTributary, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { post } from './ingest-cpu.ts';
import { medianOf, percentileOf } from './median.ts';
import { sampleBatch, sampleEvent } from './sample-events.ts';

const LATENCY_EVENTS = 200;
const IN_FLIGHT = 32;

export type EndToEnd = {
  /** Events a second from the first request to the last arrival at the sink, over bare requests a second to that sink: one event a request, and 20. */
  singleRateRatio: number;
  batchedRateRatio: number;
  /** From the 200 to the arrival, over a bare HTTP round trip to the same sink measured in between. */
  acceptToSinkP50Ratio: number;
  acceptToSinkP99Ratio: number;
  /** What was sent in all, and what arrived. */
  events: number;
  arrived: number;
  /** Resident memory of the local cloud with all its functions after that, where this machine tells it. */
  rssMb: number | undefined;
  singlePerSecond: number;
  batchedPerSecond: number;
  barePerSecond: number;
  acceptToSinkP50Ms: number;
  acceptToSinkP99Ms: number;
  roundTripP50Ms: number;
};

/** The local cloud as `npm start` runs it, with a sink in this process. Sources: an Inbox and a webhook on one source. */
export async function endToEnd(): Promise<EndToEnd> {
  const sink = await countingSink();
  const seed = aSinkSeed(aDirectory(), `http://127.0.0.1:${sink.port}`);
  const running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  try {
    const port = Number(new URL(running.endpoints.trackingUrl).port);
    let number = 0;
    const run = async (requests: number, eventsPerRequest: number): Promise<number> => {
      const target = sink.arrived.size + requests * eventsPerRequest;
      const startedAt = performance.now();
      let left = requests;
      const sender = async () => {
        while (left > 0) {
          left -= 1;
          const from = number;
          number += eventsPerRequest;
          const status = await post(agent, port, sampleBatch(eventsPerRequest, SINK_WRITE_KEY, from));
          if (status !== 200) throw new Error(`A request was answered ${status}`);
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
      await until(
        () => sink.arrived.size >= target,
        120_000,
        () => `${sink.arrived.size} of ${target} arrived`,
      );
      return (requests * eventsPerRequest) / ((performance.now() - startedAt) / 1_000);
    };
    // The first runs warm functions and compiler.
    await run(300, 1);
    await run(100, 20);
    const singlePerSecond = await run(3_000, 1);
    const barePerSecond = await bareRate(agent, sink.port, 3_000);
    const batchedPerSecond = await run(600, 20);

    const latencies: number[] = [];
    const roundTrips: number[] = [];
    for (let each = 0; each < LATENCY_EVENTS; each += 1) {
      const before = performance.now();
      await post(agent, sink.port, JSON.stringify(sampleEvent(-1 - each)), '/bare');
      roundTrips.push(performance.now() - before);
      const event = sampleEvent(number);
      number += 1;
      await post(agent, port, JSON.stringify({ ...event, writeKey: SINK_WRITE_KEY }), '/v1/track');
      const acceptedAt = performance.now();
      await sink.arrivalOf(event.messageId);
      latencies.push(Math.max(0, (sink.arrived.get(event.messageId) ?? Number.NaN) - acceptedAt));
    }
    return {
      singleRateRatio: singlePerSecond / barePerSecond,
      batchedRateRatio: batchedPerSecond / barePerSecond,
      acceptToSinkP50Ratio: medianOf(latencies) / medianOf(roundTrips),
      acceptToSinkP99Ratio: percentileOf(latencies, 0.99) / medianOf(roundTrips),
      events: number,
      arrived: sink.arrived.size,
      rssMb: rssMbOf(running.pid),
      singlePerSecond,
      batchedPerSecond,
      barePerSecond,
      acceptToSinkP50Ms: medianOf(latencies),
      acceptToSinkP99Ms: percentileOf(latencies, 0.99),
      roundTripP50Ms: medianOf(roundTrips),
    };
  } finally {
    agent.destroy();
    await running.stop();
    sink.stop();
  }
}

/** Requests a second straight to the sink, as many in flight as the runs have. */
async function bareRate(agent: Agent, port: number, requests: number): Promise<number> {
  const startedMs = performance.now();
  let left = requests;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await post(agent, port, JSON.stringify(sampleEvent(left)), '/bare');
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  return requests / ((performance.now() - startedMs) / 1_000);
}

/** Linux tells it in /proc; elsewhere nobody is asked. */
function rssMbOf(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file) ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1_024);
}

/** A sink that notes when each messageId came first. */
async function countingSink() {
  const arrived = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end('{}');
      if (request.url === '/bare') return;
      const { messageId } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messageId: string };
      if (!arrived.has(messageId)) arrived.set(messageId, performance.now());
      waiting.get(messageId)?.();
      waiting.delete(messageId);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    arrived,
    arrivalOf: (messageId: string): Promise<void> =>
      new Promise((resolve, reject) => {
        if (arrived.has(messageId)) return resolve();
        const timer = setTimeout(() => reject(new Error(`${messageId} did not arrive`)), 20_000);
        waiting.set(messageId, () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
