import fc from 'fast-check';
import { isSame, mergeEdits } from '../../../../../web/src/ui/editing/merge-edits.ts';

test('what I changed lies on top of what they changed, member by member', () => {
  const base = {
    name: 'Orders',
    trigger: 'type = "track"',
    fields: { id: { '@path': '$.userId' }, note: 'a', old: 1 },
  };
  const mine = { ...base, name: 'My orders', fields: { id: base.fields.id, note: 'mine', added: true } };
  const theirs = { ...base, trigger: 'event = "Paid"', fields: { ...base.fields, note: 'theirs', more: [1] } };
  expect(mergeEdits<object>(base, mine, theirs)).toEqual({
    name: 'My orders',
    trigger: 'event = "Paid"',
    fields: { id: { '@path': '$.userId' }, note: 'mine', more: [1], added: true },
  });
});

test('a directive is one thing: two that were made of it are not mixed', () => {
  const base = { id: { '@path': '$.userId' } };
  const mine = { id: { '@template': '{{userId}}' } };
  const theirs = { id: { '@if': { exists: 1 } }, name: 'Sold' };
  expect(mergeEdits<object>(base, mine, theirs)).toEqual({ ...mine, name: 'Sold' });
});

const json = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'c'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });

test('who changed nothing gets the other’s, and two who did the same agree', () => {
  fc.assert(
    fc.property(json, json, (base, other) => {
      expect(isSame(mergeEdits(base, base, other), other)).toBe(true);
      expect(isSame(mergeEdits(base, other, base), other)).toBe(true);
      expect(isSame(mergeEdits(base, other, other), other)).toBe(true);
    }),
  );
});
