import { spawn } from 'node:child_process';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import {
  aDirectory,
  balanceOf,
  freePort,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  sum,
} from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const EVENTS = 120;
/** The product's bar for a second start. */
const RESTART_MS_MAX = 10_000;

const directory = aDirectory();
let port: number;
let seed: string;
let sink: Sink;
let running: Running;
let balanceBefore: unknown;

const start = (...more: string[]) =>
  runTributary({
    directory,
    args: ['--port', String(port), '--no-demo', '--allow-private-targets', ...more],
  });

const sinkCount = async () => (await (await fetch(`${sink.url}/count`)).json()) as { takenMessageIds: number };

beforeAll(async () => {
  port = await freePort();
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  // Slow enough that Ctrl-C comes while events are on their way.
  seed = aSinkSeed(aDirectory(), `${sink.url}/delay/200`);
  running = await start('--seed', seed);
}, 120_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

test('a second instance on the directory refuses in one sentence, and leaves the first alone', async () => {
  const child = spawn(process.execPath, ['cli/start.ts', '--dir', directory, '--port', String(await freePort())]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(1);
  expect(output.trim()).toMatch(
    /^Another local cloud \(process \d+\) works in \S+: stop it first, or choose another directory\.$/,
  );
  expect((await fetch(running.endpoints.webUrl)).status).toBe(200);
}, 30_000);

test('Ctrl-C in the middle of deliveries ends it well', async () => {
  const { trackingUrl } = running.endpoints;
  expect(await sendBySdk({ host: trackingUrl, writeKey: SINK_WRITE_KEY, count: EVENTS })).toEqual({
    accepted: EVENTS,
    refused: [],
  });
  await expect(running.stop()).resolves.toBe(0);
  expect(running.output()).toContain('Stopping: what is under way is finished first.');
}, 60_000);

test('a second start within 10 s has the same addresses, keys and token, and says what it restored', async () => {
  const { endpoints } = running;
  const startedAtMs = performance.now();
  running = await start('--seed', seed);
  const tookMs = performance.now() - startedAtMs;
  expect(running.endpoints).toEqual(endpoints);
  expect(running.output()).toMatch(/^Restored from \S+: 1 sources, \d+ messages waiting in queues$/m);
  expect(tookMs).toBeLessThan(RESTART_MS_MAX);
}, 60_000);

test('what was accepted before Ctrl-C is delivered and in the books after it, each event once', async () => {
  const balance = await settledBalance(running.endpoints, EVENTS, 60_000);
  expect(balance.filter(isSource)).toEqual([
    expect.objectContaining({ accepted: EVENTS, routed: EVENTS, invalid: 0, duplicate: 0, blocked: 0 }),
  ]);
  const destinations = balance.filter((line) => !isSource(line));
  expect(destinations).toHaveLength(2);
  for (const line of destinations) {
    expect(line).toMatchObject({ accepted: EVENTS, delivered: EVENTS, discarded: 0, dlq: 0, inFlight: 0 });
  }
  expect(await sinkCount()).toMatchObject({ takenMessageIds: EVENTS });
  balanceBefore = balance;
}, 90_000);

test('a start that names no seed file, with functions in processes of their own, goes on all the same, and an event arrives', async () => {
  await expect(running.stop()).resolves.toBe(0);
  running = await start('--processes');
  expect(await balanceOf(running.endpoints)).toEqual(balanceBefore);
  const { trackingUrl } = running.endpoints;
  const sent = await sendBySdk({ host: trackingUrl, writeKey: SINK_WRITE_KEY, count: 6 });
  expect(sent).toEqual({ accepted: 6, refused: [] });
  const balance = await settledBalance(running.endpoints, EVENTS + 6, 30_000);
  for (const line of balance.filter((each) => !isSource(each))) {
    expect(line).toMatchObject({ delivered: EVENTS + 6, discarded: 0, dlq: 0, inFlight: 0 });
  }
  expect(await sinkCount()).toMatchObject({ takenMessageIds: EVENTS + 6 });
}, 90_000);

test('--fresh forgets events and token', async () => {
  const { endpoints } = running;
  await expect(running.stop()).resolves.toBe(0);
  running = await start('--fresh', '--seed', seed);
  expect(running.output()).not.toContain('Restored');
  expect(running.endpoints.apiToken).not.toBe(endpoints.apiToken);
  expect(sum(await balanceOf(running.endpoints), 'accepted')).toBe(0);
  const old = await fetch(`${running.endpoints.apiUrl}/app-api/balance`, {
    headers: { authorization: `Bearer ${endpoints.apiToken}` },
  });
  expect(old.status).toBe(401);
}, 60_000);
