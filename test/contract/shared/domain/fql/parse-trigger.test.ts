import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  type Condition,
  generateFql,
  type GroupCondition,
  parseFql as parseTheirs,
  validate,
} from '@segment/destination-subscriptions';
import fc from 'fast-check';
import { compileFql } from '../../../../../shared/domain/fql/compile-fql.ts';
import { parseFql } from '../../../../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../../../../shared/domain/fql/parse-trigger.ts';
import { printFql } from '../../../../../shared/domain/fql/print-fql.ts';
import type { Json, JsonObject } from '../../../../../shared/domain/json.ts';

// B15, B16. Their engine is the one that Segment's own editor and delivery use: a mapping that moves here must choose the same events.

const SEED = 2_026;

function ours(text: string, event: JsonObject): boolean {
  const parsed = parseTrigger(text);
  if (parsed.outcome !== 'parsed') throw new Error(`${text}: ${parsed.fault.message}`);
  return compileFql(parsed.expression)(event);
}

const theirs = (text: string, event: JsonObject): boolean => validate(parseTheirs(text), event);

const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'b',
  'é',
  'a b',
  "it's",
  'C:\\x',
  'x\\',
  '\\\\',
  '5',
  'true',
  'null',
  'a?',
  '[a]',
  '(a)',
  'and',
];
const NUMBERS = [-1, 0, 1, 5, 1.5, 99_999];
const NAMES = ['a', 'b', 'c d', 'x-y', 'é', 'in_2', 'b.a', 'b.c d'];

const aText = fc.constantFrom(...TEXTS);
const aNumber = fc.constantFrom(...NUMBERS);
const textOperators = fc.constantFrom(
  ...(['=', '!=', 'contains', 'not_contains', 'starts_with', 'not_starts_with', 'ends_with', 'not_ends_with'] as const),
);
const aNumberOperator = fc.constantFrom(...(['number_equals', 'number_not_equals', '<', '<=', '>', '>='] as const));
const aBareOperator = fc.constantFrom(...(['exists', 'not_exists', 'is_true', 'is_false'] as const));
const aFieldType = fc.constantFrom(...(['event-property', 'event-trait', 'event-context'] as const));

/** Each condition of the editor, with what it lets people choose for each kind of field. */
const aCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom('=' as const, '!=' as const), fc.constantFrom('track', 'page', 'identify'))
    .map(([operator, value]): Condition => ({ type: 'event-type', operator, value })),
  fc
    .tuple(fc.constantFrom('event' as const, 'name' as const, 'userId' as const), textOperators, aText)
    .map(([type, operator, value]): Condition => ({ type, operator, value })),
  fc
    .tuple(
      fc.constantFrom('name' as const, 'userId' as const),
      fc.constantFrom('exists' as const, 'not_exists' as const),
    )
    .map(([type, operator]): Condition => ({ type, operator })),
  fc
    .tuple(aFieldType, fc.constantFrom(...NAMES), textOperators, aText)
    .map(([type, name, operator, value]): Condition => ({ type, name, operator, value })),
  fc
    .tuple(aFieldType, fc.constantFrom(...NAMES), aNumberOperator, aNumber)
    .map(([type, name, operator, value]): Condition => ({ type, name, operator, value })),
  fc
    .tuple(aFieldType, fc.constantFrom(...NAMES), aBareOperator)
    .map(([type, name, operator]): Condition => ({ type, name, operator })),
);

/** What the editor saves where a text operator was given a number or a truth value: no quotes. */
const anUnquotedCondition: fc.Arbitrary<Condition> = fc
  .tuple(aFieldType, fc.constantFrom(...NAMES), textOperators, fc.oneof(aNumber, fc.boolean()))
  .filter(([, , operator, value]) => operator !== '!=' || typeof value !== 'boolean')
  .map(([type, name, operator, value]): Condition => ({ type, name, operator, value }));

const groupOf = (children: fc.Arbitrary<Condition>): fc.Arbitrary<GroupCondition> =>
  fc
    .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(children, { minLength: 1, maxLength: 4 }))
    .map(([operator, members]): GroupCondition => ({ type: 'group', operator, children: members }));

const aValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: aText },
  { weight: 2, arbitrary: aNumber },
  { weight: 1, arbitrary: fc.constantFrom<Json>(true, false, null, [], ['a'], {}, { a: 'a' }) },
);
const someFields: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c d', 'x-y', 'é', 'in_2'),
  fc.oneof(
    { weight: 4, arbitrary: aValue },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('a', 'c d'), aValue) },
  ),
);
/** Their engine takes an empty string, 0 or false for whatever is asked of its inside: see the differences below. */
const someSoundFields = someFields.map((fields) => (fields['b'] ? fields : { ...fields, b: null }));
const anEvent: fc.Arbitrary<JsonObject> = fc.record(
  {
    type: fc.constantFrom('track', 'page', 'identify'),
    event: aValue,
    name: aValue,
    userId: aValue,
    properties: someSoundFields,
    traits: someSoundFields,
    context: someSoundFields,
  },
  { requiredKeys: ['type'] },
);

test('every flat trigger that the editor can write chooses the same events as in their engine', () => {
  const seen = { true: 0, false: 0 };
  const aGroup = groupOf(fc.oneof({ weight: 5, arbitrary: aCondition }, { weight: 1, arbitrary: anUnquotedCondition }));
  fc.assert(
    fc.property(aGroup, anEvent, (group, event) => {
      const text = generateFql(group);
      const expected = theirs(text, event);
      seen[`${expected}`] += 1;
      if (ours(text, event) !== expected) throw new Error(`${text} is ${String(expected)} in their engine`);
    }),
    { numRuns: 20_000, seed: SEED },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(2_000);
});

test('a trigger with groups inside chooses what the editor meant by it, though their parser misreads such texts', () => {
  const aGroup = groupOf(fc.oneof(aCondition, groupOf(fc.oneof(aCondition, groupOf(aCondition)))));
  fc.assert(
    fc.property(aGroup, anEvent, (group, event) => {
      expect(ours(generateFql(group), event)).toBe(validate(group, event));
    }),
    { numRuns: 5_000, seed: SEED },
  );
});

const TRACK: JsonObject = { type: 'track', event: 'A', properties: {} };
test.each([
  [
    'a group with a function ends at the function there',
    'type = "page" and (contains(event, "A") or event = "B")',
    TRACK,
    false,
  ],
  [
    '"and" binds closer than "or"; there the last word counts for all',
    'type = "page" and event = "A" or event = "B"',
    TRACK,
    false,
  ],
  ['"!" before a group is lost there', '!(event = "A")', TRACK, false],
  ['"in" is compared with "[" there', 'event in ["A"]', TRACK, true],
  ['single quotes become part of the value there', "event = 'A'", TRACK, true],
  ['a function that it does not know never chooses there', 'lowercase(event) = "a"', TRACK, true],
  ['a field that it does not know never chooses there', 'anonymousId = null', TRACK, true],
  ['a text field that is missing differs from the text "null" there', 'event != null', { type: 'page' }, false],
  [
    'a star in the middle of a pattern is a star (C10)',
    'match(event, "O*d*")',
    { type: 'track', event: 'Order' },
    true,
  ],
  [
    'a pattern with a star at both ends means contains',
    'match(event, "*rde*")',
    { type: 'track', event: 'Order' },
    true,
  ],
  ['a property that only a prototype has is missing', 'properties.constructor != null', TRACK, false],
  ['a string has no fields', 'properties.a.length = 1', { type: 'track', properties: { a: 'x' } }, false],
  [
    'a name in square brackets is a name, no item of a list',
    'properties.a\\[0\\] = "x"',
    { properties: { a: ['x'] } },
    false,
  ],
  ['a name may begin with a digit', 'properties.1st = "x"', { type: 'track', properties: { '1st': 'x' } }, true],
  ['a name may be a word of the language', 'properties.or = "x"', { type: 'track', properties: { or: 'x' } }, true],
  ['a number may have an exponent', 'properties.a = 1e+21', { type: 'track', properties: { a: 1e21 } }, true],
  ['a large letter in "OR" is or', 'event = "B" OR event = "A"', TRACK, true],
  ['"==" is "="', 'event == "A"', TRACK, true],
] as [string, string, JsonObject, boolean][])(
  'differs from their engine, on purpose: %s',
  (_case, text, event, expected) => {
    expect([ours(text, event), theirs(text, event)]).toEqual([expected, !expected]);
  },
);

test.each([
  ['does not contain', '!contains(properties.a, "x")'],
  ['does not start with', '!match(properties.a, "x*")'],
  ['is not equal to a number', 'properties.a != 5'],
])('a trigger "%s" chooses no event that lacks the field; the same text in a filter does (C07, C09)', (_case, text) => {
  const filter = parseFql(text);
  if (filter.outcome !== 'parsed') throw new Error(filter.fault.message);
  expect([ours(text, TRACK), compileFql(filter.expression)(TRACK)]).toEqual([false, true]);
});

test('a number is compared with numbers only, so 5 does not choose "5"', () => {
  const events = [5, '5', true, null].map((a): JsonObject => ({ type: 'track', properties: { a } }));
  expect(events.map((event) => ours('properties.a = 5', event))).toEqual([true, false, false, false]);
});

test('what a trigger comes to can be written as a filter, and means the same', () => {
  const parsed = parseTrigger('type = track AND !match(event, "Item [A]*"), properties.n != 5');
  if (parsed.outcome !== 'parsed') throw new Error(parsed.fault.message);
  const text = printFql(parsed.expression);
  expect(text).toBe(
    "type = 'track' and typeof(event) = 'string' and !match(event, 'Item \\\\[A\\\\]*') and typeof(properties.n) = 'number' and properties.n != 5",
  );
  expect(parseFql(text)).toEqual(parsed);
});

test('what cannot be read as a trigger says where and why', () => {
  expect(parseTrigger('type = "track" and event = "Order')).toEqual({
    outcome: 'invalid',
    fault: { message: 'a string is missing its end: close it with "', at: 27, length: 6 },
  });
});

/** Loads all 214 destinations in a process of its own, where the library finds Node as it expects it. */
const READ_LIBRARY = `
const { manifest } = require('@segment/action-destinations');
const texts = Object.values(manifest).flatMap(({ definition }) => [
  ...(definition.presets ?? []).map((preset) => preset.subscribe),
  ...Object.values(definition.actions ?? {}).map((action) => action.defaultSubscription),
]);
console.log('\\n' + JSON.stringify([Object.keys(manifest).length, texts.filter((text) => text !== undefined)]));
`;

test('each default trigger of the 214 library destinations is read, and chooses what their engine chooses', () => {
  const output = execFileSync(process.execPath, ['--input-type=commonjs', '-e', READ_LIBRARY], {
    cwd: join(__dirname, '../../../../..'),
    encoding: 'utf8',
    maxBuffer: 10_000_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [destinations, texts] = JSON.parse(output.trim().split('\n').at(-1) ?? '') as [number, string[]];
  expect([destinations, texts.length]).toEqual([214, 878]);
  const names = texts.flatMap((text) => [...text.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name));
  const events = ['track', 'page', 'screen', 'identify', 'group', 'alias'].flatMap((type) =>
    [...new Set(['Nothing', ...names])].map((event): JsonObject => ({ type, event, properties: { name: event } })),
  );
  const differing = [...new Set(texts)].filter((text) => {
    const expression = parseTrigger(text);
    if (expression.outcome !== 'parsed') return true;
    const [judge, asTheirs] = [compileFql(expression.expression), parseTheirs(text)];
    return events.some((event) => judge(event) !== validate(asTheirs, event));
  });
  expect(differing.toSorted()).toEqual([
    'type = "track" and event == "Cart Updated"',
    'type = "track" and event == "Order Completed"',
  ]);
});
