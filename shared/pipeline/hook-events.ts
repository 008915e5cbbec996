import { BATCH_EVENTS_MAX, EVENT_BYTES_MAX, JSON_DEPTH_MAX } from '../config/limits.ts';
import { HookBody } from '../domain/intake-message.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { inside } from '../domain/mapping/check-mapping.ts';
import { evaluateMapping, type MappingBudget, mappingBudget } from '../domain/mapping/evaluate-mapping.ts';
import { type KnownSizes, sizeOf } from '../domain/mapping/json-size.ts';
import { parsePath, valueAtPath } from '../domain/mapping/mapping-path.ts';
import type { InvalidReason } from '../domain/outcomes.ts';
import { HOOK_FIELDS, type HookField, type HookRequest, type HookRules } from '../domain/source-hook.ts';

/** What one item of a request became. `at` of a fault: the place in the rules, or the field of the event. */
export type MappedItem =
  | { outcome: 'event'; event: JsonObject }
  | { outcome: 'fault'; reason: InvalidReason; at: string; message: string };

/** The events of a request, made one by one: together they may be far larger than it. */
export type HookReading = { count: number; itemAt: (index: number) => MappedItem };

/** The body of an intake message of kind `hook`. One that is none was not made by ingest; it is one event that cannot be made. */
export function readHookBody(body: unknown, sourceId: string): HookReading {
  const found = HookBody.safeParse(body);
  if (!found.success) return oneFault('', 'the message holds no request of a webhook');
  const { rules, headers, body: posted } = found.data;
  return readHook(rules, { headers, body: posted as Json }, sourceId);
}

/** Reads a request by rules. Pure and deterministic; never throws, whatever was posted. */
export function readHook(rules: HookRules, request: HookRequest, sourceId: string): HookReading {
  const root: JsonObject = { body: request.body, headers: request.headers };
  const about = { sourceId, budget: mappingBudget(), sizes: new WeakMap() };
  if (rules.each === undefined) return { count: 1, itemAt: () => mapItem(rules, root, about) };
  const steps = parsePath(rules.each);
  const list = steps && valueAtPath(root, steps);
  if (!Array.isArray(list)) return oneFault('each', `there is no list at ${rules.each}`);
  return {
    count: list.length,
    itemAt: (index) =>
      index < BATCH_EVENTS_MAX
        ? mapItem(rules, { ...root, item: list[index] ?? null, index }, { ...about, index })
        : fault('hook_too_many_items', 'each', `of one request at most ${BATCH_EVENTS_MAX} items become events`),
  };
}

const fault = (reason: InvalidReason, at: string, message: string): MappedItem => ({
  outcome: 'fault',
  reason,
  at,
  message,
});

const oneFault = (at: string, message: string): HookReading => ({
  count: 1,
  itemAt: () => fault('hook_mapping_failed', at, message),
});

/** `budget` and `sizes` are of the whole request. */
type About = { sourceId: string; budget: MappingBudget; sizes: KnownSizes; index?: number };

function mapItem(rules: HookRules, root: JsonObject, item: About): MappedItem {
  const event: JsonObject = {};
  let size = 0;
  for (const field of HOOK_FIELDS) {
    const expression = Object.hasOwn(rules.mapping, field) ? rules.mapping[field] : undefined;
    if (expression === undefined) continue;
    const at = inside('mapping', field);
    const found = evaluateMapping(expression, root, at, item.budget);
    if (found.outcome === 'fault') {
      return fault(found.fault === 'too-much' ? 'event_too_large' : 'hook_mapping_failed', found.at, found.message);
    }
    const value = asField(field, found.value);
    if (value === undefined) continue;
    size += sizeOf(value, EVENT_BYTES_MAX, item.sizes);
    if (size > EVENT_BYTES_MAX)
      return fault('event_too_large', at, `makes the event larger than ${EVENT_BYTES_MAX} bytes`);
    if (!isAtMostDeep(value, JSON_DEPTH_MAX - 1))
      return fault('too_deep', at, `is nested more than ${JSON_DEPTH_MAX} deep`);
    event[field] = value;
  }
  const names = rules.mapping;
  return {
    outcome: 'event',
    event: {
      ...event,
      ...(event['type'] === undefined && { type: 'track' }),
      // Many requests are about nobody: together they are one, which is the source itself.
      ...(names['userId'] === undefined && names['anonymousId'] === undefined && { anonymousId: item.sourceId }),
      ...messageIdOf(event, rules, root, item.index),
    },
  };
}

/** By the header that names the delivery; with several events of one, each has its place behind it. */
function messageIdOf(
  event: JsonObject,
  { eventIdHeader }: HookRules,
  { headers }: JsonObject,
  index: number | undefined,
): JsonObject {
  if (event['messageId'] !== undefined || eventIdHeader === undefined || !isJsonObject(headers)) return {};
  const name = eventIdHeader.toLowerCase();
  const id = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (typeof id !== 'string' || id === '') return {};
  return { messageId: index === undefined ? id : `${id}-${index}` };
}

const TEXT_FIELDS: ReadonlySet<HookField> = new Set([
  'event',
  'name',
  'category',
  'userId',
  'anonymousId',
  'groupId',
  'previousId',
  'messageId',
]);

/** Tools number what they know: a number does for a text, and seconds or milliseconds do for a time. Null and the empty text are nothing. */
function asField(field: HookField, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (TEXT_FIELDS.has(field)) return value === '' ? undefined : typeof value === 'number' ? String(value) : value;
  return field === 'timestamp' ? timeOf(value) : value;
}

/** Below it, a number is seconds since the epoch (until the year 5138), above it milliseconds (since 1973). */
const SECONDS_BELOW = 1e11;
const TIME_MS_MAX = 8.64e15;

function timeOf(value: Json): Json | undefined {
  if (value === '') return undefined;
  const number = typeof value === 'string' && /^\d{9,13}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return value;
  const ms = Math.floor(number < SECONDS_BELOW ? number * 1_000 : number);
  return Math.abs(ms) > TIME_MS_MAX ? value : new Date(ms).toISOString();
}

function isAtMostDeep(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isAtMostDeep(inner, depth - 1));
}
