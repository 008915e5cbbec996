import { globSync, readFileSync } from 'node:fs';
import { adviceFor, hasAdvice } from '../../../../../shared/domain/delivery/advice.ts';
import { BLOCKED_REASONS, FILTERED_REASONS, INVALID_REASONS } from '../../../../../shared/domain/outcomes.ts';
import { SUPPRESSED_CODE } from '../../../../../shared/domain/suppression.ts';

/** Where code of ours writes codes of sends. */
const FILES = [
  'functions/{deliver,empty-dead-letters}/**/*.ts',
  'shared/{destinations,pipeline}/**/*.ts',
  'shared/domain/retry-schedule.ts',
];
/** The library's word for RETRY, by which it is written into the books. */
const TRANSLATED = 'RETRYABLE_ERROR';
/** How they are written: in an outcome, by a maker of one, in a table of those that give a send up. */
const WRITTEN = [
  /\bcode: '([\w-]+)'/g,
  /\b(?:discarded|retry|closed)\(\s*'([\w-]+)'/g,
  /new DiscardError\('([\w-]+)'/g,
  /\bover\('([\w-]+)'\)/g,
  /\bover: '([\w-]+)'/g,
  /\bCODE = '([\w-]+)'/g,
];

const writtenCodes = (): Set<string> => {
  const codes = new Set<string>([SUPPRESSED_CODE]);
  for (const file of globSync(FILES).filter((name) => !name.includes('generated'))) {
    const text = readFileSync(file, 'utf8');
    for (const pattern of WRITTEN) for (const [, code = ''] of text.matchAll(pattern)) codes.add(code);
  }
  codes.delete(TRANSLATED);
  return codes;
};

test('every code and reason that our own code can write has a text of its own that says what to do', () => {
  const codes = [...writtenCodes(), ...INVALID_REASONS, ...BLOCKED_REASONS, ...FILTERED_REASONS, 'duplicate'];
  // The look through the code finds what it should find: these are written in each of the ways.
  expect(codes).toEqual(
    expect.arrayContaining([
      'mapping_deleted',
      'INVALID_SETTINGS',
      'repeat_chain',
      'hop_cap',
      'crash_loop',
      'RETRY',
      'retry_after',
    ]),
  );
  expect(codes.filter((code) => !hasAdvice(code))).toEqual([]);
});

test('a status or a network code that we have no text for is told by its kind, and an unknown word, too', () => {
  const kinds = ['307', '418', '599', 'ENETUNREACH', 'HPE_INVALID_CONSTANT', 'UNABLE_TO_VERIFY_SSL'].map(adviceFor);
  expect(kinds.map((text) => text.slice(0, 24))).toEqual([
    'The address redirects, w',
    'The tool refuses the req',
    'The tool fails. It is tr',
    'The connection fails. It',
    'The connection fails. It',
    'The secure connection fa',
  ]);
  for (const odd of ['__proto__', 'constructor', 'toString', 'whatever', '']) {
    expect(adviceFor(odd)).toBe('Look at the answer in a sample: it says more than this code.');
  }
});

test('texts are short enough for a table', () => {
  const long = [...writtenCodes(), ...INVALID_REASONS, ...FILTERED_REASONS].filter(
    (code) => adviceFor(code).length > 160,
  );
  expect(long).toEqual([]);
});
