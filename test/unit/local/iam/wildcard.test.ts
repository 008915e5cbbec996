import fc from 'fast-check';
import { matchesWildcard } from '../../../../local/iam/wildcard.ts';

test('a wildcard pattern matches exactly what the same regular expression does (property)', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 12 });
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      expect(matchesWildcard(pattern, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern of many stars is judged at once', () => {
  expect(matchesWildcard('*a'.repeat(500), 'a'.repeat(20_000) + 'b')).toBe(false);
}, 2_000);
