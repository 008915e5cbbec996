import fc from 'fast-check';
import { type JsonSchema, refName, resolved } from '../../../shared/api/reference/json-schemas.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;
/** Texts that a field of that name may hold so that a request gets far: ids of things that are there, conditions that parse. */
export type Pools = Readonly<Record<string, readonly unknown[]>>;

const DEPTH_MAX = 6;

/** Values that fit the schema: what a client in good faith may send. */
export function fitting(
  schema: JsonSchema,
  schemas: Schemas,
  pools: Pools,
  name = '',
  depth = 0,
): fc.Arbitrary<unknown> {
  const target = resolved(schema, schemas);
  const within = (one: unknown, field: string) => fitting((one ?? {}) as JsonSchema, schemas, pools, field, depth + 1);
  const choices = target['enum'] as unknown[] | undefined;
  if (choices !== undefined) return fc.constantFrom(...choices);
  if ('const' in target) return fc.constant(target['const']);
  const pool = pools[`${refName(schema) ?? ''}.${name}`] ?? pools[name];
  if (pool !== undefined && target['properties'] === undefined && target['type'] !== 'boolean') {
    const isList = target['type'] === 'array';
    return isList && !Array.isArray(pool[0])
      ? fc.array(fc.constantFrom(...pool), { maxLength: 3 })
      : fc.constantFrom(...pool);
  }
  const either = (target['anyOf'] ?? target['oneOf']) as JsonSchema[] | undefined;
  if (either !== undefined) return fc.oneof(...either.map((one) => within(one, name)));
  switch (target['type']) {
    case 'object': {
      const properties = Object.entries((target['properties'] ?? {}) as Record<string, JsonSchema>);
      if (properties.length === 0 || depth >= DEPTH_MAX)
        return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
      const requiredKeys = (target['required'] ?? []) as string[];
      return fc.record(Object.fromEntries(properties.map(([field, one]) => [field, within(one, field)])), {
        requiredKeys,
      });
    }
    case 'array':
      return fc.array(within(target['items'], name.replace(/s$/, '')), { maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({
        min: Math.max(-1_000, Number(target['minimum'] ?? -1_000)),
        max: Math.min(1_000, Number(target['maximum'] ?? 1_000)),
      });
    case 'number':
      return fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }));
    case 'string':
      return target['format'] === 'date-time'
        ? fc.constantFrom('2026-11-24T09:30:00.000Z', '2026-11-26T00:00:00.000Z')
        : fc.string({
            minLength: Number(target['minLength'] ?? 0),
            maxLength: Math.min(24, Number(target['maxLength'] ?? 24)),
          });
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** What no schema of ours takes, or what only looks as if it would. */
const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 60,
  '',
  ' ',
  '1',
  'true',
  'null',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '\u202e\u2066x',
  '💩'.repeat(40),
  "'; drop table users; --",
  '../../etc/passwd',
  '${jndi:ldap://127.0.0.1/x}',
  '<script>alert(1)</script>',
  'x'.repeat(70_000),
  [],
  {},
  [[]],
  [null],
  { length: 3 },
  { toString: 'no' },
  nested(40),
  Array.from({ length: 3_000 }, (_, index) => index),
];
const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'pk',
  'sk',
  'version',
  'workspaceId',
  'a.b',
  '$ref',
  '',
  '\u0000',
];

export type Mutation = {
  at: number;
  how: 'drop' | 'junk' | 'extra' | 'text' | 'list' | 'object';
  junk: number;
  key: number;
};
export const mutation = (): fc.Arbitrary<Mutation> =>
  fc.record({
    at: fc.nat({ max: 1_000 }),
    how: fc.constantFrom<Mutation['how'][]>('drop', 'junk', 'junk', 'extra', 'text', 'list', 'object'),
    junk: fc.nat({ max: JUNK.length - 1 }),
    key: fc.nat({ max: HOSTILE_KEYS.length - 1 }),
  });

/** The value with one thing about it changed; `__proto__` becomes a key of its own, as a JSON text would make it. */
export function mutated(value: unknown, { at, how, junk, key }: Mutation): unknown {
  const copy = structuredCloneOf(value);
  const places: { holder: Record<string, unknown>; name: string }[] = [];
  const walk = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || places.length > 500) return;
    for (const name of Object.keys(one)) {
      places.push({ holder: one as Record<string, unknown>, name });
      walk((one as Record<string, unknown>)[name]);
    }
  };
  walk(copy);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return how === 'extra' ? withKey({}, HOSTILE_KEYS[key] ?? '', JUNK[junk]) : JUNK[junk];
  const { holder, name } = place;
  if (how === 'drop') delete holder[name];
  else if (how === 'junk') holder[name] = JUNK[junk];
  else if (how === 'extra') withKey(holder, HOSTILE_KEYS[key] ?? '', JUNK[junk]);
  else if (how === 'text') holder[name] = JSON.stringify(holder[name]) ?? 'undefined';
  else if (how === 'list') holder[name] = [holder[name]];
  else holder[name] = { 0: holder[name] };
  return copy;
}

function withKey(holder: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  if (Array.isArray(holder)) holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
  return holder;
}

/** A copy as JSON would bring it. */
const structuredCloneOf = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
