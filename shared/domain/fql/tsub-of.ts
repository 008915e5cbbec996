import { compileJudge } from './compile-fql.ts';
import type { FqlCall, FqlExpression, FqlLiteral, FqlPath, FqlValue, NumberOperator } from './expression.ts';
import * as ir from './tsub-ir.ts';
import { FALSE, type Ir, TRUE } from './tsub-ir.ts';
import { Inexpressible, tsubPath } from './tsub-path.ts';

export type TsubForm =
  | {
      outcome: 'expressed';
      /** True where the condition is judged true. */
      ir: string;
      /** True where it cannot be judged, and the event must be dropped (C05); absent if it always can. */
      undecidable?: string;
    }
  | { outcome: 'inexpressible'; reason: string };

/**
 * A condition in the form that Analytics.js evaluates (tsub 2.0.1): nested arrays as JSON. Whatever is expressed comes to the same in tsub as
 * here, for any event; what tsub cannot be made to judge alike is inexpressible, and the caller must let nothing through to that destination.
 */
export function tsubOf(expression: FqlExpression): TsubForm {
  try {
    const { yes, no } = answersOf(expression);
    const undecidable = ir.not(ir.or(yes, no));
    const form = { outcome: 'expressed', ir: JSON.stringify(yes) } as const;
    return isComplement(yes, no) ? form : { ...form, undecidable: JSON.stringify(undecidable) };
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error;
    return { outcome: 'inexpressible', reason: error.message };
  }
}

/** Two conditions of tsub: one true where ours is true, one true where ours is false. Neither: it cannot be judged. */
type Answers = { yes: Ir; no: Ir };

const decided = (yes: Ir): Answers => ({ yes, no: ir.not(yes) });

/** Both parts are built by the same functions, so a condition and its `!` hold the very same array. */
function isComplement(yes: Ir, no: Ir): boolean {
  return JSON.stringify(ir.not(yes)) === JSON.stringify(no);
}

function answersOf(expression: FqlExpression): Answers {
  if (expression.kind === 'all') return decided(TRUE);
  if (expression.kind === 'not') {
    const { yes, no } = answersOf(expression.of);
    return { yes: no, no: yes };
  }
  if (expression.kind === 'and' || expression.kind === 'or') {
    return joined(expression.kind, expression.of.map(answersOf));
  }
  return constantOf(expression) ?? answersOfComparison(expression);
}

function joined(word: 'and' | 'or', members: readonly Answers[]): Answers {
  const yes = members.map((member) => member.yes);
  const no = members.map((member) => member.no);
  const all = word === 'and' ? ir.and(...yes) : ir.or(...yes);
  if (members.every((member) => isComplement(member.yes, member.no))) return decided(all);
  return { yes: all, no: word === 'and' ? ir.or(...no) : ir.and(...no) };
}

/** A comparison that reads nothing of the event is judged here and now. */
function constantOf(expression: FqlExpression): Answers | undefined {
  if (expression.kind === 'is' ? readsEvent(expression.value) : comparesEvent(expression)) return undefined;
  const judged = compileJudge(expression)({});
  return judged === 'undecidable' ? { yes: FALSE, no: FALSE } : decided(judged ? TRUE : FALSE);
}

const comparesEvent = (expression: FqlExpression): boolean =>
  'left' in expression && (readsEvent(expression.left) || readsEvent(expression.right));

const readsEvent = (value: FqlValue): boolean =>
  value.kind === 'path' || (value.kind === 'call' && value.args.some(readsEvent));

function answersOfComparison(expression: FqlExpression): Answers {
  if (expression.kind === 'is') return isTrue(expression.value);
  if (expression.kind === 'in') return membership(expression.left, expression.right);
  if (expression.kind === 'order') return ordered(expression.operator, expression.left, expression.right);
  if (expression.kind !== 'equal') throw new Inexpressible('this condition has no form for browsers');
  const { left, right } = expression;
  const { yes, no } = left.kind === 'literal' ? equal(right, left) : equal(left, right);
  return expression.operator === '=' ? { yes, no } : { yes: no, no: yes };
}

function equal(value: FqlValue, wanted: FqlValue): Answers {
  if (wanted.kind !== 'literal')
    throw new Inexpressible('browsers compare with a single value only, not with a field or a list');
  return equalTo(value, wanted.value);
}

function equalTo(value: FqlValue, wanted: FqlLiteral): Answers {
  if (value.kind === 'path') return decided(pathEqual(tsubPath(value.path), wanted));
  const call = callOf(value);
  if (call.name === 'typeof') return decided(typeEqual(argumentPath(call), wanted));
  if (call.name === 'length') return lengthCompared(argumentPath(call), (length) => length === wanted, wanted);
  if (call.name === 'lowercase') return lowercaseEqual(argumentPath(call), wanted);
  const truth = truthOf(call);
  if (wanted === true) return truth;
  if (wanted === false) return { yes: truth.no, no: truth.yes };
  return { yes: FALSE, no: ir.or(truth.yes, truth.no) };
}

function pathEqual(path: string, wanted: FqlLiteral): Ir {
  if (wanted === null) return ir.isNil(path);
  if (wanted === true) return path;
  const sameType = { string: ir.isText, number: ir.isNumber, boolean: ir.isBool }[
    typeof wanted as 'string' | 'number' | 'boolean'
  ];
  return ir.and(sameType(path), ['=', path, ir.literal(wanted)]);
}

function typeEqual(path: string, wanted: FqlLiteral): Ir {
  if (wanted === 'string') return ir.isText(path);
  if (wanted === 'number') return ir.isNumber(path);
  if (wanted === 'bool') return ir.isBool(path);
  if (wanted === 'null') return ir.isNil(path);
  if (wanted === 'list') return ir.isList(path);
  return wanted === 'object' ? ir.isObject(path) : FALSE;
}

function lowercaseEqual(path: string, wanted: FqlLiteral): Answers {
  if (wanted === null) return { yes: ir.isNil(path), no: ir.isText(path) };
  if (typeof wanted !== 'string') return { yes: FALSE, no: textOrNil(path) };
  const same: Ir = ['=', ['lowercase', path], ir.literal(wanted)];
  return { yes: ir.and(ir.isText(path), same), no: ir.or(ir.isNil(path), ir.and(ir.isText(path), ir.not(same))) };
}

/**
 * tsub counts UTF-16 units where FQL counts bytes (C11). They agree on nothing but whether there are any, so `holds` must be the same for
 * every length of 1 or more.
 */
function lengthCompared(path: string, holds: (length: number) => boolean, bound: FqlLiteral): Answers {
  const isBound = typeof bound === 'number' && Number.isSafeInteger(bound) && bound >= 1;
  const tried = isBound ? [bound - 1, bound, bound + 1].filter((length) => length >= 1) : [];
  const one = holds(1);
  if ([...tried, Number.MAX_SAFE_INTEGER].some((length) => holds(length) !== one)) {
    throw new Inexpressible('browsers count characters, not bytes: there length() can only be told to be 0, or more');
  }
  const lengths = { empty: ir.isEmpty(path), filled: ir.isFilled(path) };
  const none = holds(0);
  return {
    yes: ir.or(none ? lengths.empty : FALSE, one ? lengths.filled : FALSE),
    no: ir.or(none ? FALSE : lengths.empty, one ? FALSE : lengths.filled),
  };
}

function isTrue(value: FqlValue): Answers {
  if (value.kind === 'path') return decided(tsubPath(value.path));
  return equalTo(value, true);
}

/** contains and match. */
function truthOf(call: FqlCall): Answers {
  if (call.name !== 'contains' && call.name !== 'match')
    throw new Inexpressible(`browsers have no function ${call.name}`);
  const [subject, part] = call.args;
  if (subject === undefined || part === undefined) throw new Inexpressible(`${call.name} takes two values`);
  if (call.name === 'match') assertPlainPattern(part);
  const paths = [subject, part].filter((arg): arg is FqlPath => arg.kind === 'path').map((arg) => tsubPath(arg.path));
  const isNever = [subject, part].some((arg) => arg.kind === 'literal' && arg.value === null);
  const yes: Ir = isNever ? FALSE : [call.name, operandOf(subject), operandOf(part)];
  return { yes, no: ir.and(...paths.map(textOrNil), ir.not(yes)) };
}

function operandOf(value: FqlValue): Ir {
  if (value.kind === 'path') return tsubPath(value.path);
  if (value.kind === 'literal') return ir.literal(value.value);
  throw new Inexpressible('browsers know no function inside another');
}

/** `?` and classes take a UTF-16 unit there and a character here, so a pattern may hold stars and plain characters only. */
function assertPlainPattern(pattern: FqlValue): void {
  if (pattern.kind !== 'literal') throw new Inexpressible('browsers match against a pattern in quotes only');
  if (typeof pattern.value === 'string' && /[?[]/.test(pattern.value.replaceAll(/\\./gsu, ''))) {
    throw new Inexpressible('in browsers "?" and "[ ]" of a pattern take half a character at times: use "*"');
  }
}

function ordered(operator: NumberOperator, left: FqlValue, right: FqlValue): Answers {
  if (left.kind === 'literal') return ordered(TURNED[operator], right, left);
  if (left.kind === 'call') {
    if (left.name !== 'length' || right.kind !== 'literal')
      throw new Inexpressible(`browsers cannot compare ${left.name}`);
    const bound = right.value;
    if (typeof bound !== 'number') throw new Inexpressible('only numbers are compared');
    return lengthCompared(argumentPath(left), (length) => HOLDS[operator](length, bound), bound);
  }
  if (right.kind === 'call' && right.name === 'length') throw new Inexpressible('browsers count characters, not bytes');
  const paths = [left, right]
    .filter((side): side is FqlPath => side.kind === 'path')
    .map((side) => tsubPath(side.path));
  const yes = ir.and(...paths.map(ir.isNumber), [operator, operandOf(left), operandOf(right)]);
  return { yes, no: ir.and(...paths.map((path) => ir.or(ir.isNumber(path), ir.isNil(path))), ir.not(yes)) };
}

const TURNED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

const HOLDS: Record<NumberOperator, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** tsub takes the items of an event's list for paths, so only a list that is written out can be looked into. */
function membership(value: FqlValue, list: FqlValue): Answers {
  if (list.kind !== 'list') throw new Inexpressible('browsers cannot look into a list of the event');
  if (value.kind === 'path') return pathMembership(tsubPath(value.path), list.items);
  const each = list.items.map((item) => equalTo(value, item));
  const yes = ir.or(...each.map((answers) => answers.yes));
  return { yes, no: ir.and(judgeableCall(callOf(value)), ...each.map((answers) => answers.no)) };
}

function pathMembership(path: string, items: readonly FqlLiteral[]): Answers {
  const listed: Ir = ['in', path, items.map(ir.literal)];
  const yes = items.includes(null) ? ir.or(listed, ir.isNil(path)) : listed;
  return { yes, no: ir.and(ir.isScalar(path), ir.not(yes)) };
}

function judgeableCall(call: FqlCall): Ir {
  const { yes, no } = equalTo(call, '');
  return ir.or(yes, no);
}

const textOrNil = (path: string): Ir => ir.or(ir.isText(path), ir.isNil(path));

function callOf(value: FqlValue): FqlCall {
  if (value.kind !== 'call') throw new Inexpressible('browsers compare a field or a function with a single value');
  return value;
}

function argumentPath(call: FqlCall): string {
  const [argument] = call.args;
  if (argument?.kind !== 'path') throw new Inexpressible('browsers know no function inside another');
  return tsubPath(argument.path);
}
