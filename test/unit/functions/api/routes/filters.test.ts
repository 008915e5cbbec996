import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDestination, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const AT = '/destination/dst_1/filters';
type Filter = { id: string; updatedAt: string };
const NEW = { sourceId: 'src_1', if: 'type = "page"', actions: [{ type: 'DROP' }], title: 'No pages', enabled: true };

async function setUp() {
  const world = await apiWorld();
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'other' }) },
    { kind: 'destination', verb: 'save', thing: aDestination() },
  ]);
  const create = (body: object = {}) => world.call('POST', AT, { body: { ...NEW, ...body } });
  const made = async (body: object = {}) => ((await create(body)).data as { filter: Filter }).filter;
  const filters = () => world.control.listFilters(WS, aDestination().id);
  return { ...world, create, made, filters };
}

test('a filter is made, read, changed member by member and taken away', async () => {
  const { create, call, filters, deps } = await setUp();
  const answer = await create({ description: 'Why' });
  const { filter } = answer.data as { filter: Filter };
  expect(filter).toMatchObject({ ...NEW, description: 'Why', destinationId: 'dst_1' });
  expect((await call('GET', `${AT}/${filter.id}`)).data).toEqual({ filter });
  expect((await call('GET', AT)).data).toMatchObject({ filters: [filter] });
  const changed = await call('PATCH', `${AT}/${filter.id}`, { body: { enabled: false, description: null } });
  expect(changed.data).toEqual({
    filter: { ...filter, description: undefined, enabled: false, updatedAt: expect.any(String) },
  });
  expect((await call('DELETE', `${AT}/${filter.id}`)).data).toEqual({ status: 'SUCCESS' });
  expect(await filters()).toEqual([]);
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 3, newestFirst: true });
  expect(entries.map(({ event }) => event)).toEqual([
    'Destination Filter Deleted',
    'Destination Filter Disabled',
    'Destination Filter Created',
  ]);
});

test.each([
  ['a condition that cannot be read', { if: 'type = ' }, 'if'],
  ['a condition over 5 KB (C06)', { if: `event = '${'x'.repeat(5_120)}'` }, 'if'],
  ['another source than the destination’s (C02)', { sourceId: 'src_2' }, 'sourceId'],
  ['a title of 65 characters (C02)', { title: 'x'.repeat(65) }, 'title'],
  ['no action', { actions: [] }, 'actions'],
  ['an action that there is not', { actions: [{ type: 'HIDE' }] }, 'actions.0.type'],
  ['a share of more than all', { actions: [{ type: 'SAMPLE', percent: 2 }] }, 'actions.0.percent'],
  ['a sample without a share', { actions: [{ type: 'SAMPLE' }] }, 'actions.0.percent'],
  ['a member that means nothing for its action', { actions: [{ type: 'DROP', percent: 1 }] }, 'actions.0.percent'],
  ['fields to drop that are none', { actions: [{ type: 'DROP_PROPERTIES', fields: {} }] }, 'actions.0.fields'],
  [
    'an object of which nothing is dropped',
    { actions: [{ type: 'DROP' }, { type: 'DROP_PROPERTIES', fields: { properties: [] } }] },
    'actions.1.fields',
  ],
  ['fields to allow that are none', { actions: [{ type: 'ALLOW_PROPERTIES', fields: {} }] }, 'actions.0.fields'],
  [
    'fields that are no list',
    { actions: [{ type: 'DROP_PROPERTIES', fields: { '': 'userId' } }] },
    'actions.0.fields.',
  ],
])('%s is answered 422 at its field, and nothing is made', async (_case, body, field) => {
  const { create, filters } = await setUp();
  const answer = await create(body);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await filters()).toEqual([]);
});

test('a condition’s fault says where it is', async () => {
  const { create } = await setUp();
  expect((await create({ if: "event = 'a' nd true" })).errors[0]).toMatchObject({
    message: expect.stringMatching(/at character \d+/),
    data: { at: expect.any(Number) },
  });
});

test('the eleventh filter is refused (C02)', async () => {
  const { create } = await setUp();
  for (let n = 0; n < 10; n += 1) expect((await create({ title: `F${n}` })).status).toBe(200);
  expect((await create()).errors[0]).toMatchObject({ type: 'quota-exceeded', data: { quota: 'filters', max: 10 } });
});

test.each([
  ['dropped', [{ type: 'DROP' }], { type: 'page', userId: 'u1' }, null],
  ['not looked at', [{ type: 'DROP' }], { type: 'track', userId: 'u1' }, { type: 'track', userId: 'u1' }],
  [
    'without a field (C14)',
    [{ type: 'DROP_PROPERTIES', fields: { '': ['userId'] } }],
    { type: 'page', userId: 'u1' },
    { type: 'page' },
  ],
  ['sampled out', [{ type: 'SAMPLE', percent: 0 }], { type: 'page', messageId: 'm' }, null],
] as const)('a preview says what becomes of an event: %s', async (_case, actions, payload, result) => {
  const { call, filters } = await setUp();
  const body = { filter: { if: 'type = "page"', actions }, payload };
  expect((await call('POST', '/destination/filters/preview', { body })).data).toEqual({
    inputPayload: payload,
    result,
  });
  expect(await filters()).toEqual([]);
});

test('a preview of what cannot be read is answered 422 at its field', async () => {
  const { call } = await setUp();
  const body = { filter: { if: 'type ==', actions: [{ type: 'DROP' }] }, payload: {} };
  expect((await call('POST', '/destination/filters/preview', { body })).errors[0]?.field).toBe('filter.if');
});

test('of 50 edits at once none is lost, and each is 200 or 409', async () => {
  const { made, call, filters } = await setUp();
  const { id } = await made();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => call('PATCH', `${AT}/${id}`, { body: { title: `T${n}` } })),
  );
  expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
  expect((await filters())[0]?.version).toBe(1 + answers.filter(({ status }) => status === 200).length);
});

test('of 20 filters that are made at once no more are saved than there may be (C02)', async () => {
  const { create, filters } = await setUp();
  const statuses = (await Promise.all(Array.from({ length: 20 }, (_, n) => create({ title: `F${n}` })))).map(
    ({ status }) => status,
  );
  expect(statuses.filter((status) => ![200, 409, 422].includes(status))).toEqual([]);
  const saved = (await filters()).length;
  expect([saved, saved <= 10]).toEqual([statuses.filter((status) => status === 200).length, true]);
});
