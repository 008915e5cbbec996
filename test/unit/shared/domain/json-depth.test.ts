import fc from 'fast-check';
import { isDeeperThan } from '../../../../shared/domain/json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test.each([
  ['as deep as allowed', '['.repeat(100) + ']'.repeat(100), false],
  ['one deeper', '['.repeat(101) + ']'.repeat(101), true],
  ['a hundred thousand brackets (T12)', '['.repeat(100_000), true],
  ['brackets in a string', `"${'['.repeat(200)}"`, false],
  ['brackets behind an escaped quote', `"\\"${'['.repeat(200)}"`, false],
  ['brackets behind an escaped backslash', `["\\\\",${'['.repeat(101)}`, true],
  ['brackets side by side', `[${'[],'.repeat(500)}[]]`, false],
  ['a string that never ends', `"${'['.repeat(200)}`, false],
  ['nothing', '', false],
])('%s', (_case, text, expected) => {
  expect(isDeeperThan(text, 100)).toBe(expected);
});

test('the depth found in a text is the depth of what it parses to', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), fc.integer({ min: 0, max: 12 }), (value, max) => {
      expect(isDeeperThan(JSON.stringify(value), max)).toBe(depthOf(value) > max);
    }),
  );
});
