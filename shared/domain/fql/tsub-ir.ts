import type { Json } from '../json.ts';
import type { FqlLiteral } from './expression.ts';

/** A part of the form that tsub takes: `["=", "event", {"value": "X"}]`, where a string is a path and `{value}` a literal. */
export type Ir = Json;

export const TRUE: Ir = { value: true };
export const FALSE: Ir = { value: false };

export const literal = (value: FqlLiteral): Ir => ({ value });

export function not(ir: Ir): Ir {
  if (ir === TRUE) return FALSE;
  if (ir === FALSE) return TRUE;
  return Array.isArray(ir) && ir[0] === '!' && ir[1] !== undefined ? ir[1] : ['!', ir];
}

export const and = (...parts: Ir[]): Ir => joined('and', parts, TRUE, FALSE);
export const or = (...parts: Ir[]): Ir => joined('or', parts, FALSE, TRUE);

function joined(word: 'and' | 'or', parts: readonly Ir[], neutral: Ir, decisive: Ir): Ir {
  if (parts.includes(decisive)) return decisive;
  const rest = parts
    .filter((part) => part !== neutral)
    .flatMap((part) => (Array.isArray(part) && part[0] === word ? part.slice(1) : [part]));
  const [first = neutral, second] = rest;
  return second === undefined ? first : [word, ...rest];
}

/*
 * What tsub can tell of the value at a path, each exact for whatever an event holds. Its own `=` must never see a list of an event: it takes
 * ["lowercase", "event"] for a function call, and some lists make it throw. So type or length is asked first, and `and` ends at the first false.
 */
const typeIs = (path: string, type: string): Ir => ['=', ['typeof', path], literal(type)];

/** 0 for null, items of a list, UTF-16 units of a string, otherwise not a number. */
const lengthIs = (operator: string, path: string): Ir => [operator, ['length', path], literal(0)];

export const isText = (path: string): Ir => typeIs(path, 'string');
export const isNumber = (path: string): Ir => typeIs(path, 'number');
export const isBool = (path: string): Ir => typeIs(path, 'boolean');

/** The length keeps out every list that could be taken for a call: those have two items or more. */
const isNullItself = (path: string): Ir => and(lengthIs('<=', path), ['=', path, literal(null)]);

/** Null or missing, which FQL does not tell apart and tsub does. */
export const isNil = (path: string): Ir => or(typeIs(path, 'undefined'), isNullItself(path));

export const isList = (path: string): Ir => and(typeIs(path, 'object'), lengthIs('>=', path), not(isNullItself(path)));

export const isObject = (path: string): Ir => and(typeIs(path, 'object'), not(lengthIs('>=', path)));

/** Neither a list nor an object. */
export const isScalar = (path: string): Ir => or(not(typeIs(path, 'object')), isNullItself(path));

/** `length(x)` is 0, for null, missing, an empty string, an empty list; or it is more, for other strings and lists. */
export const isEmpty = (path: string): Ir => or(typeIs(path, 'undefined'), lengthIs('<=', path));
export const isFilled = (path: string): Ir => lengthIs('>', path);
