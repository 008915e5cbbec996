import fc from 'fast-check';
import { bitmapOf, membersOf } from '../../../../shared/domain/bitmap.ts';

test('a set of numbers comes back from its bitmap', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(20_000), { maxLength: 300 }), (members) => {
      expect(membersOf(bitmapOf(members))).toEqual(members.toSorted((a, b) => a - b));
    }),
  );
});

test('bit n lies in byte n >> 3, so that rows of today can be read for ever', () => {
  expect(bitmapOf([0, 9])).toBe(Buffer.from([0b1, 0b10]).toString('base64'));
  expect(bitmapOf([])).toBe('');
});
