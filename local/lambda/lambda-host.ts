import { randomUUID } from 'node:crypto';
import { integerProperty, optionalObject, optionalText, refuseUnknown, requiredText } from '../sqs/known-properties.ts';
import {
  AwsError,
  type Clock,
  type InvokeResult,
  type LambdaHost,
  type LogSink,
  type MetricSink,
  type ResourceProvider,
  type ResourceToCreate,
} from '../types.ts';
import { type FunctionPool, functionPool } from './function-pool.ts';
import {
  FUNCTION_HONOURED,
  FUNCTION_IGNORED,
  type FunctionSettings,
  functionNameOf,
  functionArn,
  functionSettings,
  isBucketDeployer,
} from './function-settings.ts';
import { type FailureRecord, INVOKE_CONFIG_DEFAULT, type InvokeConfig, invokeLater } from './invoke-later.ts';

/** Lambda quota: payload of a synchronous invocation, request and response each. */
const PAYLOAD_BYTES_MAX = 6_291_556;
/** Lambda quota: payload of an asynchronous invocation, 1 MB (since October 2025). */
const LATER_BYTES_MAX = 1_048_576;
const ENVIRONMENTS_MAX_DEFAULT = 2;
/** On top of them while calls wait: a destination that hangs in each of twenty lanes holds twice as many, and the others go on. */
const SPARE_ENVIRONMENTS_DEFAULT = 40;
const DRAIN_MS = 10_000;
const DRAIN_CHECK_MS = 20;

/** A grant on a function, for whoever checks it. */
export type LambdaPermission = {
  functionName: string;
  action: string;
  principal: string;
  sourceArn: string | undefined;
  sourceAccount: string | undefined;
};

export type LocalLambda = LambdaHost & {
  readonly providers: readonly ResourceProvider[];
  permissions(): readonly LambdaPermission[];
  functions(): readonly FunctionSettings[];
  /** 0 when nothing runs, waits for an environment, or waits to be tried again. */
  running(): number;
  /** Calls of a function that wait for an environment. */
  waiting(functionName: string): number;
  /** Environments of one function that are made at once: the bound of an event source mapping's concurrency here. */
  readonly maxEnvironments: number;
  /** Takes no more calls, gives those that run 10 s, ends all environments. */
  close(): Promise<void>;
};

export type LambdaHostDeps = {
  clock: Clock;
  logs: LogSink;
  metrics: MetricSink;
  /** Told of the CPU time of each invocation; AWS has no such number without Lambda Insights. */
  onCpu?: (functionName: string, cpuMs: number) => void;
  /** Region, endpoint, access key: what a function's SDK clients find in their environment. */
  environmentFor: (functionName: string) => Record<string, string>;
  /** The directory of a function's `Code`. */
  resolveCode: (code: Record<string, unknown>) => string;
  /** Puts the record of a failed asynchronous invocation into a queue, acting with the function's role. */
  sendToDestination: (roleArn: string, destinationArn: string, body: string) => Promise<void>;
  maxEnvironments?: number;
  /** How many more there may be while those are stuck. */
  spareEnvironments?: number;
  /** Child processes instead of worker threads: slower to start, and a crash outside V8's heap takes down no one else. */
  processes?: boolean;
};

/**
 * Runs the functions of a template: their very bundles, each in environments of its own. Time limits are real time, since code runs in it;
 * waits between retries go by the clock. Memory is bounded for V8's heap, not for buffers beside it.
 */
export function lambdaHost(deps: LambdaHostDeps): LocalLambda {
  const { clock, logs } = deps;
  const { maxEnvironments = ENVIRONMENTS_MAX_DEFAULT, spareEnvironments = SPARE_ENVIRONMENTS_DEFAULT } = deps;
  const pools = new Map<string, FunctionPool>();
  const invokeConfigs = new Map<string, InvokeConfig>();
  const permissions = new Map<string, LambdaPermission>();
  let later = 0;
  let isClosed = false;

  const poolOf = (reference: string): FunctionPool => {
    const name = functionNameOf(reference);
    const pool = pools.get(name);
    if (pool === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    return pool;
  };
  const requireOpen = () => {
    if (isClosed) throw new AwsError('ServiceException', 'The local cloud is stopping.', 503);
  };
  const payloadOf = (event: unknown, bytesMax: number): string => {
    const payload = JSON.stringify(event) ?? 'null';
    if (payload.length * 3 > bytesMax && Buffer.byteLength(payload) > bytesMax) {
      throw new AwsError(
        'RequestTooLargeException',
        `Request must be smaller than ${bytesMax} bytes for the InvokeFunction operation`,
        413,
      );
    }
    return payload;
  };
  const run = async (pool: FunctionPool, requestId: string, payload: string): Promise<InvokeResult> => {
    const outcome = await pool.invoke(requestId, payload);
    if (outcome.ok) return { ok: true, payload: JSON.parse(outcome.payload) };
    return { ok: false, errorType: outcome.failure.errorType, errorMessage: outcome.failure.errorMessage };
  };
  const toDestination = (pool: FunctionPool, record: FailureRecord) => {
    const { name, roleArn } = pool.settings();
    const { onFailureArn } = invokeConfigs.get(name) ?? INVOKE_CONFIG_DEFAULT;
    if (onFailureArn === undefined) return;
    deps.sendToDestination(roleArn, onFailureArn, JSON.stringify(record)).catch((error: unknown) => {
      const line = JSON.stringify({
        level: 'ERROR',
        message: `The on-failure destination ${onFailureArn} did not take the record: ${String(error)}`,
      });
      logs.write({ functionName: name, requestId: record.requestContext.requestId, atMs: clock.now(), line });
    });
  };

  const providers: ResourceProvider[] = [
    {
      type: 'AWS::Lambda::Function',
      honoured: FUNCTION_HONOURED,
      ignored: FUNCTION_IGNORED,
      create: async (resource) => {
        const { logicalId, physicalName } = resource;
        if (isBucketDeployer(logicalId)) return { ref: physicalName, attributes: { Arn: functionArn(physicalName) } };
        const settings = functionSettings(resource, deps.resolveCode);
        const pool = pools.get(settings.name);
        if (pool === undefined) {
          const { metrics, environmentFor } = deps;
          const isProcess = deps.processes === true;
          const onCpu = deps.onCpu ?? (() => undefined);
          const poolDeps = {
            clock,
            logs,
            metrics,
            onCpu,
            environmentFor,
            maxEnvironments,
            spareEnvironments,
            isProcess,
          };
          pools.set(settings.name, functionPool(settings, poolDeps));
        } else pool.change(settings);
        return { ref: settings.name, attributes: { Arn: settings.arn } };
      },
      remove: async ({ ref }) => {
        const pool = pools.get(ref);
        pools.delete(ref);
        invokeConfigs.delete(ref);
        await pool?.end();
      },
    },
    {
      type: 'AWS::Lambda::EventInvokeConfig',
      honoured: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
      ignored: [],
      create: async (resource) => {
        const { functionName, config } = eventInvokeConfig(resource);
        poolOf(functionName);
        invokeConfigs.set(functionName, config);
        return { ref: `${functionName}:$LATEST`, attributes: {} };
      },
      remove: async ({ ref }) => {
        invokeConfigs.delete(functionNameOf(ref).split(':')[0] ?? ref);
      },
    },
    {
      type: 'AWS::Lambda::Permission',
      honoured: ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'],
      ignored: [],
      create: async ({ logicalId, physicalName, properties }) => {
        const what = `AWS::Lambda::Permission ${logicalId}`;
        const known = ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'];
        refuseUnknown(what, properties, known);
        permissions.set(physicalName, {
          functionName: poolOf(requiredText(`${what}.FunctionName`, properties['FunctionName'])).settings().name,
          action: requiredText(`${what}.Action`, properties['Action']),
          principal: requiredText(`${what}.Principal`, properties['Principal']),
          sourceArn: optionalText(`${what}.SourceArn`, properties['SourceArn']),
          sourceAccount: optionalText(`${what}.SourceAccount`, properties['SourceAccount']),
        });
        return { ref: physicalName, attributes: { Id: physicalName } };
      },
      remove: async ({ physicalName }) => {
        permissions.delete(physicalName);
      },
    },
  ];

  return {
    providers,
    maxEnvironments,
    permissions: () => [...permissions.values()],
    functions: () => [...pools.values()].map((pool) => pool.settings()),
    running: () => [...pools.values()].reduce((sum, pool) => sum + pool.running(), later),
    waiting: (functionName) => pools.get(functionName)?.waiting() ?? 0,
    invoke: async (functionName, event) => {
      requireOpen();
      return await run(poolOf(functionName), randomUUID(), payloadOf(event, PAYLOAD_BYTES_MAX));
    },
    invokeLater: (functionName, event, onEnd) => {
      requireOpen();
      const pool = poolOf(functionName);
      const payload = payloadOf(event, LATER_BYTES_MAX);
      const requestId = randomUUID();
      const { arn, name } = pool.settings();
      later += 1;
      invokeLater(
        clock,
        {
          requestId,
          functionArn: `${arn}:$LATEST`,
          event,
          config: () => invokeConfigs.get(name) ?? INVOKE_CONFIG_DEFAULT,
          run: () => run(pool, requestId, payload),
          onFailure: (record) => toDestination(pool, record),
        },
        () => {
          later -= 1;
          onEnd?.();
        },
      );
    },
    close: async () => {
      isClosed = true;
      const isBusy = () => [...pools.values()].some((pool) => pool.running() > 0);
      for (const endMs = performance.now() + DRAIN_MS; isBusy() && performance.now() < endMs; ) {
        await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
      }
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

function eventInvokeConfig({ logicalId, properties }: ResourceToCreate): {
  functionName: string;
  config: InvokeConfig;
} {
  const what = `AWS::Lambda::EventInvokeConfig ${logicalId}`;
  refuseUnknown(what, properties, [
    'FunctionName',
    'Qualifier',
    'MaximumRetryAttempts',
    'MaximumEventAgeInSeconds',
    'DestinationConfig',
  ]);
  if ((properties['Qualifier'] ?? '$LATEST') !== '$LATEST') {
    throw new Error(`${what}: the local cloud has no versions and no aliases.`);
  }
  const destinations = optionalObject(`${what}.DestinationConfig`, properties['DestinationConfig']) ?? {};
  refuseUnknown(`${what}.DestinationConfig`, destinations, ['OnFailure']);
  const onFailure = optionalObject(`${what}.OnFailure`, destinations['OnFailure']) ?? {};
  const onFailureArn = optionalText(`${what}.OnFailure.Destination`, onFailure['Destination']);
  if (onFailureArn !== undefined && !onFailureArn.startsWith('arn:aws:sqs:')) {
    throw new Error(`${what}: the local cloud knows SQS queues as destinations, not ${onFailureArn}.`);
  }
  const age = { min: 60, max: 21_600, absent: 21_600 };
  return {
    functionName: functionNameOf(requiredText(`${what}.FunctionName`, properties['FunctionName'])),
    config: {
      retryAttemptsMax: integerProperty(`${what}.MaximumRetryAttempts`, properties['MaximumRetryAttempts'], {
        min: 0,
        max: 2,
        absent: INVOKE_CONFIG_DEFAULT.retryAttemptsMax,
      }),
      eventAgeMaxMs:
        integerProperty(`${what}.MaximumEventAgeInSeconds`, properties['MaximumEventAgeInSeconds'], age) * 1_000,
      onFailureArn,
    },
  };
}
