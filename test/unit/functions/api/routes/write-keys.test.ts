import { ownerOf } from '../../../../../shared/domain/access.ts';
import { WRITE_KEYS_PER_SOURCE_MAX } from '../../../../../shared/domain/workspace.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aSource, aWorkspace } from '../../../../builders/workspace-things.ts';

const KEY = 'keyOfAnotherLife0123456789';

async function setUp() {
  const world = await apiWorld();
  for (const thing of [
    aSource({ id: 'src_1', slug: 'web' }),
    aSource({ id: 'src_2', slug: 'app' }),
    aSource({ id: 'src_3', workspaceId: 'ws_2' }),
  ]) {
    await world.commit(thing.workspaceId, [{ kind: 'source', verb: 'save', thing }]);
  }
  const add = async (sourceId: string, body: unknown, bearer?: string) =>
    await world.call('POST', `/app-api/sources/${sourceId}/write-keys`, {
      body,
      ...(bearer !== undefined && { bearer }),
    });
  const keysOf = async (sourceId: string) =>
    (await world.control.listWriteKeys(aWorkspace().id, aSource({ id: sourceId }).id)).map(({ writeKey }) => writeKey);
  return { world, add, keysOf };
}

test('a source gets the key that is named, once: the second time is no change (A15)', async () => {
  const { world, add, keysOf } = await setUp();
  const before = world.hints.length;
  expect(await add('src_1', { writeKey: KEY })).toMatchObject({ status: 201, data: { source: { writeKeys: [KEY] } } });
  expect(await add('src_1', { writeKey: KEY })).toMatchObject({ status: 201 });
  expect(await keysOf('src_1')).toEqual([KEY]);
  expect(world.hints).toHaveLength(before + 1);
});

test('a key that another source has is refused, of whatever workspace, without a word about whose it is', async () => {
  const { world, add, keysOf } = await setUp();
  const other = await world.token([ownerOf(aWorkspace({ id: 'ws_2' }).id)], 'ws_2');
  expect(await add('src_3', { writeKey: KEY }, other)).toMatchObject({ status: 201 });
  const refused = await add('src_1', { writeKey: KEY });
  expect(refused).toMatchObject({ status: 409, errors: [{ type: 'conflict', field: 'writeKey' }] });
  expect(refused.text).not.toMatch(/src_3|ws_2/);
  await add('src_2', { writeKey: 'keyOfTheAppItself0123456789' });
  expect(await add('src_1', { writeKey: 'keyOfTheAppItself0123456789' })).toMatchObject({ status: 409 });
  expect(await keysOf('src_1')).toEqual([]);
});

test.each([
  ['short', { writeKey: 'short' }, 422],
  ['of other characters', { writeKey: 'a key with blanks in it' }, 422],
  ['not said', {}, 422],
  ['with something beside it', { writeKey: KEY, sourceId: 'src_2' }, 422],
])('a key that is %s changes nothing', async (_case, body, status) => {
  const { add, keysOf } = await setUp();
  expect(await add('src_1', body)).toMatchObject({ status, errors: [{ type: 'input-validation' }] });
  expect(await keysOf('src_1')).toEqual([]);
});

test('a source of another workspace is not found, and who may only read keys of nothing is refused', async () => {
  const { world, add } = await setUp();
  expect(await add('src_3', { writeKey: KEY })).toMatchObject({ status: 404 });
  const reader = await world.token([{ roleId: 'source-read-only', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  expect(await add('src_1', { writeKey: KEY }, reader)).toMatchObject({
    status: 403,
    errors: [{ type: 'insufficient-permission' }],
  });
});

test('a source has so many live keys and no more', async () => {
  const { add, keysOf } = await setUp();
  for (let count = 0; count < WRITE_KEYS_PER_SOURCE_MAX; count += 1) {
    expect(await add('src_1', { writeKey: `keyNumber${String(count).padStart(20, '0')}` })).toMatchObject({
      status: 201,
    });
  }
  expect(await add('src_1', { writeKey: KEY })).toMatchObject({ status: 422, errors: [{ type: 'quota-exceeded' }] });
  expect(await keysOf('src_1')).toHaveLength(WRITE_KEYS_PER_SOURCE_MAX);
});
