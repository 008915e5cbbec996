import { Agent } from 'node:http';
import { SENDS_IN_FLIGHT_MAX } from '../../shared/config/limits.ts';
import { TOOL_MS } from '../../shared/usage/cost-assumptions.ts';
import type { BenchCloud } from './cost/bench-cloud.ts';
import { functionProcess } from './function-process.ts';
import { post } from './ingest-cpu.ts';
import { medianOf } from './median.ts';
import { moduleOf, type QueueRecord, queueRecords, variablesOf } from './queue-records.ts';
import { sampleBatch } from './sample-events.ts';

const ROUNDS = 5;
/** Invocations before the first round, for the compiler and the sockets. */
const WARM_ROUNDS = 2;
/** Requests of three invocations of route, which make three lane messages for each destination. */
const REQUESTS_BY_INVOCATION = [10, 10, 5];
const EVENTS_A_REQUEST = 20;
const DESTINATIONS = 1;
/** Far from those of other parts of the bench: a messageId that comes twice would be a duplicate. */
const FIRST_EVENT = 70_000_000;

export type DeliverRate = {
  /** Of the rate that SENDS_IN_FLIGHT_MAX sends at once to a tool that answers after TOOL_MS would have; median. */
  shareOfIdeal: number;
  sends: number;
  tookMs: number;
  idealMs: number;
};

/** deliver as it is deployed, in a process of its own: one invocation of 500 sends to a tool that takes 150 ms. */
export async function deliverRate(bench: BenchCloud): Promise<DeliverRate> {
  await bench.whole.cloud.pollers.stop();
  const queues = queueRecords(bench);
  const agent = new Agent({ keepAlive: true });
  const route = functionProcess(moduleOf(bench, 'Route'), variablesOf(bench, 'Route'));
  const deliver = functionProcess(moduleOf(bench, 'Deliver'), variablesOf(bench, 'Deliver'));
  const port = Number(new URL(bench.whole.endpoints.trackingUrl).port);
  const intakeUrl = bench.whole.cloud.stacks['Tributary-local-Data']?.['IntakeQueueUrl'] ?? '';
  const sends = REQUESTS_BY_INVOCATION.reduce((sum, requests) => sum + requests * EVENTS_A_REQUEST, 0);
  const idealMs = (sends / SENDS_IN_FLIGHT_MAX) * TOOL_MS;
  let nextEvent = FIRST_EVENT;
  const tookMs: number[] = [];
  try {
    for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
      const messages: QueueRecord[] = [];
      for (const requests of REQUESTS_BY_INVOCATION) {
        for (let count = 0; count < requests; count += 1) {
          await post(agent, port, sampleBatch(EVENTS_A_REQUEST, bench.writeKeyFor(DESTINATIONS), nextEvent));
          nextEvent += EVENTS_A_REQUEST;
        }
        await route.run({ Records: await queues.take(intakeUrl, requests) });
        messages.push(await queues.takeFromLanes());
      }
      const before = bench.sink.seen().requests;
      const startedMs = performance.now();
      await deliver.run({ Records: messages });
      const ms = performance.now() - startedMs;
      const made = bench.sink.seen().requests - before;
      if (made !== sends) throw new Error(`deliver made ${made} requests of ${sends}`);
      if (round >= 0) tookMs.push(ms);
    }
  } finally {
    route.stop();
    deliver.stop();
    agent.destroy();
    queues.stop();
  }
  const median = medianOf(tookMs);
  return { shareOfIdeal: idealMs / median, sends, tookMs: median, idealMs };
}
