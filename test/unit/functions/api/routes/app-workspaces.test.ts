import { aSource } from '../../../../builders/workspace-things.ts';
import { byLabel, everywhere, onSource, peopledWorld } from '../../../../builders/api-people.ts';

const create = ({ call }: Awaited<ReturnType<typeof peopledWorld>>, bearer: string, slug: string, name = 'New') =>
  call('POST', '/app-api/workspaces', { bearer, body: { name, slug } });

test('an owner makes another workspace, owns it, and finds its first environments there (A01, M11)', async () => {
  const world = await peopledWorld();
  const { bearer } = world.owner;
  const made = await create(world, bearer, 'second', 'Second');
  expect(made).toMatchObject({ status: 201, data: { workspace: { slug: 'second', name: 'Second' } } });
  const { workspace } = made.data as { workspace: { id: string } };
  await expect(world.call('GET', '/app-api/workspaces', { bearer })).resolves.toMatchObject({
    data: {
      workspaces: [
        { slug: 'second', isOwner: true },
        { slug: 'shop', isOwner: true },
      ],
    },
  });
  await expect(world.call('GET', '/', { bearer })).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'x-tributary-workspace', data: ['second', 'shop'] }],
  });
  const headers = { 'x-tributary-workspace': 'second' };
  await expect(world.call('GET', '/users', { bearer, headers })).resolves.toMatchObject({
    data: { users: [{ email: 'olga@shop.test', permissions: [{ roleId: 'workspace-owner' }] }] },
  });
  const labels = await world.control.listLabels(workspace.id as never);
  expect(labels.map(({ key, value }) => `${key}:${value}`)).toEqual(['environment:dev', 'environment:prod']);
});

test("the deployment's owner makes the first workspace; a member who owns none makes none", async () => {
  const world = await peopledWorld();
  const boss = await world.person('owner@shop.test');
  await world.call('POST', '/app-api/sign-in', { bearer: boss.bearer, body: { idToken: boss.idToken } });
  await expect(create(world, boss.bearer, 'mine')).resolves.toMatchObject({ status: 201 });
  const ada = await world.person('ada@shop.test', [everywhere('source-admin')]);
  await expect(create(world, ada.bearer, 'hers')).resolves.toMatchObject({ status: 403 });
});

test('a slug is of one workspace, also where two take it at the same moment', async () => {
  const world = await peopledWorld();
  const { bearer } = world.owner;
  await expect(create(world, bearer, 'other')).resolves.toMatchObject({ status: 409, errors: [{ type: 'conflict' }] });
  const answers = await Promise.all([1, 2, 3].map(() => create(world, bearer, 'wanted')));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  const headers = { 'x-tributary-workspace': 'shop' };
  const rename = (slug: string) => world.call('PATCH', '/app-api/workspace', { bearer, headers, body: { slug } });
  await expect(rename('wanted')).resolves.toMatchObject({ status: 409 });
  await expect(rename('shop-one')).resolves.toMatchObject({ status: 200, data: { workspace: { slug: 'shop-one' } } });
  // What it had before is free again.
  await expect(create(world, bearer, 'shop')).resolves.toMatchObject({ status: 201 });
});

test.each(['', 'Shop', 'a b', '-a', 'a-', 'x'.repeat(65), 'ä'])('%j is no slug', async (slug) => {
  const world = await peopledWorld();
  await expect(create(world, world.owner.bearer, slug)).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'slug' }],
  });
});

test('a person belongs to twenty workspaces at most, and makes ten in a minute', async () => {
  const world = await peopledWorld();
  const makeSome = async (from: number, to: number) => {
    const statuses: number[] = [];
    for (let count = from; count <= to; count += 1) {
      statuses.push((await create(world, world.owner.bearer, `w-${count}`)).status);
    }
    return statuses;
  };
  await expect(makeSome(1, 11)).resolves.toEqual([...Array.from({ length: 10 }, () => 201), 429]);
  world.advance(60_000);
  await expect(makeSome(11, 20)).resolves.toEqual([...Array.from({ length: 9 }, () => 201), 409]);
});

test('name, unused sources and the source of the audit trail are set (A25, A16, H15); a foreign source is not found', async () => {
  const { call, control, commit, state } = await peopledWorld();
  const patch = (body: object, headers: Record<string, string> = {}) =>
    call('PATCH', '/app-api/workspace', { body, headers });
  await expect(
    patch({ name: ' The Shop ', autoDisableSources: true, auditForwarding: { sourceId: 'src_2' } }),
  ).resolves.toMatchObject({
    status: 200,
    data: {
      workspace: { name: 'The Shop', slug: 'shop', autoDisableSources: true, auditForwarding: { sourceId: 'src_2' } },
    },
  });
  const [source] = (await control.listSources(aSource().workspaceId)).filter(({ id }) => id === 'src_1');
  if (source !== undefined)
    await commit(source.workspaceId, [{ kind: 'source', verb: 'save', thing: { ...source, enabled: false } }]);
  const before = state();
  await expect(patch({ auditForwarding: { sourceId: 'src_9' } })).resolves.toMatchObject({ status: 404 });
  await expect(patch({ auditForwarding: { sourceId: 'src_1' } })).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'auditForwarding.sourceId' }],
  });
  await expect(patch({ name: 'Late' }, { 'if-match': '"1"' })).resolves.toMatchObject({ status: 409 });
  expect(state()).toBe(before);
  const cleared = await patch({ auditForwarding: null });
  expect((cleared.data as { workspace: object }).workspace).not.toHaveProperty('auditForwarding');
  await expect(call('GET', '/app-api/workspace')).resolves.toMatchObject({ data: cleared.data });
});

test('forwarding begins with the change that switches it on or turns it to another source, and with no other (H15)', async () => {
  const { call, control, trail, advance } = await peopledWorld();
  const patch = async (body: object) => {
    await expect(call('PATCH', '/app-api/workspace', { body })).resolves.toMatchObject({ status: 200 });
    advance(60_000);
    return (await control.getWorkspace(aSource().workspaceId))?.auditForwarding;
  };
  const first = await patch({ auditForwarding: { sourceId: 'src_1' } });
  const told = (await trail()).at(-1);
  expect(first).toEqual({ sourceId: 'src_1', since: expect.stringMatching(/^2026-11-26T10:00/) });
  // The entry of the change itself is forwarded, and the one before is not.
  expect((first?.since ?? '') <= (told?.at ?? '')).toBe(true);
  expect((first?.since ?? '') > ((await trail()).at(-2)?.at ?? '')).toBe(true);
  await expect(patch({ name: 'Renamed', auditForwarding: { sourceId: 'src_1' } })).resolves.toEqual(first);
  await expect(patch({ name: 'Again' })).resolves.toEqual(first);
  const moved = await patch({ auditForwarding: { sourceId: 'src_2' } });
  expect(moved).toEqual({ sourceId: 'src_2', since: expect.stringMatching(/^2026-11-26T10:03/) });
  await expect(patch({ auditForwarding: null })).resolves.toBeUndefined();
  const later = await patch({ auditForwarding: { sourceId: 'src_2' } });
  expect(later).toEqual({ sourceId: 'src_2', since: expect.stringMatching(/^2026-11-26T10:05/) });
});

test('deletion takes the slug, is due in five days, is taken back until then and not after (A19)', async () => {
  const { call, owner, advance, trail } = await peopledWorld();
  const { bearer } = owner;
  const restore = () => call('POST', '/app-api/workspace/restore', { bearer });
  const remove = (slug: string) => call('DELETE', '/app-api/workspace', { bearer, query: `slug=${slug}` });
  await expect(call('DELETE', '/app-api/workspace', { bearer })).resolves.toMatchObject({ status: 422 });
  await expect(remove('shopp')).resolves.toMatchObject({ status: 422, errors: [{ field: 'slug' }] });
  await expect(restore()).resolves.toMatchObject({ status: 409 });
  await expect(remove('shop')).resolves.toMatchObject({
    status: 200,
    data: { workspace: { deletion: { by: 'olga@shop.test', dueAt: expect.stringMatching(/^2026-12-01T10:00/) } } },
  });
  await expect(remove('shop')).resolves.toMatchObject({ status: 409 });
  await expect(call('GET', '/app-api/me', { bearer })).resolves.toMatchObject({
    data: { workspaces: [{ deletion: { by: 'olga@shop.test' } }] },
  });
  // Everything goes on until then.
  await expect(call('GET', '/users', { bearer })).resolves.toMatchObject({ status: 200 });
  advance(4 * 86_400_000);
  await expect(restore()).resolves.toMatchObject({ status: 200 });
  await remove('shop');
  advance(5 * 86_400_000);
  await expect(restore()).resolves.toMatchObject({ status: 409 });
  expect((await trail()).slice(-3).map(({ event, after }) => [event, after?.['deletion'] !== undefined])).toEqual([
    ['Workspace Modified', true],
    ['Workspace Modified', false],
    ['Workspace Modified', true],
  ]);
});

test.each([
  ['a source admin', [everywhere('source-admin')]],
  ['an owner of what has a label', [byLabel('workspace-owner', 'dev')]],
  ['an owner of one source', [onSource('workspace-owner')]],
])('%s neither changes nor deletes the workspace (T6)', async (_case, permissions) => {
  const { call, person, state } = await peopledWorld();
  const { bearer } = await person('ada@shop.test', permissions);
  const before = state();
  for (const answer of [
    await call('PATCH', '/app-api/workspace', { bearer, body: { name: 'Mine' } }),
    await call('DELETE', '/app-api/workspace', { bearer, query: 'slug=shop' }),
    await call('POST', '/app-api/workspace/restore', { bearer }),
  ]) {
    expect(answer).toMatchObject({ status: 403, errors: [{ type: 'insufficient-permission' }] });
  }
  expect(state()).toBe(before);
});
