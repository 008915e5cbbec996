import { ownerOf } from '../../../../../shared/domain/access.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');

async function setUp() {
  const world = await apiWorld();
  await world.commit(WS, [{ kind: 'source', verb: 'save', thing: aSource() }]);
  const create = (key: string, value: string, description?: string) =>
    world.call('POST', '/labels', {
      body: { label: { key, value, ...(description !== undefined && { description }) } },
    });
  return { ...world, create };
}
const DEFAULTS = [
  { key: 'environment', value: 'dev' },
  { key: 'environment', value: 'prod' },
];

test('labels are made once and listed, beside the environments that every workspace has (M07, M11)', async () => {
  const { call, create } = await setUp();
  expect((await call('GET', '/labels')).data).toEqual({ labels: DEFAULTS });
  expect(await create('team', 'web-1', 'Who')).toMatchObject({
    status: 201,
    data: { label: { key: 'team', value: 'web-1', description: 'Who' } },
  });
  expect((await create('team', 'web-1')).status).toBe(409);
  expect((await create('environment', 'prod')).status).toBe(409);
  expect((await call('GET', '/labels')).data).toEqual({
    labels: [...DEFAULTS, { key: 'team', value: 'web-1', description: 'Who' }],
  });
});

test.each([
  ['1team', 'a', 'label.key'],
  ['te am', 'a', 'label.key'],
  ['team', '_a', 'label.value'],
  ['team', 'a/b', 'label.value'],
  ['t'.repeat(65), 'a', 'label.key'],
])('the label %j:%j is none (M07)', async (key, value, field) => {
  const { create, control } = await setUp();
  const answer = await create(key, value);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await control.listLabels(WS)).toEqual([]);
});

test('a label goes only when neither a source nor a permission uses it, and it is said who does (M09)', async () => {
  const { call, create, token } = await setUp();
  await create('team', 'a');
  await call('PUT', '/sources/src_1/labels', { body: { labels: [{ key: 'team', value: 'a' }] } });
  await token([
    { roleId: 'source-admin', resources: [{ id: 'ws_1', type: 'WORKSPACE', labels: [{ key: 'team', value: 'a' }] }] },
  ]);
  expect(await call('DELETE', '/labels/team/a')).toMatchObject({
    status: 409,
    errors: [{ type: 'conflict', data: [{ kind: 'source', id: 'src_1' }, { kind: 'token' }] }],
  });
  await create('team', 'b');
  expect((await call('DELETE', '/labels/team/b')).data).toEqual({ status: 'SUCCESS' });
  expect((await call('DELETE', '/labels/team/b')).status).toBe(404);
  expect((await call('DELETE', '/labels/te%2Fam/b')).status).toBe(404);
});

test('environments are labels: five beside dev and prod, which stay (M11)', async () => {
  const { call } = await setUp();
  const create = (value: string) => call('POST', '/app-api/environments', { body: { value } });
  for (const value of ['a', 'b', 'c', 'd', 'e']) expect((await create(value)).status).toBe(201);
  expect((await create('f')).errors[0]).toMatchObject({
    type: 'quota-exceeded',
    data: { quota: 'environments', max: 5 },
  });
  expect((await create('-')).errors[0]?.field).toBe('value');
  await call('PUT', '/sources/src_1/labels', { body: { labels: [{ key: 'environment', value: 'a' }] } });
  const { environments } = (await call('GET', '/app-api/environments')).data as { environments: object[] };
  expect(environments.slice(0, 3)).toEqual([
    { value: 'dev', isDefault: true, sourceIds: [] },
    { value: 'prod', isDefault: true, sourceIds: [] },
    { value: 'a', isDefault: false, sourceIds: ['src_1'] },
  ]);
  expect((await call('DELETE', '/app-api/environments/a')).status).toBe(409);
  expect((await call('DELETE', '/app-api/environments/dev')).status).toBe(409);
  expect((await call('DELETE', '/app-api/environments/b')).data).toEqual({ status: 'SUCCESS' });
});

test('the 201st label is refused (T23), and labels of another workspace are not there', async () => {
  const { commit, create, call, token } = await setUp();
  const stored = { version: 0, createdAt: aSource().createdAt, updatedAt: aSource().updatedAt };
  for (let from = 0; from < 198; from += 20) {
    const values = Array.from({ length: Math.min(20, 198 - from) }, (_, index) => `v${from + index}`);
    await commit(
      WS,
      values.map((value) => ({ kind: 'label', verb: 'save', thing: { workspaceId: WS, key: 'k', value, ...stored } })),
    );
  }
  expect((await create('k', 'more')).errors[0]).toMatchObject({
    type: 'quota-exceeded',
    data: { quota: 'labels', max: 200 },
  });
  const bearer = await token([ownerOf(WorkspaceId.parse('ws_2'))], 'ws_2');
  expect((await call('GET', '/labels', { bearer })).data).toEqual({ labels: DEFAULTS });
  expect((await call('DELETE', '/labels/k/v1', { bearer })).status).toBe(404);
});

test('permissions take the environments that every workspace has, without an item of theirs (M11, T6)', async () => {
  const { call } = await setUp();
  const limited = (value: string) => ({
    name: 'CI',
    permissions: [
      {
        roleId: 'source-admin',
        resources: [{ id: 'ws_1', type: 'WORKSPACE', labels: [{ key: 'environment', value }] }],
      },
    ],
  });
  for (const value of ['dev', 'prod']) {
    expect((await call('POST', '/app-api/tokens', { body: limited(value) })).status).toBe(201);
  }
  expect(await call('POST', '/app-api/tokens', { body: limited('stage') })).toMatchObject({
    status: 422,
    errors: [{ message: 'There is no label environment:stage.' }],
  });
});
