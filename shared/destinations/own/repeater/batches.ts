import type { JsonObject } from '../../../domain/json.ts';

/** The tracking API takes 500 KB in a request (E06); so much is left for what stands around the events. */
const REQUEST_BYTES_MAX = 490_000;

/** Bodies for /v1/batch with all of the events, in order, none larger than the API takes. An event alone is never too large: it came by that API. */
export function batchBodies(events: readonly JsonObject[]): string[] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const event of events) {
    const text = JSON.stringify(event);
    const size = Buffer.byteLength(text) + 1;
    const last = batches.at(-1);
    if (last === undefined || bytes + size > REQUEST_BYTES_MAX) {
      batches.push([text]);
      bytes = size;
    } else {
      last.push(text);
      bytes += size;
    }
  }
  return batches.map((texts) => `{"batch":[${texts.join(',')}]}`);
}
