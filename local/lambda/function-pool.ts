import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { AwsError, type Clock, type LogSink, type MetricSink } from '../types.ts';
import { busyShareOf, type Environment, type Outcome, startEnvironment } from './environment.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { Failure } from './runtime-messages.ts';

/** Calls that wait for an environment; further ones are throttled. */
const WAITING_MAX = 1_000;
/** When a call has waited so long while nobody was busy, those that run wait for the outside world, and one more environment is made. */
const STUCK_MS = 200;
/** An event loop that was busy for less of that time has nothing to do. */
const BUSY_SHARE_MAX = 0.5;
/** An environment beyond `maxEnvironments` that was not used for so long is ended. */
const SPARE_IDLE_MS = 30_000;

export type FunctionPool = {
  /** Throws AwsError TooManyRequestsException when too many wait already. */
  invoke(requestId: string, event: string): Promise<Outcome>;
  /** Takes up what the template says now: what runs ends as it began, the next invocation sees the new. */
  change(settings: FunctionSettings): void;
  settings(): FunctionSettings;
  /** Running and waiting. */
  running(): number;
  /** Calls that wait for an environment. */
  waiting(): number;
  end(): Promise<void>;
};

export type PoolDeps = {
  clock: Clock;
  logs: LogSink;
  metrics: MetricSink;
  /** Told of the CPU time of each invocation. */
  onCpu: (functionName: string, cpuMs: number) => void;
  /** All of `process.env` but what the template and Lambda itself set. */
  environmentFor: (functionName: string) => Record<string, string>;
  /** Made at once. */
  maxEnvironments: number;
  /** Made on top of those, one by one, while calls wait although neither they nor the services are busy: a tool does not answer. */
  spareEnvironments: number;
  isProcess: boolean;
};

type Member = { environment: Environment; fingerprint: string; usedAtMs: number };
type Place = PromiseWithResolvers<Member> & { sinceMs: number };

/**
 * The environments of one function: made when all others are busy, up to a cap; then calls wait in order, and more are made only where that
 * takes long. The one used last is used first.
 * Code that changed on disk is seen by the next invocation, in an environment of its own.
 */
export function functionPool(initial: FunctionSettings, deps: PoolDeps): FunctionPool {
  const { clock, logs, metrics } = deps;
  let settings = initial;
  let generation = 0;
  let idle: Member[] = [];
  let running = 0;
  let busy = 0;
  const members = new Set<Member>();
  const waiting: Place[] = [];
  const environmentsMax = deps.maxEnvironments + deps.spareEnvironments;
  let cancelLook: (() => void) | undefined;
  let lookAtMs = 0;
  const servicesBusyShare = busyShareOf(performance);

  /** Changes when the template or the bundle's module does. esbuild names chunks by their content, so a change in one shows in the module. */
  const fingerprint = (): string => {
    const { mtimeMs = 0, size = 0, ino = 0 } = moduleStat(settings.modulePath) ?? {};
    return `${generation} ${mtimeMs} ${size} ${ino}`;
  };
  const start = (): Member => {
    const logStream = `${new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
    const environment = startEnvironment({
      settings,
      variables: {
        ...lambdaVariables(settings, logStream),
        ...deps.environmentFor(settings.name),
        ...settings.variables,
      },
      logStream,
      isProcess: deps.isProcess,
      onLine: (line, requestId) => logs.write({ functionName: settings.name, requestId, atMs: clock.now(), line }),
    });
    const member = { environment, fingerprint: fingerprint(), usedAtMs: clock.now() };
    members.add(member);
    return member;
  };
  const retire = (member: Member) => {
    members.delete(member);
    void member.environment.end();
  };

  const acquire = (): Member | Promise<Member> => {
    const wanted = fingerprint();
    for (let member = idle.pop(); member !== undefined; member = idle.pop()) {
      if (!member.environment.hasEnded() && member.fingerprint === wanted) return member;
      retire(member);
    }
    if (members.size < deps.maxEnvironments) return start();
    if (waiting.length >= WAITING_MAX) {
      metric('Throttles', 1, 'Count');
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    }
    const place = { ...Promise.withResolvers<Member>(), sinceMs: clock.now() };
    waiting.push(place);
    if (waiting.length === 1) busyShares();
    lookLater(STUCK_MS);
    return place.promise;
  };
  /** How busy the services and all environments were since the last question. */
  const busyShares = (): number[] => [
    servicesBusyShare(),
    ...[...members].map(({ environment }) => environment.busyShare()),
  ];
  /** Makes one more environment for the call that has waited longest, and ends spare ones that nobody needs any more. */
  const look = () => {
    cancelLook = undefined;
    const nowMs = clock.now();
    const [oldest] = waiting;
    // While there is work to do, more environments would only be in each other's way.
    const isIdle = busyShares().every((share) => share < BUSY_SHARE_MAX);
    if (isIdle && oldest !== undefined && nowMs - oldest.sinceMs >= STUCK_MS && members.size < environmentsMax) {
      waiting.shift();
      give(oldest, start);
    }
    for (const member of idle.filter(({ usedAtMs }) => nowMs - usedAtMs >= SPARE_IDLE_MS)) {
      if (members.size <= deps.maxEnvironments) break;
      idle = idle.filter((other) => other !== member);
      retire(member);
    }
    if (waiting.length > 0 && members.size < environmentsMax) lookLater(STUCK_MS);
    else if (members.size > deps.maxEnvironments) lookLater(SPARE_IDLE_MS);
  };
  const lookLater = (waitMs: number) => {
    const atMs = clock.now() + waitMs;
    if (cancelLook !== undefined && lookAtMs <= atMs) return;
    cancelLook?.();
    lookAtMs = atMs;
    cancelLook = clock.after(waitMs, look);
  };
  const give = (place: Place, member: () => Member) => {
    try {
      place.resolve(member());
    } catch (error) {
      place.reject(error);
    }
  };
  const release = (member: Member) => {
    const isGood = !member.environment.hasEnded() && member.fingerprint === fingerprint();
    if (!isGood) retire(member);
    const next = waiting.shift();
    if (next === undefined) {
      member.usedAtMs = clock.now();
      if (isGood) idle.push(member);
      return;
    }
    give(next, () => (isGood ? member : start()));
  };

  const metric = (name: string, value: number, unit: string) =>
    metrics.put({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: settings.name },
      value,
      unit,
      atMs: clock.now(),
    });

  const runOn = async (member: Member, requestId: string, event: string): Promise<Outcome> => {
    busy += 1;
    metric('ConcurrentExecutions', busy, 'Count');
    try {
      const { outcome, durationMs, cpuMs } = await member.environment.invoke({ requestId, event });
      deps.onCpu(settings.name, cpuMs);
      metric('Invocations', 1, 'Count');
      metric('Errors', outcome.ok ? 0 : 1, 'Count');
      metric('Duration', durationMs, 'Milliseconds');
      if (!outcome.ok) {
        const line = failureLine(settings, requestId, clock.now(), outcome.failure);
        logs.write({ functionName: settings.name, requestId, atMs: clock.now(), line });
      }
      return outcome;
    } finally {
      busy -= 1;
      release(member);
    }
  };

  return {
    invoke: async (requestId, event) => {
      const place = acquire();
      running += 1;
      try {
        return await runOn(await place, requestId, event);
      } finally {
        running -= 1;
      }
    },
    change: (changed) => {
      if (JSON.stringify(changed) === JSON.stringify(settings)) return;
      settings = changed;
      generation += 1;
    },
    settings: () => settings,
    running: () => running,
    waiting: () => waiting.length,
    end: async () => {
      cancelLook?.();
      idle = [];
      await Promise.all([...members].map((member) => member.environment.end()));
      members.clear();
    },
  };
}

function moduleStat(modulePath: string) {
  for (const end of ['.mjs', '.js', '.cjs']) {
    const stat = statSync(modulePath + end, { throwIfNoEntry: false });
    if (stat !== undefined) return stat;
  }
  return undefined;
}

/** What Lambda itself puts into a function's environment. Nothing of the host's own is passed on. */
const lambdaVariables = (settings: FunctionSettings, logStream: string): Record<string, string> => ({
  AWS_LAMBDA_FUNCTION_NAME: settings.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
  AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: logStream,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: settings.codeDirectory,
  _HANDLER: settings.handler,
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  PATH: '/usr/local/bin:/usr/bin:/bin',
});

/** The line by which Lambda's log tells of a failed invocation. */
function failureLine(settings: FunctionSettings, requestId: string, atMs: number, failure: Failure): string {
  const timestamp = new Date(atMs).toISOString();
  const { errorType, errorMessage, trace: stackTrace } = failure;
  const message = { errorType, errorMessage, stackTrace };
  if (settings.logging.format === 'JSON') return JSON.stringify({ timestamp, level: 'ERROR', requestId, message });
  return `${timestamp}\t${requestId}\tERROR\tInvoke Error\t${JSON.stringify(message)}`;
}
