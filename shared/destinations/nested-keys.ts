import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';

/** Parts of one key; more are taken for no path. */
const PARTS_MAX = 20;
/** A part that makes a list; a larger number is a key like others. */
const INDEX = /^\d{1,2}$/;

/**
 * A mapping whose objects nest where their keys have dots (B18): `info.name` becomes `{ info: { name } }`, `items.0.id` the first of a list, and a
 * key in quotes, `"user.email"`, stays one. Keys of fields, directives and what directives resolve to are left alone. A copy: the library writes
 * into mappings.
 */
export const withNestedKeys = (fields: Readonly<Record<string, Json>>): Record<string, Json> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, nested(value)]));

function nested(value: Json): Json {
  if (Array.isArray(value)) return value.map(nested);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, nested(each)] as const);
  if (isDirective(value)) return Object.fromEntries(entries);
  const result: JsonObject = {};
  for (const [key, each] of entries) {
    const parts = partsOf(key);
    // No object of ours may get another prototype by a key.
    if (!parts.includes('__proto__')) place(result, parts, each);
  }
  return result;
}

const isDirective = (value: JsonObject): boolean => Object.keys(value).some((key) => key.startsWith('@'));

function partsOf(key: string): string[] {
  const quoted = /^"(.*)"$/.exec(key)?.[1];
  if (quoted !== undefined) return [quoted];
  const parts = key.split('.');
  return parts.length > PARTS_MAX || parts.includes('') ? [key] : parts;
}

type Container = JsonObject | Json[];

function place(object: JsonObject, parts: readonly string[], value: Json): void {
  let at: Container = object;
  for (const [index, part] of parts.entries()) {
    const following = parts[index + 1];
    if (following === undefined) {
      put(at, part, value);
      return;
    }
    const next: Container = containerAt(at, part, INDEX.test(following));
    put(at, part, next);
    at = next;
  }
}

/** What is there already, if it can take a part of this kind. */
function containerAt(at: Container, part: string, isList: boolean): Container {
  const present = Array.isArray(at) ? at[Number(part)] : Object.hasOwn(at, part) ? at[part] : undefined;
  if (isList) return Array.isArray(present) ? present : [];
  return isJsonObject(present) && !isDirective(present) ? present : {};
}

function put(at: Container, part: string, value: Json): void {
  if (!Array.isArray(at)) {
    at[part] = value;
    return;
  }
  const index = Number(part);
  while (at.length < index) at.push(null);
  at[index] = value;
}
