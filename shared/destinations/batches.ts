import { PART_SENDS_MAX } from '../config/limits.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** Which events go out in one call of an action, as indexes into the events given. */
export type Batch = readonly number[];

/**
 * Groups events for an action that takes many at once. The library sends a batch to where its first event says, so events whose
 * `keys` fields (batch_keys) resolve to other values must not share one; `resolve` maps those fields for one event. No batch is larger
 * than `sizeMax`. The order within a group is kept; groups come in the order of their first event.
 */
export function groupIntoBatches(
  events: readonly JsonObject[],
  keys: JsonObject,
  sizeMax: number,
  resolve: (fields: JsonObject, event: JsonObject) => unknown,
): Batch[] {
  const hasKeys = Object.keys(keys).length > 0;
  const groups = new Map<string, number[][]>();
  for (const [index, event] of events.entries()) {
    const name = hasKeys ? JSON.stringify(resolve(keys, event)) : '';
    const batches = groups.get(name) ?? [];
    const last = batches.at(-1);
    if (last === undefined || last.length >= sizeMax) batches.push([index]);
    else last.push(index);
    groups.set(name, batches);
  }
  return [...groups.values()].flat();
}

/** What a mapping says about the size of its batches: 0, nothing and nonsense mean as large as a part. */
export const batchSizeOf = (value: Json | undefined): number =>
  typeof value === 'number' && value >= 1 ? Math.min(Math.floor(value), PART_SENDS_MAX) : PART_SENDS_MAX;
