import type { Json } from '../../shared/domain/json.ts';

/** Directives nest; what lies deeper than this is no address that somebody entered. */
const DEEP_MAX = 8;
/** A path shorter than this would mask ordinary text, and hides nothing. */
const PATH_CHARS_MIN = 8;

/**
 * The secrets that a mapping holds in these fields: texts that stand there as they are, and addresses within directives. Of an address, also as a
 * request names it, and its path alone, since a tool repeats that in its answers.
 */
export const fixedSecrets = (mapping: Record<string, Json>, fields: readonly string[]): string[] =>
  fields.flatMap((field) => {
    const value = mapping[field];
    if (typeof value === 'string') return [value, ...addressParts(value)];
    return addressesIn(value ?? null, 0).flatMap((address) => [address, ...addressParts(address)]);
  });

function addressesIn(value: Json, depth: number): string[] {
  if (typeof value === 'string') return URL.canParse(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || depth >= DEEP_MAX) return [];
  return Object.values(value).flatMap((each) => addressesIn(each, depth + 1));
}

function addressParts(text: string): string[] {
  const url = URL.parse(text.trim());
  if (url === null) return [];
  const path = url.pathname + url.search;
  return [url.href, ...(path.length >= PATH_CHARS_MIN ? [path] : [])];
}
