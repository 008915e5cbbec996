import { isJsonObject, type Json, type JsonObject, own } from './json.ts';

/** One place in which two values differ. Texts of it are JSON, cut to DIFF_VALUE_CHARS_MAX. */
export type JsonChange =
  | { kind: 'added'; path: string; after: string }
  | { kind: 'removed'; path: string; before: string }
  | { kind: 'changed'; path: string; before: string; after: string };

/** Places of one comparison that are told; the rest is only counted. */
export const DIFF_CHANGES_MAX = 200;
export const DIFF_VALUE_CHARS_MAX = 500;

/**
 * What is other in `after` than in `before`: objects member by member at any depth, lists item by item. In the order of `before`, what was added
 * last. A member that moved is one that went and one that came.
 */
export function diffJson(before: Json, after: Json): { changes: JsonChange[]; leftOut: number } {
  const changes: JsonChange[] = [];
  let count = 0;
  const add = (change: () => JsonChange): void => {
    count += 1;
    if (changes.length < DIFF_CHANGES_MAX) changes.push(change());
  };
  const walk = (a: Json | undefined, b: Json | undefined, path: string): void => {
    if (a === undefined && b === undefined) return;
    if (a === undefined) return add(() => ({ kind: 'added', path, after: told(b) }));
    if (b === undefined) return add(() => ({ kind: 'removed', path, before: told(a) }));
    if (isJsonObject(a) && isJsonObject(b)) {
      for (const key of keysOf(a, b)) walk(own(a, key), own(b, key), memberPath(path, key));
    } else if (Array.isArray(a) && Array.isArray(b)) {
      for (let index = 0; index < Math.max(a.length, b.length); index += 1)
        walk(a[index], b[index], `${path}[${index}]`);
    } else if (a !== b && !(isContainer(a) && isContainer(b) && JSON.stringify(a) === JSON.stringify(b))) {
      add(() => ({ kind: 'changed', path, before: told(a), after: told(b) }));
    }
  };
  walk(before, after, '');
  return { changes, leftOut: count - changes.length };
}

/** Whether two values are the same JSON, but for the order of members. What is the same object is not looked into. */
export function isSameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index] ?? null));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key] ?? null, b[key] ?? null))
  );
}

const isContainer = (value: Json): boolean => typeof value === 'object' && value !== null;
const keysOf = (a: JsonObject, b: JsonObject): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];
const told = (value: Json | undefined): string => JSON.stringify(value ?? null).slice(0, DIFF_VALUE_CHARS_MAX);

/** As paths are written in FQL; what cannot stand there bare, in quotes. */
const memberPath = (path: string, key: string): string => {
  const name = /^[\w$-]{1,128}$/.test(key) ? key : JSON.stringify(key.slice(0, 128));
  return path === '' ? name : `${path}.${name}`;
};
