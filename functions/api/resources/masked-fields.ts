import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { maskedMapping, unmaskedMapping } from '../../../shared/domain/masked-mapping.ts';

type Fields = Readonly<Record<string, Json>>;

/** Headers that a mapping sends along: where people put a tool's key. */
const HEADERS = /headers?$/i;

/**
 * Which fields of a type's mappings hold secrets: addresses that whoever knows them may use, and maps of headers. Of a type that is gone none is known, and
 * all count.
 */
function secretFieldsOf(entry: CatalogDestination | undefined): (field: string) => boolean {
  if (entry === undefined) return () => true;
  const secret = new Set(entry.credentials.filter((one) => one.isField === true && one.secret).map(({ key }) => key));
  for (const { fields } of entry.actions) {
    for (const { key, type } of fields) if (type === 'object' && HEADERS.test(key)) secret.add(key);
  }
  return (field) => secret.has(field);
}

/** A field map as answers show it: in place of each secret that stands fixed in it there are dots. */
export const maskedFields = (entry: CatalogDestination | undefined, fields: Fields): Record<string, Json> =>
  maskedMapping(fields, secretFieldsOf(entry));

/** A field map as somebody sends it back: where dots stand, what was there before stands again. */
export const unmaskedFields = (entry: CatalogDestination, given: Fields, before: Fields) =>
  unmaskedMapping(given, before, secretFieldsOf(entry));
