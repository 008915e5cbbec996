import type { EventType } from './event.ts';
import { EVENT_TYPES } from './event.ts';
import type { FqlExpression, FqlPath, FqlValue } from './fql/expression.ts';
import { parseTrigger } from './fql/parse-trigger.ts';
import { isJsonObject, type Json, type JsonObject, own } from './json.ts';

/** Places of a mapping that are filled, and how deep directives are looked into for them. */
const PATHS_MAX = 100;
const DEEP_MAX = 10;
const PARTS_MAX = 10;

/** What a field of this name holds in practice. The first pattern that fits counts. */
const BY_NAME: readonly (readonly [RegExp, Json])[] = [
  [/e?mail/i, 'ada@example.com'],
  [/phone|mobile/i, '+14155550123'],
  [/first_?name/i, 'Ada'],
  [/last_?name/i, 'Lovelace'],
  [/(^|_)ip($|_)|ip_?addr/i, '203.0.113.7'],
  [/currency/i, 'USD'],
  [/country/i, 'US'],
  [/locale|language/i, 'en-US'],
  [/zip|postal/i, '94107'],
  [/ur[li]|link|referr?er/i, 'https://www.example.com/cups'],
  [/price|revenue|amount|total|value|cost/i, 12.5],
  [/quantity|count|age/i, 2],
  [/(^|_)at$|date|birth|time/i, '2026-01-15T09:00:00.000Z'],
  [/^products$|^items$/i, [{ product_id: 'p-1', sku: 'cup-blue', name: 'Blue cup', price: 12.5, quantity: 2 }]],
];
/** Parts that only some types of events have. */
const ROOTS: Readonly<Record<EventType, readonly string[]>> = {
  identify: ['traits'],
  track: ['event', 'properties'],
  page: ['name', 'category', 'properties'],
  screen: ['name', 'category', 'properties'],
  group: ['groupId', 'traits'],
  alias: ['previousId'],
};
const OF_SOME: ReadonlySet<string> = new Set(Object.values(ROOTS).flat());

const BY_FORMAT: JsonObject = {
  email: 'ada@example.com',
  uri: 'https://www.example.com/cups',
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::7',
  uuid: '0b5cf1a1-7a0c-4c5e-9a52-6d2a3c7d9e10',
  date: '2026-01-15',
  'date-time': '2026-01-15T09:00:00.000Z',
  'date-like': '2026-01-15T09:00:00.000Z',
};

/** What is known of a field that a mapping fills, as far as a value for it is to be made up. */
export type SampledField = {
  key: string;
  type: string;
  format?: string;
  multiple?: boolean;
  choices?: readonly { value: string | number | boolean }[];
  properties?: readonly SampledField[];
};

export type SampleRules = {
  type?: EventType;
  trigger?: string;
  fields?: Readonly<Record<string, Json>>;
  /** Of the mapping's action. */
  definitions?: readonly SampledField[];
};

/**
 * An event to try a mapping with: one that its trigger asks for, as far as it says so by comparisons, with something in each place where the mapping
 * looks. The same for the same rules; it has neither a messageId nor a time. Whether the trigger chooses it is for the caller to ask.
 */
export function sampleEvent({ type, trigger, fields = {}, definitions = [] }: SampleRules): JsonObject {
  const parsed = trigger === undefined ? undefined : parseTrigger(trigger);
  const wanted = parsed?.outcome === 'parsed' ? parsed.expression : undefined;
  const chosen = type ?? (wanted === undefined ? undefined : typeIn(wanted)) ?? 'track';
  const event = plainEvent(chosen);
  for (const place of placesIn(fields, definitions)) fill(event, place, chosen);
  if (wanted !== undefined) satisfy(event, wanted);
  return event;
}

function plainEvent(type: EventType): JsonObject {
  const own: Record<EventType, JsonObject> = {
    identify: { traits: { email: 'ada@example.com', name: 'Ada Lovelace' } },
    track: { event: 'Test Event', properties: {} },
    page: { name: 'Home', properties: { url: 'https://www.example.com/', path: '/', title: 'Home' } },
    screen: { name: 'Home', properties: {} },
    group: { groupId: 'test-group', traits: { name: 'Example' } },
    alias: { previousId: 'test-anonymous' },
  };
  return { type, userId: 'test-user', anonymousId: 'test-anonymous', ...own[type], context: {}, integrations: {} };
}

/** The first type that the condition names, on whatever side of an `or`. */
function typeIn(expression: FqlExpression): EventType | undefined {
  if (expression.kind === 'and' || expression.kind === 'or') {
    for (const member of expression.of) {
      const found = typeIn(member);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (expression.kind !== 'equal' || expression.operator !== '=' || expression.left.kind !== 'path') return undefined;
  const { left, right } = expression;
  if (left.path.join('.') !== 'type' || right.kind !== 'literal') return undefined;
  return EVENT_TYPES.find((known) => known === right.value);
}

/** Makes a condition hold where a value does it: of an `or` the first member that leaves the event's type alone. */
function satisfy(event: JsonObject, expression: FqlExpression): void {
  switch (expression.kind) {
    case 'and':
      for (const member of expression.of) satisfy(event, member);
      return;
    case 'or': {
      const fits = expression.of.find((member) => [undefined, event['type']].includes(typeIn(member)));
      if (fits !== undefined) satisfy(event, fits);
      return;
    }
    case 'equal':
      equal(event, expression.left, expression.operator, expression.right);
      return;
    case 'order': {
      const { left, operator, right } = expression;
      if (left.kind !== 'path' || right.kind !== 'literal' || typeof right.value !== 'number') return;
      const step = operator === '<' ? -1 : operator === '>' ? 1 : 0;
      set(event, left, right.value + step);
      return;
    }
    case 'in':
      if (expression.left.kind === 'path' && expression.right.kind === 'list') {
        set(event, expression.left, expression.right.items[0] ?? null);
      }
      return;
    case 'is':
      holds(event, expression.value);
      return;
    case 'all':
    case 'not':
      return;
  }
}

function equal(event: JsonObject, left: FqlValue, operator: '=' | '!=', right: FqlValue): void {
  if (right.kind !== 'literal') return;
  if (left.kind === 'call' && left.name === 'typeof' && left.args[0]?.kind === 'path' && operator === '=') {
    const byType: Readonly<Record<string, Json>> = { string: 'text', number: 1, boolean: true };
    const value = byType[String(right.value)];
    if (value !== undefined && get(event, left.args[0].path) === undefined) set(event, left.args[0], value);
    return;
  }
  if (left.kind !== 'path') return;
  if (operator === '=') set(event, left, right.value);
  else if (right.value === null && get(event, left.path) === undefined) set(event, left, valueFor(left.path));
}

/** `contains` and `match` of a path; a path alone is to be true. */
function holds(event: JsonObject, value: FqlValue): void {
  if (value.kind === 'path') set(event, value, true);
  if (value.kind !== 'call') return;
  const [subject, text] = value.args;
  if (subject?.kind !== 'path' || text?.kind !== 'literal' || typeof text.value !== 'string') return;
  if (value.name === 'contains') set(event, subject, text.value);
  // Any text does for a star, and one character for a question mark.
  if (value.name === 'match')
    set(event, subject, text.value.replaceAll('*', '').replaceAll('?', 'x').replaceAll('\\', ''));
}

const set = (event: JsonObject, { path }: FqlPath, value: Json): void => put(event, path, value);

function valueFor(path: readonly string[], field?: SampledField): Json {
  const one = oneValue(path.at(-1) ?? '', field);
  return field?.multiple === true && !Array.isArray(one) ? [one] : one;
}

function oneValue(name: string, { type = '', format = '', choices = [] }: Partial<SampledField> = {}): Json {
  const [choice] = choices;
  if (choice !== undefined) return choice.value;
  const byName = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  if (type === 'number' || type === 'integer') return typeof byName === 'number' && type === 'number' ? byName : 2;
  if (type === 'boolean') return true;
  if (type === 'object')
    return isJsonObject(byName ?? null) || Array.isArray(byName) ? (byName ?? {}) : { plan: 'pro' };
  const byFormat = own(BY_FORMAT, format);
  if (byFormat !== undefined) return byFormat;
  if (type === 'datetime') return '2026-01-15T09:00:00.000Z';
  return byName ?? `test-${name}`;
}

type Place = { path: string[]; field: SampledField | undefined };

/** What a mapping reads, wherever it stands in directives, and for which field. */
function placesIn(fields: Readonly<Record<string, Json>>, definitions: readonly SampledField[]): Place[] {
  const places: Place[] = [];
  const walk = (value: Json, field: SampledField | undefined, depth: number): void => {
    if (places.length >= PATHS_MAX || depth > DEEP_MAX) return;
    if (Array.isArray(value)) for (const item of value) walk(item, field, depth + 1);
    if (!isJsonObject(value)) return;
    const path = own(value, '@path');
    if (typeof path === 'string') places.push({ path: partsOf(path), field });
    else {
      for (const [key, inner] of Object.entries(value)) {
        walk(
          inner,
          field?.properties?.find((part) => part.key === key) ?? (DIRECTIVE.test(key) ? field : undefined),
          depth + 1,
        );
      }
    }
  };
  for (const [key, value] of Object.entries(fields))
    walk(
      value,
      definitions.find((one) => one.key === key),
      0,
    );
  return places;
}

/** Directives, and what they call their parts. */
const DIRECTIVE = /^@|^(?:exists|blank|then|else|value)$/;

const partsOf = (path: string): string[] =>
  path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[['"]?([^\]'"]+)['"]?\]/g, '.$1')
    .split('.')
    .filter((part) => part !== '');

function fill(event: JsonObject, { path, field }: Place, type: EventType): void {
  const [root] = path;
  // What has no member below it says itself what it is, and times and ids are made where the event is tried.
  if (root === undefined || path.length < 2 || path.length > PARTS_MAX) return;
  if (OF_SOME.has(root) ? !ROOTS[type].includes(root) : root !== 'context') return;
  if (get(event, path) === undefined) put(event, path, valueFor(path, field));
}

function get(event: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = event;
  for (const part of path) value = value !== undefined && isJsonObject(value) ? own(value, part) : undefined;
  return value;
}

function put(event: JsonObject, path: readonly string[], value: Json): void {
  if (path.length > PARTS_MAX || path.includes('__proto__')) return;
  let at = event;
  for (const part of path.slice(0, -1)) {
    const next = own(at, part);
    at = next !== undefined && isJsonObject(next) ? next : (at[part] = {});
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
