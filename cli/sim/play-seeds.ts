import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { FULL, SMALL } from '../../test/sim/policies.ts';
import { runSeeds } from '../../test/sim/run-seeds.ts';

// One worker of `npm run sim`: plays its share of the seeds and answers what came of each.
const { from, count, isFull } = z.object({ from: z.int(), count: z.int(), isFull: z.boolean() }).parse(workerData);
const results = await runSeeds({ from, count }, { scale: isFull ? FULL : SMALL });
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(results);
