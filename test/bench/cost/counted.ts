import type { MeterEntry } from '../../../local/types.ts';
import type { DEDUP_KEYS } from '../../../shared/domain/workspace.ts';

/** By what repeats of a source's events are found. */
export type DedupKey = (typeof DEDUP_KEYS)[number];

export const FUNCTIONS = ['ingest', 'route', 'deliver', 'archive'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Calls of one operation by one function, event source mappings in the function's name. */
export type CountedCall = { by: FunctionName; operation: string; calls: number; units: number };

/** What one run of a cell used: numbers of things, no times but CPU time. */
export type Counted = {
  requests: number;
  events: number;
  /** Events times destinations: what a plain destination gets as requests. */
  sends: number;
  /** Requests a second that the cell stands for; `undefined`: a backlog. */
  requestsPerSecond: number | undefined;
  entryUnits: number;
  answerBodyBytes: number;
  calls: readonly CountedCall[];
  invocations: Readonly<Record<FunctionName, number>>;
  cpuSeconds: Readonly<Record<FunctionName, number>>;
  /** Wall time times memory, of this machine: for differences between two runs only. */
  gbSeconds: Readonly<Record<FunctionName, number>>;
  /** At the tools: requests, and their bytes with all headers. */
  toolRequests: number;
  toolBytes: number;
  logBytes: number;
  logEvents: number;
  archiveBytes: number;
  stored: { seen: Stored; ledger: Stored };
};

/** Items of a table: their number, the units that writing each once takes, bytes, and the sum of bytes times days until they expire. */
export type Stored = { items: number; writeUnits: number; bytes: number; byteDays: number; itemDays: number };

/** One value for each function. */
export const perFunction = (of: (name: FunctionName) => number): Record<FunctionName, number> => ({
  ingest: of('ingest'),
  route: of('route'),
  deliver: of('deliver'),
  archive: of('archive'),
});

/** What the meter of the local cloud says, by function. */
export function countedCalls(
  entries: readonly MeterEntry[],
): Pick<Counted, 'calls' | 'invocations' | 'cpuSeconds' | 'gbSeconds' | 'entryUnits'> & { entryBytes: number } {
  const calls: CountedCall[] = [];
  const of = (operation: string, name: FunctionName, what: 'calls' | 'units') =>
    entries
      .filter((entry) => entry.operation === operation && functionIn(entry.principal) === name)
      .reduce((sum, entry) => sum + entry[what], 0);
  for (const { operation, principal, calls: count, units } of entries) {
    const by = functionIn(principal);
    if (by === undefined || operation.startsWith('lambda:')) continue;
    calls.push({ by, operation, calls: count, units });
  }
  const entry = entries.filter(
    ({ operation, principal }) => operation.startsWith('apigateway:') && principal.endsWith('tracking'),
  );
  return {
    calls,
    invocations: perFunction((name) => of('lambda:Invoke', name, 'calls')),
    cpuSeconds: perFunction((name) => of('lambda:Cpu', name, 'units')),
    gbSeconds: perFunction((name) => of('lambda:Invoke', name, 'units')),
    entryUnits: entry.reduce((sum, { units }) => sum + units, 0),
    entryBytes: entry.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** The function in a physical name such as `Tributary-local-Delivery-RouteFunctionB5414071-c2953a5e1d4d`. */
function functionIn(principal: string): FunctionName | undefined {
  const found = /-([A-Z][a-z]+)Function[0-9A-F]{8}-/.exec(principal)?.[1]?.toLowerCase();
  return FUNCTIONS.find((name) => name === found);
}
