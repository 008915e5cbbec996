import type { Json } from '../../../../shared/domain/json.ts';
import { isSameJson } from '../../../../shared/domain/json-diff.ts';

/**
 * What somebody has changed of `base` in `mine`, on top of `theirs`, that another has saved meanwhile: members of records each for themselves, everything else
 * as a whole, directives of mappings (`@path` and such), too. Where both have changed the same, mine holds.
 */
export function mergeEdits<T>(base: T, mine: T, theirs: T): T {
  if (isSame(mine, base)) return theirs;
  if (!isRecord(base) || !isRecord(mine) || !isRecord(theirs)) return mine;
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = mergeEdits(own(base, key), own(mine, key), own(theirs, key));
    // Taken away by whoever had the say.
    if (value !== undefined) Object.defineProperty(merged, key, { value, ...PLAIN });
  }
  return merged as T;
}

/** Names come from payloads: `__proto__` is a member as any other. */
const PLAIN = { enumerable: true, writable: true, configurable: true };

const own = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !Object.keys(value).some((key) => key.startsWith('@'));

/** Whether two values that may be absent are the same JSON. */
export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (a !== undefined && b !== undefined && isSameJson(a as Json, b as Json));
