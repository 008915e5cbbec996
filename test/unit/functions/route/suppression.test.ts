import fc from 'fast-check';
import { planIntake, targetsOf } from '../../../../functions/route/plan-intake.ts';
import { routeBatch } from '../../../../functions/route/route-batch.ts';
import { encodeIntake } from '../../../../shared/aws/intake-codec.ts';
import { bitmapOf, membersOf } from '../../../../shared/domain/bitmap.ts';
import { total } from '../../../../shared/domain/books.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { fakeDeadLetterStore } from '../../../builders/deliver-stores.ts';
import { fakeArchiveQueue, fakeLaneQueue } from '../../../builders/fake-queues.ts';
import { fakeTouches } from '../../../builders/fake-touches.ts';
import { fakeClaimStore, fakePlanStore, noDebugSampler, noHookSampler } from '../../../builders/fake-route-stores.ts';
import { fakeTryStore } from '../../../builders/fake-try-store.ts';
import { aBatch, aTrack } from '../../../builders/intake-message.ts';
import { quietTimers } from '../../../builders/quiet-timers.ts';
import { anSqsRecord } from '../../../builders/sqs-record.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';

const catalog = () => ({ supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] });
const ADA = new Set(['ada']);
const adas = (messageId: string) => ({ ...aTrack(messageId), userId: 'ada' });

test('events of a suppressed user are counted as suppressed and go nowhere; repeats are repeats before that (E25)', () => {
  const config = aWorkspaceConfig([aTarget('x')]);
  const reading = readIntake(aBatch([adas('a'), aTrack('b'), adas('c'), adas('d'), 7]), config.sources[0]);
  expect(planIntake(reading, new Set(['d']), targetsOf(config, 'src_1', catalog), { suppressed: ADA })).toMatchObject({
    received: 5,
    invalid: { not_an_object: 1 },
    duplicate: 1,
    suppressed: 2,
    blocked: {},
    routed: 1,
    types: { track: 1 },
    routedBitmap: bitmapOf([1]),
    destinations: [
      {
        destinationId: 'dst_x',
        filtered: {},
        queued: 1,
        sends: 1,
        mappings: ['map_x_0'],
        bitmap: bitmapOf([1]),
        cuts: [1],
      },
    ],
    unrouted: { suppressed: bitmapOf([0, 2]), duplicate: bitmapOf([3]), 'invalid.not_an_object': bitmapOf([4]) },
  });
});

test('of a source that was deleted, what is of a suppressed user is counted once', () => {
  const reading = readIntake(aBatch([adas('a'), aTrack('b')]), undefined);
  expect(planIntake(reading, new Set(), [], { suppressed: ADA })).toMatchObject({
    received: 2,
    suppressed: 1,
    blocked: { source_deleted: 1 },
    routed: 0,
  });
});

test('the books of a source add up whoever is suppressed, and nothing of them is planned', () => {
  const user = fc.constantFrom('ada', 'bo', 'cy');
  const event = fc.record({ userId: user, messageId: fc.constantFrom('1', '2', '3', '4', '5') });
  const config = aWorkspaceConfig([aTarget('x', ['type = "track"', 'type = "track"'])]);
  fc.assert(
    fc.property(fc.array(event), fc.subarray(['ada', 'bo', 'cy']), fc.subarray(['1', '2']), (events, users, taken) => {
      const reading = readIntake(aBatch(events.map((each) => ({ ...aTrack(''), ...each }))), config.sources[0]);
      const suppressed = new Set(users);
      const plan = planIntake(reading, new Set(taken), targetsOf(config, 'src_1', catalog), { suppressed });
      expect(plan.received).toBe(
        total(plan.invalid) + plan.duplicate + plan.suppressed + total(plan.blocked) + plan.routed,
      );
      const routed = membersOf(plan.routedBitmap);
      expect(routed.filter((index) => suppressed.has(events[index]?.userId ?? ''))).toEqual([]);
      expect(plan.destinations[0]?.sends).toBe(routed.length * 2);
    }),
  );
});

test('what is suppressed claims its messageId, and gets into no lane and no archive', async () => {
  const config: { now: WorkspaceConfig } = { now: { ...aWorkspaceConfig([aTarget('x')]), suppressed: ADA } };
  const claims = fakeClaimStore();
  const plans = fakePlanStore();
  const lanes = fakeLaneQueue();
  const archive = fakeArchiveQueue();
  const route = routeBatch({
    configs: { workspaceConfig: async () => config.now },
    claims,
    plans,
    touches: fakeTouches().touches,
    lanes,
    archive,
    tries: fakeTryStore(),
    deadLetters: fakeDeadLetterStore().store,
    catalog,
    hookSampler: noHookSampler,
    debugSampler: noDebugSampler,
    holdBack: async () => undefined,
    now: () => new Date('2026-11-24T10:15:01.000Z'),
    timers: quietTimers,
    newWriteId: () => 'w1',
  });
  const { body, ...head } = aBatch([adas('a'), adas('b')]);
  const records = [anSqsRecord({ messageId: 'sqs-1', body: encodeIntake(head, JSON.stringify(body)) })];
  await expect(route(records, { remainingMs: () => 30_000 })).resolves.toEqual([]);
  expect([...plans.plans.values()]).toMatchObject([{ received: 2, suppressed: 2, routed: 0 }]);
  expect([...claims.owners.keys()]).toEqual(['src_1 u ada a', 'src_1 u ada b']);
  expect([lanes.lies, archive.lies]).toEqual([[], []]);
});
