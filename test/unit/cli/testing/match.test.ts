import { differences, escaped, isMatch, textOf } from '../../../../cli/testing/match.ts';

const EVENT = {
  type: 'track',
  event: 'Order Completed',
  userId: 'u-1',
  timestamp: '2026-11-27T10:00:00.000Z',
  properties: { total: 12.5, products: [{ sku: 'tea-1', quantity: 1 }], coupon: null },
};

test.each<[string, Record<string, unknown>, boolean]>([
  ['the event itself', EVENT, true],
  ['nothing at all', {}, true],
  ['a part of its properties', { properties: { total: 12.5 } }, true],
  ['a part of each entry of a list', { properties: { products: [{ sku: 'tea-1' }] } }, true],
  ['a list of another length', { properties: { products: [] } }, false],
  ['a text by a pattern', { event: /^Order/ }, true],
  ['a pattern with its place kept', { event: /order/gi }, true],
  ['a value by a function', { properties: (got: unknown) => typeof got === 'object' }, true],
  ['a function that throws', { userId: () => expect(1).toBe(2) }, false],
  ['a matcher of jest', { properties: { total: expect.any(Number) } }, true],
  ['a matcher that does not hold', { userId: expect.stringContaining('x') }, false],
  ['a date', { timestamp: new Date('2026-11-27T10:00:00Z') }, true],
  ['a text that is a number there', { properties: { total: '12.5' } }, false],
  ['null, where it is null', { properties: { coupon: null } }, true],
  ['null, where there is nothing', { properties: { voucher: null } }, false],
  ['undefined, where there is nothing', { properties: { voucher: undefined } }, true],
  ['an object, where there is a text', { userId: { length: 3 } }, false],
  ['what every object inherits', { toString: expect.any(Function) }, false],
])('a pattern of %s', (_case, pattern, isMet) => {
  expect(isMatch(pattern, EVENT)).toBe(isMet);
});

test('a pattern matches twice alike: one with a place of its own is not moved on', () => {
  const pattern = { event: /Order/g };
  expect([isMatch(pattern, EVENT), isMatch(pattern, EVENT)]).toEqual([true, true]);
});

test('what differs is told place by place, with what is there', () => {
  expect(
    differences({ event: /^Cart/, properties: { total: 13, products: [{ sku: 'x' }], currency: 'EUR' } }, EVENT),
  ).toEqual([
    { path: 'event', expected: '/^Cart/', got: '"Order Completed"' },
    { path: 'properties.total', expected: '13', got: '12.5' },
    { path: 'properties.products[0].sku', expected: '"x"', got: '"tea-1"' },
    { path: 'properties.currency', expected: '"EUR"' },
  ]);
});

test('no text of an event moves the cursor of a terminal, however it is hidden', () => {
  const hostile = '\u001b[2J\u009b31m\u202e\u2066\r\n\u007f';
  expect(textOf({ name: hostile })).toMatch(/^[\x20-\x7e]+$/);
  expect(escaped(hostile)).toBe('\\u001b[2J\\u009b31m\\u202e\\u2066\\u000d\\u000a\\u007f');
});

test('a value is cut, and one that is a ring or no JSON is named', () => {
  const ring: Record<string, unknown> = {};
  ring['self'] = ring;
  expect(textOf('x'.repeat(1_000))).toHaveLength(201);
  expect([textOf(ring), textOf(10n), textOf(undefined)]).toEqual([
    'what JSON cannot say',
    'what JSON cannot say',
    'nothing',
  ]);
  expect(isMatch(ring, ring)).toBe(true);
});
