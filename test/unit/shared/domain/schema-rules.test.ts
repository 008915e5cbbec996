import { isBlockedBySchema, isKeptFromBySchema, withoutBlockedTraits } from '../../../../shared/domain/schema-rules.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import { anEvent } from '../../../builders/an-event.ts';
import { aSourceSchema } from '../../../builders/workspace-things.ts';

const schema = aSourceSchema({
  track: { 'Debug Ping': { enabled: false }, 'Order Completed': { destinations: { dst_1: false, dst_2: true } } },
  page: { Admin: { enabled: false }, '': { destinations: { dst_1: false } } },
  identify: { blockedTraits: ['ssn', 'toString'], destinations: { dst_2: false } },
});

test.each<[string, JsonObject, boolean]>([
  ['a track call by its name', { event: 'Debug Ping' }, true],
  ['another name', { event: 'Debug Pong' }, false],
  ['another case is another name', { event: 'debug ping' }, false],
  ['a page by its name', { type: 'page', name: 'Admin' }, true],
  ['a screen of that name', { type: 'screen', name: 'Admin' }, false],
  ['a page without a name', { type: 'page', event: 'Admin' }, false],
  ['identify calls are never blocked', { type: 'identify' }, false],
  ['a name that objects inherit', { event: 'constructor' }, false],
])('schema event filter (C23): %s', (_case, over, expected) => {
  expect(isBlockedBySchema(schema, anEvent(over))).toBe(expected);
  expect(isBlockedBySchema(undefined, anEvent(over))).toBe(false);
});

test.each<[string, JsonObject, string, boolean]>([
  ['switched off', { event: 'Order Completed' }, 'dst_1', true],
  ['switched on', { event: 'Order Completed' }, 'dst_2', false],
  ['not named, which is on (gap 17)', { event: 'Order Completed' }, 'dst_3', false],
  ['an event that no rule names', { event: 'Signed Up' }, 'dst_1', false],
  ['pages without a name', { type: 'page' }, 'dst_1', true],
  ['identify calls', { type: 'identify' }, 'dst_2', true],
  ['group calls', { type: 'group' }, 'dst_2', false],
])('schema integration filter (C22): %s', (_case, over, destination, expected) => {
  expect(isKeptFromBySchema(schema, anEvent(over), destination)).toBe(expected);
});

test('traits that are switched off are taken out of identify calls, and the event itself stays as it was', () => {
  const event = anEvent({ type: 'identify', traits: { ssn: '1', email: 'a@b.c' } });
  expect(withoutBlockedTraits(schema, event)).toEqual({ ...event, traits: { email: 'a@b.c' } });
  expect(event['traits']).toEqual({ ssn: '1', email: 'a@b.c' });
  const other = anEvent({ type: 'identify', traits: { email: 'a@b.c' } });
  expect(withoutBlockedTraits(schema, other)).toBe(other);
  const group = anEvent({ type: 'group', traits: { ssn: '1' } });
  expect(withoutBlockedTraits(schema, group)).toBe(group);
});

test('what is switched off for all pages holds for each that has no rule of its own, and for no screen (F08)', () => {
  const off = { enabled: false, destinations: {} };
  const schema = aSourceSchema({ everyPage: off, page: { Cart: { enabled: true, destinations: {} } } });
  const isBlocked = (event: JsonObject) => isBlockedBySchema(schema, anEvent(event));
  expect(isBlocked({ type: 'page', name: 'Home' })).toBe(true);
  expect(isBlocked({ type: 'page' })).toBe(true);
  expect(isBlocked({ type: 'page', name: 'Cart' })).toBe(false);
  expect(isBlocked({ type: 'screen', name: 'Home' })).toBe(false);
  expect(isBlocked({ type: 'track', event: 'Home' })).toBe(false);
  const kept = aSourceSchema({ everyPage: { enabled: true, destinations: { dst_1: false } } });
  expect(isKeptFromBySchema(kept, anEvent({ type: 'page', name: 'Home' }), 'dst_1')).toBe(true);
});
