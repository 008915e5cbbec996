import { isJsonObject, type Json, type JsonObject, own } from '../json.ts';

/** What a condition comes to. `undecidable`: the FQL reference has no answer, as for a string compared by `>`. */
export type Judgement = boolean | 'undecidable';

/** In the place of a value that cannot be had, such as the number of 'abc'. */
export const UNDECIDABLE = Symbol('undecidable');
export type Undecidable = typeof UNDECIDABLE;

/** What `typeof` answers. FQL's own list has no word for an object. */
export type FqlType = 'string' | 'number' | 'bool' | 'null' | 'list' | 'object';

export function typeOf(value: Json): FqlType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'bool';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : 'object';
}

const LIST_INDEX = /^(?:0|[1-9][0-9]{0,8})$/;

/**
 * A reader of one path. Missing is null; own properties only, so `constructor` and `__proto__` are fields like any other; a list has its items
 * by number and nothing else; a string has no fields.
 */
export function readerOf(path: readonly string[]): (event: JsonObject) => Json {
  const [first = '', second] = path;
  if (second === undefined) return (event) => own(event, first) ?? null;
  const steps = path.map((key) => ({ key, isIndex: LIST_INDEX.test(key) }));
  return (event) => {
    let value: Json = event;
    for (const step of steps) {
      if (typeof value !== 'object' || value === null) return null;
      if (Array.isArray(value)) value = (step.isIndex ? value[Number(step.key)] : undefined) ?? null;
      else value = own(value, step.key) ?? null;
    }
    return value;
  };
}

/** Values compared inside one comparison of two lists or objects. An event of 32 KB holds fewer. */
const COMPARED_VALUES_MAX = 100_000;

/** `=` of FQL: same type and strictly equal (C07). Lists and objects are equal if they are the same JSON, the order of keys included. */
export function isSame(left: Json, right: Json): Judgement {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left === null || right === null) return false;
  // Without recursion: what a deep payload can do to a stack is nobody's matter here.
  const open: [Json, Json][] = [[left, right]];
  let compared = 0;
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = pair;
    compared += 1;
    if (compared > COMPARED_VALUES_MAX) return 'undecidable';
    if (a === b) continue;
    if (typeOf(a) !== typeOf(b)) return false;
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) return false;
      for (const [index, item] of a.entries()) open.push([item, b[index] ?? null]);
    } else if (isJsonObject(a) && isJsonObject(b)) {
      const keys = Object.keys(a);
      const others = Object.keys(b);
      if (keys.length !== others.length) return false;
      for (const [index, key] of keys.entries()) {
        if (others[index] !== key) return false;
        open.push([own(a, key) ?? null, own(b, key) ?? null]);
      }
    } else return false;
  }
  return true;
}
