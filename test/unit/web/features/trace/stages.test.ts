import { decidingFilter } from '../../../../../web/src/features/trace/deciding-filter.ts';
import { headOf, titleOf } from '../../../../../web/src/features/trace/head.ts';
import { jsonOrText, without } from '../../../../../web/src/features/trace/stages.ts';

test('what filters take out is taken out of a copy, also of lists and of odd keys', () => {
  const event = { properties: { total: 1, 'odd.key': 2, items: [{ sku: 'a', n: 1 }, { sku: 'b' }], list: [1, 2, 3] } };
  expect(
    without(event, [
      'properties.total',
      'properties."odd.key"',
      'properties.items[0].sku',
      'properties.list[1]',
      'properties.list[2]',
      'properties.none.deeper',
      '__proto__.polluted',
    ]),
  ).toEqual({ properties: { items: [{ n: 1 }, { sku: 'b' }], list: [1] } });
  expect(event.properties.total).toBe(1);
});

test('a body is shown as JSON where it is some, else as text', () => {
  expect(jsonOrText('{"a":1}')).toEqual({ a: 1 });
  expect(jsonOrText('<html>')).toBe('<html>');
});

test('the filter that keeps an event back is found among those that let it pass', () => {
  const filter = (title: string, condition: string, enabled = true) => ({
    id: title,
    sourceId: 's',
    destinationId: 'd',
    if: condition,
    actions: [{ type: 'DROP' as const }],
    title,
    enabled,
    createdAt: '',
    updatedAt: '',
  });
  const event = { type: 'track', event: 'Signed Up', messageId: 'm', userId: 'u' };
  const filters = [
    filter('Off', 'all', false),
    filter('Others', 'event = "Other"'),
    filter('Only buyers', 'event != "Order Completed"'),
  ] as Parameters<typeof decidingFilter>[1];
  expect(decidingFilter(event, filters)?.title).toBe('Only buyers');
  expect(decidingFilter({ ...event, event: 'Order Completed' }, filters)).toBeUndefined();
});

test('the head of an event is read from any JSON', () => {
  expect(headOf({ type: 'page', name: 'Home', userId: 7 })).toMatchObject({ type: 'page', name: 'Home', userId: '7' });
  expect(headOf([1])).toMatchObject({ type: undefined, name: undefined });
  expect(headOf({ type: 'track', event: { toString: 'x' } }).name).toBeUndefined();
  expect(titleOf({ type: 'identify', name: null })).toBe('Identify');
  expect(titleOf({ type: 'constructor', name: null })).toBe('Event');
});
