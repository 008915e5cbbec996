import type { Json } from '../domain/json.ts';
import { ACCESS_TOKEN_SETTING } from './destination-definition.ts';
import { type Loaders, loadLibraryDefinition } from './library-code.ts';
import { PLACEHOLDER } from './mapped-payload.ts';
import { findRow } from './rows.ts';

/** A field of a destination's settings, as far as a value can be made up for it. */
type Field = {
  type?: string;
  format?: string;
  required?: unknown;
  default?: Json;
  choices?: readonly ({ value: Json } | string)[];
};

const BY_FORMAT: Readonly<Record<string, string>> = {
  uri: 'https://dry-run.example',
  email: 'dry-run@example.com',
  hostname: 'dry-run.example',
};
const ADDRESS = /ur[li]$|endpoint|host|domain/i;

export type Placeheld = { settings: Record<string, Json>; placeholders: string[] };

/**
 * Settings for a dry run: what is set in plain, and something made up for every secret, whether it is set or not, and for whatever else the type
 * requires. No secret is opened: a dry run needs no credentials, and can tell of none.
 */
export async function placeholderSettings(
  slug: string,
  plain: Readonly<Record<string, Json>>,
  secretKeys: readonly string[],
  loaders?: Loaders,
): Promise<Placeheld> {
  const row = findRow(slug);
  const definition = row === undefined ? undefined : await loadLibraryDefinition(slug, loaders);
  const fields = (definition?.authentication?.fields ?? {}) as unknown as Readonly<Record<string, Field>>;
  const required = Object.entries(fields).flatMap(([key, field]) =>
    field.required !== undefined && field.required !== false ? [key] : [],
  );
  const token = row?.class === 'token' ? [ACCESS_TOKEN_SETTING] : [];
  const isMissing = (key: string) => plain[key] === undefined || plain[key] === null || plain[key] === '';
  const secret = new Set([...secretKeys, ...(row?.secretSettings ?? []), ...passwordsOf(fields)]);
  const wanted = [...new Set([...secretKeys, ...token, ...required])].filter(
    (key) => secret.has(key) || isMissing(key),
  );
  return {
    settings: {
      ...Object.fromEntries(Object.entries(plain).filter(([key]) => !secret.has(key))),
      ...Object.fromEntries(wanted.map((key) => [key, valueFor(key, fields[key] ?? {})])),
    },
    placeholders: wanted,
  };
}

const passwordsOf = (fields: Readonly<Record<string, Field>>): string[] =>
  Object.entries(fields).flatMap(([key, { type }]) => (type === 'password' ? [key] : []));

function valueFor(key: string, { type, format = '', default: given, choices = [] }: Field): Json {
  if (given !== undefined && given !== null && given !== '') return given;
  const [choice] = choices;
  if (choice !== undefined) return typeof choice === 'string' ? choice : choice.value;
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return 1;
  return BY_FORMAT[format] ?? (ADDRESS.test(key) ? 'https://dry-run.example' : `${PLACEHOLDER}-${key}`);
}
