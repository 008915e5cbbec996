import { apiWorld } from '../../../../builders/api-world.ts';
import { fakeSuppression } from '../../../../builders/fake-suppression.ts';
import { aRegulation } from '../../../../builders/regulation.ts';

async function setUp(usersMax?: number) {
  const fake = fakeSuppression(usersMax);
  const world = await apiWorld({ suppression: async () => fake.store });
  const create = (body: object) =>
    world.call('POST', '/regulations', {
      body: { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['u1'], ...body },
    });
  return { ...world, ...fake, create };
}

test('a suppression is in force as soon as it is answered, and stands in the audit trail without its people (J16)', async () => {
  const { create, call, entries, hints } = await setUp();
  const { regulateId } = (await create({ subjectIds: ['u2', 'u1'] })).data as { regulateId: string };
  expect((await call('GET', '/suppressions')).data).toMatchObject({
    suppressed: [
      { subjectType: 'USER_ID', subjectIds: ['u1'] },
      { subjectType: 'USER_ID', subjectIds: ['u2'] },
    ],
    pagination: { totalEntries: 2 },
  });
  expect((await call('GET', `/regulations/${regulateId}`)).data).toMatchObject({
    regulation: { id: regulateId, workspaceId: 'ws_1', overallStatus: 'FINISHED', streamStatus: [] },
  });
  expect(entries).toMatchObject([
    {
      event: 'Regulation Created',
      actor: { type: 'token' },
      resource: { type: 'REGULATION', id: regulateId },
      after: { regulationType: 'SUPPRESS_ONLY', subjects: 2 },
    },
  ]);
  expect(JSON.stringify(entries)).not.toContain('u2');
  expect(hints.at(-1)?.changes).toEqual([{ kind: 'REGULATION', id: regulateId, verb: 'created' }]);
  await create({ regulationType: 'UNSUPPRESS', subjectIds: ['u2'] });
  expect((await call('GET', '/suppressions')).data).toMatchObject({ suppressed: [{ subjectIds: ['u1'] }] });
});

test('what would delete is answered 501 in the envelope, and nothing is saved', async () => {
  const { create, log } = await setUp();
  for (const regulationType of [
    'DELETE_ONLY',
    'SUPPRESS_WITH_DELETE',
    'DELETE_INTERNAL',
    'SUPPRESS_WITH_DELETE_INTERNAL',
  ]) {
    expect(await create({ regulationType })).toMatchObject({ status: 501, errors: [{ type: 'not-implemented' }] });
  }
  expect(log).toEqual([]);
});

test.each([
  ['an unknown type', { regulationType: 'FORGET' }, 'regulationType'],
  ['a subject that is no user', { subjectType: 'OBJECT_ID' }, 'subjectType'],
  ['nobody', { subjectIds: [] }, 'subjectIds'],
  ['an empty id', { subjectIds: [''] }, 'subjectIds.0'],
  ['5,001 users (J14)', { subjectIds: Array.from({ length: 5_001 }, (_, n) => `u${n}`) }, 'subjectIds'],
  ['a number for an id', { subjectIds: [1] }, 'subjectIds.0'],
])('%s is answered 422 at its field, and nothing is saved', async (_case, body, field) => {
  const { create, log } = await setUp();
  const answer = await create(body);
  expect([answer.status, answer.errors[0]?.field, log]).toEqual([422, field, []]);
});

test('more than a workspace holds is answered 422 in the store’s words', async () => {
  const { create } = await setUp(1);
  expect((await create({ subjectIds: ['a', 'b'] })).errors[0]).toMatchObject({
    field: 'subjectIds',
    message: 'too many',
  });
});

test('a regulation is finished: it is not deleted but taken back', async () => {
  const { create, call } = await setUp();
  const { regulateId } = (await create({})).data as { regulateId: string };
  expect(await call('DELETE', `/regulations/${regulateId}`)).toMatchObject({
    status: 409,
    errors: [{ message: expect.stringContaining('UNSUPPRESS') }],
  });
  for (const id of ['reg_nobody', 'src_1']) {
    expect((await call('GET', `/regulations/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/regulations/${id}`)).status).toBe(404);
  }
});

test('regulations are listed newest first, by page, status and type', async () => {
  const { call, log } = await setUp();
  for (let n = 1; n <= 5; n += 1)
    log.push(aRegulation({ id: `reg_${n}`, type: n % 2 === 0 ? 'UNSUPPRESS' : 'SUPPRESS_ONLY' }));
  type Page = { regulations: { id: string; status: string }[]; pagination: { next?: string } };
  const list = async (query: string) => (await call('GET', '/regulations', { query })).data as Page;
  const first = await list('pagination[count]=2');
  expect(first.regulations.map(({ id }) => id)).toEqual(['reg_5', 'reg_4']);
  const second = await list(
    `pagination[count]=2&pagination[cursor]=${encodeURIComponent(first.pagination.next ?? '')}`,
  );
  expect(second.regulations.map(({ id }) => id)).toEqual(['reg_3', 'reg_2']);
  expect((await list('regulationTypes[0]=UNSUPPRESS')).regulations.map(({ id }) => id)).toEqual(['reg_4', 'reg_2']);
  expect((await list('status=RUNNING')).regulations).toEqual([]);
  expect((await list('status=FINISHED')).regulations).toHaveLength(5);
});

test('suppressed users come by page, in the order of their ids', async () => {
  const { create, call } = await setUp();
  await create({ subjectIds: ['c', 'a', 'b'] });
  type Page = { suppressed: { subjectIds: string[] }[]; pagination: { next: string } };
  const first = (await call('GET', '/suppressions', { query: 'pagination.count=2' })).data as Page;
  expect(first.suppressed.flatMap(({ subjectIds }) => subjectIds)).toEqual(['a', 'b']);
  const query = `pagination.count=2&pagination.cursor=${encodeURIComponent(first.pagination.next)}`;
  expect((await call('GET', '/suppressions', { query })).data).toMatchObject({ suppressed: [{ subjectIds: ['c'] }] });
});

test('who is no privacy admin neither sees nor changes it', async () => {
  const { call, token, log } = await setUp();
  const bearer = await token([{ roleId: 'source-admin', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  const body = { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['u1'] };
  expect((await call('POST', '/regulations', { body, bearer })).status).toBe(401);
  expect((await call('GET', '/suppressions', { bearer })).status).toBe(401);
  expect(log).toEqual([]);
});
