import { idHash } from '../../../../shared/aws/id-hash.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import {
  mergeSeen,
  noSeenUsers,
  seenOn,
  trackedUsers,
  userCountsByDay,
  userDigestOf,
} from '../../../../shared/domain/tracked-users.ts';

const hash = idHash('ws_1');
const digest = (...events: JsonObject[]) => userDigestOf(events, hash);
/** Tracked users at the end of the last day; one list of events a day. */
function countsOf(...days: JsonObject[][]) {
  const seen = days.reduce(
    (sum, events, index) => mergeSeen(sum, seenOn(index + 1, [digest(...events)])),
    noSeenUsers(),
  );
  return userCountsByDay(seen, days.length);
}
const last = (...days: JsonObject[][]) => countsOf(...days).at(-1);
const anonymous = (anonymousId: string): JsonObject => ({ type: 'page', anonymousId });
const known = (userId: string, anonymousId?: string): JsonObject => ({
  type: 'identify',
  userId,
  ...(anonymousId !== undefined && { anonymousId }),
});

test('who logs in on app and web is one tracked user, who logs in on the app only is two (I02, I03)', () => {
  const both = last([anonymous('app'), anonymous('web'), known('u', 'app'), known('u', 'web')]);
  expect(both).toEqual({ identified: 1, anonymous: 2, neverIdentified: 0 });
  const appOnly = last([anonymous('app'), anonymous('web'), known('u', 'app')]);
  expect(appOnly).toEqual({ identified: 1, anonymous: 2, neverIdentified: 1 });
  expect([both, appOnly].map((counts) => counts && trackedUsers(counts))).toEqual([1, 2]);
});

test('an alias ties the id that it names as previous (I02)', () => {
  const alias = { type: 'alias', userId: 'u', previousId: 'a' };
  expect(last([anonymous('a')], [alias])).toEqual({ identified: 1, anonymous: 1, neverIdentified: 0 });
  // Only an alias does; and an id that nobody sent as anonymous adds none.
  expect(last([anonymous('a'), { ...alias, type: 'track' }])).toMatchObject({ neverIdentified: 1 });
  expect(last([alias])).toEqual({ identified: 1, anonymous: 0, neverIdentified: 0 });
});

test('counts are those of the end of each day: who is tied later counts as anonymous until then', () => {
  expect(countsOf([anonymous('a')], [], [known('u', 'a')], [anonymous('a')])).toEqual([
    { identified: 0, anonymous: 1, neverIdentified: 1 },
    { identified: 0, anonymous: 1, neverIdentified: 1 },
    { identified: 1, anonymous: 1, neverIdentified: 0 },
    { identified: 1, anonymous: 1, neverIdentified: 0 },
  ]);
});

test.each([
  ['no ids', { type: 'track' }],
  ['ids that are empty', { type: 'track', userId: '', anonymousId: '' }],
  ['ids that are no text', { type: 'track', userId: 7, anonymousId: { a: 1 } }],
  ['ids of its prototype', Object.create({ userId: 'u', anonymousId: 'a' }) as JsonObject],
  ['an own __proto__', JSON.parse('{"type":"track","__proto__":{"userId":"u"}}') as JsonObject],
])('an event with %s is nobody', (_what, event) => {
  expect(digest(event as JsonObject)).toEqual({ userIds: '', anonymousIds: '', tied: '' });
});

test('a digest holds each id once, and is the same in whatever order events come', () => {
  const events = [known('u', 'a'), anonymous('b'), known('u', 'a'), known('v')];
  expect(digest(...events)).toEqual(digest(...events.toReversed()));
  expect(Buffer.from(digest(...events).userIds, 'base64')).toHaveLength(16);
});

test('hashes of two workspaces say nothing about whether they know the same person', () => {
  expect(idHash('ws_1')('ada@shop.test')).not.toBe(idHash('ws_2')('ada@shop.test'));
});
