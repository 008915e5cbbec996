import type { EventPattern } from './types.ts';

/** One place where an event is not as the pattern has it; `path` with dots, `got` absent where the event has nothing there. */
export type Difference = { path: string; expected: string; got?: string };

/** What a pattern asks for, place by place, and whether the event has it. */
export type Compared = { path: string; isMet: boolean; expected: unknown; got: unknown };

/** Deeper patterns are compared as texts: nobody writes such, and a ring would never end. */
const DEPTH_MAX = 30;
/** Characters of a value in a message. */
const VALUE_CHARS_MAX = 200;

/** Compares an event with a pattern; what the pattern does not name is not looked at. Pure. */
export function compare(pattern: EventPattern, event: unknown): Compared[] {
  return comparedAt('', pattern, event, 0);
}

export const isMatch = (pattern: EventPattern, event: unknown): boolean =>
  compare(pattern, event).every(({ isMet }) => isMet);

export const differences = (pattern: EventPattern, event: unknown): Difference[] =>
  compare(pattern, event)
    .filter(({ isMet }) => !isMet)
    .map(({ path, expected, got }) => ({
      path,
      expected: textOf(expected),
      ...(got !== undefined && { got: textOf(got) }),
    }));

function comparedAt(path: string, expected: unknown, got: unknown, depth: number): Compared[] {
  const leaf = (isMet: boolean): Compared[] => [{ path, isMet, expected, got }];
  if (isAsymmetric(expected)) return leaf(expected.asymmetricMatch(got));
  if (expected instanceof RegExp) return leaf(typeof got === 'string' && got.search(expected) !== -1);
  if (typeof expected === 'function') return leaf(passes(expected, got));
  // An event holds times as texts.
  if (expected instanceof Date) return leaf(typeof got === 'string' && Date.parse(got) === expected.getTime());
  if (typeof expected !== 'object' || expected === null) return leaf(Object.is(expected, got));
  if (depth >= DEPTH_MAX) return leaf(textOf(expected) === textOf(got));
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return leaf(false);
    return expected.flatMap((one, index) => comparedAt(`${path}[${index}]`, one, got[index], depth + 1));
  }
  if (typeof got !== 'object' || got === null || Array.isArray(got)) return leaf(false);
  return Object.entries(expected).flatMap(([key, one]) =>
    comparedAt(path === '' ? key : `${path}.${key}`, one, ownOf(got, key), depth + 1),
  );
}

const ownOf = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;

/** `expect.any(Number)` of jest and its like. */
const isAsymmetric = (value: unknown): value is { asymmetricMatch: (other: unknown) => boolean } =>
  typeof value === 'object' &&
  value !== null &&
  'asymmetricMatch' in value &&
  typeof value.asymmetricMatch === 'function';

/** A function that throws has not been met: an assertion in it is a way to say so. */
function passes(test: unknown, got: unknown): boolean {
  try {
    return (test as (value: unknown) => unknown)(got) !== false;
  } catch {
    return false;
  }
}

/** As JSON on one line, what JSON cannot say by its name; control characters are escaped, so that a terminal shows them. */
export function textOf(value: unknown): string {
  const text = plainText(value);
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text;
}

function plainText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof RegExp) return escaped(String(value));
  if (typeof value === 'function')
    return value.name === '' ? 'what a function asks for' : `what ${value.name} asks for`;
  if (isAsymmetric(value)) {
    const said = 'toAsymmetricMatcher' in value && typeof value.toAsymmetricMatcher === 'function';
    return said
      ? escaped(String((value as { toAsymmetricMatcher: () => unknown }).toAsymmetricMatcher()))
      : 'a matcher';
  }
  try {
    return escaped(
      JSON.stringify(value, (_key, one: unknown) =>
        one instanceof RegExp || typeof one === 'function' || isAsymmetric(one) ? plainText(one) : one,
      ) ?? 'nothing',
    );
  } catch {
    return 'what JSON cannot say';
  }
}

/** What a terminal would obey, or show in another order, as `\u001b`. */
export const escaped = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
