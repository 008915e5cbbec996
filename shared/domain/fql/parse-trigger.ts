import {
  type EqualOperator,
  type FqlExpression,
  type FqlFunction,
  type FqlPath,
  type FqlValue,
  membersOf,
} from './expression.ts';
import { type Dialect, type Parsed, parseDialect } from './parse-fql.ts';

/**
 * Reads a mapping's trigger (B15, B16). Triggers are FQL as Segment's own mapping editor writes it, which is not quite the FQL of filters:
 * a backslash in a string stands for itself, a word without quotes is a string, a pattern that begins or ends with a star is plain text otherwise ("starts with", "ends with"),
 * and "does not contain", "not equal to (number)" and their like choose no event that lacks the field. The expression that comes out says all
 * that in FQL of filters, so it is judged, printed and sent to browsers like any other. Decision 020 lists what differs from Segment's engine.
 */
export function parseTrigger(text: string): Parsed {
  const parsed = parseDialect(text, TRIGGER_DIALECT);
  return parsed.outcome === 'parsed' ? { ...parsed, expression: meantBy(parsed.expression) } : parsed;
}

const TRIGGER_DIALECT: Dialect = { strings: 'raw', isLenient: true, arguments: meantArguments };

/** The editor writes a number or a truth value without quotes where text is looked for. */
function meantArguments(name: FqlFunction, args: readonly FqlValue[]): readonly FqlValue[] {
  const [subject, wanted] = args;
  if ((name !== 'contains' && name !== 'match') || subject === undefined || wanted?.kind !== 'literal') return args;
  const text = wanted.value === null ? wanted.value : String(wanted.value);
  return [subject, { kind: 'literal', value: name === 'match' && text !== null ? meantPattern(text) : text }];
}

const STAR_AT_AN_END = /^\*|\*$/;

const meantPattern = (pattern: string): string =>
  STAR_AT_AN_END.test(pattern) ? pattern.replaceAll(/[\\?[\]]/g, '\\$&') : pattern;

function meantBy(expression: FqlExpression): FqlExpression {
  if (expression.kind === 'and' || expression.kind === 'or') {
    const { kind } = expression;
    return { kind, of: expression.of.flatMap((member) => membersOf(kind, meantBy(member))) };
  }
  if (expression.kind === 'not') return meantByNot(expression.of);
  if (expression.kind === 'equal') return meantByEqual(expression.operator, expression.left, expression.right);
  return expression;
}

function meantByNot(negated: FqlExpression): FqlExpression {
  const plain: FqlExpression = { kind: 'not', of: meantBy(negated) };
  if (negated.kind !== 'is' || negated.value.kind !== 'call') return plain;
  const [subject] = negated.value.args;
  const isOfText = negated.value.name === 'contains' || negated.value.name === 'match';
  return isOfText && subject?.kind === 'path' ? { kind: 'and', of: [isOfType(subject, 'string'), plain] } : plain;
}

/** Fields that are always text: the editor's value for them is text, however it is written. */
const TEXT_FIELDS: ReadonlySet<string> = new Set(['type', 'event', 'name', 'userId']);

function meantByEqual(operator: EqualOperator, left: FqlValue, right: FqlValue): FqlExpression {
  if (left.kind !== 'path') return { kind: 'equal', operator, left, right };
  // `type = track`: triggers compare with a value only, so a word without quotes is one.
  const wanted = right.kind === 'path' ? right.path.join('.') : right.kind === 'literal' ? right.value : undefined;
  if (wanted === undefined) return { kind: 'equal', operator, left, right };
  const isOfTextField = left.path.length === 1 && TEXT_FIELDS.has(left.path[0] ?? '');
  const isText =
    isOfTextField && (typeof wanted === 'number' || (typeof wanted === 'boolean' && left.path[0] !== 'userId'));
  const value = isText ? String(wanted) : wanted;
  const plain: FqlExpression = { kind: 'equal', operator, left, right: { kind: 'literal', value } };
  return operator === '!=' && typeof value === 'number'
    ? { kind: 'and', of: [isOfType(left, 'number'), plain] }
    : plain;
}

const isOfType = (path: FqlPath, type: 'string' | 'number'): FqlExpression => ({
  kind: 'equal',
  operator: '=',
  left: { kind: 'call', name: 'typeof', args: [path] },
  right: { kind: 'literal', value: type },
});
