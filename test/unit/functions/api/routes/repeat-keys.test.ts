import { MASKED } from '../../../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { secretsOf } from '../../../../../shared/domain/secret-list.ts';
import { apiWorld, fakeSealer } from '../../../../builders/api-world.ts';
import { FAKE_ENTRIES, fakeCatalog } from '../../../../builders/fake-catalog.ts';
import { aDestination, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const ELSEWHERE = 'writekeyofanotherdeployment00001';
type Data = { destination: { id: string; settings: Record<string, unknown> } };

/** A Repeater: `tool`, with a list of secrets in the place of its key. */
const REPEATER = FAKE_ENTRIES.filter(({ slug }) => slug === 'tool').map((tool) => ({
  ...tool,
  id: 'aaaaaaaaaaaaaaaaaaaaaa09',
  slug: 'repeater',
  otherSlugs: [],
  settings: tool.settings.flatMap((setting) => {
    if (setting.key === 'apiKey') return [{ ...setting, key: 'repeatKeys', type: 'string', multiple: true }];
    return setting.key === 'limit' ? [setting] : [];
  }),
}));

async function setUp() {
  const world = await apiWorld({ catalog: fakeCatalog(1_000, [...FAKE_ENTRIES, ...REPEATER]) });
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'server', kind: 'server' }) },
  ]);
  const added = await world.call('POST', '/sources/src_2/writekey');
  const key = (added.data as { source: { writeKeys: string[] } }).source.writeKeys[0] ?? '';
  const create = (repeatKeys: unknown, bearer?: string) =>
    world.call('POST', '/destinations', {
      body: { sourceId: 'src_1', metadataId: 'repeater', settings: { repeatKeys } },
      ...(bearer !== undefined && { bearer }),
    });
  const patch = (id: string, settings: object) => world.call('PATCH', `/destinations/${id}`, { body: { settings } });
  const stored = async (id: string) =>
    (await world.control.readConfig(WS))?.destinations.find(({ destination }) => destination.id === id)?.destination;
  return { ...world, key, create, patch, stored };
}

test('the write keys of a Repeater are sealed as one secret, and shown to nobody (B23)', async () => {
  const { key, create, patch, stored, documents } = await setUp();
  const { destination } = (await create([key, ELSEWHERE])).data as Data;
  expect(destination.settings).toEqual({ repeatKeys: MASKED });
  const before = await stored(destination.id);
  expect(before?.settings).toEqual({});
  const context = { workspaceId: 'ws_1', destinationId: destination.id, field: 'repeatKeys' };
  const text = await fakeSealer.open(before?.secrets['repeatKeys'] ?? { sealed: '' }, context);
  expect(secretsOf(text)).toEqual([key, ELSEWHERE]);
  expect(documents.texts().filter((one) => one.includes(ELSEWHERE))).toEqual([]);
  for (const repeatKeys of [MASKED, [MASKED]]) {
    expect((await patch(destination.id, { repeatKeys, limit: 1 })).status).toBe(200);
  }
  expect((await stored(destination.id))?.secrets).toEqual(before?.secrets);
  for (const repeatKeys of [[MASKED, ELSEWHERE], [`${MASKED} `], [1], { a: ELSEWHERE }]) {
    expect((await patch(destination.id, { repeatKeys })).errors[0]?.field).toBe('settings.repeatKeys');
  }
});

test('write keys that were saved in clear go on, are shown to nobody, and give way to sealed ones', async () => {
  const { call, commit, patch, stored, deps } = await setUp();
  const thing = aDestination({ type: 'repeater', enabled: false, settings: { repeatKeys: [ELSEWHERE] }, secrets: {} });
  await commit(WS, [{ kind: 'destination', verb: 'save', thing }]);
  expect((await call('GET', '/destinations/dst_1')).data).toMatchObject({
    destination: { settings: { repeatKeys: MASKED } },
  });
  for (const path of ['/destinations', '/sources/src_1/connected-destinations', '/app-api/destinations/dst_1']) {
    expect((await call('GET', path)).text).not.toContain(ELSEWHERE);
  }
  expect((await patch('dst_1', { repeatKeys: MASKED, limit: 2 })).status).toBe(200);
  expect(await stored('dst_1')).toMatchObject({ settings: { repeatKeys: [ELSEWHERE], limit: 2 }, secrets: {} });
  expect((await patch('dst_1', { repeatKeys: ['anotherkeyofanotherdeployment001'] })).status).toBe(200);
  expect(await stored('dst_1')).toMatchObject({ settings: { limit: 2 }, secrets: { repeatKeys: {} } });
  expect((await stored('dst_1'))?.settings).not.toHaveProperty('repeatKeys');
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 50, newestFirst: true });
  expect(JSON.stringify(entries)).not.toContain(ELSEWHERE);
});

test('a Repeater sends into sources of the workspace only for who may edit them (M04)', async () => {
  const { key, create, token } = await setUp();
  const bearer = await token([
    { roleId: 'source-admin', resources: [{ id: 'src_1', type: 'SOURCE' }] },
    { roleId: 'source-read-only', resources: [{ id: 'src_2', type: 'SOURCE' }] },
  ]);
  for (const repeatKeys of [[ELSEWHERE, key], `${ELSEWHERE}, ${key}`, JSON.stringify([key])]) {
    const answer = await create(repeatKeys, bearer);
    expect([answer.status, answer.errors[0]?.field]).toEqual([422, 'settings.repeatKeys']);
    expect((await create(repeatKeys)).status).toBe(200);
  }
  expect((await create([ELSEWHERE], bearer)).status).toBe(200);
});
