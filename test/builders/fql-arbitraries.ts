import fc from 'fast-check';
import {
  FQL_FUNCTIONS,
  type FqlExpression,
  type FqlLiteral,
  type FqlValue,
  membersOf,
} from '../../shared/domain/fql/expression.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/domain/json.ts';

// Few names, texts and numbers, so that what is looked for is often there, and the hostile ones among them.

const NAMES = ['a', 'b', 'c d', '__proto__', 'constructor', 'length', '0', 'é.x', 'and'] as const;
const TOP_NAMES = ['type', 'event', 'userId', 'properties', 'context', '__proto__'] as const;
const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'a b',
  'é',
  '😀',
  'a😀b',
  '*',
  '\\',
  "'",
  '"',
  '5',
  'true',
  '[a]',
  'lowercase',
] as const;
const NUMBERS = [-1, 0, 1, 2, 5, 1.5] as const;
const PATTERNS = [
  '',
  '*',
  'a*',
  '*b',
  'a?',
  '?',
  '??',
  '[ab]*',
  '[a-z]',
  '[^a]*',
  '\\*',
  'a*b',
  '*😀*',
  '*?b',
  '\\[a]',
  '**',
  '[é😀]',
] as const;

const aLiteral: fc.Arbitrary<FqlLiteral> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null) },
);

const aPath: fc.Arbitrary<FqlValue> = fc
  .tuple(fc.constantFrom(...TOP_NAMES), fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }))
  .map(([first, rest]) => ({ kind: 'path', path: [first, ...rest] }));

const asLiteral = (value: FqlLiteral): FqlValue => ({ kind: 'literal', value });
const aText: fc.Arbitrary<FqlValue> = fc.constantFrom(...TEXTS).map(asLiteral);
const aNumber: fc.Arbitrary<FqlValue> = fc.constantFrom(...NUMBERS).map(asLiteral);
const aPattern: fc.Arbitrary<FqlValue> = fc.constantFrom(...PATTERNS).map(asLiteral);
const aList: fc.Arbitrary<FqlValue> = fc.array(aLiteral, { maxLength: 3 }).map((items) => ({ kind: 'list', items }));

const UNARY = (Object.keys(FQL_FUNCTIONS) as (keyof typeof FQL_FUNCTIONS)[]).filter(
  (name) => name !== 'contains' && name !== 'match',
);

const call = (name: keyof typeof FQL_FUNCTIONS, ...args: FqlValue[]): FqlValue => ({ kind: 'call', name, args });

const aPlainCall = fc.oneof(
  fc.tuple(fc.constantFrom(...UNARY), fc.oneof(aPath, aText)).map(([name, value]) => call(name, value)),
  fc.tuple(aPath, fc.oneof(aText, aPath)).map(([value, part]) => call('contains', value, part)),
  fc.tuple(aPath, aPattern).map(([value, pattern]) => call('match', value, pattern)),
  fc.tuple(aText, aPath).map(([value, pattern]) => call('match', value, pattern)),
);

const aCall = fc.oneof(
  { weight: 3, arbitrary: aPlainCall },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...UNARY), aPlainCall).map(([name, value]) => call(name, value)) },
  { weight: 1, arbitrary: fc.tuple(aPlainCall, aPattern).map(([value, pattern]) => call('match', value, pattern)) },
);

const aComparison: fc.Arbitrary<FqlExpression> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('=' as const, '!=' as const),
      fc.oneof(aPath, aCall),
      fc.oneof(aLiteral.map(asLiteral), aPath, aCall, aList),
    )
    .map(([operator, left, right]): FqlExpression => ({ kind: 'equal', operator, left, right })),
  fc
    .tuple(
      fc.constantFrom(...(['<', '<=', '>', '>='] as const)),
      fc.oneof(aPath, aCall, aNumber),
      fc.oneof(aNumber, aNumber, aPath),
    )
    .map(([operator, left, right]): FqlExpression => ({ kind: 'order', operator, left, right })),
  fc
    .tuple(fc.oneof(aPath, aCall, aLiteral.map(asLiteral)), fc.oneof(aList, aPath))
    .map(([left, right]): FqlExpression => ({ kind: 'in', left, right })),
  fc.oneof(aPath, aCall).map((value): FqlExpression => ({ kind: 'is', value })),
);

/** Groups hold none of their own kind, as the parser makes them. */
const groupsOf = (comparison: fc.Arbitrary<FqlExpression>): fc.Arbitrary<FqlExpression> =>
  fc.letrec<{ one: FqlExpression }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      comparison,
      tie('one').map((of): FqlExpression => ({ kind: 'not', of })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('one'), { minLength: 2, maxLength: 3 }))
        .map(([kind, of]): FqlExpression => ({ kind, of: of.flatMap((member) => membersOf(kind, member)) })),
    ),
  })).one;

/** An expression that a text can say; `all` stands alone. */
export const anExpression: fc.Arbitrary<FqlExpression> = fc.oneof(
  { weight: 60, arbitrary: groupsOf(aComparison) },
  { weight: 1, arbitrary: fc.constant<FqlExpression>({ kind: 'all' }) },
);

const aPagePath: fc.Arbitrary<FqlValue> = fc
  .tuple(
    fc.constantFrom('properties', 'context'),
    fc.array(fc.constantFrom('a', 'b', 'c d', 'length', '0'), { minLength: 1, maxLength: 2 }),
  )
  .map(([first, rest]): FqlValue => ({ kind: 'path', path: [first, ...rest] }));
const aPageSubject = fc.oneof(
  aPagePath,
  fc.constantFrom<FqlValue>({ kind: 'path', path: ['event'] }, { kind: 'path', path: ['userId'] }),
);
const aPageCall = fc
  .tuple(fc.constantFrom('lowercase' as const, 'typeof' as const, 'length' as const), aPageSubject)
  .map(([name, value]) => call(name, value));
const aTypeName = fc.constantFrom('string', 'number', 'bool', 'null', 'list', 'object').map(asLiteral);
const aTruth = fc.oneof(
  fc.tuple(aPageSubject, fc.oneof(aText, aPageSubject)).map(([value, part]) => call('contains', value, part)),
  fc.tuple(aPageSubject, aPattern).map(([value, pattern]) => call('match', value, pattern)),
);

/** Mostly what browsers can be made to judge. */
export const aPageExpression: fc.Arbitrary<FqlExpression> = groupsOf(
  fc.oneof(
    fc
      .tuple(
        fc.constantFrom('=' as const, '!=' as const),
        fc.oneof(aPageSubject, aPageCall, aTruth),
        aLiteral.map(asLiteral),
      )
      .map(([operator, left, right]): FqlExpression => ({ kind: 'equal', operator, left, right })),
    fc
      .tuple(fc.constantFrom('=' as const, '!=' as const), aTypeName, aPageSubject)
      .map(
        ([operator, left, value]): FqlExpression => ({ kind: 'equal', operator, left, right: call('typeof', value) }),
      ),
    fc
      .tuple(
        fc.constantFrom(...(['<', '<=', '>', '>='] as const)),
        fc.oneof(
          aPageSubject,
          aPageSubject.map((value) => call('length', value)),
        ),
        aNumber,
      )
      .map(([operator, left, right]): FqlExpression => ({ kind: 'order', operator, left, right })),
    fc
      .tuple(fc.constantFrom(...(['<', '<=', '>', '>='] as const)), fc.oneof(aNumber, aPageSubject), aPageSubject)
      .map(([operator, left, right]): FqlExpression => ({ kind: 'order', operator, left, right })),
    fc
      .tuple(fc.oneof(aPageSubject, aPageCall), aList)
      .map(([left, right]): FqlExpression => ({ kind: 'in', left, right })),
    fc.oneof(aPageSubject, aTruth, aPageCall).map((value): FqlExpression => ({ kind: 'is', value })),
  ),
);

const aValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    aLiteral,
    fc.constantFrom<Json>(['lowercase', 'event'], ['semver', null, null, null], ['contains', 'a', 'b'], [], {}),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 4 }).map(objectOf),
})).value;

/** An object with all its keys its own, `__proto__` too, as JSON.parse makes it. */
function objectOf(entries: readonly (readonly [string, Json])[]): JsonObject {
  const object: JsonObject = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** Any JSON object, mostly with fields that expressions ask for. Nothing says that it is an event. */
export const anyEvent: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...TOP_NAMES), aValue), { minLength: 2, maxLength: 6 })
  .map(objectOf);

/** As anyEvent, with the objects that Analytics.js makes as objects. */
export const aPageEvent: fc.Arbitrary<JsonObject> = anyEvent.map((event) => {
  const page = { ...event };
  for (const name of ['properties', 'context']) {
    if (Object.hasOwn(page, name) && !isJsonObject(page[name])) page[name] = { a: page[name] ?? null };
  }
  return page;
});
