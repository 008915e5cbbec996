import { AwsError, type Clock, type InvokeResult } from '../types.ts';

/** What an AWS::Lambda::EventInvokeConfig says; AWS's defaults where there is none. */
export type InvokeConfig = {
  retryAttemptsMax: number;
  eventAgeMaxMs: number;
  /** An SQS queue. */
  onFailureArn: string | undefined;
};
export const INVOKE_CONFIG_DEFAULT: InvokeConfig = {
  retryAttemptsMax: 2,
  eventAgeMaxMs: 21_600_000,
  onFailureArn: undefined,
};
/** "Lambda retries function errors twice: one minute before the first retry, two minutes before the second." */
const RETRY_WAITS_MS = [60_000, 120_000];
/** Throttles and system errors come again from 1 s on, at most every 5 minutes, until the event is too old. */
const THROTTLE_WAIT_MS = 1_000;
const THROTTLE_WAIT_MAX_MS = 300_000;

/** The record that an on-failure destination gets. */
export type FailureRecord = {
  version: '1.0';
  timestamp: string;
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: 'RetriesExhausted' | 'EventAgeExceeded';
    approximateInvokeCount: number;
  };
  requestPayload: unknown;
  responseContext?: { statusCode: 200; executedVersion: '$LATEST'; functionError: 'Unhandled' };
  responsePayload?: { errorType: string; errorMessage: string };
};

export type LaterInvocation = {
  requestId: string;
  functionArn: string;
  event: unknown;
  config: () => InvokeConfig;
  /** Throws AwsError when it is throttled. */
  run: () => Promise<InvokeResult>;
  onFailure: (record: FailureRecord) => void;
};

/**
 * One asynchronous invocation with its retries on the clock. The queue behind it is memory: what waits here is lost when the process ends, which
 * AWS would not lose. `onEnd` is called once, whatever became of it.
 */
export function invokeLater(clock: Clock, invocation: LaterInvocation, onEnd: () => void): void {
  const startedAtMs = clock.now();
  let failures = 0;
  let runs = 0;
  let throttleWaitMs = THROTTLE_WAIT_MS;

  const giveUp = (condition: FailureRecord['requestContext']['condition'], result: InvokeResult | undefined) => {
    const failed =
      result === undefined || result.ok
        ? {}
        : {
            responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' } as const,
            responsePayload: { errorType: result.errorType, errorMessage: result.errorMessage },
          };
    invocation.onFailure({
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: invocation.requestId,
        functionArn: invocation.functionArn,
        condition,
        approximateInvokeCount: runs,
      },
      requestPayload: invocation.event,
      ...failed,
    });
    onEnd();
  };
  const again = (waitMs: number, result: InvokeResult | undefined) => {
    if (clock.now() + waitMs - startedAtMs > invocation.config().eventAgeMaxMs) giveUp('EventAgeExceeded', result);
    else clock.after(waitMs, () => void attempt());
  };
  const attempt = async () => {
    let result: InvokeResult;
    try {
      result = await invocation.run();
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'ResourceNotFoundException')
        return giveUp('RetriesExhausted', undefined);
      const waitMs = throttleWaitMs;
      throttleWaitMs = Math.min(throttleWaitMs * 2, THROTTLE_WAIT_MAX_MS);
      return again(waitMs, undefined);
    }
    runs += 1;
    if (result.ok) return onEnd();
    if (failures >= invocation.config().retryAttemptsMax) return giveUp('RetriesExhausted', result);
    const waitMs = RETRY_WAITS_MS[failures] ?? THROTTLE_WAIT_MAX_MS;
    failures += 1;
    return again(waitMs, result);
  };
  void attempt();
}
