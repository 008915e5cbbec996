import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { aWorkspace } from '../../../../builders/workspace-things.ts';
import { byLabel, everywhere, onSource, peopledWorld } from '../../../../builders/api-people.ts';

const WS_2 = WorkspaceId.parse('ws_2');
const signIn = (
  { call }: Pick<Awaited<ReturnType<typeof peopledWorld>>, 'call'>,
  who: { bearer: string; idToken: string },
) => call('POST', '/app-api/sign-in', { bearer: who.bearer, body: { idToken: who.idToken } });

test('whoever signs in is a person, and belongs nowhere unless somebody invited them: sign-up is closed', async () => {
  const world = await peopledWorld();
  const eve = await world.person('Eve@Shop.test');
  await expect(world.call('GET', '/app-api/me', { bearer: eve.bearer })).resolves.toMatchObject({
    status: 401,
    errors: [{ type: 'unknown-person' }],
  });
  await expect(signIn(world, eve)).resolves.toMatchObject({
    status: 200,
    data: { user: { email: 'eve@shop.test' }, workspaces: [], mayCreateWorkspaces: false },
  });
  await expect(world.call('GET', '/app-api/me', { bearer: eve.bearer })).resolves.toMatchObject({
    status: 200,
    data: { user: { email: 'eve@shop.test' }, workspaces: [], preferences: {}, mayCreateWorkspaces: false },
  });
  const body = { name: 'Mine', slug: 'mine' };
  await expect(world.call('POST', '/app-api/workspaces', { bearer: eve.bearer, body })).resolves.toMatchObject({
    status: 403,
  });
});

test('signing in again makes no second person, and two at the same moment make one', async () => {
  const world = await peopledWorld();
  const eve = await world.person('eve@shop.test');
  const answers = await Promise.all([signIn(world, eve), signIn(world, eve)]);
  const again = await signIn(world, eve);
  const ids = [...answers, again].map(({ data }) => (data as { user: { id: string } }).user.id);
  expect(new Set(ids).size).toBe(1);
});

test.each([
  ['an address that the issuer has not verified', { emailVerified: false }, 403],
  ['no address', { email: undefined }, 403],
])('%s signs nobody in', async (_case, over, status) => {
  const world = await peopledWorld();
  const eve = await world.person('owner@shop.test');
  const { verifyId } = world.deps.personTokens;
  world.deps.personTokens.verifyId = async (token, access) => {
    const found = await verifyId(token, access);
    return found && { ...found, ...over };
  };
  await expect(signIn(world, eve)).resolves.toMatchObject({ status });
  await expect(world.call('GET', '/app-api/me', { bearer: eve.bearer })).resolves.toMatchObject({ status: 401 });
});

test("somebody else's ID token proves nothing, nor does an API token sign in", async () => {
  const world = await peopledWorld();
  const eve = await world.person('eve@shop.test');
  const owner = await world.person('owner@shop.test');
  await expect(signIn(world, { bearer: eve.bearer, idToken: owner.idToken })).resolves.toMatchObject({ status: 401 });
  await expect(signIn(world, { bearer: world.ownerToken, idToken: owner.idToken })).resolves.toMatchObject({
    status: 403,
    errors: [{ type: 'person-required' }],
  });
  for (const path of ['/app-api/me', '/app-api/workspaces']) {
    await expect(world.call('GET', path)).resolves.toMatchObject({
      status: 403,
      errors: [{ type: 'person-required' }],
    });
  }
});

test("the deployment's owner becomes owner of each workspace without one at sign-in, of no other, and of none that ends", async () => {
  const world = await peopledWorld();
  const ended = { askedAt: '2026-11-01T10:00:00.000Z', by: 'x', dueAt: '2026-11-06T10:00:00.000Z' };
  const third = aWorkspace({ id: 'ws_3', slug: 'ended', name: 'Ended', deletion: ended });
  await world.commit(third.id, [{ kind: 'workspace', verb: 'save', thing: third }]);
  const boss = await world.person('Owner@Shop.test');
  const first = await signIn(world, boss);
  expect(first).toMatchObject({
    data: { workspaces: [{ id: 'ws_2', slug: 'other', name: 'Other' }], mayCreateWorkspaces: true },
  });
  expect((await world.trail(WS_2)).at(-1)).toMatchObject({
    event: 'User Added',
    actor: { type: 'user', email: 'owner@shop.test', id: expect.stringMatching(/^usr_/) },
  });
  const before = world.state();
  await signIn(world, boss);
  expect(world.state()).toBe(before);
  const { bearer } = boss;
  await expect(world.call('GET', '/users', { bearer })).resolves.toMatchObject({ status: 200, data: { users: [{}] } });
});

test("the deployment's owner whose account was made anew, with another subject, owns what they owned", async () => {
  const world = await peopledWorld();
  const { verifyId } = world.deps.personTokens;
  world.deps.personTokens.verifyId = async (token, access) => {
    const found = await verifyId(token, access);
    return found && { ...found, email: 'owner@shop.test' };
  };
  const first = await world.person('first-subject@x.test');
  await signIn(world, first);
  const again = await world.person('second-subject@x.test');
  const answer = await signIn(world, again);
  expect((answer.data as { workspaces: { slug: string }[] }).workspaces.map(({ slug }) => slug)).toEqual(['other']);
  await expect(world.call('GET', '/users', { bearer: again.bearer })).resolves.toMatchObject({
    status: 200,
    data: { users: [{ email: 'owner@shop.test' }, { email: 'owner@shop.test' }] },
  });
});

test('an address that has changed at the issuer changes in members and groups, and rights stay', async () => {
  const world = await peopledWorld();
  const ada = await world.person('ada@shop.test', [everywhere('source-admin')]);
  const made = await world.call('POST', '/groups', { body: { name: 'Team' } });
  const { id } = (made.data as { userGroup: { id: string } }).userGroup;
  await world.call('POST', `/groups/${id}/users`, { body: { emails: ['ada@shop.test'] } });
  const { verifyId } = world.deps.personTokens;
  world.deps.personTokens.verifyId = async (token, access) => {
    const found = await verifyId(token, access);
    return found && { ...found, email: 'ada.b@shop.test', name: 'Ada B' };
  };
  await signIn(world, ada);
  await expect(world.call('GET', `/users/${ada.id}`)).resolves.toMatchObject({
    data: { user: { email: 'ada.b@shop.test', name: 'Ada B', permissions: [{ roleId: 'source-admin' }] } },
  });
  await expect(world.call('GET', `/groups/${id}/users`)).resolves.toMatchObject({ data: { users: [{ id: ada.id }] } });
  expect((await world.trail()).slice(-2).map(({ event }) => event)).toEqual(['User Group Modified', 'User Modified']);
});

test('ending all sessions refuses tokens of every sign-in until then, of that person alone, and none of later ones', async () => {
  const world = await peopledWorld();
  const ada = await world.person('ada@shop.test', [everywhere('source-admin')]);
  const bob = await world.person('bob@shop.test', [everywhere('source-admin')]);
  const { verifyAccess } = world.deps.personTokens;
  let signedInAt = '2026-11-24T09:00:00.000Z';
  world.deps.personTokens.verifyAccess = async (token) => {
    const found = await verifyAccess(token);
    return found && { ...found, signedInAt };
  };
  const me = async (who: { bearer: string }) => (await world.call('GET', '/app-api/me', { bearer: who.bearer })).status;
  expect(await me(ada)).toBe(200);
  const ended = await world.call('POST', '/app-api/me/end-sessions', { bearer: ada.bearer });
  const { before } = ended.data as { before: string };
  expect(before).toMatch(/\.000Z$/);
  expect(Date.parse(before)).toBeGreaterThan(world.deps.now().getTime());
  expect([await me(ada), await me(bob)]).toEqual([401, 200]);
  expect(await world.call('GET', '/app-api/me', { bearer: ada.bearer })).toMatchObject({
    errors: [{ type: 'sign-in-ended' }],
  });
  // One by a refresh token says when its person signed in, not when it was renewed.
  signedInAt = new Date(Date.parse(before) - 1_000).toISOString();
  expect(await me(ada)).toBe(401);
  signedInAt = before;
  expect(await me(ada)).toBe(200);
  expect((await world.call('GET', '/app-api/me', { bearer: world.ownerToken })).status).toBe(403);
  expect(await world.call('POST', '/app-api/me/end-sessions')).toMatchObject({ status: 403 });
});

test('me names each workspace with the rights there as the app asks for them (A1, A01)', async () => {
  const world = await peopledWorld();
  const ada = await world.person('ada@shop.test', [
    onSource('source-read-only', 'src_2'),
    byLabel('source-editor', 'dev'),
  ]);
  await world.person('ada@shop.test', [everywhere('workspace-owner', 'ws_2')], 'ws_2');
  const me = await world.call('GET', '/app-api/me', { bearer: ada.bearer });
  type Me = { workspaces: { slug: string; rights: { right: string; where: unknown }[] }[]; capabilities: object[] };
  const { workspaces, capabilities } = me.data as Me;
  expect(workspaces).toMatchObject([
    { id: 'ws_2', slug: 'other', isOwner: true, piiAccess: true },
    { id: 'ws_1', slug: 'shop', isOwner: false, piiAccess: false },
  ]);
  const labels = [{ key: 'environment', value: 'dev' }];
  expect(workspaces[1]?.rights).toEqual([
    { right: 'source.read', where: [{ sourceId: 'src_2' }, { labels }] },
    { right: 'source.keys', where: [{ labels }] },
    { right: 'source.edit', where: [{ labels }] },
    { right: 'destination.read', where: [{ sourceId: 'src_2' }, { labels }] },
    { right: 'destination.edit', where: [{ labels }] },
    { right: 'transformation.read', where: [{ sourceId: 'src_2' }, { labels }] },
    { right: 'workspace.read', where: 'everywhere' },
    { right: 'label.read', where: 'everywhere' },
  ]);
  expect(workspaces[0]?.rights.every(({ where }) => where === 'everywhere')).toBe(true);
  expect(capabilities).toEqual(
    expect.arrayContaining([
      { area: 'Invites', effect: 'works' },
      { area: 'Warehouses', effect: 'later' },
    ]),
  );
});

test('preferences are merged, taken away by null, bounded, and no configuration of any workspace', async () => {
  const world = await peopledWorld();
  const { bearer } = world.owner;
  const patch = (preferences: object) =>
    world.call('PATCH', '/app-api/me/preferences', { bearer, body: { preferences } });
  const before = (await world.trail()).length;
  await patch({ theme: 'dark', columns: ['name'] });
  await expect(patch({ theme: null, density: 2 })).resolves.toMatchObject({
    data: { preferences: { columns: ['name'], density: 2 } },
  });
  await expect(patch({ large: 'x'.repeat(16_400) })).resolves.toMatchObject({ status: 422 });
  const both = await Promise.all([patch({ a: 1 }), patch({ b: 2 })]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  const me = await world.call('GET', '/app-api/me', { bearer });
  expect((me.data as { preferences: object }).preferences).toEqual({ columns: ['name'], density: 2, a: 1, b: 2 });
  expect(await world.trail()).toHaveLength(before);
});

test.each(['"odd one"@shop.test', 'no-host', `${'a'.repeat(65)}@shop.test`, 'two@at@shop.test'])(
  'whoever signs in with the address %s, of a form that is not taken, is told so',
  async (email) => {
    const world = await peopledWorld();
    const refused = await signIn(world, await world.person(email));
    expect(refused).toMatchObject({ status: 403, errors: [{ type: 'address-not-taken' }] });
    expect(refused.errors[0]?.message).toContain('Have it changed where you signed in');
  },
);
