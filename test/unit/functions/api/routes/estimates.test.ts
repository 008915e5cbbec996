import { WorkspaceId } from '../../../../../shared/domain/ids.ts';
import type { JsonObject } from '../../../../../shared/domain/json.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { archiveOf } from '../../../../builders/archive-of.ts';
import { aDestination, aFilter, aMapping, aSource } from '../../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');

let number = 0;
const anEvent = (over: JsonObject = {}): JsonObject => ({
  type: 'track',
  event: 'Cup Bought',
  messageId: `m${(number += 1)}`,
  userId: 'u1',
  receivedAt: '2026-11-26T09:30:00.000Z',
  timestamp: '2026-11-26T09:30:00.000Z',
  properties: { price: 12, email: 'a@b.test' },
  context: {},
  integrations: {},
  ...over,
});
const EVENTS = [
  ...Array.from({ length: 6 }, () => anEvent()),
  ...Array.from({ length: 4 }, () => anEvent({ event: 'Cup Seen', properties: { price: 1, email: 'a@b.test' } })),
  anEvent({ type: 'page', name: 'Home' }),
];

type Estimate = {
  examined: number;
  matchedNow: number | null;
  matchedAfter: number;
  more: number;
  fewer: number;
  changed: number;
  suppressed: number;
  sampled: boolean;
  share: number;
  estimated: { matchedAfter: number };
  basis: string;
  newestEventAt: string | null;
  archiveDelaySeconds: number;
  byEvent: { type: string; name: string | null; examined: number; now: number | null; after: number }[];
  samples: {
    change: string;
    name: string | null;
    reasonNow: string | null;
    reasonAfter: string | null;
    changes: JsonObject[];
    event: JsonObject;
  }[];
};

async function setUp(objects: readonly JsonObject[][] = [EVENTS]) {
  const archive = archiveOf(objects);
  const world = await apiWorld({ archive: async () => archive });
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_2', slug: 'other' }) },
    { kind: 'destination', verb: 'save', thing: aDestination({ type: 'webhook', name: 'Hook' }) },
    { kind: 'mapping', verb: 'save', thing: aMapping({ trigger: 'type = "track" and event = "Cup Bought"' }) },
    { kind: 'filter', verb: 'save', thing: aFilter() },
  ]);
  const ask = async (body: object, asked: object = {}) => {
    const answer = await world.call('POST', '/app-api/estimates', { body: { sourceId: 'src_1', ...body }, ...asked });
    return { ...answer, estimate: answer.data as Estimate };
  };
  return { ...world, ask, archive };
}

test('a trigger that is widened says how many events more, which, and what they are', async () => {
  const { ask } = await setUp();
  const { estimate } = await ask({ destinationId: 'dst_1', subscriptionId: 'map_1', trigger: 'type = "track"' });
  expect(estimate).toMatchObject({
    examined: 11,
    matchedNow: 6,
    matchedAfter: 10,
    more: 4,
    fewer: 0,
    changed: 0,
    sampled: false,
    share: 1,
  });
  expect(estimate.byEvent).toEqual([
    { type: 'track', name: 'Cup Seen', examined: 4, now: 0, after: 4 },
    { type: 'track', name: 'Cup Bought', examined: 6, now: 6, after: 6 },
    { type: 'page', name: 'Home', examined: 1, now: 0, after: 0 },
  ]);
  expect(
    estimate.samples.map(({ change, name, reasonNow, reasonAfter }) => [change, name, reasonNow, reasonAfter]),
  ).toEqual(Array.from({ length: 4 }, () => ['MORE', 'Cup Seen', 'NO_MATCHING_MAPPING', null]));
  expect(estimate.newestEventAt).toBe('2026-11-26T09:30:00.000Z');
  expect([estimate.archiveDelaySeconds, estimate.basis]).toEqual([300, expect.stringContaining('last 300 s')]);
});

test('a filter that drops says how many events fewer, one that drops fields shows them as gone (C15)', async () => {
  const { ask } = await setUp();
  const drop = { if: 'event = "Cup Bought" and properties.price > 10', actions: [{ type: 'DROP' }] };
  const dropped = (await ask({ destinationId: 'dst_1', filter: drop })).estimate;
  expect(dropped).toMatchObject({ matchedNow: 6, matchedAfter: 0, more: 0, fewer: 6 });
  expect(dropped.samples[0]).toMatchObject({ change: 'FEWER', reasonNow: null, reasonAfter: 'FILTERED_BY_RULES' });
  const fields = { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }] };
  const { estimate } = await ask({ destinationId: 'dst_1', filter: fields });
  expect(estimate).toMatchObject({ matchedNow: 6, matchedAfter: 6, more: 0, fewer: 0, changed: 6 });
  expect(estimate.samples[0]).toMatchObject({
    change: 'FIELDS',
    changes: [{ kind: 'removed', path: 'properties.email', before: '"a@b.test"' }],
  });
});

test('a filter that goes, and a trigger with a filter, are asked together', async () => {
  const { ask, commit } = await setUp();
  await commit(WS, [
    { kind: 'filter', verb: 'save', thing: aFilter({ id: 'flt_2', if: 'type = "track"', title: 'None' }) },
  ]);
  const gone = await ask({ destinationId: 'dst_1', filterId: 'flt_2', filter: null });
  expect(gone.estimate).toMatchObject({ matchedNow: 0, matchedAfter: 6, more: 6 });
  const both = await ask({
    destinationId: 'dst_1',
    filterId: 'flt_2',
    filter: { if: 'type = "page"', actions: [{ type: 'DROP' }] },
    trigger: 'event = "Cup Seen"',
  });
  expect(both.estimate).toMatchObject({ matchedNow: 0, matchedAfter: 4 });
});

test('without a destination a rule is looked at by itself, against another or none', async () => {
  const { ask } = await setUp();
  const alone = await ask({ trigger: 'event = "Cup Seen"' });
  expect(alone.estimate).toMatchObject({
    matchedNow: null,
    matchedAfter: 4,
    more: 0,
    samples: [{ change: 'MATCHES' }, {}, {}, {}],
  });
  const compared = await ask({ trigger: 'event = "Cup Seen"', present: { trigger: 'type = "track"' } });
  expect(compared.estimate).toMatchObject({ matchedNow: 10, matchedAfter: 4, fewer: 6 });
});

test('events of other times and of suppressed users are left out, and one that lies there twice counts once', async () => {
  const twice = anEvent();
  const old = anEvent({ receivedAt: '2026-11-25T09:00:00.000Z' });
  const theirs = anEvent({ userId: 'gone' });
  const { ask, deps } = await setUp([[old], [twice, theirs], [twice]]);
  const store = await deps.suppression();
  const suppressing = { ...store, suppressed: async () => new Set(['gone']) };
  deps.suppression = async () => suppressing;
  const { estimate } = await ask({ trigger: 'all', range: '1h' });
  expect(estimate).toMatchObject({ examined: 1, matchedAfter: 1, suppressed: 1, sampled: false });
});

test('who may not see personal data sees the form of samples, not what is in them', async () => {
  const { ask, token } = await setUp();
  const bearer = await token([{ roleId: 'source-read-only', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  const fields = { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }] };
  const { estimate, text } = await ask({ destinationId: 'dst_1', filter: fields }, { bearer });
  expect(estimate.samples[0]).toMatchObject({
    changes: [{ kind: 'removed', path: 'properties.email', before: '••••••••' }],
    event: {
      type: 'track',
      event: 'Cup Bought',
      userId: '••••••••',
      properties: { price: '••••••••', email: '••••••••' },
    },
  });
  expect(text).not.toContain('a@b.test');
  expect(text).not.toContain('"u1"');
});

test.each([
  ['nothing', {}, 422],
  ['a trigger that cannot be read', { trigger: 'type = ' }, 422],
  ['a filter that cannot be read', { filter: { if: 'x ==', actions: [{ type: 'DROP' }] } }, 422],
  ['more than a day', { trigger: 'all', from: '2026-11-20T00:00:00.000Z' }, 422],
  ['a range of a week', { trigger: 'all', range: '7d' }, 422],
  [
    'a time that ends before it begins',
    { trigger: 'all', from: '2026-11-26T09:00:00.000Z', to: '2026-11-26T08:00:00.000Z' },
    422,
  ],
  ['a mapping without its destination', { trigger: 'all', subscriptionId: 'map_1' }, 422],
  ['a destination of another source', { sourceId: 'src_2', trigger: 'all', destinationId: 'dst_1' }, 422],
  ['a destination of nobody', { trigger: 'all', destinationId: 'dst_9' }, 404],
  ['a source of nobody', { trigger: 'all', sourceId: 'src_9' }, 404],
])('%s is no question: %j', async (_case, body, status) => {
  const { ask, archive } = await setUp();
  expect((await ask(body)).status).toBe(status);
  expect(archive.read).toEqual([]);
});

test('a destination of a source that the caller does not see is not there, and messages name no ids of others', async () => {
  const { ask, token } = await setUp();
  const bearer = await token([{ roleId: 'source-read-only', resources: [{ id: 'src_2', type: 'SOURCE' }] }]);
  const body = { sourceId: 'src_2', trigger: 'all', destinationId: 'dst_1' };
  expect((await ask(body, { bearer })).status).toBe(404);
  const { status, text } = await ask(body);
  expect([status, text.includes('src_1'), text.includes('C02')]).toEqual([422, false, false]);
});

test('two objects are read at a time, and one that is too large to be read is no part of what was judged', async () => {
  const { ask, archive } = await setUp([EVENTS, EVENTS, EVENTS, EVENTS]);
  const { lines } = archive;
  let [open, most] = [0, 0];
  archive.lines = async (key) => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    const read = key === '0' ? undefined : await lines(key);
    open -= 1;
    return read;
  };
  const { estimate } = await ask({ trigger: 'all' });
  expect(most).toBe(2);
  expect([estimate.sampled, estimate.share]).toEqual([true, 0.75]);
});
