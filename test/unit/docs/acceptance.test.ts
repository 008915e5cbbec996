import { readFileSync } from 'node:fs';

/** Rows of the acceptance list by group: letter and how many. */
const GROUPS = {
  A: 20,
  B: 24,
  C: 24,
  D: 17,
  E: 25,
  F: 17,
  G: 19,
  H: 15,
  I: 10,
  J: 22,
  K: 20,
  L: 27,
  M: 14,
  N: 28,
  O: 3,
};
const IDS = Object.entries(GROUPS).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`),
);

const rows = readFileSync('docs/acceptance.md', 'utf8')
  .split('\n')
  .map((line) => /^\| ([A-O]\d\d) \| ([^|]+) \| (met|differs|later) \| ([^|]+) \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, id = '', what = '', status = '', where = '']) => ({ id, what, status, where: where.trim() }));

test('every row of the acceptance list is there once', () => {
  expect(IDS).toHaveLength(285);
  expect(rows.map(({ id }) => id).toSorted()).toEqual(IDS.toSorted());
});

/** `path` "name of a test", as often as it takes. */
const EVIDENCE = /`([^`]+\.test\.ts)` "([^"]+)"/g;

test('a row that is met or differs names tests that exist', () => {
  const files = new Map<string, string>();
  const textOf = (path: string): string => {
    const text = files.get(path) ?? readFileSync(path, 'utf8');
    files.set(path, text);
    return text;
  };
  const missing: string[] = [];
  for (const { id, status, where } of rows) {
    if (status === 'later') continue;
    const named = [...where.matchAll(EVIDENCE)];
    if (named.length === 0) missing.push(`${id}: no test is named`);
    for (const [, path = '', name = ''] of named) {
      if (!textOf(path).includes(name)) missing.push(`${id}: ${path} has no test "${name}"`);
    }
  }
  expect(missing).toEqual([]);
});

test('a row that differs says why before it names its test', () => {
  for (const { id, where } of rows.filter(({ status }) => status === 'differs')) {
    expect(`${id}: ${where.split('`')[0]}`.length).toBeGreaterThan(id.length + 20);
  }
});
