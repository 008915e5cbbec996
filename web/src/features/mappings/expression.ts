import type { Json } from '../../../../shared/domain/json.ts';
import { isJsonObject, own } from '../../../../shared/domain/json.ts';

/** How a field gets its value, as a person chooses it. Each stands for an expression of the mapping language (decision 028, B17). */
export const KINDS = {
  path: 'Event field',
  literal: 'Fixed value',
  template: 'Text with fields',
  coalesce: 'First that exists',
  case: 'Change case',
  replace: 'Replace text',
  flatten: 'Flatten object',
  json: 'To or from JSON',
  object: 'Object',
  list: 'From each of a list',
  other: 'Expression as JSON',
} as const;
export type Kind = keyof typeof KINDS;
export const isKind = (text: string): text is Kind => Object.hasOwn(KINDS, text);

/** The kind that shows all of an expression; what none shows is edited as JSON. */
export function kindOf(value: Json): Kind {
  if (!isJsonObject(value)) return Array.isArray(value) && value.some(isComposed) ? 'other' : 'literal';
  const keys = Object.keys(value);
  const directive = keys.find((key) => key.startsWith('@'));
  if (directive === undefined) return 'object';
  const inner = value[directive] ?? null;
  if (keys.length > 1) return 'other';
  if (directive === '@path') return typeof inner === 'string' ? 'path' : 'other';
  if (directive === '@template') return typeof inner === 'string' ? 'template' : 'other';
  if (directive === '@if') return isCoalesce(inner) ? 'coalesce' : 'other';
  if (directive === '@arrayPath') return isPlainList(inner) ? 'list' : 'other';
  const known = OPTIONS[directive];
  return known !== undefined && isJsonObject(inner) && Object.keys(inner).every((key) => known.keys.includes(key))
    ? known.kind
    : 'other';
}

const isComposed = (value: Json): boolean => typeof value === 'object' && value !== null;

const OPTIONS: Readonly<Record<string, { kind: Kind; keys: readonly string[] }>> = {
  '@case': { kind: 'case', keys: ['operator', 'value'] },
  '@replace': { kind: 'replace', keys: ['pattern', 'replacement', 'value'] },
  '@flatten': { kind: 'flatten', keys: ['separator', 'value'] },
  '@json': { kind: 'json', keys: ['mode', 'value'] },
};

/** `exists` and `then` are the same expression: the first that exists, else the other. */
function isCoalesce(inner: Json): boolean {
  if (!isJsonObject(inner)) return false;
  const keys = Object.keys(inner).toSorted().join();
  return keys === 'else,exists,then' && JSON.stringify(inner['exists']) === JSON.stringify(inner['then']);
}

const isPlainList = (inner: Json): boolean =>
  Array.isArray(inner) && typeof inner[0] === 'string' && (inner.length === 1 || isJsonObject(inner[1] ?? null));

/** What another kind begins with; what was there stays where it can. */
export function withKind(value: Json, kind: Kind): Json {
  const inside = innerOf(value);
  switch (kind) {
    case 'path':
      return { '@path': typeof inside === 'object' ? (pathIn(inside) ?? '') : '' };
    case 'literal':
      return '';
    case 'template':
      return { '@template': asTemplate(inside) };
    case 'coalesce':
      return coalesce(inside, EMPTY_PATH);
    case 'case':
      return { '@case': { operator: 'lower', value: inside } };
    case 'replace':
      return { '@replace': { pattern: '', replacement: '', value: inside } };
    case 'flatten':
      return { '@flatten': { separator: '.', value: inside } };
    case 'json':
      return { '@json': { mode: 'encode', value: inside } };
    case 'list':
      return { '@arrayPath': [pathIn(inside) ?? '', {}] };
    case 'object':
      return {};
    case 'other':
    default:
      return value;
  }
}

const EMPTY_PATH: Json = { '@path': '' };

/** The first of two that exists. */
export const coalesce = (first: Json, other: Json): Json => ({
  // oxlint-disable-next-line unicorn/no-thenable -- the mapping language calls it so, and nobody awaits it
  '@if': { exists: first, then: first, else: other },
});

/** What a function is applied to; of a value that is none, itself. */
function innerOf(value: Json): Json {
  if (!isJsonObject(value)) return EMPTY_PATH;
  const kind = kindOf(value);
  if (kind === 'path') return value;
  if (kind === 'coalesce') return optionOf(value, 'exists');
  if (kind === 'template') return value;
  return kind === 'case' || kind === 'replace' || kind === 'flatten' || kind === 'json'
    ? optionOf(value, 'value')
    : EMPTY_PATH;
}

const pathIn = (value: Json): string | undefined => {
  const path = isJsonObject(value) ? own(value, '@path') : undefined;
  return typeof path === 'string' ? path : undefined;
};

function asTemplate(value: Json): string {
  const template = isJsonObject(value) ? own(value, '@template') : undefined;
  if (typeof template === 'string') return template;
  const path = pathIn(value);
  return path === undefined || path === '' ? '' : `{{${path.replace(/^\$\.?/, '')}}}`;
}

/** An option of a directive, such as `operator` of `@case`. */
export function optionOf(value: Json, key: string): Json {
  const inner = directiveValue(value);
  return isJsonObject(inner) ? (own(inner, key) ?? null) : null;
}

/** What stands behind the directive of an expression. */
export function directiveValue(value: Json): Json {
  if (!isJsonObject(value)) return null;
  const key = Object.keys(value).find((one) => one.startsWith('@'));
  return key === undefined ? null : (value[key] ?? null);
}

/** The expression with another option. */
export function withOption(value: Json, key: string, option: Json): Json {
  if (!isJsonObject(value)) return value;
  const directive = Object.keys(value).find((one) => one.startsWith('@'));
  if (directive === undefined) return value;
  const inner = value[directive] ?? null;
  return { [directive]: { ...(isJsonObject(inner) ? inner : {}), [key]: option } };
}

/** `$.properties.total` as people write it: `properties.total`; the whole event is empty. */
export const shownPath = (path: string): string => path.replace(/^\$\.?/, '');

/** And back. */
export const mappingPath = (shown: string): string => `$.${shown.trim()}`;

/** Whether nothing is set. */
export const isUnset = (value: Json | undefined): boolean => value === undefined || value === null || value === '';

/** A text behind a directive, or one of its options. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
