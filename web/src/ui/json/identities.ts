import { entriesOf, isContainer, kindOf } from './values.ts';

/** Gives values that are the same JSON the same number, and others another. */
export type Identities = (value: unknown) => number;

/**
 * Numbers for values: each part is looked at once, however often its whole is asked about, so comparing all parts of two values takes
 * as long as reading them. On a stack of its own: no depth is too deep. Values must not change while it is used.
 */
export function identities(): Identities {
  const numbers = new Map<string, number>();
  const known = new WeakMap<object, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const idOf = (value: unknown): number | undefined =>
    isContainer(value) ? known.get(value) : numberOf(kindOf(value) === 'null' ? 'null' : scalarKey(value));

  return (value) => {
    const stack: unknown[] = [value];
    while (stack.length > 0) {
      const next = stack.at(-1);
      if (!isContainer(next) || known.has(next)) {
        stack.pop();
        continue;
      }
      const entries = entriesOf(next);
      const waiting = entries.map(([, part]) => part).filter((part) => isContainer(part) && !known.has(part));
      if (waiting.length > 0) {
        for (const part of waiting) stack.push(part);
        continue;
      }
      const parts = entries.map(([step, part]) => `${JSON.stringify(step)}:${idOf(part)}`);
      known.set(next, numberOf(Array.isArray(next) ? `[${parts.join()}]` : `{${parts.toSorted().join()}}`));
      stack.pop();
    }
    return idOf(value) ?? -1;
  };
}

const scalarKey = (value: unknown): string => `${typeof value} ${Object.is(value, -0) ? 0 : String(value)}`;
