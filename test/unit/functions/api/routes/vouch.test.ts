import { everywhere, OWNER, peopledWorld } from '../../../../builders/api-people.ts';

const CEO = 'ceo@corp.test';

/** Two workspaces with an owner each, and the owner of the deployment, who owns neither. */
async function setUp() {
  const world = await peopledWorld();
  const { call, person, now } = world;
  const theirs = await person('mallory@other.test', [everywhere('workspace-owner', 'ws_2')], 'ws_2');
  const deployer = await person('owner@shop.test', []);
  const invite = async (bearer: string, email: string, permissions: unknown[] = []) => {
    const { data } = await call('POST', '/app-api/invites', { bearer, body: { email, permissions } });
    return (data as { token: string }).token;
  };
  const makeAccount = (token: string, password: string) =>
    call('POST', '/app-api/invites/account', { bearer: null, body: { token, password, name: 'x' } });
  /** Signs in now. */
  const signIn = async (email: string) => {
    const { bearer, idToken } = await person(email);
    const at = Math.floor(now().getTime() / 1_000) * 1_000;
    const signed = { bearer: `${bearer}.${at}`, answer: undefined as unknown as Awaited<ReturnType<typeof call>> };
    signed.answer = await call('POST', '/app-api/sign-in', {
      bearer: signed.bearer,
      body: { idToken: `${idToken}.${at}` },
    });
    return signed;
  };
  const accept = (bearer: string, token: string) =>
    call('POST', '/app-api/invites/accept', { bearer, body: { token } });
  const vouch = (bearer: string, email = CEO, password?: string) =>
    call('POST', '/app-api/accounts/vouch', { bearer, body: { email, ...(password !== undefined && { password }) } });
  return { ...world, theirs, deployer, invite, makeAccount, signIn, accept, vouch };
}

test('who made the account of an address by a link of theirs gets into no other workspace by it, and is out once the owner vouches', async () => {
  const { theirs, deployer, owner, invite, makeAccount, signIn, accept, vouch, call, advance, pool } = await setUp();
  await makeAccount(await invite(theirs.bearer, CEO), 'chosen by mallory');
  const old = await signIn(CEO);

  const link = await invite(owner.bearer, CEO, [OWNER]);
  await expect(makeAccount(link, 'chosen by the ceo')).resolves.toMatchObject({ status: 200 });
  expect(pool.held.get(CEO)?.password).toBe('chosen by mallory');
  for (const bearer of [old.bearer, (await signIn(CEO)).bearer]) {
    const refused = await accept(bearer, link);
    expect(refused).toMatchObject({ status: 403, errors: [{ type: 'address-not-proved' }] });
    expect(refused.errors[0]?.message).toContain('Ask the owner of this deployment to vouch');
  }

  advance(60_000);
  await expect(vouch(deployer.bearer)).resolves.toMatchObject({ status: 200, data: { status: 'SUCCESS' } });
  expect(pool.done).toEqual([`password of ${CEO}`, `sign out ${CEO}`]);
  expect(pool.held.get(CEO)?.password).toMatch(/^[\w-]{43}$/);
  // The token from before, and so one that was refreshed from it: it says the same sign-in.
  await expect(call('GET', '/app-api/me', { bearer: old.bearer })).resolves.toMatchObject({ status: 401 });
  await expect(accept(old.bearer, link)).resolves.toMatchObject({ status: 401 });

  advance(60_000);
  const fresh = await signIn(CEO);
  await expect(accept(fresh.bearer, link)).resolves.toMatchObject({ status: 200, data: { workspace: { id: 'ws_1' } } });
  await expect(call('GET', '/app-api/tokens', { bearer: fresh.bearer })).resolves.toMatchObject({ status: 200 });
  const headers = { 'x-tributary-workspace': 'ws_1' };
  await expect(call('GET', '/app-api/tokens', { bearer: old.bearer, headers })).resolves.toMatchObject({ status: 401 });
});

test('who made the account and never signed in cannot tell who they are once the owner has vouched, by what they signed in with before', async () => {
  const { theirs, deployer, owner, invite, makeAccount, signIn, accept, vouch, call, person, now, advance } =
    await setUp();
  await makeAccount(await invite(theirs.bearer, CEO), 'chosen by mallory');
  const { bearer, idToken } = await person(CEO);
  const at = now().getTime();
  advance(60_000);
  await expect(vouch(deployer.bearer, CEO, 'told to the ceo')).resolves.toMatchObject({ status: 200 });
  const late = { bearer: `${bearer}.${at}`, body: { idToken: `${idToken}.${at}` } };
  await expect(call('POST', '/app-api/sign-in', late)).resolves.toMatchObject({ status: 401 });
  advance(60_000);
  const fresh = await signIn(CEO);
  expect(fresh.answer.status).toBe(200);
  await expect(call('GET', '/app-api/me', { bearer: late.bearer })).resolves.toMatchObject({ status: 401 });
  const link = await invite(owner.bearer, CEO, [OWNER]);
  await expect(accept(fresh.bearer, link)).resolves.toMatchObject({ status: 200 });
});

test('an account counts where its own link led, and everywhere if an administrator made it', async () => {
  const { theirs, owner, invite, makeAccount, signIn, accept, pool } = await setUp();
  const own = await invite(theirs.bearer, CEO);
  await makeAccount(own, 'chosen by the ceo');
  await makeAccount(own, 'pressed twice, so');
  await expect(accept((await signIn(CEO)).bearer, own)).resolves.toMatchObject({ status: 200 });

  await pool.accounts.ensureAccount({ email: 'ada@corp.test', password: 'of an administrator' });
  const link = await invite(theirs.bearer, 'ada@corp.test');
  await makeAccount(link, 'chosen by mallory');
  const ada = await signIn('ada@corp.test');
  await expect(accept(ada.bearer, link)).resolves.toMatchObject({ status: 200 });
  const other = await invite(owner.bearer, 'ada@corp.test');
  await expect(accept(ada.bearer, other)).resolves.toMatchObject({ status: 200 });
});

test('two links at the same moment: the account counts in neither workspace, and one that is made anew later does in its own', async () => {
  const { theirs, owner, invite, makeAccount, signIn, accept, pool } = await setUp();
  const links = [await invite(theirs.bearer, CEO), await invite(owner.bearer, CEO)] as const;
  // Each has found no account, and said whose link it is, before either makes one.
  const make = pool.accounts.ensureAccount;
  let arrived = 0;
  const { promise: both, resolve } = Promise.withResolvers<void>();
  pool.accounts.ensureAccount = async (account) => {
    arrived += 1;
    if (arrived === links.length) resolve();
    await both;
    return await make(account);
  };
  await Promise.all(links.map((link, index) => makeAccount(link, `a password of ${index}`)));
  const { bearer } = await signIn(CEO);
  expect(arrived).toBe(2);
  for (const link of links) await expect(accept(bearer, link)).resolves.toMatchObject({ status: 403 });
  await pool.accounts.remove(CEO);
  await makeAccount(links[1], 'a password of the ceo');
  await expect(accept(bearer, links[1])).resolves.toMatchObject({ status: 200 });
  await expect(accept(bearer, links[0])).resolves.toMatchObject({ status: 403 });
});

test("only the deployment's owner vouches, for accounts alone that a link made", async () => {
  const { theirs, owner, deployer, invite, makeAccount, vouch, pool, state } = await setUp();
  await makeAccount(await invite(theirs.bearer, CEO), 'chosen by mallory');
  await pool.accounts.ensureAccount({ email: 'ada@corp.test' });
  const before = state();
  for (const { bearer } of [theirs, owner]) {
    await expect(vouch(bearer)).resolves.toMatchObject({ status: 403, errors: [{ type: 'insufficient-permission' }] });
  }
  await expect(vouch(deployer.bearer, 'ada@corp.test')).resolves.toMatchObject({ status: 409 });
  await expect(vouch(deployer.bearer, 'nobody@corp.test')).resolves.toMatchObject({ status: 404 });
  expect([state(), pool.done]).toEqual([before, []]);
});

test('an account that a link made before its address became that of OwnerEmail owns nothing and vouches for nobody', async () => {
  const { theirs, deps, invite, makeAccount, signIn, vouch, call, commit, control } = await setUp();
  await makeAccount(await invite(theirs.bearer, CEO), 'chosen by mallory');
  Object.assign(deps, { ownerEmail: CEO });
  const [shop] = (await control.listWorkspaces()).filter(({ slug }) => slug === 'shop');
  if (shop === undefined) throw new Error('There is no shop');
  const members = await control.listMembers(shop.id);
  await commit(
    shop.id,
    members.map((thing) => ({ kind: 'member', verb: 'remove', thing })),
  );
  const { bearer, answer } = await signIn(CEO);
  expect(answer).toMatchObject({ status: 200, data: { workspaces: [] } });
  await expect(vouch(bearer)).resolves.toMatchObject({ status: 403 });
  await expect(call('GET', '/', { bearer })).resolves.toMatchObject({ status: 404 });
});
