import { compileFql } from '../../../../../shared/domain/fql/compile-fql.ts';
import type { JsonObject } from '../../../../../shared/domain/json.ts';
import {
  aRule,
  type Dialect,
  expressionOf,
  faultOf,
  isSameCondition,
  NUMBERED,
  OPERATORS,
  type Operator,
  readRules,
  type Rule,
  writeRules,
} from '../../../../../web/src/features/filters/rules.ts';

const ALL_OPERATORS = Object.keys(OPERATORS) as Operator[];
const ruleOf = (operator: Operator): Rule => ({
  ...aRule('properties.product name', operator, NUMBERED.has(operator) ? '3.5' : 'Café [1]* it’s \\'),
  values: operator === 'one-of' ? ['A', "it's"] : [],
});
const VALUELESS: readonly Operator[] = ['true', 'false', 'exists', 'exists-not'];

describe.each(['filter', 'trigger'] satisfies Dialect[])('as the FQL of a %s', (dialect) => {
  test.each(ALL_OPERATORS)('a row that says “%s” is written, and read back as it was', (operator) => {
    // A trigger takes a star within a pattern for a pattern.
    const value = operator === 'matches' ? 'Ca?é*s' : dialect === 'trigger' ? 'Café it’s' : ruleOf(operator).value;
    const rule = { ...ruleOf(operator), ...(!NUMBERED.has(operator) && { value }) };
    const said = { ...rule, ...((VALUELESS.includes(operator) || operator === 'one-of') && { value: '' }) };
    // Within "any" a trigger's "is one of" is a row for each: the same condition.
    const isAnyApart = dialect === 'trigger' && operator === 'one-of';
    for (const logic of isAnyApart ? (['all'] as const) : (['all', 'any'] as const)) {
      const rules = { logic, rules: [said, aRule('type', 'is', 'track')] };
      const text = writeRules(rules, dialect);
      expect(faultOf(text, dialect)).toBeUndefined();
      expect(readRules(text, dialect)).toEqual(rules);
    }
    expect(readRules(writeRules({ logic: 'all', rules: [said] }, dialect), dialect)).toEqual({
      logic: 'all',
      rules: [said],
    });
  });

  test.each([
    ['no field', aRule('', 'is', 'x')],
    ['no number', aRule('properties.total', 'more', 'many')],
    ['no values', aRule('event', 'one-of')],
    ['no text', aRule('event', 'contains')],
  ])('what is not finished, %s, is no condition that could be saved', (_case, rule) => {
    expect(faultOf(writeRules({ logic: 'all', rules: [rule] }, dialect), dialect)).toBeDefined();
  });
});

test('no row at all means every event', () => {
  expect(writeRules({ logic: 'any', rules: [] }, 'filter')).toBe('all');
  expect(readRules('all', 'filter')).toEqual({ logic: 'all', rules: [] });
});

test.each([
  ['groups within groups', '(type = "track" or type = "page") and (event = "A" or name = "B")', 'trigger'],
  ['functions that rows have not', 'length(event) > 3', 'filter'],
  ['a negated group', "!( event = 'A' and type = 'track' )", 'filter'],
  ['what is no FQL', 'event = ', 'filter'],
] as const)('%s is not shown as rows', (_case, text, dialect) => {
  expect(readRules(text, dialect)).toBeUndefined();
});

test('rows of a trigger choose what its text chooses', () => {
  const text =
    'type = "track" and (event = "A" or event = "B") and !contains(properties.name, "x") and match(userId, "u*")';
  const rules = readRules(text, 'trigger');
  expect(rules?.rules.map(({ operator }) => operator)).toEqual(['is', 'one-of', 'contains-not', 'starts']);
  const event = (over: object): JsonObject => ({
    type: 'track',
    event: 'B',
    userId: 'u1',
    properties: { name: 'y' },
    ...over,
  });
  const written = rules && expressionOf(writeRules(rules, 'trigger'), 'trigger');
  const judge = written === undefined ? () => undefined : compileFql(written);
  expect(judge(event({}))).toBe(true);
  expect(judge(event({ event: 'C' }))).toBe(false);
  expect(judge(event({ properties: {} }))).toBe(false);
  expect(judge(event({ userId: 'v1' }))).toBe(false);
});

test('texts that mean the same are the same condition', () => {
  expect(isSameCondition("event='a'", "event = 'a'")).toBe(true);
  expect(isSameCondition("event = 'a'", "event = 'b'")).toBe(false);
  expect(isSameCondition('event = ', 'event =')).toBe(false);
});
