import { type DeliverDeps, deliverBatch } from '../../../../functions/deliver/deliver-batch.ts';
import { HOPS_MAX, RECEIVES_BEFORE_CRASH_LOOP } from '../../../../shared/config/limits.ts';
import { bitmapOf } from '../../../../shared/domain/bitmap.ts';
import type { LaneMessage } from '../../../../shared/domain/lane-message.ts';
import { type DeliverGiven, deliverDeps } from '../../../builders/deliver-deps.ts';
import type { Fate } from '../../../builders/fake-engine.ts';
import { fakeLaneQueue } from '../../../builders/fake-queues.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aDoneRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';

// Design 2, 'Waiting' and 'Done row'; G05 (what is retried), G07 (what is not), G17 (a failed batch), reliability 1.3.

const RECEIVED_AT = '2026-11-24T10:15:00.000Z';
const SETTLED_AT = '2026-11-24T10:15:00.120Z';

const aConfig = (over: Record<string, unknown> = {}) => {
  const { destination, mappings } = aTarget('1', ['type = "track"'], over);
  return aWorkspaceConfig([
    { destination, mappings: mappings.map((one) => ({ ...one, id: 'map_1' as typeof one.id })) },
  ]);
};

function setUp(given: Partial<DeliverGiven> & { over?: Partial<DeliverDeps> } = {}) {
  let nowMs = Date.parse(SETTLED_AT);
  const { over, ...rest } = given;
  const made = deliverDeps({ config: aConfig(), now: () => new Date(nowMs), ...rest });
  Object.assign(made.deps, over);
  const run = (...records: ReturnType<typeof aLaneRecord>[]) =>
    deliverBatch(made.deps)(records, { remainingMs: () => 30_000 });
  /** Plays a lane: takes out what lies there, waits until it is due, and hands it to deliver. */
  const playOn = async (): Promise<void> => {
    const lying = made.lanes.lies.splice(0);
    for (const { destinationId, parts } of lying) {
      nowMs = Math.max(nowMs, ...parts.map(({ dueAt }) => Date.parse(dueAt)));
      await run(aLaneRecord(parts, { destinationId }));
    }
  };
  return { ...made, run, playOn, pass: (ms: number) => (nowMs += ms), at: (iso: string) => (nowMs = Date.parse(iso)) };
}

const down: Fate = () => ({ outcome: 'retry', code: '503', message: 'down' });
const partsIn = (lies: readonly LaneMessage[]) => lies.flatMap(({ parts }) => parts);

test('a send that fails for a passing reason goes on as hop 1 after its row is there, due after the first wait', async () => {
  const { run, dones, lanes, deadLetters } = setUp({ fate: down });
  await expect(run(aLaneRecord([aPart({ count: 2 })]))).resolves.toEqual([]);
  expect(dones.rows).toMatchObject([
    {
      delivered: 0,
      deadLettered: {},
      discarded: {},
      retry: 2,
      retryBitmap: bitmapOf([0, 1]),
      triedBitmap: bitmapOf([0, 1]),
      nextDueAt: '2026-11-24T10:15:05.120Z',
      waitingSince: SETTLED_AT,
      errors: [{ code: '503', message: 'down', count: 2 }],
    },
  ]);
  expect(partsIn(lanes.lies)).toMatchObject([
    {
      hop: 1,
      dueAt: '2026-11-24T10:15:05.120Z',
      sends: [
        [0, 0, 0, 1],
        [1, 1, 0, 1],
      ],
    },
  ]);
  expect(lanes.sendings[0]).toMatchObject([{ delaySeconds: 5 }]);
  expect(deadLetters.objects.size).toBe(0);
});

test('played to its end: 13 tries, then dead-lettered with the reason, the last answer and all attempts', async () => {
  const { run, playOn, dones, lanes, engine, deadLetters } = setUp({ fate: down });
  await run(aLaneRecord());
  for (let hop = 0; lanes.lies.length > 0 && hop < 20; hop += 1) await playOn();
  expect(engine.sent).toHaveLength(13);
  expect(dones.rows.map(({ hop, retry, deadLettered }) => [hop, retry, deadLettered])).toEqual([
    ...Array.from({ length: 12 }, (_, hop) => [hop, 1, {}]),
    [12, 0, { retry_window: 1 }],
  ]);
  expect(deadLetters.letters()).toMatchObject([
    {
      outcome: 'dead-lettered',
      code: 'retry_window',
      attempts: 13,
      hop: 12,
      message: 'Given up at the end of the retry window, after 13 tries; last: 503 down',
    },
  ]);
});

test('what a tool takes at the third try is delivered once in the books', async () => {
  let tries = 0;
  const fate: Fate = () =>
    (tries += 1) < 3 ? { outcome: 'retry', code: '500', message: 'x' } : { outcome: 'delivered' };
  const { run, playOn, dones, lanes } = setUp({ fate });
  await run(aLaneRecord());
  await playOn();
  await playOn();
  expect(lanes.lies).toEqual([]);
  expect(dones.rows.map(({ hop, delivered, retry }) => [hop, delivered, retry])).toEqual([
    [0, 0, 1],
    [1, 0, 1],
    [2, 1, 0],
  ]);
});

test('a Retry-After is kept to the second, and a part is due when the last of its sends is', async () => {
  const fate: Fate = ({ properties }) =>
    (properties as { index: number }).index === 0
      ? { outcome: 'retry', code: '429', message: 'slow down', retryAfterMs: 60_000 }
      : { outcome: 'retry', code: '500', message: 'x' };
  const { run, dones } = setUp({ fate });
  await run(aLaneRecord([aPart({ count: 2 })]));
  // 60 s and half of 20 % of them.
  expect(dones.rows[0]?.nextDueAt).toBe('2026-11-24T10:16:06.120Z');
});

test('a Retry-After beyond 12 h ends the send at once, and says so', async () => {
  const fate: Fate = () => ({ outcome: 'retry', code: '429', message: 'tomorrow', retryAfterMs: 86_400_000 });
  const { run, dones, deadLetters } = setUp({ fate });
  await run(aLaneRecord());
  expect(dones.rows).toMatchObject([{ retry: 0, deadLettered: { retry_after: 1 }, errors: [{ code: '429' }] }]);
  expect(deadLetters.letters()).toMatchObject([{ code: 'retry_after', attempts: 1 }]);
});

test('the retry window is the destination’s own', async () => {
  const { run, playOn, lanes, engine } = setUp({ fate: down, config: aConfig({ retryWindowHours: 1 }) });
  await run(aLaneRecord());
  for (let hop = 0; lanes.lies.length > 0 && hop < 20; hop += 1) await playOn();
  // At 0, 5 s, 35 s, 2.5, 7.5, 17.5, 37.5 min, and as the hour ends.
  expect(engine.sent).toHaveLength(8);
});

test('a part that comes before its time is sent on under its hop, marked, without a row and without a look', async () => {
  const { run, dones, lanes, engine } = setUp();
  const part = aPart({ hop: 5, dueAt: '2026-11-24T10:45:00.000Z', waitingSince: RECEIVED_AT });
  await expect(run(aLaneRecord([part]))).resolves.toEqual([]);
  expect(partsIn(lanes.lies)).toEqual([{ ...part, again: true, steps: 1 }]);
  expect(lanes.sendings[0]).toMatchObject([{ delaySeconds: 900 }]);
  expect([engine.sent, dones.rows, dones.looked]).toEqual([[], [], []]);
});

test('what goes on goes to the lane that its destination holds now', async () => {
  const { run, lanes } = setUp({ fate: down, config: aConfig({ lane: 7 }) });
  await run(aLaneRecord());
  expect(lanes.sendings[0]).toMatchObject([{ lane: 7 }]);
});

test('parts of one invocation that wait alike share a message', async () => {
  const { run, lanes } = setUp({ fate: down });
  await run(aLaneRecord([1, 2, 3].map((number) => aPart({ number }))));
  expect(lanes.lies.map(({ parts }) => parts.map(({ intakeId }) => intakeId))).toEqual([[1, 2, 3].map(intakeIdOf)]);
});

test('a message is done only when a lane has what goes on; coming again it finds the row and sends hop 1, nothing else', async () => {
  const { run, lanes, engine, dones, heldBack } = setUp({
    fate: down,
    lanes: fakeLaneQueue([['refused'], ['refused'], ['refused']]),
  });
  await expect(run(aLaneRecord())).resolves.toEqual(['sqs-1']);
  expect([lanes.lies, dones.rows.length, heldBack]).toEqual([[], 1, ['sqs-1 5']]);
  await expect(run(aLaneRecord([aPart()], { receiveCount: 2 }))).resolves.toEqual([]);
  expect(partsIn(lanes.lies)).toMatchObject([{ hop: 1, sends: [[0, 0, 0, 1]] }]);
  expect([engine.sent.length, dones.rows.length]).toEqual([1, 1]);
});

test('of a message that comes again, parts that are done send nothing on yet: copies would grow with each receive', async () => {
  const made = setUp({ fate: down });
  const { putDone } = made.dones.store;
  made.deps.dones = {
    ...made.dones.store,
    putDone: async (row) => {
      if (row.intakeId === intakeIdOf(2)) throw new Error('down');
      return await putDone(row);
    },
  };
  const parts = [aPart(), aPart({ number: 2 }), aPart({ number: 3, hop: 1, dueAt: '2026-11-24T11:00:00.000Z' })];
  for (let receive = 1; receive <= 10; receive += 1) {
    await expect(made.run(aLaneRecord(parts, { receiveCount: receive }))).resolves.toEqual(['sqs-1']);
  }
  expect(partsIn(made.lanes.lies)).toMatchObject([{ intakeId: intakeIdOf(1), hop: 1 }]);
  made.deps.dones = made.dones.store;
  await expect(made.run(aLaneRecord(parts, { receiveCount: 11 }))).resolves.toEqual([]);
  expect(partsIn(made.lanes.lies).map(({ intakeId, hop, steps }) => [intakeId, hop, steps])).toEqual([
    [intakeIdOf(1), 1, undefined],
    [intakeIdOf(2), 1, undefined],
    [intakeIdOf(3), 1, 1],
    [intakeIdOf(1), 1, undefined],
  ]);
});

test('while the dead-letter store is down, what was delivered is noted once, and what was not goes on until it can be kept', async () => {
  const fate: Fate = ({ properties }) =>
    (properties as { index: number }).index === 0
      ? { outcome: 'discarded', code: '400', message: 'no' }
      : { outcome: 'delivered' };
  const made = setUp({ fate });
  const { put } = made.deadLetters.store;
  made.deps.deadLetters = {
    put: async () => {
      throw new Error('down');
    },
  };
  await expect(made.run(aLaneRecord([aPart({ count: 3 })]))).resolves.toEqual([]);
  expect(made.dones.rows).toMatchObject([{ delivered: 2, discarded: {}, retry: 1 }]);
  made.deps.deadLetters = { put };
  await made.playOn();
  expect(made.engine.sent).toEqual(['m1-0', 'm1-1', 'm1-2', 'm1-0']);
  expect(made.dones.rows[1]).toMatchObject({ delivered: 0, discarded: { '400': 1 }, retry: 0 });
  expect(made.deadLetters.letters()).toMatchObject([{ code: '400', hop: 1, attempts: 2 }]);
});

test('what a tool repeats of a key, or says of a person, is in no open breaker', async () => {
  const { destination, mappings } = aTarget('1', ['type = "track"'], {
    secrets: { apiKey: { sealed: 'canary-1234' } },
  });
  const config = aWorkspaceConfig([
    { destination, mappings: mappings.map((one) => ({ ...one, id: 'map_1' as typeof one.id })) },
  ]);
  const fate: Fate = () => ({ outcome: 'discarded', code: '401', message: 'Bad key canary-1234 of bob@example.com' });
  const { run, opened } = setUp({ config, fate });
  await run(aLaneRecord([aPart({ count: 12 })]));
  expect(opened).toMatchObject([{ message: 'Bad key [redacted] of <email>' }]);
});

test('with a window of 13 days a destination that stays dead is probed to its end: hops and steps never reach their cap', async () => {
  const { run, playOn, lanes, deadLetters } = setUp({ fate: down, config: aConfig({ retryWindowHours: 312 }) });
  await run(aLaneRecord([aPart({ count: 40 })]));
  for (let round = 0; lanes.lies.length > 0 && round < HOPS_MAX + 10; round += 1) await playOn();
  expect(new Set(deadLetters.letters().map(({ code }) => code))).toEqual(new Set(['retry_window']));
  expect(deadLetters.letters()).toHaveLength(40);
});

test('at most 50 sends are under way or without their row, batches included, but for one part', async () => {
  const letGo: (() => void)[] = [];
  const made = setUp({ isOfSharedLane: false });
  let begun = 0;
  made.deps.engine = {
    callsOf: async ({ events }) => [
      {
        events: events.map((_, index) => index),
        run: async () => {
          begun += events.length;
          await new Promise<void>((resolve) => letGo.push(resolve));
          return events.map(() => ({ outcome: { outcome: 'delivered' as const }, exchanges: [] }));
        },
      },
    ],
  };
  const running = made.run(aLaneRecord([1, 2, 3, 4].map((number) => aPart({ number, count: 200 }))));
  for (let part = 1; part <= 4; part += 1) {
    for (let turn = 0; letGo.length === 0 && turn < 100; turn += 1) await new Promise((go) => setImmediate(go));
    expect(begun).toBe(part * 200);
    for (const go of letGo.splice(0)) go();
  }
  await expect(running).resolves.toEqual([]);
});

test('where another’s row is there already, it is that row’s hop 1 that goes on', async () => {
  const theirs = aDoneRow({
    delivered: 1,
    retry: 1,
    retryBitmap: bitmapOf([1]),
    triedBitmap: bitmapOf([1]),
    nextDueAt: '2026-11-24T10:15:07.000Z',
    waitingSince: '2026-11-24T10:15:01.000Z',
  });
  const { run, lanes, dones } = setUp({ rows: [theirs], fate: () => ({ outcome: 'delivered' }) });
  await run(aLaneRecord([aPart({ count: 2 })]));
  expect(dones.rows).toEqual([theirs]);
  expect(partsIn(lanes.lies)).toMatchObject([{ hop: 1, dueAt: '2026-11-24T10:15:07.000Z', sends: [[1, 0, 0, 1]] }]);
});

test('a replay’s part keeps its run over hops, and its rows and letters name it', async () => {
  const replay = `rp_${'r'.repeat(22)}`;
  const { run, playOn, dones, deadLetters, lanes } = setUp({
    fate: ({ properties }) =>
      (properties as { index: number }).index === 0
        ? { outcome: 'retry', code: '500', message: 'x' }
        : { outcome: 'discarded', code: '400', message: 'no' },
  });
  await run(aLaneRecord([aPart({ count: 2, replay })]));
  expect(partsIn(lanes.lies)).toMatchObject([{ replay, hop: 1 }]);
  await playOn();
  expect(dones.rows).toMatchObject([
    { replay, hop: 0 },
    { replay, hop: 1 },
  ]);
  expect(deadLetters.letters()).toMatchObject([{ replay, code: '400', dueAt: RECEIVED_AT }]);
});

test('while the breaker is open nothing is sent and no attempt counts: it waits for the probe', async () => {
  const { run, engine, dones, lanes, opened } = setUp({ fate: down });
  await run(aLaneRecord([aPart({ count: 60 })]));
  expect(opened).toHaveLength(1);
  // Those that were under way when the tenth failed.
  expect(engine.sent.length).toBeLessThanOrEqual(30);
  await run(aLaneRecord([aPart({ number: 2, count: 5 })]));
  expect(dones.rows[1]).toMatchObject({ retry: 5, nextDueAt: '2026-11-24T10:15:33.120Z', errors: [] });
  expect(dones.rows[1]).not.toHaveProperty('triedBitmap');
  expect(partsIn(lanes.lies)[1]?.sends.map(([, , , attempts]) => attempts)).toEqual([0, 0, 0, 0, 0]);
});

test('what waited for the breaker goes out when a probe got through', async () => {
  let isDown = true;
  const fate: Fate = (event, work) => (isDown ? down(event, work) : { outcome: 'delivered' });
  const { run, playOn, dones, lanes } = setUp({ fate });
  await run(aLaneRecord([aPart({ count: 100 })]));
  isDown = false;
  for (let round = 0; lanes.lies.length > 0 && round < 10; round += 1) await playOn();
  expect(dones.rows.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(100);
});

test('a paused destination gets nothing, and everything is kept', async () => {
  const paused = { since: RECEIVED_AT, by: 'hand' };
  const { run, dones, deadLetters, engine } = setUp({ config: aConfig({ paused }) });
  await run(
    aLaneRecord([
      aPart({
        count: 2,
        hop: 1,
        sends: [
          [0, 0, 0, 3],
          [1, 1, 0, 1],
        ],
      }),
    ]),
  );
  expect(engine.sent).toEqual([]);
  expect(dones.rows).toMatchObject([{ deadLettered: { destination_paused: 2 }, retry: 0 }]);
  expect(deadLetters.letters().map(({ code, attempts }) => [code, attempts])).toEqual([
    ['destination_paused', 3],
    ['destination_paused', 1],
  ]);
});

test('a part that has gone round as often as a part may ends as hop_cap', async () => {
  const { run, dones, deadLetters, engine } = setUp({ fate: down });
  const atCap = { hop: 10, steps: HOPS_MAX - 10, waitingSince: RECEIVED_AT };
  await run(aLaneRecord([aPart({ ...atCap, dueAt: '2026-11-25T10:00:00.000Z' })]));
  expect([engine.sent, dones.rows[0]?.deadLettered]).toEqual([[], { hop_cap: 1 }]);
  await run(aLaneRecord([aPart({ ...atCap, number: 2 })]));
  expect([engine.sent.length, dones.rows[1]?.deadLettered]).toEqual([1, { hop_cap: 1 }]);
  expect(deadLetters.letters().map(({ attempts }) => attempts)).toEqual([0, 1]);
});

test('the hop header grows by one with each time that an event comes through us', async () => {
  const { run, engine } = setUp();
  await run(aLaneRecord([aPart(), aPart({ number: 2, through: 2 })]));
  expect(engine.works.map(({ hopThroughUs }) => hopThroughUs)).toEqual([1, 3]);
});

describe('on the shared lane', () => {
  test('a send waits 5 s for its turn, then the rest settles as not tried', async () => {
    const waits: { ms: number; work: () => void }[] = [];
    const timers = {
      monotonicMs: () => 0,
      after: (ms: number, work: () => void) => {
        waits.push({ ms, work });
        return () => undefined;
      },
    };
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const fate: Fate = async () => {
      await held;
      return { outcome: 'delivered' };
    };
    const { run, dones } = setUp({ fate, over: { timers } });
    const running = run(aLaneRecord([aPart({ count: 30 })]));
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(waits.map(({ ms }) => ms)).toEqual(Array.from({ length: 10 }, () => 5_000));
    for (const { work } of waits) work();
    letGo();
    await running;
    expect(dones.rows).toMatchObject([{ delivered: 20, retry: 10 }]);
  });
});

test('on a lane of its own a destination has all 50 sends of an invocation, and waits for its turn', async () => {
  const letGo: (() => void)[] = [];
  const fate: Fate = () => new Promise((resolve) => letGo.push(() => resolve({ outcome: 'delivered' })));
  const { run, engine, dones } = setUp({ fate, isOfSharedLane: false });
  const running = run(aLaneRecord([aPart({ count: 120 })]));
  for (let turn = 0; dones.rows.length === 0 && turn < 100; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    for (const go of letGo.splice(0)) go();
  }
  await running;
  expect([engine.underWayMax(), dones.rows[0]?.delivered]).toEqual([50, 120]);
});

describe('a part that kills the function (Q5)', () => {
  const PART = `part#dst_1#${intakeIdOf(1)}#0#0`;
  const record = (receiveCount: number) => aLaneRecord([aPart()], { receiveCount });

  test('is marked from its second receive on, and the mark goes when it ends', async () => {
    const { run, tries } = setUp();
    await run(record(1));
    expect(tries.begun).toEqual([]);
    await run(aLaneRecord([aPart({ number: 2 })], { receiveCount: 2 }));
    const name = `part#dst_1#${intakeIdOf(2)}#0#0 sqs-1#2`;
    expect([tries.begun, tries.ended]).toEqual([[name], [name]]);
  });

  test('is worked on with no other beside it, after all others', async () => {
    let underWay = 0;
    const alone: boolean[] = [];
    const order: string[] = [];
    const fate: Fate = async ({ messageId }) => {
      underWay += 1;
      await new Promise((resolve) => setImmediate(resolve));
      order.push(messageId as string);
      alone.push(underWay === 1);
      underWay -= 1;
      return { outcome: 'delivered' };
    };
    const { run, tries, dones } = setUp({ fate });
    for (const number of [1, 2]) tries.marks.set(`part#dst_1#${intakeIdOf(number)}#0#0`, new Set(['sqs-9#2']));
    await run(
      aLaneRecord(
        [1, 2, 3, 4].map((number) => aPart({ number })),
        { receiveCount: 3 },
      ),
    );
    expect(order).toEqual(['m3-0', 'm4-0', 'm1-0', 'm2-0']);
    expect(alone.slice(2)).toEqual([true, true]);
    expect(dones.rows).toHaveLength(4);
  });

  test.each([
    ['four deaths', 4, 1, {}],
    ['five deaths, with the first, unmarked one six receives', 5, 0, { crash_loop: 1 }],
  ])(
    'after %s it is put away as crash_loop, nothing of it run, and not before (%#)',
    async (_case, marks, sent, deadLettered) => {
      const { run, tries, engine, dones, deadLetters } = setUp();
      tries.marks.set(PART, new Set(Array.from({ length: marks }, (_, index) => `sqs-1#${index + 2}`)));
      await expect(run(record(marks + 2))).resolves.toEqual([]);
      expect(engine.sent).toHaveLength(sent);
      expect(dones.rows).toMatchObject([{ deadLettered }]);
      expect(deadLetters.letters().map(({ code, attempts }) => [code, attempts])).toEqual(
        Object.keys(deadLettered).map((code) => [code, 0]),
      );
      expect(marks + 1 >= RECEIVES_BEFORE_CRASH_LOOP).toBe(sent === 0);
    },
  );

  test('an error that is caught leaves no mark: a ledger that is down puts nothing away', async () => {
    const putDone = async (): Promise<never> => {
      throw new Error('down');
    };
    const made = setUp();
    made.deps.dones = { ...made.dones.store, putDone };
    for (let receive = 2; receive < 10; receive += 1)
      await expect(made.run(record(receive))).resolves.toEqual(['sqs-1']);
    expect(made.tries.marks.size).toBe(0);
    expect(made.heldBack).toEqual(['10', '20', '40', '80', '160', '180', '180', '180'].map((s) => `sqs-1 ${s}`));
  });
});
