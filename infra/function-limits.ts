import {
  CHECK_TIMEOUT_SECONDS,
  NOTIFY_TIMEOUT_MS,
  ROUTE_TIMEOUT_MS,
  SEND_ALERTS_TIMEOUT_MS,
} from '../shared/config/limits.ts';

export type FunctionLimits = { timeoutSeconds: number; memoryMb: number };

/**
 * Timeout and memory of each function, by its folder. Queues derive their visibility timeout from them (AWS: at least 6 times the
 * function's timeout), so they stand apart from the functions' stacks.
 */
export const FUNCTION_LIMITS = {
  /** Well below the 30 s at which an HTTP API gives up: the client gets our answer, never the gateway's (trap L2). */
  ingest: { timeoutSeconds: 10, memoryMb: 512 },
  route: { timeoutSeconds: ROUTE_TIMEOUT_MS / 1_000, memoryMb: 1_024 },
  /**
   * It waits for tools, 50 sends at once, and what waits is billed by memory: half of a gigabyte costs half, and has room for ten lane messages of
   * 900 KB beside the destinations' code (docs/cost.md).
   */
  deliver: { timeoutSeconds: 30, memoryMb: 512 },
  /** Checks a signature; as ingest. */
  oauth: { timeoutSeconds: 10, memoryMb: 512 },
  /** Puts away what ten messages hold. */
  'empty-dead-letters': { timeoutSeconds: 60, memoryMb: 1_024 },
  /** One invocation compresses and puts at most 6 MB. */
  archive: { timeoutSeconds: 60, memoryMb: 1_024 },
  /** Looks through a store of dead letters or archived events in one invocation; sending is cut into turns of less than a minute. */
  replay: { timeoutSeconds: 300, memoryMb: 1_024 },
  /** As ingest: a page waits for it before its first event. */
  cdn: { timeoutSeconds: 10, memoryMb: 512 },
  api: { timeoutSeconds: 15, memoryMb: 1_024 },
  /** Reads all rows of the last hours; a run that does not end in time is taken up by the next. */
  'aggregate-usage': { timeoutSeconds: 300, memoryMb: 1_024 },
  /** Ends before the next run begins; what it does not come to is the next one's. */
  'check-alerts': { timeoutSeconds: CHECK_TIMEOUT_SECONDS, memoryMb: 512 },
  /** Forwards what was audited since the last run; what is left is the next one's. */
  notify: { timeoutSeconds: NOTIFY_TIMEOUT_MS / 1_000, memoryMb: 512 },
  /** Waits for others' answers. */
  'send-alerts': { timeoutSeconds: SEND_ALERTS_TIMEOUT_MS / 1_000, memoryMb: 256 },
} as const satisfies Record<string, FunctionLimits>;

export type FunctionName = keyof typeof FUNCTION_LIMITS;
