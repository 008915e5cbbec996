import type { FqlExpression, FqlLiteral, FqlValue } from '../../../../shared/domain/fql/expression.ts';
import { parseFql } from '../../../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../../../shared/domain/fql/parse-trigger.ts';

/** Calls of the spec. */
const CALLS = 6;
/** Longer lists are cut, and say how many there are. */
const LISTED_MAX = 6;

/** A trigger of a mapping in words: `Track “Order Completed”`; the text itself where it cannot be read. */
export function triggerWords(trigger: string): string {
  const parsed = parseTrigger(trigger);
  return parsed.outcome === 'parsed' ? capital(wordsOf(parsed.expression)) : trigger;
}

/** A condition of a filter in words; the text itself where it cannot be read. */
export function conditionWords(condition: string): string {
  const parsed = parseFql(condition);
  return parsed.outcome === 'parsed' ? capital(wordsOf(parsed.expression)) : condition;
}

/** Words that begin a sentence; a path such as `userId` is written as it is. */
const BEGINNINGS = /^(?:every|no|not|track|identify|page|screen|group|alias)\b(?!\.)/;
const capital = (words: string): string =>
  BEGINNINGS.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;

function wordsOf(expression: FqlExpression): string {
  switch (expression.kind) {
    case 'all':
      return 'every event';
    case 'and':
      return andWords(expression.of);
    case 'or':
      return orWords(expression.of);
    case 'not':
      return notWords(expression.of);
    case 'equal':
      return equalWords(expression.operator === '=', expression.left, expression.right);
    case 'order':
      return `${valueWords(expression.left)} ${ORDERS[expression.operator]} ${valueWords(expression.right)}`;
    case 'in':
      return `${valueWords(expression.left)} is in ${valueWords(expression.right)}`;
    case 'is':
    default:
      return isWords(expression.value);
  }
}

const ORDERS = { '<': 'is less than', '<=': 'is at most', '>': 'is more than', '>=': 'is at least' } as const;

/** `type = "track" and event = "X"` is `track “X”`; else each member, those of an `or` in brackets. */
function andWords(members: readonly FqlExpression[]): string {
  const [first, ...rest] = members;
  const call = first === undefined ? undefined : callOf(first);
  const names = rest[0] === undefined ? undefined : namesOf(rest[0]);
  if (call !== undefined && names !== undefined)
    return [`${call} ${listed(names, 'or')}`, ...rest.slice(1).map(inside)].join(' and ');
  return members.map(inside).join(' and ');
}

const inside = (member: FqlExpression): string =>
  member.kind === 'or' && sameOf(member) === undefined ? `(${wordsOf(member)})` : wordsOf(member);

function orWords(members: readonly FqlExpression[]): string {
  const calls = members.map(callOf);
  if (calls.every((call) => call !== undefined)) {
    return new Set(calls).size === CALLS ? 'every call' : `${listed(calls, 'and')} calls`;
  }
  const same = sameOf({ kind: 'or', of: members });
  if (same !== undefined) return `${same.path} is ${listed(same.values, 'or')}`;
  return members.map((member) => (member.kind === 'and' ? `(${wordsOf(member)})` : wordsOf(member))).join(' or ');
}

function notWords(member: FqlExpression): string {
  if (member.kind === 'all') return 'no event';
  if (member.kind === 'equal') return equalWords(member.operator !== '=', member.left, member.right);
  if (member.kind === 'is' && member.value.kind === 'call') return isWords(member.value, true);
  return `not (${wordsOf(member)})`;
}

function equalWords(isEqual: boolean, left: FqlValue, right: FqlValue): string {
  const call = isEqual ? callOf({ kind: 'equal', operator: '=', left, right }) : undefined;
  if (call !== undefined) return `${call} calls`;
  if (right.kind === 'literal' && right.value === null) return `${valueWords(left)} is ${isEqual ? 'not set' : 'set'}`;
  return `${valueWords(left)} is ${isEqual ? '' : 'not '}${valueWords(right)}`;
}

function isWords(value: FqlValue, isNot = false): string {
  if (value.kind === 'call' && (value.name === 'contains' || value.name === 'match')) {
    const [subject, wanted] = value.args;
    if (subject !== undefined && wanted !== undefined) {
      const verbs = value.name === 'contains' ? ['contains', 'does not contain'] : ['matches', 'does not match'];
      return `${valueWords(subject)} ${isNot ? verbs[1] : verbs[0]} ${valueWords(wanted)}`;
    }
  }
  return `${valueWords(value)} is ${isNot ? 'not ' : ''}true`;
}

function valueWords(value: FqlValue): string {
  switch (value.kind) {
    case 'path':
      return value.path.join('.');
    case 'literal':
      return literalWords(value.value);
    case 'list':
      return listed(value.items.map(literalWords), 'or');
    case 'call':
    default:
      return `${value.name}(${value.args.map(valueWords).join(', ')})`;
  }
}

const literalWords = (value: FqlLiteral): string => (typeof value === 'string' ? `“${value}”` : String(value));

function listed(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length > LISTED_MAX)
    return `${words.slice(0, LISTED_MAX).join(', ')} and ${words.length - LISTED_MAX} more`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** `track` of `type = "track"`. */
function callOf(expression: FqlExpression): string | undefined {
  if (expression.kind !== 'equal' || expression.operator !== '=') return undefined;
  const { left, right } = expression;
  if (left.kind !== 'path' || left.path.join('.') !== 'type') return undefined;
  return right.kind === 'literal' && typeof right.value === 'string' ? right.value : undefined;
}

/** What `event = "X"`, or several of them, names. */
function namesOf(expression: FqlExpression): string[] | undefined {
  const same = sameOf(expression.kind === 'or' ? expression : { kind: 'or', of: [expression] });
  return same !== undefined && same.path === 'event' ? same.values : undefined;
}

/** One path that is compared with several values. */
function sameOf(expression: FqlExpression): { path: string; values: string[] } | undefined {
  if (expression.kind !== 'or') return undefined;
  const values: string[] = [];
  let path: string | undefined;
  for (const member of expression.of) {
    if (member.kind !== 'equal' || member.operator !== '=' || member.left.kind !== 'path') return undefined;
    if (member.right.kind !== 'literal') return undefined;
    const here = member.left.path.join('.');
    if (path !== undefined && path !== here) return undefined;
    path = here;
    values.push(literalWords(member.right.value));
  }
  return path === undefined ? undefined : { path, values };
}
