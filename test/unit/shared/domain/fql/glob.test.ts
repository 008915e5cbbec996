import fc from 'fast-check';
import { compileGlob, GLOB_CHARS_MAX } from '../../../../../shared/domain/fql/glob.ts';
import { naiveGlob } from '../../../../builders/naive-fql.ts';

function matches(text: string, pattern: string): boolean | 'malformed' {
  const glob = compileGlob(pattern);
  return glob.outcome === 'malformed' ? glob.outcome : glob.matches(text);
}

test.each([
  ['abcd', 'a*d', true],
  ['', '*', true],
  ['abc', 'ab', false],
  ['abcd', 'a??d', true],
  ['abcd', '*d', true],
  ['ab*d', 'ab\\*d', true],
  ['abxd', 'ab\\*d', false],
  ['abCd', 'ab[cC]d', true],
  ['abcd', 'ab[a-z]d', true],
  ['abcd', 'ab[A-Z]d', false],
  ['abcd', 'ab[^A-Z]d', true],
  ['ABCD', 'abcd', false],
  ['a😀d', 'a?d', true],
  ['😀', '??', false],
  ['a/b.c', '*', true],
  ['a\nb', 'a*b', true],
  ['a]b', 'a]b', true],
  ['a-b', 'a[\\-]b', true],
  ['aab', 'a*ab', true],
  ['ab', 'ab*b', false],
  ['abcabd', '*a?d', true],
  ['', '', true],
])('C10: %j against %j is %j', (text, pattern, expected) => {
  expect(matches(text, pattern)).toBe(expected);
});

test.each([
  ['an open class', '[', 'a "[" of the pattern is missing its "]": close it, or write \\[ for the character itself'],
  ['an empty class', '[]', '"]" cannot stand there in [ ] of the pattern: write \\] for the character itself'],
  [
    'a range without its end',
    '[a-]',
    '"]" cannot stand there in [ ] of the pattern: write \\] for the character itself',
  ],
  [
    'a range without its beginning',
    '[-a]',
    '"-" cannot stand there in [ ] of the pattern: write \\- for the character itself',
  ],
  ['a range that runs backwards', '[z-a]', 'a range of the pattern runs backwards: write the lower character first'],
  ['a lone backslash', 'a\\', 'the pattern ends in \\: write the character that it stands before, or \\\\ for a \\'],
  ['too many characters', 'a'.repeat(GLOB_CHARS_MAX + 1), 'a pattern has at most 1000 characters: shorten it'],
])('a pattern with %s is malformed, and says what to do', (_case, pattern, message) => {
  expect(compileGlob(pattern)).toEqual({ outcome: 'malformed', message });
});

test('20,000 random patterns and texts match as trying every way does', () => {
  const pieces = ['*', '*', '?', '[ab]', '[a-b]', '[^a]', '[é-😀]', '\\*', '\\a', 'a', 'b', '😀', ']', '^'];
  const aPattern = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''));
  const aText = fc.array(fc.constantFrom('a', 'b', 'é', '😀', '*'), { maxLength: 10 }).map((parts) => parts.join(''));
  let matched = 0;
  fc.assert(
    fc.property(aText, aPattern, (text, pattern) => {
      const expected = naiveGlob(text, pattern);
      if (expected) matched += 1;
      if (matches(text, pattern) !== expected) throw new Error(`${text} against ${pattern}`);
    }),
    { numRuns: 20_000, seed: 2_026 },
  );
  expect(matched).toBeGreaterThan(1_000);
});

test('a piece longer than a machine word is found where it is', () => {
  for (const length of [31, 32, 33, 64, 65, 200]) {
    const text = `${'a'.repeat(500)}b${'a'.repeat(length - 1)}c`;
    expect([length, matches(text, `*b${'?'.repeat(length - 1)}c`), matches(text, `*b${'?'.repeat(length)}c`)]).toEqual([
      length,
      true,
      false,
    ]);
  }
});

const INPUT_CHARS = 100_000;
const BOUND_MS = 50;
const bodies = [
  'a',
  'ab',
  '?',
  '[ab]',
  '[^b]',
  '*a',
  '*?',
  '*[ab]',
  'a?',
  '?*',
  '*ab',
  'aa*',
  '[a-z]*',
  '\\*',
  'é',
  '[a-c][b-d]',
  '*b*a',
  '?b',
  '*?a',
  'a*?',
];
const texts = {
  'one character': 'a'.repeat(INPUT_CHARS),
  'two in turn': 'ab'.repeat(INPUT_CHARS / 2),
  'all but the last': `${'a'.repeat(INPUT_CHARS - 1)}b`,
  'many characters': Array.from({ length: INPUT_CHARS }, (_, index) =>
    String.fromCodePoint(0x4e_00 + (index % 20_000)),
  ).join(''),
};

/** The shortest of three: a machine that is busy with something else says nothing about the matcher. */
function shortestMs(run: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return Math.min(...times);
}

test.each(Object.entries(texts))(
  `T10: 80 hostile patterns against 100,000 characters, %s: each within ${BOUND_MS} ms`,
  (_case, text) => {
    const slow = bodies
      .flatMap((body) => {
        const long = body.repeat(Math.floor((GLOB_CHARS_MAX - 4) / body.length));
        return [long, `*${long}c`, `*${long}*`, `${long.slice(0, body.length * 30)}*c*`];
      })
      .map((pattern) => {
        const glob = compileGlob(pattern);
        if (glob.outcome === 'malformed') throw new Error(`${pattern}: ${glob.message}`);
        return { pattern: pattern.slice(0, 20), ms: shortestMs(() => glob.matches(text)) };
      })
      .filter(({ ms }) => ms > BOUND_MS);
    expect(slow).toEqual([]);
  },
);
