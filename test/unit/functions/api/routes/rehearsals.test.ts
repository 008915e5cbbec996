import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDestination, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const AT = '/app-api/destinations/dst_1/rehearsal';
const VIEW = '/app-api/destinations/dst_1';

async function setUp(environment?: string, type = 'tool') {
  const world = await apiWorld();
  const labels = environment === undefined ? [] : [{ key: 'environment', value: environment }];
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource({ labels }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ type, name: 'Tool' }) },
  ]);
  const start = (body: object = {}, asked: object = {}) =>
    world.call('POST', AT, { body: { status: 503, minutes: 5, ...body }, ...asked });
  const shown = async () =>
    ((await world.call('GET', VIEW)).data as { destination: { rehearsal?: unknown } }).destination.rehearsal;
  const trail = async () =>
    (await world.deps.auditLog.list(WS, { from: '2', to: '3', limit: 100, newestFirst: true })).entries.map(
      ({ event }) => event,
    );
  return { ...world, start, shown, trail };
}

test('an outage is rehearsed for some minutes, is seen as long as it lasts, and ends by itself', async () => {
  const { start, shown, advance, call, control, trail } = await setUp('dev');
  const begun = await start();
  const { rehearsal } = begun.data as { rehearsal: { until: string } };
  expect([begun.status, rehearsal]).toEqual([
    200,
    { status: 503, until: expect.stringMatching(/^2026-11-26T10:05:00/) },
  ]);
  expect(await shown()).toEqual(rehearsal);
  expect((await control.getDestination(WS, aDestination().id))?.rehearsal).toEqual(rehearsal);
  advance(5 * 60_000);
  expect(await shown()).toBeUndefined();
  expect((await start({ status: 429, minutes: 60 })).status).toBe(200);
  expect(await shown()).toMatchObject({ status: 429 });
  expect((await call('DELETE', AT)).data).toEqual({ status: 'SUCCESS' });
  expect(await shown()).toBeUndefined();
  expect((await call('DELETE', AT)).status).toBe(200);
  expect((await trail()).slice(0, 3)).toEqual([
    'Outage Rehearsal Ended',
    'Outage Rehearsal Started',
    'Outage Rehearsal Started',
  ]);
});

test.each(['prod', 'Production', 'PROD-eu'])(
  'in an environment that is labelled %s there is none',
  async (environment) => {
    const { start, shown } = await setUp(environment);
    const answer = await start({ confirm: true });
    expect([answer.status, answer.errors[0]?.type]).toEqual([409, 'conflict']);
    expect(await shown()).toBeUndefined();
  },
);

test('where no label says the environment, somebody must', async () => {
  const { start } = await setUp();
  const answer = await start();
  expect([answer.status, answer.errors[0]?.type, answer.errors[0]?.field]).toEqual([
    409,
    'confirmation-required',
    'confirm',
  ]);
  expect((await start({ confirm: true })).status).toBe(200);
});

test('one that is under way ends when its source becomes production', async () => {
  const { start, shown, commit, control } = await setUp('dev');
  await start();
  const source = await control.getSource(WS, aSource().id);
  if (source === undefined) throw new Error('no source');
  await commit(WS, [
    { kind: 'source', verb: 'save', thing: { ...source, labels: [{ key: 'environment', value: 'prod' }] } },
  ]);
  expect(await shown()).toBeUndefined();
});

test.each([
  ['more than an hour', { minutes: 61 }],
  ['no time', { minutes: 0 }],
  ['an answer that is none of a failure', { status: 200 }],
])('%s is refused', async (_case, body) => {
  const { start } = await setUp('dev');
  expect((await start(body)).status).toBe(422);
});

test('an Inbox has no outage, and who may only read makes none', async () => {
  const { start } = await setUp('dev', 'inbox');
  expect((await start()).status).toBe(409);
  const other = await setUp('dev');
  const reader = await other.token([{ roleId: 'source-read-only', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  expect((await other.start({}, { bearer: reader })).status).toBe(403);
});
