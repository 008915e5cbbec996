import { errorLines } from '../../../../functions/deliver/error-lines.ts';
import { causeOf } from '../../../../shared/domain/error-cause.ts';

test.each([
  ['event 17 of 200 failed', 'event # of # failed'],
  ['no user ada@example.com here', 'no user <email> here'],
  ['id 9f1c2d3e-aaaa-4bbb-8ccc-1234567890ab is unknown', 'id # is unknown'],
  ['object 65f1a2b3c4d5e6f7a8b9c0d1 is gone', 'object # is gone'],
  ['took 1,234.5 ms', 'took # ms'],
  ['deadbeef is a word', 'deadbeef is a word'],
  ['x'.repeat(1_000), 'x'.repeat(256)],
])('%# one cause is one line: %s', (message, cause) => {
  expect(causeOf(message)).toBe(cause);
});

test('failures of one cause are counted together, the most frequent first', () => {
  const failures = [
    { code: '400', message: 'bad 1' },
    { code: '500', message: 'oops' },
    { code: '400', message: 'bad 2' },
    { code: '400', message: 'worse' },
  ];
  expect(errorLines(failures)).toEqual([
    { code: '400', message: 'bad #', count: 2 },
    { code: '500', message: 'oops', count: 1 },
    { code: '400', message: 'worse', count: 1 },
  ]);
});

test('beyond 49 causes the rest is one line, and nothing goes uncounted', () => {
  const word = (number: number): string => String.fromCharCode(97 + (number % 26), 97 + Math.floor(number / 26));
  const failures = Array.from({ length: 200 }, (_, index) => ({ code: '400', message: `cause ${word(index)}` }));
  const lines = errorLines([...failures, ...failures.slice(0, 30)]);
  expect(lines).toHaveLength(50);
  expect(lines.at(-1)).toEqual({ code: 'OTHER', message: 'Other errors', count: 230 - 30 * 2 - 19 });
  expect(lines.reduce((sum, { count }) => sum + count, 0)).toBe(230);
});
