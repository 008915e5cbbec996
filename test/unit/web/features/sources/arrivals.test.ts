import { type ArrivedEvent, arrivalsOf, eventText } from '../../../../../web/src/features/sources/install/arrivals.ts';

const event = (messageId: string, verdict: string, isTest = false): ArrivedEvent =>
  ({ messageId, verdict, isTest, type: 'track', name: messageId }) as ArrivedEvent;

test('nothing came', () => {
  expect(arrivalsOf([])).toEqual({ real: undefined, refused: undefined, test: undefined });
});

test('a test event is no sign that the reader’s own code sends', () => {
  expect(arrivalsOf([event('t', 'ALLOWED', true)])).toMatchObject({ real: undefined, test: { messageId: 't' } });
});

test('of events that came, newest first, the newest that is one counts, blocked or not', () => {
  expect(arrivalsOf([event('b', 'BLOCKED'), event('a', 'ALLOWED')]).real?.messageId).toBe('b');
});

test('what was refused is told while nothing better has come since', () => {
  const bad = event('bad', 'INVALID');
  expect(arrivalsOf([bad]).refused?.messageId).toBe('bad');
  expect(arrivalsOf([bad, event('a', 'ALLOWED')])).toMatchObject({ real: { messageId: 'a' }, refused: bad });
  expect(arrivalsOf([event('a', 'ALLOWED'), bad]).refused).toBeUndefined();
});

test('an event without a name is told by its type', () => {
  expect(eventText({ type: 'page', name: null })).toBe('page');
  expect(eventText({ type: null, name: 'X' })).toBe('event X');
});
