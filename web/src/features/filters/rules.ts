import type { FqlExpression, FqlPath, FqlValue } from '../../../../shared/domain/fql/expression.ts';
import { pathSteps } from '../../../../shared/domain/field-paths.ts';
import { parseFql } from '../../../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../../../shared/domain/fql/parse-trigger.ts';
import { printFql } from '../../../../shared/domain/fql/print-fql.ts';

/** What a row of the builder asks of a field. */
export const OPERATORS = {
  is: 'is',
  'is-not': 'is not',
  'one-of': 'is one of',
  contains: 'contains',
  'contains-not': 'does not contain',
  starts: 'starts with',
  ends: 'ends with',
  matches: 'matches the pattern',
  equals: 'equals the number',
  'equals-not': 'does not equal the number',
  less: 'is less than',
  'at-most': 'is at most',
  more: 'is more than',
  'at-least': 'is at least',
  true: 'is true',
  false: 'is false',
  exists: 'exists',
  'exists-not': 'does not exist',
} as const;
export type Operator = keyof typeof OPERATORS;

export const isOperator = (text: string): text is Operator => Object.hasOwn(OPERATORS, text);

/** One condition: a field, what is asked of it, and the value or values that it is compared with. */
export type Rule = { path: string; operator: Operator; value: string; values: readonly string[] };
/** One flat group of conditions (B15). None at all: every event. */
export type Rules = { logic: 'all' | 'any'; rules: readonly Rule[] };
/** Whose FQL is written: of a filter, or of a mapping’s trigger, which is written a little otherwise (decision 020). */
export type Dialect = 'filter' | 'trigger';

export const NUMBERED: ReadonlySet<Operator> = new Set(['equals', 'equals-not', 'less', 'at-most', 'more', 'at-least']);
/** Operators that need no value. */
export const VALUELESS: ReadonlySet<Operator> = new Set(['true', 'false', 'exists', 'exists-not']);

export const aRule = (path = '', operator: Operator = 'is', value = ''): Rule => ({
  path,
  operator,
  value,
  values: operator === 'one-of' && value !== '' ? [value] : [],
});

export const expressionOf = (text: string, dialect: Dialect): FqlExpression | undefined => {
  const parsed = dialect === 'filter' ? parseFql(text) : parseTrigger(text);
  return parsed.outcome === 'parsed' ? parsed.expression : undefined;
};

/** Why a text cannot be read, with the place; undefined where it can. */
export function faultOf(text: string, dialect: Dialect): string | undefined {
  const parsed = dialect === 'filter' ? parseFql(text) : parseTrigger(text);
  return parsed.outcome === 'parsed' ? undefined : `${parsed.fault.message} (at character ${parsed.fault.at + 1})`;
}

/** What is not finished in a row; undefined: nothing. */
export function ruleFault({ path, operator, value, values }: Rule, dialect: Dialect): string | undefined {
  if (path.trim() === '') return 'Choose a field';
  if (VALUELESS.has(operator)) return undefined;
  if (operator === 'one-of')
    return values.length === 0 ? 'Enter at least one value' : badText(values.join(''), dialect);
  if (NUMBERED.has(operator)) {
    return value.trim() === '' || !Number.isFinite(Number(value)) ? 'Enter a number' : undefined;
  }
  if (value === '' && operator !== 'is' && operator !== 'is-not') return 'Enter a text';
  return badText(value, dialect);
}

const badText = (text: string, dialect: Dialect): string | undefined =>
  dialect === 'trigger' && /["~]/.test(text) ? 'A trigger’s value holds neither " nor ~' : undefined;

/** The rows that say what a text of FQL says; undefined where rows cannot say it. What comes back is exactly what was meant. */
export function readRules(text: string, dialect: Dialect): Rules | undefined {
  const expression = expressionOf(text, dialect);
  if (expression === undefined) return undefined;
  const rules = rulesOf(expression);
  if (rules === undefined) return undefined;
  const again = expressionOf(writeRules(rules, dialect), dialect);
  return JSON.stringify(again) === JSON.stringify(expression) ? rules : undefined;
}

function rulesOf(expression: FqlExpression): Rules | undefined {
  if (expression.kind === 'all') return { logic: 'all', rules: [] };
  const alone = ruleOf(expression);
  if (alone !== undefined) return { logic: 'all', rules: [alone] };
  if (expression.kind === 'or') {
    const rules = expression.of.map(ruleOf);
    return rules.every((rule) => rule !== undefined) ? { logic: 'any', rules } : undefined;
  }
  if (expression.kind !== 'and') return undefined;
  const rules: Rule[] = [];
  for (let at = 0; at < expression.of.length; at += 1) {
    const [member, next] = [expression.of[at], expression.of[at + 1]];
    const two = member !== undefined && next !== undefined && ruleOf({ kind: 'and', of: [member, next] });
    const rule = two || (member === undefined ? undefined : ruleOf(member));
    if (rule === undefined) return undefined;
    if (two) at += 1;
    rules.push(rule);
  }
  return { logic: 'all', rules };
}

function ruleOf(expression: FqlExpression): Rule | undefined {
  switch (expression.kind) {
    case 'equal':
      return ofEqual(expression.operator === '=', expression.left, expression.right);
    case 'order':
      return ofOrder(expression.operator, expression.left, expression.right);
    case 'in':
      return expression.left.kind === 'path' && expression.right.kind === 'list'
        ? ofMany(expression.left, expression.right.items)
        : undefined;
    case 'or':
      return ofEither(expression.of);
    case 'and':
      return ofTyped(expression.of);
    case 'not':
      return expression.of.kind === 'is' ? ofCall(expression.of.value, true) : undefined;
    case 'is':
      return ofCall(expression.value, false);
    case 'all':
    default:
      return undefined;
  }
}

/** A path as it stands in a row: dots and backslashes of a name are escaped, as FQL does it (C12). */
export const pathText = (steps: readonly string[]): string =>
  steps.map((step) => step.replaceAll(/[\\.]/g, String.raw`\$&`)).join('.');

function ofEqual(isEqual: boolean, left: FqlValue, right: FqlValue): Rule | undefined {
  if (left.kind !== 'path' || right.kind !== 'literal') return undefined;
  const path = pathText(left.path);
  const { value } = right;
  if (value === null) return aRule(path, isEqual ? 'exists-not' : 'exists');
  if (typeof value === 'number') return aRule(path, isEqual ? 'equals' : 'equals-not', String(value));
  if (typeof value === 'boolean') return isEqual ? aRule(path, value ? 'true' : 'false') : undefined;
  return aRule(path, isEqual ? 'is' : 'is-not', value);
}

const ORDERS = { '<': 'less', '<=': 'at-most', '>': 'more', '>=': 'at-least' } as const;
const SIGNS = { less: '<', 'at-most': '<=', more: '>', 'at-least': '>=', equals: '=', 'equals-not': '!=' } as const;

const ofOrder = (operator: keyof typeof ORDERS, left: FqlValue, right: FqlValue): Rule | undefined =>
  left.kind === 'path' && right.kind === 'literal' && typeof right.value === 'number'
    ? aRule(pathText(left.path), ORDERS[operator], String(right.value))
    : undefined;

function ofMany(path: FqlPath, items: readonly unknown[]): Rule | undefined {
  const values = items.filter((item) => typeof item === 'string');
  return values.length === items.length && values.length > 0
    ? { ...aRule(pathText(path.path), 'one-of'), values }
    : undefined;
}

/** Several texts for one field, as triggers write it. */
function ofEither(members: readonly FqlExpression[]): Rule | undefined {
  const rules = members.map((member) => (member.kind === 'equal' ? ruleOf(member) : undefined));
  const [first] = rules;
  if (first === undefined || !rules.every((rule) => rule?.operator === 'is' && rule.path === first.path)) {
    return undefined;
  }
  return { ...aRule(first.path, 'one-of'), values: rules.map((rule) => rule?.value ?? '') };
}

/** What a trigger means by "does not contain" and "does not equal the number": never a field of another type, nor one that is missing. */
function ofTyped([guard, said, ...more]: readonly FqlExpression[]): Rule | undefined {
  if (guard?.kind !== 'equal' || guard.left.kind !== 'call' || guard.left.name !== 'typeof') return undefined;
  if (said === undefined || more.length > 0) return undefined;
  const [about] = guard.left.args;
  const rule = ruleOf(said);
  const isGuarded = rule?.operator === 'contains-not' || rule?.operator === 'equals-not';
  return isGuarded && about?.kind === 'path' && pathText(about.path) === rule.path ? rule : undefined;
}

function ofCall(value: FqlValue, isNot: boolean): Rule | undefined {
  if (value.kind !== 'call') return undefined;
  const [subject, wanted] = value.args;
  if (subject?.kind !== 'path' || wanted?.kind !== 'literal' || typeof wanted.value !== 'string') return undefined;
  const path = pathText(subject.path);
  if (value.name === 'contains') return aRule(path, isNot ? 'contains-not' : 'contains', wanted.value);
  if (value.name !== 'match' || isNot) return undefined;
  const { value: pattern } = wanted;
  const plain = (text: string): string | undefined =>
    /(?<!\\)(?:\\\\)*[*?[\]]/.test(text) ? undefined : text.replaceAll(/\\(.)/g, '$1');
  const start = pattern.endsWith('*') ? plain(pattern.slice(0, -1)) : undefined;
  if (start !== undefined && start !== '') return aRule(path, 'starts', start);
  const end = pattern.startsWith('*') ? plain(pattern.slice(1)) : undefined;
  if (end !== undefined && end !== '') return aRule(path, 'ends', end);
  return aRule(path, 'matches', pattern);
}

/** The text of FQL that says what the rows say. */
export function writeRules({ logic, rules }: Rules, dialect: Dialect): string {
  if (rules.length === 0) return 'all';
  const members = rules.map((rule) => written(rule, dialect, rules.length === 1));
  return members.join(logic === 'all' ? ' and ' : ' or ');
}

function written({ path, operator, value, values }: Rule, dialect: Dialect, isAlone: boolean): string {
  const field = printFql({ kind: 'is', value: { kind: 'path', path: pathSteps(path) } });
  const text = (one: string): string => literal(one, dialect);
  // What is not finished is no FQL, so that nobody takes it for a rule.
  if (ruleFault({ path, operator, value, values }, dialect) !== undefined) return `${field} = `;
  switch (operator) {
    case 'is':
      return `${field} = ${text(value)}`;
    case 'is-not':
      return `${field} != ${text(value)}`;
    case 'one-of': {
      if (dialect === 'filter') return `${field} in [${values.map(text).join(', ')}]`;
      const either = values.map((one) => `${field} = ${text(one)}`).join(' or ');
      return isAlone || values.length === 1 ? either : `(${either})`;
    }
    case 'contains':
      return `contains(${field}, ${text(value)})`;
    case 'contains-not':
      return `!contains(${field}, ${text(value)})`;
    case 'starts':
      return `match(${field}, ${text(`${plainPattern(value, dialect)}*`)})`;
    case 'ends':
      return `match(${field}, ${text(`*${plainPattern(value, dialect)}`)})`;
    case 'matches':
      return `match(${field}, ${text(value)})`;
    case 'true':
    case 'false':
      return `${field} = ${operator}`;
    case 'exists':
      return `${field} != null`;
    case 'exists-not':
      return `${field} = null`;
    case 'equals':
    case 'equals-not':
    case 'less':
    case 'at-most':
    case 'more':
    case 'at-least':
    default:
      return `${field} ${SIGNS[operator]} ${Number(value)}`;
  }
}

/** Triggers take what stands beside a star at an end as it is; filters want it escaped. */
const plainPattern = (text: string, dialect: Dialect): string =>
  dialect === 'trigger' ? text : text.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);

const literal = (text: string, dialect: Dialect): string =>
  dialect === 'trigger' ? `"${text}"` : printFql({ kind: 'is', value: { kind: 'literal', value: text } });

/** Whether two texts of a filter mean the same, however they are written. */
export const isSameCondition = (one: string, other: string): boolean =>
  one === other ||
  JSON.stringify(expressionOf(one, 'filter') ?? one) === JSON.stringify(expressionOf(other, 'filter') ?? other);
