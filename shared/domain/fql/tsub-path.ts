/** Thrown and caught within the making of tsub's form: what stands in the way, for people. */
export class Inexpressible extends Error {}

/** tsub follows any property, inherited ones too: `event.constructor` is always there for it, and a string has a `length`. */
const INHERITED: ReadonlySet<string> = new Set(
  [Object.prototype, Array.prototype, String.prototype, Number.prototype, Boolean.prototype].flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype),
  ),
);

/** Put on by ingest, or a Date in a page and a string here. */
const OTHERWISE_IN_A_PAGE: ReadonlySet<string> = new Set([
  'timestamp',
  'originalTimestamp',
  'sentAt',
  'receivedAt',
  'context.ip',
]);

const ONLY_DIGITS = /^[0-9]+$/;

/** The path as tsub splits it, at each dot. Throws Inexpressible where tsub would read something else there. */
export function tsubPath(path: readonly string[]): string {
  const joined = path.join('.');
  if (path.some((name) => name.includes('.'))) {
    throw new Inexpressible(`the name of a field with a dot in it cannot be looked up in a browser: ${joined}`);
  }
  const inherited = path.find((name) => INHERITED.has(name));
  if (inherited !== undefined) {
    throw new Inexpressible(`a browser finds "${inherited}" at values that have no such field: ${joined}`);
  }
  if (path.slice(1).some((name) => ONLY_DIGITS.test(name))) {
    throw new Inexpressible(`a browser takes the items of a list and the characters of a string for fields: ${joined}`);
  }
  if (OTHERWISE_IN_A_PAGE.has(joined)) {
    throw new Inexpressible(`the field is not in a browser what it is here: ${joined}`);
  }
  return joined;
}
