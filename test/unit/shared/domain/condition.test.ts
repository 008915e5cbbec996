import { filterCondition, triggerCondition } from '../../../../shared/domain/condition.ts';
import { anEvent } from '../../../builders/an-event.ts';

const event = anEvent({ properties: { total: 12, plan: 'pro', email: 'ann@example.com', on: true, off: false } });

test.each([
  ['type = "track"', true],
  ['type = "page"', false],
  ['event = "order completed"', false],
  ['type = "page" or properties.total >= 12', true],
  ['(type = "page" or type = "track") and properties.plan = "pro"', true],
  ['contains(event, "Comp")', true],
  ['match(event, "Order*")', true],
  ['userId != null', true],
  ['all', true],
  ['properties.constructor.name = "Object"', false],
  ['', 'unreadable'],
  ['(((', 'unreadable'],
  ['type = ', 'unreadable'],
])('%s: %s', (text, expected) => {
  expect(triggerCondition(text)(event)).toBe(expected);
  expect(triggerCondition(text)).toBe(triggerCondition(text));
});

// The operators of a mapping's trigger, as the app writes them (features 1.10).
test.each([
  ['event type is', 'type = "track"', true],
  ['event type is not', 'type != "track"', false],
  ['event name is', 'event = "Order Completed"', true],
  ['event name is not', 'event != "Order Completed"', false],
  ['contains', 'contains(properties.email, "@example")', true],
  ['does not contain', '!contains(properties.email, "@example")', false],
  ['starts with', 'match(properties.email, "ann*")', true],
  ['ends with', 'match(properties.email, "*.com")', true],
  ['does not end with', '!match(properties.email, "*.com")', false],
  ['is equal to (number)', 'properties.total = 12', true],
  ['not equal to (number)', 'properties.total != 12', false],
  ['is less than', 'properties.total < 12', false],
  ['is less than or equal', 'properties.total <= 12', true],
  ['is greater than', 'properties.total > 11.5', true],
  ['is greater than or equal', 'properties.total >= 13', false],
  ['is true', 'properties.on = true', true],
  ['is false', 'properties.off = false', true],
  ['exists', 'properties.plan != null', true],
  ['exists, of a missing one', 'properties.missing != null', false],
  ['does not exist', 'properties.missing = null', true],
])('B15, B16: trigger operator %s: %s', (_name, text, expected) => {
  expect(triggerCondition(text)(event)).toBe(expected);
});

test('a filter must be judged: comparing text with a number cannot be, and is no answer (C05)', () => {
  expect(filterCondition('properties.plan > 3')(event)).toBe('unreadable');
  expect(filterCondition('properties.plan > 3 or type = "track"')(event)).toBe(true);
  expect(filterCondition('properties.total > 3')(event)).toBe(true);
  expect(triggerCondition('properties.plan > 3')(event)).toBe(false);
});
