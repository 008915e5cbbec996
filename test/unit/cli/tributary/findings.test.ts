import { type Examined, findingsOf } from '../../../../cli/tributary/doctor/findings.ts';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const WELL: Examined = {
  workspace: { name: 'Shop', slug: 'shop' },
  url: 'https://api.example.com',
  roundTripMs: 40,
  clockAheadMs: 200,
  rights: ['source.read'],
  sources: [{ name: 'website', enabled: true, writeKeys: 1, received: 12 }],
  destinations: [
    {
      name: 'website/Slack',
      enabled: true,
      hasLane: true,
      missingSettings: [],
      mappings: 2,
      mappingsEnabled: 1,
      health: { sends: 12, delivered: 12, lost: 0 },
    },
  ],
  tokens: [{ name: 'ci', expired: false, ownerless: false }],
  mismatches: 0,
  oldestSeconds: [{ name: 'intake', seconds: 1 }],
};
const worstOf = (over: Partial<Examined>): string[] =>
  findingsOf({ ...WELL, ...over }, NOW)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, what }) => `${level}: ${what}`);
const destination = (over: Partial<Examined['destinations'][number]>) => ({
  destinations: WELL.destinations.map((one) => ({ ...one, ...over })),
});
const health = { sends: 10, delivered: 4, lost: 6 };

test('of a workspace that is well nothing is told but that', () => {
  expect(worstOf({})).toEqual([]);
  expect(findingsOf(WELL, NOW).map(({ what }) => what)).toEqual([
    'https://api.example.com answers in 40 ms',
    'the token is live in Shop (shop), with 1 rights',
    'source website got 12 events in 24 hours',
    'destination website/Slack delivered 12 in 24 hours',
  ]);
});

test.each<[string, Partial<Examined>, string]>([
  ['a slow answer', { roundTripMs: 2_500 }, 'warn: https://api.example.com took 2500 ms to answer'],
  ['a token without rights', { rights: [] }, 'fail: the token may do nothing in Shop'],
  ['a clock that is behind', { clockAheadMs: 61_000 }, "warn: this machine's clock is 61 s behind the deployment's"],
  ['a clock that is ahead', { clockAheadMs: -61_000 }, "warn: this machine's clock is 61 s ahead of the deployment's"],
  ['books that do not agree', { mismatches: 2 }, 'fail: the books have 2 mismatches'],
  [
    'a source without keys',
    { sources: [{ name: 'web', enabled: true, writeKeys: 0, received: 3 }] },
    'warn: source web shows no write key',
  ],
  [
    'a source that nothing comes from',
    { sources: [{ name: 'web', enabled: true, writeKeys: 1, received: 0 }] },
    'warn: source web got no event in 24 hours',
  ],
  [
    'no mapping that is on',
    destination({ mappingsEnabled: 0 }),
    'warn: destination website/Slack has 2 mappings, none of them on: nothing is sent',
  ],
  [
    'a pause',
    destination({ paused: { since: 'T', by: 'failing' } }),
    'warn: destination website/Slack is paused since T, because it failed for days',
  ],
  [
    'settings that lack',
    destination({ enabled: false, missingSettings: ['url'] }),
    'warn: destination website/Slack is switched off and lacks url',
  ],
  [
    'most sends lost',
    destination({ health: { ...health, error: '401' } }),
    'fail: destination website/Slack: 6 of 10 sends were not delivered in 24 hours, most often: 401',
  ],
  [
    'some sends lost',
    destination({ health: { sends: 10, delivered: 9, lost: 1 } }),
    'warn: destination website/Slack: 1 of 10 sends were not delivered in 24 hours',
  ],
  [
    'an open breaker',
    destination({ health: { ...health, breaker: { openedAt: 'T', message: 'no' } } }),
    'fail: destination website/Slack: sending has stopped since T: no',
  ],
  ['no free lane', destination({ hasLane: false }), 'warn: no lane was free for website/Slack: they share one'],
  [
    'a queue that waits',
    { oldestSeconds: [{ name: 'lane 3', seconds: 1_800 }] },
    'warn: in lane 3 something waits since 30 minutes',
  ],
  [
    'a token that ends soon',
    { tokens: [{ name: 'ci', expiresAt: '2026-12-09T10:00:00Z', expired: false, ownerless: false }] },
    'warn: token ci expires at 2026-12-09T10:00:00Z',
  ],
  [
    'a token that has ended',
    { tokens: [{ name: 'ci', expired: true, ownerless: false }] },
    'warn: token ci has expired',
  ],
  [
    'a token of nobody',
    { tokens: [{ name: 'ci', expired: false, ownerless: true }] },
    'warn: token ci was made by somebody who has left',
  ],
])('%s is told', (_case, over, line) => {
  expect(worstOf(over)).toEqual([line]);
});

test('what is switched off, ends later or fails seldom is nothing to be told', () => {
  expect(
    worstOf({
      sources: [{ name: 'web', enabled: false, writeKeys: 0, received: 0 }],
      tokens: [{ name: 'ci', expiresAt: '2027-01-01T00:00:00Z', expired: false, ownerless: false }],
      ...destination({ health: { sends: 100, delivered: 99, lost: 1 } }),
    }),
  ).toEqual([]);
  expect(worstOf(destination({ enabled: false, hasLane: false, mappingsEnabled: 0 }))).toEqual([]);
});
