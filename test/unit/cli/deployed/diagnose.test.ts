import { diagnose, diagnosisLines, type DiagnoseDeps } from '../../../../cli/deployed/diagnose.ts';
import type { FiringAlarm } from '../../../../cli/deployed/firing-alarms.ts';
import { messagesIn, type QueueCounts, queuesOf } from '../../../../cli/deployed/queues.ts';
import { DestinationId, WorkspaceId } from '../../../../shared/domain/ids.ts';
import type { OpenBreaker } from '../../../../shared/ports/breaker-store.ts';
import type { HeldLane } from '../../../../shared/ports/control-store.ts';
import { aDestination, aWorkspace } from '../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const EMPTY: QueueCounts = { waiting: 0, inFlight: 0, delayed: 0 };
const OUTPUTS: Record<string, string> = {
  IntakeQueueUrl: 'https://sqs/1/intake',
  SharedLaneQueueUrl: 'https://sqs/1/shared',
  ArchiveQueueUrl: 'https://sqs/1/archive',
  LaneQueueNames: 'lane00,lane01,lane02,lane03',
  DeadLetterQueueUrls: 'https://sqs/1/dead-intake,https://sqs/1/dead-lanes,https://sqs/1/dead-archive',
};
const queues = queuesOf({ output: (name) => OUTPUTS[name] ?? '', findOutput: (name) => OUTPUTS[name] });

const holds = (lane: number, id: string): HeldLane => ({
  lane,
  workspaceId: WS,
  destinationId: DestinationId.parse(id),
});
const aBreaker = (id: string): OpenBreaker => ({
  destinationId: DestinationId.parse(id),
  openedAt: '2026-11-26T10:00:00.000Z',
  cause: 'unauthorised',
  code: '401',
  message: 'wrong key',
  probeAt: '2026-11-26T10:05:00.000Z',
  probes: 2,
  destinationVersion: 1,
  writeId: 'w1',
});

function setUp(
  given: {
    held?: HeldLane[];
    counts?: Record<string, Partial<QueueCounts>>;
    destinations?: [string, boolean][];
    broken?: string[];
    firing?: FiringAlarm[];
  } = {},
): DiagnoseDeps {
  const destinations = (given.destinations ?? [['dst_a', true]]).map(([id, enabled]) => ({
    destination: aDestination({ id, name: `Tool ${id}`, enabled }),
    mappings: [],
  }));
  return {
    control: {
      listWorkspaces: async () => [aWorkspace()],
      readConfig: async () => ({ workspaceId: WS, configVersion: 1, sources: [], destinations }),
      listHeldLanes: async () => given.held ?? [],
    },
    breakers: { get: async (id) => (given.broken?.includes(id) ? aBreaker(id) : undefined) },
    firing: async () => given.firing ?? [],
    countsOf: async (url) => ({ ...EMPTY, ...given.counts?.[url.split('/').at(-1) ?? ''] }),
  };
}

test('queues are found by the outputs; without lanes there is just the shared one', () => {
  expect(queues).toEqual({
    intake: 'https://sqs/1/intake',
    sharedLane: 'https://sqs/1/shared',
    lanes: ['https://sqs/1/lane00', 'https://sqs/1/lane01', 'https://sqs/1/lane02', 'https://sqs/1/lane03'],
    archive: 'https://sqs/1/archive',
    deadLetters: {
      intake: 'https://sqs/1/dead-intake',
      lanes: 'https://sqs/1/dead-lanes',
      archive: 'https://sqs/1/dead-archive',
    },
  });
  expect(queuesOf({ output: (name) => OUTPUTS[name] ?? '', findOutput: () => undefined }).lanes).toEqual([]);
});

test.each([
  ['nobody holds a lane and all are empty', {}, 0],
  ['the first is held', { held: [holds(0, 'dst_a')] }, 1],
  ['a later one is held, with free ones before it', { held: [holds(2, 'dst_a')] }, 3],
  ['one has messages and no holder', { counts: { lane01: { waiting: 1 } } }, 2],
  ['one has messages that wait for their next try', { counts: { lane03: { delayed: 1 } } }, 4],
  ['one has messages at work', { held: [holds(0, 'dst_a')], counts: { lane02: { inFlight: 1 } } }, 3],
])('%s: the pool may shrink to what is needed', async (_case, given, lanesMin) => {
  expect((await diagnose(setUp(given), queues)).lanesMin).toBe(lanesMin);
});

test('what a person reads says who holds what, what waits where, and what is broken', async () => {
  const deps = setUp({
    held: [holds(0, 'dst_a'), holds(2, 'dst_gone'), holds(7, 'dst_c')],
    counts: {
      intake: { waiting: 12 },
      lane00: { waiting: 3, inFlight: 20, delayed: 100 },
      'dead-archive': { waiting: 2 },
    },
    destinations: [
      ['dst_a', true],
      ['dst_b', true],
      ['dst_c', true],
      ['dst_off', false],
    ],
    broken: ['dst_b'],
  });
  expect(diagnosisLines(await diagnose(deps, queues))).toEqual([
    'Alarms that are on: none',
    '',
    'queue        waiting  in flight  delayed',
    'intake            12          0        0',
    'shared lane        0          0        0',
    'archive            0          0        0',
    '',
    'Lanes: 4, 2 held. The pool may shrink to 3 (docs/deploy.md, "Fewer lanes").',
    'lane  waiting  in flight  delayed  holder',
    '00          3         20      100  Tool dst_a (dst_a)',
    '02          0          0        0  dst_gone, which is not there',
    'On the shared lane, because no lane was free when they were last saved, or theirs is gone:',
    '  Tool dst_b (dst_b)',
    '  Tool dst_c (dst_c)',
    '',
    'Open breakers:',
    '  Tool dst_b (dst_b): unauthorised since 2026-11-26T10:00:00.000Z, 401 wrong key; next probe 2026-11-26T10:05:00.000Z, 2 failed so far',
    'Concurrency: compare "accountConcurrency" of your settings with "Concurrent executions" of Lambda in Service Quotas.',
    'Dead-letter queues: intake 0, lanes 0, archive 2',
  ]);
});

test('messages are counted delayed and in flight, too', () => {
  expect(messagesIn({ waiting: 1, inFlight: 2, delayed: 4 })).toBe(7);
});

test('alarms that are on come first, with what is lost and where the runbook goes on', async () => {
  const firing = {
    name: 'Tributary-prod-Delivery-RouteErrors',
    since: '2026-11-26T10:00:00.000Z',
    description: 'Accepted events are routed late. Runbook: docs/runbook.md#route-errors',
    reason: '1 of 1 data points breach the threshold 1.',
  };
  const [title, first] = diagnosisLines(await diagnose(setUp({ firing: [firing] }), queues));
  expect([title, first]).toEqual([
    'Alarms that are on:',
    '  Tributary-prod-Delivery-RouteErrors since 2026-11-26T10:00:00.000Z: Accepted events are routed late. Runbook: docs/runbook.md#route-errors (1 of 1 data points breach the threshold 1.)',
  ]);
  expect(diagnosisLines(await diagnose(setUp(), queues))[0]).toBe('Alarms that are on: none');
});
