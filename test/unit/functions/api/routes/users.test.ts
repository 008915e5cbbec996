import { byLabel, everywhere, onSource, OWNER, peopledWorld } from '../../../../builders/api-people.ts';

test('members are listed page by page and read one by one, with their roles by name', async () => {
  const { call, person, owner } = await peopledWorld();
  const ada = await person('ada@shop.test', [onSource('source-admin')]);
  const first = await call('GET', '/users', { query: 'pagination[count]=1' });
  expect(first.data).toEqual({
    users: [
      {
        id: owner.id,
        name: 'olga',
        email: 'olga@shop.test',
        permissions: [{ ...OWNER, roleName: 'Workspace Owner' }],
      },
    ],
    pagination: { current: 'MA==', next: expect.any(String), totalEntries: 2 },
  });
  const { next } = (first.data as { pagination: { next: string } }).pagination;
  const second = await call('GET', '/users', { query: new URLSearchParams({ 'pagination.cursor': next }).toString() });
  expect(second.data).toMatchObject({ users: [{ id: ada.id }], pagination: { current: next } });
  await expect(call('GET', `/users/${ada.id}`)).resolves.toMatchObject({
    data: { user: { email: 'ada@shop.test', permissions: [{ roleId: 'source-admin', roleName: 'Source Admin' }] } },
  });
});

test('permissions are added once and replaced as a whole (M02)', async () => {
  const { call, person } = await peopledWorld();
  const { id } = await person('ada@shop.test', [onSource('source-read-only')]);
  const add = (permission: unknown) =>
    call('POST', `/users/${id}/permissions`, { body: { permissions: [permission] } });
  const dev = { ...byLabel('source-admin', 'dev'), roleName: 'Source Admin' };
  const readOnly = { ...onSource('source-read-only'), roleName: 'Source Read-only' };
  for (const _twice of [1, 2]) {
    await expect(add(byLabel('source-admin', 'dev'))).resolves.toMatchObject({
      data: { permissions: [readOnly, dev] },
    });
  }
  const replaced = await call('PUT', `/users/${id}/permissions`, {
    body: { permissions: [everywhere('source-editor')] },
  });
  expect(replaced.data).toEqual({ permissions: [{ ...everywhere('source-editor'), roleName: 'Source Editor' }] });
});

test.each([
  ['a role that nobody has', { roleId: 'king', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }, 422],
  ['a workspace role for a source', onSource('workspace-owner'), 422],
  ['a role of warehouses for a source', onSource('warehouse-destination-admin'), 422],
  ['a role of sources for a function', { roleId: 'source-admin', resources: [{ id: 'fn', type: 'FUNCTION' }] }, 422],
  ['a label that nobody made (M09)', byLabel('source-admin', 'moon'), 422],
  ['owners limited by a label', byLabel('workspace-owner', 'dev'), 422],
  ['another workspace', everywhere('source-admin', 'ws_2'), 404],
  ['a source of another workspace (T8)', onSource('source-admin', 'src_9'), 404],
  ['a source that nobody made', onSource('source-admin', 'src_77'), 404],
  [
    'a function, of which there are none',
    { roleId: 'function-admin', resources: [{ id: 'f', type: 'FUNCTION' }] },
    404,
  ],
  ['no resource', { roleId: 'source-admin', resources: [] }, 422],
])('%s cannot be given, and nothing is changed', async (_case, permission, status) => {
  const { call, person, state } = await peopledWorld();
  const { id } = await person('ada@shop.test', []);
  const before = state();
  for (const [method, path] of [
    ['POST', `/users/${id}/permissions`],
    ['PUT', `/users/${id}/permissions`],
  ] as const) {
    const body = { permissions: [everywhere('source-editor'), permission] };
    const answer = await call(method, path, { body });
    expect(answer).toMatchObject({ status, data: undefined });
    if (status === 422) expect(answer.errors[0]?.field).toMatch(/^permissions\.1/);
  }
  expect(state()).toBe(before);
});

test('a user of another workspace is not found, and all of a list stay when one of it is foreign (T8)', async () => {
  const { call, person, state } = await peopledWorld();
  const ada = await person('ada@shop.test', []);
  const foreign = await person('eve@other.test', [everywhere('workspace-owner', 'ws_2')], 'ws_2');
  const before = state();
  const tries = [
    call('GET', `/users/${foreign.id}`),
    call('GET', `/users/${foreign.id}/groups`),
    call('POST', `/users/${foreign.id}/permissions`, { body: { permissions: [everywhere('source-admin')] } }),
    call('PUT', `/users/${foreign.id}/permissions`, { body: { permissions: [] } }),
    call('DELETE', '/users', { query: `userIds[0]=${ada.id}&userIds[1]=${foreign.id}` }),
    call('DELETE', '/users', { query: `userIds=${ada.id}&userIds=nobody` }),
  ];
  for (const answer of await Promise.all(tries)) expect(answer.status).toBe(404);
  expect(state()).toBe(before);
});

test.each([
  ['removed', (id: string) => ['DELETE', '/users', { query: `userIds[0]=${id}` }] as const],
  [
    'left without the role',
    (id: string) => ['PUT', `/users/${id}/permissions`, { body: { permissions: [] } }] as const,
  ],
])('the last owner is not %s: 409, and stays (T6)', async (_case, requestOf) => {
  const { call, owner, person, state } = await peopledWorld();
  await person('ada@shop.test', [everywhere('source-admin')]);
  const before = state();
  const [method, path, asked] = requestOf(owner.id);
  await expect(call(method, path, asked)).resolves.toMatchObject({ status: 409, errors: [{ type: 'conflict' }] });
  expect(state()).toBe(before);
  const second = await person('ida@shop.test', [OWNER]);
  await expect(call(method, path, asked)).resolves.toMatchObject({ status: 200 });
  const [again, there, more] = requestOf(second.id);
  await expect(call(again, there, more)).resolves.toMatchObject({ status: 409 });
});

test('two owners who remove each other at the same moment leave one (T6)', async () => {
  const { call, person, owner, control } = await peopledWorld();
  const ida = await person('ida@shop.test', [OWNER]);
  const answers = await Promise.all([
    call('DELETE', '/users', { query: `userIds[0]=${ida.id}`, bearer: owner.bearer }),
    call('DELETE', '/users', { query: `userIds[0]=${owner.id}`, bearer: ida.bearer }),
  ]);
  // Whoever was slower belongs to the workspace no more when it is decided anew.
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404]);
  const [shop] = (await control.listWorkspaces()).filter(({ slug }) => slug === 'shop');
  await expect(shop && control.listMembers(shop.id)).resolves.toHaveLength(1);
});

test('a removed member is refused at the next request, and is in no group any more', async () => {
  const { call, person } = await peopledWorld();
  const ada = await person('ada@shop.test', [everywhere('source-admin')]);
  const group = await call('POST', '/groups', { body: { name: 'Shop' } });
  const { id } = (group.data as { userGroup: { id: string } }).userGroup;
  await call('POST', `/groups/${id}/users`, { body: { emails: ['Ada@Shop.test'] } });
  await expect(call('GET', '/', { bearer: ada.bearer })).resolves.toMatchObject({ status: 200 });
  await expect(call('DELETE', '/users', { query: `userIds[0]=${ada.id}` })).resolves.toMatchObject({
    status: 200,
    data: { status: 'SUCCESS' },
  });
  await expect(call('GET', '/', { bearer: ada.bearer })).resolves.toMatchObject({
    status: 404,
    errors: [{ type: 'no-workspace' }],
  });
  await expect(call('GET', `/groups/${id}/users`)).resolves.toMatchObject({ data: { users: [] } });
  await expect(call('GET', `/app-api/groups`)).resolves.toMatchObject({ data: { groups: [{ emails: [] }] } });
});

test('people who own nothing give nothing and remove nobody (T6)', async () => {
  const { call, person, owner, state } = await peopledWorld();
  const ada = await person('ada@shop.test', [everywhere('source-admin')]);
  await call('GET', '/', { bearer: ada.bearer });
  const before = state();
  const { bearer } = ada;
  const tries = [
    call('POST', `/users/${ada.id}/permissions`, { bearer, body: { permissions: [OWNER] } }),
    call('PUT', `/users/${ada.id}/permissions`, { bearer, body: { permissions: [OWNER] } }),
    call('DELETE', '/users', { bearer, query: `userIds[0]=${owner.id}` }),
    call('POST', '/invites', { bearer, body: { invites: [{ email: 'x@y.test', permissions: [OWNER] }] } }),
    call('POST', '/groups', { bearer, body: { name: 'Mine' } }),
  ];
  for (const answer of await Promise.all(tries)) {
    expect(answer).toMatchObject({
      status: 401,
      errors: [{ type: 'insufficient-permission', data: { owners: [{ email: 'olga@shop.test' }] } }],
    });
  }
  expect(state()).toBe(before);
});

test('roles are those that can be given', async () => {
  const { call, token } = await peopledWorld();
  const answer = await call('GET', '/roles', { bearer: await token([]) });
  expect(answer).toMatchObject({ status: 200, data: { pagination: { totalEntries: 19 } } });
  expect((answer.data as { roles: { id: string }[] }).roles.map(({ id }) => id)).toContain('source-editor');
});

test('a change of permissions is in the audit trail with who made it, before and after', async () => {
  const { call, person, owner, trail } = await peopledWorld();
  const { id } = await person('ada@shop.test', [everywhere('source-admin')]);
  await call('PUT', `/users/${id}/permissions`, { bearer: owner.bearer, body: { permissions: [] } });
  expect((await trail()).at(-1)).toMatchObject({
    event: 'User Permissions Modified',
    actor: { type: 'user', id: owner.id, email: 'olga@shop.test' },
    resource: { type: 'USER', id, name: 'ada@shop.test' },
    before: { permissions: [everywhere('source-admin')] },
    after: { permissions: [] },
    ip: '192.0.2.1',
  });
});

test.each([
  ['a name of a group that is too long', 'POST', '/groups', { name: 'x'.repeat(129) }, 'name'],
  ['an address that is none', 'POST', '/invites', { invites: [{ email: 'nobody' }] }, 'invites.0.email'],
  ['a field that there is not', 'POST', '/groups', { name: 'A', colour: 'red' }, 'colour'],
  ['no invite at all', 'POST', '/invites', { invites: [] }, 'invites'],
])('%s is answered 422 with its field', async (_case, method, path, body, field) => {
  const { call, state } = await peopledWorld();
  const before = state();
  await expect(call(method, path, { body })).resolves.toMatchObject({
    status: 422,
    errors: [{ type: 'input-validation', field }],
  });
  expect(state()).toBe(before);
});
