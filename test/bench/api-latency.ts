import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { aDirectory, runTributary } from '../builders/running-tributary.ts';
import { aSinkSeed } from '../builders/sink-seed.ts';
import { medianOf, percentileOf } from './median.ts';

/** As people and their scripts call it. */
const REQUESTS_PER_SECOND = 20;
const SECONDS = 30;
const QUICK_SECONDS = 10;
/** Before anything is measured: environments start, code is compiled. */
const WARM_REQUESTS = 200;
/** Of a change that others got in the way of. */
const TRIES_MAX = 5;

export type Latency = { p50Ms: number; p99Ms: number; p50Ratio: number; p99Ratio: number; requests: number };
/** Times of answers at REQUESTS_PER_SECOND on the warm local cloud, and over the same percentile of bare round trips made in between. */
export type ApiLatency = { reads: Latency; writes: Latency; bareP50Ms: number; bareP99Ms: number };

/** The API as `npm start` runs it, asked by one keep-alive client. Half of what is asked goes to a bare server in this process. */
export async function apiLatency(isQuick: boolean): Promise<ApiLatency> {
  const bare = createServer((_request, response) =>
    response.setHeader('Content-Type', 'application/json').end('{"data":{}}'),
  );
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const seed = aSinkSeed(aDirectory(), 'http://127.0.0.1:9/');
  const running = await runTributary({ args: ['--no-demo', '--seed', seed] });
  const agent = new Agent({ keepAlive: true });
  const { apiUrl, apiToken } = running.endpoints;
  const ask = (method: string, path: string, body?: unknown) =>
    timed(agent, { url: `${apiUrl}${path}`, method, token: apiToken, body });
  const floor = () =>
    timed(agent, { url: `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`, method: 'GET', token: apiToken });
  try {
    const { sources } = (await ask('GET', '/sources')).data as { sources: { id: string }[] };
    const { destinations } = (await ask('GET', '/destinations')).data as { destinations: { id: string }[] };
    const [sourceId, destinationId] = [sources[0]?.id ?? '', destinations[0]?.id ?? ''];
    const reads = [
      '/',
      '/sources',
      `/sources/${sourceId}`,
      '/destinations',
      `/destinations/${destinationId}`,
      `/destination/${destinationId}/filters`,
      '/labels',
      '/audit-events?pagination[count]=50',
    ];
    const filters: string[] = [];
    let number = 0;
    const write = async (): Promise<number> => {
      number += 1;
      const kept = filters.length > 5 ? filters.shift() : undefined;
      if (kept !== undefined) return (await ask('DELETE', `/destination/${destinationId}/filters/${kept}`)).ms;
      if (number % 2 === 0) return (await ask('PATCH', `/sources/${sourceId}`, { name: `Server ${number}` })).ms;
      const wanted = {
        sourceId,
        if: 'type = "page"',
        actions: [{ type: 'DROP' }],
        title: `Bench ${number}`,
        enabled: true,
      };
      const made = await ask('POST', `/destination/${destinationId}/filters`, wanted);
      filters.push((made.data as { filter: { id: string } }).filter.id);
      return made.ms;
    };
    const read = async (): Promise<number> => (await ask('GET', reads[(number += 1) % reads.length] ?? '/')).ms;

    for (let count = 0; count < WARM_REQUESTS; count += 1) await (count % 4 === 0 ? write() : read());
    const seconds = isQuick ? QUICK_SECONDS : SECONDS;
    const readTimes = await atRate(seconds, read, floor);
    const writeTimes = await atRate(seconds, write, floor);
    const bareMs = [...readTimes.bareMs, ...writeTimes.bareMs];
    return {
      reads: latencyOf(readTimes),
      writes: latencyOf(writeTimes),
      bareP50Ms: medianOf(bareMs),
      bareP99Ms: percentileOf(bareMs, 0.99),
    };
  } finally {
    agent.destroy();
    await running.kill();
    bare.close();
  }
}

type Times = { oursMs: number[]; bareMs: number[] };

/** REQUESTS_PER_SECOND, each begun when it is due whatever became of those before it; between two of them a bare round trip. */
async function atRate(
  seconds: number,
  ours: () => Promise<number>,
  bare: () => Promise<{ ms: number }>,
): Promise<Times> {
  const times: Times = { oursMs: [], bareMs: [] };
  const under: Promise<void>[] = [];
  const beganMs = performance.now();
  for (let count = 0; count < seconds * REQUESTS_PER_SECOND; count += 1) {
    await wait(Math.max(0, beganMs + (count * 1_000) / REQUESTS_PER_SECOND - performance.now()));
    under.push(ours().then((ms) => void times.oursMs.push(ms)));
    await wait(500 / REQUESTS_PER_SECOND);
    under.push(bare().then(({ ms }) => void times.bareMs.push(ms)));
  }
  await Promise.all(under);
  return times;
}

function latencyOf({ oursMs, bareMs }: Times): Latency {
  const [p50Ms, p99Ms] = [medianOf(oursMs), percentileOf(oursMs, 0.99)];
  return {
    p50Ms,
    p99Ms,
    p50Ratio: p50Ms / medianOf(bareMs),
    p99Ratio: p99Ms / medianOf(bareMs),
    requests: oursMs.length,
  };
}

type Asked = { url: string; method: string; token: string; body?: unknown };

/** One request to the end of its answer; of a change that met another one, to the end of the one that did not. Throws where that is no good one. */
async function timed(agent: Agent, asked: Asked): Promise<{ ms: number; data: unknown }> {
  const beganMs = performance.now();
  for (let tries = 1; ; tries += 1) {
    const { status, text } = await answerTo(agent, asked);
    if (status === 409 && tries < TRIES_MAX) continue;
    if (status >= 300) throw new Error(`${asked.method} ${asked.url} was answered ${status}: ${text}`);
    return { ms: performance.now() - beganMs, data: (JSON.parse(text) as { data: unknown }).data };
  }
}

const answerTo = (agent: Agent, { url, method, token, body }: Asked): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers: { authorization: `Bearer ${token}` } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
