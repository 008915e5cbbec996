import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import { isJsonObject, type Json, own } from '../../../shared/domain/json.ts';

type Fields = Readonly<Record<string, Json>>;

/** Fields of a type's mappings whose fixed values are secrets: whoever knows such an address may use it. */
const secretFieldsOf = (entry: CatalogDestination | undefined): ReadonlySet<string> =>
  new Set((entry?.credentials ?? []).filter(({ isField, secret }) => isField === true && secret).map(({ key }) => key));

/** A field map as answers show it: in place of each secret that stands fixed in it there are dots. */
export function maskedFields(entry: CatalogDestination | undefined, fields: Fields): Record<string, Json> {
  const secret = secretFieldsOf(entry);
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, secret.has(key) ? masked(value, true) : value]),
  );
}

/** A text that is the field itself is the secret; within directives, addresses are. */
function masked(value: Json, isWhole: boolean): Json {
  if (typeof value === 'string') return value !== '' && (isWhole || URL.canParse(value)) ? MASKED : value;
  if (Array.isArray(value)) return value.map((item) => masked(item, false));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, masked(inner, key === '@literal' && isWhole)]),
  );
}

/**
 * A field map as somebody sends it back: where dots stand, what was there before stands again. `unknown`: fields in which dots stand for nothing that is
 * known here.
 */
export function unmaskedFields(
  entry: CatalogDestination | undefined,
  given: Fields,
  before: Fields,
): { fields: Record<string, Json>; unknown: string[] } {
  const secret = secretFieldsOf(entry);
  const unknown: string[] = [];
  const fields = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      if (!secret.has(key)) return [key, value];
      const found = unmasked(value, Object.hasOwn(before, key) ? before[key] : undefined);
      if (found === undefined) unknown.push(key);
      return [key, found ?? value];
    }),
  );
  return { fields, unknown };
}

/** `undefined`: dots that stand for nothing. */
function unmasked(value: Json, before: Json | undefined): Json | undefined {
  if (value === MASKED) return typeof before === 'string' ? before : undefined;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => unmasked(item, Array.isArray(before) ? before[index] : undefined));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json | undefined] => [
    key,
    unmasked(inner, before !== undefined && isJsonObject(before) ? own(before, key) : undefined),
  ]);
  return entries.some(([, inner]) => inner === undefined) ? undefined : Object.fromEntries(entries as [string, Json][]);
}
