import { byLabel, everywhere, onSource, OWNER, peopledWorld } from '../../../../builders/api-people.ts';

async function setUp() {
  const world = await peopledWorld();
  const made = await world.call('POST', '/groups', { body: { name: 'Shop team' } });
  const { id } = (made.data as { userGroup: { id: string } }).userGroup;
  return { ...world, groupId: id };
}

test('a group is made, renamed, listed and deleted, and its name is its own', async () => {
  const { call, groupId } = await setUp();
  const group = { id: groupId, name: 'Shop team', memberCount: 0, permissions: [] };
  await expect(call('GET', `/groups/${groupId}`)).resolves.toMatchObject({ data: { userGroup: group } });
  await expect(call('POST', '/groups', { body: { name: 'Shop team' } })).resolves.toMatchObject({ status: 409 });
  await call('POST', '/groups', { body: { name: 'Others' } });
  await expect(call('PATCH', `/groups/${groupId}`, { body: { name: 'Others' } })).resolves.toMatchObject({
    status: 409,
  });
  await expect(call('PATCH', `/groups/${groupId}`, { body: { name: ' Team ' } })).resolves.toMatchObject({
    data: { userGroup: { ...group, name: 'Team' } },
  });
  await expect(call('GET', '/groups')).resolves.toMatchObject({
    data: { userGroups: [{ name: 'Team' }, { name: 'Others' }], pagination: { totalEntries: 2 } },
  });
  await expect(call('DELETE', `/groups/${groupId}`)).resolves.toMatchObject({ data: { status: 'SUCCESS' } });
  await expect(call('GET', `/groups/${groupId}`)).resolves.toMatchObject({ status: 404 });
});

test("a group's permissions are its members' beside their own, from the next request on (M02)", async () => {
  const { call, person, groupId } = await setUp();
  const { id, bearer } = await person('ada@shop.test', [onSource('source-read-only', 'src_2')]);
  const rights = async () => {
    const me = await call('GET', '/app-api/me', { bearer });
    const [workspace] = (me.data as { workspaces: { rights: { right: string; where: unknown }[] }[] }).workspaces;
    return workspace?.rights.find(({ right }) => right === 'source.read')?.where;
  };
  await expect(rights()).resolves.toEqual([{ sourceId: 'src_2' }]);
  await call('POST', `/groups/${groupId}/permissions`, { body: { permissions: [byLabel('source-admin', 'dev')] } });
  await call('POST', `/groups/${groupId}/users`, { body: { emails: ['ADA@shop.test'] } });
  const dev = [{ key: 'environment', value: 'dev' }];
  await expect(rights()).resolves.toEqual([{ sourceId: 'src_2' }, { labels: dev }]);
  await expect(call('GET', `/users/${id}/groups`)).resolves.toMatchObject({
    data: { groups: [{ id: groupId, name: 'Shop team' }], pagination: { totalEntries: 1 } },
  });
  await expect(call('GET', `/groups/${groupId}/users`)).resolves.toMatchObject({
    data: { users: [{ id, name: 'ada', email: 'ada@shop.test' }] },
  });
  await call('DELETE', `/group/${groupId}/users`, { query: 'emails[0]=ada%40shop.test' });
  await expect(rights()).resolves.toEqual([{ sourceId: 'src_2' }]);
});

test('people of a group are members or invited; an invite is named by the group, and others must be invited first', async () => {
  const { call, groupId, person, state } = await setUp();
  await person('ada@shop.test', []);
  await call('POST', '/invites', { body: { invites: [{ email: 'new@shop.test' }] } });
  const put = (emails: string[]) => call('PUT', `/group/${groupId}/users`, { body: { emails } });
  await expect(put(['ada@shop.test', 'new@shop.test'])).resolves.toMatchObject({
    data: { userGroup: { id: groupId, memberCount: 1 } },
  });
  await expect(call('GET', `/groups/${groupId}/invites`)).resolves.toMatchObject({
    data: { emails: ['new@shop.test'] },
  });
  const before = state();
  await expect(put(['ada@shop.test', 'stranger@shop.test'])).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'emails.1' }],
  });
  await expect(call('DELETE', `/group/${groupId}/users`, { query: 'emails=["who@shop.test"]' })).resolves.toMatchObject(
    {
      status: 404,
    },
  );
  expect(state()).toBe(before);
  await expect(put([])).resolves.toMatchObject({ data: { userGroup: { memberCount: 0 } } });
});

test('an owner by a group counts: the group cannot take the last owner away (T6)', async () => {
  const { call, groupId, owner, person } = await setUp();
  const { bearer } = await person('ada@shop.test', []);
  await call('POST', `/groups/${groupId}/users`, { body: { emails: ['ada@shop.test'] } });
  await call('PUT', `/groups/${groupId}/permissions`, { body: { permissions: [OWNER] } });
  await expect(call('DELETE', '/users', { query: `userIds[0]=${owner.id}` })).resolves.toMatchObject({ status: 200 });
  await expect(call('GET', '/app-api/access', { bearer, query: 'right=audit.read' })).resolves.toMatchObject({
    data: { owners: [{ email: 'ada@shop.test' }] },
  });
  for (const answer of [
    await call('PUT', `/groups/${groupId}/permissions`, { body: { permissions: [] } }),
    await call('DELETE', `/groups/${groupId}`),
    await call('DELETE', `/group/${groupId}/users`, { query: 'emails=ada@shop.test' }),
    await call('PUT', `/group/${groupId}/users`, { body: { emails: [] } }),
  ]) {
    expect(answer).toMatchObject({ status: 409, errors: [{ type: 'conflict' }] });
  }
});

test('a group of another workspace is not found by any of its routes (T8)', async () => {
  const { call, token, state, groupId } = await setUp();
  const bearer = await token([everywhere('workspace-owner', 'ws_2')], 'ws_2');
  await call('GET', '/', { bearer });
  const before = state();
  const body = { permissions: [everywhere('source-admin', 'ws_2')] };
  for (const answer of [
    await call('GET', `/groups/${groupId}`, { bearer }),
    await call('PATCH', `/groups/${groupId}`, { bearer, body: { name: 'Mine' } }),
    await call('DELETE', `/groups/${groupId}`, { bearer }),
    await call('GET', `/groups/${groupId}/users`, { bearer }),
    await call('GET', `/groups/${groupId}/invites`, { bearer }),
    await call('POST', `/groups/${groupId}/users`, { bearer, body: { emails: ['olga@shop.test'] } }),
    await call('PUT', `/group/${groupId}/users`, { bearer, body: { emails: [] } }),
    await call('DELETE', `/group/${groupId}/users`, { bearer, query: 'emails=olga@shop.test' }),
    await call('POST', `/groups/${groupId}/permissions`, { bearer, body }),
    await call('PUT', `/groups/${groupId}/permissions`, { bearer, body }),
    await call('PATCH', `/app-api/groups/${groupId}`, { bearer, body: { piiAccess: true } }),
  ]) {
    expect(answer.status).toBe(404);
  }
  expect(state()).toBe(before);
});
