/** Thrown and caught within the making of tsub's form: what stands in the way, for people. */
export class Inexpressible extends Error {}

const namesOf = (...prototypes: object[]): ReadonlySet<string> =>
  new Set(prototypes.flatMap((prototype) => Object.getOwnPropertyNames(prototype)));

/** tsub follows any property, inherited ones too: `event.constructor` is always there for it, and a string has a `length`. */
const OF_OBJECTS = namesOf(Object.prototype);
const OF_ANYTHING = namesOf(Object.prototype, Array.prototype, String.prototype, Number.prototype, Boolean.prototype);

/** Analytics.js makes these itself, from plain objects only: what is directly inside cannot be that of a list or a string. */
const CONTAINERS: ReadonlySet<string> = new Set(['properties', 'traits', 'context']);

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
  const inherited = path.find((name, index) => (isInsideObject(path, index) ? OF_OBJECTS : OF_ANYTHING).has(name));
  if (inherited !== undefined) {
    throw new Inexpressible(`a browser finds "${inherited}" at values that have no such field: ${joined}`);
  }
  if (path.some((name, index) => ONLY_DIGITS.test(name) && !isInsideObject(path, index))) {
    throw new Inexpressible(`a browser takes the items of a list and the characters of a string for fields: ${joined}`);
  }
  if (OTHERWISE_IN_A_PAGE.has(joined)) {
    throw new Inexpressible(`the field is not in a browser what it is here: ${joined}`);
  }
  return joined;
}

const isInsideObject = (path: readonly string[], index: number): boolean =>
  index === 0 || (index === 1 && CONTAINERS.has(path[0] ?? ''));
