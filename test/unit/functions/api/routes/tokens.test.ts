import { randomBytes } from 'node:crypto';
import { byLabel, everywhere, onSource, OWNER, peopledWorld } from '../../../../builders/api-people.ts';

type Token = { token: { id: string }; text: string };
const make = async (
  { call }: Awaited<ReturnType<typeof peopledWorld>>,
  body: object,
  bearer?: string,
): Promise<Token & { status: number }> => {
  const answer = await call('POST', '/app-api/tokens', { body, ...(bearer !== undefined && { bearer }) });
  return { ...(answer.data as Token), status: answer.status };
};

test('a token is shown once, works at once with its rights alone, and stops at the request after its end (T5, M12)', async () => {
  const world = await peopledWorld();
  const { call, owner } = world;
  const body = { name: 'CI', permissions: [byLabel('source-admin', 'dev')], expiresAt: '2026-11-26T12:00:00+01:00' };
  const made = await make(world, body, owner.bearer);
  expect(made).toMatchObject({
    status: 201,
    text: expect.stringMatching(/^tby_[A-Za-z0-9_-]{43}$/),
    token: { name: 'CI', createdBy: owner.id, ownerless: false, expired: false, expiresAt: '2026-11-26T11:00:00.000Z' },
  });
  await expect(call('GET', '/', { bearer: made.text })).resolves.toMatchObject({ status: 200 });
  await expect(call('GET', '/users', { bearer: made.text })).resolves.toMatchObject({ status: 401 });
  const shown = await call('GET', `/app-api/tokens/${made.token.id}`);
  expect(shown.data).toMatchObject({ token: { id: made.token.id, lastUsedDay: '2026-11-26' } });
  expect(shown.text).not.toContain(made.text);
  world.advance(3_600_000);
  await expect(call('GET', '/', { bearer: made.text })).resolves.toMatchObject({ status: 401 });
  await expect(call('GET', '/app-api/tokens')).resolves.toMatchObject({
    data: { tokens: expect.arrayContaining([expect.objectContaining({ id: made.token.id, expired: true })]) },
  });
});

test('a deleted token is refused at the next request (T5)', async () => {
  const world = await peopledWorld();
  const { text, token } = await make(world, { name: 'CI', permissions: [OWNER] });
  await expect(world.call('GET', '/users', { bearer: text })).resolves.toMatchObject({ status: 200 });
  await expect(world.call('DELETE', `/app-api/tokens/${token.id}`)).resolves.toMatchObject({
    data: { status: 'SUCCESS' },
  });
  await expect(world.call('GET', '/users', { bearer: text })).resolves.toMatchObject({ status: 401 });
  await expect(world.call('DELETE', `/app-api/tokens/${token.id}`)).resolves.toMatchObject({ status: 404 });
  await expect(world.call('GET', `/app-api/tokens/${token.id}`)).resolves.toMatchObject({ status: 404 });
});

test('a token whose maker has left says so (M12), and goes on', async () => {
  const world = await peopledWorld();
  const ida = await world.person('ida@shop.test', [OWNER]);
  const { token, text } = await make(world, { name: 'CI', permissions: [everywhere('source-admin')] }, ida.bearer);
  await world.call('DELETE', '/users', { query: `userIds[0]=${ida.id}` });
  await expect(world.call('GET', `/app-api/tokens/${token.id}`)).resolves.toMatchObject({
    data: { token: { ownerless: true, createdBy: ida.id } },
  });
  await expect(world.call('GET', '/', { bearer: text })).resolves.toMatchObject({ status: 200 });
});

test.each([
  ['people who own nothing', [everywhere('source-admin')]],
  ['people with no role', []],
])('%s make and see no tokens', async (_case, permissions) => {
  const { call, person } = await peopledWorld();
  const { bearer } = await person('ada@shop.test', permissions);
  for (const [method, path] of [
    ['GET', '/app-api/tokens'],
    ['GET', '/app-api/tokens/tok_1'],
    ['POST', '/app-api/tokens'],
    ['DELETE', '/app-api/tokens/tok_1'],
  ] as const) {
    await expect(call(method, path, { bearer, body: {} })).resolves.toMatchObject({
      status: 403,
      errors: [{ type: 'insufficient-permission' }],
    });
  }
});

test.each([
  ['no permission', { name: 'A', permissions: [] }, 422],
  ['no name', { name: ' ', permissions: [OWNER] }, 422],
  ['an end that is over', { name: 'A', permissions: [OWNER], expiresAt: '2026-11-26T09:00:00Z' }, 422],
  ['an end that is no moment', { name: 'A', permissions: [OWNER], expiresAt: 'soon' }, 422],
  ['rights in another workspace (T6)', { name: 'A', permissions: [everywhere('workspace-owner', 'ws_2')] }, 404],
  ['a foreign source', { name: 'A', permissions: [onSource('source-admin', 'src_9')] }, 404],
])('a token with %s is not made', async (_case, body, status) => {
  const { call, state } = await peopledWorld();
  const before = state();
  await expect(call('POST', '/app-api/tokens', { body })).resolves.toMatchObject({ status });
  expect(state()).toBe(before);
});

test('the text of a token is nowhere but in the answer that made it', async () => {
  const world = await peopledWorld();
  const { text } = await make(world, { name: 'CI', permissions: [OWNER] });
  await world.call('GET', '/users', { bearer: text });
  const paths = ['/app-api/tokens', '/audit-events', '/app-api/audit-events', '/app-api/audit-events.csv'];
  const answers = await Promise.all(paths.map((path) => world.call('GET', path)));
  const everything = [...world.documents.texts(), ...answers.map((one) => one.text), JSON.stringify(world.hints)].join(
    '\n',
  );
  expect(everything).toContain('API Token Created');
  expect(everything).not.toContain(text);
  expect(everything).not.toContain(text.slice(4, 30));
  expect(answers.map((one) => one.text).join('\n')).not.toContain('sha256');
});

test('of 10,000 random tokens none is taken, and who tries is held back (T5)', async () => {
  const { call } = await peopledWorld();
  const counts = new Map<number, number>();
  for (let count = 0; count < 10_000; count += 1) {
    const { status } = await call('GET', '/', { bearer: `tby_${randomBytes(32).toString('base64url')}` });
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  expect([...counts]).toEqual([
    [401, 300],
    [429, 9_700],
  ]);
});
