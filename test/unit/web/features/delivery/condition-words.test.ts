import { conditionWords, triggerWords } from '../../../../../web/src/features/delivery/condition-words.ts';

test.each([
  ['type = "track" and event = "Order Completed"', 'Track “Order Completed”'],
  [
    'type = "track" and (event = "Order Completed" or event = "Order Refunded")',
    'Track “Order Completed” or “Order Refunded”',
  ],
  ['type = "identify"', 'Identify calls'],
  ['type = "track" or type = "page"', 'Track and page calls'],
  [
    'type = "track" or type = "identify" or type = "page" or type = "screen" or type = "group" or type = "alias"',
    'Every call',
  ],
  [
    'type = "track" and event = "Cart Viewed" and properties.total > 100',
    'Track “Cart Viewed” and properties.total is more than 100',
  ],
  ['type = "track" and contains(event, "Order")', 'Track calls and event contains “Order”'],
])('the trigger %s is told as %s', (trigger, words) => {
  expect(triggerWords(trigger)).toBe(words);
});

test.each([
  ['all', 'Every event'],
  ["contains(userId, 'test')", 'userId contains “test”'],
  ["!contains(userId, 'test')", 'userId does not contain “test”'],
  ["traits.plan = 'pro' or traits.plan = 'team'", 'traits.plan is “pro” or “team”'],
  ["!(traits.plan = 'pro')", 'traits.plan is not “pro”'],
  ['userId = null', 'userId is not set'],
  ['userId != null', 'userId is set'],
  ["(a = '1' and b = '2') or c = '3'", '(a is “1” and b is “2”) or c is “3”'],
  ["match(event, 'Order*')", 'event matches “Order*”'],
])('the condition %s is told as %s', (condition, words) => {
  expect(conditionWords(condition)).toBe(words);
});

test.each(['type = ', '((', '<img src=x onerror=alert(1)>'])('what cannot be read stands as it is: %s', (text) => {
  expect(conditionWords(text)).toBe(text);
  expect(triggerWords(text)).toBe(text);
});

test('a long list of values is cut, and says how many there are more', () => {
  const condition = Array.from({ length: 9 }, (_, index) => `event = 'E${index}'`).join(' or ');
  expect(conditionWords(condition)).toBe('event is “E0”, “E1”, “E2”, “E3”, “E4”, “E5” and 3 more');
});
