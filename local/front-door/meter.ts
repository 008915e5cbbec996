import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Meter, MeterEntry, MetricSink, Principal } from '../types.ts';
import { listen, originOf } from './listen.ts';

/** How a caller is named in the meter and in faults. */
export const principalName = (principal: Principal): string =>
  principal.kind === 'operator'
    ? 'operator'
    : principal.kind === 'function'
      ? principal.functionName
      : principal.service;

/** Counts by operation and principal, in memory. `lambda:Cpu` is no call: its units are seconds of CPU that invocations took. */
export function memoryMeter(): Meter {
  let byOperation = new Map<string, Map<string, MeterEntry>>();
  return {
    count: (entry) => {
      let byPrincipal = byOperation.get(entry.operation);
      if (byPrincipal === undefined) {
        byPrincipal = new Map();
        byOperation.set(entry.operation, byPrincipal);
      }
      const known = byPrincipal.get(entry.principal);
      if (known === undefined) {
        byPrincipal.set(entry.principal, { ...entry });
        return;
      }
      known.calls += entry.calls;
      known.units += entry.units;
      known.bytes += entry.bytes;
    },
    snapshot: () =>
      [...byOperation.values()]
        .flatMap((byPrincipal) => [...byPrincipal.values()])
        .map((entry) => ({ ...entry }))
        .toSorted((a, b) => a.operation.localeCompare(b.operation) || a.principal.localeCompare(b.principal)),
    reset: () => {
      byOperation = new Map();
    },
  };
}

/**
 * Passes metrics on, and counts what Lambda bills by: each `Invocations` datum as calls of `lambda:Invoke`, each `Duration` as its
 * GB-seconds in `units` (Duration in ms, billed by the started millisecond, times the function's memory).
 */
export const lambdaMeterSink = (
  meter: Meter,
  memoryMbOf: (functionName: string) => number | undefined,
  next: MetricSink,
): MetricSink => ({
  put: (datum) => {
    next.put(datum);
    const functionName = datum.dimensions['FunctionName'];
    if (datum.namespace !== 'AWS/Lambda' || functionName === undefined) return;
    const entry = { operation: 'lambda:Invoke', principal: functionName, calls: 0, units: 0, bytes: 0 };
    if (datum.name === 'Invocations') meter.count({ ...entry, calls: datum.value });
    if (datum.name === 'Duration') {
      const gigabytes = (memoryMbOf(functionName) ?? 0) / 1024;
      meter.count({ ...entry, units: (Math.ceil(datum.value) / 1000) * gigabytes });
    }
  },
});

/** The meter over HTTP: `GET /_meter` gives `{"entries": [...]}`, `POST /_meter/reset` sets all to nothing and answers 204. */
export async function meterListener(
  meter: Meter,
  host: string,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    request.resume();
    if (request.method === 'GET' && request.url === '/_meter') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ entries: meter.snapshot() }));
    } else if (request.method === 'POST' && request.url === '/_meter/reset') {
      meter.reset();
      response.writeHead(204);
      response.end();
    } else {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"message":"GET /_meter or POST /_meter/reset"}');
    }
  });
  const url = originOf(host, await listen(server, host, port));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
