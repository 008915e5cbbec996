import { allNumbers, DESTINATIONS } from '../builders/all-numbers.ts';
import {
  INVALID,
  MISTYPED_KEY,
  MIX,
  observedWorld,
  type ObservedWorld,
  RECEIVED,
  ROUTED,
} from '../builders/observed-world.ts';
import { until } from '../builders/running-tributary.ts';
import { ledgerOfPath } from '../builders/sink-books.ts';

/** Issue 6: every number of debugger, delivery, health, usage and alerts, of one known mix with failures by script. */
const MINUTE_MS = 60_000;
jest.setTimeout(60_000);
type Numbers = Awaited<ReturnType<typeof allNumbers>>;

let world: ObservedWorld;
let numbers: Numbers;
let sentAt: string;
let settledAt: string;

/** Until the minute of now is over and all that came in it may be summed; `check-alerts` is called then, beside the scheduler's own call. */
const nextMinute = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, MINUTE_MS - (Date.now() % MINUTE_MS) + 500));
};

beforeAll(async () => {
  world = await observedWorld();
  const { revokedKey } = await world.prepare();
  await world.ask('/app-api/alerts', {
    method: 'POST',
    body: {
      name: 'Refusals',
      kind: 'DELIVERY_RATE',
      percent: 50,
      count: MIX.refused,
      destinationId: world.idOf('Refuses'),
      channels: [{ type: 'IN_APP' }, { type: 'EMAIL', address: 'ops@example.com' }],
      enabled: true,
    },
  });
  sentAt = new Date().toISOString();
  await world.send();
  // With everything on its way: what has failed once waits for its second try.
  await world.restart();
  await world.refuse(MISTYPED_KEY, MIX.mistyped - 1);
  await world.refuse(revokedKey, MIX.revoked - 1);
  await world.settled();
  settledAt = new Date().toISOString();
  await nextMinute();
  await world.refuse(MISTYPED_KEY, 1);
  await world.refuse(revokedKey, 1);
  // By then the last notice of what was refused is in the books, too.
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  await world.refuse(MISTYPED_KEY, 1);
  await world.invoke('CheckAlerts');
  await world.invoke('AggregateUsage');
  numbers = await allNumbers(world);
}, 300_000);
afterAll(async () => {
  await world?.stop();
}, 60_000);

const reasonsOf = (filtered: number) => (filtered === 0 ? {} : { NO_MATCHING_MAPPING: filtered });
/** What each destination is to get, and what becomes of it. */
const EXPECTED = {
  Sink: { path: '/all', events: ROUTED, sends: ROUTED, delivered: ROUTED, onRetry: 0, failed: {} },
  Flaky: {
    path: '/first/1/503/retry-after/3',
    events: MIX.flaky,
    sends: MIX.flaky,
    delivered: MIX.flaky,
    onRetry: MIX.flaky,
    failed: {},
  },
  Refuses: {
    path: '/status/400',
    events: MIX.refused,
    sends: MIX.refused,
    delivered: 0,
    onRetry: 0,
    failed: { 400: MIX.refused },
  },
  Never: {
    path: '/status/503/retry-after/31536000',
    events: MIX.aliases,
    sends: MIX.aliases,
    delivered: 0,
    onRetry: 0,
    failed: { retry_after: MIX.aliases },
  },
  Twice: { path: '/twice', events: MIX.pages, sends: 2 * MIX.pages, delivered: 2 * MIX.pages, onRetry: 0, failed: {} },
  'App sink': { path: '/app', events: MIX.screens, sends: MIX.screens, delivered: MIX.screens, onRetry: 0, failed: {} },
} as const;
const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const routedOf = (name: string): number => (name === 'App sink' ? MIX.screens : ROUTED);

test('the balance is what was sent, and what the sink received, to one (G08)', async () => {
  expect(numbers.balance['Server']).toMatchObject({
    accepted: RECEIVED,
    routed: ROUTED,
    invalid: INVALID,
    duplicate: MIX.duplicates,
    suppressed: MIX.suppressed,
    blocked: MIX.blocked,
    unreadable: 0,
    reasons: {
      invalid: { event_not_defined: MIX.noName, id_required: MIX.noUser },
      blocked: { event_setting: MIX.blocked },
    },
  });
  expect(numbers.balance['App']).toMatchObject({ accepted: MIX.screens, routed: MIX.screens });
  for (const name of DESTINATIONS) {
    const { path, sends, events, delivered, onRetry, failed } = EXPECTED[name];
    const { 400: discarded = 0, retry_after: dlq = 0 }: Record<string, number> = failed;
    expect({ name, ...numbers.balance[name] }).toMatchObject({
      name,
      delivered,
      discarded,
      dlq,
      filtered: routedOf(name) - events,
      inFlight: 0,
    });
    const { requests, taken } = await ledgerOfPath(world.sink, path);
    expect({ name, requests, taken }).toEqual({ name, requests: sends + onRetry, taken: delivered });
  }
});

test('events volume and the six steps of the Public API say the same, by call and reason (G01, G05, G08, G11)', () => {
  expect(numbers.volume).toEqual({ Server: RECEIVED - INVALID, App: MIX.screens });
  const { steps } = numbers;
  expect(steps.received).toEqual({
    total: RECEIVED - INVALID,
    by: {
      track: MIX.bought + MIX.flaky + MIX.refused + MIX.blocked + MIX.duplicates + MIX.suppressed,
      page: MIX.pages,
      identify: MIX.identifies,
      alias: MIX.aliases,
      group: MIX.groups,
    },
  });
  expect(steps.failedOnIngest).toEqual({
    total: INVALID,
    by: { event_not_defined: MIX.noName, id_required: MIX.noUser },
  });
  expect(steps.filteredAtSource).toEqual({
    total: MIX.duplicates + MIX.suppressed + MIX.blocked,
    by: { duplicate: MIX.duplicates, suppressed: MIX.suppressed, event_setting: MIX.blocked },
  });
  for (const name of DESTINATIONS) {
    const { events, delivered, onRetry, failed } = EXPECTED[name];
    const filtered = routedOf(name) - events;
    expect({ name, ...steps.filteredAtDestination[name] }).toEqual({ name, total: filtered, by: reasonsOf(filtered) });
    expect({ name, ...steps.failedDelivery[name] }).toEqual({ name, total: total(failed), by: failed });
    expect({ name, total: steps.successful[name]?.total }).toEqual({ name, total: delivered });
    expect({ name, ...numbers.metrics[name] }).toMatchObject({
      name,
      successes: delivered,
      'successes.attempt.1': delivered - onRetry,
      'successes.attempt.later': onRetry,
      retried: onRetry,
    });
  }
  expect(numbers.metrics['Refuses']).toMatchObject({ discarded: MIX.refused, expired: 0 });
  expect(numbers.metrics['Never']).toMatchObject({ discarded: 0, expired: MIX.aliases });
});

test('the delivery pages say the same (G02)', () => {
  const atSource = {
    SUCCESSFULLY_RECEIVED: { count: RECEIVED - INVALID, discards: {} },
    FAILED_ON_INGEST: { count: INVALID, discards: { event_not_defined: MIX.noName, id_required: MIX.noUser } },
    FILTERED_AT_SOURCE: {
      count: MIX.duplicates + MIX.suppressed + MIX.blocked,
      discards: { duplicate: MIX.duplicates, suppressed: MIX.suppressed, event_setting: MIX.blocked },
    },
  };
  expect(numbers.sourcePage).toMatchObject({ received: RECEIVED, steps: atSource });
  for (const name of DESTINATIONS.filter((one) => one !== 'App sink')) {
    const { events, delivered, onRetry, failed } = EXPECTED[name];
    expect({ name, ...numbers.pages[name] }).toMatchObject({
      name,
      received: RECEIVED,
      steps: {
        ...atSource,
        FILTERED_AT_DESTINATION: { count: ROUTED - events, discards: reasonsOf(ROUTED - events) },
        FAILED_DELIVERY: { count: total(failed), discards: failed },
        SUCCESSFUL_DELIVERY: { count: delivered },
      },
      delivery: [delivered - onRetry, onRetry, total(failed), ROUTED - events, 0],
    });
  }
});

test('issues count tries and ends by code, and were first and last seen when it was so (G03, G04)', () => {
  expect(numbers.issues.map(({ issue, count, ended, retried }) => [issue, count, ended, retried])).toEqual([
    ['Flaky 503', MIX.flaky, 0, true],
    ['Never 503', MIX.aliases, 0, true],
    ['Never retry_after', MIX.aliases, MIX.aliases, false],
    ['Refuses 400', MIX.refused, MIX.refused, false],
  ]);
  for (const { firstSeenAt, lastSeenAt } of numbers.issues) {
    // To the minute for what our own side has ended.
    expect(firstSeenAt >= `${sentAt.slice(0, 16)}:00.000Z`).toBe(true);
    expect(firstSeenAt <= lastSeenAt).toBe(true);
    expect(Date.parse(lastSeenAt)).toBeLessThanOrEqual(Date.parse(settledAt) + MINUTE_MS);
  }
});

test('overview and stats say the same, and health what fails how often, keys that nobody has included (H01)', () => {
  const { overview, health } = numbers;
  expect(numbers.countedTo >= settledAt.slice(0, 16)).toBe(true);
  expect(overview.sources).toEqual({
    Server: { state: 'DEGRADED', received: RECEIVED },
    App: { state: 'HEALTHY', received: MIX.screens },
  });
  expect(overview.states).toEqual({
    Sink: 'HEALTHY',
    Flaky: 'DEGRADED',
    Refuses: 'FAILING',
    Never: 'FAILING',
    Twice: 'HEALTHY',
    'App sink': 'HEALTHY',
  });
  let [delivered, failed] = [0, 0];
  for (const name of DESTINATIONS) {
    const of = EXPECTED[name];
    delivered += of.delivered;
    failed += total(of.failed);
    const failedShare = (of.sends + of.onRetry - of.delivered) / (of.sends + of.onRetry);
    expect({ name, ...overview.connections[name] }).toEqual({
      name,
      delivered: of.delivered,
      failed: total(of.failed),
      failedShare,
    });
    expect(numbers.stats[name]).toEqual([of.delivered, total(of.failed)]);
  }
  expect(overview.totals).toMatchObject({
    received: RECEIVED + MIX.screens,
    delivered,
    failed,
    failing: 2,
    deliveryRate: delivered / (delivered + failed),
  });
  expect([numbers.stats['Server'], numbers.stats['App']]).toEqual([[RECEIVED], [MIX.screens]]);
  expect(
    Object.fromEntries(Object.entries(health).map(([name, { state, lines }]) => [name, { state, lines }])),
  ).toEqual({
    Server: {
      state: 'DEGRADED',
      lines: [
        `DEGRADED event_not_defined ${MIX.noName}`,
        `DEGRADED id_required ${MIX.noUser}`,
        `REVOKED_KEY revoked-write-key ${MIX.revoked}`,
        `UNKNOWN_KEY unknown-write-key ${MIX.mistyped}`,
      ],
    },
    Flaky: { state: 'DEGRADED', lines: [`DEGRADED 503 ${MIX.flaky}`] },
    Refuses: { state: 'FAILING', lines: [`CONSISTENT 400 ${MIX.refused}`] },
    Never: { state: 'FAILING', lines: [`CONSISTENT 503 ${MIX.aliases}`] },
  });
});

type Trace = {
  verdict: string;
  reason: string | null;
  destinations: {
    name: string;
    verdict: string;
    reason: string | null;
    sends: { state: string; code: string | null; tries: { outcome: string; code: string | null }[] }[];
  }[];
};
const NO_MAPPING = { verdict: 'FILTERED', reason: 'NO_MATCHING_MAPPING', sends: [] };

test('the debugger has all that it may have, and the trace tells each fate (F01, F03)', async () => {
  const { kept, received, isWhole, verdicts } = numbers.debugger;
  expect({ kept, received, isWhole }).toEqual({ kept: RECEIVED - MIX.suppressed, received: RECEIVED, isWhole: true });
  expect(Object.fromEntries(Object.entries(verdicts).map(([verdict, events]) => [verdict, events?.length]))).toEqual({
    ALLOWED: ROUTED,
    BLOCKED: MIX.blocked,
    INVALID,
    DUPLICATE: MIX.duplicates,
  });
  const traced = async (id: string, name?: string) => {
    const trace = await world.ask<Trace>(`/app-api/events/${id}`);
    const at = trace.destinations.find((destination) => destination.name === name);
    return { verdict: trace.verdict, reason: trace.reason, ...(at !== undefined && { at }) };
  };
  await expect(traced('bought-0', 'Sink')).resolves.toMatchObject({
    verdict: 'ALLOWED',
    at: { verdict: 'QUEUED', sends: [{ state: 'DELIVERED', tries: [{ outcome: 'DELIVERED' }] }] },
  });
  await expect(traced('bought-0', 'Twice')).resolves.toMatchObject({ verdict: 'ALLOWED', at: NO_MAPPING });
  await expect(traced('flaky-0', 'Flaky')).resolves.toMatchObject({
    at: { sends: [{ state: 'DELIVERED', tries: [{ outcome: 'FAILED', code: '503' }, { outcome: 'DELIVERED' }] }] },
  });
  await expect(traced('refused-0', 'Refuses')).resolves.toMatchObject({
    at: { sends: [{ state: 'DISCARDED', code: '400' }] },
  });
  await expect(traced('alias-0', 'Never')).resolves.toMatchObject({
    at: { sends: [{ state: 'DEAD_LETTERED', code: 'retry_after' }] },
  });
  await expect(traced('blocked-0')).resolves.toMatchObject({ verdict: 'BLOCKED', reason: 'event_setting' });
  await expect(traced('no-name-0')).resolves.toMatchObject({ verdict: 'INVALID', reason: 'event_not_defined' });
  await expect(traced('no-user-0')).resolves.toMatchObject({ verdict: 'INVALID', reason: 'id_required' });
  await expect(traced('suppressed-0')).resolves.toMatchObject({ verdict: 'SUPPRESSED' });
  const { events } = await world.ask<{ events: { messageId: string; intakeId: string; receivedAt: string }[] }>(
    `/app-api/sources/${world.idOf('Server')}/events?status=DUPLICATE&messageId=bought-3`,
  );
  const [twin] = events;
  await expect(
    traced(`bought-3?sourceId=${world.idOf('Server')}&intakeId=${twin?.intakeId}&at=${twin?.receivedAt}`),
  ).resolves.toMatchObject({ verdict: 'DUPLICATE' });
});

/** I02 by brute force, of what was routed: users, and anonymous ids that were never tied to one. */
function trackedUsers(): { users: number; never: number; tied: number } {
  const users = new Set<string>();
  const seen = new Set<string>();
  const tied = new Set<string>();
  for (let n = 0; n < Math.max(MIX.bought, MIX.flaky, MIX.refused); n += 1) users.add(`u${n % 4}`);
  for (let n = 0; n < MIX.identifies; n += 1) tied.add(`a${n}`);
  for (let n = 0; n < MIX.aliases; n += 1) tied.add(`p${n}`);
  for (let n = 0; n < MIX.pages; n += 1) seen.add(n === 0 ? 'a0' : `web${n % 2}`);
  for (let n = 0; n < MIX.screens; n += 1) seen.add(`s${n % 2}`);
  return { users: users.size, never: [...seen].filter((id) => !tied.has(id)).length, tied: tied.size };
}

test('usage counts what was routed, and tracked users as brute force does; cost counts the same units (I01, I02, I03)', () => {
  const { users, never } = trackedUsers();
  expect(numbers.usage).toMatchObject({
    calls: ROUTED + MIX.screens,
    publicCalls: ROUTED + MIX.screens,
    users: { total: users + never, identified: users, neverIdentified: never },
    publicUsers: users + never,
    isExact: true,
    sources: { Server: { calls: ROUTED }, App: { calls: MIX.screens } },
  });
  expect(numbers.cost.sources).toEqual({ Server: [RECEIVED, ROUTED], App: [MIX.screens, MIX.screens] });
  // What is tried again is paid for again.
  const tried = DESTINATIONS.map((name) => [name, EXPECTED[name].sends + EXPECTED[name].onRetry]);
  expect(numbers.cost.sends).toEqual(Object.fromEntries(tried));
});

test('what-if examines what was routed, and dry replays count what was lost and what was archived (N22, G19)', async () => {
  const estimate = await world.ask<{ examined: number; matchedAfter: number; sampled: boolean }>('/app-api/estimates', {
    method: 'POST',
    body: { sourceId: world.idOf('Server'), trigger: 'event = "Bought"' },
  });
  expect(estimate).toMatchObject({ examined: ROUTED, matchedAfter: MIX.bought, sampled: false });
  const planned = async (name: string, of: string) => {
    const filter = { of, from: sentAt, to: new Date(Date.now() + MINUTE_MS).toISOString() };
    const body = { destinationId: world.idOf(name), filter, dryRun: true };
    type Counted = { replay: { id: string; status: string; planned: number | null; byCode: unknown } };
    let { replay } = await world.ask<Counted>('/app-api/replays', { method: 'POST', body });
    // The answer comes within five seconds, counted or not.
    await until(
      async () => {
        if (replay.planned === null) replay = (await world.ask<Counted>(`/app-api/replays/${replay.id}`)).replay;
        return replay.planned !== null;
      },
      30_000,
      () => `Not counted: ${JSON.stringify(replay)}`,
    );
    return replay;
  };
  await expect(planned('Refuses', 'DEAD_LETTERS')).resolves.toMatchObject({
    planned: MIX.refused,
    byCode: { counts: [{ name: '400', count: MIX.refused }] },
  });
  await expect(planned('Never', 'DEAD_LETTERS')).resolves.toMatchObject({
    planned: MIX.aliases,
    byCode: { counts: [{ name: 'retry_after', count: MIX.aliases }] },
  });
  await expect(planned('Twice', 'ARCHIVE')).resolves.toMatchObject({ planned: 2 * MIX.pages });
});

test('alerts have fired once each, in the app and by mail (H07, H08)', () => {
  expect(numbers.fired.toSorted((a, b) => (a.title < b.title ? -1 : 1))).toEqual([
    { title: 'Events were not delivered', lines: [expect.stringContaining(`Never: ${MIX.aliases} events`)] },
    { title: 'Refusals', lines: [expect.stringContaining(`Refuses: 0 % of ${MIX.refused} tries`)] },
  ]);
  expect(numbers.mails).toEqual([{ to: ['ops@example.com'], text: expect.stringContaining('Refuses: 0 %') }]);
});

test('nothing of it changes when both functions run twice and at once, nor by a restart, and no function lacks a grant (E1)', async () => {
  await Promise.all(['CheckAlerts', 'CheckAlerts', 'AggregateUsage', 'AggregateUsage'].map(world.invoke));
  await world.invoke('CheckAlerts');
  const withoutClock = (all: Numbers) => ({ ...all, countedTo: '' });
  expect(withoutClock(await allNumbers(world))).toEqual(withoutClock(numbers));
  const denials = world.running().cloud.denials();
  await world.restart();
  expect(withoutClock(await allNumbers(world))).toEqual(withoutClock(numbers));
  expect([...denials, ...world.running().cloud.denials()]).toEqual([]);
}, 120_000);
