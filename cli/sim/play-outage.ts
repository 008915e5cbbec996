import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { OUTAGE_SEED, playOutage } from '../../test/sim/outage.ts';

/** A client library's batch. */
const EVENTS_A_REQUEST = 20;

// The outage of `npm run sim -- --outage N`, in a thread because of its heap.
const { eventsPerSecond } = z.object({ eventsPerSecond: z.int() }).parse(workerData);
const report = await playOutage({
  seed: OUTAGE_SEED,
  eventsPerSecond,
  eventsARequest: EVENTS_A_REQUEST,
  isDown: true,
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(report);
