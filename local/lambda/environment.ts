import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { FunctionSettings } from './function-settings.ts';
import type { Failure, FromRuntime, ToRuntime } from './runtime-messages.ts';

const RUNTIME_FILE = join(import.meta.dirname, 'runtime.ts');
/** Lambda's limit for the initialisation of an environment. */
const INIT_TIMEOUT_MS = 10_000;
/**
 * A thread that fills its heap is ended with 16 MB to spare, which Node fixes; a larger young generation, promoted at once, would pass that and
 * take the whole process down (measured: 48 MB does, 32 MB does not). A single allocation of more still does; processes are safe from it.
 */
const YOUNG_GENERATION_MB = 16;
/** What V8 exits with when its heap is full: by SIGABRT, or as a shell would write that. */
const ABORTED = ['SIGABRT', 134, 'SIGTRAP', 133];

export type Outcome = { ok: true; payload: string } | { ok: false; failure: Failure };
export type EnvironmentInvocation = { requestId: string; event: string };
/** `cpuMs`: of the thread that ran it; 0 where it ended without a word. */
export type Invoked = { outcome: Outcome; durationMs: number; cpuMs: number };

/** One place where a function runs, one invocation at a time. */
export type Environment = {
  /** Waits for the initialisation if that still runs. Never throws: whatever goes wrong is the outcome's failure. */
  invoke(invocation: EnvironmentInvocation): Promise<Invoked>;
  /** True as soon as it can run no more: it timed out, ran out of memory, exited. */
  hasEnded(): boolean;
  /** How busy its event loop was since the last question, 0 to 1; 1 until it is initialised. Of a process nobody knows, so 0. */
  busyShare(): number;
  end(): Promise<void>;
};

export type EnvironmentOptions = {
  settings: FunctionSettings;
  /** All that `process.env` of the function shall hold. */
  variables: Record<string, string>;
  logStream: string;
  /** A child process instead of a worker thread. */
  isProcess: boolean;
  onLine(line: string, requestId: string): void;
};

/** How a channel ended. */
type End = { exit: number | string; error?: Error & { code?: string } };
type Channel = { post(message: ToRuntime): void; busyShare(): number; kill(): Promise<void> };

/** Starts an environment. Its initialisation goes on by itself; the first invocation waits for it. */
export function startEnvironment(options: EnvironmentOptions): Environment {
  const { settings } = options;
  let isEnded = false;
  let isReady = false;
  let requestId = '';
  let partialLine = '';
  let fatal: Failure | undefined;
  let cpuMs = 0;
  /** Settles what is awaited of the runtime: its initialisation or an invocation. */
  let settle: ((outcome: Outcome) => void) | undefined;

  const onText = (text: string) => {
    const lines = (partialLine + text).split('\n');
    partialLine = lines.pop() ?? '';
    for (const line of lines) if (line !== '') options.onLine(line, requestId);
  };
  const flush = () => {
    if (partialLine !== '') options.onLine(partialLine, requestId);
    partialLine = '';
  };
  const give = (outcome: Outcome) => {
    flush();
    const waiting = settle;
    settle = undefined;
    waiting?.(outcome);
  };
  const onMessage = (message: FromRuntime) => {
    if (message.kind === 'log') onText(message.text);
    else if (message.kind === 'ready') give({ ok: true, payload: '' });
    else if (message.kind === 'answered') {
      cpuMs = message.cpuMs;
      give({ ok: true, payload: message.payload });
    } else if (message.kind === 'failed') {
      cpuMs = message.cpuMs;
      give({ ok: false, failure: message.failure });
    } else {
      // It ends itself now; what is awaited gets the reason rather than the exit.
      fatal = message.failure;
      isEnded = true;
    }
  };
  const onEnd = (end: End) => {
    isEnded = true;
    give({ ok: false, failure: fatal ?? failureOf(end, requestId) });
  };

  const channel = options.isProcess
    ? processChannel(options, onMessage, onEnd, onText)
    : threadChannel(options, onMessage, onEnd);
  const awaited = (timeoutMs: number, what: string): Promise<Outcome> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        isEnded = true;
        settle = undefined;
        flush();
        resolve({ ok: false, failure: timedOut(requestId, what, timeoutMs) });
        void channel.kill();
      }, timeoutMs);
      settle = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
    });

  const ready = awaited(INIT_TIMEOUT_MS, 'Init phase').then((outcome) => {
    isReady = outcome.ok;
    return outcome;
  });
  channel.post({
    kind: 'start',
    codeDirectory: settings.codeDirectory,
    handler: settings.handler,
    functionName: settings.name,
    functionArn: settings.arn,
    memoryMb: settings.memoryMb,
    logGroup: settings.logGroup,
    logStream: options.logStream,
    logging: settings.logging,
  });

  return {
    invoke: async (invocation) => {
      ({ requestId } = invocation);
      const initialised = await ready;
      cpuMs = 0;
      if (!initialised.ok) return { outcome: initialised, durationMs: 0, cpuMs };
      const startedMs = performance.now();
      if (isEnded) {
        const failure = fatal ?? failureOf({ exit: 0 }, requestId);
        return { outcome: { ok: false, failure }, durationMs: 0, cpuMs };
      }
      const outcome = awaited(settings.timeoutMs, 'Task');
      channel.post({ kind: 'invoke', ...invocation, timeoutMs: settings.timeoutMs });
      const ended = await outcome;
      return { outcome: ended, durationMs: performance.now() - startedMs, cpuMs };
    },
    hasEnded: () => isEnded,
    busyShare: () => (isReady ? channel.busyShare() : 1),
    end: async () => {
      isEnded = true;
      await channel.kill();
    },
  };
}

function threadChannel(
  { settings, variables }: EnvironmentOptions,
  onMessage: (message: FromRuntime) => void,
  onEnd: (end: End) => void,
): Channel {
  const worker = new Worker(RUNTIME_FILE, {
    env: variables,
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    name: settings.name,
  });
  let error: (Error & { code?: string }) | undefined;
  worker.on('message', onMessage);
  worker.on('error', (thrown: Error & { code?: string }) => {
    error = thrown;
  });
  worker.on('exit', (exit) => onEnd(error === undefined ? { exit } : { exit, error }));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    post: (message) => worker.postMessage(message),
    busyShare: busyShareOf(worker.performance),
    kill: async () => {
      await worker.terminate();
    },
  };
}

/** How busy an event loop was since the last question, 0 to 1. A thread that waits for the processor counts as busy. */
export function busyShareOf(loop: {
  eventLoopUtilization(now?: EventLoopUtilization, before?: EventLoopUtilization): EventLoopUtilization;
}): () => number {
  let before = loop.eventLoopUtilization();
  return () => {
    const now = loop.eventLoopUtilization();
    const { utilization } = loop.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

function processChannel(
  { settings, variables }: EnvironmentOptions,
  onMessage: (message: FromRuntime) => void,
  onEnd: (end: End) => void,
  onText: (text: string) => void,
): Channel {
  const child = fork(RUNTIME_FILE, [], {
    env: { ...variables, TZ: 'UTC' },
    execArgv: [`--max-old-space-size=${settings.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    const end = (given: End) => {
      if (isOver) return;
      isOver = true;
      onEnd(given);
      resolve();
    };
    child.on('exit', (code, signal) => end({ exit: signal ?? code ?? 0 }));
    child.on('error', (error) => end({ exit: 1, error }));
  });
  // What the runtime writes comes by messages; this is what V8 itself says before it dies.
  child.stdout?.on('data', (chunk: Buffer) => onText(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => onText(chunk.toString()));
  child.on('message', (message) => onMessage(message as FromRuntime));
  return {
    post: (message) => {
      // A child that is gone already reports it by its exit.
      child.send(message, () => undefined);
    },
    busyShare: () => 0,
    kill: async () => {
      child.kill('SIGKILL');
      await over;
    },
  };
}

/** What Lambda reports of an environment that ended without a word. */
function failureOf({ exit, error }: End, requestId: string): Failure {
  const reason = (what: string) => `RequestId: ${requestId} Error: ${what}`;
  if (error?.code === 'ERR_WORKER_OUT_OF_MEMORY' || ABORTED.includes(exit)) {
    return {
      errorType: 'Runtime.OutOfMemory',
      errorMessage: reason('Runtime exited with error: signal: killed'),
      trace: [],
    };
  }
  if (error !== undefined) return { errorType: 'Runtime.ExitError', errorMessage: reason(error.message), trace: [] };
  const how =
    exit === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${typeof exit === 'string' ? `signal: ${exit}` : `exit status ${exit}`}`;
  return { errorType: 'Runtime.ExitError', errorMessage: reason(how), trace: [] };
}

const timedOut = (requestId: string, what: string, timeoutMs: number): Failure => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: ${what} timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`,
  trace: [],
});
