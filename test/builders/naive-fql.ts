import type { FqlExpression, FqlValue } from '../../shared/domain/fql/expression.ts';
import type { Json } from '../../shared/domain/json.ts';

/**
 * FQL judged straight from the tables of its documentation, by a walk over the tree: slow, plain, and sharing nothing with the evaluator but
 * the type of the tree. An operand whose type the tables do not list throws NoAnswer.
 */
export function naiveJudge(expression: FqlExpression, event: Json): boolean | 'undecidable' {
  try {
    return conditionOf(expression, event);
  } catch (error) {
    if (error instanceof NoAnswer) return 'undecidable';
    throw error;
  }
}

class NoAnswer extends Error {}

function conditionOf(expression: FqlExpression, event: Json): boolean {
  switch (expression.kind) {
    case 'all':
      return true;
    case 'and':
      return groupOf(expression.of, event, false);
    case 'or':
      return groupOf(expression.of, event, true);
    case 'not':
      return !conditionOf(expression.of, event);
    case 'is':
      return valueOf(expression.value, event) === true;
    case 'equal': {
      const left = valueOf(expression.left, event);
      const right = valueOf(expression.right, event);
      // "the same type and strictly equal"
      const same = typeNameOf(left) === typeNameOf(right) && JSON.stringify(left) === JSON.stringify(right);
      return expression.operator === '=' ? same : !same;
    }
    case 'order': {
      const left = valueOf(expression.left, event);
      const right = valueOf(expression.right, event);
      for (const side of [left, right]) if (side !== null && typeof side !== 'number') throw new NoAnswer();
      if (left === null || right === null) return false;
      const difference = Number(left) - Number(right);
      if (expression.operator === '<') return difference < 0;
      if (expression.operator === '>') return difference > 0;
      return expression.operator === '<=' ? difference <= 0 : difference >= 0;
    }
    case 'in': {
      const value = valueOf(expression.left, event);
      const list = valueOf(expression.right, event);
      if (['list', 'object'].includes(typeNameOf(value))) throw new NoAnswer();
      if (list === null) return false;
      if (!Array.isArray(list)) throw new NoAnswer();
      return list.filter((item) => typeNameOf(item) === typeNameOf(value) && item === value).length > 0;
    }
    default:
      throw new Error('no such condition');
  }
}

/** One member that decides is enough, whatever the others come to. */
function groupOf(members: readonly FqlExpression[], event: Json, decisive: boolean): boolean {
  const answers = members.map((member) => naiveJudge(member, event));
  if (answers.includes(decisive)) return decisive;
  if (answers.includes('undecidable')) throw new NoAnswer();
  return !decisive;
}

function valueOf(value: FqlValue, event: Json): Json {
  if (value.kind === 'literal') return value.value;
  if (value.kind === 'list') return [...value.items];
  if (value.kind === 'path') return pathOf(value.path, event);
  const args = value.args.map((argument) => valueOf(argument, event));
  return callOf(value.name, args[0] ?? null, args[1] ?? null);
}

function pathOf(path: readonly string[], event: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return event;
  if (Array.isArray(event)) {
    const index = String(Number.parseInt(name, 10)) === name ? Number(name) : -1;
    return index < 0 ? null : pathOf(rest, event[index] ?? null);
  }
  if (typeof event !== 'object' || event === null) return null;
  const entry = Object.entries(event).find(([key]) => key === name);
  return entry === undefined ? null : pathOf(rest, entry[1]);
}

function typeNameOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return { string: 'string', number: 'number', boolean: 'bool' }[typeof value as string] ?? 'object';
}

function callOf(name: string, first: Json, second: Json): Json {
  const type = typeNameOf(first);
  if (name === 'typeof') return type;
  if (name === 'contains' || name === 'match') {
    for (const side of [first, second]) if (side !== null && typeof side !== 'string') throw new NoAnswer();
    if (typeof first !== 'string' || typeof second !== 'string') return false;
    return name === 'contains' ? first.split(second).length > 1 || second === '' : naiveGlob(first, second);
  }
  if (name === 'length') {
    if (type === 'null') return 0;
    if (typeof first === 'string') return Buffer.from(first).length;
    if (Array.isArray(first)) return first.length;
  }
  if (name === 'bool') {
    const falsy: Json[] = [null, '', 'false', 0, false];
    if (falsy.includes(first) || (Array.isArray(first) && first.length === 0)) return false;
    if (first === 'true' || first === true || type === 'number' || type === 'list') return true;
  }
  if (name === 'string') {
    if (type === 'null') return '';
    if (type === 'list') return JSON.stringify(first);
    if (typeof first !== 'object') return first.toString();
  }
  if (name === 'number') {
    if (type === 'null' || type === 'number') return first;
    if (typeof first === 'string' && /^[-+]?\d/.test(first) && /\d$/.test(first)) {
      const number = Number(first);
      const isDecimal = !/[xob]/i.test(first) && Number.isFinite(number);
      if (isDecimal && !/[^\d]\.|\.[^\d]/.test(first)) return number;
    }
  }
  if (type === 'null') return null;
  if (typeof first !== 'string') throw new NoAnswer();
  if (name === 'lowercase') return first.toLowerCase();
  if (name === 'uppercase') return first.toUpperCase();
  if (name === 'snakecase') return first.split(' ').join('_');
  if (name === 'kebabcase') return first.split(' ').join('-');
  if (name === 'titlecase') return first.split(' ').map(capitalised).join(' ');
  throw new NoAnswer();
}

function capitalised(word: string): string {
  const [first = '', ...rest] = Array.from(word);
  return first.toUpperCase() + rest.join('');
}

/** Whether a pattern matches, by trying each way in turn and remembering what failed. Throws NoAnswer for a pattern that is none. */
export function naiveGlob(text: string, pattern: string): boolean {
  const chars = Array.from(text);
  const parts = partsOf(Array.from(pattern));
  const failed = new Set<string>();
  const from = (part: number, char: number): boolean => {
    const key = `${part} ${char}`;
    if (failed.has(key)) return false;
    const one = parts[part];
    const here = chars[char];
    const matched =
      one === undefined
        ? here === undefined
        : one === 'star'
          ? from(part + 1, char) || (here !== undefined && from(part, char + 1))
          : here !== undefined && one(here) && from(part + 1, char + 1);
    if (!matched) failed.add(key);
    return matched;
  };
  return from(0, 0);
}

type Part = 'star' | ((char: string) => boolean);

function partsOf(pattern: readonly string[]): Part[] {
  const parts: Part[] = [];
  let rest = [...pattern];
  const next = (): string => {
    const char = rest.shift();
    if (char === undefined) throw new NoAnswer();
    return char;
  };
  while (rest.length > 0) {
    const char = next();
    if (char === '*') parts.push('star');
    else if (char === '?') parts.push(() => true);
    else if (char === '\\') {
      const literal = next();
      parts.push((found) => found === literal);
    } else if (char === '[') {
      const negated = rest[0] === '^';
      if (negated) next();
      const ranges: [string, string][] = [];
      const member = (): string => {
        const one = next();
        if (one === '-' || one === ']') throw new NoAnswer();
        return one === '\\' ? next() : one;
      };
      do {
        const low = member();
        let high = low;
        if (rest[0] === '-') {
          next();
          high = member();
        }
        if (pointOf(high) < pointOf(low)) throw new NoAnswer();
        ranges.push([low, high]);
      } while (rest[0] !== ']' && rest.length > 0);
      if (next() !== ']') throw new NoAnswer();
      parts.push((found) => {
        const inside = ranges.some(([low, high]) => pointOf(low) <= pointOf(found) && pointOf(found) <= pointOf(high));
        return inside !== negated;
      });
    } else parts.push((found) => found === char);
  }
  return parts;
}

const pointOf = (char: string): number => char.codePointAt(0) ?? 0;
