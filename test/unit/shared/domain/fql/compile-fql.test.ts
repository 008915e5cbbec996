import { compileFql, compileJudge, type Judgement } from '../../../../../shared/domain/fql/compile-fql.ts';
import type { FqlExpression } from '../../../../../shared/domain/fql/expression.ts';
import { parseFql } from '../../../../../shared/domain/fql/parse-fql.ts';
import type { Json, JsonObject } from '../../../../../shared/domain/json.ts';

function expressionOf(text: string): FqlExpression {
  const parsed = parseFql(text);
  if (parsed.outcome !== 'parsed') throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.expression;
}

const judge = (text: string, event: JsonObject): Judgement => compileJudge(expressionOf(text))(event);

const CLICK: JsonObject = {
  event: 'Button Clicked',
  type: 'track',
  context: { library: { name: 'analytics.js', version: '1.0' } },
  properties: {
    features: ['discounts', 'dark-mode'],
    'product 1': { price: '19.99' },
    enabled: true,
    on: 'true',
    n: 5,
    s: '5',
    o: { a: 1, b: [2] },
    p: { a: 1, b: [2] },
    q: { b: [2], a: 1 },
  },
};

test.each([
  ["event = 'Button Clicked'", true],
  ["event = 'Screen Tapped'", false],
  ["context.path.path = '/login'", false],
  ["type = 'identify' or type = 'track'", true],
  ["event = 'Button Clicked' and type = 'track'", true],
  ["match( context.library.version, '1.*' )", true],
  ["match( context.library.version, '2.*' )", false],
  ["type = 'track' and ( event = 'Click' or match( event, 'Button *' ) )", true],
  ["!contains( context.library.name, 'js' )", false],
  ["'dark-mode' in properties.features", true],
  ["'blink' in properties.features", false],
  ["!( type in ['track', 'identify'] )", false],
  ['( type = "page" or type = "track" ) and ( properties.enabled or match( traits.email, "*@company.com" ) )', true],
])("C08: the documentation's own example %s is %j", (text, expected) => {
  expect(judge(text, CLICK)).toBe(expected);
});

test.each([
  ["properties.s = '5'", true],
  ['properties.s = 5', false],
  ['properties.s != 5', true],
  ["properties.n = '5'", false],
  ['properties.n = 5', true],
  ['properties.n = 5.0', true],
  ['properties.on = true', false],
  ['properties.on != true', true],
  ["properties.features = ['discounts', 'dark-mode']", true],
  ["properties.features = ['dark-mode', 'discounts']", false],
  ["properties.features = 'discounts'", false],
  ['properties.o = properties.o', true],
  ['properties.o = context', false],
  ['properties.o = properties.p', true],
  ['properties.o = properties.q', false],
  ["event = 'button clicked'", false],
  ['5 in [1, 5]', true],
  ["'5' in [1, 5]", false],
])('C07: = is strict by type, != true for different types: %s is %j', (text, expected) => {
  expect(judge(text, CLICK)).toBe(expected);
});

test.each([
  ["contains( missing, 'a' )", false],
  ["contains( 'a', missing )", false],
  ['length( missing ) = 0', true],
  ['lowercase( missing ) = null', true],
  ['uppercase( missing ) = null', true],
  ['snakecase( missing ) = null', true],
  ['kebabcase( missing ) = null', true],
  ['titlecase( missing ) = null', true],
  ["typeof( missing ) = 'null'", true],
  ["match( missing, '*' )", false],
  ['bool( missing ) = false', true],
  ["string( missing ) = ''", true],
  ['number( missing ) = null', true],
  ['missing = null', true],
  ['missing != null', false],
  ['missing.deeper.still = null', true],
  ['missing > 5', false],
  ['missing <= 5', false],
  ["missing in ['a', null]", true],
  ["'a' in missing", false],
  ['missing', false],
  ['!missing', true],
  ['missing or true', true],
  ['missing and true', false],
])('C09: null and missing are the same, and safe: %s is %j', (text, expected) => {
  expect([judge(text, {}), judge(text, { missing: null })]).toEqual([expected, expected]);
});

test.each([
  ["length( 'ア' ) = 3", true],
  ["length( 'é' ) = 2", true],
  ["length( '😀' ) = 4", true],
  ["length( 'a' ) = 1", true],
  ["length( '' ) = 0", true],
  ['length( properties.features ) = 2', true],
])('C11: length counts bytes of a string, items of a list: %s is %j', (text, expected) => {
  expect(judge(text, CLICK)).toBe(expected);
});

test.each([
  ["properties.product\\ 1.price = '19.99'", CLICK, true],
  ["properties.a\\.b = 'x'", { properties: { 'a.b': 'x', a: { b: 'y' } } }, true],
  ["properties.a.b = 'y'", { properties: { 'a.b': 'x', a: { b: 'y' } } }, true],
  ["properties.\\$price = 'x'", { properties: { $price: 'x' } }, true],
  ["\\é = 'x'", { é: 'x' }, true],
  ["properties.list.1 = 'x'", { properties: { list: ['y', 'x'] } }, true],
  ['properties.list.length = null', { properties: { list: ['y', 'x'] } }, true],
] as [string, JsonObject, boolean][])('C12: a path goes through escaped names: %s', (text, event, expected) => {
  expect(judge(text, event)).toBe(expected);
});

test.each([
  ["lowercase( event ) = 'button clicked'", true],
  ["uppercase( event ) = 'BUTTON CLICKED'", true],
  ["snakecase( 'test string' ) = 'test_string'", true],
  ["kebabcase( 'test string' ) = 'test-string'", true],
  ["titlecase( 'test string' ) = 'Test String'", true],
  ["typeof( properties.features ) = 'list'", true],
  ["typeof( properties.enabled ) = 'bool'", true],
  ["typeof( properties.n ) = 'number'", true],
  ["typeof( event ) = 'string'", true],
  ["typeof( properties.o ) = 'object'", true],
  ['bool( properties.on )', true],
  ["bool( 'false' )", false],
  ['bool( 0 )', false],
  ['bool( properties.features )', true],
  ["string( properties.n ) = '5'", true],
  ["string( properties.enabled ) = 'true'", true],
  ['string( properties.features ) = \'["discounts","dark-mode"]\'', true],
  ['number( properties.s ) >= properties.n', true],
  ["number( '-1.5e3' ) = -1500", true],
  ["contains( lowercase( event ), 'button' )", true],
])('C08: %s is %j', (text, expected) => {
  expect(judge(text, CLICK)).toBe(expected);
});

test.each([
  ['a string is compared as a number', 'x > 5', '6'],
  ['a truth value is', 'x <= 5', true],
  ['a text is no number', 'number( x ) > 3', 'abc'],
  ['an empty text is no number', 'number( x ) = 0', ''],
  ['a hexadecimal text is no number', 'number( x ) = 16', '0x10'],
  ['a number that is too large is none', 'number( x ) > 0', '1e999'],
  ['a text is neither true nor false', 'bool( x )', 'yes'],
  ['an object has no length', 'length( x ) > 0', { a: 1 }],
  ['a number has no length', 'length( x ) > 0', 5],
  ['a number holds no text', "contains( x, '5' )", 5],
  ['a list is matched', "match( x, '*' )", ['a']],
  ['a list is put into small letters', "lowercase( x ) = 'a'", ['A']],
  ['a text is no list', "'a' in x", 'a,b'],
  ['a list is looked for in a list', "x in ['a']", ['a']],
  ['a pattern of the event is none', "match( 'a', x )", '[a'],
] as [string, string, Json][])('C05: undecidable where %s, its negation as well', (_case, text, x) => {
  const event = { x };
  const verdicts = [judge(text, event), judge(`!( ${text} )`, event), compileFql(expressionOf(text))(event)];
  expect(verdicts).toEqual(['undecidable', 'undecidable', false]);
});

test.each([
  ['x > 5 and false', false],
  ['false and x > 5', false],
  ['x > 5 or true', true],
  ['x > 5 or false', 'undecidable'],
  ['x > 5 and true', 'undecidable'],
] as [string, Judgement][])('C05: one member that decides a group decides it: %s is %j', (text, expected) => {
  expect(judge(text, { x: 'a' })).toBe(expected);
});

test.each([
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'properties.constructor',
  'properties.__proto__.x',
])('T9: %s is missing where the event has no such field of its own', (path) => {
  expect(judge(`${path} = null`, { properties: { a: {} } })).toBe(true);
});

test('T9: fields of such names are read where the event has them', () => {
  const event = JSON.parse('{"__proto__": {"constructor": "x"}, "constructor": {"name": "y"}}') as JsonObject;
  expect([judge("__proto__.constructor = 'x'", event), judge("constructor.name = 'y'", event)]).toEqual([true, true]);
});

test('T12: a payload of any depth is compared without an overflow', () => {
  const nested = (depth: number): Json => {
    let value: Json = 'end';
    for (let level = 0; level < depth; level += 1) value = [value];
    return value;
  };
  const event = { a: nested(50_000), b: nested(50_000), c: nested(200_000), d: nested(200_000) };
  expect([
    judge('a = b', event),
    judge('a != b', event),
    judge('c = d', event),
    judge("string( c ) = ''", event),
  ]).toEqual([true, false, 'undecidable', 'undecidable']);
});

test('all is true of every event', () => {
  expect(judge('all', {})).toBe(true);
});

const CONDITIONS_US_MAX = 10;
const ROUNDS = 20;
const EVENTS = 5_000;

test(`five conditions, all of them looked at, take at most ${CONDITIONS_US_MAX} µs of one core`, () => {
  const matches = compileFql(
    expressionOf(
      "type = 'track' and match( event, 'Button *' ) and properties.n > 4 and contains( lowercase( context.library.name ), '.js' ) and properties.s in ['4', '5']",
    ),
  );
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    let chosen = 0;
    for (let index = 0; index < EVENTS; index += 1) if (matches(CLICK)) chosen += 1;
    const { user, system } = process.cpuUsage(before);
    expect(chosen).toBe(EVENTS);
    return (user + system) / EVENTS;
  });
  expect(Math.min(...rounds)).toBeLessThan(CONDITIONS_US_MAX);
});
