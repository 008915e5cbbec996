import { compileFql } from '../../../../../shared/domain/fql/compile-fql.ts';
import { parseFql } from '../../../../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../../../../shared/domain/fql/parse-trigger.ts';
import { cpuMsOf } from '../../../../builders/cpu-of.ts';

/** T10: each pattern has so long for a text of 100 kB. */
const CPU_MS_MAX = 50;
const TEXT_CHARS = 100_000;

const filled = (piece: string, chars: number): string => piece.repeat(Math.ceil(chars / piece.length)).slice(0, chars);

/** What makes a matcher that goes back and tries again take for ever: a piece, how often, and an end that does not match. */
const PIECES = [
  '*a',
  '*',
  '**a',
  '?',
  '*?',
  '?*',
  'a*',
  '*ab',
  '*aa',
  '[a]',
  '*[a]',
  '[^b]*',
  '*[a-z]',
  '[a-z]*[a-z]',
  '*a?',
  '*[^a]',
  '(a+)+',
  'a|',
  '.*',
  '[ab]*[ba]',
];
const LENGTHS = [10, 50, 120, 200, 300, 400, 500, 600, 700, 800, 900, 990];
const PATTERNS = PIECES.flatMap((piece) =>
  LENGTHS.map((length) => `${filled(piece, length).replace(/\[[^\]]*$/, '')}!`),
);

const TEXTS = ['a', 'ab', 'aaab', '\u{1f600}a'].map((piece) => filled(piece, TEXT_CHARS));

test('there are at least 200 patterns, all different', () => {
  expect(new Set(PATTERNS).size).toBeGreaterThanOrEqual(200);
});

test.each([
  ['a filter', parseFql],
  ['a trigger', parseTrigger],
])(
  'no pattern of %s takes longer than 50 ms of a text of 100 kB (T10)',
  async (_where, parse) => {
    const slow: unknown[] = [];
    let read = 0;
    for (const [number, pattern] of PATTERNS.entries()) {
      const parsed = parse(`match(properties.text, ${JSON.stringify(pattern)})`);
      if (parsed.outcome !== 'parsed') continue;
      read += 1;
      const matches = compileFql(parsed.expression);
      const text = TEXTS[number % TEXTS.length] ?? '';
      const cpuMs = await cpuMsOf(() => matches({ type: 'track', properties: { text } }));
      if (cpuMs > CPU_MS_MAX) slow.push({ pattern: pattern.slice(0, 40), cpuMs });
    }
    expect(slow).toEqual([]);
    expect(read).toBeGreaterThanOrEqual(200);
  },
  60_000,
);

test.each([
  ['brackets', '('],
  ['negations', '!'],
  ['quotes', '"'],
  ['backslashes', '\\'],
  ['dots', 'a.'],
  ['ands', 'a and '],
  ['calls', 'contains('],
  ['brackets of lists', '['],
  ['escapes', '"\\u'],
  ['stars', '*'],
  ['spaces', ' '],
  ['long words', 'a'],
])('texts full of %s are read or refused within 50 ms (T10)', async (_what, piece) => {
  for (const chars of [100, 5_000, 100_000]) {
    expect(await cpuMsOf(() => [parseFql(filled(piece, chars)), parseTrigger(filled(piece, chars))])).toBeLessThan(
      CPU_MS_MAX,
    );
  }
});
