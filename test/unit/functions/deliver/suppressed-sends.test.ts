import { type DeliverDeps, deliverBatch } from '../../../../functions/deliver/deliver-batch.ts';
import { CLOCK_SKEW_MS } from '../../../../shared/config/limits.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { deliverDeps } from '../../../builders/deliver-deps.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aDestination, aMapping } from '../../../builders/workspace-things.ts';

const hooked = (over: Record<string, unknown> = {}): WorkspaceConfig =>
  aWorkspaceConfig([
    { destination: aDestination({ type: 'webhook', ...over }), mappings: [aMapping({ action: 'send' })] },
  ]);
const withSuppressed = (config: WorkspaceConfig, ...users: string[]) => ({ ...config, suppressed: new Set(users) });

function setUp(config: WorkspaceConfig, over: Partial<DeliverDeps> = {}) {
  const { deps, ...rest } = deliverDeps({ config });
  const run = (...records: ReturnType<typeof aLaneRecord>[]) =>
    deliverBatch({ ...deps, ...over })(records, { remainingMs: () => 30_000 });
  return { run, ...rest };
}

/** Three events, the second of `ada`. */
const aMixedPart = (over: Record<string, unknown> = {}) => {
  const part = aPart({ count: 3, ...over });
  return { ...part, events: part.events.map((event, index) => (index === 1 ? { ...event, userId: 'ada' } : event)) };
};

test('a queued send whose user was suppressed since ends as discarded(suppressed), untried; its payload is kept (T25)', async () => {
  const { run, dones, deadLetters, engine, samples, opened } = setUp(withSuppressed(hooked(), 'ada'));
  await expect(run(aLaneRecord([aMixedPart()]))).resolves.toEqual([]);
  expect(engine.sent).toEqual(['m1-0', 'm1-2']);
  expect(dones.rows).toMatchObject([
    {
      delivered: 2,
      discarded: { suppressed: 1 },
      deadLettered: {},
      retry: 0,
      errors: [{ code: 'suppressed', message: 'The user is suppressed', count: 1 }],
    },
  ]);
  expect([...deadLetters.objects.values()].flat()).toMatchObject([
    { send: 1, outcome: 'discarded', code: 'suppressed', attempts: 0, event: { userId: 'ada', messageId: 'm1-1' } },
  ]);
  expect(samples.kept.map(({ messageId }) => messageId)).not.toContain('m1-1');
  expect(opened).toEqual([]);
});

test('what waits to be tried again, and what a replay sends, is judged by who is suppressed now (T25)', async () => {
  const { run, dones, engine } = setUp(withSuppressed(hooked(), 'u1'));
  const replayed = aPart({ number: 2, replay: `rp_${'a'.repeat(22)}` });
  await run(aLaneRecord([aPart({ hop: 3, sends: [[0, 0, 0, 3]] })]), aLaneRecord([replayed], { messageId: 'sqs-2' }));
  expect(engine.sent).toEqual([]);
  expect(dones.rows).toMatchObject([
    { hop: 3, discarded: { suppressed: 1 }, retry: 0 },
    { replay: replayed.replay, discarded: { suppressed: 1 }, retry: 0 },
  ]);
});

test('the Inbox, too, gets nothing of a suppressed user', async () => {
  const { run, inbox, dones } = setUp(withSuppressed(hooked({ type: 'inbox' }), 'ada'));
  await run(aLaneRecord([aMixedPart()]));
  expect(inbox.batches).toMatchObject([{ events: [{ messageId: 'm1-0' }, { messageId: 'm1-2' }] }]);
  expect(dones.rows).toMatchObject([{ delivered: 2, discarded: { suppressed: 1 } }]);
});

test('of a destination that takes nothing, all ends by that: what is replayed later is judged then', async () => {
  const { run, dones, samples } = setUp(withSuppressed(hooked({ enabled: false }), 'ada'));
  await run(aLaneRecord([aMixedPart()]));
  expect(dones.rows).toMatchObject([{ discarded: {}, deadLettered: { destination_disabled: 3 } }]);
  // Of the suppressed user nothing is shown, whatever it ended by (T25).
  expect(samples.kept.map(({ messageId }) => messageId)).toEqual(['m1-0', 'm1-2']);
});

test('a list that says so is asked for as of the moment when the part was queued: route may know that it is over', async () => {
  const asked: (number | undefined)[] = [];
  const configs: DeliverDeps['configs'] = {
    workspaceConfig: async (_id, asOfMs) => {
      asked.push(asOfMs);
      return asOfMs === undefined ? withSuppressed(hooked(), 'u1') : hooked();
    },
  };
  const { run, engine } = setUp(hooked(), { configs });
  await run(aLaneRecord([aPart()], { sentAtMs: 5_000 }));
  expect(engine.sent).toHaveLength(1);
  expect(asked.slice(-2)).toEqual([undefined, 5_000 + CLOCK_SKEW_MS]);
});

test('a list that nobody can read sends nothing: the message comes again (T26)', async () => {
  let looks = 0;
  const configs: DeliverDeps['configs'] = {
    workspaceConfig: async () => {
      looks += 1;
      if (looks > 1) throw new Error('the suppression list is away');
      return hooked();
    },
  };
  const { run, engine, dones } = setUp(hooked(), { configs });
  await expect(run(aLaneRecord())).resolves.toEqual(['sqs-1']);
  expect([engine.sent, dones.rows]).toEqual([[], []]);
});
