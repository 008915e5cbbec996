import { Agent } from 'node:http';
import { join } from 'node:path';
import { SENDS_IN_FLIGHT_MAX } from '../../shared/config/limits.ts';
import type { BenchCloud } from './cost/bench-cloud.ts';
import { type FunctionProcess, functionProcess } from './function-process.ts';
import { post } from './ingest-cpu.ts';
import { medianOf } from './median.ts';
import { moduleOf, type QueueRecord, queueRecords, variablesOf } from './queue-records.ts';
import { sampleBatch } from './sample-events.ts';

const ROUNDS = 7;
/** Invocations before the first round: the compiler is through with the hot paths by then. */
const WARM_ROUNDS = 4;
const MESSAGES_A_ROUND = 10;
const EVENTS_A_REQUEST = 20;
const DESTINATIONS = 3;
/** Far from those of the cost runs: a messageId that comes twice would be a duplicate. */
const FIRST_EVENT = 50_000_000;

/** CPU microseconds for an event (route) or an outgoing request (deliver), over the floor's in the same rounds; medians. */
export type FunctionCpu = { ratio: number; oursUs: number; floorUs: number; rssMb: number };

/**
 * route and deliver as they are deployed, each in a process of its own against the local cloud, with whole invocations: 10 requests of 20
 * events for 3 destinations, and what that gives one of them. Their AWS calls are in it; what answers them is not.
 */
export async function functionCpu(bench: BenchCloud): Promise<{ route: FunctionCpu; deliver: FunctionCpu }> {
  await bench.whole.cloud.pollers.stop();
  const queues = queueRecords(bench);
  const agent = new Agent({ keepAlive: true });
  const floors = join(import.meta.dirname, 'floors');
  const processes = {
    route: functionProcess(moduleOf(bench, 'Route'), variablesOf(bench, 'Route')),
    deliver: functionProcess(moduleOf(bench, 'Deliver'), variablesOf(bench, 'Deliver')),
    routeFloor: functionProcess(join(floors, 'route.mjs'), { BENCH_DESTINATIONS: String(DESTINATIONS) }),
    deliverFloor: functionProcess(join(floors, 'deliver.mjs'), {
      BENCH_IN_FLIGHT: String(SENDS_IN_FLIGHT_MAX),
      BENCH_SINK_URL: `${bench.sink.url}/floor`,
    }),
  };
  const port = Number(new URL(bench.whole.endpoints.trackingUrl).port);
  const intakeUrl = bench.whole.cloud.stacks['Tributary-local-Data']?.['IntakeQueueUrl'] ?? '';
  let nextEvent = FIRST_EVENT;
  const intakeRecords = async (): Promise<QueueRecord[]> => {
    for (let count = 0; count < MESSAGES_A_ROUND; count += 1) {
      await post(agent, port, sampleBatch(EVENTS_A_REQUEST, bench.writeKeyFor(DESTINATIONS), nextEvent));
      nextEvent += EVENTS_A_REQUEST;
    }
    return await queues.take(intakeUrl, MESSAGES_A_ROUND);
  };
  const route: Round[] = [];
  const deliver: Round[] = [];
  try {
    for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
      const requests = await intakeRecords();
      const routed = await pairOf(processes.routeFloor, processes.route, requests);
      const message = await queues.takeFromLanes();
      const before = bench.sink.seen().requests;
      const delivered = await pairOf(processes.deliverFloor, processes.deliver, [message]);
      const sends = (bench.sink.seen().requests - before) / 2;
      if (sends !== MESSAGES_A_ROUND * EVENTS_A_REQUEST) throw new Error(`deliver made ${sends} requests`);
      if (round < 0) continue;
      route.push(perThing(routed, MESSAGES_A_ROUND * EVENTS_A_REQUEST));
      deliver.push(perThing(delivered, sends));
    }
    return { route: summed(route), deliver: summed(deliver) };
  } finally {
    for (const process of Object.values(processes)) process.stop();
    agent.destroy();
    queues.stop();
  }
}

type Round = { oursUs: number; floorUs: number; rssMb: number };

async function pairOf(floor: FunctionProcess, ours: FunctionProcess, records: readonly QueueRecord[]): Promise<Round> {
  const floorRan = await floor.run({ Records: records });
  const ran = await ours.run({ Records: records });
  return { oursUs: ran.cpuUs, floorUs: floorRan.cpuUs, rssMb: ran.rssBytes / 1_000_000 };
}

const perThing = ({ oursUs, floorUs, rssMb }: Round, things: number): Round => ({
  oursUs: oursUs / things,
  floorUs: floorUs / things,
  rssMb,
});

const summed = (rounds: readonly Round[]): FunctionCpu => ({
  ratio: medianOf(rounds.map(({ oursUs, floorUs }) => oursUs / floorUs)),
  oursUs: medianOf(rounds.map(({ oursUs }) => oursUs)),
  floorUs: medianOf(rounds.map(({ floorUs }) => floorUs)),
  rssMb: Math.max(...rounds.map(({ rssMb }) => rssMb)),
});
