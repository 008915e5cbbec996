import type { ApiDeps } from '../../../../functions/api/api-deps.ts';
import type { Change } from '../../../../shared/ports/control-store.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { everywhere, OWNER, peopledWorld } from '../../../builders/api-people.ts';

const SHOP = WorkspaceId.parse('ws_1');

/** A world in which something is done to the workspace between what a request has read and its first commit. */
async function setUp() {
  let meanwhile: (() => Promise<void>) | undefined;
  const world = await peopledWorld();
  const { control } = world.deps;
  const paused: ApiDeps['control'] = (author) => {
    const store = control(author);
    return {
      ...store,
      commit: async (...args) => {
        const work = meanwhile;
        meanwhile = undefined;
        await work?.();
        return await store.commit(...args);
      },
    };
  };
  Object.assign(world.deps, { control: paused });
  const bob = await world.person('bob@shop.test', [OWNER]);
  const change =
    (...changes: Change[]) =>
    async () =>
      await world.commit(SHOP, changes);
  const member = (await world.control.listMembers(SHOP)).find(({ personId }) => personId === bob.id);
  if (member === undefined) throw new Error('Bob is no member');
  return {
    ...world,
    bob,
    member,
    change,
    before: (work: () => Promise<void>) => {
      meanwhile = work;
    },
    tokens: async () => (await world.control.listApiTokens(SHOP)).map(({ name }) => name),
  };
}

const NEW_TOKEN = { name: 'late', permissions: [OWNER] };

test('an owner who is removed between what a request read and its commit makes no token by it (T6)', async () => {
  const { call, bob, member, before, change, tokens } = await setUp();
  before(change({ kind: 'member', verb: 'remove', thing: member }));
  const answer = await call('POST', '/app-api/tokens', { bearer: bob.bearer, body: NEW_TOKEN });
  expect(answer).toMatchObject({ status: 404, errors: [{ message: 'There is no such workspace.' }] });
  expect(await tokens()).not.toContain('late');
});

test('who loses the role meanwhile gives nothing that they do not have any more, and is told which right is missing', async () => {
  const { call, bob, member, before, change, tokens } = await setUp();
  const permissions = [everywhere('source-admin')];
  before(change({ kind: 'member', verb: 'save', thing: { ...member, permissions } }));
  const answer = await call('POST', '/app-api/tokens', { bearer: bob.bearer, body: NEW_TOKEN });
  expect(answer).toMatchObject({ status: 403, errors: [{ type: 'insufficient-permission' }] });
  expect(await tokens()).not.toContain('late');
});

test('an API token that is deleted meanwhile changes nothing any more', async () => {
  const { call, before, change, token, control, tokens } = await setUp();
  const bearer = await token([OWNER]);
  const thing = (await control.listApiTokens(SHOP)).at(-1);
  if (thing === undefined) throw new Error('There is no token');
  before(change({ kind: 'apiToken', verb: 'remove', thing }));
  const answer = await call('POST', '/app-api/tokens', { bearer, body: NEW_TOKEN });
  expect(answer).toMatchObject({ status: 401 });
  expect(await tokens()).not.toContain('late');
});

test('a source that loses the label by which somebody may edit it meanwhile stays as it is', async () => {
  const { call, before, change, token, control } = await setUp();
  const labels = [{ key: 'environment', value: 'dev' }];
  const bearer = await token([{ roleId: 'source-editor', resources: [{ id: 'ws_1', type: 'WORKSPACE', labels }] }]);
  const source = (await control.readConfig(SHOP))?.sources.find(({ id }) => id === 'src_1');
  if (source === undefined) throw new Error('There is no source');
  before(change({ kind: 'source', verb: 'save', thing: { ...source, labels: [] } }));
  const answer = await call('PATCH', '/sources/src_1', { bearer, body: { name: 'Mine' } });
  expect(answer.status).toBe(404);
  expect((await control.readConfig(SHOP))?.sources.map(({ name }) => name)).not.toContain('Mine');
});

test('of 25 requests beside the removal of their owner none makes a token after it', async () => {
  const { call, bob, member, before, change, trail } = await setUp();
  // All have read and judged before the first of them saves.
  before(change({ kind: 'member', verb: 'remove', thing: member }));
  const flood = Array.from({ length: 25 }, (_each, index) =>
    call('POST', '/app-api/tokens', { bearer: bob.bearer, body: { ...NEW_TOKEN, name: `late ${index}` } }),
  );
  const statuses = (await Promise.all(flood)).map(({ status }) => status);
  expect(statuses.filter((status) => status !== 404)).toEqual([]);
  const events = (await trail()).map(({ event, actor }) => `${event} by ${actor.id}`);
  expect(events.at(-1)).toMatch(/^User Removed/);
  expect(events).not.toContain(`API Token Created by ${bob.id}`);
});
