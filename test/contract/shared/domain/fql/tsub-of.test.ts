import { matches } from '@segment/tsub';
import fc from 'fast-check';
import { compileJudge } from '../../../../../shared/domain/fql/compile-fql.ts';
import type { FqlExpression } from '../../../../../shared/domain/fql/expression.ts';
import { parseFql } from '../../../../../shared/domain/fql/parse-fql.ts';
import { printFql } from '../../../../../shared/domain/fql/print-fql.ts';
import { type TsubForm, tsubOf } from '../../../../../shared/domain/fql/tsub-of.ts';
import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { anExpression, aPageEvent, aPageExpression } from '../../../../builders/fql-arbitraries.ts';

const SEED = 2_026;

function expressionOf(text: string): FqlExpression {
  const parsed = parseFql(text);
  if (parsed.outcome !== 'parsed') throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.expression;
}

const formOf = (text: string): TsubForm => tsubOf(expressionOf(text));

/** What a browser makes of a form, by the package that Analytics.js carries. */
function judgedInPage(form: TsubForm & { outcome: 'expressed' }, event: JsonObject): boolean | 'undecidable' {
  const isTrue = matches(event, { type: 'fql', ir: form.ir });
  const isUndecidable = form.undecidable !== undefined && matches(event, { type: 'fql', ir: form.undecidable });
  if (isTrue && isUndecidable) throw new Error('a condition cannot be true and undecidable at once');
  return isUndecidable ? 'undecidable' : isTrue;
}

test.each([
  ['mostly what browsers can judge', aPageExpression, 60_000, 20_000],
  ['anything', anExpression, 10_000, 1_000],
] as const)(
  'tsub judges each expressed condition as we do, undecidable ones too: %s',
  (_case, expressions, numRuns, atLeast) => {
    const seen = { true: 0, false: 0, undecidable: 0 };
    fc.assert(
      fc.property(expressions, aPageEvent, (expression, event) => {
        const form = tsubOf(expression);
        if (form.outcome !== 'expressed') return;
        const expected = compileJudge(expression)(event);
        seen[`${expected}`] += 1;
        const judged = judgedInPage(form, event);
        if (judged !== expected) {
          throw new Error(
            `${printFql(expression)} is ${String(judged)} in tsub and ${String(expected)} here: ${form.ir}`,
          );
        }
      }),
      { numRuns, seed: SEED },
    );
    expect(seen.true + seen.false + seen.undecidable).toBeGreaterThan(atLeast);
    expect(Math.min(seen.true, seen.false, seen.undecidable)).toBeGreaterThan(atLeast / 50);
  },
);

test.each([
  ['event', '"event"'],
  ["event = 'A'", '["and",["=",["typeof","event"],{"value":"string"}],["=","event",{"value":"A"}]]'],
  ["event in ['A', 'B']", '["in","event",[{"value":"A"},{"value":"B"}]]'],
  ["contains( event, 'A' )", '["contains","event",{"value":"A"}]'],
  ["match( event, 'A*' )", '["match","event",{"value":"A*"}]'],
  [
    'length( userId ) < 1',
    '["or",["=",["typeof","userId"],{"value":"undefined"}],["<=",["length","userId"],{"value":0}]]',
  ],
  ['all', '{"value":true}'],
])('%s is written as tsub reads it', (text, ir) => {
  expect(formOf(text)).toMatchObject({ outcome: 'expressed', ir });
});

test.each([
  ['a missing field is null', 'properties.x = null', { properties: {} }, true],
  ['null itself is null', 'properties.x = null', { properties: { x: null } }, true],
  ['a missing field is not "not null"', 'properties.x != null', {}, false],
  ['no userId has a length of 0, the example of the documentation', 'length( userId ) < 1', {}, true],
  ['an empty one, too', 'length( userId ) < 1', { userId: '' }, true],
  ['one of three bytes is longer than 0', 'length( userId ) > 0', { userId: 'ア' }, true],
  ['a list is a list', "typeof( properties.x ) = 'list'", { properties: { x: [] } }, true],
  ['null is null, and no list', "typeof( properties.x ) = 'list'", { properties: { x: null } }, false],
  [
    'a list that looks like a call stays a list',
    "properties.x = 'a'",
    { properties: { x: ['lowercase', 'event'] }, event: 'A' },
    false,
  ],
  [
    'a list that makes tsub throw is a list',
    "properties.x = 'a'",
    { properties: { x: ['semver', null, null, null] } },
    false,
  ],
] as [string, string, JsonObject, boolean][])(
  'a defect of tsub is written around: %s',
  (_case, text, event, expected) => {
    const form = formOf(text);
    if (form.outcome !== 'expressed') throw new Error(form.reason);
    expect([judgedInPage(form, event), compileJudge(expressionOf(text))(event)]).toEqual([expected, expected]);
  },
);

test('C05: what cannot be judged has a form of its own, so that the page can drop the event', () => {
  const form = formOf('properties.price > 5');
  if (form.outcome !== 'expressed') throw new Error(form.reason);
  const prices: JsonObject[] = [{ price: 6 }, { price: 4 }, {}, { price: '6' }];
  const judged = prices.map((properties) => judgedInPage(form, { properties }));
  expect(judged).toEqual([true, false, false, 'undecidable']);
});

test.each([
  ["'a' in properties.list", 'browsers cannot look into a list of the event'],
  ["uppercase( event ) = 'A'", 'browsers have no function uppercase'],
  ["contains( lowercase( event ), 'a' )", 'browsers know no function inside another'],
  ['length( event ) > 5', 'browsers count characters, not bytes: there length() can only be told to be 0, or more'],
  ["match( event, 'a?' )", 'in browsers "?" and "[ ]" of a pattern take half a character at times: use "*"'],
  ['properties.a = properties.b', 'browsers compare with a single value only, not with a field or a list'],
  ["properties.a\\.b = 'x'", 'the name of a field with a dot in it cannot be looked up in a browser: properties.a.b'],
  [
    'properties.constructor = null',
    'a browser finds "constructor" at values that have no such field: properties.constructor',
  ],
  ['properties.a.length = 1', 'a browser finds "length" at values that have no such field: properties.a.length'],
  [
    "properties.a.0 = 'x'",
    'a browser takes the items of a list and the characters of a string for fields: properties.a.0',
  ],
  ["receivedAt = 'x'", 'the field is not in a browser what it is here: receivedAt'],
])('%s is inexpressible, and says why', (text, reason) => {
  expect(formOf(text)).toEqual({ outcome: 'inexpressible', reason });
});
