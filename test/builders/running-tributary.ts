import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignInPlace } from './sign-in.ts';

/** What `npm start` writes for scripts. */
export type Endpoints = {
  trackingUrl: string;
  cdnUrl: string;
  apiUrl: string;
  webUrl: string;
  signIn: SignInPlace;
  sinkUrl: string;
  meterUrl: string | null;
  writeKeys: Record<string, string>;
  apiToken: string;
};

export type Running = {
  endpoints: Endpoints;
  pid: number;
  directory: string;
  /** Everything that it printed. */
  output(): string;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** kill -9 of the whole process group: nothing gets to clean up. */
  kill(): Promise<void>;
};

const START_TIMEOUT_MS = 60_000;

const DIRECTORY = 'tributary-test-';
let swept = false;

/** An empty directory. What test processes that have ended left is removed first: within jest, a process does not hear of its own end. */
export function aDirectory(): string {
  if (!swept) {
    swept = true;
    sweep(tmpdir());
  }
  return mkdtempSync(join(tmpdir(), `${DIRECTORY}${process.pid}-`));
}

/** Removes what is left in a folder. What cannot be removed, such as another user's, stays. */
export function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter(isLeft)) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

/** Whether a directory was made here, by a process that has ended. One whose name tells no process may be in use. */
function isLeft(name: string): boolean {
  const pid = name.startsWith(DIRECTORY) ? /^\d+(?=-)/.exec(name.slice(DIRECTORY.length))?.[0] : undefined;
  return pid !== undefined && !isAlive(Number(pid));
}

/** One of another user is alive, too: it may not be asked (EPERM). */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error()),
      );
    });
  });

/** Starts the whole system as `npm start` does, in a directory of its own, and waits until it says that it is ready. */
export async function runTributary(
  options: { directory?: string; args?: string[]; environment?: Record<string, string> } = {},
): Promise<Running> {
  const directory = options.directory ?? aDirectory();
  const endpointsFile = join(directory, 'endpoints.json');
  const startedAtMs = Date.now();
  const child = spawn(
    process.execPath,
    ['cli/start.ts', '--dir', directory, '--port', String(await freePort()), ...(options.args ?? ['--no-demo'])],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.environment } },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const isReady = () =>
    output.includes('Ctrl-C') && existsSync(endpointsFile) && statSync(endpointsFile).mtimeMs >= startedAtMs - 1_000;
  await until(isReady, START_TIMEOUT_MS, () => `It did not become ready. It printed:\n${output}`, child);
  return {
    endpoints: JSON.parse(readFileSync(endpointsFile, 'utf8')) as Endpoints,
    pid: child.pid ?? 0,
    directory,
    output: () => output,
    stop: async () => {
      const ended = exitOf(child);
      signal(child, 'SIGINT');
      return await ended;
    },
    kill: async () => {
      const ended = exitOf(child);
      signal(child, 'SIGKILL');
      await ended;
    },
  };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });

/** Ctrl-C reaches the whole group of a terminal, and so does a machine that dies. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
}

/** Waits for a condition, not for a time. Fails with `why` after the limit, or at once when the process has ended. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  why: () => string,
  child?: ChildProcess,
): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(why());
    if (child !== undefined && child.exitCode !== null) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A line of GET /app-api/balance: of a source in events, or of a destination in sends. */
export type BalanceLine = {
  source?: string;
  destination?: string;
  accepted: number;
  routed: number;
  delivered: number;
  filtered: number;
  blocked: number;
  discarded: number;
  dlq: number;
  inFlight: number;
  invalid: number;
  duplicate: number;
  /** Of a source. */
  suppressed?: number;
  /** Requests that nobody could read, of a source. */
  unreadable?: number;
};

export async function balanceOf({ apiUrl, apiToken }: Pick<Endpoints, 'apiUrl' | 'apiToken'>): Promise<BalanceLine[]> {
  const answer = await fetch(`${apiUrl}/app-api/balance`, { headers: { authorization: `Bearer ${apiToken}` } });
  if (!answer.ok) throw new Error(`The balance answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as BalanceLine[];
}

/** The balance once `accepted` different events have been planned in all and nothing is in flight. */
export async function settledBalance(
  endpoints: Pick<Endpoints, 'apiUrl' | 'apiToken'>,
  accepted: number,
  timeoutMs: number,
): Promise<BalanceLine[]> {
  let lines: BalanceLine[] = [];
  // A client that was not answered sent its request again: those events are accepted twice, and are duplicates once.
  const planned = () => sum(lines.filter(isSource), 'accepted') - sum(lines.filter(isSource), 'duplicate');
  await until(
    async () => {
      lines = await balanceOf(endpoints);
      return planned() >= accepted && lines.every((line) => isSource(line) || line.inFlight === 0);
    },
    timeoutMs,
    () => `Expected ${accepted} events with nothing in flight, have ${planned()}: ${JSON.stringify(lines, null, 1)}`,
  );
  return lines;
}

export const isSource = (line: BalanceLine): boolean => line.destination === undefined;
export const sum = (lines: readonly BalanceLine[], key: keyof BalanceLine): number =>
  lines.reduce((total, line) => total + Number(line[key] ?? 0), 0);
