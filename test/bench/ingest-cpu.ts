import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { medianOf } from './median.ts';
import { sampleBatch } from './sample-events.ts';

const ROUNDS = 5;
const EVENTS_PER_ROUND = 6_000;
const IN_FLIGHT = 8;

export type IngestCpu = { eventsPerRequest: number; ratio: number; oursUs: number; floorUs: number };

/** CPU of ingest for an event over the floor's, with so many events a request: rounds of both in turn, medians. */
export async function ingestCpu(eventsPerRequest: number): Promise<IngestCpu> {
  const [floor, ours] = await Promise.all([startServer('floor'), startServer('ingest')]);
  try {
    const body = sampleBatch(eventsPerRequest, 'writekeyofthebench00000000000001');
    const requests = Math.ceil(EVENTS_PER_ROUND / eventsPerRequest);
    await load(floor.port, body, requests);
    await load(ours.port, body, requests);
    const floorUs: number[] = [];
    const oursUs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      floorUs.push((await load(floor.port, body, requests)) / (requests * eventsPerRequest));
      oursUs.push((await load(ours.port, body, requests)) / (requests * eventsPerRequest));
    }
    const ratios = oursUs.map((us, round) => us / (floorUs[round] ?? Number.NaN));
    return { eventsPerRequest, ratio: medianOf(ratios), oursUs: medianOf(oursUs), floorUs: medianOf(floorUs) };
  } finally {
    floor.child.kill();
    ours.child.kill();
  }
}

async function startServer(mode: 'floor' | 'ingest'): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ingest-server.ts'), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString().trim())));
    child.once('exit', () => reject(new Error(`The ${mode} server did not start`)));
  });
  return { port, child };
}

/** Sends the requests and answers the CPU microseconds that the server spent. */
async function load(port: number, body: string, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const before = await cpuOf(port);
  let left = requests;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await post(agent, port, body);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  const after = await cpuOf(port);
  agent.destroy();
  return after - before;
}

const cpuOf = async (port: number): Promise<number> => {
  const answer = (await (await fetch(`http://127.0.0.1:${port}/cpu`)).json()) as { cpuUs: number };
  return answer.cpuUs;
};

export const post = (agent: Agent, port: number, body: string, path = '/v1/batch'): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
