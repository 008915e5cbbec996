/* oxlint-disable unicorn/no-thenable -- a directive has a member of that name */
import { MASKED } from '../../../../../shared/domain/audit.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDestination, aMapping, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const CANARY_URL = 'https://hooks.pager.test/canary/0123456789abcdef';
type Subscription = { id: string; settings: Record<string, unknown> };

async function setUp(type = 'tool') {
  const world = await apiWorld();
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'destination', verb: 'save', thing: aDestination({ type, name: 'D', enabled: false }) },
  ]);
  const at = '/destinations/dst_1/subscriptions';
  const create = (body: object) =>
    world.call('POST', at, {
      body: { name: 'Tracks', actionId: 'send', trigger: 'type = "track"', enabled: false, ...body },
    });
  const made = async (body: object = {}): Promise<Subscription> =>
    ((await create(body)).data as { destinationSubscription: Subscription }).destinationSubscription;
  const patch = (id: string, input: object) => world.call('PATCH', `${at}/${id}`, { body: { input } });
  const mappings = () => world.control.listMappings(WS, aDestination().id);
  return { ...world, at, create, made, patch, mappings };
}

test('a mapping is made by an action’s id or key, with the action’s defaults where no field map is given', async () => {
  const { create, call, at } = await setUp();
  const answer = await create({ actionId: 'bbbbbbbbbbbbbbbbbbbbbb02' });
  expect([answer.status, answer.data]).toEqual([
    200,
    {
      destinationSubscription: {
        id: expect.stringMatching(/^map_/),
        name: 'Tracks',
        actionId: 'bbbbbbbbbbbbbbbbbbbbbb02',
        actionSlug: 'send',
        destinationId: 'dst_1',
        enabled: false,
        settings: { id: { '@path': '$.userId' }, event: { '@path': '$.event' } },
        trigger: 'type = "track"',
      },
    },
  ]);
  const { destinationSubscription } = answer.data as { destinationSubscription: Subscription };
  expect((await call('GET', `${at}/${destinationSubscription.id}`)).data).toEqual({
    subscription: destinationSubscription,
  });
  expect((await call('GET', at)).data).toMatchObject({
    subscriptions: [destinationSubscription],
    pagination: { totalEntries: 1 },
  });
});

test.each([
  ['an action that its type has not', { actionId: 'shout' }, 'actionId'],
  ['a trigger that cannot be read', { trigger: 'type = ' }, 'trigger'],
  ['a field that the action has not', { settings: { ID: 1 } }, 'settings.ID'],
  ['a directive that there is not', { settings: { id: { '@pth': '$.a' } } }, 'settings.id.@pth'],
  [
    'a directive that lacks a part',
    { settings: { id: { '@case': { operator: 'lower' } } } },
    'settings.id.@case.value',
  ],
  [
    'a Liquid template over its bound (B17)',
    { settings: { id: { '@liquid': 'x'.repeat(1_001) } } },
    'settings.id.@liquid',
  ],
  ['a field map over its bound (T23)', { settings: { id: 'x'.repeat(100_001) } }, 'settings'],
  ['a required field that is missing, enabled', { settings: {}, enabled: true }, 'settings.id'],
  ['a model of Reverse ETL', { modelId: 'm' }, 'modelId'],
  ['no name', { name: '' }, 'name'],
])('%s is answered 422 at its field, and nothing is made', async (_case, body, field) => {
  const { create, mappings } = await setUp();
  const answer = await create(body);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(await mappings()).toEqual([]);
});

test('a trigger’s fault says where it is', async () => {
  const { create } = await setUp();
  expect((await create({ trigger: 'type = "track" nd event = "x"' })).errors[0]).toMatchObject({
    message: expect.stringMatching(/at character \d+/),
    data: { at: expect.any(Number) },
  });
});

test.each([
  ['event = "a~b"'],
  ['type = "track" and contains(properties.plan, "~")'],
  ['event = \'say "hi"\''],
  ['!match(event, "a~*")'],
])('a trigger with a value that the editor does not take is refused: %s (B15)', async (trigger) => {
  const { create, made, patch, mappings } = await setUp();
  const answer = await create({ trigger });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, 'trigger']);
  const { id } = await made();
  expect((await patch(id, { trigger })).errors[0]?.field).toBe('input.trigger');
  expect(await mappings()).toMatchObject([{ trigger: 'type = "track"' }]);
});

test('a trigger that was saved before may come back, and groups within groups are taken (B15)', async () => {
  const { commit, patch, create } = await setUp();
  const trigger = 'event = "a~b"';
  await commit(WS, [{ kind: 'mapping', verb: 'save', thing: aMapping({ action: 'send', fields: {}, trigger }) }]);
  expect((await patch('map_1', { trigger, name: 'Renamed' })).data).toMatchObject({ subscription: { trigger } });
  expect((await create({ trigger: 'type = "track" and (event = "A" or event = "B")' })).status).toBe(200);
});

test('an update changes what is under `input`, and enabling asks for what the action requires', async () => {
  const { made, patch, mappings } = await setUp();
  const { id } = await made({ settings: {} });
  expect((await patch(id, { enabled: true })).errors[0]?.field).toBe('input.settings.id');
  expect((await patch(id, { settings: { id: 'a' }, enabled: true, name: 'Renamed' })).data).toMatchObject({
    subscription: { name: 'Renamed', enabled: true, settings: { id: 'a' } },
  });
  expect(await mappings()).toMatchObject([{ name: 'Renamed', trigger: 'type = "track"', version: 2 }]);
  expect((await patch(id, { reverseETLModelId: 'x' })).errors[0]?.field).toBe('input.reverseETLModelId');
  expect((await patch(id, { trigger: 'nonsense(' })).errors[0]?.field).toBe('input.trigger');
});

test('an address in a mapping that is a secret is masked in answers and stays where its dots come back', async () => {
  const { create, patch, mappings, call, at, deps } = await setUp('pager');
  const answer = await create({ actionId: 'post', settings: { url: CANARY_URL, text: 'Hello' }, enabled: true });
  const { destinationSubscription } = answer.data as { destinationSubscription: Subscription };
  expect(destinationSubscription.settings).toEqual({ url: MASKED, text: 'Hello' });
  const { id, settings } = destinationSubscription;
  await patch(id, { settings: { ...settings, text: 'Bye' } });
  expect(await mappings()).toMatchObject([{ fields: { url: CANARY_URL, text: 'Bye' } }]);
  expect((await call('GET', `${at}/${id}`)).text).not.toContain('canary');
  expect((await create({ actionId: 'post', settings })).errors[0]?.field).toBe('settings.url');
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 50, newestFirst: true });
  expect(JSON.stringify(entries)).not.toContain('canary');
});

test('headers of a mapping show their names alone, in answers and in the audit trail, and stay where they come back', async () => {
  const { made, patch, mappings, call, at, deps } = await setUp('pager');
  const headers = { Authorization: 'Bearer canary', 'X-User': { '@path': '$.userId' }, 'X-Pin': 4711 };
  const text = 'Look at https://me:canary@d.test/x?a=1&token=canary-2#top';
  const { id, settings } = await made({ actionId: 'post', settings: { url: CANARY_URL, headers, text } });
  expect(settings).toEqual({
    url: MASKED,
    headers: { Authorization: MASKED, 'X-User': { '@path': '$.userId' }, 'X-Pin': MASKED },
    text: `Look at https://${MASKED}@d.test/x?a=1&token=${MASKED}#top`,
  });
  expect((await patch(id, { name: 'Renamed', settings })).status).toBe(200);
  expect(await mappings()).toMatchObject([{ name: 'Renamed', fields: { url: CANARY_URL, headers, text } }]);
  expect((await call('GET', at)).text).not.toMatch(/canary|4711/);
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 50, newestFirst: true });
  expect(JSON.stringify(entries)).not.toMatch(/canary|4711/);
});

test('a mapping that leads elsewhere asks for the secrets that it sends along (T18)', async () => {
  const { made, patch, mappings } = await setUp('pager');
  const headers = { Authorization: 'Bearer canary' };
  const { id, settings } = await made({ actionId: 'post', settings: { url: CANARY_URL, headers } });
  const moved = { ...settings, url: 'https://evil.test/' };
  const answer = await patch(id, { settings: moved });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, 'input.settings.headers']);
  expect(await mappings()).toMatchObject([{ fields: { url: CANARY_URL, headers } }]);
  expect((await patch(id, { settings: { ...settings, url: `${CANARY_URL}/b` } })).status).toBe(200);
  expect((await patch(id, { settings: { ...moved, headers: { Authorization: 'Bearer new' } } })).status).toBe(200);
  expect((await patch(id, { settings: { headers: settings['headers'] } })).status).toBe(200);
  expect((await patch(id, { settings: moved })).errors[0]?.field).toBe('input.settings.headers');
});

test.each([
  ['in a template', { '@template': 'hooks.canary.test/services/X' }, { '@template': MASKED }],
  ['behind a variable', { '@template': '{{properties.h}}/services/canary' }, { '@template': MASKED }],
  ['in Liquid', { '@liquid': '{% assign x=1 %}https://h.test/canary' }, { '@liquid': MASKED }],
  [
    'in a choice of two',
    { '@if': { exists: { '@path': '$.userId' }, then: { '@literal': 'canary' }, else: 'canary' } },
    { '@if': { exists: { '@path': '$.userId' }, then: { '@literal': MASKED }, else: MASKED } },
  ],
  [
    'in other directives',
    { '@json': { mode: 'encode', value: { '@case': { operator: 'lower', value: { '@template': 'canary' } } } } },
    { '@json': { mode: 'encode', value: { '@case': { operator: 'lower', value: { '@template': MASKED } } } } },
  ],
])('a secret of a mapping is masked %s, and stays where its dots come back', async (_case, url, shown) => {
  const { made, patch, mappings, deps } = await setUp('pager');
  const { id, settings } = await made({ actionId: 'post', settings: { url } });
  expect(settings['url']).toEqual(shown);
  await patch(id, { settings: { ...settings, text: 'x' } });
  expect(await mappings()).toMatchObject([{ fields: { url, text: 'x' } }]);
  const { entries } = await deps.auditLog.list(WS, { from: '2', to: '3', limit: 50, newestFirst: true });
  expect(JSON.stringify(entries)).not.toContain('canary');
});

test.each([
  ['in another field', { text: MASKED }, 'text'],
  ['in another member of its field', { headers: { 'X-Other': MASKED } }, 'headers'],
  ['in a directive that was not there', { url: { '@template': MASKED } }, 'url'],
  ['within a text', { text: `see ${MASKED}` }, 'text'],
  ['with a blank before them (T18)', { url: ` ${MASKED}` }, 'url'],
  ['twice as many (T18)', { headers: { Authorization: `${MASKED}${MASKED}` } }, 'headers'],
])('dots that stand %s are refused, and the secret stays', async (_case, moved, field) => {
  const { made, patch, mappings } = await setUp('pager');
  const fields = { url: CANARY_URL, headers: { Authorization: 'Bearer canary' }, text: 'Hello' };
  const { id, settings } = await made({ actionId: 'post', settings: fields });
  const answer = await patch(id, { settings: { ...settings, ...moved } });
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, `input.settings.${field}`]);
  expect(await mappings()).toMatchObject([{ fields, version: 1 }]);
});

test('the 51st mapping is refused (B11)', async () => {
  const { commit, create, call, at } = await setUp();
  for (let from = 0; from < 50; from += 20) {
    const ids = Array.from({ length: Math.min(20, 50 - from) }, (_, index) => `map_${from + index}`);
    await commit(
      WS,
      ids.map((id) => ({ kind: 'mapping', verb: 'save', thing: aMapping({ id, action: 'send', fields: {} }) })),
    );
  }
  expect((await create({})).errors[0]).toMatchObject({ type: 'quota-exceeded', data: { quota: 'mappings', max: 50 } });
  expect((await call('POST', `/app-api${at}/map_1/duplicate`)).errors[0]?.type).toBe('quota-exceeded');
});

test('a copy of a mapping is disabled and says that it is one, within the bound of names (B19)', async () => {
  const { made, call, at, mappings } = await setUp();
  const { id } = await made({ name: 'x'.repeat(128), enabled: true });
  const answer = await call('POST', `/app-api${at}/${id}/duplicate`);
  expect(answer.data).toMatchObject({
    subscription: { name: `${'x'.repeat(121)} (Copy)`, enabled: false, trigger: 'type = "track"' },
  });
  expect(await mappings()).toHaveLength(2);
});

test('presets of its type become mappings, disabled, each once (B12)', async () => {
  const { call, mappings } = await setUp();
  const presets = (body?: object) => call('POST', '/app-api/destinations/dst_1/presets', { body });
  expect((await presets({ names: ['Pages'] })).data).toMatchObject({
    subscriptions: [{ name: 'Pages', enabled: false }],
  });
  expect((await presets()).data).toMatchObject({ subscriptions: [{ name: 'Tracks', enabled: false }] });
  expect((await presets()).data).toEqual({ subscriptions: [] });
  expect((await presets({ names: ['Nothing'] })).errors[0]?.field).toBe('names.0');
  expect(await mappings()).toHaveLength(2);
});

test('a mapping that is gone is not found', async () => {
  const { made, call, at, mappings } = await setUp();
  const { id } = await made();
  expect((await call('DELETE', `${at}/${id}`)).data).toEqual({ status: 'SUCCESS' });
  expect(await mappings()).toEqual([]);
  for (const method of ['GET', 'DELETE']) expect((await call(method, `${at}/${id}`)).status).toBe(404);
});

test('of 50 edits at once none is lost, and each is 200 or 409', async () => {
  const { made, patch, mappings } = await setUp();
  const { id } = await made();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => patch(id, { name: `N${n}` })));
  expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
  expect((await mappings())[0]?.version).toBe(1 + answers.filter(({ status }) => status === 200).length);
});
