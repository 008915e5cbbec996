import { existsSync, readFileSync } from 'node:fs';

const rows = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .map((line) => /^\| ((?:T\d+(?:, | to )?)+)[^|]* \| [^|]+ \| ([^|]+) \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, threats = '', where = '']) => ({ threats, files: where.match(/test\/[\w./-]+\.test\.ts/g) ?? [] }));

/** `T6 to T8` are three. */
const threatsOf = (text: string): number[] => {
  const [first = 0, last = first] = [...text.matchAll(/\d+/g)].map(Number);
  return text.includes(' to ')
    ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
    : [...text.matchAll(/\d+/g)].map(Number);
};

test('each threat of the list has its row, once', () => {
  expect(rows.flatMap(({ threats }) => threatsOf(threats))).toEqual(Array.from({ length: 26 }, (_, at) => at + 1));
});

test('each test that the page names is there', () => {
  const files = rows.flatMap((row) => row.files);
  expect(files.length).toBeGreaterThanOrEqual(25);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});
