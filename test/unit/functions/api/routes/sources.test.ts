import { ownerOf } from '../../../../../shared/domain/access.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { Label } from '../../../../../shared/domain/people.ts';
import { Source } from '../../../../../shared/domain/workspace.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDestination, aFilter, aMapping, aSource, aWriteKey } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const WS_2 = WorkspaceId.parse('ws_2');
const OF_SOURCE = (roleId: string, id: string) => ({ roleId, resources: [{ id, type: 'SOURCE' as const }] });
const foreign = { id: 'src_foreign', workspaceId: 'ws_2', slug: 'foreign' };

async function setUp() {
  const world = await apiWorld();
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'writeKey', verb: 'save', thing: aWriteKey() },
  ]);
  await world.commit(WS_2, [{ kind: 'source', verb: 'save', thing: aSource(foreign) }]);
  const trail = async () =>
    (await world.deps.auditLog.list(WS, { from: '2', to: '3', limit: 500, newestFirst: true })).entries;
  return { ...world, trail };
}
const NEW = { slug: 'shop', enabled: true, metadataId: 'javascript' };

test('a new source takes events at once, has one write key and is called by its slug until it is named (A14)', async () => {
  const { call, control, trail, hints } = await setUp();
  const made = await call('POST', '/sources', { body: NEW });
  expect(made.status).toBe(201);
  const { source } = made.data as { source: { id: string; writeKeys: string[] } };
  expect(source).toMatchObject({
    slug: 'shop',
    name: 'shop',
    enabled: true,
    workspaceId: 'ws_1',
    labels: [],
    metadata: { slug: 'javascript' },
    writeKeys: [expect.stringMatching(/^writekey/)],
  });
  expect(await control.listWriteKeys(WS, Source.shape.id.parse(source.id))).toMatchObject([
    { writeKey: source.writeKeys[0] },
  ]);
  expect((await call('GET', `/sources/${source.id}`)).data).toEqual({ source, trackingPlanId: null });
  expect(
    (await trail())
      .map(({ event }) => event)
      .slice(0, 2)
      .toSorted(),
  ).toEqual(['Source Created', 'Write Key Created']);
  expect(hints.at(-1)?.changes.map(({ verb }) => verb)).toEqual(['created', 'created']);
});

test.each([
  ['an unknown type', { ...NEW, metadataId: 'gopher' }, 'metadataId'],
  ['a slug with a space', { ...NEW, slug: 'a b' }, 'slug'],
  ['a slug of 65 characters', { ...NEW, slug: 'a'.repeat(65) }, 'slug'],
  ['a name, which createSource has not', { ...NEW, name: 'Shop' }, 'name'],
  ['a text for a truth value', { ...NEW, enabled: 'yes' }, 'enabled'],
  ['a setting that there is not', { ...NEW, settings: { website_url: 'x' } }, 'settings.website_url'],
  ['a setting beyond its bound', { ...NEW, settings: { dedupHours: 169 } }, 'settings.dedupHours'],
  ['an address that is none (T1)', { ...NEW, settings: { allowedIps: ['10.0.0.0/40'] } }, 'settings.allowedIps.0'],
  ['a page that is no host', { ...NEW, settings: { allowedOrigins: ['a b'] } }, 'settings.allowedOrigins.0'],
])('%s is answered 422 at its field, and nothing is made', async (_case, body, field) => {
  const { call, control } = await setUp();
  const answer = await call('POST', '/sources', { body });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await control.listSources(WS)).toHaveLength(1);
});

test('a slug that another source has is answered 409, and one of another workspace is free', async () => {
  const { call } = await setUp();
  expect(await call('POST', '/sources', { body: { ...NEW, slug: 'website' } })).toMatchObject({
    status: 409,
    errors: [{ type: 'conflict', field: 'slug' }],
  });
  expect((await call('POST', '/sources', { body: { ...NEW, slug: 'foreign' } })).status).toBe(201);
});

test('the 201st source is refused with the quota named (T23)', async () => {
  const { call, commit } = await setUp();
  for (let from = 2; from <= 200; from += 20) {
    const numbers = Array.from({ length: Math.min(20, 201 - from) }, (_, index) => from + index);
    await commit(
      WS,
      numbers.map((n) => ({ kind: 'source', verb: 'save', thing: aSource({ id: `src_${n}`, slug: `s${n}` }) })),
    );
  }
  expect(await call('POST', '/sources', { body: NEW })).toMatchObject({
    status: 422,
    errors: [{ type: 'quota-exceeded', data: { quota: 'sources', max: 200 } }],
  });
});

test('a change carries only what is given, and a setting that is null goes back to its default', async () => {
  const { call, control } = await setUp();
  const first = await call('PATCH', '/sources/src_1', {
    body: { name: 'Shop', settings: { dedupHours: 48, dedupBy: 'event', allowedIps: ['10.0.0.0/8'] } },
  });
  expect(first.data).toMatchObject({
    source: { name: 'Shop', slug: 'website', settings: { dedupHours: 48, dedupBy: 'event' } },
  });
  const second = await call('PATCH', '/app-api/sources/src_1', {
    body: { settings: { dedupHours: null, dedupBy: null } },
  });
  expect(second.data).toMatchObject({
    source: { name: 'Shop', settings: { dedupHours: 24, allowedIps: ['10.0.0.0/8'] }, version: 3 },
  });
  const { dedupBy } = (await control.getSource(WS, aSource().id)) ?? {};
  expect(dedupBy).toBeUndefined();
  expect((await call('PATCH', '/sources/src_1', { body: { kind: 'server' } })).errors[0]?.field).toBe('kind');
});

test('what changes nothing writes nothing, and who has seen another version is told so', async () => {
  const { call, control, trail } = await setUp();
  const before = (await trail()).length;
  const read = await call('GET', '/sources/src_1');
  expect((await call('PATCH', '/sources/src_1', { body: { name: 'Website' } })).status).toBe(200);
  expect((await trail()).length).toBe(before);
  expect((await call('GET', '/app-api/sources/src_1')).data).toMatchObject({ source: { name: 'Website', version: 1 } });
  const seen = { 'if-match': read.headers['ETag'] ?? '' };
  const changed = await call('PATCH', '/sources/src_1', { body: { name: 'A' }, headers: seen });
  expect([changed.status, changed.headers['ETag']]).toEqual([200, '"2"']);
  const late = await call('PATCH', '/sources/src_1', { body: { name: 'B' }, headers: seen });
  expect([late.status, late.errors[0]?.type]).toEqual([409, 'conflict']);
  expect((await control.getSource(WS, aSource().id))?.name).toBe('A');
});

test('of 50 edits at once each is done or refused with 409, and none is lost', async () => {
  const { call, control, trail } = await setUp();
  const before = (await trail()).length;
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => call('PATCH', '/sources/src_1', { body: { name: `Name ${n}` } })),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
  const done = statuses.filter((status) => status === 200).length;
  expect(done).toBeGreaterThan(0);
  expect((await control.getSource(WS, aSource().id))?.version).toBe(1 + done);
  expect((await trail()).length).toBe(before + done);
});

test('several write keys of a source are live at once, the last may go, and the eleventh is refused (A15)', async () => {
  const { call, control } = await setUp();
  const more = await call('POST', '/sources/src_1/writekey');
  const { source } = more.data as { source: { writeKeys: string[] } };
  expect(source.writeKeys).toHaveLength(2);
  const [, second = ''] = source.writeKeys;
  expect((await call('GET', `/app-api/write-keys/${second}`)).data).toMatchObject({ source: { id: 'src_1' } });
  for (const key of source.writeKeys) {
    expect((await call('DELETE', `/sources/src_1/writekey/${key}`)).data).toEqual({ status: 'SUCCESS' });
    expect((await call('GET', `/app-api/write-keys/${key}`)).status).toBe(404);
  }
  expect(await control.findWriteKey(aWriteKey().writeKey)).toBeUndefined();
  for (let n = 0; n < 10; n += 1) expect((await call('POST', '/sources/src_1/writekey')).status).toBe(200);
  expect((await call('POST', '/sources/src_1/writekey')).errors[0]).toMatchObject({ type: 'quota-exceeded' });
});

test('who may see a source and not its keys sees none, and finds no source by one', async () => {
  const { call, token } = await setUp();
  const bearer = await token([OF_SOURCE('source-read-only', 'src_1')]);
  expect((await call('GET', '/sources/src_1', { bearer })).data).toMatchObject({ source: { writeKeys: [] } });
  expect((await call('GET', '/sources', { bearer })).data).toMatchObject({ sources: [{ id: 'src_1', writeKeys: [] }] });
  expect((await call('GET', `/app-api/write-keys/${aWriteKey().writeKey}`, { bearer })).status).toBe(403);
});

test.each([
  ['GET', '/sources/src_foreign', undefined],
  ['PATCH', '/sources/src_foreign', { name: 'Mine' }],
  ['DELETE', '/sources/src_foreign', undefined],
  ['POST', '/sources/src_foreign/writekey', undefined],
  ['POST', '/sources/src_foreign/labels', { labels: [] }],
  ['PUT', '/sources/src_foreign/labels', { labels: [] }],
  ['GET', '/sources/src_foreign/settings', undefined],
  ['PATCH', '/sources/src_foreign/settings', { track: {} }],
  ['GET', '/sources/src_foreign/connected-destinations', undefined],
  ['GET', '/sources/src_foreign/connected-warehouses', undefined],
  ['GET', '/app-api/sources/src_foreign', undefined],
  ['PATCH', '/app-api/sources/src_foreign', { name: 'Mine' }],
  ['GET', '/app-api/write-keys/wk_ffffffffffffffff', undefined],
])('%s %s of another workspace is not found, and nothing changes (T8)', async (method, path, body) => {
  const { call, documents, commit } = await setUp();
  await commit(WS_2, [
    {
      kind: 'writeKey',
      verb: 'save',
      thing: aWriteKey({ writeKey: 'wk_ffffffffffffffff', workspaceId: 'ws_2', sourceId: 'src_foreign' }),
    },
  ]);
  const before = documents.texts().filter((text) => !text.includes('USE#'));
  expect((await call(method, path, { body })).status).toBe(404);
  expect(documents.texts().filter((text) => !text.includes('USE#'))).toEqual(before);
});

test('labels of a source are the workspace’s, one for each key (M07, M08)', async () => {
  const { call, commit } = await setUp();
  const label = (key: string, value: string) =>
    Label.parse({
      workspaceId: 'ws_1',
      key,
      value,
      version: 0,
      createdAt: aSource().createdAt,
      updatedAt: aSource().updatedAt,
    });
  await commit(
    WS,
    [label('team', 'a'), label('team', 'b')].map((thing) => ({ kind: 'label', verb: 'save', thing }) as const),
  );
  const add = (...labels: object[]) => call('POST', '/sources/src_1/labels', { body: { labels } });
  expect((await add({ key: 'team', value: 'a' }, { key: 'environment', value: 'prod' })).data).toEqual({
    labels: [
      { key: 'team', value: 'a' },
      { key: 'environment', value: 'prod' },
    ],
  });
  expect((await add({ key: 'team', value: 'b' })).status).toBe(409);
  expect((await add({ key: 'team', value: 'c' })).errors[0]?.field).toBe('labels.0');
  expect((await add({ key: 'x', value: 'a' }, { key: 'x', value: 'b' })).errors.map(({ field }) => field)).toContain(
    'labels.1.key',
  );
  const replaced = await call('PUT', '/sources/src_1/labels', { body: { labels: [{ key: 'team', value: 'b' }] } });
  expect(replaced.data).toEqual({ labels: [{ key: 'team', value: 'b' }] });
  expect((await call('GET', '/sources/src_1')).data).toMatchObject({
    source: { labels: [{ key: 'team', value: 'b' }] },
  });
});

test('a source goes with all that is its own, in commits of bounded size, and lanes are free (repeatable)', async () => {
  const { call, commit, control, documents } = await setUp();
  await call('POST', '/sources', { body: NEW });
  for (const n of [1, 2]) {
    await commit(WS, [{ kind: 'destination', verb: 'save', thing: aDestination({ id: `dst_${n}`, name: `N${n}` }) }]);
    for (let from = 0; from < 50; from += 20) {
      const ids = Array.from({ length: Math.min(20, 50 - from) }, (_, index) => `map_${n}_${from + index}`);
      await commit(
        WS,
        ids.map((id) => ({ kind: 'mapping', verb: 'save', thing: aMapping({ id, destinationId: `dst_${n}` }) })),
      );
    }
    await commit(
      WS,
      Array.from({ length: 10 }, (_, index) => ({
        kind: 'filter',
        verb: 'save',
        thing: aFilter({ id: `flt_${n}_${index}`, destinationId: `dst_${n}` }),
      })),
    );
  }
  const plan = await call('POST', '/tracking-plans', { body: { name: 'Plan', type: 'LIVE' } });
  const { id } = (plan.data as { trackingPlan: { id: string } }).trackingPlan;
  await call('POST', `/tracking-plans/${id}/sources`, { body: { sourceId: 'src_1' } });
  expect(await control.listHeldLanes()).toHaveLength(2);

  expect((await call('DELETE', '/sources/src_1')).data).toEqual({ status: 'SUCCESS' });

  expect(await control.listHeldLanes()).toEqual([]);
  expect(
    [...documents.items.keys()].filter((key) => /src_1$|dst_\d|map_|flt_|WK#src_1/.test(key) && !key.includes('AUD#')),
  ).toEqual([]);
  expect((await control.listTrackingPlans(WS))[0]?.sourceIds).toEqual([]);
  expect((await control.listSources(WS)).map(({ slug }) => slug)).toEqual(['shop']);
  expect((await call('DELETE', '/sources/src_1')).status).toBe(404);
});

test('schema settings are kept member by member, and forward only to sources of the workspace', async () => {
  const { call, commit } = await setUp();
  await commit(WS, [{ kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 's2' }) }]);
  const patch = (body: object) => call('PATCH', '/sources/src_1/settings', { body });
  await patch({ track: { allowUnplannedEvents: false }, forwardingBlockedEventsTo: 'src_2' });
  await patch({ track: { commonEventOnViolations: 'BLOCK' } });
  expect((await call('GET', '/sources/src_1/settings')).data).toEqual({
    sourceId: 'src_1',
    settings: {
      track: { allowUnplannedEvents: false, commonEventOnViolations: 'BLOCK' },
      forwardingBlockedEventsTo: 'src_2',
    },
  });
  const own = await patch({ forwardingViolationsTo: 'src_1' });
  expect([own.status, own.errors[0]?.field]).toEqual([422, 'forwardingViolationsTo']);
  expect((await patch({ forwardingBlockedEventsTo: null, identify: {} })).data).toEqual({
    sourceId: 'src_1',
    settings: { track: { allowUnplannedEvents: false, commonEventOnViolations: 'BLOCK' }, identify: {} },
  });
  expect((await patch({ forwardingViolationsTo: 'src_foreign' })).errors[0]?.field).toBe('forwardingViolationsTo');
  expect((await patch({ page: {} })).errors[0]?.field).toBe('page');
});

test('a list is cut into pages that a cursor of another workspace does not open', async () => {
  const { call, token, commit } = await setUp();
  await commit(
    WS,
    [2, 3].map((n) => ({ kind: 'source', verb: 'save', thing: aSource({ id: `src_${n}`, slug: `s${n}` }) })),
  );
  const first = await call('GET', '/sources', { query: 'pagination[count]=2' });
  const { sources, pagination } = first.data as { sources: { id: string }[]; pagination: { next: string } };
  expect(sources.map(({ id }) => id)).toEqual(['src_1', 'src_2']);
  const query = `pagination[count]=2&pagination[cursor]=${encodeURIComponent(pagination.next)}`;
  expect((await call('GET', '/sources', { query })).data).toMatchObject({ sources: [{ id: 'src_3' }] });
  const bearer = await token([ownerOf(WS_2)], 'ws_2');
  expect((await call('GET', '/sources', { query, bearer })).errors[0]?.field).toBe('pagination.cursor');
});

test.each(['zzzz', '.', '.MA', '=', '!', ' ', '\u0000', '%'])(
  'a cursor with %j behind or before it is none (T8)',
  async (more) => {
    const { call, commit } = await setUp();
    await commit(WS, [{ kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 's2' }) }]);
    const { pagination } = (await call('GET', '/sources', { query: 'pagination[count]=1' })).data as {
      pagination: { next: string };
    };
    const answerTo = async (cursor: string) =>
      await call('GET', '/sources', { query: `pagination[cursor]=${encodeURIComponent(cursor)}` });
    expect((await answerTo(pagination.next)).status).toBe(200);
    for (const cursor of [`${pagination.next}${more}`, `${more}${pagination.next}`]) {
      expect(await answerTo(cursor)).toMatchObject({ status: 422, errors: [{ field: 'pagination.cursor' }] });
    }
  },
);

test.each([
  '__proto__[x]=2',
  'constructor[prototype][x]=1',
  'constructor.prototype.x=1',
  '__proto__=1',
  'pagination[__proto__][count]=1',
  'pagination.constructor=1',
  'pagination%5B%5F_proto__%5D=1',
  'toString=1',
])('the query %s asks for a field that there is not, and is told so', async (query) => {
  const { call } = await setUp();
  expect(await call('GET', '/sources', { query })).toMatchObject({
    status: 422,
    errors: [
      {
        type: 'input-validation',
        field: decodeURIComponent(query).replace(/=.*/, ''),
        message: expect.stringContaining('no such field'),
      },
    ],
  });
  const good = await call('GET', '/sources', { query: 'pagination[count]=1&pagination[cursor]=MA%3D%3D' });
  expect(good.status).toBe(200);
});

const UNFIT = ['a\u0000b', 'a\u001b[31m', 'a\nb', 'a\u0085b', 'a\ud800b', '\udc00', 'a\u202eb', 'a\u2066b'];
test.each(UNFIT)(
  'the name %j is refused wherever a thing gets one; what is stored with it is still read',
  async (name) => {
    const { call, commit } = await setUp();
    await commit(WS, [{ kind: 'source', verb: 'save', thing: aSource({ id: 'src_9', slug: 's9', name }) }]);
    expect((await call('GET', '/sources/src_9')).data).toMatchObject({ source: { name } });
    const label = { key: 'team', value: 'a', description: `x${name.replace('\n', '\u202d')}` };
    const asked: [string, string, object, string][] = [
      ['PATCH', '/sources/src_9', { name }, 'name'],
      ['PATCH', '/app-api/sources/src_9', { name }, 'name'],
      ['POST', '/labels', { label }, 'label.description'],
      ['POST', '/groups', { name }, 'name'],
      ['POST', '/tracking-plans', { name, type: 'LIVE' }, 'name'],
      ['POST', '/app-api/tokens', { name, permissions: [] }, 'name'],
      ['POST', '/app-api/environments', { value: 'qa', description: label.description }, 'description'],
    ];
    for (const [method, path, body, field] of asked) {
      const answer = await call(method, path, { body });
      expect([path, answer.status, answer.errors[0]?.field]).toEqual([path, 422, field]);
    }
  },
);

test.each(['Ünïcode 🎉', 'עברית\u200f', 'a‍b', '日本'])('the name %j is a name', async (name) => {
  const { call } = await setUp();
  expect((await call('PATCH', '/sources/src_1', { body: { name } })).data).toMatchObject({ source: { name } });
  const label = { key: 'team', value: 'a', description: 'two\nlines' };
  expect((await call('POST', '/labels', { body: { label } })).status).toBe(201);
});

test('there are no warehouses', async () => {
  const { call } = await setUp();
  expect((await call('GET', '/sources/src_1/connected-warehouses')).data).toMatchObject({ warehouses: [] });
});

test('of 20 sources of one slug that are made at once there is one', async () => {
  const { call, control } = await setUp();
  const answers = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/sources', { body: NEW })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  expect((await control.listSources(WS)).map(({ slug }) => slug).toSorted()).toEqual(['shop', 'website']);
  expect((await control.listWriteKeys(WS)).length).toBe(2);
});

test('schema settings that are as they were write nothing, whatever their order', async () => {
  const { call, trail, hints } = await setUp();
  const patch = (body: object) => call('PATCH', '/sources/src_1/settings', { body });
  const entries = async () => [(await trail()).length, hints.length];
  const before = await entries();
  await patch({});
  expect(await entries()).toEqual(before);
  await patch({ track: { allowUnplannedEvents: false, commonEventOnViolations: 'BLOCK' } });
  const after = await entries();
  expect(after).not.toEqual(before);
  const again = await patch({ track: { commonEventOnViolations: 'BLOCK', allowUnplannedEvents: false } });
  expect(again).toMatchObject({ status: 200, data: { settings: { track: { allowUnplannedEvents: false } } } });
  expect(await entries()).toEqual(after);
});
