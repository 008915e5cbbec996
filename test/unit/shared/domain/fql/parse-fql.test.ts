import fc from 'fast-check';
import { FQL_BYTES_MAX } from '../../../../../shared/domain/rule-bounds.ts';
import { compileJudge } from '../../../../../shared/domain/fql/compile-fql.ts';
import { FQL_DEPTH_MAX } from '../../../../../shared/domain/fql/expression.ts';
import { parseFql } from '../../../../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../../../../shared/domain/fql/parse-trigger.ts';
import { printFql } from '../../../../../shared/domain/fql/print-fql.ts';
import { tsubOf } from '../../../../../shared/domain/fql/tsub-of.ts';
import { anExpression } from '../../../../builders/fql-arbitraries.ts';

/** The text as printed from what was read, which shows how it was understood; or the fault and the part of the text that it names. */
function understood(text: string): string {
  const parsed = parseFql(text);
  if (parsed.outcome === 'parsed') return printFql(parsed.expression);
  const { message, at, length } = parsed.fault;
  return `${message} <${text.slice(at, at + length)}> at ${at}`;
}

test.each([
  ["a = 'x' or b = 'y' and c = 'z'", "a = 'x' or ( b = 'y' and c = 'z' )"],
  ["( a = 'x' or b = 'y' ) and c = 'z'", "( a = 'x' or b = 'y' ) and c = 'z'"],
  ['a and b and c or d', '( a and b and c ) or d'],
  ['a and ( b and c )', 'a and b and c'],
  ['!a and b', '!a and b'],
  ['!( a and b )', '!( a and b )'],
  ['!!a', '!!a'],
  ["a='x'and(b>=1)", "a = 'x' and b >= 1"],
  ['a = "it\'s"', "a = 'it\\'s'"],
  ["a = 'it\\'s'", "a = 'it\\'s'"],
  ["a = 'C:\\dir'", "a = 'C:\\\\dir'"],
  ["a = '\\\\'", "a = '\\\\'"],
  ['a = -1.5e3', 'a = -1500'],
  ['a in ["x", 1, true, null]', "a in ['x', 1, true, null]"],
  ['a in []', 'a in []'],
  ["'x' in properties.list", "'x' in properties.list"],
  ["match( 'Button *', event )", "match('Button *', event)"],
  ['length( lowercase( a ) ) > 3', 'length(lowercase(a)) > 3'],
  ['properties.product\\ 1.price = 1', 'properties.product\\ 1.price = 1'],
  ['properties.and.in.null', 'properties.and.in.null'],
  ['properties.1st.0.-x', 'properties.1st.0.-x'],
  ['\\1st', '\\1st'],
  ['\\all or \\true', '\\all or \\true'],
  ['a\\.b.\\😀', 'a\\.b.\\😀'],
  ['length = 5', 'length = 5'],
  ['\n\ttype =\r\n"track" ', "type = 'track'"],
  ['true', 'true'],
  [' all ', 'all'],
])('C12: %j is read as %j', (text, expected) => {
  expect(understood(text)).toBe(expected);
});

test.each([
  ['', 'the condition is empty: write one, or "all" for every event <> at 0'],
  ['userId = oops"', 'a string is missing its end: close it with ", and write a " inside it as \\" <"> at 13'],
  ["a = 'x", "a string is missing its end: close it with ', and write a ' inside it as \\' <'x> at 4"],
  ["a = '\ud83d'", "the string holds half of a character: write it anew <'\ud83d'> at 4"],
  [
    'a AND b',
    '"AND" cannot stand here: write "and" or "or" between two conditions; the words of FQL are in small letters <AND> at 2',
  ],
  ['a = TRUE', 'write true in small letters; a field of that name is \\TRUE <TRUE> at 4'],
  ['LENGTH(a) > 1', 'write length in small letters <LENGTH> at 0'],
  [
    'size(a) > 1',
    'there is no function size: there are contains, match, length, lowercase, uppercase, snakecase, kebabcase, titlecase, typeof, bool, string, number <size> at 0',
  ],
  ['length(a, b) > 1', 'length takes one value <length> at 0'],
  ['contains(a)', 'contains takes 2 values, with a comma between them <contains> at 0'],
  ['contains(a, 5)', 'contains takes a string: put it in quotes <5> at 12'],
  [
    "match(a, '[x')",
    'a "[" of the pattern is missing its "]": close it, or write \\[ for the character itself <\'[x\'> at 9',
  ],
  ["!a = 'x'", 'put what "!" negates in parentheses, as in !( a = b ), or use "!=" <!> at 0'],
  ['!length(a) = length(b)', 'put what "!" negates in parentheses, as in !( a = b ), or use "!=" <!> at 0'],
  ["a > '5'", '">" compares numbers: write the number without quotes <\'5\'> at 4'],
  ["a in 'x'", "after \"in\" comes a list, as in type in ['track', 'page'], or the path of one <'x'> at 5"],
  ["['x'] in a", 'before "in" comes a single value <[> at 0'],
  ['a in [b]', 'a list holds strings, numbers, true, false and null; put strings in quotes <b> at 6'],
  ["'x'", 'a value alone is no condition: compare it with a field, as in event = "Order Completed" <\'x\'> at 0'],
  ['a b', 'this cannot stand here: write "and" or "or" between two conditions <b> at 2'],
  ['a = b = c', 'this cannot stand here: write "and" or "or" between two conditions <=> at 6'],
  [
    'a == b',
    'this cannot stand here: a field, a string, a number, true, false, null, a list or a function belongs here <=> at 3',
  ],
  [
    'a and',
    'the text ends too early: a field, a string, a number, true, false, null, a list or a function belongs here <> at 5',
  ],
  ['and a', '"and" joins two things: something is missing before it <and> at 0'],
  ['( a', 'a "(" is missing its ")": close it <(> at 0'],
  ['a )', 'this cannot stand here: write "and" or "or" between two conditions <)> at 2'],
  ["a in ['x'", 'a "[" is missing its "]": close it <[> at 5'],
  [
    'a.',
    'the path "a." lacks a name after its last dot: characters other than A-Z a-z 0-9 _ - are written with \\ before them <a.> at 0',
  ],
  ['a\\', 'a \\ is followed by the character that it stands before <\\> at 1'],
  ['é = 1', '"é" means nothing here: put it in quotes, or in the name of a field write it as \\é <é> at 0'],
  ['a = 1 && b', '"&" means nothing here: write "and" instead of "&" <&> at 6'],
  ['a = “x”', '"“" means nothing here: put strings in straight quotes, \' or " <“> at 4'],
  [
    'a = 1x',
    'this is not a number: put strings in quotes, and start the name of a field that begins with a digit with \\ <1x> at 4',
  ],
  ['a = 1e999', 'the number is too large <1e999> at 4'],
  ['a = -', 'a sign must be followed by a number: FQL does not calculate, and strings are put in quotes <-> at 4'],
  ['a = NaN', 'NaN is no number to compare with <NaN> at 4'],
  ['all and a', '"all" stands alone and means every event; a field of that name is \\all <all> at 0'],
] as [string, string][])('C05: %j is invalid, and says where and what to do', (text, expected) => {
  expect(understood(text)).toBe(expected);
});

test('C06: a text may have 5,120 bytes, and no more', () => {
  const ofBytes = (bytes: number): string => `a = '${'é'.repeat((bytes - 6) / 2)}'`;
  const fault = {
    message: 'the text is longer than 5120 bytes: shorten it, or use several filters',
    at: 0,
    length: 2_564,
  };
  expect([parseFql(ofBytes(FQL_BYTES_MAX)).outcome, Buffer.byteLength(ofBytes(FQL_BYTES_MAX))]).toEqual([
    'parsed',
    5_120,
  ]);
  expect(parseFql(ofBytes(FQL_BYTES_MAX + 2))).toEqual({ outcome: 'invalid', fault });
});

test.each([
  ['parentheses', (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`],
  ['negations', (depth: number) => `${'!'.repeat(depth)}a`],
  ['functions', (depth: number) => `${'typeof('.repeat(depth)}a${')'.repeat(depth)} = 'x'`],
])(
  `T12: ${FQL_DEPTH_MAX} %s inside each other are read, one more is a fault, and 5,000 are no overflow`,
  (_case, nested) => {
    expect(parseFql(nested(FQL_DEPTH_MAX)).outcome).toBe('parsed');
    expect(understood(nested(FQL_DEPTH_MAX + 1))).toContain('inside each other: take some away');
    for (const text of ['(', '!', '[', '!(', 'typeof(', 'a.', 'a in [1,']) {
      expect(parseFql(text.repeat(Math.floor(FQL_BYTES_MAX / text.length))).outcome).toBe('invalid');
    }
  },
);

test('the longest flat condition is read, judged and put into the form for browsers', () => {
  const text = Array.from({ length: 850 }, () => 'a').join(' or ');
  const parsed = parseFql(text);
  if (parsed.outcome !== 'parsed') throw new Error(parsed.fault.message);
  expect([compileJudge(parsed.expression)({ a: true }), tsubOf(parsed.expression).outcome]).toEqual([
    true,
    'expressed',
  ]);
});

test('what is printed reads back to the same condition', () => {
  fc.assert(
    fc.property(anExpression, (expression) => {
      const text = printFql(expression);
      // As JSON: 100 times as fast as a deep comparison that prints well.
      if (JSON.stringify(parseFql(text)) !== JSON.stringify({ outcome: 'parsed', expression })) throw new Error(text);
    }),
    { numRuns: 5_000, seed: 2_026 },
  );
});

test('20,000 random and mutated texts: never a crash, and each fault lies within its text', () => {
  const scraps = [
    'a',
    '.',
    '\\',
    "'",
    '"',
    '(',
    ')',
    '[',
    ']',
    ',',
    '!',
    '=',
    '!=',
    '<',
    '>=',
    ' ',
    'and',
    ' or ',
    ' in ',
    'all',
    'null',
    'match(',
    'contains(',
    'length(',
    '*',
    '-',
    '1',
    '1.5e',
    'é',
    '😀',
    '\ud83d',
    '\u0000',
    '&',
    '“',
    'properties.',
    "'x'",
    '__proto__',
  ];
  const aScrapText = fc.array(fc.constantFrom(...scraps), { maxLength: 25 }).map((parts) => parts.join(''));
  const aMutated = fc
    .tuple(anExpression, fc.nat(), fc.nat(6), fc.constantFrom('', ...scraps))
    .map(([expression, at, removed, added]) => {
      const text = printFql(expression);
      const index = at % (text.length + 1);
      return text.slice(0, index) + added + text.slice(index + removed);
    });
  const seen = { parsed: 0, invalid: 0 };
  fc.assert(
    fc.property(fc.oneof(aScrapText, aMutated, fc.string({ unit: 'binary' })), (text) => {
      for (const parsed of [parseFql(text), parseTrigger(text)]) {
        seen[parsed.outcome] += 1;
        if (parsed.outcome === 'parsed') {
          compileJudge(parsed.expression)({ a: 'a' });
          tsubOf(parsed.expression);
          continue;
        }
        const { message, at, length } = parsed.fault;
        const isWithin = at >= 0 && length >= 0 && at + length <= text.length;
        if (message === '' || !isWithin) throw new Error(`${text}: "${message}" at ${at}, ${length} long`);
      }
    }),
    { numRuns: 20_000, seed: 2_026 },
  );
  expect(Math.min(seen.parsed, seen.invalid)).toBeGreaterThan(2_000);
});
