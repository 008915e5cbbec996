import { isJsonObject, type Json, own } from '../json.ts';

/** A step into an object, or into a list. `text` of digits may be either. */
export type PathStep = { text: string; isQuoted: boolean };

/** Characters of a path, and steps that one may have: payloads are no deeper (T12). */
export const PATH_CHARS_MAX = 512;
export const PATH_STEPS_MAX = 100;

/**
 * The steps of a path such as `$.body.items[0]['full name']`; `$`, `$.` and the empty text are the root, and `$.` may be left out. A name ends at a dot
 * or an opening bracket; one in quotes, within brackets, holds any character but its quote. `undefined`: no such path.
 */
export function parsePath(text: string): PathStep[] | undefined {
  if (text.length > PATH_CHARS_MAX) return undefined;
  const rest = text.startsWith('$') ? text.slice(1) : text;
  if (rest === '' || rest === '.') return [];
  const steps: PathStep[] = [];
  let at = rest.startsWith('.') ? 1 : 0;
  while (at < rest.length) {
    if (steps.length === PATH_STEPS_MAX) return undefined;
    const found = rest[at] === '[' ? stepInBrackets(rest, at) : bareStep(rest, at);
    if (found === undefined) return undefined;
    steps.push(found.step);
    at = found.end;
    if (at === rest.length) return steps;
    if (rest[at] === '.') {
      at += 1;
      if (at === rest.length) return undefined;
    } else if (rest[at] !== '[') {
      return undefined;
    }
  }
  return steps;
}

type Found = { step: PathStep; end: number };

function bareStep(text: string, start: number): Found | undefined {
  let end = start;
  while (end < text.length && text[end] !== '.' && text[end] !== '[' && text[end] !== ']') end += 1;
  return end === start ? undefined : { step: { text: text.slice(start, end), isQuoted: false }, end };
}

function stepInBrackets(text: string, start: number): Found | undefined {
  const quote = text[start + 1];
  if (quote === "'" || quote === '"') {
    const close = text.indexOf(quote, start + 2);
    if (close === -1 || text[close + 1] !== ']') return undefined;
    return { step: { text: text.slice(start + 2, close), isQuoted: true }, end: close + 2 };
  }
  const close = text.indexOf(']', start);
  const index = close === -1 ? '' : text.slice(start + 1, close);
  return /^\d{1,9}$/.test(index) ? { step: { text: index, isQuoted: false }, end: close + 1 } : undefined;
}

/** What lies at a path. Own properties and items only, whatever they are called: a prototype is no payload (T11). */
export function valueAtPath(root: Json, steps: readonly PathStep[]): Json | undefined {
  let value: Json | undefined = root;
  for (const { text, isQuoted } of steps) {
    if (Array.isArray(value)) value = !isQuoted && /^\d{1,9}$/.test(text) ? value[Number(text)] : undefined;
    else value = isJsonObject(value) ? own(value, text) : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}
