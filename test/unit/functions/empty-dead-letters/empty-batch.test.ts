import type { SQSRecord } from 'aws-lambda';
import { type EmptyDeps, emptyBatch } from '../../../../functions/empty-dead-letters/empty-batch.ts';
import { encodeIntake, encodeNotice } from '../../../../shared/aws/intake-codec.ts';
import { PLAN_HOLD_MS } from '../../../../shared/config/limits.ts';
import { destinationBalance } from '../../../../shared/domain/balance.ts';
import { bitmapOf } from '../../../../shared/domain/bitmap.ts';
import { sumDones, sumPlans } from '../../../../shared/domain/books.ts';
import type { IntakeMessage } from '../../../../shared/domain/intake-message.ts';
import type { Part } from '../../../../shared/domain/lane-message.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { readPlan } from '../../../../shared/pipeline/obey-plan.ts';
import { fakeDeadLetterStore, fakeDoneStore, fakeSamples } from '../../../builders/deliver-stores.ts';
import { fakeLaneQueue } from '../../../builders/fake-queues.ts';
import { fakeTouches } from '../../../builders/fake-touches.ts';
import { fakePlanStore } from '../../../builders/fake-route-stores.ts';
import { fakeTryStore } from '../../../builders/fake-try-store.ts';
import { aBatch, aTrack } from '../../../builders/intake-message.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aLife, mortal } from '../../../builders/mortal.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const RECEIVED_AT = '2026-11-24T10:15:00.000Z';
const NOW = '2026-11-25T10:00:00.000Z';
const CODE = 'crash_loop';
const MESSAGE = 'Its message was received 100 times and nobody came to an end with it';
const DAY_MS = 86_400_000;

function setUp(over: Partial<EmptyDeps> & { rows?: DoneRow[] } = {}) {
  const { rows = [], ...deps } = over;
  const plans = fakePlanStore();
  const dones = fakeDoneStore(rows);
  const deadLetters = fakeDeadLetterStore();
  const samples = fakeSamples();
  const lanes = fakeLaneQueue();
  const tries = fakeTryStore();
  const touches = fakeTouches();
  let nowMs = Date.parse(NOW);
  let remainingMs = 60_000;
  let writes = 0;
  const whole: EmptyDeps = {
    configs: { workspaceConfig: async () => aWorkspaceConfig([aTarget('x', undefined, { lane: 3 }), aTarget('y')]) },
    suppressions: { workspaceConfig: async () => aWorkspaceConfig([]) },
    plans,
    dones: dones.store,
    touches: touches.touches,
    deadLetters: deadLetters.store,
    samples: samples.store,
    lanes,
    tries,
    isOfIntake: ({ eventSourceARN }) => eventSourceARN.endsWith(':intake-dead'),
    now: () => new Date(nowMs),
    newWriteId: () => `e${(writes += 1)}`,
    ...deps,
  };
  return {
    deps: whole,
    plans,
    dones,
    deadLetters,
    samples,
    lanes,
    tries,
    touched: touches.stored,
    pass: (ms: number) => (nowMs += ms),
    leave: (ms: number) => (remainingMs = ms),
    empty: (...records: SQSRecord[]) => emptyBatch(whole)(records, { remainingMs: () => remainingMs }),
  };
}

const message = aBatch([aTrack('1'), aTrack('2'), aTrack('3')], { receivedAt: RECEIVED_AT });

const ofIntake = (body: string, receiveCount = 1): SQSRecord => ({
  ...aLaneRecord([aPart()], { body, receiveCount, messageId: 'dead', sentAtMs: Date.parse(RECEIVED_AT) }),
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:intake-dead',
});
const requestOf = ({ body, ...head }: IntakeMessage, receiveCount = 1) =>
  ofIntake(encodeIntake(head, JSON.stringify(body)), receiveCount);
const ofLanes = (parts: readonly Part[], receiveCount = 1, over: { body?: string } = {}): SQSRecord =>
  aLaneRecord(parts, {
    destinationId: 'dst_x',
    receiveCount,
    messageId: 'dead',
    sentAtMs: Date.parse(RECEIVED_AT),
    ...over,
  });

/** All three events to x by one mapping, the last two to y. */
const planned = (over: Record<string, unknown> = {}): PlanRow =>
  aPlanRow({
    received: 3,
    routed: 3,
    types: { track: 3 },
    routedBitmap: bitmapOf([0, 1, 2]),
    destinations: [
      {
        destinationId: 'dst_x',
        filtered: {},
        queued: 3,
        sends: 3,
        mappings: ['map_x_0'],
        bitmap: bitmapOf([0, 1, 2]),
        cuts: [3],
      },
      {
        destinationId: 'dst_y',
        filtered: { NO_MATCHING_MAPPING: 1 },
        queued: 2,
        sends: 2,
        mappings: ['map_y_0'],
        bitmap: bitmapOf([1, 2]),
        cuts: [1, 1],
      },
    ],
    ...over,
  });

const crashed = (over: Record<string, unknown>) => ({
  ...aDoneRow({ settledAt: NOW, delivered: 0, latency: aDoneRow().latency.map(() => 0), ...over }),
  writeId: expect.any(String),
});

describe('a request without a plan', () => {
  test('is kept whole and counted apart, and nothing is read of it but its head', async () => {
    const { empty, plans, deadLetters, dones } = setUp();
    // Cut off: whoever parsed it whole would call it malformed.
    const record = ofIntake(requestOf(message).body.slice(0, -1));
    await expect(empty(record)).resolves.toEqual([]);
    expect([...deadLetters.unreadable.values()]).toEqual([record.body]);
    expect([...plans.unreadable.values()]).toEqual([
      {
        v: 1,
        unreadableId: expect.stringMatching(/^[\w-]{22}$/),
        at: RECEIVED_AT,
        sourceId: 'src_1',
        intakeId: intakeIdOf(1),
        reason: 'crash_loop',
        deadLetterKey: [...deadLetters.unreadable.keys()][0],
      },
    ]);
    expect([deadLetters.objects.size, dones.rows]).toEqual([0, []]);
  });

  test('comes again where the store fails, without a row', async () => {
    const { empty, plans } = setUp({
      deadLetters: { ...fakeDeadLetterStore().store, putUnreadable: () => Promise.reject(new Error('away')) },
    });
    await expect(empty(requestOf(message))).resolves.toEqual(['dead']);
    expect(plans.unreadable.size).toBe(0);
  });
});

describe('a request with a plan', () => {
  test('ends part by part: what has no row gets its payloads put away and a row, what has one is left as it is', async () => {
    const done = aDoneRow({ destinationId: 'dst_x', delivered: 3 });
    const { empty, plans, dones, deadLetters, lanes } = setUp({ rows: [done] });
    plans.plans.set(intakeIdOf(1), planned());
    await expect(empty(requestOf(message))).resolves.toEqual([]);

    const [key] = deadLetters.objects.keys();
    const rowOfY = (slice: number) =>
      crashed({
        destinationId: 'dst_y',
        slice,
        deadLettered: { [CODE]: 1 },
        errors: [{ code: CODE, message: MESSAGE, count: 1 }],
        deadLetterKey: key,
        mappings: ['map_y_0'],
        kinds: [['track', 'Order Completed', '']],
      });
    expect(dones.rows).toEqual([done, rowOfY(0), rowOfY(1)]);
    const events = readPlan(message, aSource(), planned()).events;
    expect(deadLetters.letters()).toEqual(
      [1, 2].map((event, slice) => ({
        v: 1,
        workspaceId: 'ws_1',
        sourceId: 'src_1',
        destinationId: 'dst_y',
        intakeId: intakeIdOf(1),
        slice,
        hop: 0,
        dueAt: RECEIVED_AT,
        send: 0,
        mappingId: 'map_y_0',
        attempts: 0,
        receivedAt: RECEIVED_AT,
        settledAt: NOW,
        outcome: 'dead-lettered',
        code: CODE,
        message: MESSAGE,
        event: events[event]?.event,
      })),
    );
    expect([lanes.calls, plans.unreadable.size]).toEqual([[], 0]);
  });

  test('leaves nothing in flight, and emptied twice is emptied once', async () => {
    const { empty, plans, dones } = setUp();
    plans.plans.set(intakeIdOf(1), planned());
    await expect(empty(requestOf(message), requestOf(message, 2))).resolves.toEqual([]);
    await empty(requestOf(message, 3));
    const balance = (id: string) =>
      destinationBalance(
        id,
        'src_1',
        sumPlans([planned()]),
        sumDones(dones.rows.filter(({ destinationId }) => destinationId === id)),
      );
    expect(balance('dst_x')).toMatchObject({ accepted: 3, dlq: 3, inFlight: 0, reasons: { dlq: { [CODE]: 3 } } });
    expect(balance('dst_y')).toMatchObject({ accepted: 3, filtered: 1, dlq: 2, inFlight: 0 });
  });

  test('waits while the plan is so young that somebody may be at work on it', async () => {
    const { empty, plans, dones, pass } = setUp();
    plans.plans.set(intakeIdOf(1), planned({ plannedAt: NOW }));
    pass(PLAN_HOLD_MS - 1);
    await expect(empty(requestOf(message))).resolves.toEqual(['dead']);
    expect(dones.rows).toEqual([]);
    pass(1);
    await expect(empty(requestOf(message))).resolves.toEqual([]);
    expect(dones.rows).toHaveLength(3);
  });

  test('is read by its plan also when its source has been deleted', async () => {
    const { empty, plans, deadLetters } = setUp({ configs: { workspaceConfig: async () => undefined } });
    plans.plans.set(intakeIdOf(1), planned());
    await expect(empty(requestOf(message))).resolves.toEqual([]);
    expect(deadLetters.letters()).toHaveLength(5);
  });
});

const NEXT_DUE_AT = '2026-11-25T10:05:00.500Z';
/** Sends 0 and 2 of three go on, 2 was tried. */
const goesOn = (over: Record<string, unknown> = {}): DoneRow =>
  aDoneRow({
    destinationId: 'dst_x',
    delivered: 1,
    retry: 2,
    retryBitmap: bitmapOf([0, 2]),
    triedBitmap: bitmapOf([2]),
    nextDueAt: NEXT_DUE_AT,
    waitingSince: RECEIVED_AT,
    ...over,
  });

describe('a row that asks for another hop', () => {
  test.each([
    ['of a request', requestOf(message), 'map_x_0'],
    ['of a lane message', ofLanes([aPart({ count: 3 })]), 'map_1'],
  ])('%s: that hop is sent to the lane of now, to arrive when it is due', async (_case, record, mappingId) => {
    const row = goesOn();
    const dones = ['0', '1'].map((slice) => aDoneRow({ destinationId: 'dst_y', slice: Number(slice) }));
    const { empty, plans, lanes, deadLetters } = setUp({ rows: [row, ...dones] });
    plans.plans.set(intakeIdOf(1), planned());
    await expect(empty(record)).resolves.toEqual([]);
    expect(deadLetters.letters()).toEqual([]);
    expect(lanes.sendings.flat()).toMatchObject([
      {
        lane: 3,
        delaySeconds: 301,
        message: {
          destinationId: 'dst_x',
          parts: [
            {
              intakeId: intakeIdOf(1),
              slice: 0,
              hop: 1,
              dueAt: NEXT_DUE_AT,
              waitingSince: RECEIVED_AT,
              mappings: [mappingId],
              sends: [
                [0, 0, 0, 0],
                [2, 1, 0, 1],
              ],
            },
          ],
        },
      },
    ]);
  });

  test('that no lane takes brings the message again, and then it is sent', async () => {
    const lanes = fakeLaneQueue([['refused'], ['refused'], ['refused']]);
    const { empty } = setUp({ rows: [goesOn()], lanes });
    const record = ofLanes([aPart({ count: 3 })]);
    await expect(empty(record)).resolves.toEqual(['dead']);
    await expect(empty(record)).resolves.toEqual([]);
    expect(lanes.lies).toHaveLength(1);
  });

  test('and was put while we put ours: it holds, and its hop is sent', async () => {
    const { store, rows } = fakeDoneStore();
    const { empty, lanes } = setUp({
      dones: {
        ...store,
        putDone: async (row) => {
          rows.push(goesOn());
          return await store.putDone(row);
        },
      },
    });
    await expect(empty(ofLanes([aPart({ count: 3 })]))).resolves.toEqual([]);
    expect(rows).toEqual([goesOn()]);
    expect(lanes.lies.flatMap(({ parts }) => parts.map(({ hop }) => hop))).toEqual([1]);
  });
});

describe('a lane message', () => {
  test('of a later hop and of a replay run keeps what its letters need: attempts, due time, run', async () => {
    const replay = `rp_${'r'.repeat(22)}`;
    const later = aPart({
      hop: 3,
      dueAt: '2026-11-24T11:00:00.000Z',
      waitingSince: RECEIVED_AT,
      sends: [[7, 0, 0, 2]],
    });
    const replayed = aPart({ number: 2, replay });
    const { empty, dones, deadLetters } = setUp();
    await expect(empty(ofLanes([later, replayed]))).resolves.toEqual([]);
    expect(deadLetters.objects.size).toBe(1);
    expect(deadLetters.letters()).toMatchObject([
      { hop: 3, dueAt: '2026-11-24T11:00:00.000Z', send: 7, attempts: 2, code: CODE },
      { hop: 0, replay, attempts: 0, code: CODE },
    ]);
    expect(deadLetters.letters()[0]).not.toHaveProperty('replay');
    const shared = {
      destinationId: 'dst_x',
      deadLettered: { [CODE]: 1 },
      errors: [{ code: CODE, message: MESSAGE, count: 1 }],
      deadLetterKey: [...deadLetters.objects.keys()][0],
      mappings: ['map_1'],
      kinds: [['track', 'Cup Bought', '']],
    };
    expect(dones.rows).toEqual([
      crashed({ ...shared, hop: 3, dueAt: '2026-11-24T11:00:00.000Z' }),
      crashed({ ...shared, intakeId: intakeIdOf(2), replay }),
    ]);
    await expect(empty(ofLanes([later, replayed], 2))).resolves.toEqual([]);
    expect([deadLetters.objects.size, dones.rows.length]).toEqual([1, 2]);
  });

  test('that lies in its message twice ends once: one letter a send, one row', async () => {
    const { empty, dones, deadLetters } = setUp();
    await expect(empty(ofLanes([aPart({ count: 2 }), aPart({ count: 2 })]))).resolves.toEqual([]);
    expect(dones.rows).toMatchObject([{ deadLettered: { crash_loop: 2 } }]);
    expect(deadLetters.letters().map(({ send }) => send)).toEqual([0, 1]);
  });

  test('of many sends goes into several objects, and no part is torn', async () => {
    const parts = Array.from({ length: 12 }, (_, slice) => aPart({ slice, count: 200 }));
    const { empty, dones, deadLetters } = setUp();
    await expect(empty(ofLanes(parts))).resolves.toEqual([]);
    const slices = [...deadLetters.objects.values()].map((letters) => [...new Set(letters.map(({ slice }) => slice))]);
    expect(slices).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [9, 10, 11],
    ]);
    const keys = [...deadLetters.objects.keys()];
    expect(dones.rows.map(({ slice, deadLetterKey }) => [slice, deadLetterKey])).toEqual(
      parts.map(({ slice }) => [slice, keys[slice < 9 ? 0 : 1]]),
    );
  });

  test('leaves a sample of the code that it ended with, and few of many (G15)', async () => {
    const { empty, samples } = setUp();
    await empty(ofLanes([aPart({ count: 200 })]));
    expect(samples.kept).toMatchObject(
      [0, 1].map(() => ({ destinationId: 'dst_x', mappingId: 'map_1', code: CODE, message: MESSAGE, requests: [] })),
    );
    expect(samples.kept[0]?.event).toMatchObject({ type: 'track' });
  });

  test('has no row before its payloads are written', async () => {
    const { empty, dones } = setUp({
      deadLetters: { ...fakeDeadLetterStore().store, put: () => Promise.reject(new Error('away')) },
    });
    await expect(empty(ofLanes([aPart()]))).resolves.toEqual(['dead']);
    expect(dones.rows).toEqual([]);
  });

  test.each([
    ['is no JSON', 'no JSON'],
    ['fits no schema', '{"v":1,"destinationId":"dst_x","parts":[]}'],
    [
      'has a send of an event that it does not hold',
      ofLanes([aPart()]).body.replace('"sends":[[0,0,0,0]]', '"sends":[[0,1,0,0]]'),
    ],
  ])('that %s is kept whole', async (_case, body) => {
    const { empty, plans, deadLetters, dones } = setUp();
    await expect(empty(ofLanes([aPart()], 1, { body }))).resolves.toEqual([]);
    expect([...deadLetters.unreadable.values()]).toEqual([body]);
    expect([...plans.unreadable.values()]).toMatchObject([{ at: RECEIVED_AT, reason: 'malformed' }]);
    expect(dones.rows).toEqual([]);
  });
});

test('a notice of refusals is filed late, and what is neither request nor notice is kept whole', async () => {
  const { empty, plans } = setUp();
  const notice = { v: 1 as const, notice: 'refusals' as const, noticeId: 'n', at: RECEIVED_AT, refusals: [] };
  await expect(empty(ofIntake(encodeNotice(notice)), ofIntake('{}'))).resolves.toEqual([]);
  expect(plans.notices).toEqual([notice]);
  expect([...plans.unreadable.values()].map(({ reason }) => reason)).toEqual(['malformed']);
});

test('a message that kills even us is kept whole after six receives', async () => {
  const { deps, deadLetters, plans, tries } = setUp();
  plans.plans.set(intakeIdOf(1), planned());
  const ends: unknown[] = [];
  for (let receives = 1; receives <= 7; receives += 1) {
    const life = aLife();
    const store = { ...deps.dones, putDone: () => life.die() };
    const hands = { ...deps, dones: mortal(life, store), tries: mortal(life, deps.tries) };
    const work = emptyBatch(hands)([requestOf(message, receives)], { remainingMs: () => 60_000 });
    ends.push(await Promise.race([work, life.death]));
  }
  expect(ends).toEqual(['died', 'died', 'died', 'died', 'died', 'died', []]);
  expect([...deadLetters.unreadable.values()]).toEqual([requestOf(message).body]);
  expect([...plans.unreadable.values()]).toMatchObject([{ reason: 'crash_loop', intakeId: intakeIdOf(1) }]);
  // No mark of route's or deliver's would count here, nor one of ours there.
  expect([...tries.marks.keys()]).toEqual([expect.stringMatching(/^dead-letter#/)]);
});

test('a message that fails on and on for no passing reason is kept whole before SQS forgets it', async () => {
  const { empty, pass, plans, deadLetters } = setUp();
  // A plan of another message: it names events that this one does not have.
  plans.plans.set(intakeIdOf(1), planned({ routedBitmap: bitmapOf([0, 1, 9]) }));
  await expect(empty(requestOf(message, 2))).resolves.toEqual(['dead']);
  pass(13 * DAY_MS - (Date.parse(NOW) - Date.parse(RECEIVED_AT)) - 1);
  await expect(empty(requestOf(message, 3))).resolves.toEqual(['dead']);
  expect(deadLetters.unreadable.size).toBe(0);
  pass(1);
  await expect(empty(requestOf(message, 4))).resolves.toEqual([]);
  expect([...deadLetters.unreadable.values()]).toEqual([requestOf(message).body]);
  expect([...plans.unreadable.values()]).toMatchObject([{ reason: 'crash_loop', at: RECEIVED_AT }]);
});

test('a message that fails leaves its neighbours alone, and none is begun too close to the deadline', async () => {
  let isAway = true;
  const { store, rows } = fakeDoneStore();
  const { empty, leave } = setUp({
    dones: { ...store, findDone: (keys) => (isAway ? Promise.reject(new Error('away')) : store.findDone(keys)) },
  });
  const records = ['a', 'b'].map((messageId, slice) => ({ ...ofLanes([aPart({ slice })]), messageId }));
  await expect(empty(...records)).resolves.toEqual(['a', 'b']);
  isAway = false;
  leave(14_999);
  await expect(empty(...records)).resolves.toEqual(['a', 'b']);
  expect(rows).toEqual([]);
  leave(15_000);
  await expect(empty(...records)).resolves.toEqual([]);
  expect(rows).toHaveLength(2);
});

test.each([
  ['suppressed', async () => ({ ...aWorkspaceConfig([]), suppressed: new Set(['u1']) })],
  ['perhaps suppressed: nobody can tell', () => Promise.reject(new Error('the list is away'))],
])('of users who are %s no sample is taken, and the part ends all the same (T25)', async (_case, workspaceConfig) => {
  const { empty, samples, dones } = setUp({ suppressions: { workspaceConfig } });
  await empty(ofLanes([aPart({ count: 3 })]));
  expect([samples.kept, dones.rows.map(({ deadLettered }) => deadLettered)]).toEqual([[], [{ [CODE]: 3 }]]);
});
