import fc from 'fast-check';
import { type DeliverDeps, deliverBatch } from '../../../../functions/deliver/deliver-batch.ts';
import { createPace } from '../../../../functions/deliver/pace.ts';
import { CLOCK_SKEW_MS } from '../../../../shared/config/limits.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { DoneRow, LATENCY_BUCKETS_MS } from '../../../../shared/domain/ledger-rows.ts';
import type { Json } from '../../../../shared/domain/json.ts';
import type { SendOutcome } from '../../../../shared/domain/outcomes.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { deliverDeps } from '../../../builders/deliver-deps.ts';
import type { Fate } from '../../../builders/fake-engine.ts';
import { fakeTouches } from '../../../builders/fake-touches.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aDoneRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aDestination, aMapping } from '../../../builders/workspace-things.ts';

/** 120 ms after what the parts say of their receipt. */
const NOW = new Date('2026-11-24T10:15:00.120Z');
const LIMIT_MS = 30_000;

const aHook = (over: Record<string, unknown> = {}, mappings: Record<string, unknown>[] = [{}]) => {
  const destination = aDestination({ type: 'webhook', ...over });
  return {
    destination,
    mappings: mappings.map((each) => aMapping({ destinationId: destination.id, action: 'send', ...each })),
  };
};

type SetUp = {
  config?: WorkspaceConfig | undefined;
  fate?: Fate;
  rows?: DoneRow[];
  remainingMs?: () => number;
  over?: Partial<DeliverDeps>;
};

function setUp(given: SetUp = {}) {
  const config = 'config' in given ? given.config : aWorkspaceConfig([aHook()]);
  const { deps, ...rest } = deliverDeps({ config, fate: given.fate, rows: given.rows, now: () => NOW });
  Object.assign(deps, given.over);
  const remainingMs = given.remainingMs ?? (() => LIMIT_MS);
  const run = (...records: ReturnType<typeof aLaneRecord>[]) => deliverBatch(deps)(records, { remainingMs });
  return { deps, run, ...rest };
}

const latencyIn = (bucket: number, count: number): number[] =>
  Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, (_, index) => (index === bucket ? count : 0));

test('a part that was delivered is written into the books once, and its message is done', async () => {
  const { run, dones, deadLetters, engine } = setUp();
  await expect(run(aLaneRecord([aPart({ count: 3 })]))).resolves.toEqual([]);
  expect(dones.rows).toEqual([
    DoneRow.parse({
      v: 1,
      workspaceId: 'ws_1',
      sourceId: 'src_1',
      destinationId: 'dst_1',
      intakeId: intakeIdOf(1),
      slice: 0,
      hop: 0,
      dueAt: '2026-11-24T10:15:00.000Z',
      settledAt: NOW.toISOString(),
      writeId: 'write-1',
      delivered: 3,
      discarded: {},
      deadLettered: {},
      retry: 0,
      errors: [],
      // 120 ms lie between 100 and 160.
      latency: latencyIn(6, 3),
      // All of one mapping and kind: how they ended follows from the counts.
      mappings: ['map_1'],
      kinds: [['track', 'Cup Bought', '']],
    }),
  ]);
  expect(deadLetters.objects.size).toBe(0);
  expect(engine.works.map(({ slug, mapping }) => [slug, mapping.action])).toEqual([['webhook', 'send']]);
});

test('what is not delivered lies in the dead-letter store before the books say so; nothing is destroyed', async () => {
  const outcomes: SendOutcome[] = [
    { outcome: 'delivered' },
    { outcome: 'discarded', code: '400', message: 'bad thing 17' },
    { outcome: 'retry', code: '503', message: 'later' },
    { outcome: 'discarded', code: '400', message: 'bad thing 18' },
  ];
  const order: string[] = [];
  const { run, dones, deadLetters, lanes, deps } = setUp({
    fate: ({ properties }) => outcomes[(properties as { index: number }).index] ?? { outcome: 'delivered' },
  });
  const { dones: books, deadLetters: store } = deps;
  deps.dones = {
    ...books,
    putDone: async (row) => {
      order.push('row');
      return await books.putDone(row);
    },
  };
  deps.deadLetters = {
    put: async (destinationId, letters) => {
      order.push('letters');
      return await store.put(destinationId, letters);
    },
  };
  await expect(run(aLaneRecord([aPart({ count: 4 })]))).resolves.toEqual([]);
  expect(order).toEqual(['letters', 'row']);
  expect(dones.rows).toMatchObject([
    {
      delivered: 1,
      discarded: { '400': 2 },
      deadLettered: {},
      retry: 1,
      errors: [
        { code: '400', message: 'bad thing #', count: 2 },
        { code: '503', message: 'later', count: 1 },
      ],
      deadLetterKey: 'dst_1/1',
    },
  ]);
  expect(deadLetters.letters()).toMatchObject([
    { send: 1, attempts: 1, outcome: 'discarded', code: '400', message: 'bad thing 17', mappingId: 'map_1' },
    { send: 3, attempts: 1, outcome: 'discarded', code: '400', event: { messageId: 'm1-3' } },
  ]);
  // What may still get through waits in a lane, and nothing of it is in the dead-letter store.
  expect(lanes.lies).toMatchObject([
    {
      destinationId: 'dst_1',
      parts: [{ hop: 1, sends: [[2, 0, 0, 1]], events: [{ messageId: 'm1-2' }], waitingSince: NOW.toISOString() }],
    },
  ]);
});

test('whatever becomes of its sends, a part adds up: delivered + discarded + dead-lettered + retry = sends', async () => {
  const fate: fc.Arbitrary<SendOutcome> = fc.oneof(
    fc.constant<SendOutcome>({ outcome: 'delivered' }),
    fc.record({
      outcome: fc.constant('discarded' as const),
      code: fc.constantFrom('400', 'INTERNAL'),
      message: fc.string(),
    }),
    fc.record({
      outcome: fc.constant('retry' as const),
      code: fc.constantFrom('500', 'ETIMEDOUT'),
      message: fc.string(),
    }),
  );
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, each) => all + each, 0);
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 120 }), async (fates) => {
      let next = 0;
      const { run, dones, deadLetters, lanes } = setUp({ fate: () => fates[next++] as SendOutcome });
      await expect(run(aLaneRecord([aPart({ count: fates.length })]))).resolves.toEqual([]);
      const [row] = dones.rows.map((each) => DoneRow.parse(JSON.parse(JSON.stringify(each))));
      const { delivered = 0, retry = 0 } = row ?? {};
      expect(delivered + retry + sum(row?.discarded ?? {}) + sum(row?.deadLettered ?? {})).toBe(fates.length);
      expect(deadLetters.letters()).toHaveLength(fates.length - delivered - retry);
      expect(lanes.lies.flatMap(({ parts }) => parts).flatMap(({ sends }) => sends)).toHaveLength(retry);
      expect((row?.errors ?? []).reduce((all, { count }) => all + count, 0)).toBe(fates.length - delivered);
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['was received before', {}, { receiveCount: 2 }],
  // Moved back from a dead-letter queue, its message counts receives from 1 again.
  ['was put on the lane long after it was due', {}, { sentAtMs: Date.parse('2026-11-24T10:20:00.001Z') }],
  ['is a second copy', { again: true }, {}],
  ['is a later hop', { hop: 1 }, {}],
])('a part that %s and has its done row is not sent again', async (_case, part, record) => {
  const rows = [aDoneRow({ ...('hop' in part && { hop: 1 }) })];
  const { run, engine, dones, deadLetters } = setUp({ rows });
  await expect(run(aLaneRecord([aPart(part)], record))).resolves.toEqual([]);
  expect(engine.sent).toEqual([]);
  expect(dones.rows).toEqual(rows);
  expect(deadLetters.objects.size).toBe(0);
});

test('a part that comes for the first time costs no look into the books', async () => {
  const { run, dones } = setUp();
  await run(aLaneRecord());
  expect(dones.looked).toEqual([]);
});

test('where another invocation was quicker, its row holds and ours is dropped', async () => {
  const theirs = aDoneRow({ writeId: 'theirs' });
  const { run, dones, engine } = setUp({ rows: [theirs] });
  await expect(run(aLaneRecord())).resolves.toEqual([]);
  expect(engine.sent).toHaveLength(1);
  expect(dones.rows).toEqual([theirs]);
});

test.each([
  ['the workspace is gone', undefined, 'destination_deleted'],
  ['the destination is gone', aWorkspaceConfig([]), 'destination_deleted'],
  ['the destination is switched off', aWorkspaceConfig([aHook({ enabled: false })]), 'destination_disabled'],
  ['there is no such type', aWorkspaceConfig([aHook({ type: 'fax' })]), 'INVALID_SETTINGS'],
])('where %s, sends end in the dead-letter store without an attempt', async (_case, config, code) => {
  const { run, dones, deadLetters, engine, samples } = setUp({ config });
  await expect(run(aLaneRecord([aPart({ count: 2 })]))).resolves.toEqual([]);
  expect(dones.rows).toMatchObject([{ delivered: 0, discarded: {}, deadLettered: { [code]: 2 } }]);
  expect(deadLetters.letters()).toMatchObject([
    { outcome: 'dead-lettered', code, attempts: 0 },
    { outcome: 'dead-lettered', code, attempts: 0 },
  ]);
  expect([engine.sent, samples.kept.map((sample) => [sample.code, sample.requests])]).toEqual([
    [],
    [
      [code, []],
      [code, []],
    ],
  ]);
});

test('sends of a mapping that is gone or off are discarded with that reason, the others go out', async () => {
  const config = aWorkspaceConfig([aHook({}, [{ id: 'map_1' }, { id: 'map_2', enabled: false }])]);
  const { run, dones, deadLetters, engine } = setUp({ config });
  const part = aPart({
    count: 1,
    mappings: ['map_1', 'map_2', 'map_3'],
    sends: [
      [0, 0, 0, 0],
      [1, 0, 1, 0],
      [2, 0, 2, 0],
    ],
  });
  await expect(run(aLaneRecord([part]))).resolves.toEqual([]);
  expect(engine.sent).toEqual(['m1-0']);
  expect(dones.rows).toMatchObject([{ delivered: 1, discarded: { mapping_disabled: 1, mapping_deleted: 1 } }]);
  expect(deadLetters.letters().map(({ mappingId, code, attempts }) => [mappingId, code, attempts])).toEqual([
    ['map_2', 'mapping_disabled', 0],
    ['map_3', 'mapping_deleted', 0],
  ]);
});

const SECRET = { apiKey: { sealed: 'canary-1234' } };

test('secrets are opened for the engine, with the settings that are plain', async () => {
  const config = aWorkspaceConfig([aHook({ secrets: SECRET, settings: { region: 'eu' } })]);
  const { run, engine } = setUp({ config });
  await run(aLaneRecord());
  expect(engine.works.map(({ settings }) => settings)).toEqual([{ region: 'eu', apiKey: 'canary-1234' }]);
});

test.each([
  ['cannot be opened now: the message comes again, no attempt is burnt', true, ['sqs-1'], []],
  ['is damaged: the destination is set up wrongly', false, [], [{ deadLettered: { INVALID_SETTINGS: 1 } }]],
])('a secret that %s', async (_case, isPlatformFault, handedBack, rows) => {
  const open = async (): Promise<string> => {
    throw new AppError('secret-unreadable', 'x', { retry: isPlatformFault });
  };
  const config = aWorkspaceConfig([aHook({ secrets: SECRET })]);
  const { run, dones, engine } = setUp({ config, over: { sealer: { open } } });
  await expect(run(aLaneRecord())).resolves.toEqual(handedBack);
  expect(dones.rows).toMatchObject(rows);
  expect(engine.sent).toEqual([]);
});

test('a secret shows in no sample, no dead letter and no row', async () => {
  const config = aWorkspaceConfig([aHook({ secrets: SECRET })]);
  const fate: Fate = () => ({ outcome: 'discarded', code: '401', message: 'the key canary-1234 is not known' });
  const { run, samples, deadLetters, dones } = setUp({ config, fate });
  await run(aLaneRecord());
  expect(samples.kept).toMatchObject([
    {
      code: '401',
      message: 'the key [redacted] is not known',
      messageId: 'm1-0',
      requests: [{ url: 'https://tool.example/?api_key=[redacted]', body: '[redacted]' }],
    },
  ]);
  expect(JSON.stringify([samples.kept, deadLetters.letters(), dones.rows])).not.toContain('canary');
});

const HOOK_URL = 'https://hooks.tool.example/services/T1/canary-4711';

test.each<[string, Json]>([
  ['as it is', HOOK_URL],
  ['with a host in capitals', HOOK_URL.replace('hooks', 'HOOKS')],
  ['within a directive', { '@if': { exists: { '@path': '$.event' }, else: HOOK_URL } }],
])("an address in a mapping that is a secret, %s, shows in no sample's message (T18)", async (_case, url) => {
  const config = aWorkspaceConfig([aHook({}, [{ fields: { url, text: 'kept' } }])]);
  const fate: Fate = () => ({
    outcome: 'discarded',
    code: '404',
    message: `no ${HOOK_URL}, no /services/T1/canary-4711`,
  });
  const secretFieldsOf = (type: string): string[] => (type === 'webhook' ? ['url'] : []);
  const { run, samples, deadLetters, dones } = setUp({ config, fate, over: { secretFieldsOf } });
  await run(aLaneRecord());
  expect(samples.kept).toMatchObject([
    { code: '404', message: expect.stringMatching(/^no \[redacted\], no \[redacted\]$/) },
  ]);
  expect(JSON.stringify([samples.kept, deadLetters.letters(), dones.rows])).not.toContain('canary-4711');
});

test('samples are few: one of what went well and ten of each failure, however much is sent', async () => {
  const fate: Fate = ({ properties }) =>
    (properties as { index: number }).index % 2 === 0
      ? { outcome: 'delivered' }
      : { outcome: 'discarded', code: '400', message: 'no' };
  const { run, samples } = setUp({ fate });
  await run(
    aLaneRecord([aPart({ count: 200 })]),
    aLaneRecord([aPart({ count: 200, number: 2 })], { messageId: 'sqs-2' }),
  );
  const codes = samples.kept.map(({ code }) => code);
  expect(codes.filter((code) => code === 'delivered')).toHaveLength(1);
  expect(codes.filter((code) => code === '400')).toHaveLength(10);
});

const failing = async (): Promise<never> => {
  throw new AppError('upstream-unavailable', 'down');
};

test.each([
  ['the dead-letter store', { deadLetters: { put: failing } }, []],
  ['the ledger', { dones: { findDone: failing, putDone: failing } }, []],
  ['the configuration', { configs: { workspaceConfig: failing } }, []],
])('where %s is down, the message comes again and no row says otherwise', async (_case, over, rows) => {
  const fate: Fate = () => ({ outcome: 'discarded', code: '400', message: 'x' });
  const { run, dones, heldBack } = setUp({ fate, over });
  await expect(run(aLaneRecord())).resolves.toEqual(['sqs-1']);
  expect(dones.rows).toEqual(rows);
  // Sooner than the queue's visibility timeout would have it.
  expect(heldBack).toEqual(['sqs-1 5']);
});

test.each([
  ['no JSON', '{"v":1'],
  ['no parts', '{"v":1,"destinationId":"dst_1","parts":[]}'],
  [
    'a send that points at no event',
    JSON.stringify({ v: 1, destinationId: 'dst_1', parts: [{ ...aPart(), sends: [[0, 1, 0, 0]] }] }),
  ],
  [
    'a send that points at no mapping',
    JSON.stringify({ v: 1, destinationId: 'dst_1', parts: [{ ...aPart(), sends: [[0, 0, 1, 0]] }] }),
  ],
])('a message with %s comes again, and its neighbours are delivered', async (_case, body) => {
  const { run, dones } = setUp();
  const bad = aLaneRecord([aPart()], { messageId: 'bad', body });
  await expect(run(bad, aLaneRecord([aPart({ number: 2 })]))).resolves.toEqual(['bad']);
  expect(dones.rows).toMatchObject([{ intakeId: intakeIdOf(2), delivered: 1 }]);
});

test('a message is done only when all its parts are; those that are done stay done', async () => {
  const { run, dones, deps } = setUp();
  const { dones: books } = deps;
  let isDown = true;
  deps.dones = {
    ...books,
    putDone: async (row) => (isDown && row.intakeId === intakeIdOf(2) ? await failing() : await books.putDone(row)),
  };
  const parts = [aPart({ number: 1 }), aPart({ number: 2 })];
  await expect(run(aLaneRecord(parts))).resolves.toEqual(['sqs-1']);
  isDown = false;
  await expect(run(aLaneRecord(parts, { receiveCount: 2 }))).resolves.toEqual([]);
  expect(dones.rows.map(({ intakeId }) => intakeId)).toEqual([intakeIdOf(1), intakeIdOf(2)]);
});

test('parts of one destination share a dead-letter object', async () => {
  const fate: Fate = () => ({ outcome: 'discarded', code: '400', message: 'no' });
  const { run, deadLetters, dones } = setUp({ fate });
  await run(...[1, 2, 3, 4].map((number) => aLaneRecord([aPart({ number })], { messageId: `sqs-${number}` })));
  expect(deadLetters.objects.size).toBe(1);
  expect(deadLetters.letters()).toHaveLength(4);
  for (const row of dones.rows) {
    const letters = deadLetters.objects.get(row.deadLetterKey ?? '') ?? [];
    expect(letters.map(({ intakeId }) => intakeId)).toContain(row.intakeId);
  }
});

/** Calls that stay under way until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  const fate: Fate = () => new Promise((resolve) => waiting.push(() => resolve({ outcome: 'delivered' })));
  return { fate, letGo: (count: number) => waiting.splice(0, count).forEach((resolve) => resolve()), waiting };
}
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('at most 20 calls of one destination and 50 in all are under way', async () => {
  const { fate, letGo, waiting } = gate();
  const ids = ['dst_1', 'dst_2', 'dst_3', 'dst_4'];
  const config = aWorkspaceConfig(ids.map((id) => aHook({ id })));
  const { run, engine, dones } = setUp({ config, fate });
  const records = ids.map((destinationId, index) =>
    aLaneRecord([aPart({ count: 200, number: index })], { destinationId, messageId: `sqs-${index}` }),
  );
  const running = run(...records);
  await settled();
  expect(engine.underWay()).toBe(50);
  while (dones.rows.length < 4) {
    letGo(7);
    await settled();
    expect(engine.underWay()).toBeLessThanOrEqual(50);
    for (const number of ids.keys()) {
      const begun = engine.sent.filter((id) => id.startsWith(`m${number}-`)).length;
      expect(begun).toBeLessThanOrEqual(200);
    }
  }
  await expect(running).resolves.toEqual([]);
  expect([engine.underWayMax(), waiting.length]).toEqual([50, 0]);
});

test('one destination alone has at most 20 calls under way', async () => {
  const { fate, letGo } = gate();
  const { run, engine, dones } = setUp({ fate });
  const running = run(aLaneRecord([aPart({ count: 100 }), aPart({ count: 100, number: 2 })]));
  await settled();
  expect(engine.underWay()).toBe(20);
  while (dones.rows.length < 2) {
    letGo(20);
    await settled();
  }
  await expect(running).resolves.toEqual([]);
  expect(engine.underWayMax()).toBe(20);
});

test('a slow destination with a long queue keeps no other waiting', async () => {
  const { fate: slow, letGo } = gate();
  const config = aWorkspaceConfig([aHook({ id: 'dst_1' }), aHook({ id: 'dst_2', settings: { fast: true } })]);
  const fate: Fate = (event, work) => ('fast' in work.settings ? { outcome: 'delivered' } : slow(event, work));
  const { run, dones } = setUp({ config, fate });
  const running = run(
    aLaneRecord([aPart({ count: 200, number: 1 }), aPart({ count: 200, number: 2 })], { destinationId: 'dst_1' }),
    aLaneRecord([aPart({ count: 100, number: 3 })], { destinationId: 'dst_2', messageId: 'sqs-2' }),
  );
  await settled();
  expect(dones.rows).toMatchObject([{ destinationId: 'dst_2', delivered: 100 }]);
  while (dones.rows.length < 3) {
    letGo(20);
    await settled();
  }
  await expect(running).resolves.toEqual([]);
});

test('parts whose turn does not come in time go back at once, and nothing of them was sent', async () => {
  let remainingMs = LIMIT_MS;
  const { fate, letGo } = gate();
  const { run, dones, engine, heldBack } = setUp({ fate, remainingMs: () => remainingMs });
  const records = [1, 2, 3].map((number) =>
    aLaneRecord([aPart({ count: 20, number })], { messageId: `sqs-${number}` }),
  );
  const running = run(...records);
  await settled();
  remainingMs = 11_999;
  letGo(50);
  await expect(running).resolves.toEqual(['sqs-2', 'sqs-3']);
  expect(heldBack).toEqual(['sqs-2 0', 'sqs-3 0']);
  expect(dones.rows).toMatchObject([{ intakeId: intakeIdOf(1), delivered: 20 }]);
  expect(engine.sent).toHaveLength(20);
});

test('what a started part has not begun in time goes on as not tried, no attempt counted, and the part still ends', async () => {
  let remainingMs = LIMIT_MS;
  const { fate, letGo } = gate();
  const { run, dones, deadLetters, lanes } = setUp({ fate, remainingMs: () => remainingMs });
  const running = run(aLaneRecord([aPart({ count: 50 })]));
  await settled();
  remainingMs = 11_999;
  letGo(20);
  await expect(running).resolves.toEqual([]);
  expect(dones.rows).toMatchObject([{ delivered: 20, deadLettered: {}, retry: 30, errors: [] }]);
  expect(dones.rows[0]).not.toHaveProperty('triedBitmap');
  expect(deadLetters.letters()).toEqual([]);
  const sends = lanes.lies.flatMap(({ parts }) => parts).flatMap((part) => part.sends);
  expect(sends.map(([send, , , attempts]) => [send, attempts])).toEqual(
    Array.from({ length: 30 }, (_, index) => [20 + index, 0]),
  );
});

test('nothing is started by an invocation that has too little time left', async () => {
  const { run, engine, dones, heldBack } = setUp({ remainingMs: () => 11_999 });
  await expect(run(aLaneRecord())).resolves.toEqual(['sqs-1']);
  expect([engine.sent, dones.rows, heldBack]).toEqual([[], [], ['sqs-1 0']]);
});

test('a part that cannot all begin in the time left, at the pace seen, goes back to a fresh invocation', async () => {
  const pace = createPace();
  pace.note('dst_1', 3_000);
  let remainingMs = LIMIT_MS;
  const { run, dones, deps } = setUp({ over: { pace }, remainingMs: () => remainingMs });
  const { configs } = deps;
  deps.configs = {
    workspaceConfig: async (id) => {
      // Five rounds of 3 s are 12 s until the last begins; there are 8 s.
      remainingMs = 20_000;
      return await configs.workspaceConfig(id);
    },
  };
  await expect(run(aLaneRecord([aPart({ count: 100 })]))).resolves.toEqual(['sqs-1']);
  expect(dones.rows).toEqual([]);
});

test('an Inbox keeps each event of a part once, in one write, and the books count every send', async () => {
  const destination = aDestination({ type: 'inbox' });
  const mappings = [aMapping({ id: 'map_1' }), aMapping({ id: 'map_2' })];
  const { run, inbox, dones, engine } = setUp({ config: aWorkspaceConfig([{ destination, mappings }]) });
  const part = aPart({
    count: 2,
    mappings: ['map_1', 'map_2'],
    sends: [
      [0, 0, 0, 0],
      [1, 0, 1, 0],
      [2, 1, 0, 0],
    ],
  });
  await expect(run(aLaneRecord([part]))).resolves.toEqual([]);
  expect(inbox.batches).toMatchObject([
    {
      destinationId: 'dst_1',
      batchId: `2026-11-24T10:15:00.000Z#${intakeIdOf(1)}#0`,
      events: [{ messageId: 'm1-0' }, { messageId: 'm1-1' }],
    },
  ]);
  expect(dones.rows).toMatchObject([{ delivered: 3 }]);
  expect(engine.works).toEqual([]);
});

test('an Inbox that cannot be written loses nothing: the message comes again', async () => {
  const config = aWorkspaceConfig([{ destination: aDestination(), mappings: [aMapping()] }]);
  const { run, dones } = setUp({ config, over: { inbox: { add: failing } } });
  await expect(run(aLaneRecord())).resolves.toEqual(['sqs-1']);
  expect(dones.rows).toEqual([]);
});

test('a message that cannot be made visible at once is handed back all the same', async () => {
  const { run } = setUp({ remainingMs: () => 0, over: { holdBack: failing } });
  await expect(run(aLaneRecord())).resolves.toEqual(['sqs-1']);
});

/** Configuration as memory holds it, and as it is when it is asked for as of a moment. */
const staleConfigs = (held: WorkspaceConfig, present: WorkspaceConfig) => {
  const asked: (number | undefined)[] = [];
  const workspaceConfig: DeliverDeps['configs']['workspaceConfig'] = async (_id, asOfMs) => {
    asked.push(asOfMs);
    return asOfMs === undefined ? held : present;
  };
  return { asked, configs: { workspaceConfig } };
};

test.each([
  ['a destination', aWorkspaceConfig([])],
  ['a destination that was off', aWorkspaceConfig([aHook({ enabled: false })])],
  ['a mapping', aWorkspaceConfig([aHook({}, [])])],
  ['a mapping that was off', aWorkspaceConfig([aHook({}, [{ enabled: false }])])],
])('%s that memory does not know yet is looked for as of the moment when the part was queued', async (_case, held) => {
  const { asked, configs } = staleConfigs(held, aWorkspaceConfig([aHook()]));
  const { run, dones } = setUp({ over: { configs } });
  await expect(run(aLaneRecord([aPart()], { sentAtMs: 5_000 }))).resolves.toEqual([]);
  expect(dones.rows).toMatchObject([{ delivered: 1 }]);
  expect(asked).toEqual([undefined, 5_000 + CLOCK_SKEW_MS]);
});

test('configuration that knows the destination is not asked for anew', async () => {
  const { asked, configs } = staleConfigs(aWorkspaceConfig([aHook()]), aWorkspaceConfig([]));
  const { run } = setUp({ over: { configs } });
  await run(aLaneRecord());
  expect(asked).toEqual([undefined]);
});

test('what is replayed is sent as the destination is when it was queued, not as memory holds it: who replays has just mended something', async () => {
  const mended = aWorkspaceConfig([aHook({ settings: { url: 'https://mended.example.com' } })]);
  const { asked, configs } = staleConfigs(aWorkspaceConfig([aHook()]), mended);
  const { run, engine } = setUp({ over: { configs } });
  const replay = `rp_${'r'.repeat(22)}`;
  await run(aLaneRecord([aPart({ replay })], { sentAtMs: 5_000 }));
  expect(engine.works).toMatchObject([{ settings: { url: 'https://mended.example.com' } }]);
  expect(asked).toEqual([5_000 + CLOCK_SKEW_MS]);
  // A later round comes when memory has been renewed anyhow.
  await run(aLaneRecord([aPart({ replay, number: 2, hop: 1 })], { sentAtMs: 5_000 }));
  expect(asked.slice(1)).toEqual([undefined]);
});

test('two copies of a part in one invocation: one is sent, the other comes again and meets the row', async () => {
  const { run, engine, dones, heldBack } = setUp();
  const copies = ['sqs-1', 'sqs-2'].map((messageId) => aLaneRecord([aPart()], { messageId }));
  await expect(run(...copies)).resolves.toEqual(['sqs-2']);
  expect([engine.sent.length, dones.rows.length, heldBack]).toEqual([1, 1, ['sqs-2 0']]);
  await expect(run(aLaneRecord([aPart()], { messageId: 'sqs-2', receiveCount: 2 }))).resolves.toEqual([]);
  expect([engine.sent.length, dones.rows.length]).toEqual([1, 1]);
});

test('a message that was given back very often is worked on to its end: what has no turn goes on as not tried', async () => {
  let remainingMs = LIMIT_MS;
  const { fate, letGo } = gate();
  const { run, dones, heldBack } = setUp({ fate, remainingMs: () => remainingMs });
  const running = run(
    aLaneRecord([aPart({ count: 20 })]),
    aLaneRecord([aPart({ count: 20, number: 2 })], { messageId: 'sqs-2', receiveCount: 51 }),
    aLaneRecord([aPart({ count: 20, number: 3 })], { messageId: 'sqs-3', receiveCount: 50 }),
  );
  await settled();
  remainingMs = 11_999;
  letGo(20);
  await expect(running).resolves.toEqual(['sqs-3']);
  expect(dones.rows).toMatchObject([
    { intakeId: intakeIdOf(1), delivered: 20 },
    { intakeId: intakeIdOf(2), delivered: 0, retry: 20 },
  ]);
  expect(heldBack).toEqual(['sqs-3 0']);
});

test.each([
  ['fails', async (): Promise<void> => await failing()],
  ['hangs', (): Promise<void> => new Promise(() => undefined)],
])('a sample store that %s costs samples and nothing else', async (_case, put) => {
  let remainingMs = LIMIT_MS;
  const fate: Fate = () => {
    // 20 ms are left for samples.
    remainingMs = 1_020;
    return { outcome: 'delivered' };
  };
  const { run, dones } = setUp({ fate, over: { samples: { put } }, remainingMs: () => remainingMs });
  await expect(run(aLaneRecord())).resolves.toEqual([]);
  expect(dones.rows).toMatchObject([{ delivered: 1 }]);
});

test('with the deadline at hand no samples are written', async () => {
  let remainingMs = LIMIT_MS;
  const fate: Fate = () => {
    remainingMs = 900;
    return { outcome: 'delivered' };
  };
  const { run, samples } = setUp({ fate, remainingMs: () => remainingMs });
  await expect(run(aLaneRecord())).resolves.toEqual([]);
  expect(samples.kept).toEqual([]);
});

test('no row is put that could not be summed up, but the sends are made: without touches all comes again', async () => {
  const { run, engine, dones, deadLetters } = setUp({
    over: { touches: fakeTouches(new Error('the ledger takes no touch')).touches },
    fate: () => ({ outcome: 'discarded', code: '400', message: 'No' }),
  });
  const record = aLaneRecord([aPart({ count: 3 })]);
  await expect(run(record)).resolves.toEqual([record.messageId]);
  expect(engine.sent).toHaveLength(3);
  expect([dones.rows, deadLetters.letters()]).toEqual([[], []]);
});

test('a touch that failed for a passing reason is made up for before the row: nothing is sent again', async () => {
  const { touches, stored } = fakeTouches();
  let calls = 0;
  const touch = async (more: Parameters<typeof touches.touch>[0]): Promise<void> => {
    calls += 1;
    if (calls === 1) throw new Error('throttled');
    await touches.touch(more);
  };
  const { run, engine, dones } = setUp({ over: { touches: { touch } } });
  await expect(run(aLaneRecord([aPart({ count: 3 })]))).resolves.toEqual([]);
  expect(engine.sent).toHaveLength(3);
  expect([dones.rows.length, stored.length]).toEqual([1, 1]);
});

test('no send waits for a touch, and no row is put before it is stored', async () => {
  const order: string[] = [];
  const stored = Promise.withResolvers<void>();
  const fate: Fate = () => {
    order.push('sent');
    setImmediate(() => {
      order.push('touched');
      stored.resolve();
    });
    return { outcome: 'delivered' };
  };
  const { dones, ...rest } = setUp({ fate, over: { touches: { touch: () => stored.promise } } });
  const rowsAtTouch = stored.promise.then(() => dones.rows.length);
  await expect(rest.run(aLaneRecord([aPart({ count: 1 })]))).resolves.toEqual([]);
  expect([order, await rowsAtTouch, dones.rows.length]).toEqual([['sent', 'touched'], 0, 1]);
});

test('the minutes of all parts of an invocation are touched', async () => {
  const { run, touched } = setUp();
  await run(aLaneRecord([aPart({ count: 1 })]));
  expect(touched).toEqual([
    {
      workspaceId: 'ws_1',
      subject: { destinationId: 'dst_1' },
      minute: '2026-11-24T10:15',
      shard: expect.any(Number),
    },
  ]);
});
