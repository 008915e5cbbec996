import type { JsonObject } from '../../../../shared/domain/json.ts';
import type { Part } from '../../../../shared/domain/lane-message.ts';
import { anEvent } from '../../../builders/an-event.ts';
import { archiveKey, ARCHIVED_AT, ordersWorld } from '../../../builders/replay-orders.ts';
import { aLetter } from '../../../builders/replay-world.ts';
import { aTarget } from '../../../builders/workspace-config.ts';

const KEY = 'destination=dst_hook/day=2026-11-24/one.ndjson.gz';
const ARCHIVE = { of: 'ARCHIVE', from: '2026-11-24T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' };
const LETTERS = { of: 'DEAD_LETTERS', from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const HELD_MS = 31_000;

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);
const letters = (count: number, over: Record<string, unknown> = {}) => numbers(count).map((one) => aLetter(one, over));
const archivedEvents = (count: number, over: JsonObject = {}) =>
  numbers(count).map((one) => anEvent({ messageId: `m${one}`, receivedAt: ARCHIVED_AT, ...over }));

/** What would be sent, each part once, however often its copies lie there. */
function messageIds(parts: readonly Part[]): string[] {
  const distinct = new Map(parts.map((part) => [`${part.replay} ${part.slice}`, part]));
  return [...distinct.values()].flatMap(({ events }) => events.map((event) => String(event['messageId'])));
}

test('a dry run ends with counts by code, event and what is left out with its reason, and sends nothing', async () => {
  const world = ordersWorld();
  world.keep(KEY, [
    ...letters(3),
    aLetter(10, { code: '500', event: { type: 'track', event: 'Cup Broken', messageId: 'm10', userId: 'u2' } }),
    aLetter(11, { mappingId: 'map_hook_9' }),
    aLetter(12, { event: { type: 'track', event: 'Cup Bought', messageId: 'm12', userId: 'gone' } }),
    aLetter(13, {
      event: { type: 'track', event: 'Cup Bought', messageId: 'm13', userId: 'u1', integrations: { All: false } },
    }),
  ]);
  world.suppressed.add('gone');
  const order = await world.order({ dryRun: true });
  await world.carry(order);
  await expect(world.read(order)).resolves.toMatchObject({
    state: 'finished',
    counts: {
      sends: 4,
      byCode: {
        counts: [
          { name: '400', count: 3 },
          { name: '500', count: 1 },
        ],
        more: 0,
      },
      byEvent: {
        counts: [
          { name: 'Cup Bought', count: 3 },
          { name: 'Cup Broken', count: 1 },
        ],
        more: 0,
      },
      leftOut: {
        counts: [
          { name: 'FILTERED_BY_INTEGRATIONS_OBJECT', count: 1 },
          { name: 'mapping gone', count: 1 },
          { name: 'suppressed', count: 1 },
        ],
        more: 0,
      },
      hasMore: false,
    },
  });
  expect([world.parts(), world.runs]).toEqual([[], []]);
  await expect(world.orders.listOpen()).resolves.toEqual([]);
});

test('dead letters of the codes that were asked for are sent, by a run that an operator sees, too', async () => {
  const world = ordersWorld();
  world.keep(KEY, [...letters(3), aLetter(10, { code: '500' }), aLetter(11, { code: '422' })]);
  const order = await world.order({ filter: { ...LETTERS, codes: ['500', '422'] } });
  await world.carry(order);
  expect(messageIds(world.parts())).toEqual(['m10', 'm11']);
  const ended = await world.read(order);
  expect(ended).toMatchObject({ state: 'finished', runNumber: 1, counts: { sends: 2 } });
  expect(world.runs).toMatchObject([{ runId: ended?.runId, planned: 2, position: 2 }]);
  // What it has taken the next does not take.
  const next = await world.order();
  await world.carry(next);
  await expect(world.read(next)).resolves.toMatchObject({
    counts: { sends: 3, leftOut: { counts: [{ name: 'taken by another run', count: 2 }] } },
  });
});

test('archived events go to the one destination alone, with their own times, each messageId once (N22)', async () => {
  const world = ordersWorld(aTarget('hook', ['event = "Order Completed"', 'type = "track"']));
  world.archived.set(archiveKey('a'), [
    ...archivedEvents(2, {
      integrations: { 'Other Tool': true, Webhook: { option: 1 } },
      timestamp: '2026-11-20T00:00:00.000Z',
    }),
    anEvent({ messageId: 'm2', event: 'Order Opened', receivedAt: ARCHIVED_AT }),
  ]);
  world.archived.set(archiveKey('b'), archivedEvents(2));
  world.archived.set(
    archiveKey('later', '2026-11-25', '00'),
    archivedEvents(1, { receivedAt: '2026-11-25T00:00:00.000Z' }),
  );
  const order = await world.order({ filter: ARCHIVE });
  await world.carry(order);
  await expect(world.read(order)).resolves.toMatchObject({
    state: 'finished',
    counts: { sends: 5, leftOut: { counts: [{ name: 'repeat', count: 2 }] } },
  });
  const [part] = world.parts();
  expect(part).toMatchObject({
    replay: world.runs[0]?.runId,
    receivedAt: '2026-11-26T10:00:00.000Z',
    mappings: ['map_hook_0', 'map_hook_1'],
  });
  expect(part?.events.map((event) => [event['messageId'], event['timestamp']])).toEqual([
    ['m0', '2026-11-20T00:00:00.000Z'],
    ['m0', '2026-11-20T00:00:00.000Z'],
    ['m1', '2026-11-20T00:00:00.000Z'],
    ['m1', '2026-11-20T00:00:00.000Z'],
    ['m2', '2026-11-26T10:00:00.000Z'],
  ]);
  expect(part?.events[0]?.['integrations']).toEqual({ All: false, 'Webhooks (Actions)': true });
  expect(world.runs).toMatchObject([{ of: 'archive', planned: 5, position: 5 }]);
});

test('archived events are judged by the rules of now: suppression, consent, schema, filters and triggers', async () => {
  const target = aTarget('hook', ['event != "Untriggered"'], { consentCategories: ['ads'] });
  const world = ordersWorld(target);
  world.suppressed.add('gone');
  world.state.config = world.state.config && { ...world.state.config, suppressed: world.suppressed };
  const consent = (ads: boolean) => ({ consent: { categoryPreferences: { ads } } });
  world.archived.set(archiveKey('a'), [
    anEvent({ messageId: 'fine', receivedAt: ARCHIVED_AT, context: consent(true) }),
    anEvent({ messageId: 'suppressed', receivedAt: ARCHIVED_AT, userId: 'gone', context: consent(true) }),
    anEvent({ messageId: 'refused', receivedAt: ARCHIVED_AT, context: consent(false) }),
    anEvent({ messageId: 'untriggered', receivedAt: ARCHIVED_AT, event: 'Untriggered', context: consent(true) }),
  ]);
  const order = await world.order({ filter: ARCHIVE });
  await world.carry(order);
  expect(messageIds(world.parts())).toEqual(['fine']);
  expect((await world.read(order))?.counts?.leftOut.counts).toEqual([
    { name: 'FILTERED_BY_END_USER_CONSENT', count: 1 },
    { name: 'NO_MATCHING_MAPPING', count: 1 },
    { name: 'suppressed', count: 1 },
  ]);
});

test.each([
  ['a condition', { if: 'userId = "u2"' }, ['m5']],
  ['a user', { userId: 'u2' }, ['m5']],
  ['names of events', { events: ['Cup Bought', 'Home'] }, ['m6', 'm7']],
  ['types', { types: ['page'] }, ['m7']],
  ['messageIds', { messageIds: ['m5', 'm7', 'mX'] }, ['m5', 'm7']],
  ['a condition that cannot be judged for an event', { if: 'length( properties.total ) > 1' }, []],
])('of the archive by %s', async (_case, filter, expected) => {
  const world = ordersWorld(aTarget('hook', ['type = "track" or type = "page"']));
  world.archived.set(archiveKey('a'), [
    anEvent({ messageId: 'm5', userId: 'u2', receivedAt: ARCHIVED_AT }),
    anEvent({ messageId: 'm6', event: 'Cup Bought', receivedAt: ARCHIVED_AT }),
    anEvent({ messageId: 'm7', type: 'page', event: '', name: 'Home', receivedAt: ARCHIVED_AT }),
  ]);
  await world.carry(await world.order({ filter: { ...ARCHIVE, ...filter } }));
  expect(messageIds(world.parts())).toEqual(expected);
});

test.each([
  ['dead letters', LETTERS],
  ['the archive', ARCHIVE],
])(
  'killed at any call of a store or a queue, a replay of %s is gone on with, and each event lies in the lane under one name',
  async (_of, filter) => {
    let kills = 0;
    for (let call = 1; call < 500; call += 1) {
      const world = ordersWorld();
      world.keep(KEY, letters(450));
      world.archived.set(archiveKey('a'), archivedEvents(450));
      const order = await world.order({ filter });
      const isKilled = await world.killedAt(order, call);
      for (let turn = 0; turn < 5; turn += 1) {
        await world.advance(HELD_MS);
        await world.look();
      }
      await expect(world.read(order)).resolves.toMatchObject({ state: 'finished', counts: { sends: 450 } });
      expect(messageIds(world.parts()).toSorted()).toEqual(
        numbers(450)
          .map((one) => `m${one}`)
          .toSorted(),
      );
      // A copy that may be a second one says so.
      const first = new Set<number>();
      for (const part of world.parts()) {
        if (first.has(part.slice)) expect(part).toMatchObject({ again: true });
        first.add(part.slice);
      }
      await expect(world.orders.listOpen()).resolves.toEqual([]);
      if (!isKilled) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(15);
    expect(kills).toBeLessThan(499);
  },
);

test('a replay goes at its rate over many invocations, and each goes on where the last ended', async () => {
  const world = ordersWorld();
  world.keep(KEY, letters(100));
  const order = await world.order({ rate: 10 });
  const endsAt = world.deps.now().getTime() + 4_000;
  await world.carry(order, { remainingMs: () => endsAt + 20_000 - world.deps.now().getTime() });
  expect(messageIds(world.parts())).toHaveLength(50);
  const handedOn = await world.read(order);
  expect([handedOn?.state, handedOn?.holder]).toEqual(['running', undefined]);
  await expect(world.look()).resolves.toBe(1);
  expect(messageIds(world.parts())).toEqual(numbers(100).map((one) => `m${one}`));
  expect(world.waits.filter((ms) => ms !== 1_000)).toEqual([]);
});

test('a look for letters that is out of time begins with what it has found, and says that there is more', async () => {
  const world = ordersWorld();
  for (const day of ['21', '22', '23', '24']) world.keep(KEY.replace('-24', `-${day}`), [aLetter(Number(day))]);
  const order = await world.order();
  let looks = 0;
  const context = {
    remainingMs: () => {
      looks += 1;
      return looks === 3 ? 19_000 : 280_000;
    },
  };
  await world.carry(order, context);
  const ended = await world.read(order);
  expect(ended).toMatchObject({ state: 'finished', counts: { hasMore: true } });
  const first = messageIds(world.parts());
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(4);
  await world.carry(await world.order());
  expect(messageIds(world.parts()).toSorted()).toEqual(['m21', 'm22', 'm23', 'm24']);
});

test('a replay that was cancelled queues nothing more, and the next takes what is left', async () => {
  const world = ordersWorld();
  world.keep(KEY, letters(100));
  const order = await world.order({ rate: 10 });
  const wait = world.deps.wait;
  let rounds = 0;
  world.deps.wait = async (ms) => {
    rounds += 1;
    if (rounds === 3) {
      const read = await world.read(order);
      if (read !== undefined) await world.orders.save(read, { ...read, cancelledAt: ARCHIVED_AT, writeId: 'cancel' });
    }
    await wait(ms);
  };
  await world.carry(order);
  await expect(world.read(order)).resolves.toMatchObject({ state: 'cancelled' });
  expect(messageIds(world.parts())).toHaveLength(30);
  expect(world.runs).toMatchObject([{ position: 30, cancelledAt: expect.any(String) }]);
  const next = await world.order();
  await world.carry(next);
  await expect(world.read(next)).resolves.toMatchObject({ state: 'finished', counts: { sends: 70 } });
  expect(messageIds(world.parts()).toSorted()).toEqual(
    numbers(100)
      .map((one) => `m${one}`)
      .toSorted(),
  );
});

test.each([
  ['paused', { paused: { since: ARCHIVED_AT, by: 'hand' } }],
  ['switched off', { enabled: false }],
])('a destination that is %s takes no replay, and may be counted for', async (failure, over) => {
  const world = ordersWorld(aTarget('hook', ['type = "track"'], over));
  world.keep(KEY, letters(3));
  const order = await world.order();
  await world.carry(order);
  await expect(world.read(order)).resolves.toMatchObject({ state: 'failed', failure });
  const count = await world.order({ dryRun: true });
  await world.carry(count);
  await expect(world.read(count)).resolves.toMatchObject({ state: 'finished', counts: { sends: 3 } });
  expect(world.parts()).toEqual([]);
});

test('an order is worked on by one alone, and by another once that one is silent', async () => {
  const world = ordersWorld();
  world.keep(KEY, letters(3));
  const order = await world.order();
  await world.orders.save(order, { ...order, holder: 'somebody', writeId: 'w' });
  await world.carry(order);
  await expect(world.look()).resolves.toBe(0);
  expect(world.parts()).toEqual([]);
  await world.advance(HELD_MS);
  await expect(world.look()).resolves.toBe(1);
  expect(messageIds(world.parts())).toHaveLength(3);
});

test('what comes upon an error each time has failed after eight, and says so', async () => {
  const world = ordersWorld();
  world.archived.set(archiveKey('a'), archivedEvents(1));
  world.deps.archive.events = async function* () {
    yield* [];
    throw new Error('malformed');
  };
  const order = await world.order({ filter: ARCHIVE });
  for (let turn = 0; turn < 10; turn += 1) await world.look();
  await expect(world.read(order)).resolves.toMatchObject({ state: 'failed', failure: 'error', errors: 7 });
});
