import { MASKED } from '../../../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import type { DeliverAsks } from '../../../../../shared/ports/deliver-asks.ts';
import { apiWorld, fakeSealer } from '../../../../builders/api-world.ts';
import { fakeCatalog } from '../../../../builders/fake-catalog.ts';
import { aDestination, aMapping, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const CANARY = 'canary-0123456789abcdef';
type Data = { destination: { id: string; name: string; settings: Record<string, unknown> } };

async function setUp(deliver: Partial<DeliverAsks> = {}, catalog = fakeCatalog()) {
  const world = await apiWorld({ deliver: async () => deliver as DeliverAsks, catalog });
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'server', kind: 'server' }) },
  ]);
  await world.commit(WorkspaceId.parse('ws_2'), [
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_f', workspaceId: 'ws_2' }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ id: 'dst_f', workspaceId: 'ws_2', sourceId: 'src_f' }) },
  ]);
  const create = (body: object) =>
    world.call('POST', '/destinations', { body: { sourceId: 'src_1', metadataId: 'tool', settings: {}, ...body } });
  const made = async (body: object): Promise<Data['destination']> => ((await create(body)).data as Data).destination;
  const patch = (id: string, body: object, path = '/destinations') => world.call('PATCH', `${path}/${id}`, { body });
  const stored = async (id: string) => {
    const config = await world.control.readConfig(WS);
    return config?.destinations.find(({ destination }) => destination.id === id)?.destination;
  };
  return { ...world, create, made, patch, stored };
}

test('a new destination is disabled, holds no lane, and shows no secret that it was given (B07)', async () => {
  const { create, stored, control, documents } = await setUp();
  const answer = await create({ settings: { apiKey: CANARY, region: 'eu' } });
  expect(answer.status).toBe(200);
  const { destination } = answer.data as Data;
  expect(destination).toMatchObject({
    name: 'Tool',
    enabled: false,
    sourceId: 'src_1',
    metadata: { slug: 'tool', logos: { default: 'https://cdn.test/logos/tool.svg' } },
    settings: { apiKey: MASKED, region: 'eu' },
  });
  const saved = await stored(destination.id);
  expect(saved?.settings).toEqual({ region: 'eu' });
  const context = { workspaceId: 'ws_1', destinationId: destination.id, field: 'apiKey' };
  expect(await fakeSealer.open(saved?.secrets['apiKey'] ?? { sealed: '' }, context)).toBe(CANARY);
  expect(await control.listHeldLanes()).toHaveLength(1); // of ws_2
  expect(answer.text).not.toContain(CANARY);
  expect(documents.texts().filter((text) => text.includes(CANARY))).toEqual([]);
});

test('it is enabled only with all that its type requires, and takes a lane then (B06)', async () => {
  const { create, made, patch, stored } = await setUp();
  const lacking = await create({ enabled: true });
  expect([lacking.status, lacking.errors.map(({ field }) => field)]).toEqual([422, ['settings.apiKey']]);
  const { id } = await made({});
  expect((await patch(id, { enabled: true })).errors[0]?.field).toBe('settings.apiKey');
  expect((await patch(id, { enabled: true, settings: { apiKey: CANARY } })).data).toMatchObject({
    destination: { enabled: true, settings: { apiKey: MASKED } },
  });
  expect((await stored(id))?.lane).toBeGreaterThanOrEqual(0);
  expect((await patch(id, { settings: { apiKey: null } })).errors[0]?.field).toBe('settings.apiKey');
  expect((await patch(id, { enabled: false, settings: { apiKey: null } })).data).toMatchObject({
    destination: { enabled: false, settings: {} },
  });
  expect((await stored(id))?.lane).toBeUndefined();
});

test.each([
  ['a setting that its type has not', { settings: { apikey: 'x' } }, 'settings.apikey'],
  ['a number for a text', { settings: { region: 1 } }, 'settings.region'],
  ['a choice that is none', { settings: { region: 'mars' } }, 'settings.region'],
  ['a text for a number', { settings: { limit: '1' } }, 'settings.limit'],
  ['a secret that is no text', { settings: { apiKey: { a: 1 } } }, 'settings.apiKey'],
  ['a secret over its bound (T23)', { settings: { apiKey: 'x'.repeat(8_193) } }, 'settings.apiKey'],
  [
    'settings over their bound (T23)',
    { settings: { region: 'us', limit: 1, apiKey: 'x', otherKey: 'x'.repeat(100_001) } },
    'settings.otherKey',
  ],
  ['dots for a secret that is not there', { settings: { apiKey: MASKED } }, 'settings.apiKey'],
  [
    'a name of every prototype',
    { text: '{"sourceId":"src_1","metadataId":"tool","settings":{"constructor":1}}' },
    'settings.constructor',
  ],
  ['a name over its bound', { name: 'x'.repeat(129) }, 'name'],
  ['an unknown type', { metadataId: 'nothing' }, 'metadataId'],
  ['a member that there is not', { paused: true }, 'paused'],
  ['a browser’s tool on a server (B05)', { metadataId: 'pixel', sourceId: 'src_2' }, 'sourceId'],
])('%s is answered 422 at its field, and nothing is made', async (_case, body, field) => {
  const { call, control, create } = await setUp();
  const answer = 'text' in body ? await call('POST', '/destinations', { text: body.text }) : await create(body);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await control.listDestinations(WS)).toEqual([]);
});

test('dots that come back leave a secret as it is, and null takes it away', async () => {
  const { made, patch, stored } = await setUp();
  const { id, settings } = await made({ settings: { apiKey: CANARY, otherKey: 'o', region: 'us' } });
  const before = await stored(id);
  expect((await patch(id, { settings })).status).toBe(200);
  expect(await stored(id)).toEqual(before);
  await patch(id, { settings: { ...settings, region: 'eu', otherKey: null } });
  const after = await stored(id);
  expect(after?.secrets).toEqual({ apiKey: before?.secrets['apiKey'] });
  expect(after?.settings).toEqual({ region: 'eu' });
});

test.each([
  ['twice as many', `${MASKED}${MASKED}`],
  ['one less', MASKED.slice(1)],
  ['with a blank before them', ` ${MASKED}`],
  ['with a line end behind them', `${MASKED}\n`],
])('dots that are nearly those of a secret (%s) are refused, and the secret stays (T18)', async (_case, apiKey) => {
  const { create, made, patch, stored } = await setUp();
  const { id } = await made({ settings: { apiKey: CANARY } });
  const before = await stored(id);
  const answer = await patch(id, { settings: { apiKey } });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, 'settings.apiKey']);
  expect(await stored(id)).toEqual(before);
  expect((await create({ settings: { apiKey } })).status).toBe(422);
});

test.each([
  ['another host', { serverUrl: 'https://evil.test/base' }],
  ['another scheme', { serverUrl: 'http://eu.tool.test/base' }],
  ['another port', { serverUrl: 'https://eu.tool.test:8443/base' }],
  ['a host behind a user', { serverUrl: 'https://eu.tool.test@evil.test/base' }],
  ['a word', { serverUrl: 'evil.test' }],
  ['an address where none was', { account: 'https://evil.test' }],
  ['another host, the dots sent along', { serverUrl: 'https://evil.test', apiKey: MASKED, otherKey: MASKED }],
  ['another host, one secret of two sent along', { serverUrl: 'https://evil.test', otherKey: 'new' }],
])('secrets stay where they were sent to: %s asks for them anew (T18)', async (_case, settings) => {
  const { made, patch, stored } = await setUp();
  const serverUrl = 'https://eu.tool.test/base';
  const { id } = await made({ settings: { apiKey: CANARY, otherKey: 'other', serverUrl, account: 'shop' } });
  const before = await stored(id);
  const answer = await patch(id, { settings });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, 'settings.apiKey']);
  expect((await patch(id, { settings }, '/app-api/destinations')).status).toBe(422);
  expect(await stored(id)).toEqual(before);
  expect((await patch(id, { settings: { ...settings, apiKey: 'new', otherKey: null } })).status).toBe(200);
});

test('another path of the same host, a choice of the type and the way back to its default need no secret', async () => {
  const { made, patch } = await setUp();
  const { id } = await made({ settings: { apiKey: CANARY, serverUrl: 'https://eu.tool.test/base' } });
  for (const settings of [
    { serverUrl: 'https://EU.tool.test:443/other' },
    { region: 'eu', account: 'another' },
    { serverUrl: 'https://tool.test/v2' },
    { serverUrl: null },
  ]) {
    expect((await patch(id, { settings })).status).toBe(200);
  }
  const { id: keyless } = await made({});
  expect((await patch(keyless, { settings: { serverUrl: 'https://mine.test' } })).status).toBe(200);
});

test('what changed is in the audit trail, secrets masked, and a changed secret is told by name', async () => {
  const { made, patch, deps, documents } = await setUp();
  const { id } = await made({ settings: { apiKey: CANARY } });
  await patch(id, { settings: { apiKey: `${CANARY}-2` } });
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 2, newestFirst: true });
  expect(entries).toMatchObject([
    { event: 'Integration Modified', actor: { type: 'token' }, after: { secretsChanged: ['apiKey'] } },
    { event: 'Integration Created', after: { settings: { apiKey: MASKED } } },
  ]);
  expect(documents.texts().filter((text) => text.includes(CANARY))).toEqual([]);
});

test('instances of a type on a source have names of their own, 25 at most in the cloud and one in browsers (B08)', async () => {
  const { create, made, patch, commit } = await setUp();
  const first = await made({});
  expect((await made({})).name).toBe('Tool 2');
  expect((await create({ name: 'Tool' })).errors[0]).toMatchObject({ type: 'conflict', field: 'name' });
  expect((await create({ name: 'Tool', sourceId: 'src_2' })).status).toBe(200);
  expect((await patch(first.id, { name: 'Tool 2' })).status).toBe(409);
  expect((await create({ name: 'TOOL' })).errors[0]).toMatchObject({ type: 'conflict', field: 'name' });
  expect((await patch(first.id, { name: 'tOOL 2' })).status).toBe(409);
  expect((await patch(first.id, { name: 'TOOL' })).status).toBe(200);
  for (let n = 3; n <= 25; n += 1) {
    await commit(WS, [
      {
        kind: 'destination',
        verb: 'save',
        thing: aDestination({ id: `dst_${n}`, type: 'tool', name: `N${n}`, enabled: false }),
      },
    ]);
  }
  expect((await create({})).errors[0]).toMatchObject({ type: 'quota-exceeded', data: { quota: 'instances', max: 25 } });
  expect(await create({ metadataId: 'pixel', settings: { site: 's' }, enabled: true })).toMatchObject({ status: 200 });
  expect((await create({ metadataId: 'pixel' })).status).toBe(409);
});

test('a browser’s tool is in device mode from the beginning, everything else is sent from here (B09)', async () => {
  const { made, call, patch } = await setUp();
  const pixel = await made({ metadataId: 'pixel' });
  const tool = await made({});
  const mode = async (id: string) =>
    ((await call('GET', `/app-api/destinations/${id}`)).data as { destination: { connectionMode: string } }).destination
      .connectionMode;
  expect([await mode(pixel.id), await mode(tool.id)]).toEqual(['device', 'cloud']);
  expect((await patch(tool.id, { connectionMode: 'device' }, '/app-api/destinations')).errors[0]?.field).toBe(
    'connectionMode',
  );
});

test('a name that is null gives way to the type’s own', async () => {
  const { made, patch } = await setUp();
  const { id } = await made({ name: 'Mine' });
  expect((await patch(id, { name: null })).data).toMatchObject({ destination: { name: 'Tool' } });
});

test('the app sees and changes retries, consent and pauses, and what is missing', async () => {
  const { made, patch, call } = await setUp();
  const { id } = await made({});
  const answer = await patch(
    id,
    { retryWindowHours: 4, consentCategories: ['ads'], paused: true },
    '/app-api/destinations',
  );
  expect(answer.data).toMatchObject({
    destination: {
      type: 'tool',
      missingSettings: ['apiKey'],
      retryWindowHours: 4,
      consentCategories: ['ads'],
      paused: { by: 'hand' },
      version: 2,
    },
  });
  expect((await patch(id, { paused: false }, '/app-api/destinations')).data).not.toMatchObject({
    destination: { paused: {} },
  });
  expect((await patch(id, { consentCategories: ['1st'] }, '/app-api/destinations')).errors[0]?.field).toBe(
    'consentCategories.0',
  );
  expect((await patch(id, { retryWindowHours: 313 }, '/app-api/destinations')).errors[0]?.field).toBe(
    'retryWindowHours',
  );
  expect((await call('GET', `/app-api/destinations/${id}`)).headers['ETag']).toBe('"3"');
});

test('of 50 edits at once none is lost, and each is 200 or 409', async () => {
  const { made, patch, stored } = await setUp();
  const { id } = await made({});
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => patch(id, { settings: { limit: n } })));
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 200 && status !== 409)).toEqual([]);
  expect((await stored(id))?.version).toBe(1 + answers.filter(({ status }) => status === 200).length);
});

test('who may edit and not create or delete is told which right is missing (features 1.8)', async () => {
  const { create, made, token, call, patch } = await setUp();
  const { id } = await made({});
  const bearer = await token([{ roleId: 'source-editor', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  const body = { sourceId: 'src_1', metadataId: 'tool', settings: {} };
  expect((await call('POST', '/destinations', { body, bearer })).errors[0]?.data).toMatchObject({
    right: 'destination.create',
  });
  expect((await call('DELETE', `/destinations/${id}`, { bearer })).status).toBe(401);
  expect((await call('PATCH', `/destinations/${id}`, { body: { name: 'X' }, bearer })).status).toBe(200);
  expect([(await create({})).status, (await patch(id, {})).status]).toEqual([200, 200]);
});

test('lists hold what the caller may see, cut by bytes where metadata are large', async () => {
  const { made, call, token } = await setUp({}, fakeCatalog(1_500_000));
  for (let n = 0; n < 3; n += 1) await made({});
  await made({ sourceId: 'src_2' });
  const page = (await call('GET', '/destinations')).data as {
    destinations: unknown[];
    pagination: { next: string; totalEntries: number };
  };
  expect([page.destinations.length, page.pagination.totalEntries]).toEqual([2, 4]);
  const query = `pagination[cursor]=${encodeURIComponent(page.pagination.next)}`;
  expect(((await call('GET', '/destinations', { query })).data as typeof page).destinations).toHaveLength(2);
  const bearer = await token([{ roleId: 'source-read-only', resources: [{ id: 'src_2', type: 'SOURCE' }] }]);
  expect((await call('GET', '/destinations', { bearer })).data).toMatchObject({
    destinations: [{ sourceId: 'src_2' }],
  });
  expect((await call('GET', '/sources/src_2/connected-destinations')).data).toMatchObject({
    destinations: [{ sourceId: 'src_2' }],
  });
});

test('a destination goes with its mappings and filters, and a lane is free', async () => {
  const { made, patch, call, control, commit } = await setUp();
  const { id } = await made({ settings: { apiKey: CANARY }, enabled: true });
  for (let n = 0; n < 50; n += 25) {
    for (let m = n; m < n + 25; m += 1) {
      await commit(WS, [{ kind: 'mapping', verb: 'save', thing: aMapping({ id: `map_${m}`, destinationId: id }) }]);
    }
  }
  expect(await control.listHeldLanes()).toHaveLength(2);
  expect((await call('DELETE', `/destinations/${id}`)).data).toEqual({ status: 'SUCCESS' });
  expect(await control.listHeldLanes()).toHaveLength(1);
  expect(await control.readConfig(WS)).toMatchObject({ destinations: [] });
  expect((await call('DELETE', `/destinations/${id}`)).status).toBe(404);
  expect((await patch(id, {})).status).toBe(404);
});

test('settings are copied with secrets from another instance of the type, by who may edit both (B24)', async () => {
  const asked: unknown[] = [];
  const { made, call, stored, token, documents } = await setUp({
    reseal: async (_workspaceId, from, to) => {
      asked.push([from, to]);
      return { apiKey: { sealed: `for ${to}` } };
    },
  });
  const from = await made({ settings: { apiKey: CANARY, region: 'eu' } });
  const to = await made({ settings: { otherKey: 'gone' }, sourceId: 'src_2' });
  const copy = (body: object, bearer?: string) =>
    call('POST', `/app-api/destinations/${to.id}/copy-settings`, { body, ...(bearer !== undefined && { bearer }) });
  expect((await copy({ fromDestinationId: from.id })).data).toMatchObject({
    destination: { settings: { region: 'eu', apiKey: MASKED }, missingSettings: [] },
  });
  expect(asked).toEqual([[from.id, to.id]]);
  expect((await stored(to.id))?.secrets).toEqual({ apiKey: { sealed: `for ${to.id}` } });
  const { id: pixel } = await made({ metadataId: 'pixel' });
  expect((await copy({ fromDestinationId: pixel })).errors[0]?.field).toBe('fromDestinationId');
  expect((await copy({ fromDestinationId: 'dst_f' })).errors[0]?.field).toBe('fromDestinationId');
  const bearer = await token([
    { roleId: 'source-admin', resources: [{ id: 'src_2', type: 'SOURCE' }] },
    { roleId: 'source-read-only', resources: [{ id: 'src_1', type: 'SOURCE' }] },
  ]);
  expect((await copy({ fromDestinationId: from.id }, bearer)).errors[0]?.data).toMatchObject({
    right: 'destination.edit',
  });
  expect(documents.texts().filter((text) => text.includes(CANARY))).toEqual([]);
});

test.each([
  [
    { outcome: 'accepted', requests: 2 },
    { outcome: 'accepted', message: 'Tool took them.', requests: 2 },
  ],
  [
    { outcome: 'accepted', requests: 0 },
    { outcome: 'not-asked', message: expect.stringContaining('was not asked'), requests: 0 },
  ],
  [
    { outcome: 'refused', message: 'bad key', status: 401, requests: 1 },
    { outcome: 'refused', message: 'bad key', status: 401, requests: 1 },
  ],
  [{ outcome: 'not-offered' }, { outcome: 'not-offered', requests: 0 }],
] as const)('a check that comes to %j is told so', async (outcome, said) => {
  const { made, call } = await setUp({ check: async () => outcome });
  const { id } = await made({ settings: { apiKey: CANARY } });
  expect((await call('POST', `/app-api/destinations/${id}/check`)).data).toMatchObject({ check: said });
});

test('a check asks nobody where settings are missing, or where browsers alone feed the tool', async () => {
  const { made, call } = await setUp();
  const check = async (body: object) =>
    (await call('POST', `/app-api/destinations/${(await made(body)).id}/check`)).data as unknown;
  expect(await check({})).toMatchObject({ check: { outcome: 'refused', message: expect.stringContaining('apiKey') } });
  expect(await check({ metadataId: 'pixel', settings: { site: 's' } })).toMatchObject({
    check: { outcome: 'not-offered' },
  });
});

test.each([
  ['GET', '/destinations/dst_f', undefined],
  ['PATCH', '/destinations/dst_f', { name: 'Mine' }],
  ['DELETE', '/destinations/dst_f', undefined],
  ['POST', '/destinations', { sourceId: 'src_f', metadataId: 'tool', settings: {} }],
  ['GET', '/app-api/destinations/dst_f', undefined],
  ['PATCH', '/app-api/destinations/dst_f', { enabled: false }],
  ['POST', '/app-api/destinations/dst_f/check', undefined],
  ['POST', '/app-api/destinations/dst_f/presets', undefined],
  ['POST', '/app-api/destinations/dst_f/copy-settings', { fromDestinationId: 'dst_f' }],
  ['POST', '/app-api/destinations/dst_f/subscriptions/map_1/duplicate', undefined],
  ['GET', '/destinations/dst_f/subscriptions', undefined],
  [
    'POST',
    '/destinations/dst_f/subscriptions',
    { name: 'M', actionId: 'send', trigger: 'type = "track"', enabled: false },
  ],
  ['GET', '/destinations/dst_f/subscriptions/map_1', undefined],
  ['PATCH', '/destinations/dst_f/subscriptions/map_1', { input: {} }],
  ['DELETE', '/destinations/dst_f/subscriptions/map_1', undefined],
  ['GET', '/destination/dst_f/filters', undefined],
  [
    'POST',
    '/destination/dst_f/filters',
    { sourceId: 'src_f', if: 'all', actions: [{ type: 'DROP' }], title: 'T', enabled: true },
  ],
  ['GET', '/destination/dst_f/filters/flt_1', undefined],
  ['PATCH', '/destination/dst_f/filters/flt_1', { enabled: false }],
  ['DELETE', '/destination/dst_f/filters/flt_1', undefined],
])('%s %s of another workspace is not found, and nothing changes (T8)', async (method, path, body) => {
  const { call, documents } = await setUp();
  const before = documents.texts();
  expect((await call(method, path, { body })).status).toBe(404);
  expect(documents.texts().filter((text) => !text.includes('USE#'))).toEqual(
    before.filter((text) => !text.includes('USE#')),
  );
});
