import type { SQSRecord } from 'aws-lambda';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { type RouteDeps, routeBatch } from '../../../../functions/route/route-batch.ts';
import { encodeIntake, encodeNotice } from '../../../../shared/aws/intake-codec.ts';
import { CLOCK_SKEW_MS, EVENT_BYTES_MAX, PLAN_HOLD_MS } from '../../../../shared/config/limits.ts';
import { destinationBalance } from '../../../../shared/domain/balance.ts';
import { noDestinationTotals, sumPlans } from '../../../../shared/domain/books.ts';
import { quietTimers } from '../../../builders/quiet-timers.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import type { IntakeMessage } from '../../../../shared/domain/intake-message.ts';
import type { PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { fakeDeadLetterStore } from '../../../builders/deliver-stores.ts';
import { fakeArchiveQueue, fakeLaneQueue } from '../../../builders/fake-queues.ts';
import { fakeTouches } from '../../../builders/fake-touches.ts';
import { fakeClaimStore, fakePlanStore, noDebugSampler, noHookSampler } from '../../../builders/fake-route-stores.ts';
import { fakeTryStore } from '../../../builders/fake-try-store.ts';
import { aBatch, anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { aDoneRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const PLANNED_AT = '2026-11-24T10:15:01.000Z';
const SENT_AT = '2026-11-24T10:15:00.500Z';

let writes = 0;

function setUp(over: Partial<RouteDeps> & { config?: WorkspaceConfig | null } = {}) {
  const { config = aWorkspaceConfig([aTarget('x'), aTarget('y')]), ...deps } = over;
  const claims = fakeClaimStore();
  const plans = fakePlanStore();
  const lanes = fakeLaneQueue();
  const archive = fakeArchiveQueue();
  const tries = fakeTryStore();
  const touches = fakeTouches();
  const deadLetters = fakeDeadLetterStore();
  const held: [string, number][] = [];
  let nowMs = Date.parse(PLANNED_AT);
  let remainingMs = 30_000;
  const route = routeBatch({
    configs: { workspaceConfig: async () => config ?? undefined },
    claims,
    plans,
    touches: touches.touches,
    lanes,
    archive,
    tries,
    deadLetters: deadLetters.store,
    catalog: () => ({ supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] }),
    hookSampler: noHookSampler,
    debugSampler: noDebugSampler,
    holdBack: async (handle, seconds) => {
      held.push([handle, seconds]);
    },
    now: () => new Date(nowMs),
    timers: quietTimers,
    newWriteId: () => `w${(writes += 1)}`,
    ...deps,
  });
  return {
    claims,
    plans,
    touched: touches.stored,
    lanes,
    archive,
    tries,
    deadLetters,
    held,
    pass: (ms: number) => (nowMs += ms),
    leave: (ms: number) => (remainingMs = ms),
    route: (records: readonly SQSRecord[]) => route(records, { remainingMs: () => remainingMs }),
  };
}

const record = (id: string, body: string, receiveCount = 1): SQSRecord =>
  ({
    messageId: id,
    receiptHandle: `handle of ${id}`,
    body,
    attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(Date.parse(SENT_AT)) },
  }) as unknown as SQSRecord;

const recordOf = (id: string, { body, ...head }: IntakeMessage, receiveCount = 1) =>
  record(id, encodeIntake(head, JSON.stringify(body)), receiveCount);

const sentTo = (lanes: ReturnType<typeof fakeLaneQueue>) =>
  lanes.lies.map(({ destinationId, parts }) => [
    destinationId,
    parts.map(({ intakeId, slice, again, events }) => [intakeId, slice, again ?? false, events.length]),
  ]);

test('a message is planned, then its parts and its archive copy are sent, and it is done', async () => {
  const { route, plans, lanes, archive } = setUp();
  await expect(route([recordOf('a', aBatch([aTrack('1'), aTrack('2'), 5]))])).resolves.toEqual([]);
  expect(plans.plans.get(intakeIdOf(1))).toMatchObject({
    plannedAt: PLANNED_AT,
    configVersion: 7,
    writeId: expect.any(String),
    received: 3,
    invalid: { not_an_object: 1 },
    routed: 2,
    destinations: [
      { destinationId: 'dst_x', sends: 2, cuts: [2] },
      { destinationId: 'dst_y', sends: 2 },
    ],
  });
  expect(sentTo(lanes)).toEqual([
    ['dst_x', [[intakeIdOf(1), 0, false, 2]]],
    ['dst_y', [[intakeIdOf(1), 0, false, 2]]],
  ]);
  expect(archive.lies).toEqual([
    expect.objectContaining({
      intakeId: intakeIdOf(1),
      events: [expect.objectContaining({ messageId: '1' }), expect.anything()],
    }),
  ]);
});

test('a plan says by which key its request came, where the message does', async () => {
  const { route, plans } = setUp();
  const keyed = anIntakeMessage({ intakeId: intakeIdOf(2), key: '1a2b3c4d', body: aTrack('m2') });
  await expect(route([recordOf('a', anIntakeMessage()), recordOf('b', keyed)])).resolves.toEqual([]);
  expect(plans.plans.get(intakeIdOf(1))).not.toHaveProperty('key');
  expect(plans.plans.get(intakeIdOf(2))).toMatchObject({ key: '1a2b3c4d' });
});

test('intake messages of one invocation share lane messages, and claims are made in one tick', async () => {
  const { route, lanes, claims } = setUp();
  const records = [1, 2, 3].map((number) =>
    recordOf(String(number), anIntakeMessage({ intakeId: intakeIdOf(number), body: aTrack(`m${number}`) })),
  );
  await expect(route(records)).resolves.toEqual([]);
  expect(sentTo(lanes).map(([, parts]) => parts)).toEqual(
    Array.from({ length: 2 }, () => [1, 2, 3].map((number) => [intakeIdOf(number), 0, false, 1])),
  );
  expect(lanes.calls).toHaveLength(1);
  expect(claims.requests).toHaveLength(3);
});

test('an event that another request brought is a duplicate; what an earlier try of the same request claimed is its own (E18)', async () => {
  const { route, plans, lanes, pass } = setUp();
  await route([recordOf('a', anIntakeMessage({ intakeId: intakeIdOf(1) }))]);
  await route([recordOf('b', anIntakeMessage({ intakeId: intakeIdOf(2) }))]);
  expect(plans.plans.get(intakeIdOf(2))).toMatchObject({ received: 1, duplicate: 1, routed: 0 });
  plans.plans.clear();
  pass(60_000);
  await route([recordOf('a', anIntakeMessage({ intakeId: intakeIdOf(1) }))]);
  expect(plans.plans.get(intakeIdOf(1))).toMatchObject({ duplicate: 0, routed: 1 });
  expect(lanes.lies).toHaveLength(4);
});

test.each([
  ['a website', { kind: 'website' }, 'a one'],
  ['a mobile app', { kind: 'mobile' }, 'a one'],
  ['a server', { kind: 'server' }, undefined],
  ['a website that is told to claim each event', { kind: 'website', dedupBy: 'event' }, undefined],
  ['a server that is told to claim by device', { kind: 'server', dedupBy: 'device' }, 'a one'],
])('repeats of %s are looked for where its setting says', async (_case, source, device) => {
  const config = { ...aWorkspaceConfig([aTarget('x')]), sources: [aSource(source)] };
  const { route, claims } = setUp({ config });
  await route([recordOf('a', anIntakeMessage({ body: { ...aTrack('1'), anonymousId: 'one' } }))]);
  expect(claims.requests.map(({ events }) => events)).toEqual([[{ messageId: '1', device }]]);
});

test('nothing is sent before the plan is put', async () => {
  const order: string[] = [];
  const plans = fakePlanStore();
  const lanes = fakeLaneQueue();
  const { route } = setUp({
    plans: { ...plans, putPlan: async (row) => (order.push('plan'), await plans.putPlan(row)) },
    lanes: { send: async (messages) => (order.push('send'), await lanes.send(messages)) },
  });
  await route([recordOf('a', anIntakeMessage())]);
  expect(order).toEqual(['plan', 'send']);
});

describe('a plan that is there already', () => {
  const planned = async () => {
    const first = setUp();
    await first.route([recordOf('a', aBatch([aTrack('1'), aTrack('2')]))]);
    const row = first.plans.plans.get(intakeIdOf(1));
    if (row === undefined) throw new Error('planned');
    return row;
  };
  const again = (row: PlanRow, options: Parameters<typeof fakePlanStore>[0] = {}) => {
    const plans = fakePlanStore(options);
    plans.plans.set(row.intakeId, row);
    // The configuration changed meanwhile: nothing of it may show.
    return { ...setUp({ plans, config: aWorkspaceConfig([aTarget('z')]) }), plans };
  };
  const redelivered = recordOf('a', aBatch([aTrack('1'), aTrack('2')]), 2);

  test('and young belongs to another invocation: the message is left for what remains of its hold', async () => {
    const { route, lanes, archive, held, pass, claims } = again(await planned());
    pass(5_000);
    await expect(route([redelivered])).resolves.toEqual(['a']);
    expect(held).toEqual([['handle of a', (PLAN_HOLD_MS - 5_000) / 1_000]]);
    expect([lanes.calls.flat(), archive.lies, claims.requests]).toEqual([[], [], []]);
  });

  test('is found also where the first put was only just before ours', async () => {
    const { route, held, lanes } = again(await planned());
    await expect(route([recordOf('a', aBatch([aTrack('1'), aTrack('2')]))])).resolves.toEqual(['a']);
    expect(held).toEqual([['handle of a', PLAN_HOLD_MS / 1_000]]);
    expect(lanes.lies).toEqual([]);
  });

  test('and old is obeyed, not decided again: every part marked, and none that has its done row', async () => {
    const dones = [aDoneRow({ destinationId: 'dst_x', slice: 0 })];
    const { route, lanes, archive, pass } = again(await planned(), { dones });
    pass(PLAN_HOLD_MS);
    await expect(route([redelivered])).resolves.toEqual([]);
    expect(sentTo(lanes)).toEqual([['dst_y', [[intakeIdOf(1), 0, true, 2]]]]);
    expect(archive.lies).toHaveLength(1);
  });

  test('written by a clock that runs ahead holds no longer than the hold', async () => {
    const row = { ...(await planned()), plannedAt: '2026-11-25T00:00:00.000Z' };
    const { route, held } = again(row);
    await route([redelivered]);
    expect(held).toEqual([['handle of a', PLAN_HOLD_MS / 1_000]]);
  });
});

describe('a lane message', () => {
  test.each([
    ['refused', false],
    ['doubtful', true],
  ] as const)(
    'that is %s goes to the shared lane, marked where a first copy may lie in its own, and the intake message is done',
    async (result, isAgain) => {
      const lanes = fakeLaneQueue([['taken', result]]);
      const { route } = setUp({
        lanes,
        config: aWorkspaceConfig([aTarget('x'), aTarget('y', undefined, { lane: 3 })]),
      });
      await expect(route([recordOf('a', anIntakeMessage())])).resolves.toEqual([]);
      expect(lanes.sendings[0]?.map(({ lane }) => lane)).toEqual([undefined, 3]);
      expect(lanes.sendings[1]?.map(({ lane }) => lane)).toEqual([undefined]);
      const [message] = lanes.calls[1] ?? [];
      expect(message).toMatchObject({ destinationId: 'dst_y' });
      expect(message?.parts.map((part) => part.again === true)).toEqual([isAgain]);
    },
  );

  test('that is not taken three times hands back the messages with a part in it, and no others, until their plans may be obeyed', async () => {
    const lanes = fakeLaneQueue([['refused', 'taken'], ['doubtful'], ['refused']]);
    const config = aWorkspaceConfig([aTarget('x', ['event = "A"']), aTarget('y', ['event = "B"'])]);
    const { route, held } = setUp({ lanes, config });
    const failed = await route([
      recordOf('a', anIntakeMessage({ intakeId: intakeIdOf(1), body: aTrack('1', { event: 'A' }) })),
      recordOf('b', anIntakeMessage({ intakeId: intakeIdOf(2), body: aTrack('2', { event: 'B' }) })),
    ]);
    expect(failed).toEqual(['a']);
    expect(held).toEqual([['handle of a', PLAN_HOLD_MS / 1_000]]);
  });
});

test('an archive queue that is away hands the message back', async () => {
  const { route } = setUp({ archive: fakeArchiveQueue(1) });
  await expect(route([recordOf('a', anIntakeMessage())])).resolves.toEqual(['a']);
});

test('a message that fails leaves its neighbours alone', async () => {
  const { route, plans } = setUp({ plans: fakePlanStore({ failsFor: new Set([intakeIdOf(2)]) }) });
  const failed = await route([
    recordOf('a', anIntakeMessage({ intakeId: intakeIdOf(1) })),
    recordOf('b', anIntakeMessage({ intakeId: intakeIdOf(2), body: aTrack('2') })),
    recordOf('c', anIntakeMessage({ intakeId: intakeIdOf(3), body: aTrack('3') })),
  ]);
  expect(failed).toEqual(['b']);
  expect(plans.plans.size).toBe(0);
});

test('a claim store that is down routes nothing', async () => {
  const { route, plans, lanes } = setUp({ claims: fakeClaimStore(new Error('away')) });
  await expect(route([recordOf('a', anIntakeMessage())])).resolves.toEqual(['a']);
  expect([plans.plans.size, lanes.calls.flat()]).toEqual([0, []]);
});

test('too close to the deadline nothing is planned and everything comes again', async () => {
  const { route, plans, leave } = setUp();
  leave(5_000);
  await expect(route([recordOf('a', anIntakeMessage())])).resolves.toEqual(['a']);
  expect(plans.plans.size).toBe(0);
});

test.each([
  ['a workspace', null],
  ['a source', aWorkspaceConfig([aTarget('x')], [])],
])('events of %s that was deleted are planned as blocked and counted, without claims', async (_case, config) => {
  const { route, plans, lanes, archive, claims } = setUp({ config });
  await expect(route([recordOf('a', anIntakeMessage())])).resolves.toEqual([]);
  expect(plans.plans.get(intakeIdOf(1))).toMatchObject({ received: 1, routed: 0, blocked: { source_deleted: 1 } });
  expect([lanes.calls.flat(), archive.lies, claims.requests]).toEqual([[], [], []]);
});

test('what is blocked at a deleted source counts for each destination that was connected and enabled, and for no other', async () => {
  const config = aWorkspaceConfig(
    [aTarget('x'), aTarget('off', [], { enabled: false }), aTarget('other', [], { sourceId: 'src_2' })],
    [],
  );
  const { route, plans } = setUp({ config });
  await route([recordOf('a', anIntakeMessage())]);
  const totals = sumPlans([...plans.plans.values()]);
  expect(totals.planned).toEqual({
    dst_x: { routed: 0, blocked: { source_deleted: 1 }, filtered: {}, queued: 0, sends: 0 },
  });
  expect(destinationBalance('dst_x', 'src_1', totals, noDestinationTotals())).toMatchObject({
    accepted: 1,
    blocked: 1,
    inFlight: 0,
  });
});

test('notices of refusals become rows', async () => {
  const { route, plans } = setUp();
  const notice = { v: 1 as const, notice: 'refusals' as const, noticeId: 'n', at: PLANNED_AT, refusals: [] };
  await expect(route([record('n', encodeNotice(notice))])).resolves.toEqual([]);
  expect(plans.notices).toEqual([notice]);
});

test('a plan is carried out although its source, and with it the size of its events, has changed since', async () => {
  // As a server's, just small enough with what we add; as a website's, which adds more, and by what was sent, too large.
  const server = aWorkspaceConfig([aTarget('x')], [aSource({ kind: 'server' })]);
  const large = (pad: number) =>
    aBatch([{ ...aTrack('1'), timestamp: null, writeKey: 'k'.repeat(1_000), properties: { pad: 'x'.repeat(pad) } }]);
  const sizeOf = (pad: number) => readIntake(large(pad), aSource({ kind: 'server' })).events[0]?.bytes ?? 0;
  const pad = EVENT_BYTES_MAX - sizeOf(0);
  expect(sizeOf(pad)).toBe(EVENT_BYTES_MAX);
  expect(readIntake(large(pad), aSource({ kind: 'website' })).invalid).toEqual({ event_too_large: 1 });

  const first = setUp({ config: server });
  await first.route([recordOf('a', large(pad))]);
  const second = setUp({ plans: first.plans, config: aWorkspaceConfig([], [aSource({ kind: 'website' })]) });
  second.pass(PLAN_HOLD_MS);
  await expect(second.route([recordOf('a', large(pad), 2)])).resolves.toEqual([]);
  expect(sentTo(second.lanes)).toEqual([['dst_x', [[intakeIdOf(1), 0, true, 1]]]]);
  expect(second.archive.lies).toMatchObject([{ events: [{ messageId: '1' }] }]);
});

test('a source that memory does not know is looked for anew before its events count as blocked', async () => {
  const asked: (number | undefined)[] = [];
  const configs: RouteDeps['configs'] = {
    workspaceConfig: async (_id, asOfMs) => {
      asked.push(asOfMs);
      return aWorkspaceConfig([aTarget('x')], asOfMs === undefined ? [] : [aSource()]);
    },
  };
  const { route, plans } = setUp({ configs });
  await expect(route([recordOf('a', anIntakeMessage())])).resolves.toEqual([]);
  expect(plans.plans.get(intakeIdOf(1))).toMatchObject({ routed: 1, blocked: {} });
  expect(asked).toEqual([undefined, Date.parse('2026-11-24T10:15:00.000Z') + CLOCK_SKEW_MS]);
});

test('no plan is put whose minute is not touched: without touches nothing is planned, nothing is sent, and all comes again', async () => {
  const away = setUp({ touches: fakeTouches(new Error('the ledger takes no touch')).touches });
  await expect(away.route([recordOf('a', aBatch([aTrack('1')]))])).resolves.toEqual(['a']);
  expect([away.plans.plans.size, away.lanes.lies, away.claims.requests]).toEqual([0, [], []]);

  const { route, touched, plans } = setUp();
  await expect(route([recordOf('a', aBatch([aTrack('1')]))])).resolves.toEqual([]);
  const row = plans.plans.get(intakeIdOf(1));
  expect(touched).toEqual([
    {
      workspaceId: row?.workspaceId,
      subject: { sourceId: row?.sourceId },
      minute: row?.receivedAt.slice(0, 16),
      shard: expect.any(Number),
    },
  ]);
});

test('what has a plan already is not touched again: nobody would wait for it, and nothing may run on after the answer', async () => {
  const first = setUp();
  const message = aBatch([aTrack('1')]);
  await first.route([recordOf('a', message)]);
  const calls: number[] = [];
  const again = setUp({ plans: first.plans, touches: { touch: async (touches) => void calls.push(touches.length) } });
  again.pass(PLAN_HOLD_MS);
  await expect(again.route([recordOf('a', message, 2)])).resolves.toEqual([]);
  expect(calls).toEqual([]);
  await again.route([recordOf('a', message, 2), recordOf('b', anIntakeMessage({ intakeId: intakeIdOf(2) }))]);
  expect(calls).toEqual([1]);
});
