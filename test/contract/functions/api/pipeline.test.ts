import { apiWorld } from '../../../builders/api-world.ts';

test('the workspace of a token is answered in the envelope, with the headers of the rate limit', async () => {
  const { call } = await apiWorld();
  const answer = await call('GET', '/');
  expect(answer).toMatchObject({ status: 200, data: { workspace: { id: 'ws_1', slug: 'shop', name: 'Shop' } } });
  expect(answer.headers).toMatchObject({
    'X-RateLimit-Consumed': '1',
    'X-RateLimit-Remaining': '2999',
    'X-RateLimit-Reset': expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/),
  });
});

test('echo answers what it was sent without the credentials, and fails as it was asked to', async () => {
  const { call } = await apiWorld();
  const echoed = await call('GET', '/echo', { query: 'message=hello&delay=1', headers: { 'x-mine': '1' } });
  expect(echoed.data).toEqual({
    message: 'hello',
    method: 'get',
    headers: { authorization: '[redacted]', 'x-mine': '1' },
  });
  const failed = await call('GET', '/echo', { query: 'message=no&triggerMultipleErrors=true&statusCode=409' });
  expect([failed.status, failed.errors.length]).toEqual([409, 2]);
  await expect(call('GET', '/echo', { query: 'message=no&triggerUnexpectedError=true' })).resolves.toMatchObject({
    status: 500,
  });
});

test.each([
  ['an unknown field', 'message=a&colour=red', 'colour'],
  ['a missing field', 'delay=1', 'message'],
  ['a text for a number', 'message=a&delay=soon', 'delay'],
])('%s is answered 422 with the field at fault', async (_case, query, field) => {
  const { call } = await apiWorld();
  const answer = await call('GET', '/echo', { query });
  expect(answer).toMatchObject({ status: 422, errors: [{ type: 'input-validation', field, status: 422 }] });
});

test('a minute of too many requests ends in 429 as the original words it, and the next begins anew', async () => {
  const { call, advance } = await apiWorld();
  for (let count = 0; count < 3_000; count += 1) await call('GET', '/');
  const refused = await call('GET', '/');
  expect(refused).toMatchObject({
    status: 429,
    errors: [
      { type: 'RequestError', message: 'Too many requests', data: { remainingPoints: 0, consumedPoints: 3001 } },
    ],
  });
  // By the clock that counts, and no other: some 3 s of the minute are over.
  const [{ data } = { data: undefined }] = refused.errors as { data?: { msBeforeNext: number } }[];
  expect(data?.msBeforeNext).toBeGreaterThan(30_000);
  expect(data?.msBeforeNext).toBeLessThan(60_000);
  expect(Number(refused.headers['Retry-After'])).toBe(Math.ceil((data?.msBeforeNext ?? 0) / 1_000));
  advance(60_000);
  await expect(call('GET', '/')).resolves.toMatchObject({ status: 200 });
});

test('an address of too many tokens that are nobody’s is refused before anything is read, and others are not (T5)', async () => {
  const { call, deps, advance, ownerToken, token } = await apiWorld();
  const bearer = await token([]);
  let reads = 0;
  const { control, personTokens } = deps;
  const world = await apiWorld({
    ...deps,
    control: (author) => {
      const store = control(author);
      return {
        ...store,
        findApiToken: async (sha256) => {
          reads += 1;
          return await store.findApiToken(sha256);
        },
      };
    },
    personTokens: {
      ...personTokens,
      verifyAccess: async (text) => {
        reads += 1;
        return await personTokens.verifyAccess(text);
      },
    },
  });
  const guess = (text: string, ip = '198.51.100.7') => world.call('GET', '/', { bearer: text, ip });
  for (let tried = 0; tried < 300; tried += 1) {
    const { status } = await guess(tried % 2 === 0 ? `tby_${tried}` : `a.${tried}.b`);
    if (status !== 401) throw new Error(`try ${tried} was answered ${status}`);
  }
  expect(reads).toBe(300);
  for (const text of ['tby_more', 'a.b.c', bearer]) {
    await expect(guess(text)).resolves.toMatchObject({ status: 429, headers: { 'Retry-After': expect.any(String) } });
  }
  expect(reads).toBe(300);
  await expect(guess(ownerToken, '198.51.100.8')).resolves.toMatchObject({ status: 200 });
  // Public operations have a count of their own: what asks for them often is no thief of tokens.
  await expect(world.call('GET', '/app-api/openapi.json', { bearer: null, ip: '198.51.100.7' })).resolves.toMatchObject(
    {
      status: 200,
    },
  );
  advance(60_000);
  await expect(guess(ownerToken)).resolves.toMatchObject({ status: 200 });
  await expect(call('GET', '/')).resolves.toMatchObject({ status: 200 });
});

test('what is not offered is answered 501 in the envelope, to who would have the right to it', async () => {
  const { call, token } = await apiWorld();
  await expect(call('GET', '/warehouses')).resolves.toMatchObject({
    status: 501,
    errors: [{ type: 'not-implemented' }],
  });
  const bearer = await token([]);
  await expect(call('GET', '/warehouses', { bearer })).resolves.toMatchObject({
    status: 401,
    errors: [{ type: 'insufficient-permission', data: { right: 'warehouse.read' } }],
  });
});

test('another method on a path that is there is answered 405 with the methods', async () => {
  const { call } = await apiWorld();
  const answer = await call('PUT', '/echo');
  expect([answer.status, answer.headers['Allow']]).toEqual([405, 'GET, HEAD']);
});

test('HEAD is answered as GET, without the body: the status page, data and refusals', async () => {
  const { call, token } = await apiWorld();
  const [got, head] = [await call('GET', '/sources'), await call('HEAD', '/sources')];
  expect([got.status, head.status, head.text]).toEqual([200, 200, '']);
  expect(head.headers['Content-Type']).toBe(got.headers['Content-Type']);
  const bearer = await token([]);
  await expect(call('HEAD', '/users', { bearer })).resolves.toMatchObject({ status: 401, text: '' });
  await expect(call('HEAD', '/invites/accept')).resolves.toMatchObject({ status: 404, text: '' });
  const page = { bearer: null, headers: { accept: 'text/html' } };
  await expect(call('HEAD', '/', page)).resolves.toMatchObject({ status: 200, text: '' });
});

test('echo waits two seconds at most, thirty times a minute: the least of tokens does not hold the function (T9)', async () => {
  const { call, token } = await apiWorld();
  const bearer = await token([]);
  const beganMs = performance.now();
  await expect(call('GET', '/echo', { bearer, query: 'message=a&delay=10000' })).resolves.toMatchObject({
    status: 200,
  });
  expect(performance.now() - beganMs).toBeLessThan(4_000);
  for (let count = 1; count < 30; count += 1) await call('GET', '/echo', { bearer, query: 'message=a' });
  await expect(call('GET', '/echo', { bearer, query: 'message=a' })).resolves.toMatchObject({ status: 429 });
  await expect(call('GET', '/', { bearer })).resolves.toMatchObject({ status: 200 });
});

test.each([
  ['ws_2', 404],
  ['other', 404],
  ['nonsense', 404],
  ['ws_1', 200],
  ['shop', 200],
])('an API token with the header for the workspace %s is answered %i', async (workspace, status) => {
  const { call } = await apiWorld();
  await expect(call('GET', '/', { headers: { 'x-tributary-workspace': workspace } })).resolves.toMatchObject({
    status,
  });
});
