import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { parentPort } from 'node:worker_threads';
import type { Failure, FromRuntime, LogFormat, ToRuntime } from './runtime-messages.ts';

/**
 * Runs inside one environment, a worker thread or a child process, and nowhere else: loads the bundle, then answers one invocation after the
 * other as Lambda's runtime for Node 24 does. A module of effects: the host starts it as a program.
 */

/** Lambda's limit for the answer of a synchronous invocation. */
const RESPONSE_BYTES_MAX = 6_291_556;
const FATAL_EXIT_CODE = 129;
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;
type Start = Extract<ToRuntime, { kind: 'start' }>;
type Invocation = Extract<ToRuntime, { kind: 'invoke' }>;

const post = (message: FromRuntime, sent: () => void = () => undefined): void => {
  if (parentPort === null) {
    process.send?.(message, undefined, undefined, sent);
  } else {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort.postMessage(message);
    sent();
  }
};

let start: Start | undefined;
let handler: Handler | undefined;
let requestId = '';

const onMessage = (message: ToRuntime): void => {
  if (message.kind === 'start') void load(message);
  else void invoke(message);
};
if (parentPort === null) process.on('message', onMessage);
else parentPort.on('message', onMessage);

// Lambda ends the environment for either, and reports the error as the invocation's.
const die = (failure: Failure): void => post({ kind: 'fatal', failure }, () => process.exit(FATAL_EXIT_CODE));
process.on('uncaughtException', (error: unknown) => die(failureOf(error)));
process.on('unhandledRejection', (reason: unknown) =>
  die({ ...failureOf(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }),
);
// A child process whose host is gone has no one to answer.
if (parentPort === null) process.on('disconnect', () => process.exit(0));

// Output travels by the same way as answers, so that each line keeps its place and its invocation.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, written?: unknown): boolean => {
    post({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = typeof encoding === 'function' ? encoding : written;
    if (typeof done === 'function') queueMicrotask(() => done());
    return true;
  };
}

async function load(message: Start): Promise<void> {
  start = message;
  patchConsole(message.logging);
  try {
    handler = await loadHandler(message.codeDirectory, message.handler);
    post({ kind: 'ready' });
  } catch (error) {
    post({ kind: 'init-failed', failure: failureOf(error) }, () => process.exit(1));
  }
}

async function loadHandler(codeDirectory: string, path: string): Promise<Handler> {
  const dot = path.lastIndexOf('.');
  const [file, name] = [path.slice(0, dot), path.slice(dot + 1)];
  const found = ['.mjs', '.js', '.cjs'].map((end) => join(codeDirectory, file + end)).find((it) => existsSync(it));
  if (found === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const loaded: Record<string, unknown> = await import(pathToFileURL(found).href);
  const inner = loaded['default'];
  const value =
    loaded[name] ?? (typeof inner === 'object' && inner !== null ? (inner as typeof loaded)[name] : undefined);
  if (typeof value !== 'function') throw named('Runtime.HandlerNotFound', `${path} is undefined or not exported`);
  if (value.length > 2) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.',
    );
  }
  return value as Handler;
}

async function invoke(invocation: Invocation): Promise<void> {
  if (start === undefined || handler === undefined) return;
  ({ requestId } = invocation);
  const before = process.threadCpuUsage();
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    const answer = await handler(JSON.parse(invocation.event), contextOf(start, invocation));
    const payload = payloadOf(answer);
    post({ kind: 'answered', payload, cpuMs: cpuMs() });
  } catch (error) {
    post({ kind: 'failed', failure: failureOf(error), cpuMs: cpuMs() });
  }
}

function payloadOf(answer: unknown): string {
  let payload: string | undefined;
  try {
    payload = JSON.stringify(answer === undefined ? null : answer) ?? 'null';
  } catch {
    throw named('Runtime.MarshalError', 'Unable to stringify response body');
  }
  // A text of a third of the limit cannot be beyond it in UTF-8: most answers are not measured.
  if (payload.length * 3 > RESPONSE_BYTES_MAX && Buffer.byteLength(payload) > RESPONSE_BYTES_MAX) {
    throw named(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
    );
  }
  return payload;
}

function contextOf(start: Start, { requestId, timeoutMs }: Invocation): Record<string, unknown> {
  const deadlineMs = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMb),
    logGroupName: start.logGroup,
    logStreamName: start.logStream,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadlineMs - performance.now())),
  };
}

/** console writes a line per call: by tabs, or in the JSON format an object with time, level, request and message. */
function patchConsole({ format: logFormat, applicationLevel }: LogFormat): void {
  const least = logFormat === 'JSON' ? LEVELS.indexOf(applicationLevel) : 0;
  const write =
    (level: string) =>
    (...values: unknown[]): void => {
      if (LEVELS.indexOf(level) < least) return;
      const timestamp = new Date().toISOString();
      if (logFormat === 'JSON') {
        process.stdout.write(`${JSON.stringify({ timestamp, level, requestId, message: jsonMessage(values) })}\n`);
      } else {
        process.stdout.write(`${timestamp}\t${requestId}\t${level}\t${format(...values).replaceAll('\n', '\r')}\n`);
      }
    };
  Object.assign(globalThis.console, {
    trace: write('TRACE'),
    debug: write('DEBUG'),
    log: write('INFO'),
    info: write('INFO'),
    warn: write('WARN'),
    error: write('ERROR'),
  });
}

function jsonMessage(values: unknown[]): unknown {
  const [first] = values;
  if (values.length !== 1 || typeof first !== 'object') return format(...values);
  return first instanceof Error ? failureOf(first) : first;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n').slice(0, 20) };
}
