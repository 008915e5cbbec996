import { allowFields, dropFields, pathSteps, valueAt } from '../../../../shared/domain/field-paths.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';

const event: JsonObject = {
  type: 'track',
  messageId: 'm1',
  userId: 'u1',
  properties: {
    total: 12,
    email: 'a@b.c',
    'product 1.price': 3,
    products: [
      { sku: 'a', price: 1 },
      { sku: 'b', price: 2 },
    ],
    plans: [[{ sku: 'c', name: 'in a list of lists' }], 'text', null],
  },
  context: { ip: '1.2.3.4', page: { url: 'https://x', title: 'X' } },
};

test('a path has its steps between dots, and a backslash takes the meaning from the character behind it (C12)', () => {
  expect(pathSteps('properties.product\\ 1\\.price')).toEqual(['properties', 'product 1.price']);
  expect(pathSteps('')).toEqual([]);
  expect(pathSteps('a..b')).toEqual(['a', '', 'b']);
  expect(pathSteps('ends with \\')).toEqual(['ends with \\']);
});

test('dropped fields are gone, and the event itself is as it was', () => {
  const before = structuredClone(event);
  expect(dropFields(event, { properties: ['email', 'missing'], context: ['ip'] })).toEqual({
    ...event,
    properties: { ...(event['properties'] as JsonObject), email: undefined },
    context: { page: { url: 'https://x', title: 'X' } },
  });
  expect(event).toEqual(before);
});

test('a path through a list means each object in it (C13)', () => {
  const dropped = dropFields(event, { 'properties.products': ['sku'], 'properties.plans': ['sku'] });
  expect(dropped['properties']).toMatchObject({
    products: [{ price: 1 }, { price: 2 }],
    plans: [[{ name: 'in a list of lists' }], 'text', null],
  });
});

test('the empty path is the event itself (C14), which keeps its type and messageId', () => {
  const dropped = dropFields(event, { '': ['userId', 'type', 'messageId', 'context'] });
  expect(Object.keys(dropped)).toEqual(['type', 'messageId', 'properties']);
  expect(Object.keys(allowFields(event, { '': ['userId'] }))).toEqual(['type', 'messageId', 'userId']);
});

test('allowed fields are all that is left of the object that is named; others stay whole', () => {
  const allowed = allowFields(event, { properties: ['total', 'products'], 'properties.products': ['sku'] });
  expect(allowed).toEqual({ ...event, properties: { total: 12, products: [{ sku: 'a' }, { sku: 'b' }] } });
});

test('keys that look like a prototype are data like others (T11)', () => {
  const hostile = JSON.parse('{"type":"track","properties":{"__proto__":{"polluted":1},"constructor":{"a":1,"b":2}}}');
  const dropped = dropFields(hostile, {
    'properties.__proto__': ['polluted'],
    'properties.constructor': ['a'],
    'properties.toString': ['name'],
    __proto__: ['x'],
  });
  expect(JSON.stringify(dropped)).toBe('{"type":"track","properties":{"__proto__":{},"constructor":{"b":2}}}');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a value is found by its path, own properties only', () => {
  expect(valueAt(event, 'context.page.url')).toBe('https://x');
  expect(valueAt(event, 'properties.product\\ 1\\.price')).toBe(3);
  expect(valueAt(event, 'properties.products.sku')).toBeUndefined();
  expect(valueAt(event, 'properties.constructor')).toBeUndefined();
  expect(valueAt(event, '')).toBe(event);
});
