import { Notification } from '../../../../../shared/domain/notification.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDestination, aSource } from '../../../../builders/workspace-things.ts';

const READER = [{ roleId: 'source-read-only', resources: [{ id: 'ws_1', type: 'WORKSPACE' as const }] }];
const OF_ONE = [{ roleId: 'source-read-only', resources: [{ id: 'src_1', type: 'SOURCE' as const }] }];
const OWNER = [{ roleId: 'workspace-owner', resources: [{ id: 'ws_1', type: 'WORKSPACE' as const }] }];
const MASK = '••••••••';

type Shown = { id: string; mayEdit: boolean; isDefault: boolean; channels: Record<string, string>[]; enabled: boolean };

async function setUp() {
  const world = await apiWorld();
  await world.commit(aSource().workspaceId, [
    { kind: 'source', verb: 'save', thing: aSource({ version: 0, createdBy: 'ann@shop.test' }) },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'other', version: 0 }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ version: 0 }) },
  ]);
  const make = async (bearer: string, over: Record<string, unknown> = {}) =>
    await world.call('POST', '/app-api/alerts', {
      bearer,
      body: {
        name: 'Late',
        kind: 'DEAD_LETTERS',
        count: 1,
        destinationId: 'dst_1',
        channels: [{ type: 'IN_APP' }],
        enabled: true,
        ...over,
      },
    });
  const idOf = (answer: Awaited<ReturnType<typeof make>>) => (answer.data as { alert: Shown }).alert.id;
  const listed = async (bearer: string) =>
    ((await world.call('GET', '/app-api/alerts', { bearer })).data as { alerts: Shown[] }).alerts;
  let count = 0;
  const tell = async (over: Record<string, unknown>) => {
    count += 1;
    const at = new Date(Date.parse('2026-11-26T09:00:00.000Z') + count).toISOString();
    const told = Notification.parse({
      id: `ntf_${String(count).padStart(4, '0')}`,
      workspaceId: 'ws_1',
      at,
      area: 'sources',
      transition: 'happened',
      title: `Told ${count}`,
      lines: [],
      sourceIds: ['src_1'],
      audience: 'members',
      sends: [],
      nextAt: at,
      version: 0,
      ...over,
    });
    await world.deps.notifications.add(told, `n${count}`);
  };
  const bell = async (bearer: string, query = '') => {
    const { data } = await world.call('GET', '/app-api/notifications', { bearer, query });
    const { notifications, unread, pagination } = data as {
      notifications: { title: string; read: boolean }[];
      unread: number;
      pagination: { next?: string };
    };
    return { titles: notifications.map(({ title }) => title), unread, next: pagination.next };
  };
  return { ...world, make, idOf, listed, tell, bell };
}

test('owners see, change and delete all alerts, others those that they have made (H09)', async () => {
  const world = await setUp();
  const [ann, bob, olga] = [
    await world.person('ann@shop.test', READER),
    await world.person('bob@shop.test', READER),
    await world.person('olga@shop.test', OWNER),
  ];
  const id = world.idOf(await world.make(ann.bearer));
  const own = async (bearer: string) =>
    (await world.listed(bearer)).filter(({ isDefault }) => !isDefault).map((one) => one.id);
  expect([await own(ann.bearer), await own(bob.bearer), await own(olga.bearer)]).toEqual([[id], [], [id]]);
  const path = `/app-api/alerts/${id}`;
  for (const [method, at, body] of [
    ['GET', path],
    ['PATCH', path, { name: 'x' }],
    ['DELETE', path],
    ['POST', `${path}/test`],
  ] as const) {
    expect((await world.call(method, at, { bearer: bob.bearer, body })).status).toBe(404);
  }
  expect((await world.call('PATCH', path, { bearer: olga.bearer, body: { enabled: false } })).status).toBe(200);
  expect((await world.call('POST', `${path}/test`, { bearer: ann.bearer })).status).toBe(200);
  expect(world.alertTests).toEqual([{ workspaceId: 'ws_1', alertId: id }]);
  expect((await world.call('DELETE', path, { bearer: ann.bearer })).status).toBe(200);
});

test('default alerts are there without being made; owners switch them off, nobody deletes them (H10)', async () => {
  const world = await setUp();
  const ann = await world.person('ann@shop.test', READER);
  const defaults = (await world.listed(ann.bearer)).filter(({ isDefault }) => isDefault);
  expect(defaults.length).toBeGreaterThan(20);
  expect(defaults.every(({ mayEdit }) => !mayEdit)).toBe(true);
  const path = '/app-api/alerts/alr_default_dead_letters';
  expect((await world.call('PATCH', path, { bearer: ann.bearer, body: { enabled: false } })).status).toBe(403);
  expect((await world.call('PATCH', path, { body: { enabled: false } })).data).toMatchObject({
    alert: { enabled: false, isDefault: true },
  });
  expect((await world.call('GET', path)).data).toMatchObject({ alert: { enabled: false, kind: 'DEAD_LETTERS' } });
  expect((await world.call('DELETE', path)).status).toBe(409);
});

test('where owners have default alerts told is not shown to who may not change it', async () => {
  const world = await setUp();
  const ann = await world.person('ann@shop.test', READER);
  const path = '/app-api/alerts/alr_default_dead_letters';
  const mail = { type: 'EMAIL', address: 'owner@home.test' };
  const hook = { type: 'WEBHOOK', url: 'https://inner.test/x' };
  const channelsOf = ({ data }: { data: unknown }) => (data as { alert: Shown }).alert.channels;
  const patch = async (channels: unknown) => await world.call('PATCH', path, { body: { channels } });
  expect(channelsOf(await patch([{ type: 'IN_APP' }, mail, hook]))).toMatchObject([
    { type: 'IN_APP' },
    mail,
    { host: 'inner.test' },
  ]);
  const shown = await world.call('GET', path, { bearer: ann.bearer });
  expect(channelsOf(shown)).toEqual([{ type: 'IN_APP' }]);
  await patch([mail]);
  const texts = [shown.text, JSON.stringify(await world.listed(ann.bearer))];
  expect(texts.join()).not.toMatch(/home\.test|inner\.test/);
  expect((await world.listed(ann.bearer)).find(({ id }) => id === 'alr_default_dead_letters')?.channels).toEqual([]);
});

test('an alert of usage takes the right to see usage', async () => {
  const world = await setUp();
  const usage = { kind: 'USAGE', measure: 'API_CALLS', count: 10, destinationId: undefined };
  const reader = await world.person('ann@shop.test', READER);
  expect((await world.make(reader.bearer, usage)).status).toBe(403);
  expect((await world.make(world.ownerToken, usage)).status).toBe(201);
});

test('addresses of Slack and webhooks are dots in answers and in the audit trail, and dots on the way back keep them (H08, K1)', async () => {
  const world = await setUp();
  const channels = [
    { type: 'SLACK', webhookUrl: 'https://hooks.slack.test/services/T0/B0/token-of-slack', channel: '#ops' },
    { type: 'WEBHOOK', url: 'https://ops.test/in?key=token-of-ops', secret: 'secret-of-ops' },
    { type: 'EMAIL', address: 'Ops@Shop.test' },
  ];
  const made = await world.make(world.ownerToken, { channels });
  const id = world.idOf(made);
  const shown = [
    { type: 'SLACK', webhookUrl: MASK, host: 'hooks.slack.test', channel: '#ops', id: expect.any(String) },
    { type: 'WEBHOOK', url: MASK, secret: MASK, host: 'ops.test', id: expect.any(String) },
    { type: 'EMAIL', address: 'ops@shop.test' },
  ];
  const answered = (made.data as { alert: Shown }).alert.channels;
  expect(answered).toEqual(shown);
  const sealedBefore = (await world.control.listAlerts(aSource().workspaceId))[0]?.channels;
  const path = `/app-api/alerts/${id}`;
  const again = await world.call('PATCH', path, { body: { name: 'Later', channels: answered } });
  expect(again.status).toBe(200);
  expect((await world.control.listAlerts(aSource().workspaceId))[0]?.channels).toEqual(sealedBefore);
  const moved = [{ type: 'WEBHOOK', url: 'https://elsewhere.test/', secret: MASK }];
  expect((await world.call('PATCH', path, { body: { channels: moved } })).errors[0]).toMatchObject({
    field: 'channels.0.secret',
  });
  expect(
    (await world.make(world.ownerToken, { channels: [{ type: 'SLACK', webhookUrl: MASK }] })).errors[0],
  ).toMatchObject({
    field: 'channels.0.webhookUrl',
  });
  const rest = [
    made.text,
    again.text,
    (await world.call('GET', '/app-api/alerts')).text,
    (await world.call('GET', '/app-api/audit-events')).text,
  ];
  expect(rest.join()).not.toMatch(/token-of|secret-of|sealed\./);
});

test('a channel that is taken out or moved leaves the others their own addresses, and dots without an id are refused (H08)', async () => {
  const world = await setUp();
  const slack = (name: string) => ({ type: 'SLACK', webhookUrl: `https://hooks.slack.test/${name}`, channel: name });
  const hook = (name: string) => ({ type: 'WEBHOOK', url: `https://ops.test/${name}`, secret: `secret of ${name}` });
  const made = await world.make(world.ownerToken, { channels: [slack('a'), slack('b'), hook('c'), hook('d')] });
  const path = `/app-api/alerts/${world.idOf(made)}`;
  const kept = async () => (await world.control.listAlerts(aSource().workspaceId))[0]?.channels;
  const [, b, c, d] = (await kept()) ?? [];
  const [, shownB, shownC, shownD] = (made.data as { alert: Shown }).alert.channels;
  const patch = async (channels: unknown) => await world.call('PATCH', path, { body: { channels } });
  expect((await patch([shownD, shownB, shownC])).status).toBe(200);
  expect(await kept()).toEqual([d, b, c]);
  const { id: _id, ...withoutId } = shownB ?? {};
  expect((await patch([withoutId])).errors[0]).toMatchObject({ field: 'channels.0.webhookUrl' });
  expect((await patch([{ ...shownC, id: shownB?.['id'] }])).errors[0]).toMatchObject({ field: 'channels.0.url' });
  expect(await kept()).toEqual([d, b, c]);
});

test.each([
  ['a percentage missing', { kind: 'DELIVERY_RATE', count: undefined }, 'percent'],
  ['a rate above a hundred', { kind: 'DELIVERY_RATE', percent: 101 }, 'percent'],
  ['a field that the kind does not look at', { seconds: 60 }, 'seconds'],
  ['an address that is none', { channels: [{ type: 'WEBHOOK', url: 'ftp://ops.test' }] }, 'channels.0.url'],
  [
    'a password in an address',
    { channels: [{ type: 'SLACK', webhookUrl: 'https://a:b@ops.test/' }] },
    'channels.0.webhookUrl',
  ],
])('%s is answered 422 at its field, and nothing is made', async (_case, over, field) => {
  const world = await setUp();
  expect((await world.make(world.ownerToken, over)).errors[0]).toMatchObject({ field });
  await expect(world.control.listAlerts(aSource().workspaceId)).resolves.toEqual([]);
});

test('what is said of a refused address is true of http, which is taken: the guard judges by host when something is sent (T2)', async () => {
  const world = await setUp();
  const made = async (url: string) => await world.make(world.ownerToken, { channels: [{ type: 'WEBHOOK', url }] });
  expect((await made('http://127.0.0.1:8080/in')).status).toBe(201);
  expect((await made('ftp://ops.test')).errors[0]).toMatchObject({
    message: 'It must be an https address (http only where this deployment allows the host).',
  });
});

test('who sees one source makes alerts of that source alone, and hears of the audit trail only there', async () => {
  const world = await setUp();
  const eve = await world.person('eve@shop.test', OF_ONE);
  const status = async (over: Record<string, unknown>) =>
    (await world.make(eve.bearer, { count: undefined, destinationId: undefined, ...over })).status;
  expect(await status({ kind: 'SOURCE_VOLUME', percent: 20, sourceId: 'src_1' })).toBe(201);
  expect(await status({ kind: 'SOURCE_VOLUME', percent: 20, sourceId: 'src_2' })).toBe(404);
  expect(await status({ kind: 'SOURCE_VOLUME', percent: 20 })).toBe(403);
  expect(await status({ kind: 'EVENT', event: 'Source Modified', sourceId: 'src_1' })).toBe(201);
  expect(await status({ kind: 'EVENT', event: 'API Token Created' })).toBe(403);
});

test('who is no owner has members mailed alone, and presses the button of a test ten times a minute at most', async () => {
  const world = await setUp();
  const ann = await world.person('ann@shop.test', READER);
  await world.person('bob@shop.test', READER);
  const mail = (address: string) => ({ channels: [{ type: 'EMAIL', address }] });
  expect((await world.make(ann.bearer, mail('victim@else.test'))).errors[0]).toMatchObject({
    field: 'channels.0.address',
  });
  const made = await world.make(ann.bearer, mail('Bob@shop.test'));
  expect(made.status).toBe(201);
  const path = `/app-api/alerts/${world.idOf(made)}`;
  const change = async (bearer: string, address: string) =>
    (await world.call('PATCH', path, { bearer, body: mail(address) })).status;
  expect(await change(ann.bearer, 'victim@else.test')).toBe(422);
  expect(await change(world.ownerToken, 'list@else.test')).toBe(200);
  expect(await change(ann.bearer, 'list@else.test')).toBe(200);
  const tests = [];
  for (let count = 0; count < 11; count += 1) {
    tests.push((await world.call('POST', `${path}/test`, { bearer: ann.bearer })).status);
  }
  expect(tests).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
});

test('nobody but owners makes more than twenty alerts (T23)', async () => {
  const world = await setUp();
  const ann = await world.person('ann@shop.test', READER);
  for (let count = 0; count < 20; count += 1) expect((await world.make(ann.bearer)).status).toBe(201);
  expect((await world.make(ann.bearer)).errors[0]).toMatchObject({ type: 'quota-exceeded' });
  expect((await world.make(world.ownerToken)).status).toBe(201);
});

test('the bell shows each what they may see and want, and not what they did themselves (H11)', async () => {
  const world = await setUp();
  const [ann, bob, eve, olga] = [
    await world.person('ann@shop.test', READER),
    await world.person('bob@shop.test', READER),
    await world.person('eve@shop.test', OF_ONE),
    await world.person('olga@shop.test', OWNER),
  ];
  await world.tell({ title: 'by ann', exceptId: ann.id });
  await world.tell({ title: 'of source 2', sourceIds: ['src_2'] });
  await world.tell({ title: 'of a source that is gone', sourceIds: ['src_gone'] });
  await world.tell({ title: 'for owners', audience: 'owners', area: 'delivery' });
  await world.tell({ title: 'of bob’s alert', audience: { personId: bob.id }, area: 'delivery' });
  const titles = async (bearer: string) => (await world.bell(bearer)).titles;
  expect(await titles(ann.bearer)).toEqual(['of a source that is gone', 'of source 2']);
  expect(await titles(bob.bearer)).toEqual(['of bob’s alert', 'of a source that is gone', 'of source 2', 'by ann']);
  expect(await titles(eve.bearer)).toEqual(['by ann']);
  expect(await titles(olga.bearer)).toEqual(['for owners', 'of a source that is gone', 'of source 2', 'by ann']);
  const prefer = async (notifications: unknown) =>
    await world.call('PATCH', '/app-api/me/preferences', {
      bearer: bob.bearer,
      body: { preferences: { notifications } },
    });
  await prefer({ areas: { sources: { inApp: false } } });
  expect(await titles(bob.bearer)).toEqual(['of bob’s alert']);
  await prefer({ onlyMine: true });
  expect(await titles(bob.bearer)).toEqual(['of bob’s alert']);
  expect((await prefer({ areas: { weather: {} } })).status).toBe(422);
});

test('two windows that mark at the same time lose nothing of each other', async () => {
  const world = await setUp();
  const ann = await world.person('ann@shop.test', READER);
  for (let count = 0; count < 4; count += 1) await world.tell({});
  const answers = await Promise.all(
    ['ntf_0001', 'ntf_0002', 'ntf_0003'].map(
      async (id) =>
        await world.call('POST', '/app-api/notifications/read', { bearer: ann.bearer, body: { ids: [id] } }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await world.bell(ann.bearer, 'unread=true')).toMatchObject({ titles: ['Told 4'], unread: 1 });
});

test('notifications come in pages, are counted while unread, and are read one by one or all at once', async () => {
  const world = await setUp();
  const ann = await world.person('ann@shop.test', READER);
  for (let count = 0; count < 7; count += 1) await world.tell({});
  const first = await world.bell(ann.bearer, 'pagination[count]=4');
  expect(first).toMatchObject({ titles: ['Told 7', 'Told 6', 'Told 5', 'Told 4'], unread: 7 });
  expect(await world.bell(ann.bearer, `pagination[count]=4&pagination[cursor]=${first.next}`)).toMatchObject({
    titles: ['Told 3', 'Told 2', 'Told 1'],
    next: undefined,
  });
  const read = async (body?: unknown) =>
    await world.call('POST', '/app-api/notifications/read', { bearer: ann.bearer, body });
  await read({ ids: ['ntf_0007', 'ntf_0001'] });
  expect(await world.bell(ann.bearer, 'unread=true')).toMatchObject({
    titles: ['Told 6', 'Told 5', 'Told 4', 'Told 3', 'Told 2'],
    unread: 5,
  });
  expect((await world.bell(ann.bearer, 'unread=false')).titles).toEqual(['Told 7', 'Told 1']);
  await read();
  expect(await world.bell(ann.bearer, 'unread=true')).toMatchObject({ titles: [], unread: 0 });
  expect((await world.bell((await world.person('bob@shop.test', READER)).bearer)).unread).toBe(7);
});
