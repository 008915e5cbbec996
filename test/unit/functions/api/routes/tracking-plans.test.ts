import { Rule as DomainRule } from '../../../../../shared/domain/governance.ts';
import { WORK_MS_MAX } from '../../../../../functions/api/resources/in-rounds.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
type Rule = { type: string; key?: string; version: number; jsonSchema: unknown };
const aRule = (key: string, over: object = {}) => ({
  type: 'TRACK',
  key,
  version: 1,
  jsonSchema: { type: 'object' },
  ...over,
});

async function setUp() {
  const world = await apiWorld();
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'two' }) },
  ]);
  const create = (body: object = {}) =>
    world.call('POST', '/tracking-plans', { body: { name: 'Shop', type: 'LIVE', ...body } });
  const made = async () => ((await create()).data as { trackingPlan: { id: string } }).trackingPlan.id;
  const id = await made();
  const at = `/tracking-plans/${id}`;
  const rules = async () => ((await world.call('GET', `${at}/rules`)).data as { rules: Rule[] }).rules;
  const names = async () => (await rules()).map(({ type, key, version }) => `${type} ${key ?? ''} ${version}`);
  const put = (list: object[]) => world.call('PUT', `${at}/rules`, { body: { rules: list } });
  const upsert = (list: object[]) => world.call('PATCH', `${at}/rules`, { body: { rules: list } });
  return { ...world, create, made, id, at, rules, names, put, upsert };
}

test('a plan is made, found by type, changed and gone with its rules', async () => {
  const { call, at, id, put, control, create } = await setUp();
  await create({ type: 'TEMPLATE', name: 'Other' });
  expect((await call('GET', at)).data).toMatchObject({
    trackingPlan: { id, name: 'Shop', slug: 'shop', type: 'LIVE' },
  });
  expect((await call('GET', '/tracking-plans', { query: 'type=LIVE' })).data).toMatchObject({
    trackingPlans: [{ id }],
  });
  expect((await call('PATCH', at, { body: { description: 'What we track' } })).data).toEqual({ status: 'SUCCESS' });
  expect((await call('GET', at)).data).toMatchObject({ trackingPlan: { name: 'Shop', description: 'What we track' } });
  await put(Array.from({ length: 60 }, (_, n) => aRule(`E${n}`)));
  expect((await call('DELETE', at)).data).toEqual({ status: 'SUCCESS' });
  expect((await call('GET', at)).status).toBe(404);
  expect(await control.listRules(WS, id as unknown as Parameters<typeof control.listRules>[1])).toEqual([]);
});

test('rules are known by type, key and version: replaced as a whole, saved one by one, renamed and removed', async () => {
  const { put, upsert, names, rules, call, at } = await setUp();
  await put([aRule('A'), aRule('B'), { type: 'COMMON', version: 1, jsonSchema: null }]);
  expect(await names()).toEqual(['COMMON  1', 'TRACK A 1', 'TRACK B 1']);
  await upsert([aRule('A', { version: 2 }), aRule('B', { jsonSchema: { type: 'string' } }), aRule('C')]);
  expect(await names()).toEqual(['COMMON  1', 'TRACK A 1', 'TRACK A 2', 'TRACK B 1', 'TRACK C 1']);
  expect((await rules()).find(({ key }) => key === 'B')?.jsonSchema).toEqual({ type: 'string' });
  const rename = () => upsert([aRule('C', { newKey: 'D' })]);
  expect([(await rename()).status, await names()]).toEqual([
    200,
    ['COMMON  1', 'TRACK A 1', 'TRACK A 2', 'TRACK B 1', 'TRACK D 1'],
  ]);
  // Sent again, as after an answer that was lost, it is no fault.
  expect((await rename()).status).toBe(200);
  expect((await upsert([aRule('D', { newKey: 'B' })])).errors[0]?.field).toBe('rules.0.newKey');
  const query = 'rules[0][type]=TRACK&rules[0][key]=A&rules[0][version]=1&rules[1][type]=COMMON&rules[1][version]=1';
  expect((await call('DELETE', `${at}/rules`, { query })).data).toEqual({ status: 'SUCCESS' });
  expect(await names()).toEqual(['TRACK A 2', 'TRACK B 1', 'TRACK D 1']);
  await put([aRule('Z')]);
  expect(await names()).toEqual(['TRACK Z 1']);
});

test.each([
  ['a schema that is a text (T15)', [aRule('A', { jsonSchema: 'x' })], 'rules.0.jsonSchema'],
  [
    'a schema that leads elsewhere (T15)',
    [aRule('A', { jsonSchema: { $ref: 'https://x.test/s' } })],
    'rules.0.jsonSchema',
  ],
  [
    'a schema of many levels (T15)',
    [aRule('A', { jsonSchema: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) })],
    'rules.0.jsonSchema',
  ],
  ['a schema over its bound (T15)', [aRule('A', { jsonSchema: { title: 'x'.repeat(100_001) } })], 'rules.0.jsonSchema'],
  ['an event’s rule without its event', [{ type: 'TRACK', version: 1, jsonSchema: {} }], 'rules.0.key'],
  ['a rule that is there twice', [aRule('A'), aRule('A')], 'rules.1'],
  ['a type that there is not', [aRule('A', { type: 'CLICK' })], 'rules.0.type'],
  ['201 rules at once', Array.from({ length: 201 }, (_, n) => aRule(`E${n}`)), 'rules'],
])('%s is answered 422 at its field, and nothing is saved', async (_case, list, field) => {
  const { put, rules } = await setUp();
  const answer = await put(list);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await rules()).toEqual([]);
});

test('a plan has 2,000 rules at most', async () => {
  const { upsert, commit, id } = await setUp();
  const { createdAt, updatedAt } = aSource();
  const ruleOf = (key: string) =>
    DomainRule.parse({
      trackingPlanId: id,
      workspaceId: 'ws_1',
      type: 'TRACK',
      key,
      ruleVersion: 1,
      jsonSchema: null,
      version: 0,
      createdAt,
      updatedAt,
    });
  for (let from = 0; from < 2_000; from += 20) {
    const things = Array.from({ length: 20 }, (_, n) => ruleOf(`E${from + n}`));
    await commit(
      WS,
      things.map((thing) => ({ kind: 'rule', verb: 'save', thing })),
    );
  }
  expect((await upsert([aRule('more')])).errors[0]).toMatchObject({
    type: 'quota-exceeded',
    data: { quota: 'rules', max: 2_000 },
  });
  expect((await upsert([aRule('E0')])).status).toBe(200);
});

test('a source has one plan at most, and of a plan the caller sees the sources that they may see', async () => {
  const { call, at, id, made, token } = await setUp();
  const other = await made();
  const connect = (path: string, sourceId: string) => call('POST', `${path}/sources`, { body: { sourceId } });
  expect((await connect(at, 'src_1')).data).toEqual({ status: 'SUCCESS' });
  expect((await connect(at, 'src_2')).data).toEqual({ status: 'SUCCESS' });
  expect((await connect(`/tracking-plans/${other}`, 'src_1')).status).toBe(409);
  expect((await connect(at, 'src_9')).status).toBe(404);
  expect((await call('GET', '/sources/src_1')).data).toMatchObject({ trackingPlanId: id });
  const bearer = await token([
    { roleId: 'tracking-plan-admin', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] },
    { roleId: 'source-read-only', resources: [{ id: 'src_2', type: 'SOURCE' }] },
  ]);
  expect((await call('GET', `${at}/sources`, { bearer })).data).toMatchObject({
    sources: [{ id: 'src_2' }],
    pagination: { totalEntries: 1 },
  });
  expect((await call('DELETE', `${at}/sources`, { query: 'sourceId=src_2', bearer })).status).toBe(401);
  expect((await call('DELETE', `${at}/sources`, { query: 'sourceId=src_2' })).data).toEqual({ status: 'SUCCESS' });
  expect((await call('DELETE', `${at}/sources`, { query: 'sourceId=src_2' })).status).toBe(404);
});

test.each(['GET', 'PATCH', 'DELETE'])('%s of a plan that is not there is answered 404', async (method) => {
  const { call } = await setUp();
  expect(
    (await call(method, '/tracking-plans/tp_other', { body: method === 'PATCH' ? { name: 'x' } : undefined })).status,
  ).toBe(404);
});

test('the 101st plan is refused (T23)', async () => {
  const { create } = await setUp();
  for (let n = 1; n < 100; n += 1) expect((await create()).status).toBe(200);
  expect((await create()).errors[0]).toMatchObject({
    type: 'quota-exceeded',
    data: { quota: 'tracking-plans', max: 100 },
  });
});

test('rules of many commits are read once, and a request whose time is over says so and goes on when it is sent again', async () => {
  const { call, at, put, names, advance, documents } = await setUp();
  const many = Array.from({ length: 100 }, (_, n) => aRule(`E${n}`));
  const { transact, query } = documents;
  let step = 1;
  let reads = 0;
  documents.transact = async (items) => {
    advance(step);
    return await transact(items);
  };
  documents.query = async (asked) => {
    if (asked.values[':prefix'] === 'CFG#' || asked.values[':prefix']?.startsWith('RUL#') === true) reads += 1;
    return await query(asked);
  };
  expect((await put(many)).status).toBe(200);
  // The configuration, and the rules.
  expect(reads).toBe(2);
  expect(await names()).toHaveLength(100);
  step = WORK_MS_MAX;
  const answers: number[] = [];
  for (let asked = 0; asked < 10 && answers.at(-1) !== 200; asked += 1) answers.push((await call('DELETE', at)).status);
  expect(answers).toEqual([503, 503, 503, 503, 200]);
  expect((await call('GET', at)).status).toBe(404);
});
