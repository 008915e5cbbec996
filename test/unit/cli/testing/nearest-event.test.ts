import { likeness, nearestEvent } from '../../../../cli/testing/nearest-event.ts';
import { aSeenEvent } from '../../../builders/seen-event.ts';

test.each([
  ['another spelling', { event: 'order_completed' }],
  ['a typing error', { event: 'Order Complete' }],
  ['another user', { userId: 'u-2' }],
  ['another amount', { properties: { total: 12 } }],
])('%s is nearer than another event', (_case, over) => {
  const pattern = { event: 'Order Completed', userId: 'u-1', properties: { total: 12.5 } };
  const near = aSeenEvent({ properties: { total: 12.5 }, ...over });
  const far = aSeenEvent({ event: 'Page Closed', userId: 'u-3' });
  expect(nearestEvent(pattern, [far, near, far])).toBe(near);
});

test('a name weighs more than what an event says', () => {
  const pattern = { event: 'Order Completed', properties: { a: 1, b: 2 } };
  const named = aSeenEvent();
  const alike = aSeenEvent({ event: 'Something Else', properties: { a: 1, b: 2 } });
  expect(nearestEvent(pattern, [named, alike])).toBe(named);
});

test('of two that are alike it is the newer, and where nothing is alike there is none', () => {
  const [older, newer] = [aSeenEvent({ properties: { n: 1 } }), aSeenEvent({ properties: { n: 2 } })];
  expect(nearestEvent({ event: 'Order Completed', properties: { n: 3 } }, [older, newer])).toBe(newer);
  expect(nearestEvent({ event: 'Zebra' }, [older])).toBeUndefined();
  expect(nearestEvent({ event: 'Zebra' }, [])).toBeUndefined();
});

test('a number that was sent as a text is nearly it', () => {
  const pattern = { properties: { total: 12.5 } };
  expect(likeness(pattern, { properties: { total: '12.5' } })).toBe(0.5);
  expect(likeness(pattern, { properties: { total: '' } })).toBe(0);
  expect(likeness(pattern, { properties: { total: 12.5 } })).toBe(1);
});

test('long texts are not compared letter by letter', () => {
  const text = 'x'.repeat(100_000);
  const startedMs = performance.now();
  expect(likeness({ event: text }, { event: `${text}y` })).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(500);
});
