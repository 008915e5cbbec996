import type { ActionDefinition, DefinitionField } from '../../../shared/destinations/destination-definition.ts';
import type { EventType } from '../../../shared/domain/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/domain/json.ts';
import { SWEEP_TIME, sampleOf } from './sample-values.ts';

/** The parts of an event that only some types have. */
const OWN_ROOTS: Readonly<Record<EventType, readonly string[]>> = {
  identify: ['traits'],
  track: ['event', 'properties'],
  page: ['name', 'category', 'properties'],
  screen: ['name', 'category', 'properties'],
  group: ['groupId', 'traits'],
  alias: ['previousId'],
};
const SPECIAL_ROOTS = new Set(Object.values(OWN_ROOTS).flat());
/** Where a person puts what a mapping is to find and the spec has no place for. */
const BAG: Readonly<Record<EventType, string>> = {
  identify: 'traits',
  track: 'properties',
  page: 'properties',
  screen: 'properties',
  group: 'traits',
  alias: 'context.traits',
};

/** What clients send of each type, with nothing in it that a mapping might look for. */
export function plainEvent(type: EventType, name = 'Cup Bought'): JsonObject {
  const own: Record<EventType, JsonObject> = {
    identify: { traits: {} },
    track: { event: name, properties: {} },
    page: { name: 'Cups', properties: {} },
    screen: { name: 'Cups', properties: {} },
    group: { groupId: 'g1', traits: {} },
    alias: { previousId: 'a1' },
  };
  return {
    type,
    messageId: 'm1',
    userId: 'u1',
    anonymousId: 'a1',
    channel: 'browser',
    timestamp: SWEEP_TIME,
    sentAt: SWEEP_TIME,
    originalTimestamp: SWEEP_TIME,
    receivedAt: '2026-11-24T10:00:00.000Z',
    context: {
      ip: '203.0.113.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      locale: 'en-US',
      library: { name: 'analytics.js', version: '2.0.0' },
      page: {
        url: 'https://www.example.com/cups',
        path: '/cups',
        title: 'Cups',
        referrer: 'https://www.example.com/',
        search: '',
      },
    },
    integrations: {},
    ...own[type],
  };
}

export type Supplied = { event: JsonObject; fields: Record<string, Json> };

/**
 * An event that has what an action's fields ask for, and the mapping that finds it there: a field keeps what the mapping says where an event of
 * this type can have that, and is looked for in the event's traits or properties otherwise. `wanted`: the required fields, or every field.
 */
export function supplyEvent(
  action: ActionDefinition,
  mapping: Readonly<Record<string, Json>>,
  event: JsonObject,
  wanted: 'required' | 'all',
  values: Readonly<Record<string, Json>> = {},
): Supplied {
  const supplied: Supplied = { event: structuredClone(event), fields: structuredClone(mapping) };
  const type = event['type'] as EventType;
  for (const field of action.fields) {
    const given = Object.hasOwn(values, field.key) ? values[field.key] : undefined;
    if (given !== undefined) {
      put(supplied, type, field, given);
      continue;
    }
    const isWanted = field.required || (wanted === 'all' ? field.hidden !== true : field.requiredWhen !== undefined);
    const present = supplied.fields[field.key];
    if (!isWanted || (present !== undefined && isFixed(present))) continue;
    if (present === undefined || !fill(present, field, type, supplied.event, wanted)) {
      put(supplied, type, field, withMembership(sampleOf(field), event));
    }
  }
  return supplied;
}

/** A value that is sent as it stands. */
const isFixed = (value: Json): boolean =>
  isJsonObject(value)
    ? Object.entries(value).every(([key, each]) => !key.startsWith('@') && isFixed(each)) &&
      Object.keys(value).length > 0
    : Array.isArray(value)
      ? value.every(isFixed)
      : value !== null && value !== '';

/** An object that is looked through for an audience's key has it. */
function withMembership(value: Json, event: JsonObject): Json {
  const context = event['context'];
  const personas = isJsonObject(context) ? context['personas'] : undefined;
  const key = isJsonObject(personas) ? personas['computation_key'] : undefined;
  return isJsonObject(value) && typeof key === 'string' ? { ...value, [key]: true } : value;
}

function put({ event, fields }: Supplied, type: EventType, field: DefinitionField, value: Json): void {
  fields[field.key] = { '@path': `$.${BAG[type]}.${field.key}` };
  set(event, [...BAG[type].split('.'), field.key], value);
}

/** Puts a value where the mapping looks for one. False where an event of this type has no such place. */
function fill(
  mapping: Json,
  field: DefinitionField,
  type: EventType,
  event: JsonObject,
  wanted: 'required' | 'all',
): boolean {
  if (!isJsonObject(mapping)) return false;
  const path = mapping['@path'];
  if (typeof path === 'string') return fillPath(path, sampleOf(field), type, event);
  const choice = mapping['@if'];
  if (isJsonObject(choice)) {
    const branches = [choice['exists'] ?? choice['blank'] ?? null, choice['then'] ?? null, choice['else'] ?? null];
    return branches.some((branch) => isFixed(branch) || fill(branch, field, type, event, wanted));
  }
  const list = mapping['@arrayPath'];
  if (Array.isArray(list)) {
    const [at, shape] = list;
    const item: JsonObject = {};
    for (const part of field.properties ?? []) {
      const from = isJsonObject(shape) ? shape[part.key] : undefined;
      if (isJsonObject(from) && typeof from['@path'] === 'string') {
        set(item, partsOf(from['@path']), sampleOf({ ...part, multiple: part.multiple }));
      }
    }
    return isJsonObject(at) && typeof at['@path'] === 'string' && fillPath(at['@path'], [item], type, event);
  }
  if (Object.keys(mapping).some((key) => key.startsWith('@'))) return false;
  const parts = (field.properties ?? []).filter((part) => part.required || wanted === 'all');
  const keys = new Map(parts.map((part) => [part.key, part]));
  let isFilled = false;
  for (const [key, value] of Object.entries(mapping)) {
    const part = keys.get(key);
    if (part !== undefined && fill(value, part, type, event, wanted)) isFilled = true;
    if (part !== undefined && isFixed(value)) isFilled = true;
  }
  return isFilled;
}

function fillPath(path: string, value: Json, type: EventType, event: JsonObject): boolean {
  const parts = partsOf(path);
  const [root = ''] = parts;
  if (SPECIAL_ROOTS.has(root) && !OWN_ROOTS[type].includes(root)) return false;
  if (parts.length === 1 && root !== '' && event[root] !== undefined && !isJsonObject(event[root])) return true;
  if (root === '') return true;
  const present = get(event, parts);
  if (present !== undefined && !(isJsonObject(present) && Object.keys(present).length === 0)) return true;
  set(event, parts, value);
  return true;
}

const partsOf = (path: string): string[] =>
  path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[['"]?([^\]'"]+)['"]?\]/g, '.$1')
    .split('.')
    .filter((part) => part !== '');

function get(event: JsonObject, parts: readonly string[]): Json | undefined {
  let value: Json | undefined = event;
  for (const part of parts) value = isJsonObject(value) ? value[part] : undefined;
  return value;
}

function set(event: JsonObject, parts: readonly string[], value: Json): void {
  let at = event;
  for (const part of parts.slice(0, -1)) {
    const next = at[part];
    at = isJsonObject(next) ? next : (at[part] = {});
  }
  const last = parts.at(-1);
  const present = last === undefined ? undefined : at[last];
  if (last !== undefined) at[last] = isJsonObject(present) && isJsonObject(value) ? { ...present, ...value } : value;
}
