import type { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cachedHealth } from '../../../../../functions/api/resources/cached-health.ts';
import { cloudWatchMetricsReader } from '../../../../../shared/aws/cloudwatch-metrics-reader.ts';
import { onSource, peopledWorld } from '../../../../builders/api-people.ts';
import { fakeHealth } from '../../../../builders/fake-health.ts';
import { aDestination, aMapping, aSource, aWorkspace, aWriteKey } from '../../../../builders/workspace-things.ts';

type Line = {
  kinds: string[];
  code: string;
  count: number;
  message: string | null;
  firstSeenAt: string;
  lastSeenAt: string;
  link: string;
  changes: { event: string; actor: string }[] | null;
};
type Thing = { id: string; name: string; state: string; actions: string[]; lines: Line[] };
type Health = { groups: { group: string; things: Thing[] }[]; looked: { sources: number; destinations: number } };

const WS = aWorkspace().id;
const OWN_KEY = 'Zk3mQ9xTf7LrW2vB8nYc5dHs';

async function setUp(over: Partial<ReturnType<typeof fakeHealth>['work']> = {}) {
  const facts = fakeHealth();
  const work = { ...facts.work, ...over };
  const world = await peopledWorld({ health: async () => work });
  await world.commit(WS, [
    { kind: 'destination', verb: 'save', thing: aDestination({ type: 'webhook', name: 'Hook' }) },
    { kind: 'mapping', verb: 'save', thing: aMapping() },
    {
      kind: 'destination',
      verb: 'save',
      thing: aDestination({ id: 'dst_2', sourceId: 'src_2', type: 'webhook', name: 'App hook' }),
    },
    {
      kind: 'destination',
      verb: 'save',
      thing: aDestination({ id: 'dst_3', type: 'webhook', name: 'Off', enabled: false }),
    },
    { kind: 'writeKey', verb: 'save', thing: aWriteKey({ writeKey: OWN_KEY }) },
  ]);
  const health = async (bearer?: string): Promise<Health> =>
    (await world.call('GET', '/app-api/health', { ...(bearer !== undefined && { bearer }) })).data;
  const things = async (group: string, bearer?: string): Promise<Thing[]> =>
    (await health(bearer)).groups.find((one) => one.group === group)?.things ?? [];
  return { ...world, facts, health, things };
}

test('with nothing wrong every group is there and empty, and how much was looked at is told', async () => {
  const { health } = await setUp();
  const { groups, looked } = await health();
  expect(groups).toEqual(['SOURCES', 'DESTINATIONS', 'WAREHOUSES', 'PLATFORM'].map((group) => ({ group, things: [] })));
  expect(looked).toEqual({ sources: 2, destinations: 2 });
});

test('a destination whose every try fails is failing: kind, code, count, first and last seen, and the way to its delivery (H01 to H05)', async () => {
  const { things, facts } = await setUp();
  for (const minute of ['09:12', '09:14', '09:31']) facts.tried(`2026-11-26T${minute}:00.000Z`, 0, { '401': 5 });
  // Off on purpose: not ill.
  facts.tried('2026-11-26T09:12:00.000Z', 0, { '500': 50 }, 'dst_3');
  expect(await things('DESTINATIONS')).toEqual([
    {
      id: 'dst_1',
      name: 'Hook',
      type: 'webhook',
      sourceId: 'src_1',
      state: 'FAILING',
      actions: ['DISABLE', 'DELETE'],
      lines: [
        {
          kinds: ['CONSISTENT', 'REPEATED'],
          code: '401',
          message: null,
          count: 15,
          share: 100,
          usualShare: null,
          firstSeenAt: '2026-11-26T09:12:00.000Z',
          lastSeenAt: '2026-11-26T09:31:00.000Z',
          advice: expect.stringContaining('credentials'),
          link: '/destinations/dst_1/delivery?code=401',
          changes: [],
        },
      ],
    },
  ]);
});

test('groups are in order, the gravest first in each, and lines by kind (H02)', async () => {
  const { health, facts } = await setUp();
  for (let minute = 10; minute < 20; minute += 1) {
    const at = `2026-11-26T09:${minute}:00.000Z`;
    facts.tried(at, 100, { '429': 2, '500': 1 }, 'dst_1');
    facts.tried(at, 0, { ECONNREFUSED: 1 }, 'dst_2');
    facts.received(at, 10, { id_required: 3 });
  }
  facts.state.metrics = {
    asOf: '2026-11-26T09:59:00.000Z',
    lanes: [
      { name: 'lane 0', oldestSeconds: 4_000, waiting: 3 },
      { name: 'lane 1', oldestSeconds: 900 },
    ],
    functions: [
      { name: 'route', perMinute: 5, errorsPerMinute: 2 },
      { name: 'deliver', perMinute: 5, errorsPerMinute: 0 },
    ],
  };
  facts.state.mismatches = {
    checkedAt: '2026-11-26T09:05:00.000Z',
    found: [
      { workspaceId: WS, sourceId: aSource().id, kind: 'stuck', count: 2 },
      { workspaceId: aWorkspace({ id: 'ws_2' }).id, sourceId: aSource({ id: 'src_9' }).id, kind: 'stuck', count: 9 },
    ],
  };
  facts.tried('2026-11-26T08:00:00.000Z', 1, {}, 'dst_1', { crash_loop: 4, retry_window: 2 });
  const shown = (await health()).groups.map(({ group, things }) => [
    group,
    things.map(({ id, state, lines }) => [id, state, lines.map(({ kinds, code }) => `${kinds[0]} ${code}`)]),
  ]);
  expect(shown).toEqual([
    ['SOURCES', [['src_1', 'DEGRADED', ['REPEATED id_required']]]],
    [
      'DESTINATIONS',
      [
        ['dst_2', 'FAILING', ['CONSISTENT ECONNREFUSED']],
        ['dst_1', 'DEGRADED', ['REPEATED 429', 'REPEATED 500']],
      ],
    ],
    ['WAREHOUSES', []],
    [
      'PLATFORM',
      [
        [
          'platform',
          'DEGRADED',
          ['GIVEN_UP crash_loop', 'LANE_AGE lane 0', 'FUNCTION_ERRORS route', 'MISMATCH ledger-mismatch'],
        ],
      ],
    ],
  ]);
});

test('a line shows what was changed about the thing, its mappings or its source in the 30 minutes before it began, to who may read the trail', async () => {
  const { things, facts, commit, token, control, advance, now } = await setUp();
  const [, mapping] = [
    aDestination(),
    (await control.readConfig(WS))?.destinations.find((one) => one.destination.id === 'dst_1')?.mappings[0],
  ];
  if (mapping === undefined) throw new Error('no mapping');
  await commit(WS, [{ kind: 'mapping', verb: 'save', thing: { ...mapping, trigger: 'type = "page"' } }]);
  const changedAt = now().toISOString();
  advance(40 * 60_000);
  const began = new Date(Date.parse(changedAt) + 10 * 60_000).toISOString();
  facts.tried(began, 0, { '500': 5 });
  const [thing] = await things('DESTINATIONS');
  expect(thing?.lines[0]?.firstSeenAt.slice(0, 16)).toBe(began.slice(0, 16));
  expect(thing?.lines[0]?.changes?.map(({ event }) => event)).toContain('Destination Subscription Modified');
  // Nothing of 31 minutes before.
  facts.tried(new Date(Date.parse(changedAt) + 32 * 60_000).toISOString(), 0, { '500': 5 }, 'dst_2');
  const other = (await things('DESTINATIONS')).find(({ id }) => id === 'dst_2');
  expect(other?.lines[0]?.changes).toEqual([]);
  const reader = await token([onSource('source-read-only', 'src_1')]);
  const [told] = await things('DESTINATIONS', reader);
  expect([told?.id, told?.lines[0]?.changes, told?.actions]).toEqual(['dst_1', null, []]);
});

test('a key that is nobody’s is told with the nearest of this workspace, and no foreign key is shown whole', async () => {
  const { call, things, facts, control } = await setUp();
  const at = '2026-11-26T09:50:00.000Z';
  const typo = `${OWN_KEY.slice(0, -1)}X`;
  const stray = 'Pp0oO9iI8uU7yY6tT5rR4eE3';
  const revoked = 'Rr1rR2rR3rR4rR5rR6rR7rR8';
  const thing = aWriteKey({ writeKey: revoked, sourceId: 'src_2' });
  await control.addWriteKey(thing, 'w1');
  const kept = (await control.listWriteKeys(WS)).find(({ writeKey }) => writeKey === thing.writeKey);
  if (kept === undefined) throw new Error('no key');
  await control.removeWriteKey(kept, 'w2');
  facts.refused(
    at,
    { writeKey: typo, reason: 'unknown-write-key', count: 7 },
    { writeKey: stray, reason: 'unknown-write-key', count: 70 },
    { writeKey: revoked, reason: 'unknown-write-key', count: 3 },
  );
  const shown = (await things('SOURCES')).flatMap(({ id, lines }) =>
    lines.map(({ kinds, count, message }) => [id, ...kinds, count, message]),
  );
  expect(shown).toEqual([
    ['src_2', 'REVOKED_KEY', 3, 'Requests come with the key Rr1…rR8, which was revoked'],
    ['src_1', 'UNKNOWN_KEY', 7, "Requests come with the key Zk3…dHX, which is nobody's; the nearest is Zk3…dHs"],
  ]);
  const { text } = await call('GET', '/app-api/health');
  for (const key of [typo, stray, revoked, OWN_KEY]) expect(text).not.toContain(key);
});

test('refusals that repeat are told of a source, and one burst is not', async () => {
  const { things, facts } = await setUp();
  for (const minute of [10, 20, 30]) {
    facts.refused(`2026-11-26T09:${minute}:00.000Z`, { sourceId: aSource().id, reason: 'rate-limited', count: 5 });
  }
  facts.refused('2026-11-26T09:30:00.000Z', { sourceId: aSource().id, reason: 'too-large', count: 100 });
  const shown = (await things('SOURCES')).map(({ id, lines }) => [
    id,
    lines.map(({ kinds, code }) => [kinds[0], code]),
  ]);
  expect(shown).toEqual([['src_1', [['REFUSED', 'rate-limited']]]]);
});

test('a source that is silent against its own rhythm is told, but not by sums that are behind', async () => {
  const { things, facts, commit } = await setUp();
  const old = aSource({ id: 'src_3', slug: 'old', name: 'Old', createdAt: '2026-01-01T00:00:00.000Z' });
  await commit(WS, [{ kind: 'source', verb: 'save', thing: old }]);
  for (let back = 3; back < 8 * 24; back += 1) {
    const at = new Date(Date.parse('2026-11-26T10:00:00.000Z') - back * 3_600_000).toISOString();
    // The one of two days has no rhythm yet.
    for (const id of ['src_2', 'src_3']) facts.received(at, 30, {}, id);
  }
  const shown = async () =>
    (await things('SOURCES')).map(({ id, lines }) => [id, lines[0]?.kinds, lines[0]?.message, lines[0]?.firstSeenAt]);
  expect(await shown()).toEqual([
    ['src_3', ['SILENT'], 'No event for 2 h, in which 60 come on other days', '2026-11-26T08:00:00.000Z'],
  ]);
  facts.state.countedTo = '2026-11-26T09:40:00.000Z';
  expect(await shown()).toEqual([]);
});

test('of what a caller does not see nothing is told, nor of the platform', async () => {
  const { health, facts, token } = await setUp();
  facts.tried('2026-11-26T09:12:00.000Z', 0, { '401': 5 });
  facts.state.metrics = { ...facts.state.metrics, functions: [{ name: 'route', perMinute: 1, errorsPerMinute: 1 }] };
  const bearer = await token([onSource('source-read-only', 'src_2')]);
  const { groups, looked } = await health(bearer);
  expect(groups.flatMap(({ things }) => things)).toEqual([]);
  expect(looked).toEqual({ sources: 1, destinations: 1 });
});

test('a page of many things costs a few reads, however many there are', async () => {
  const { health, facts, commit } = await setUp();
  for (let n = 0; n < 100; n += 1) {
    const thing = aDestination({ id: `dst_x${n}`, type: 'webhook', name: `H${n}` });
    await commit(WS, [{ kind: 'destination', verb: 'save', thing }]);
    for (const minute of ['09:12', '09:14', '09:31']) {
      facts.tried(`2026-11-26T${minute}:00.000Z`, 1, { '500': n }, thing.id);
    }
  }
  facts.reads.length = 0;
  await health();
  const kinds = Map.groupBy(facts.reads, (read) => read.split(' ')[0]);
  expect([...kinds].map(([kind, reads]) => [kind, reads.length])).toEqual([
    ['hours', 1],
    ['refusals', 25],
    ['minutes', 2],
    ['metrics', 1],
  ]);
});

test('20 clients that poll for ten minutes ask CloudWatch once a minute, and read long past hours once in five', async () => {
  const asked: number[] = [];
  let item: Record<string, unknown> | undefined;
  let lease = 0;
  let time = Date.parse('2026-11-26T10:00:00.000Z');
  const now = () => new Date(time);
  // One table for all environments, with the conditions that the reader relies on.
  const doc = {
    send: async ({ input }: { input: Record<string, unknown> }) => {
      if (input['UpdateExpression'] !== undefined) {
        const values = input['ExpressionAttributeValues'] as Record<string, number>;
        if (lease >= (values[':now'] ?? 0))
          throw new ConditionalCheckFailedException({ message: 'held', $metadata: {} });
        lease = values[':until'] ?? 0;
        return {};
      }
      if (input['Item'] !== undefined) item = input['Item'] as Record<string, unknown>;
      return { Item: item };
    },
  } as unknown as DynamoDBDocumentClient;
  const cloudWatch = {
    send: async (_command: GetMetricDataCommand) => {
      asked.push(time);
      return { MetricDataResults: [] };
    },
  } as unknown as CloudWatchClient;
  const names = { queues: { intake: 'in', sharedLane: 'shared', lanes: [] }, functions: {} };
  const facts = fakeHealth();
  // Each client meets an environment of its own, with its own memory.
  const clients = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const metrics = cloudWatchMetricsReader({ doc, cloudWatch }, 'usage', names, now);
      const work = cachedHealth({ ...facts.work, metrics }, now);
      return await peopledWorld({ health: async () => work, now });
    }),
  );
  for (let second = 0; second < 600; second += 30) {
    const answers = await Promise.all(clients.map(({ call }) => call('GET', '/app-api/health')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    time += 30_000;
  }
  expect(asked.length).toBeLessThanOrEqual(11);
  const weeks = facts.reads.filter((read) => read.startsWith('hours 2026-11-18'));
  expect(weeks.length).toBeLessThanOrEqual(20 * 3);
});

test('random keys of a flood are read once a minute, the most frequent ones looked at, and hide no sender of an old or mistyped key', async () => {
  const facts = fakeHealth();
  let nowMs = Date.parse('2026-11-26T10:00:30.000Z');
  const work = cachedHealth(facts.work, () => new Date(nowMs));
  const asked: (number | undefined)[] = [];
  const { refusalsOfHour } = facts.work.refusals;
  facts.work.refusals.refusalsOfHour = async (hour, pagesMax) => {
    asked.push(pagesMax);
    return await refusalsOfHour(hour);
  };
  const unknown = (writeKey: string, count: number) => ({ writeKey, reason: 'unknown-write-key' as const, count });
  for (let notice = 0; notice < 20; notice += 1) {
    const flood = Array.from({ length: 100 }, (_, key) => unknown(`random_${notice}_${key}`, 1));
    facts.refused(`2026-11-26T10:00:${10 + notice}.000Z`, ...flood, unknown('wk_1_mistyped_key', 2));
  }
  const read = await work.refusals.refusalsOfHour('2026-11-26T10');
  expect(read).toHaveLength(1);
  expect(read[0]?.at).toBe('2026-11-26T10:00:29.000Z');
  expect(read[0]?.refusals).toHaveLength(500);
  expect(read[0]?.refusals).toContainEqual(unknown('wk_1_mistyped_key', 40));
  for (let poll = 0; poll < 6; poll += 1) {
    nowMs += 9_000;
    await work.refusals.refusalsOfHour('2026-11-26T10');
    await work.refusals.refusalsOfHour('2026-11-26T01');
  }
  for (let poll = 0; poll < 10; poll += 1) {
    nowMs += 5 * 60_000;
    await work.refusals.refusalsOfHour('2026-11-26T01');
  }
  expect(asked).toEqual([4, 4]);
});
