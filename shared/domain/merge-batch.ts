import type { Json, JsonObject } from './json.ts';
import { isJsonObject, objectIn, own } from './json.ts';

/** What a batch says of each of its events (E13). */
export type BatchSetting = { context?: JsonObject; integrations?: JsonObject };

/** The two objects of a batch's body; anything else under their names is nobody's. */
export function batchSettingOf(body: JsonObject): BatchSetting {
  const context = own(body, 'context');
  const integrations = own(body, 'integrations');
  return { ...(isJsonObject(context) && { context }), ...(isJsonObject(integrations) && { integrations }) };
}

/**
 * An event of a batch with the batch's context and integrations in it (E13). What the event says itself goes before: of `context` at every
 * depth, since a batch says of the device what an event need not repeat; of `integrations` by destination, since its value there is one decision.
 * What the event has under these names and is no object says nothing (PHP writes `[]` for an empty one), and the batch's word holds. Lists are values. Copied, never assigned (T11).
 */
export function mergeBatch(payload: JsonObject, { context, integrations }: BatchSetting): JsonObject {
  const merged: { context?: Json; integrations?: Json } = {};
  if (context !== undefined) merged.context = mergedDeep(context, objectIn(payload, 'context'));
  if (integrations !== undefined) merged.integrations = { ...integrations, ...objectIn(payload, 'integrations') };
  return { ...payload, ...merged };
}

/** `over` on `under`. As deep as JSON_DEPTH_MAX at most, which ingest has seen to. */
function mergedDeep(under: JsonObject, over: JsonObject): JsonObject {
  const entries = Object.keys(over).map((key): [string, Json] => {
    const value = over[key] as Json;
    const below = own(under, key);
    return [key, isJsonObject(value) && isJsonObject(below) ? mergedDeep(below, value) : value];
  });
  // fromEntries defines, and does not assign: `__proto__` becomes a property.
  return { ...under, ...Object.fromEntries(entries) };
}
