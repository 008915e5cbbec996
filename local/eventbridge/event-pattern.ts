/** Whether an event fits; made by `parseEventPattern`. */
export type EventPattern = (event: Readonly<Record<string, unknown>>) => boolean;

type Json = Readonly<Record<string, unknown>>;
type Leaf = string | number | boolean | null;
/** Judges what an event has under one name: all values there, none where it has no such name. */
type LeafTest = (values: readonly Leaf[]) => boolean;

/** EventBridge quota: an event pattern has 2,048 characters. */
const PATTERN_CHARS_MAX = 2_048;
/** Nesting of a pattern. EventBridge names no bound; its own 2,048 characters allow a few hundred. */
const DEPTH_MAX = 100;
/** EventBridge compares numbers up to five billion either way, to six digits after the point. */
const NUMBER_MAX = 5_000_000_000;

/**
 * An event pattern as EventBridge has it: a field holds if any of its values fits any of the alternatives, and all fields must hold. Alternatives are
 * values, or one of `prefix`, `suffix`, `equals-ignore-case`, `anything-but` (a value, several, a prefix or a suffix), `numeric`, `exists`. Throws for
 * all else, `wildcard`, `cidr` and `$or` included: a pattern is never taken and then not obeyed.
 *
 * Numbers are compared by what they are worth; EventBridge compares how they are written, so that there 300 is not 300.0.
 */
export function parseEventPattern(pattern: unknown): EventPattern {
  if (!isObject(pattern)) throw wrong('', 'it is no object');
  if (JSON.stringify(pattern).length > PATTERN_CHARS_MAX)
    throw wrong('', `it has over ${PATTERN_CHARS_MAX} characters`);
  return objectTest(pattern, '', 0);
}

const wrong = (path: string, why: string): Error =>
  new Error(`The event pattern${path === '' ? '' : ` at ${path}`} is wrong: ${why}.`);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isLeaf = (value: unknown): value is Leaf => value === null || /^(string|number|boolean)$/.test(typeof value);

function objectTest(pattern: Json, path: string, depth: number): (value: Json) => boolean {
  if (depth > DEPTH_MAX) throw wrong(path, `it is nested deeper than ${DEPTH_MAX}`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw wrong(path, 'it is empty');
  const tests = entries.map(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (name.startsWith('$')) throw wrong(at, 'the local cloud does not know it');
    if (Array.isArray(inner)) {
      const test = alternatives(inner, at);
      return (value: Json) => test(leavesOf(value[name]));
    }
    if (!isObject(inner)) throw wrong(at, 'alternatives stand in a list');
    const test = objectTest(inner, at, depth + 1);
    // Of several objects one must fit as a whole; where there is none, absences are still to be judged.
    return (value: Json) => objectsOf(value[name]).some(test);
  });
  return (value) => tests.every((test) => test(value));
}

const leavesOf = (value: unknown): Leaf[] => (Array.isArray(value) ? value : [value]).filter(isLeaf);

function objectsOf(value: unknown): Json[] {
  const found = (Array.isArray(value) ? value : [value]).filter(isObject);
  return found.length === 0 ? [{}] : found;
}

function alternatives(list: readonly unknown[], path: string): LeafTest {
  if (list.length === 0) throw wrong(path, 'the list of alternatives is empty');
  const tests = list.map((one): LeafTest => {
    if (isLeaf(one)) return (values) => values.includes(one);
    if (isObject(one)) return operatorTest(one, path);
    throw wrong(path, 'an alternative is a value or an operator');
  });
  return (values) => tests.some((test) => test(values));
}

function operatorTest(operator: Json, path: string): LeafTest {
  const [[name, operand] = ['', undefined], ...others] = Object.entries(operator);
  if (others.length > 0) throw wrong(path, 'an operator stands alone in its object');
  if (name === 'exists') {
    if (typeof operand !== 'boolean') throw wrong(path, 'exists is true or false');
    return (values) => values.length > 0 === operand;
  }
  if (name === 'numeric') return some('number', numericTest(operand, path));
  if (name === 'anything-but') return anythingBut(operand, path);
  return some('string', textTest(name, operand, path));
}

/** Holds if a value of that kind fits. */
const some =
  <K extends 'string' | 'number'>(kind: K, test: (value: K extends 'string' ? string : number) => boolean): LeafTest =>
  (values) =>
    values.some((value) => typeof value === kind && test(value as never));

function textTest(name: string, operand: unknown, path: string): (text: string) => boolean {
  if (!['prefix', 'suffix', 'equals-ignore-case'].includes(name)) {
    throw wrong(path, `the local cloud does not know the operator ${name}`);
  }
  if (typeof operand !== 'string') throw wrong(path, `${name} takes text`);
  if (name === 'prefix') return (text) => text.startsWith(operand);
  if (name === 'suffix') return (text) => text.endsWith(operand);
  return (text) => text.toLowerCase() === operand.toLowerCase();
}

/** Holds if any value is another one. Where the field is absent it does not. */
function anythingBut(operand: unknown, path: string): LeafTest {
  if (isObject(operand)) {
    const [[name, inner] = ['', undefined], ...others] = Object.entries(operand);
    if (others.length > 0) throw wrong(path, 'an operator stands alone in its object');
    const test = textTest(name, inner, path);
    return some('string', (text) => !test(text));
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const isListOf = (kind: string) => excluded.length > 0 && excluded.every((value) => typeof value === kind);
  if (!isListOf('string') && !isListOf('number')) throw wrong(path, 'anything-but takes texts, numbers or an operator');
  return (values) => values.some((value) => !excluded.includes(value));
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '>=': (a, b) => a >= b,
  '>': (a, b) => a > b,
};

/** `["=", 5]`, `[">", 0]` or a range, `[">", 0, "<=", 5]`. */
function numericTest(operand: unknown, path: string): (value: number) => boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw wrong(path, 'numeric takes one comparison or two');
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const sign: unknown = operand[at];
    const bound: unknown = operand[at + 1];
    const compare = typeof sign === 'string' && Object.hasOwn(COMPARISONS, sign) ? COMPARISONS[sign] : undefined;
    if (compare === undefined) throw wrong(path, `numeric does not compare by ${String(sign)}`);
    if (typeof bound !== 'number' || Math.abs(bound) > NUMBER_MAX) throw wrong(path, 'numeric takes numbers to 5e9');
    tests.push((value) => compare(value, bound));
  }
  if (tests.length === 2 && !(String(operand[0]).startsWith('>') && String(operand[2]).startsWith('<'))) {
    throw wrong(path, 'a range begins with > or >= and ends with < or <=');
  }
  return (value) => Math.abs(value) <= NUMBER_MAX && tests.every((test) => test(value));
}
