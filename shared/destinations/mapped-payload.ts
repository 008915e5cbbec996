import { transform } from '@segment/actions-core';
import type { Json, JsonObject } from '../domain/json.ts';
import { MASKED } from '../domain/audit.ts';
import { isJsonObject, own } from '../domain/json.ts';
import { maskedMapping } from '../domain/masked-mapping.ts';
import { withNestedKeys } from './nested-keys.ts';

type Fields = Readonly<Record<string, Json>>;

/** Maps of headers, in which people put a tool's key. */
const HEADERS = /headers?$/i;
/** What stands for a part of an address's path: of the form that codes of tools look for in it. */
const PART = 'DRYRUN0';
const PARTS_MAX = 10;
/** How a path may begin that a tool's code insists on, such as `services`; no secret is such a word. */
const PLAIN_WORD = /^[a-z]{2,12}$/;
/** What stands where a dry run has no secret. */
export const PLACEHOLDER = 'dry-run';

/** What a mapping makes of an event, as the destination's action would get it. Throws for a mapping that the library cannot read. */
export const mapPayload = (fields: Fields, event: JsonObject): JsonObject => transform(withNestedKeys(fields), event);

/** A mapping as people see it: dots where a secret stands fixed. `secretFields`: of its type. */
export const shownFields = (fields: Fields, secretFields: readonly string[]): Record<string, Json> =>
  maskedMapping(fields, (field) => secretFields.includes(field) || HEADERS.test(field));

/**
 * A mapping without the secrets that stand fixed in it: of an address the host stays. A dry run is made with it, so that nothing that it shows can tell
 * of them.
 */
export function placeheldFields(fields: Fields, secretFields: readonly string[]): Record<string, Json> {
  const shown = shownFields(fields, secretFields);
  return Object.fromEntries(
    Object.entries(shown).map(([key, value]) => [key, placeheld(value, own(fields as JsonObject, key) ?? null)]),
  );
}

function placeheld(value: Json, before: Json): Json {
  if (typeof value === 'string') {
    if (value !== MASKED) return value.replaceAll(MASKED, PLACEHOLDER);
    const url = typeof before === 'string' ? URL.parse(before.trim()) : null;
    if (url === null) return PLACEHOLDER;
    const parts = url.pathname.split('/').slice(1, PARTS_MAX);
    return [url.origin, ...parts.map((part, index) => (index === 0 && PLAIN_WORD.test(part) ? part : PART))].join('/');
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => placeheld(item, Array.isArray(before) ? (before[index] ?? null) : null));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      placeheld(inner, isJsonObject(before) ? (own(before, key) ?? null) : null),
    ]),
  );
}
