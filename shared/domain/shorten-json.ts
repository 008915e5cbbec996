import type { Json } from './json.ts';

/** Longest texts, lists and objects of each try. */
const TRIES = [
  { chars: 2_000, items: 50, keys: 200 },
  { chars: 500, items: 10, keys: 100 },
  { chars: 200, items: 3, keys: 50 },
  { chars: 50, items: 1, keys: 20 },
] as const;
const DEPTHS = [100, 10, 5, 3] as const;

/**
 * A value whose JSON is at most so long, in characters: itself, or one of the same shape with texts, lists and objects cut, from the end of each.
 * `undefined`: not even that fits.
 */
export function shortenJson(value: Json, charsMax: number): { value: Json; isShortened: boolean } | undefined {
  if (JSON.stringify(value).length <= charsMax) return { value, isShortened: false };
  for (const depth of DEPTHS) {
    for (const bounds of TRIES) {
      const cut = shorten(value, bounds, depth);
      if (JSON.stringify(cut).length <= charsMax) return { value: cut, isShortened: true };
    }
  }
  return undefined;
}

function shorten(value: Json, bounds: (typeof TRIES)[number], depth: number): Json {
  if (typeof value === 'string') return value.slice(0, bounds.chars).toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return value.slice(0, bounds.items).map((inner) => shorten(inner, bounds, depth - 1));
  const entries = Object.entries(value).slice(0, bounds.keys);
  return Object.fromEntries(entries.map(([key, inner]) => [key, shorten(inner, bounds, depth - 1)]));
}
