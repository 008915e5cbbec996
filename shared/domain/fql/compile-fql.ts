import type { Json, JsonObject } from '../json.ts';
import type { FqlCall, FqlExpression, FqlValue, NumberOperator } from './expression.ts';
import { UNARY } from './functions.ts';
import { compileGlob } from './glob.ts';
import { isSame, type Judgement, readerOf, UNDECIDABLE, type Undecidable } from './values.ts';

export type { Judgement } from './values.ts';

export type FqlJudge = (event: JsonObject) => Judgement;
type Reader = (event: JsonObject) => Json | Undecidable;

/** A parsed condition made ready for many events. True only where it is judged true; for filters, which must know, take compileJudge. */
export function compileFql(expression: FqlExpression): (event: JsonObject) => boolean {
  const judge = compileJudge(expression);
  return (event) => judge(event) === true;
}

/**
 * As compileFql, and says where the condition cannot be judged; a filter then lets nothing through (C05). What decides a group decides it
 * whatever the rest comes to: `false and undecidable` is false, `true or undecidable` true. Never throws, for any JSON; time grows with the
 * text of the condition times the values it reads.
 */
export function compileJudge(expression: FqlExpression): FqlJudge {
  if (expression.kind === 'all') return () => true;
  if (expression.kind === 'and') return joined(expression.of.map(compileJudge), false);
  if (expression.kind === 'or') return joined(expression.of.map(compileJudge), true);
  if (expression.kind === 'not') return negated(compileJudge(expression.of));
  if (expression.kind === 'is') return isTrue(expression.value);
  const { left, right } = expression;
  if (expression.kind === 'order') return order(expression.operator, readerOfValue(left), readerOfValue(right));
  if (expression.kind === 'in') return membership(readerOfValue(left), readerOfValue(right));
  return expression.operator === '=' ? equal(left, right) : negated(equal(left, right));
}

/** `decisive`: the answer of one member that is the group's, true for `or`. */
function joined(members: readonly FqlJudge[], decisive: boolean): FqlJudge {
  return (event) => {
    let answer: Judgement = !decisive;
    for (const member of members) {
      const one = member(event);
      if (one === decisive) return decisive;
      if (one === 'undecidable') answer = one;
    }
    return answer;
  };
}

const not = (judgement: Judgement): Judgement => (judgement === 'undecidable' ? judgement : !judgement);

function negated(judge: FqlJudge): FqlJudge {
  return (event) => not(judge(event));
}

function isTrue(value: FqlValue): FqlJudge {
  const read = readerOfValue(value);
  return (event) => {
    const found = read(event);
    return found === UNDECIDABLE ? 'undecidable' : found === true;
  };
}

function equal(left: FqlValue, right: FqlValue): FqlJudge {
  const readLeft = readerOfValue(left);
  if (right.kind === 'literal') {
    const wanted = right.value;
    return (event) => {
      const found = readLeft(event);
      return found === UNDECIDABLE ? 'undecidable' : found === wanted;
    };
  }
  const readRight = readerOfValue(right);
  return (event) => {
    const found = readLeft(event);
    const wanted = readRight(event);
    return found === UNDECIDABLE || wanted === UNDECIDABLE ? 'undecidable' : isSame(found, wanted);
  };
}

const ORDERS: Record<NumberOperator, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** A missing number is neither more nor less than another; a string is not compared at all. */
function order(operator: NumberOperator, readLeft: Reader, readRight: Reader): FqlJudge {
  const holds = ORDERS[operator];
  return (event) => {
    const left = readLeft(event);
    const right = readRight(event);
    if (typeof left === 'number' && typeof right === 'number') return holds(left, right);
    return isNumberOrNull(left) && isNumberOrNull(right) ? false : 'undecidable';
  };
}

const isNumberOrNull = (value: Json | Undecidable): boolean => value === null || typeof value === 'number';

function membership(readValue: Reader, readList: Reader): FqlJudge {
  return (event) => {
    const value = readValue(event);
    const list = readList(event);
    if (value === UNDECIDABLE || list === UNDECIDABLE || (typeof value === 'object' && value !== null)) {
      return 'undecidable';
    }
    if (list === null) return false;
    return Array.isArray(list) ? list.includes(value) : 'undecidable';
  };
}

function readerOfValue(value: FqlValue): Reader {
  if (value.kind === 'path') return readerOf(value.path);
  if (value.kind === 'call') return readerOfCall(value);
  const constant = value.kind === 'literal' ? value.value : [...value.items];
  return () => constant;
}

function readerOfCall(call: FqlCall): Reader {
  const [first = NOTHING, second = NOTHING] = call.args;
  if (call.name === 'contains') return ofStrings(first, second, (text, part) => text.includes(part));
  if (call.name === 'match') return matchOf(first, second);
  const read = readerOfValue(first);
  const convert = UNARY[call.name];
  return (event) => {
    const value = read(event);
    return value === UNDECIDABLE ? value : convert(value);
  };
}

const NOTHING: FqlValue = { kind: 'literal', value: null };

function matchOf(subject: FqlValue, pattern: FqlValue): Reader {
  if (pattern.kind === 'literal' && typeof pattern.value === 'string') {
    const glob = compileGlob(pattern.value);
    if (glob.outcome === 'malformed') return () => UNDECIDABLE;
    const { matches } = glob;
    return ofStrings(subject, pattern, (text) => matches(text));
  }
  return ofStrings(subject, pattern, (text, glob) => {
    const compiled = compileGlob(glob);
    return compiled.outcome === 'malformed' ? UNDECIDABLE : compiled.matches(text);
  });
}

/** A function of two strings, false where either is null (C09). */
function ofStrings(
  left: FqlValue,
  right: FqlValue,
  judge: (left: string, right: string) => boolean | Undecidable,
): Reader {
  const readLeft = readerOfValue(left);
  const readRight = readerOfValue(right);
  return (event) => {
    const a = readLeft(event);
    const b = readRight(event);
    if (typeof a === 'string' && typeof b === 'string') return judge(a, b);
    return isStringOrNull(a) && isStringOrNull(b) ? false : UNDECIDABLE;
  };
}

const isStringOrNull = (value: Json | Undecidable): boolean => value === null || typeof value === 'string';
