import { REAL_TESTS_PER_MINUTE_MAX } from '../../../../../functions/api/routes/tester.ts';
import { triggerCondition } from '../../../../../shared/domain/condition.ts';
import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import type { TestAsk, TrialAsk } from '../../../../../shared/ports/deliver-asks.ts';
import { aTestResult } from '../../../../builders/a-test-result.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDestination, aMapping, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const AT = '/app-api/destinations/dst_1/test';
const EVENT = { type: 'track', event: 'Cup Bought', userId: 'canary-user', properties: { price: 12 } };
const ALL = [{ id: 'ws_1', type: 'WORKSPACE' as const }];

async function setUp() {
  const asks: TestAsk[] = [];
  const trials: TrialAsk[] = [];
  const world = await apiWorld({
    deliver: async () => ({
      check: async () => ({ outcome: 'not-offered' }),
      reseal: async () => ({}),
      trial: async (ask) => {
        trials.push(ask);
        return aTestResult({ dryRun: true });
      },
      test: async (ask) => {
        asks.push(ask);
        return aTestResult({ dryRun: ask.dryRun });
      },
    }),
  });
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'destination', verb: 'save', thing: aDestination({ type: 'tool', name: 'Tool' }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ id: 'dst_2', type: 'pixel', name: 'Pixel' }) },
    {
      kind: 'mapping',
      verb: 'save',
      thing: aMapping({ action: 'send', trigger: 'type = "track" and event = "Cup Bought" and properties.price > 10' }),
    },
  ]);
  const reader = await world.token([{ roleId: 'source-read-only', resources: ALL }]);
  const test = (body: object, asked: object = {}, path = AT) =>
    world.call('POST', path, { body: { event: EVENT, applyFilters: false, dryRun: false, ...body }, ...asked });
  const trail = async () =>
    (await world.deps.auditLog.list(WS, { from: '2', to: '3', limit: 100, newestFirst: true })).entries.filter(
      ({ event }) => event === 'Event Tester Used',
    );
  return { ...world, asks, trials, reader, test, trail };
}

test('who may edit the destination sends real events, which the audit trail tells of without them (F16)', async () => {
  const { test: ask, asks, trail, hints } = await setUp();
  const answer = await ask({ subscriptionId: 'map_1' });
  expect([answer.status, answer.data]).toEqual([200, aTestResult({ dryRun: false })]);
  expect(asks).toEqual([
    {
      workspaceId: 'ws_1',
      destinationId: 'dst_1',
      event: EVENT,
      subscriptionId: 'map_1',
      applyFilters: false,
      dryRun: false,
    },
  ]);
  const entries = await trail();
  expect(entries).toMatchObject([
    {
      actor: { type: 'token' },
      resource: { type: 'DESTINATION', id: 'dst_1', name: 'Tool' },
      after: { type: 'track', subscriptionId: 'map_1', applyFilters: false },
    },
  ]);
  expect(JSON.stringify(entries)).not.toContain('canary');
  expect(hints.at(-1)).toMatchObject({ changes: [{ kind: 'DESTINATION', id: 'dst_1', verb: 'updated' }] });
});

test('who may only read makes dry runs, which nobody is told of, and sends nothing', async () => {
  const { test: ask, asks, reader, trail } = await setUp();
  expect((await ask({ dryRun: true }, { bearer: reader })).status).toBe(200);
  const refused = await ask({}, { bearer: reader });
  expect([refused.status, refused.errors[0]?.type]).toEqual([403, 'insufficient-permission']);
  expect(asks.map(({ dryRun }) => dryRun)).toEqual([true]);
  expect(await trail()).toEqual([]);
});

test('more real events than tests need are refused for a minute, to that destination alone', async () => {
  const { test: ask, asks, commit, advance, trail } = await setUp();
  await commit(WS, [
    { kind: 'destination', verb: 'save', thing: aDestination({ id: 'dst_3', type: 'tool', name: 'Third' }) },
  ]);
  for (let count = 0; count < REAL_TESTS_PER_MINUTE_MAX; count += 1) expect((await ask({})).status).toBe(200);
  const refused = await ask({});
  expect([refused.status, refused.errors[0]?.type]).toEqual([429, 'RequestError']);
  expect(Number(refused.headers['Retry-After'])).toBeGreaterThan(0);
  expect((await ask({ dryRun: true })).status).toBe(200);
  expect((await ask({}, {}, '/app-api/destinations/dst_3/test')).status).toBe(200);
  expect(asks).toHaveLength(REAL_TESTS_PER_MINUTE_MAX + 2);
  expect(await trail()).toHaveLength(REAL_TESTS_PER_MINUTE_MAX + 1);
  advance(60_000);
  expect((await ask({})).status).toBe(200);
});

test.each([
  ['a destination of nobody', '/app-api/destinations/dst_9/test', {}, 404],
  ['a mapping of nobody', AT, { subscriptionId: 'map_9' }, 404],
  ['a tool that browsers feed', '/app-api/destinations/dst_2/test', {}, 409],
  ['no event', AT, { event: 'x' }, 422],
  ['a field that there is not', AT, { force: true }, 422],
])('%s is answered %s', async (_case, path, body, status) => {
  const { test: ask, asks, trail } = await setUp();
  expect((await ask(body, {}, path)).status).toBe(status);
  expect(asks).toEqual([]);
  expect(await trail()).toEqual([]);
});

test('a sample event is one that the mapping matches, always the same', async () => {
  const { call } = await setUp();
  const at = '/app-api/destinations/dst_1/sample-event';
  const [first, again] = [await call('GET', at), await call('GET', at)];
  expect(first.data).toMatchObject({
    subscriptionId: 'map_1',
    matches: true,
    event: { type: 'track', event: 'Cup Bought', properties: { price: 11 } },
  });
  expect(again.text).toBe(first.text);
  const page = await call('GET', at, { query: 'type=page' });
  expect(page.data).toMatchObject({ subscriptionId: null, matches: null, event: { type: 'page' } });
  const { event } = first.data as { event: JsonObject };
  expect(triggerCondition('type = "track" and event = "Cup Bought" and properties.price > 10')(event)).toBe(true);
});

test('a type of destination shows what it would send for an event of a source, before anybody makes one', async () => {
  const { call, trials, trail, reader } = await setUp();
  const asked = (slug: string, body: object = {}) =>
    call('POST', `/app-api/catalog/destinations/${slug}/dry-run`, {
      body: { sourceId: 'src_1', event: EVENT, ...body },
      bearer: reader,
    });
  const answer = await asked('tool');
  expect([answer.status, answer.data]).toEqual([200, aTestResult({ dryRun: true })]);
  expect(trials).toMatchObject([{ workspaceId: 'ws_1', sourceId: 'src_1', type: 'tool', event: EVENT }]);
  expect(trials[0]?.mappings.length).toBeGreaterThan(0);
  expect((await asked('none')).status).toBe(404);
  expect((await asked('pixel')).status).toBe(409);
  expect((await asked('tool', { sourceId: 'src_9' })).status).toBe(404);
  expect(trials).toHaveLength(1);
  await expect(trail()).resolves.toEqual([]);
});

const DRAFT = { actionId: 'post', trigger: 'type = "track"', settings: { text: { '@path': '$.event' } } };
const DOTS = { ...DRAFT.settings, url: '••••••••' };

async function setUpDraft() {
  const world = await setUp();
  await world.commit(WS, [
    { kind: 'destination', verb: 'save', thing: aDestination({ id: 'dst_4', type: 'pager', name: 'Pager' }) },
    {
      kind: 'mapping',
      verb: 'save',
      thing: aMapping({
        id: 'map_4',
        destinationId: 'dst_4',
        action: 'post',
        fields: { url: 'https://p.test/canary' },
      }),
    },
  ]);
  const ask = (body: object, asked: object = {}) =>
    world.test({ dryRun: true, ...body }, asked, '/app-api/destinations/dst_4/test');
  return { ...world, ask };
}

test('a mapping is tried as it stands in the editor, with the secrets that are kept in the saved one', async () => {
  const { ask, asks, reader, trail } = await setUpDraft();
  const bearer = { bearer: reader };
  const answer = await ask({ subscriptionId: 'map_4', subscription: { ...DRAFT, settings: DOTS } }, bearer);
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain('canary');
  expect((await ask({ subscription: { ...DRAFT, name: 'New' } }, bearer)).status).toBe(200);
  expect(asks).toMatchObject([
    {
      subscriptionId: 'map_4',
      dryRun: true,
      mapping: {
        action: 'post',
        trigger: DRAFT.trigger,
        fields: { ...DRAFT.settings, url: 'https://p.test/canary' },
      },
    },
    { dryRun: true, mapping: { name: 'New', action: 'post', fields: DRAFT.settings } },
  ]);
  expect(asks[1]).not.toHaveProperty('subscriptionId');
  await expect(trail()).resolves.toEqual([]);
});

test.each([
  ['what is to be sent for real', { dryRun: false, subscription: DRAFT }, 'subscription'],
  ['dots that stand for nothing', { subscription: { ...DRAFT, settings: DOTS } }, 'subscription.settings.url'],
  ['an unknown action', { subscription: { ...DRAFT, actionId: 'none' } }, 'subscription.actionId'],
  ['a trigger that cannot be read', { subscription: { ...DRAFT, trigger: 'type = ' } }, 'subscription.trigger'],
  ['an unknown field', { subscription: { ...DRAFT, settings: { nope: 1 } } }, 'subscription.settings.nope'],
])('of a mapping that is not saved, %s is refused at its place', async (_case, body, field) => {
  const { ask, asks, trail } = await setUpDraft();
  const answer = await ask(body);
  expect([answer.status, answer.errors[0]?.field]).toEqual([422, field]);
  expect(asks).toEqual([]);
  await expect(trail()).resolves.toEqual([]);
});
