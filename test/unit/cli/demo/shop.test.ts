import { pace } from '../../../../cli/demo/pace.ts';
import { PEOPLE } from '../../../../cli/demo/people.ts';
import { INVALID_REASONS, type ShopEvent, shopEvents } from '../../../../cli/demo/shop.ts';
import type { DemoCall } from '../../../../cli/demo/visit.ts';

const first = (seed: number, count: number): ShopEvent[] => {
  const events = shopEvents(seed);
  return Array.from({ length: count }, () => {
    const next = events.next();
    if (next.done === true) throw new Error('the shop never closes');
    return next.value;
  });
};
const EVENTS = first(1, 40_000);
const CALLS = EVENTS.filter((event): event is DemoCall => !('invalid' in event));

test('the same seed gives the same shop, another seed another one', () => {
  expect(first(7, 500)).toEqual(first(7, 500));
  expect(first(8, 500)).not.toEqual(first(7, 500));
});

test('no event brings a messageId, so that a second run is no duplicate of the first', () => {
  expect(CALLS.filter(({ message }) => 'messageId' in message)).toEqual([]);
});

test('all six calls and more than thirty event names occur', () => {
  expect(new Set(CALLS.map(({ type }) => type))).toEqual(
    new Set(['track', 'identify', 'page', 'screen', 'group', 'alias']),
  );
  const names = new Set(CALLS.flatMap(({ type, message }) => (type === 'track' ? [message['event']] : [])));
  expect(names.size).toBeGreaterThanOrEqual(30);
});

test('about one in a hundred is invalid, for five reasons in equal parts', () => {
  const invalid = EVENTS.flatMap((event) => ('invalid' in event ? [event.invalid] : []));
  expect(invalid.length / EVENTS.length).toBeGreaterThan(0.007);
  expect(invalid.length / EVENTS.length).toBeLessThan(0.013);
  expect(new Set(invalid)).toEqual(new Set(INVALID_REASONS));
  expect(INVALID_REASONS).toHaveLength(5);
});

test('200 people browse unnamed first, sign up once with identify and alias, and come back on another device', () => {
  const named = new Map<string, Set<unknown>>();
  const aliases = new Map<string, number>();
  const unnamed = new Set<unknown>();
  for (const { type, source, message } of CALLS) {
    const { userId, anonymousId } = message;
    if (source === 'web' && type !== 'alias' && userId === undefined) unnamed.add(anonymousId);
    if (typeof userId !== 'string') continue;
    if (type === 'alias') {
      aliases.set(userId, (aliases.get(userId) ?? 0) + 1);
      expect(unnamed).toContain(message['previousId']);
    }
    if (anonymousId !== undefined) named.set(userId, (named.get(userId) ?? new Set()).add(anonymousId));
  }
  expect(named.size).toBeGreaterThan(PEOPLE * 0.9);
  expect(named.size).toBeLessThanOrEqual(PEOPLE);
  expect(new Set(aliases.values())).toEqual(new Set([1]));
  const devices = [...named.values()].map((ids) => ids.size);
  expect(Math.max(...devices)).toBe(2);
  expect(devices.filter((count) => count === 2).length).toBeGreaterThan(PEOPLE / 3);
});

test('orders are completed by the server alone, and every one was begun in the browser', () => {
  const begun = new Set<unknown>();
  for (const { source, message } of CALLS) {
    const orderId = (message['properties'] as { order_id?: unknown } | undefined)?.order_id;
    if (message['event'] === 'Checkout Started') begun.add(orderId);
    if (message['event'] !== 'Order Completed') continue;
    expect(source).toBe('server');
    expect(begun).toContain(orderId);
  }
  expect(begun.size).toBeGreaterThan(50);
});

test.each([0.5, 1, 5, 333])('at %d a second that many are due, whatever the timer does', (rate) => {
  const clock = pace(rate, 0);
  let due = 0;
  for (let nowMs = 0; nowMs <= 60_000; nowMs += nowMs % 7 === 0 ? 13 : 90) due += clock.due(nowMs);
  expect(Math.abs(due - rate * 60)).toBeLessThanOrEqual(Math.max(1, rate * 0.1));
});

test('after a long sleep a second’s worth is caught up, no more', () => {
  const clock = pace(10, 0);
  expect(clock.due(3_600_000)).toBe(10);
  expect(clock.due(3_599_000)).toBe(0);
});
