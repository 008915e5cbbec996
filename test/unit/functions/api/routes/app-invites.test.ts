import type { EnsuredAccount } from '../../../../../shared/ports/accounts.ts';
import { Group, Invite } from '../../../../../shared/domain/people.ts';
import { everywhere, OWNER, peopledWorld } from '../../../../builders/api-people.ts';

async function setUp(ensured: EnsuredAccount = { outcome: 'made' }) {
  const made: unknown[] = [];
  const world = await peopledWorld({
    accounts: async () => ({
      ensureAccount: async (account) => {
        made.push(account);
        return ensured;
      },
      setPassword: () => Promise.reject(new Error('nobody sets the password of an account that is there')),
      find: async () => undefined,
      remove: async () => undefined,
      signOutEverywhere: async () => undefined,
    }),
  });
  const invite = async (email: string, more: object = {}) => {
    const answer = await world.call('POST', '/app-api/invites', { body: { email, ...more } });
    return { ...answer, token: (answer.data as { token: string } | undefined)?.token ?? '' };
  };
  /** Somebody who has signed in and belongs nowhere. */
  const stranger = async (email: string) => {
    const someone = await world.person(email);
    await world.call('POST', '/app-api/sign-in', { bearer: someone.bearer, body: { idToken: someone.idToken } });
    return someone;
  };
  const accept = (token: string, bearer: string) =>
    world.call('POST', '/app-api/invites/accept', { bearer, body: { token } });
  const lookUp = (token: string, ip = '192.0.2.1') =>
    world.call('POST', '/app-api/invites/lookup', { bearer: null, ip, body: { token } });
  return { ...world, made, invite, stranger, accept, lookUp };
}

test('an invite answers its link once, is shown with who made it, and is accepted by its address alone, once', async () => {
  const { invite, call, stranger, accept, lookUp, trail } = await setUp();
  const group = await call('POST', '/groups', { body: { name: 'Shop team' } });
  const groupId = (group.data as { userGroup: { id: string } }).userGroup.id;
  const invited = await invite('New.Person@Shop.test', {
    permissions: [everywhere('source-admin')],
    groupIds: [groupId],
  });
  expect(invited).toMatchObject({
    status: 201,
    data: {
      token: expect.stringMatching(/^inv_[A-Za-z0-9_-]{43}$/),
      invite: {
        email: 'new.person@shop.test',
        permissions: [{ roleId: 'source-admin' }],
        groups: [{ id: groupId, name: 'Shop team' }],
        expired: false,
        expiresAt: expect.stringMatching(/^2026-12-03T10:00/),
      },
    },
  });
  await expect(call('GET', '/invites')).resolves.toMatchObject({ data: { invites: ['new.person@shop.test'] } });
  await expect(lookUp(invited.token)).resolves.toMatchObject({
    status: 200,
    data: { workspace: { name: 'Shop' }, email: 'n•••@s•••.test' },
  });
  const other = await stranger('eve@shop.test');
  const refused = await accept(invited.token, other.bearer);
  expect(refused).toMatchObject({ status: 403, errors: [{ type: 'another-address' }] });
  expect(refused.text).not.toMatch(/new\.person|Shop"/);

  const mine = await stranger('new.person@shop.test');
  await expect(call('GET', '/', { bearer: mine.bearer })).resolves.toMatchObject({ status: 404 });
  await expect(accept(invited.token, mine.bearer)).resolves.toMatchObject({
    status: 200,
    data: { workspace: { id: 'ws_1', slug: 'shop', name: 'Shop' } },
  });
  await expect(call('GET', '/', { bearer: mine.bearer })).resolves.toMatchObject({ status: 200 });
  await expect(accept(invited.token, mine.bearer)).resolves.toMatchObject({ status: 404 });
  await expect(lookUp(invited.token)).resolves.toMatchObject({ status: 404 });
  await expect(call('GET', '/app-api/invites')).resolves.toMatchObject({ data: { invites: [] } });
  await expect(call('GET', `/groups/${groupId}/users`)).resolves.toMatchObject({
    data: { users: [{ email: 'new.person@shop.test' }] },
  });
  const events = (await trail()).map(({ event, actor }) => [event, actor.email ?? actor.type]).slice(-3);
  expect(events).toEqual([
    ['User Group Modified', 'token'],
    ['User Added', 'new.person@shop.test'],
    ['User Invite Removed', 'new.person@shop.test'],
  ]);
  // A member is invited no more.
  await expect(invite('new.person@shop.test')).resolves.toMatchObject({ status: 409 });
});

test('inviting again makes the old link void, and deleting the invite the new one', async () => {
  const { invite, call, lookUp, stranger, accept } = await setUp();
  const old = await invite('new@shop.test');
  const again = await invite('new@shop.test', { permissions: [everywhere('source-read-only')] });
  expect(again.token).not.toBe(old.token);
  await expect(lookUp(old.token)).resolves.toMatchObject({ status: 404 });
  await expect(lookUp(again.token)).resolves.toMatchObject({ status: 200 });
  await expect(call('DELETE', '/invites', { query: 'emails[0]=new@shop.test' })).resolves.toMatchObject({
    data: { status: 'SUCCESS' },
  });
  const { bearer } = await stranger('new@shop.test');
  await expect(accept(again.token, bearer)).resolves.toMatchObject({ status: 404 });
});

test('an invite that is over is used by nobody, and can be made again', async () => {
  const { invite, advance, stranger, accept, call } = await setUp();
  const { token } = await invite('new@shop.test');
  const { bearer } = await stranger('new@shop.test');
  advance(7 * 86_400_000);
  await expect(accept(token, bearer)).resolves.toMatchObject({ status: 404 });
  await expect(call('GET', '/invites')).resolves.toMatchObject({ data: { invites: [] } });
  await expect(call('GET', '/app-api/invites')).resolves.toMatchObject({ data: { invites: [{ expired: true }] } });
  const again = await invite('new@shop.test');
  await expect(accept(again.token, bearer)).resolves.toMatchObject({ status: 200 });
});

test('two accepts at the same moment make one member', async () => {
  const { invite, stranger, accept, control } = await setUp();
  const { token } = await invite('new@shop.test', { permissions: [everywhere('source-admin')] });
  const { bearer } = await stranger('new@shop.test');
  const answers = await Promise.all([accept(token, bearer), accept(token, bearer)]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404]);
  const [shop] = (await control.listWorkspaces()).filter(({ slug }) => slug === 'shop');
  const members = shop === undefined ? [] : await control.listMembers(shop.id);
  expect(members.map(({ email }) => email).toSorted()).toEqual(['new@shop.test', 'olga@shop.test']);
});

test.each([
  ['a text that was never a link', 'inv_nothing'],
  ['the hash that is kept of one', 'ab'.repeat(32)],
])('%s opens nothing', async (_case, token) => {
  const { lookUp, stranger, accept, call } = await setUp();
  const { bearer } = await stranger('new@shop.test');
  await expect(lookUp(token)).resolves.toMatchObject({ status: 404 });
  await expect(accept(token, bearer)).resolves.toMatchObject({ status: 404 });
  const body = { token, password: 'correct horse', name: 'New' };
  await expect(call('POST', '/app-api/invites/account', { bearer: null, body })).resolves.toMatchObject({
    status: 404,
  });
});

test('the link makes an account for its address; that there was one is not told, and its password stays (T20)', async () => {
  const body = (token: string) => ({ token, password: 'correct horse', name: 'New Person' });
  const texts: string[] = [];
  for (const outcome of ['made', 'there'] as const) {
    const { invite, call, made } = await setUp({ outcome });
    const { token } = await invite('new@shop.test');
    const answer = await call('POST', '/app-api/invites/account', { bearer: null, body: body(token) });
    expect(answer.status).toBe(200);
    texts.push(answer.text);
    expect(made).toEqual([{ email: 'new@shop.test', name: 'New Person', password: 'correct horse' }]);
  }
  expect(texts[0]).toBe(texts[1]);
  const { invite, call } = await setUp({ outcome: 'password-refused', why: 'Use a digit.' });
  const { token } = await invite('new@shop.test');
  await expect(call('POST', '/app-api/invites/account', { bearer: null, body: body(token) })).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'password', message: 'Use a digit.' }],
  });
});

test("no link makes the account of the deployment's owner: whoever invites could make it their own", async () => {
  const { invite, call, made } = await setUp();
  const { token } = await invite('owner@shop.test');
  const body = { token, password: 'correct horse', name: 'Owner' };
  await expect(call('POST', '/app-api/invites/account', { bearer: null, body })).resolves.toMatchObject({
    status: 200,
  });
  expect(made).toEqual([]);
});

test('public routes are counted by address, ten accounts and thirty looks in a minute (T20)', async () => {
  const { lookUp, call, advance } = await setUp();
  for (let count = 0; count < 30; count += 1) await expect(lookUp('inv_x')).resolves.toMatchObject({ status: 404 });
  await expect(lookUp('inv_x')).resolves.toMatchObject({ status: 429 });
  await expect(lookUp('inv_x', '192.0.2.99')).resolves.toMatchObject({ status: 404 });
  const account = () =>
    call('POST', '/app-api/invites/account', {
      bearer: null,
      body: { token: 'inv_x', password: 'correct horse', name: 'A' },
    });
  for (let count = 0; count < 10; count += 1) await expect(account()).resolves.toMatchObject({ status: 404 });
  await expect(account()).resolves.toMatchObject({ status: 429 });
  advance(60_000);
  await expect(account()).resolves.toMatchObject({ status: 404 });
});

test("the original's invites: several at once or none, labels for all resources, the workspace where none is named", async () => {
  const { call, control, state, invite } = await setUp();
  const labels = [{ key: 'environment', value: 'dev' }];
  const answer = await call('POST', '/invites', {
    body: {
      invites: [
        { email: 'A@shop.test', permissions: [{ roleId: 'source-admin', labels }] },
        {
          email: 'b@shop.test',
          permissions: [{ roleId: 'source-read-only', resources: [{ id: 'src_1', type: 'SOURCE' }] }],
        },
        { email: 'c@shop.test' },
      ],
    },
  });
  expect(answer).toMatchObject({ status: 201, data: { emails: ['a@shop.test', 'b@shop.test', 'c@shop.test'] } });
  const [shop] = (await control.listWorkspaces()).filter(({ slug }) => slug === 'shop');
  const invites = shop === undefined ? [] : await control.listInvites(shop.id);
  expect(invites.map(({ permissions }) => permissions)).toEqual([
    [{ roleId: 'source-admin', resources: [{ id: 'ws_1', type: 'WORKSPACE', labels }] }],
    [{ roleId: 'source-read-only', resources: [{ id: 'src_1', type: 'SOURCE' }] }],
    [],
  ]);
  const before = state();
  const invitesOf = (...emails: string[]) => ({ body: { invites: emails.map((email) => ({ email })) } });
  await expect(call('POST', '/invites', invitesOf('d@shop.test', 'olga@shop.test'))).resolves.toMatchObject({
    status: 409,
  });
  await expect(call('POST', '/invites', invitesOf('d@shop.test', 'D@shop.test'))).resolves.toMatchObject({
    status: 422,
  });
  await expect(call('DELETE', '/invites', { query: 'emails=a@shop.test,no@shop.test' })).resolves.toMatchObject({
    status: 404,
  });
  await expect(invite('d@shop.test', { groupIds: ['grp_other'] })).resolves.toMatchObject({ status: 404 });
  await expect(invite('d@shop.test', { permissions: [{ ...OWNER, roleId: 'king' }] })).resolves.toMatchObject({
    status: 422,
  });
  expect(state()).toBe(before);
});

test('nothing that is kept, answered later or told holds the text of a link', async () => {
  const { invite, documents, call, hints } = await setUp();
  const { token } = await invite('new@shop.test', { permissions: [everywhere('source-admin')] });
  const lists = await Promise.all(
    ['/invites', '/app-api/invites', '/app-api/audit-events'].map((path) => call('GET', path)),
  );
  const everything = [...documents.texts(), ...lists.map(({ text }) => text), JSON.stringify(hints)].join('\n');
  expect(everything).toContain('new@shop.test');
  expect(everything).not.toContain(token);
  expect(everything).not.toContain(token.slice(4, 30));
  expect(lists.at(-1)?.text).not.toContain('sha256');
});

test('the last owner is one by a group: deleting an invite to their address does not take them out of it (T6)', async () => {
  const { call, commit, control, person, state } = await setUp();
  const dan = await person('dan@shop.test', []);
  const [shop] = (await control.listWorkspaces()).filter(({ slug }) => slug === 'shop');
  if (shop === undefined) throw new Error('There is no shop');
  const stored = { version: 0, createdAt: shop.createdAt, updatedAt: shop.createdAt };
  const olga = (await control.listMembers(shop.id)).find(({ email }) => email === 'olga@shop.test');
  const of = { workspaceId: shop.id, permissions: [OWNER], ...stored };
  await commit(shop.id, [
    {
      kind: 'group',
      verb: 'save',
      thing: Group.parse({ id: 'grp_1', name: 'Owners', emails: ['dan@shop.test'], ...of }),
    },
    {
      kind: 'invite',
      verb: 'save',
      thing: Invite.parse({
        ...of,
        email: 'dan@shop.test',
        sha256: 'ab'.repeat(32),
        expiresAt: '2026-12-03T10:00:00.000Z',
        invitedBy: 'x',
      }),
    },
    ...(olga === undefined ? [] : [{ kind: 'member', verb: 'remove', thing: olga } as const]),
  ]);
  const before = state();
  const answer = await call('DELETE', '/invites', { query: 'emails[0]=dan@shop.test', bearer: dan.bearer });
  expect(answer).toMatchObject({ status: 409, errors: [{ message: expect.stringContaining('no owner any more') }] });
  expect(state()).toBe(before);
});

test('no cursor of a list of people tells an address or an id', async () => {
  const { call, invite } = await setUp();
  const emails = ['ann@shop.test', 'bea@shop.test', 'cid@shop.test'];
  for (const email of emails) await invite(email);
  const first = await call('GET', '/invites', { query: 'pagination[count]=1' });
  const { pagination } = first.data as { pagination: { next: string } };
  expect(Buffer.from(pagination.next, 'base64url').toString('latin1')).not.toMatch(/bea|shop/);
  const next = await call('GET', '/invites', { query: `pagination[count]=1&pagination[cursor]=${pagination.next}` });
  expect(next.data).toMatchObject({ invites: ['bea@shop.test'] });
  for (const cursor of [
    `${pagination.next}.`,
    `${pagination.next}AAAA`,
    pagination.next.slice(0, -1),
    `A${pagination.next.slice(1)}`,
  ]) {
    const refused = await call('GET', '/invites', { query: `pagination[cursor]=${cursor}` });
    expect([cursor, refused.status, refused.errors[0]?.field]).toEqual([cursor, 422, 'pagination.cursor']);
  }
  // Of another list.
  await expect(call('GET', '/users', { query: `pagination[cursor]=${pagination.next}` })).resolves.toMatchObject({
    status: 422,
  });
});
