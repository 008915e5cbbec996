import { expectations, TrackingError } from '../../../../cli/testing/expectations.ts';
import { eventFeed } from '../../../../cli/testing/event-feed.ts';
import type { Refused } from '../../../../cli/testing/say-failure.ts';
import type { SeenEvent } from '../../../../cli/testing/types.ts';
import { aSeenEvent } from '../../../builders/seen-event.ts';

type Way = { name: string; verdict: string; reason?: string; sends?: object[] };

/** A deployment in which `arrivals` come in, each at its millisecond, and whose trace is what `ways` says. */
function setUp(
  arrivals: readonly [atMs: number, event: SeenEvent][],
  refused: readonly Refused[] = [],
  ways: Way[] = [],
) {
  let nowMs = 0;
  const asked: string[] = [];
  const api = async (_method: string, path: string, { query }: { query?: Record<string, string> } = {}) => {
    asked.push(path);
    if (path.startsWith('/app-api/events/')) return { destinations: ways };
    const after = Number(query?.['after'] ?? -1);
    const events = arrivals
      // What came in the very moment of an earlier answer is told once more.
      .filter(([atMs]) => atMs >= after && atMs <= nowMs)
      .map(([, { event, ...rest }]) => ({ ...rest, payload: event, normalised: event }));
    return { events: events.toReversed(), after: String(nowMs) };
  };
  const feed = eventFeed(api, 'src_1', new Date(0));
  const asks = expectations({
    api,
    feed,
    sourceId: 'src_1',
    refusals: async () => refused,
    nowMs: () => nowMs,
    wait: async (ms) => void (nowMs += ms),
  });
  return { asks, feed, asked, elapsedMs: () => nowMs };
}
const messageOf = async (failing: Promise<unknown>): Promise<string> => {
  const error: unknown = await failing.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TrackingError);
  return error instanceof Error ? error.message : '';
};

test('an event that comes within the time is answered, as it was seen', async () => {
  const event = aSeenEvent();
  const { asks, elapsedMs } = setUp([[1_000, event]]);
  await expect(asks.expectEvent({ event: 'Order Completed' })).resolves.toEqual(event);
  expect(elapsedMs()).toBe(1_000);
});

test('one that comes too late is missed, and the message has the nearest and what differs', async () => {
  const { asks, elapsedMs } = setUp([
    [0, aSeenEvent({ event: 'Page Closed', userId: 'u-7' })],
    [10, aSeenEvent({ event: 'Order Complete' }, { messageId: 'near' })],
    [4_500, aSeenEvent()],
  ]);
  expect(await messageOf(asks.expectEvent({ event: 'Order Completed', userId: 'u-1' }))).toBe(
    [
      'No event came within 4 s that has',
      '  {"event":"Order Completed","userId":"u-1"}',
      'The nearest of 2 events: track "Order Complete" (near, 2026-11-27T10:00:00.000Z)',
      '  event: expected "Order Completed", got "Order Complete"',
    ].join('\n'),
  );
  expect(elapsedMs()).toBe(4_000);
});

test('what was refused is told: with its reason, with the key that nobody owns, without moving the cursor', async () => {
  const invalid = aSeenEvent({}, { verdict: 'INVALID', reason: 'missing-user', messageId: 'bad\u001b[2J' });
  const { asks } = setUp([[0, invalid]], [{ reason: 'unknown-write-key', count: 2, writeKey: 'wk_\u001b]0;x' }]);
  expect(await messageOf(asks.expectEvent({ event: 'Order Completed' }, { within: 100 }))).toBe(
    [
      'No event came within 0.1 s that has',
      '  {"event":"Order Completed"}',
      'No event came at all.',
      'These came and went no further:',
      '  track "Order Completed" (bad\\u001b[2J, 2026-11-27T10:00:00.000Z): INVALID, missing-user, which has all that was asked for',
      'Requests were refused:',
      '  2 × unknown-write-key, sent with the write key "wk_\\u001b]0;x"',
    ].join('\n'),
  );
});

test('what is not to come fails at once when it comes, and is waited for otherwise', async () => {
  const { asks, elapsedMs } = setUp([[500, aSeenEvent({}, { messageId: 'unwanted' })]]);
  expect(await messageOf(asks.expectNoEvent({ userId: 'u-1' }))).toContain('(unwanted, ');
  expect(elapsedMs()).toBe(500);
  await expect(asks.expectNoEvent({ userId: 'u-2' })).resolves.toBeUndefined();
  expect(elapsedMs()).toBe(2_500);
});

test('a blocked event is no event that came, nor is the second of two', async () => {
  const blocked = aSeenEvent({}, { verdict: 'BLOCKED', reason: 'unplanned-event' });
  const { asks } = setUp([[0, blocked]]);
  expect(await messageOf(asks.expectEvent({ userId: 'u-1' }, { within: 0 }))).toContain('BLOCKED, unplanned-event');
  await asks.expectNoEvent({ userId: 'u-1' }, { within: 0 });
});

test('what was cleared is forgotten, and two readers at a time make one request', async () => {
  const { asks, feed, asked } = setUp([[0, aSeenEvent()]]);
  await Promise.all([feed.read(), feed.read(), feed.read()]);
  expect(asked).toHaveLength(1);
  await feed.clear();
  expect(await feed.read()).toEqual([]);
  await asks.expectNoEvent({ userId: 'u-1' }, { within: 0 });
});

test.each([
  ['delivered', { name: 'Slack', verdict: 'QUEUED', sends: [{ state: 'DELIVERED' }] }, undefined],
  [
    'nothing for it',
    { name: 'Slack', verdict: 'FILTERED', reason: 'CONSENT', sends: [] },
    'not meant to get it: CONSENT',
  ],
  ['another destination', { name: 'Email', verdict: 'QUEUED' }, 'those of the event: Email'],
  [
    'refused by the tool',
    {
      name: 'Slack',
      verdict: 'QUEUED',
      sends: [
        {
          subscriptionName: 'Orders',
          state: 'DISCARDED',
          code: '400',
          tries: [{ outcome: 'DISCARDED', code: '400', message: 'no\u001b[2J channel' }],
        },
      ],
    },
    'Orders: DISCARDED, 400, tries: DISCARDED 400 no\\u001b[2J channel',
  ],
  [
    'waiting',
    { name: 'Slack', verdict: 'QUEUED', sends: [{ subscriptionName: 'Orders', state: 'WAITING', nextTryAt: 'T' }] },
    'Orders: WAITING, next try at T',
  ],
])('on its way to a destination: %s', async (_case, way: Way, message) => {
  const event = aSeenEvent();
  const { asks } = setUp([[0, event]], [], [way]);
  const asking = asks.expectDelivered('Slack', { userId: 'u-1' });
  if (message === undefined) await expect(asking).resolves.toEqual(event);
  else expect(await messageOf(asking)).toContain(message);
});

test('a time that is none is refused, not waited for', async () => {
  const { asks } = setUp([]);
  await expect(asks.expectEvent({}, { within: Number.NaN })).rejects.toThrow('number of milliseconds');
  await expect(asks.expectEvent({}, { within: Number.POSITIVE_INFINITY })).rejects.toThrow('number of milliseconds');
});
