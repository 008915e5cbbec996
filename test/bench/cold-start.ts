import { Agent } from 'node:http';
import { join } from 'node:path';
import type { BenchCloud } from './cost/bench-cloud.ts';
import { functionProcess } from './function-process.ts';
import { post } from './ingest-cpu.ts';
import { medianOf } from './median.ts';
import { moduleOf, queueRecords, variablesOf } from './queue-records.ts';
import { sampleBatch, sampleEvent } from './sample-events.ts';

const ROUNDS = 5;
/** Far from those of other runs: a messageId that comes twice would be a duplicate. */
const FIRST_EVENT = 60_000_000;
const DESTINATIONS = 1;

const COLD_FUNCTIONS = ['ingest', 'route', 'deliver', 'archive', 'api', 'aggregate-usage'] as const;
type ColdFunction = (typeof COLD_FUNCTIONS)[number];

/** CPU (and wall) from the start of a process to its first answer, over an empty Node's that answers nothing; medians of rounds in turn. */
export type ColdStart = {
  ratio: number;
  wallRatio: number;
  oursMs: number;
  emptyMs: number;
  /** Resident memory after that answer, the largest of all rounds. */
  rssMb: number;
};

/** Each function in a fresh process, against a local cloud that holds no events yet, with the first event that it could get. */
export async function coldStarts(bench: BenchCloud): Promise<Record<ColdFunction, ColdStart>> {
  await bench.whole.cloud.pollers.stop();
  const queues = queueRecords(bench);
  const agent = new Agent({ keepAlive: true });
  const port = Number(new URL(bench.whole.endpoints.trackingUrl).port);
  const { IntakeQueueUrl = '', ArchiveQueueUrl = '' } = bench.whole.cloud.stacks['Tributary-local-Data'] ?? {};
  const empty = join(import.meta.dirname, 'floors', 'empty.mjs');
  let nextEvent = FIRST_EVENT;

  /** What routing leaves is what deliver and archive begin with. */
  const eventFor: Record<ColdFunction, () => Promise<unknown>> = {
    ingest: async () => {
      nextEvent += 1;
      return httpEvent('POST', '/v1/track', { ...sampleEvent(nextEvent), writeKey: bench.writeKeyFor(DESTINATIONS) });
    },
    route: async () => {
      nextEvent += 1;
      await post(agent, port, sampleBatch(1, bench.writeKeyFor(DESTINATIONS), nextEvent));
      return { Records: await queues.take(IntakeQueueUrl, 1) };
    },
    deliver: async () => ({ Records: [await queues.takeFromLanes()] }),
    archive: async () => ({ Records: await queues.take(ArchiveQueueUrl, 1) }),
    api: async () => httpEvent('GET', '/sources', undefined, bench.whole.endpoints.apiToken),
    'aggregate-usage': async () => ({ scheduledAt: new Date().toISOString() }),
  };
  try {
    const entries: [ColdFunction, ColdStart][] = [];
    for (const name of COLD_FUNCTIONS) {
      const template = name.split('-').map(capitalised).join('');
      const runs: Run[] = [];
      const floors: Run[] = [];
      // The first pair warms the disk's cache. What ingest accepts here is routed by nobody.
      for (let round = 0; round <= ROUNDS; round += 1) {
        const event = await eventFor[name]();
        floors.push(await firstAnswer(empty, { TZ: 'UTC' }, {}));
        runs.push(await firstAnswer(moduleOf(bench, template), variablesOf(bench, template), event));
      }
      entries.push([name, overFloor(runs.slice(1), floors.slice(1))]);
      if (name === 'ingest') await queues.take(IntakeQueueUrl, ROUNDS + 1);
    }
    return Object.fromEntries(entries) as Record<ColdFunction, ColdStart>;
  } finally {
    agent.destroy();
    queues.stop();
  }
}

const capitalised = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

type Run = { cpuMs: number; wallMs: number; rssMb: number };

async function firstAnswer(moduleFile: string, variables: Record<string, string>, event: unknown): Promise<Run> {
  const startedMs = performance.now();
  const process = functionProcess(moduleFile, variables);
  try {
    const { sinceStartUs, rssBytes, answer } = await process.run(event);
    const wallMs = performance.now() - startedMs;
    const { statusCode = 200, headers } = (answer ?? {}) as { statusCode?: number; headers?: Record<string, string> };
    if (statusCode !== 200 || headers?.['Tributary-Rejected'] !== undefined) {
      throw new Error(`The first request was not taken: ${JSON.stringify(answer)}`);
    }
    return { cpuMs: sinceStartUs / 1_000, wallMs, rssMb: rssBytes / 1_000_000 };
  } finally {
    process.stop();
  }
}

const overFloor = (runs: readonly Run[], floors: readonly Run[]): ColdStart => {
  const ratiosOf = (of: (run: Run) => number) =>
    runs.flatMap((run, round) => {
      const floor = floors[round];
      return floor === undefined ? [] : [of(run) / of(floor)];
    });
  return {
    ratio: medianOf(ratiosOf(({ cpuMs }) => cpuMs)),
    wallRatio: medianOf(ratiosOf(({ wallMs }) => wallMs)),
    oursMs: medianOf(runs.map(({ cpuMs }) => cpuMs)),
    emptyMs: medianOf(floors.map(({ cpuMs }) => cpuMs)),
    rssMb: Math.round(Math.max(...runs.map(({ rssMb }) => rssMb))),
  };
};

const httpEvent = (method: string, path: string, body: unknown, token?: string) => ({
  rawPath: path,
  headers: {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
  isBase64Encoded: false,
  requestContext: { requestId: 'r', http: { method, path, sourceIp: '127.0.0.1' } },
});
