import { byLabel, everywhere, onSource, peopledWorld } from '../../../../builders/api-people.ts';

test('personal data is a grant of its own, by person or by group, and owners have it (M03)', async () => {
  const { call, person, owner } = await peopledWorld();
  const ada = await person('ada@shop.test', [everywhere('source-admin')]);
  const members = async () => {
    const { data } = await call('GET', '/app-api/members');
    return (data as { members: { id: string; isOwner: boolean; piiAccess: boolean }[] }).members.map(
      ({ id, isOwner, piiAccess }) => [id, isOwner, piiAccess],
    );
  };
  await expect(members()).resolves.toEqual([
    [owner.id, true, true],
    [ada.id, false, false],
  ]);
  const patched = await call('PATCH', `/app-api/members/${ada.id}`, { body: { piiAccess: true } });
  expect(patched).toMatchObject({ status: 200, data: { member: { id: ada.id, piiAccess: true } } });
  await call('PATCH', `/app-api/members/${ada.id}`, { body: { piiAccess: false } });
  const made = await call('POST', '/groups', { body: { name: 'Privacy' } });
  const { id } = (made.data as { userGroup: { id: string } }).userGroup;
  await call('POST', `/groups/${id}/users`, { body: { emails: ['ada@shop.test'] } });
  await expect(call('PATCH', `/app-api/groups/${id}`, { body: { piiAccess: true } })).resolves.toMatchObject({
    data: { group: { id, piiAccess: true, emails: ['ada@shop.test'] } },
  });
  await expect(members()).resolves.toContainEqual([ada.id, false, true]);
  // It widens no other right.
  await expect(call('GET', '/users', { bearer: ada.bearer })).resolves.toMatchObject({ status: 401 });
});

test('a member asks whether they have a right and who can give it (M06); a source that they do not see is not found (T7)', async () => {
  const { call, person } = await peopledWorld();
  const { bearer } = await person('ada@shop.test', [byLabel('source-read-only', 'dev')]);
  const ask = (query: string) => call('GET', '/app-api/access', { bearer, query });
  const owners = [{ name: 'olga', email: 'olga@shop.test' }];
  await expect(ask('right=source.read&sourceId=src_1')).resolves.toMatchObject({ data: { allowed: true, owners } });
  await expect(ask('right=source.edit&sourceId=src_1')).resolves.toMatchObject({ data: { allowed: false, owners } });
  await expect(ask('right=member.edit')).resolves.toMatchObject({ data: { allowed: false, owners } });
  await expect(ask('right=source.read&sourceId=src_2')).resolves.toMatchObject({ status: 404 });
  await expect(ask('right=source.read&sourceId=src_9')).resolves.toMatchObject({ status: 404 });
  await expect(ask('right=member.edit&sourceId=src_1')).resolves.toMatchObject({ status: 422 });
  await expect(ask('right=everything')).resolves.toMatchObject({ status: 422, errors: [{ field: 'right' }] });
});

test('a request for access is in the trail, and owners see it until permissions change or 30 days are over (M06)', async () => {
  const { call, person, trail, advance } = await peopledWorld();
  const ada = await person('ada@shop.test', [byLabel('source-read-only', 'dev')]);
  const ask = (body: object, bearer = ada.bearer) => call('POST', '/app-api/access-requests', { bearer, body });
  const open = async () => {
    const { data } = await call('GET', '/app-api/access-requests');
    return (data as { requests: { right: string; sourceId?: string }[] }).requests;
  };
  await expect(ask({ right: 'source.edit', sourceId: 'src_1', note: 'for the launch' })).resolves.toMatchObject({
    status: 201,
    data: { request: { right: 'source.edit', user: { id: ada.id } }, owners: [{ email: 'olga@shop.test' }] },
  });
  expect((await trail()).at(-1)).toMatchObject({
    event: 'Access Requested',
    actor: { id: ada.id },
    after: { right: 'source.edit', sourceId: 'src_1', note: 'for the launch' },
  });
  await ask({ right: 'source.edit', sourceId: 'src_1', note: 'again' });
  await ask({ right: 'audit.read' });
  await expect(open()).resolves.toMatchObject([
    { right: 'audit.read', note: '' },
    { right: 'source.edit', sourceId: 'src_1', note: 'again' },
  ]);
  await expect(ask({ right: 'source.read', sourceId: 'src_1' })).resolves.toMatchObject({ status: 409 });
  await expect(ask({ right: 'source.edit', sourceId: 'src_2' })).resolves.toMatchObject({ status: 404 });
  await expect(call('GET', '/app-api/access-requests', { bearer: ada.bearer })).resolves.toMatchObject({ status: 403 });
  await expect(call('POST', '/app-api/access-requests', { body: { right: 'audit.read' } })).resolves.toMatchObject({
    status: 403,
    errors: [{ type: 'person-required' }],
  });
  await call('POST', `/users/${ada.id}/permissions`, { body: { permissions: [onSource('source-editor')] } });
  await expect(open()).resolves.toEqual([]);
  await ask({ right: 'audit.read' });
  await expect(open()).resolves.toHaveLength(1);
  advance(30 * 86_400_000);
  await expect(open()).resolves.toEqual([]);
});

test('ten open requests are a person’s most; those that are over make room', async () => {
  const { call, person, advance, documents } = await peopledWorld();
  const { bearer } = await person('ada@shop.test', []);
  const rights = ['source.read', 'source.edit', 'source.create', 'source.keys', 'source.label', 'source.delete'];
  const more = ['destination.read', 'destination.edit', 'audit.read', 'usage.read', 'member.read'];
  const ask = (right: string) => call('POST', '/app-api/access-requests', { bearer, body: { right } });
  const statuses = [];
  for (const right of [...rights, ...more]) statuses.push((await ask(right)).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 409]);
  advance(31 * 86_400_000);
  await expect(ask('member.read')).resolves.toMatchObject({ status: 201 });
  expect([...documents.items.keys()].filter((key) => key.includes('REQ#'))).toHaveLength(1);
});

test('who can give a right is told to people alone: an API token learns no address by asking', async () => {
  const { call, token, owner } = await peopledWorld();
  const bearer = await token([]);
  const query = 'right=source.edit';
  const told = await call('GET', '/app-api/access', { bearer, query });
  expect(told).toMatchObject({ status: 200, data: { allowed: false, owners: [] } });
  await expect(call('GET', '/app-api/access', { bearer: owner.bearer, query })).resolves.toMatchObject({
    data: { allowed: true, owners: [{ email: 'olga@shop.test' }] },
  });
});
