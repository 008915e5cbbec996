import fc from 'fast-check';
import { jsonOverrun } from '../../../../shared/domain/json-bounds.ts';

const keysOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>(
        (sum, each) => sum + keysOf(each),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      )
    : 0;
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
  expect(jsonOverrun(text, 100, 10)).toBe(expected ? 'depth' : undefined);
});

test.each([
  ['as many keys as allowed', `{${'"a":1,'.repeat(9)}"a":1}`, undefined],
  ['one more, of one name again', `{${'"a":1,'.repeat(10)}"a":1}`, 'keys'],
  ['one more, in many objects', `[${'{"":0},'.repeat(10)}{"":0}]`, 'keys'],
  ['colons in strings', `{"a":"${':'.repeat(50)}"}`, undefined],
  ['colons and nothing else', ':'.repeat(500_000), 'keys'],
])('%s (T12)', (_case, text, expected) => {
  expect(jsonOverrun(text, 100, 10)).toBe(expected);
});

test('depth and keys found in a text are those of what it parses to', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), fc.integer({ min: 0, max: 12 }), (value, max) => {
      const text = JSON.stringify(value);
      expect(jsonOverrun(text, max, 1e9)).toBe(depthOf(value) > max ? 'depth' : undefined);
      expect(jsonOverrun(text, 1e9, max)).toBe(keysOf(value) > max ? 'keys' : undefined);
    }),
  );
});
