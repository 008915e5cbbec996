import type { Json } from '../../../shared/domain/json.ts';

/** Keys of maps whose order means nothing are sorted, so that the same workspace is the same text always. Lists stay as they are. */
export function sortedDeep(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => byText(a, b))
      .map(([key, one]) => [key, sortedDeep(one)]),
  );
}

/** By code units: the same on every machine, whatever its language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether two values say the same, whatever the order of keys. */
export const isSame = (a: unknown, b: unknown): boolean => keyOf(a) === keyOf(b);

/** A text that is the same for values that say the same. */
export const keyOf = (value: unknown): string => (value === undefined ? '' : JSON.stringify(sortedDeep(value as Json)));

/** As a file has it: two spaces, a line's end at its end. */
export const fileText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Letters as ASCII has them, as far as it has. */
export const plainLetters = (text: string): string =>
  text.replaceAll('ß', 'ss').normalize('NFKD').replaceAll(/\p{M}/gu, '');
