import { frontDoor } from '../../../../local/front-door/front-door.ts';
import { noFaults } from '../../../../local/front-door/faults.ts';
import { memoryMeter } from '../../../../local/front-door/meter.ts';
import { lambdaService } from '../../../../local/lambda/lambda-service.ts';
import { systemClock } from '../../../../local/clock.ts';
import { AwsError, type InvokeResult } from '../../../../local/types.ts';
import { lightAlertSender } from '../../../../shared/aws/light-alert-sender.ts';
import { lightDeliverAsks } from '../../../../shared/aws/light-deliver-asks.ts';
import { lightReplayRunner } from '../../../../shared/aws/light-replay-runner.ts';
import { DestinationId, ReplayId, WorkspaceId } from '../../../../shared/domain/ids.ts';

const WS = WorkspaceId.parse('ws_1');
const DST = DestinationId.parse('dst_1');
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The API's light client, through the front door, to a function that answers as told. */
async function setUp(run: (event: unknown) => InvokeResult, mayInvoke = true) {
  const events: unknown[] = [];
  const authorized: string[] = [];
  const door = await frontDoor({
    host: '127.0.0.1',
    port: 0,
    services: [
      lambdaService({
        invoke: async (name, event) => {
          events.push({ name, event });
          return run(event);
        },
        invokeLater: (name, event) => {
          events.push({ name, event, later: true });
        },
      }),
    ],
    principalOf: () => ({ kind: 'operator' }),
    authorize: ({ service, operation, resource }) => {
      authorized.push(`${service}:${operation} ${resource}`);
      if (!mayInvoke) throw new AwsError('AccessDeniedException', 'is not authorized', 403);
    },
    meter: memoryMeter(),
    faults: noFaults,
    clock: systemClock,
    onUnexpected: () => undefined,
  });
  closing.push(() => door.close());
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const setting = { region: 'us-east-1', credentials, endpointUrl: door.url };
  return {
    asks: lightDeliverAsks('https://lambda.test', setting, 'Deliver-1'),
    runner: lightReplayRunner('https://lambda.test', setting, 'Replay-1'),
    setting,
    events,
    authorized,
  };
}

test('the API asks deliver by Invoke, allowed for that function alone', async () => {
  const { asks, events, authorized } = await setUp(() => ({ ok: true, payload: { outcome: 'accepted', requests: 2 } }));
  await expect(asks.check(WS, DST)).resolves.toEqual({ outcome: 'accepted', requests: 2 });
  expect(events).toEqual([{ name: 'Deliver-1', event: { ask: 'check', workspaceId: 'ws_1', destinationId: 'dst_1' } }]);
  expect(authorized).toEqual([expect.stringMatching(/^lambda:InvokeFunction arn:aws:lambda:.+:function:Deliver-1$/)]);
});

test('who sends alerts is woken without waiting for it', async () => {
  const { setting, events } = await setUp(() => ({ ok: true, payload: null }));
  await lightAlertSender('https://lambda.test', setting, 'SendAlerts-1').wake();
  expect(events).toEqual([{ name: 'SendAlerts-1', event: { ask: 'wake' }, later: true }]);
});

test('the runner of replays is told, and not waited for', async () => {
  const { runner, events } = await setUp(() => ({ ok: false, errorType: 'Error', errorMessage: 'boom' }));
  const order = { workspaceId: WS, id: ReplayId.parse(`rp_${'a'.repeat(22)}`) };
  await runner.tell(order);
  expect(events).toEqual([{ name: 'Replay-1', event: order, later: true }]);
});

test('sealed copies come back by field', async () => {
  const { asks } = await setUp(() => ({ ok: true, payload: { secrets: { apiKey: { sealed: 'v1.a.b' } } } }));
  await expect(asks.reseal(WS, DST, DestinationId.parse('dst_2'))).resolves.toEqual({ apiKey: { sealed: 'v1.a.b' } });
});

test.each<[string, InvokeResult, boolean, string]>([
  ['that fails', { ok: false, errorType: 'Error', errorMessage: 'boom' }, true, 'upstream-unavailable'],
  ['that may not be invoked', { ok: true, payload: {} }, false, 'upstream-unavailable'],
  ['that knows no such destination', { ok: true, payload: { outcome: 'not-found' } }, true, 'not-found'],
])('a function %s is an error that says so', async (_case, result, mayInvoke, code) => {
  const { asks } = await setUp(() => result, mayInvoke);
  await expect(asks.check(WS, DST)).rejects.toMatchObject({ code });
});
