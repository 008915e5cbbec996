import { readFileSync } from 'node:fs';
import * as limits from '../../../shared/config/limits.ts';
import { boundsIn, findBounds, limitsPage } from '../../../cli/limits-page.ts';

test('docs/limits.md names every bound as the source has it: run `node cli/generate-limits.ts` after a change', () => {
  expect(readFileSync('docs/limits.md', 'utf8')).toBe(limitsPage(findBounds(process.cwd())));
});

test('what parts share is all there, and each bound says what it bounds', () => {
  const bounds = findBounds(process.cwd());
  expect(bounds.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(limits)));
  expect(bounds.filter(({ meaning }) => meaning === '').map(({ name, file }) => `${name} in ${file}`)).toEqual([]);
});

test('a comment speaks for the constants right after it, and for no others', () => {
  const text = [
    '/** Sends in one part, and',
    ' * its bytes. */',
    'const SENDS_MAX = 200;',
    'export const BYTES_MAX = 600_000;',
    '',
    'const OTHER_MS = 5;',
    "const NOT_A_BOUND = 'x';",
  ].join('\n');
  expect(boundsIn(text, 'a.ts')).toEqual([
    { name: 'SENDS_MAX', value: '200', meaning: 'Sends in one part, and its bytes.', file: 'a.ts' },
    { name: 'BYTES_MAX', value: '600_000', meaning: 'Sends in one part, and its bytes.', file: 'a.ts' },
    { name: 'OTHER_MS', value: '5', meaning: '', file: 'a.ts' },
  ]);
});
