import type { SQSRecord } from 'aws-lambda';
import { type RouteDeps, routeBatch } from '../../../../functions/route/route-batch.ts';
import { encodeIntake, encodeNotice } from '../../../../shared/aws/intake-codec.ts';
import { PLAN_HOLD_MS } from '../../../../shared/config/limits.ts';
import { quietTimers } from '../../../builders/quiet-timers.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import { fakeDeadLetterStore } from '../../../builders/deliver-stores.ts';
import { fakeArchiveQueue, fakeLaneQueue } from '../../../builders/fake-queues.ts';
import { fakeTouches } from '../../../builders/fake-touches.ts';
import { fakeClaimStore, fakePlanStore, noDebugSampler, noHookSampler } from '../../../builders/fake-route-stores.ts';
import { fakeTryStore } from '../../../builders/fake-try-store.ts';
import { anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aLife, type Life, mortal } from '../../../builders/mortal.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';

// Trap Q5: a message that kills whoever works on it must not take its nine neighbours along, nor come for ever.

const RECEIVED_AT = '2026-11-24T10:15:00.000Z';
const SENT_AT = '2026-11-24T10:15:00.500Z';
/** As the queue has it: six timeouts of the function. */
const VISIBILITY_MS = 180_000;

const bodyOf = (number: number, over: Record<string, unknown> = {}): string => {
  const { body, ...head } = anIntakeMessage({
    intakeId: intakeIdOf(number),
    body: aTrack(`m${number}`),
    receivedAt: RECEIVED_AT,
    ...over,
  });
  return encodeIntake(head, JSON.stringify(body));
};

/** An intake queue with its function: each round, all that lies there comes at once. */
function setUp(bodies: readonly string[], over: (life: Life) => Partial<RouteDeps> = () => ({})) {
  const plans = fakePlanStore();
  const claims = fakeClaimStore();
  const lanes = fakeLaneQueue();
  const archive = fakeArchiveQueue();
  const tries = fakeTryStore();
  const deadLetters = fakeDeadLetterStore();
  const held = new Map<string, number[]>();
  const queue = new Map(bodies.map((body, index) => [`sqs-${index}`, { body, receives: 0 }]));
  let nowMs = Date.parse(RECEIVED_AT) + 1_000;
  let remainingMs = 30_000;
  let writes = 0;

  const round = async (): Promise<'died' | 'lived'> => {
    const life = aLife();
    const deps: RouteDeps = {
      configs: { workspaceConfig: async () => aWorkspaceConfig([aTarget('x')]) },
      claims,
      plans,
      touches: fakeTouches().touches,
      lanes,
      archive,
      tries,
      deadLetters: deadLetters.store,
      catalog: () => ({ supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] }),
      hookSampler: noHookSampler,
      debugSampler: noDebugSampler,
      holdBack: async (handle, seconds) => {
        held.set(handle, [...(held.get(handle) ?? []), seconds]);
      },
      now: () => new Date(nowMs),
      timers: quietTimers,
      newWriteId: () => `w${(writes += 1)}`,
      ...over(life),
    };
    const inItsHands = Object.fromEntries(
      Object.entries(deps).map(([name, dep]) => [
        name,
        typeof dep === 'object' && name !== 'timers' ? mortal(life, dep) : dep,
      ]),
    ) as RouteDeps;
    const records = [...queue].map(([messageId, message]) => {
      message.receives += 1;
      const { body, receives } = message;
      const attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: String(Date.parse(SENT_AT)) };
      return { messageId, receiptHandle: messageId, body, attributes } as unknown as SQSRecord;
    });
    const failed = await Promise.race([
      routeBatch(inItsHands)(records, { remainingMs: () => remainingMs }),
      life.death,
    ]);
    nowMs += VISIBILITY_MS;
    if (failed === 'died') return 'died';
    for (const { messageId } of records) if (!failed.includes(messageId)) queue.delete(messageId);
    return 'lived';
  };
  const rounds = async (count: number) => {
    const ends: string[] = [];
    for (let number = 0; number < count && queue.size > 0; number += 1) ends.push(await round());
    return ends;
  };
  const inLane = () =>
    lanes.lies.flatMap(({ parts }) =>
      parts.map(({ intakeId, again }) => `${intakeId}${again === true ? ' again' : ''}`),
    );
  const leave = (ms: number) => (remainingMs = ms);
  return { queue, rounds, plans, claims, inLane, tries, deadLetters, held, leave };
}

const TEN = Array.from({ length: 10 }, (_, index) => index + 1);
/** The poison is in the middle, so that as many come after it as before it. */
const POISON = 5;
const bodiesWithPoison = TEN.map((number) => bodyOf(number, number === POISON ? { workspaceId: 'ws_poison' } : {}));

/** Kills whoever reads the configuration for the poison: before its plan is put. */
const deadlyToRead = (life: Life): Partial<RouteDeps> => ({
  configs: {
    workspaceConfig: async (id) => (id === 'ws_poison' ? await life.die() : aWorkspaceConfig([aTarget('x')])),
  },
});

test('a message that kills before its plan is put away after six receives; its nine neighbours are routed, once each', async () => {
  const { queue, rounds, plans, inLane, tries, deadLetters } = setUp(bodiesWithPoison, deadlyToRead);
  await expect(rounds(10)).resolves.toEqual(['died', 'died', 'died', 'died', 'died', 'died', 'lived']);
  expect(queue.size).toBe(0);
  const neighbours = TEN.filter((number) => number !== POISON).map(intakeIdOf);
  expect([...plans.plans.keys()].toSorted()).toEqual(neighbours);
  // Each was sent plainly once; what came again before its death was reported says so.
  expect(
    inLane()
      .filter((name) => !name.endsWith('again'))
      .toSorted(),
  ).toEqual(neighbours);

  const [key, body] = [...deadLetters.unreadable][0] ?? [];
  expect(body).toBe(bodiesWithPoison[POISON - 1]);
  expect([...plans.unreadable.values()]).toEqual([
    {
      v: 1,
      unreadableId: expect.stringMatching(/^[\w-]{22}$/),
      at: RECEIVED_AT,
      sourceId: 'src_1',
      intakeId: intakeIdOf(POISON),
      reason: 'crash_loop',
      deadLetterKey: key,
    },
  ]);
  // Those of the receives that died alone; all others were taken away.
  expect([...tries.marks.values()].map(({ size }) => size)).toEqual([5]);
});

test('neighbours are not kept waiting: by the second round all of them are in the lane', async () => {
  const { rounds, inLane } = setUp(bodiesWithPoison, deadlyToRead);
  await rounds(1);
  expect(inLane()).toEqual([]);
  await rounds(2);
  expect(new Set(inLane().map((name) => name.split(' ')[0])).size).toBe(9);
});

test('a message that kills after its plan is worked on alone, and then not at all: its neighbours are through', async () => {
  let kills = 0;
  const lanes = fakeLaneQueue();
  const { queue, rounds, plans, deadLetters, tries } = setUp(
    TEN.map((number) => bodyOf(number)),
    (life) => ({
      lanes: {
        send: async (sendings) => {
          const sent = sendings.flatMap(({ message }) => message.parts.map(({ intakeId }) => intakeId));
          if (!sent.some((intakeId) => intakeId === intakeIdOf(POISON))) return await lanes.send(sendings);
          kills += 1;
          return await life.die();
        },
      },
    }),
  );
  const ends = await rounds(14);
  expect(ends.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 'died'));
  expect(new Set(ends.slice(8))).toEqual(new Set(['lived']));
  expect(kills).toBe(8);
  // It stays on the queue until the queue gives it up (100 receives): its plan is in the books, so its parts must end there, too.
  expect([...queue.values()].map(({ body }) => body)).toEqual([bodyOf(POISON)]);
  expect([plans.plans.size, plans.unreadable.size, deadLetters.unreadable.size]).toEqual([10, 0, 0]);
  expect([...tries.marks.values()].map(({ size }) => size)).toEqual([5]);
  const arrived = new Set(lanes.lies.flatMap(({ parts }) => parts.map(({ intakeId }) => intakeId as string)));
  expect([...arrived].toSorted()).toEqual(TEN.filter((number) => number !== POISON).map(intakeIdOf));
});

test('a message that fails cleanly for a passing reason is never put away, however often', async () => {
  const { queue, rounds, held, tries, deadLetters } = setUp([bodyOf(1)], () => ({
    claims: fakeClaimStore(new Error('the table throttles')),
  }));
  const ends = await rounds(50);
  expect([ends.length, new Set(ends)]).toEqual([50, new Set(['lived'])]);
  expect([queue.size, deadLetters.unreadable.size, tries.marks.size]).toEqual([1, 0, 0]);
  // Sooner than the queue's visibility timeout would have it, and ever less often.
  expect(held.get('sqs-0')?.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 180, 180]);
});

test('what comes for the first time, or again because its plan was young, leaves no mark: marks cost calls', async () => {
  const { rounds, tries } = setUp([bodyOf(1), bodyOf(2)], () => ({ archive: fakeArchiveQueue(1) }));
  await expect(rounds(2)).resolves.toEqual(['lived', 'lived']);
  expect(tries.begun).toEqual([]);
});

test('suspects for which there is no time go back without a mark', async () => {
  const { queue, rounds, tries, held, leave } = setUp([bodyOf(1)], () => ({
    claims: fakeClaimStore(new Error('away')),
  }));
  await rounds(1);
  leave(9_999);
  await rounds(1);
  expect([queue.size, tries.begun, held.get('sqs-0')]).toEqual([1, [], [5, 10]]);
});

test('where no mark can be left nothing is begun: the message comes again', async () => {
  let isAway = true;
  const tries = fakeTryStore();
  const { queue, rounds, claims } = setUp([bodyOf(1)], () => ({
    tries: isAway ? fakeTryStore(new Error('away')) : tries,
    configs: { workspaceConfig: async () => (isAway ? Promise.reject(new Error('away')) : aWorkspaceConfig()) },
  }));
  await rounds(3);
  expect([queue.size, claims.requests]).toEqual([1, []]);
  isAway = false;
  await rounds(1);
  expect([queue.size, tries.begun.length, tries.marks.size]).toEqual([0, 1, 0]);
});

test('a mark that cannot be taken away at once is taken away at the second or third go', async () => {
  const tries = fakeTryStore();
  let fails = 2;
  const { rounds } = setUp([bodyOf(1)], () => ({
    claims: fakeClaimStore(new Error('away')),
    tries: {
      ...tries,
      end: async (name, receive) => (fails-- > 0 ? Promise.reject(new Error('?')) : tries.end(name, receive)),
    },
  }));
  await rounds(2);
  expect([tries.begun.length, tries.marks.size]).toEqual([1, 0]);
});

describe('a message that fits no schema', () => {
  test.each([
    ['no JSON', 'no JSON', {}],
    ['a request without its body', bodyOf(1).replace(/,"body".*/, '}'), {}],
    ['a request of an unknown kind', bodyOf(1).replace('"kind":"track"', '"kind":"dance"'), {}],
    ['a packed one that does not unpack', 'gz:AAAA', {}],
    [
      'a request whose body is cut off',
      bodyOf(1).slice(0, -1),
      { at: RECEIVED_AT, sourceId: 'src_1', intakeId: intakeIdOf(1) },
    ],
  ])('(%s) is put away at once, and is done', async (_case, body, head) => {
    const { queue, rounds, plans, deadLetters, tries } = setUp([bodyOf(7), body]);
    await expect(rounds(1)).resolves.toEqual(['lived']);
    expect(queue.size).toBe(0);
    expect([...plans.plans.keys()]).toEqual([intakeIdOf(7)]);
    expect([...deadLetters.unreadable.values()]).toEqual([body]);
    expect([...plans.unreadable.values()]).toEqual([
      {
        v: 1,
        unreadableId: expect.stringMatching(/^[\w-]{22}$/),
        at: SENT_AT,
        reason: 'malformed',
        deadLetterKey: [...deadLetters.unreadable.keys()][0],
        ...head,
      },
    ]);
    expect(tries.begun).toEqual([]);
  });

  test('comes again where it could not be put away, and two copies of it count as one', async () => {
    let isAway = true;
    const deadLetters = fakeDeadLetterStore();
    const { queue, rounds, plans } = setUp(['no JSON', 'no JSON'], () => ({
      deadLetters: {
        putUnreadable: async (day, body) =>
          isAway ? Promise.reject(new Error('away')) : deadLetters.store.putUnreadable(day, body),
      },
    }));
    await rounds(1);
    expect([queue.size, plans.unreadable.size]).toEqual([2, 0]);
    isAway = false;
    await rounds(1);
    expect([queue.size, plans.unreadable.size]).toEqual([0, 1]);
  });
});

test('a notice of refusals that comes again is filed alone, and done', async () => {
  let isAway = true;
  const plans = fakePlanStore();
  const notice = { v: 1 as const, notice: 'refusals' as const, noticeId: 'n', at: RECEIVED_AT, refusals: [] };
  const { queue, rounds, tries } = setUp([encodeNotice(notice)], () => ({
    plans: {
      ...plans,
      putRefusals: (given) => (isAway ? Promise.reject(new Error('away')) : plans.putRefusals(given)),
    },
  }));
  await rounds(1);
  isAway = false;
  await rounds(1);
  expect([queue.size, plans.notices, tries.marks.size]).toEqual([0, [notice], 0]);
});

test('a plan that is young keeps its message away, whoever comes, and no mark is left', async () => {
  const { queue, rounds, tries, held } = setUp([bodyOf(1)], (life) => ({
    // Dies over its sends, so that the plan stands alone.
    lanes: { send: async () => await life.die() },
    now: () => new Date(Date.parse(RECEIVED_AT) + 1_000),
  }));
  await expect(rounds(3)).resolves.toEqual(['died', 'lived', 'lived']);
  expect([queue.size, tries.begun, held.get('sqs-0')]).toEqual([1, [], [PLAN_HOLD_MS / 1_000, PLAN_HOLD_MS / 1_000]]);
});

test('a store that hangs until the deadline is no crash: the mark is taken away in time, and the message comes again', async () => {
  const { route, tries, plans, store } = hangingPlans();
  await expect(route).resolves.toEqual(['sqs-0']);
  expect(tries.begun).toHaveLength(1);
  expect([tries.marks.size, plans.plans.size, store.hung]).toEqual([0, 0, 1]);
});

/** Route with a message that comes for the second time and a ledger that does not answer its put; 1.3 s are left. */
function hangingPlans() {
  const plans = fakePlanStore();
  const tries = fakeTryStore();
  const store = { hung: 0 };
  const route = routeBatch({
    configs: { workspaceConfig: async () => aWorkspaceConfig([aTarget('x')]) },
    claims: fakeClaimStore(),
    plans: {
      ...plans,
      putPlan: () => {
        store.hung += 1;
        return new Promise(() => undefined);
      },
    },
    touches: fakeTouches().touches,
    lanes: fakeLaneQueue(),
    archive: fakeArchiveQueue(),
    tries,
    deadLetters: fakeDeadLetterStore().store,
    catalog: () => ({ supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] }),
    hookSampler: noHookSampler,
    debugSampler: noDebugSampler,
    holdBack: async () => undefined,
    now: () => new Date(Date.parse(RECEIVED_AT) + 1_000),
    timers: { after: (_ms, work) => quietTimers.after(20, work) },
    newWriteId: () => 'w',
  });
  const attributes = { ApproximateReceiveCount: '2', SentTimestamp: String(Date.parse(SENT_AT)) };
  const record = { messageId: 'sqs-0', receiptHandle: 'sqs-0', body: bodyOf(1), attributes } as unknown as SQSRecord;
  return { route: route([record], { remainingMs: () => 30_000 }), tries, plans, store };
}
