import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TrackingError } from './expectations.ts';
import { ENDPOINTS_VARIABLE, findEndpoints, readEndpoints } from './find-endpoints.ts';
import type { Endpoints, StartOptions, Started } from './types.ts';

/** A first start installs what is missing, which takes minutes; later ones take seconds. */
const START_MS_MAX = 300_000;
const LOOK_MS = 100;
/** What is under way is finished first; then it is ended. */
const STOP_MS_MAX = 20_000;
/** Of what it printed, what a message shows. */
const OUTPUT_CHARS_MAX = 4_000;
const ANSWER_MS_MAX = 2_000;
/** Folders above this file that may be the clone. */
const FOLDERS_MAX = 8;

/**
 * Starts the local edition for a test run, with a state of its own, and names it to the processes that are started later (TRIBUTARY_ENDPOINTS). Throws
 * TrackingError where it does not become ready.
 */
export async function startTributary(options: StartOptions = {}): Promise<Started> {
  const running = options.join === true ? await runningOne() : undefined;
  if (running !== undefined) return { endpoints: running, stop: async () => {} };

  const home = homeOf(options.home);
  const scratch = mkdtempSync(join(tmpdir(), 'tributary-tracking-'));
  const directory = options.directory ?? join(scratch, 'state');
  const file = join(directory, 'endpoints.json');
  const seed = options.seed ?? emptySeed(scratch);
  const startedMs = Date.now();
  const args = ['--dir', directory, '--port', String(await freePort()), '--seed', seed];
  const child = spawn(process.execPath, [join(home, 'cli', 'bootstrap.mjs'), 'start', ...args], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The group is ended as a whole: the command starts a Node of its own where this one is too old.
    detached: process.platform !== 'win32',
    env: { ...process.env, INIT_CWD: process.cwd() },
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output = `${output}${chunk.toString()}`.slice(-OUTPUT_CHARS_MAX));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A test run that dies takes it along.
  const onExit = (): void => signal(child, 'SIGTERM');
  process.once('exit', onExit);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', onExit);
    await ended(child);
    rmSync(scratch, { recursive: true, force: true });
  };

  const endMs = Date.now() + START_MS_MAX;
  for (;;) {
    const isNew = output.includes('Ctrl-C') && existsSync(file) && statSync(file).mtimeMs >= startedMs - 1_000;
    const endpoints = isNew ? readEndpoints(file) : undefined;
    if (endpoints !== undefined) {
      process.env[ENDPOINTS_VARIABLE] = file;
      return { endpoints, stop };
    }
    if (child.exitCode !== null || Date.now() >= endMs) {
      await stop();
      throw new TrackingError(`Tributary did not start from ${home}. It printed:\n${output}`);
    }
    await wait(LOOK_MS);
  }
}

/** One that was found and answers. */
async function runningOne(): Promise<Endpoints | undefined> {
  let found: Endpoints;
  try {
    found = findEndpoints(undefined);
  } catch (error) {
    if (error instanceof TrackingError) return undefined;
    throw error;
  }
  const answer = await fetch(found.trackingUrl, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer === undefined ? undefined : found;
}

/** The clone, recognised by the file that starts it. */
function homeOf(given: string | undefined): string {
  const named = given ?? process.env['TRIBUTARY_HOME'];
  if (named !== undefined) {
    if (isHome(named)) return named;
    throw new TrackingError(`${named} is no clone of Tributary.`);
  }
  let folder: string = import.meta.dirname;
  for (let depth = 0; depth < FOLDERS_MAX; depth += 1, folder = dirname(folder)) if (isHome(folder)) return folder;
  throw new TrackingError('Say where the clone of Tributary is: `home`, or TRIBUTARY_HOME.');
}

const isHome = (folder: string): boolean =>
  existsSync(join(folder, 'cli', 'bootstrap.mjs')) && existsSync(join(folder, 'cdk.json'));

/** A workspace with one source: trackings make their own. */
function emptySeed(directory: string): string {
  const path = join(directory, 'seed.json');
  const seed = {
    workspace: { slug: 'tests', name: 'Tests' },
    sources: [{ slug: 'unused', name: 'Unused', kind: 'server' }],
    destinations: [],
  };
  writeFileSync(path, JSON.stringify(seed));
  return path;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('No port is free')),
      );
    });
  });

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  signal(child, 'SIGINT');
  const timer = setTimeout(() => signal(child, 'SIGKILL'), STOP_MS_MAX);
  await exit;
  clearTimeout(timer);
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') child.kill(name);
  else process.kill(-child.pid, name);
}
