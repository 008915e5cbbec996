import { type Summed, type WatchDeps, watchAlerts } from '../../../../functions/check-alerts/watch-alerts.ts';
import { watchNotes } from '../../../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../../../shared/aws/documents-notifications.ts';
import { notificationIdOf } from '../../../../shared/aws/notification-id.ts';
import type { Alert } from '../../../../shared/domain/alert.ts';
import type { DestinationDigest, Digest, SourceDigest } from '../../../../shared/domain/digest.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { hourOf, minuteOf } from '../../../../shared/domain/timestamp.ts';
import { anAlert } from '../../../builders/an-alert.ts';
import { memoryDocuments } from '../../../builders/memory-documents.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const START = Date.parse('2026-11-27T10:00:00.000Z');
const MINUTE = 60_000;
const destination: DestinationDigest = {
  filtered: {},
  queued: 0,
  sends: 0,
  delivered: 0,
  discarded: {},
  deadLettered: {},
  retry: 0,
  retried: 0,
  failedTries: {},
  latency: [],
};

const source: SourceDigest = {
  received: 0,
  invalid: {},
  duplicate: 0,
  suppressed: 0,
  blocked: {},
  routed: 0,
  lastAt: '2026-11-27T10:00:00.000Z',
  keys: {},
};

function setUp(alerts: Alert[] = []) {
  const documents = memoryDocuments();
  const notifications = documentsNotifications(documents, 'control');
  const minutes = new Map<string, Digest>();
  const hours = new Map<string, Digest>();
  let time = START;
  let count = 0;
  let woken = 0;
  let reads = 0;
  const deps: WatchDeps = {
    control: { listAlerts: async () => alerts },
    notes: watchNotes(documents, 'control'),
    notifications,
    mismatches: async () => [],
    usage: async () => ({}),
    mappings: async () => undefined,
    laneAges: async () => undefined,
    wakeSender: async () => void (woken += 1),
    idOf: notificationIdOf,
    newWriteId: () => `w${(count += 1)}`,
    now: () => new Date(time),
  };
  const within = (kept: Map<string, Digest>) => async (_ws: string, from: string, to: string) => {
    reads += 1;
    return new Map([...kept].filter(([span]) => span >= from && span <= to));
  };
  const config = {
    workspaceId: WS,
    configVersion: 1,
    sources: [aSource()],
  };
  return {
    deps,
    documents,
    run: (
      over: Partial<WatchDeps> = {},
      sums: Partial<Summed> = {},
      destinations = [aDestination({ name: 'Webhook' })],
    ) =>
      watchAlerts(
        { ...deps, ...over },
        { ...config, destinations: destinations.map((destination) => ({ destination, mappings: [] })) },
        {
          minutes: within(minutes),
          hours: within(hours),
          asOf: new Date(time).toISOString(),
          since: '2026-11-01T00:00',
          ...sums,
        },
      ),
    /** What the minute run has summed up of the minute at hand. */
    happens: (over: Partial<DestinationDigest>, ids: readonly string[] = ['dst_1']) => {
      const at = new Date(time).toISOString();
      const all = ids.map((id) => [id, { ...destination, ...over }] as const);
      const digest: Digest = { sources: {}, destinations: Object.fromEntries(all) };
      minutes.set(minuteOf(at), digest);
      hours.set(hourOf(at), digest);
    },
    receives: (received: number) => {
      const at = new Date(time).toISOString();
      const before = hours.get(hourOf(at));
      const sources = { src_1: { ...source, received } };
      minutes.set(minuteOf(at), { sources, destinations: minutes.get(minuteOf(at))?.destinations ?? {} });
      hours.set(hourOf(at), { sources, destinations: before?.destinations ?? {} });
    },
    told: async () =>
      (await notifications.list(WS, { limit: 200 })).notifications.map(
        ({ at, alertId, transition, lines, audience }) => ({
          at,
          alertId,
          transition,
          lines,
          audience,
        }),
      ),
    advance: (ms: number) => void (time += ms),
    woken: () => woken,
    reads: () => reads,
  };
}

test('a destination that begins to fail is told within two minutes, to owners, without anybody having made an alert', async () => {
  const { run, happens, told, advance, woken } = setUp();
  for (let minute = 0; minute < 3; minute += 1) {
    happens({ delivered: 50 });
    advance(MINUTE);
    await run();
  }
  expect(await told()).toEqual([]);
  // All that was delivered before has left the window of ten minutes when this begins.
  advance(10 * MINUTE);
  const causedAt = START + 13 * MINUTE;
  happens({ failedTries: { 500: 20 } });
  advance(MINUTE);
  await run();
  const [first, ...others] = await told();
  expect(others).toEqual([]);
  expect(first).toMatchObject({ alertId: 'alr_default_delivery_failing', transition: 'fired', audience: 'owners' });
  expect(first?.lines).toEqual([
    'Webhook: 0 % of 20 tries in the last 10 minutes were delivered (at least 50 % are expected)',
  ]);
  expect(Date.parse(first?.at ?? '') - causedAt).toBeLessThanOrEqual(2 * MINUTE);
  expect(woken()).toBe(1);
});

test('what stands is told once, and that it is over when it has been for ten minutes', async () => {
  const { run, happens, told, advance } = setUp();
  for (let minute = 0; minute < 90; minute += 1) {
    if (minute === 0) happens({ deadLettered: { retry_window: 2 } });
    advance(MINUTE);
    await run();
  }
  expect((await told()).map(({ transition, lines }) => [transition, lines])).toEqual([
    ['resolved', ['Webhook: 0 events went to the dead letters in the last hour']],
    ['fired', ['Webhook: 2 events went to the dead letters in the last hour (retry_window)']],
  ]);
});

test('while the sums are behind no alert begins and none is over, however little there seems to be', async () => {
  const volume = anAlert({ kind: 'SOURCE_VOLUME', percent: 20, channels: [{ type: 'IN_APP' }] });
  const { run, happens, receives, told, advance } = setUp([volume]);
  receives(1_000);
  advance(24 * 60 * MINUTE);
  happens({ deadLettered: { retry_window: 2 } });
  receives(1_000);
  advance(MINUTE);
  await run();
  expect((await told()).map(({ alertId }) => alertId)).toEqual(['alr_default_dead_letters']);
  const asOf = new Date(START + (24 * 60 + 1) * MINUTE).toISOString();
  for (let minute = 0; minute < 18 * 60; minute += 10) {
    advance(10 * MINUTE);
    await run({}, { asOf });
  }
  expect(await told()).toHaveLength(1);
  await run();
  advance(11 * MINUTE);
  await run();
  expect((await told()).map(({ alertId, transition }) => [alertId, transition])).toContainEqual([
    'alr_default_dead_letters',
    'resolved',
  ]);
});

test('a source’s volume is compared only with a day that was summed up whole: an upgrade alarms nobody (H06)', async () => {
  const volume = anAlert({ kind: 'SOURCE_VOLUME', percent: 20, channels: [{ type: 'IN_APP' }] });
  const { run, receives, told, advance } = setUp([volume]);
  const since = minuteOf(new Date(START).toISOString());
  for (let hour = 0; hour < 50; hour += 1) {
    // Twice as much from the second day on.
    receives(hour < 25 ? 100 : 1_000);
    advance(60 * MINUTE);
    await run({}, { since });
    if (hour < 47) expect(await told()).toEqual([]);
  }
  expect((await told()).map(({ alertId, transition }) => [alertId, transition])).toEqual([['alr_1', 'fired']]);
});

test('in the largest outage all is told in the end, some minutes later where it does not fit into one run', async () => {
  const alerts = Array.from({ length: 190 }, (_, number) =>
    anAlert({ id: `alr_${number}`, name: 'ä'.repeat(100), kind: 'DEAD_LETTERS', percent: undefined, count: 1 }),
  );
  const { run, happens, told, advance } = setUp(alerts);
  const destinations = ['dst_1', 'dst_2', 'dst_3'].map((id) => aDestination({ id, name: 'é'.repeat(100) }));
  happens(
    { deadLettered: { expired: 1 } },
    destinations.map(({ id }) => id),
  );
  for (let minute = 0; minute < 10; minute += 1) {
    advance(MINUTE);
    await run({}, {}, destinations);
  }
  const fired = (await told()).filter(({ transition }) => transition === 'fired');
  expect(fired).toHaveLength(191);
  expect(new Set(fired.map(({ alertId }) => alertId)).size).toBe(191);
});

test('runs that overlap, and one that dies before it has kept what it told, tell once', async () => {
  const { run, happens, told, deps, advance } = setUp();
  happens({ deadLettered: { '404': 1 } });
  const dying = { ...deps.notifications, add: () => Promise.reject(new Error('killed')) };
  await expect(run({ notifications: dying })).rejects.toThrow('killed');
  expect(await told()).toEqual([]);
  advance(MINUTE);
  await Promise.all([run(), run(), run()]);
  advance(MINUTE);
  await run();
  expect((await told()).map(({ transition }) => transition)).toEqual(['fired']);
});

test('a new code is told once, and an hour later a message says nothing of it', async () => {
  const { run, happens, told, advance } = setUp([anAlert({ kind: 'NEW_ERROR', percent: undefined })]);
  await run();
  happens({ failedTries: { 401: 1, ETIMEDOUT: 1 }, delivered: 50 });
  for (let minute = 0; minute < 100; minute += 1) {
    advance(MINUTE);
    await run();
  }
  expect((await told()).map(({ transition, lines }) => [transition, lines])).toEqual([
    [
      'fired',
      ['Webhook: 401, which was not seen there in 7 days', 'Webhook: ETIMEDOUT, which was not seen there in 7 days'],
    ],
  ]);
});

test('a workspace where nothing happens costs one query of sums a run, and no write', async () => {
  const { run, advance, reads, documents } = setUp();
  for (let minute = 0; minute < 5; minute += 1) {
    advance(MINUTE);
    await run();
  }
  expect(reads()).toBe(5);
  expect(documents.items.size).toBe(0);
});
