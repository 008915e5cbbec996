import { byLabel, onSource, peopledWorld } from '../../../../builders/api-people.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDoneRow } from '../../../../builders/ledger-rows.ts';
import { RUN_IDS } from '../../../../builders/replay-world.ts';
import { ReplayRun } from '../../../../../shared/domain/replay.ts';
import type { OrderName } from '../../../../../shared/ports/replay-orders.ts';
import { aDestination, aSource } from '../../../../builders/workspace-things.ts';

type Shown = { id: string; status: string; planned: number | null; createdBy: string };
const FILTER = { of: 'DEAD_LETTERS', from: '2026-11-24T00:00:00Z', to: '2026-11-25T00:00:00.000Z' };
const body = (over: object = {}) => ({ destinationId: 'dst_1', filter: FILTER, dryRun: false, ...over });

async function setUp(over: Record<string, unknown> = {}) {
  // Nothing is gained by waiting: whoever counts has done so before, or never does.
  const world = await apiWorld({ wait: async () => undefined });
  await world.commit(aSource().workspaceId, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'destination', verb: 'save', thing: aDestination({ enabled: true, ...over }) },
  ]);
  const { orders } = world.desk;
  /** The runner, which has counted by the time that it answers. */
  world.desk.onTold = async ({ workspaceId, id }: OrderName) => {
    const order = await orders.get(workspaceId, id);
    if (order === undefined || order.cancelledAt !== undefined) return;
    const counted = { counts: [{ name: '400', count: 3 }], more: 0 };
    const none = { counts: [], more: 0 };
    const counts = { sends: 3, byCode: counted, byEvent: none, leftOut: none, hasMore: false };
    const next = order.dryRun
      ? { ...order, counts, state: 'finished' as const, endedAt: order.createdAt }
      : { ...order, counts, state: 'running' as const, runId: RUN_IDS[0], runNumber: 1 };
    await orders.save(order, { ...next, writeId: 'runner' });
  };
  const create = async (more: object = {}) => await world.call('POST', '/app-api/replays', { body: body(more) });
  return { ...world, create };
}

test('a dry run is answered with its count, and both it and its author are in the audit trail', async () => {
  const { create, desk, call } = await setUp();
  const { status, data } = await create({ dryRun: true });
  const { replay } = data as { replay: Shown };
  expect(status).toBe(201);
  expect(replay).toMatchObject({
    status: 'FINISHED',
    dryRun: true,
    planned: 3,
    rate: 100,
    filter: { from: '2026-11-24T00:00:00.000Z' },
    byCode: { counts: [{ name: '400', count: 3 }], more: 0 },
  });
  expect(desk.told).toEqual([{ workspaceId: 'ws_1', id: replay.id }]);
  const trail = await call('GET', '/app-api/audit-events');
  expect(trail.text).toContain('"event":"Replay Started"');
  expect(trail.text).toContain(`"id":"${replay.id}"`);
});

test('a destination has one replay that sends, and three counts, at a time', async () => {
  const { create, desk } = await setUp();
  const first = ((await create()).data as { replay: Shown }).replay;
  await expect(create()).resolves.toMatchObject({ status: 409, errors: [{ data: { replayId: first.id } }] });
  desk.onTold = async () => undefined;
  for (let count = 0; count < 3; count += 1) {
    await expect(create({ dryRun: true })).resolves.toMatchObject({
      status: 201,
      data: { replay: { status: 'COUNTING' } },
    });
  }
  await expect(create({ dryRun: true })).resolves.toMatchObject({ status: 422, errors: [{ type: 'quota-exceeded' }] });
}, 60_000);

test('how far it is comes from the rows of its run', async () => {
  const { create, desk, call } = await setUp();
  const { id } = ((await create()).data as { replay: Shown }).replay;
  const [runId] = RUN_IDS;
  desk.known.runs.push(
    ReplayRun.parse({
      v: 1,
      runId,
      number: 1,
      workspaceId: 'ws_1',
      destinationId: 'dst_1',
      startedAt: '2026-11-26T10:00:00.000Z',
      filter: 'all',
      planned: 9,
      position: 7,
      slices: 1,
      gone: 1,
      writeId: 'w',
    }),
  );
  desk.known.rows.push(
    aDoneRow({ replay: runId, delivered: 3, discarded: { 400: 1 }, deadLettered: { retry_window: 1 } }),
  );
  await expect(call('GET', `/app-api/replays/${id}`)).resolves.toMatchObject({
    data: {
      replay: { status: 'RUNNING', sent: 6, delivered: 3, failed: 2, waiting: 1, expired: 1, recovered: 3, runId },
    },
  });
});

test('a replay is cancelled once, and what has ended is not', async () => {
  const { create, desk, call } = await setUp();
  const { id } = ((await create()).data as { replay: Shown }).replay;
  await expect(call('DELETE', `/app-api/replays/${id}`)).resolves.toMatchObject({ status: 200 });
  await expect(call('DELETE', `/app-api/replays/${id}`)).resolves.toMatchObject({ status: 200 });
  await expect(call('GET', `/app-api/replays/${id}`)).resolves.toMatchObject({
    data: { replay: { status: 'CANCELLED', finishedAt: null } },
  });
  expect(desk.told).toHaveLength(2);
  const counted = ((await create({ dryRun: true })).data as { replay: Shown }).replay;
  await expect(call('DELETE', `/app-api/replays/${counted.id}`)).resolves.toMatchObject({ status: 409 });
});

test.each([
  ['a time that ends before it begins', { filter: { ...FILTER, to: FILTER.from } }, 'filter.to'],
  ['more than a year', { filter: { ...FILTER, from: '2025-01-01T00:00:00Z' } }, 'filter.from'],
  ['codes of archived events', { filter: { ...FILTER, of: 'ARCHIVE', codes: ['400'] } }, 'filter.codes'],
  ['a condition that cannot be read', { filter: { ...FILTER, if: 'event = ' } }, 'filter.if'],
  ['101 names', { filter: { ...FILTER, events: Array.from({ length: 101 }, (_, n) => `e${n}`) } }, 'filter.events'],
  [
    'a filter of more than 50,000 bytes',
    { filter: { ...FILTER, messageIds: Array.from({ length: 100 }, () => '€'.repeat(200)) } },
    'filter',
  ],
  ['an empty list', { filter: { ...FILTER, events: [] } }, 'filter.events'],
  ['a rate of nothing', { rate: 0 }, 'rate'],
  ['what it does not know', { filter: { ...FILTER, everything: true } }, 'filter'],
])('%s is refused, and nothing is saved', async (_case, over, field) => {
  const { create, desk } = await setUp();
  const { status, errors } = await create(over);
  expect([status, errors[0]?.field?.startsWith(field)]).toEqual([422, true]);
  expect(desk.told).toEqual([]);
});

test.each([
  ['paused', { paused: { since: '2026-11-24T10:00:00.000Z', by: 'hand' } }],
  ['switched off', { enabled: false }],
])('to a destination that is %s nothing is sent again, but counted (N23)', async (why, over) => {
  const { create } = await setUp(over);
  const refused = await create();
  expect(refused).toMatchObject({ status: 409 });
  expect(refused.errors[0]?.message).toContain(`The destination is ${why}`);
  await expect(create({ dryRun: true })).resolves.toMatchObject({ status: 201 });
});

test('lists hold what the caller sees, newest first, page by page; the rest is not there for them (T7)', async () => {
  const world = await peopledWorld();
  await world.commit(aDestination().workspaceId, [
    { kind: 'destination', verb: 'save', thing: aDestination({ enabled: true }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ id: 'dst_2', sourceId: 'src_2', enabled: true }) },
  ]);
  const made: string[] = [];
  world.desk.carryTo('finished');
  for (const destinationId of ['dst_1', 'dst_2', 'dst_1', 'dst_2', 'dst_1']) {
    const { data } = await world.call('POST', '/app-api/replays', { body: body({ destinationId }) });
    made.push((data as { replay: Shown }).replay.id);
  }
  const list = async (bearer: string | undefined, query = '') => {
    const { data } = await world.call('GET', '/app-api/replays', { query, ...(bearer !== undefined && { bearer }) });
    return data as { replays: Shown[]; pagination: { next?: string } };
  };
  const all = await list(undefined, 'pagination[count]=2');
  expect(all.replays.map(({ id }) => id)).toEqual([made[4], made[3]]);
  const rest = await list(undefined, `pagination[count]=20&pagination[cursor]=${all.pagination.next}`);
  expect(rest.replays.map(({ id }) => id)).toEqual([made[2], made[1], made[0]]);
  expect(rest.pagination.next).toBeUndefined();

  const reader = await world.person('reader@shop.test', [onSource('source-read-only', 'src_2')]);
  expect((await list(reader.bearer)).replays.map(({ id }) => id)).toEqual([made[3], made[1]]);
  const asked = { bearer: reader.bearer };
  await expect(world.call('GET', `/app-api/replays/${made[0]}`, asked)).resolves.toMatchObject({ status: 404 });
  await expect(world.call('GET', `/app-api/replays/${made[1]}`, asked)).resolves.toMatchObject({ status: 200 });
  const create = { ...asked, body: body({ destinationId: 'dst_2' }) };
  await expect(world.call('POST', '/app-api/replays', create)).resolves.toMatchObject({ status: 403 });
  const foreign = await world.person('far@shop.test', [byLabel('source-admin', 'nowhere')]);
  await expect(world.call('POST', '/app-api/replays', { bearer: foreign.bearer, body: body() })).resolves.toMatchObject(
    { status: 404 },
  );
});

test('what has ended is noted once: the rows of its run are read no more, and may expire', async () => {
  const { create, desk, call } = await setUp();
  const { id } = ((await create()).data as { replay: Shown }).replay;
  const [runId] = RUN_IDS;
  desk.known.runs.push(
    ReplayRun.parse({
      v: 1,
      runId,
      number: 1,
      workspaceId: 'ws_1',
      destinationId: 'dst_1',
      startedAt: '2026-11-26T10:00:00.000Z',
      finishedAt: '2026-11-26T10:01:00.000Z',
      filter: 'all',
      planned: 3,
      position: 3,
      slices: 1,
      gone: 0,
      writeId: 'w',
    }),
  );
  const order = (await desk.orders.list(aSource().workspaceId, { limit: 1 }))[0];
  if (order === undefined) throw new Error('no order');
  await desk.orders.save(order, { ...order, state: 'finished', endedAt: order.createdAt, writeId: 'end' });
  desk.known.rows.push(aDoneRow({ replay: runId, delivered: 2, discarded: { 400: 1 } }));
  const stand = { status: 'FINISHED', sent: 3, delivered: 2, failed: 1, waiting: 0, recovered: 2 };
  await expect(call('GET', '/app-api/replays')).resolves.toMatchObject({ data: { replays: [stand] } });
  desk.known.rows.length = 0;
  await expect(call('GET', `/app-api/replays/${id}`)).resolves.toMatchObject({ data: { replay: stand } });
});

test('a workspace has twenty open orders, and of more than ten the runner is not told at once', async () => {
  const world = await setUp();
  const { desk, call } = world;
  desk.onTold = async () => undefined;
  const ids = Array.from({ length: 21 }, (_, number) => `dst_${number + 1}`);
  for (const id of ids.slice(1)) {
    await world.commit(aSource().workspaceId, [
      { kind: 'destination', verb: 'save', thing: aDestination({ id, enabled: true }) },
    ]);
  }
  // Nobody counts, and a world's clock does not go on by itself.
  const statuses: number[] = [];
  for (const destinationId of ids) {
    statuses.push((await call('POST', '/app-api/replays', { body: body({ destinationId }) })).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 201), 422]);
  expect(desk.told).toHaveLength(10);
}, 120_000);

test('whose events a replay takes is dots for those who may not see personal data (T25)', async () => {
  const world = await peopledWorld();
  await world.commit(aDestination().workspaceId, [
    { kind: 'destination', verb: 'save', thing: aDestination({ enabled: true }) },
  ]);
  const filter = {
    ...FILTER,
    userId: 'ada',
    messageIds: ['m1', 'm2'],
    if: 'traits.email = "ada@shop.test"',
    events: ['Sold'],
  };
  const { data } = await world.call('POST', '/app-api/replays', { body: body({ filter, dryRun: true }) });
  const { id } = (data as { replay: Shown }).replay;
  const reader = await world.person('reader@shop.test', [onSource('source-read-only', 'src_1')]);
  for (const path of [`/app-api/replays/${id}`, '/app-api/replays']) {
    const { text } = await world.call('GET', path, { bearer: reader.bearer });
    expect(text).toContain('Sold');
    expect(text).not.toMatch(/ada|"m1"|email/);
    expect((await world.call('GET', path)).text).toContain('"userId":"ada"');
  }
});
