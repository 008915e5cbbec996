import { MASKED } from '../../../shared/domain/audit.ts';
import { isJsonObject, type Json, own } from '../../../shared/domain/json.ts';
import { plainLetters } from './canonical.ts';

/** `${NAME}` as a whole value: the environment has it. More `$` before it: the text itself, with one less. */
const PLACEHOLDER = /^(\$+)\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const DEPTH_MAX = 100;

/** A value as a file has it: a text that only looks like a placeholder gets one `$` more. */
export const escaped = (value: Json): Json => mapTexts(value, (text) => (PLACEHOLDER.test(text) ? `$${text}` : text));

export type Resolved = { value: Json; missing: string[] };

/** What the workspace has in the same place. Dots there stand for a secret that it has: they are sent back, unless secrets are to be written anew. */
export type Before = { before: Json | undefined; writeSecrets: boolean };

/** A value as the workspace is to have it. `missing`: names that the environment has not; they stay as they are in `value`. */
export function resolved(
  value: Json,
  env: Readonly<Record<string, string | undefined>>,
  { before, writeSecrets }: Before = { before: undefined, writeSecrets: true },
): Resolved {
  const missing: string[] = [];
  const filled = mapTexts(
    value,
    (text, was) => {
      const found = PLACEHOLDER.exec(text);
      if (found === null) return text;
      const [, dollars = '', name = ''] = found;
      if (dollars.length > 1) return text.slice(1);
      const given = Object.hasOwn(env, name) ? env[name] : undefined;
      const isGiven = given !== undefined && given !== '';
      if (was === MASKED && !(writeSecrets && isGiven)) return MASKED;
      if (isGiven) return given;
      missing.push(name);
      return text;
    },
    0,
    before,
  );
  return { value: filled, missing };
}

/** A value as a file has it, where dots stand for a secret: each becomes a placeholder of its own name. */
export const withoutDots = (value: Json, nameOf: (...path: string[]) => string): Json =>
  mapTexts(value, (text, _, path) => (text === MASKED ? `\${${nameOf(...path)}}` : text), 0, undefined);

/** The name in `${NAME}`; `undefined` for everything else. */
export function placeholderName(value: Json | undefined): string | undefined {
  const found = typeof value === 'string' ? PLACEHOLDER.exec(value) : null;
  return found?.[1] === '$' ? found[2] : undefined;
}

/** Names of variables, each given once: WEBSITE_AMPLITUDE_API_KEY, and a number behind it where two would be alike. */
export function variableNames(): (...parts: string[]) => string {
  const taken = new Set<string>();
  return (...parts) => {
    const base = parts
      .map((part) =>
        plainLetters(part)
          .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
          .toUpperCase()
          .replaceAll(/[^A-Z0-9]+/g, '_')
          .replaceAll(/^_+|_+$/g, ''),
      )
      .filter((part) => part !== '')
      .join('_')
      .replace(/^(?=\d)/, 'S_');
    let name = base === '' ? 'SECRET' : base;
    for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
    taken.add(name);
    return name;
  };
}

type ChangeText = (text: string, before: Json | undefined, path: readonly string[]) => string;

/** `before` is walked beside it: what stands in the same place. */
function mapTexts(value: Json, change: ChangeText, depth = 0, before?: Json, path: readonly string[] = []): Json {
  if (depth > DEPTH_MAX) return value;
  if (typeof value === 'string') return change(value, before, path);
  if (Array.isArray(value)) {
    const list = Array.isArray(before) ? before : [];
    return value.map((one, index) => mapTexts(one, change, depth + 1, list[index], [...path, String(index)]));
  }
  if (typeof value !== 'object' || value === null) return value;
  const map = before !== undefined && isJsonObject(before) ? before : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapTexts(one, change, depth + 1, own(map, key), [...path, key])]),
  );
}

/** Names that a value asks for, at whatever depth. */
export function placeholdersIn(value: Json): string[] {
  const names: string[] = [];
  mapTexts(
    value,
    (text) => {
      const name = placeholderName(text);
      if (name !== undefined) names.push(name);
      return text;
    },
    0,
  );
  return names;
}
