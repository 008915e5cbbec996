import type { Json } from '../../../shared/domain/json.ts';
import { plainLetters } from './canonical.ts';

/** `${NAME}` as a whole value: the environment has it. More `$` before it: the text itself, with one less. */
const PLACEHOLDER = /^(\$+)\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const DEPTH_MAX = 100;

/** A value as a file has it: a text that only looks like a placeholder gets one `$` more. */
export const escaped = (value: Json): Json =>
  mapTexts(value, (text) => (PLACEHOLDER.test(text) ? `$${text}` : text), 0);

export type Resolved = { value: Json; missing: string[] };

/** A value as the workspace is to have it. `missing`: names that the environment has not; they stay as they are in `value`. */
export function resolved(value: Json, env: Readonly<Record<string, string | undefined>>): Resolved {
  const missing: string[] = [];
  const filled = mapTexts(
    value,
    (text) => {
      const found = PLACEHOLDER.exec(text);
      if (found === null) return text;
      const [, dollars = '', name = ''] = found;
      if (dollars.length > 1) return text.slice(1);
      const given = Object.hasOwn(env, name) ? env[name] : undefined;
      if (given !== undefined && given !== '') return given;
      missing.push(name);
      return text;
    },
    0,
  );
  return { value: filled, missing };
}

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

function mapTexts(value: Json, change: (text: string) => string, depth: number): Json {
  if (depth > DEPTH_MAX) return value;
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change, depth + 1)]));
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
