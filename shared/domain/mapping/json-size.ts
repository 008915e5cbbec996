import type { Json } from '../json.ts';

/** For each object or list that was measured: its size, or at least that where it was not measured to its end. */
export type KnownSizes = WeakMap<object, { size: number; isWhole: boolean }>;

/**
 * Characters of a value as JSON, at the least. Counts no further than a little beyond `max`. With `known`, what several values share is measured once.
 */
export function sizeOf(value: Json, max: number, known?: KnownSizes): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 1;
  const there = known?.get(value);
  if (there !== undefined && (there.isWhole || there.size > max)) return there.size;
  const size = Array.isArray(value) ? sizeOfList(value, max, known) : sizeOfObject(value, max, known);
  known?.set(value, { size, isWhole: size <= max });
  return size;
}

function sizeOfList(list: readonly Json[], max: number, known: KnownSizes | undefined): number {
  let size = 1;
  for (const item of list) {
    size += 1 + sizeOf(item, max - size, known);
    if (size > max) break;
  }
  return size;
}

function sizeOfObject(object: Readonly<Record<string, Json>>, max: number, known: KnownSizes | undefined): number {
  const keys = Object.keys(object);
  // Quotes, colon, comma and a value: looking at the keys is paid for, too.
  let size = 1 + 5 * keys.length;
  for (const key of keys) {
    if (size > max) break;
    size += key.length + sizeOf(object[key] ?? null, max - size, known) - 1;
  }
  return size;
}
