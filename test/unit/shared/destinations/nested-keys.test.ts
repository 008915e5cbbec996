import { withNestedKeys } from '../../../../shared/destinations/nested-keys.ts';
import type { Json } from '../../../../shared/domain/json.ts';

const nest = (object: Json): Json => withNestedKeys({ data: object })['data'] ?? null;

test.each<[string, Json, Json]>([
  ['a dot nests', { 'info.name': 'Ada' }, { info: { name: 'Ada' } }],
  ['keys with one beginning share an object', { 'a.b': 1, 'a.c.d': 2 }, { a: { b: 1, c: { d: 2 } } }],
  ['a number is a place in a list', { 'items.1.id': 2, 'items.0.id': 1 }, { items: [{ id: 1 }, { id: 2 }] }],
  ['places of a list that nobody names are null', { 'items.2': 3 }, { items: [null, null, 3] }],
  ['a key in quotes is one key', { '"user.email"': 1 }, { 'user.email': 1 }],
  ['an empty part is no path', { '.a': 1, 'b.': 2, 'c..d': 3 }, { '.a': 1, 'b.': 2, 'c..d': 3 }],
  ['the later of two that cannot both be wins', { a: 1, 'a.b': 2 }, { a: { b: 2 } }],
  ['objects within are looked into', { a: [{ 'b.c': { 'd.e': 1 } }] }, { a: [{ b: { c: { d: { e: 1 } } } }] }],
  [
    'a directive stays as it is, but for objects in it',
    { 'a.b': { '@path': '$.properties.c.d' }, c: { '@merge': { objects: [{ 'd.e': 1 }] } } },
    { a: { b: { '@path': '$.properties.c.d' } }, c: { '@merge': { objects: [{ d: { e: 1 } }] } } },
  ],
])('%s (B18)', (_case, given, expected) => {
  expect(nest(given)).toEqual(expected);
});

test('keys of fields are left alone, and the mapping that was given stays as it is', () => {
  const fields = { 'a.b': 1, data: { 'c.d': 1 } };
  expect(withNestedKeys(fields)).toEqual({ 'a.b': 1, data: { c: { d: 1 } } });
  expect(fields).toEqual({ 'a.b': 1, data: { 'c.d': 1 } });
});

test('no key reaches a prototype', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"polluted":1},"a.__proto__.polluted":1,"constructor.prototype.polluted":1}',
  );
  expect(Object.keys(nest(hostile) as object)).toEqual(['constructor']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
