import fc from 'fast-check';
import { boundedDistance, maskedKey, NEAR_EDITS_MAX, nearKey } from '../../../../../shared/domain/health/near-key.ts';

const OWN = [
  { writeKey: 'Zk3mQ9xTf7LrW2vB8nYc5dHs', sourceId: 'src_1' },
  { writeKey: 'Aq1wS2eD3rF4tG5yH6uJ7iK8', sourceId: 'src_2' },
];

test.each([
  ['a letter mistyped', 'Zk3mQ9xTf7LrW2vB8nYc5dHx', 'src_1'],
  ['three letters lost', 'Zk3mQxTf7LrW2vBnYc5Hs', 'src_1'],
  ['small letters', 'zk3mq9xtf7lrw2vb8nyc5dhs', 'src_1'],
  ['its beginning', 'Aq1wS2eD3r', 'src_2'],
  ['something behind it', 'Aq1wS2eD3rF4tG5yH6uJ7iK8"}', 'src_2'],
  ['four letters wrong', 'Zk3mQ9xTf7LrW2vB8nYcxxxx', undefined],
  ['a short beginning', 'Aq1wS2e', undefined],
  ['another key', 'Pp0oO9iI8uU7yY6tT5rR4eE3', undefined],
])('%s is near to the key that was meant, or to none', (_case, sent, sourceId) => {
  expect(nearKey(sent, OWN)?.sourceId).toBe(sourceId);
});

test('a foreign key is never shown whole', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 0, maxLength: 64 }), (key) => {
      const shown = maskedKey(key);
      expect(key.length > 6 && shown.includes(key)).toBe(false);
      expect(shown.length).toBeLessThanOrEqual(20);
    }),
  );
  expect([maskedKey('Zk3mQ9xTf7LrW2vB8nYc5dHs'), maskedKey('short')]).toEqual(['Zk3…dHs', '… (5 characters)']);
});

/** Every cell of the table. */
function wholeDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, row) => [row, ...Array.from({ length: b.length }, () => 0)]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    for (let column = 1; column <= b.length; column += 1) {
      const at = (r: number, c: number): number => rows[r]?.[c] ?? 0;
      const line = rows[row];
      if (line === undefined) continue;
      line[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1),
      );
    }
  }
  return rows[a.length]?.[b.length] ?? 0;
}

test('the distance is that of the whole table, where it is not more than is asked for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const whole = wholeDistance(a, b);
      expect(boundedDistance(a, b, NEAR_EDITS_MAX)).toBe(whole <= NEAR_EDITS_MAX ? whole : undefined);
    }),
    { numRuns: 2_000 },
  );
});
