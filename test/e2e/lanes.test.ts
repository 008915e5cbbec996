import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { queueCounts, queuesOf } from '../../cli/deployed/queues.ts';
import { readDeployment } from '../../cli/deployed/stacks.ts';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoControlStore } from '../../shared/aws/dynamo-control-store.ts';
import { DestinationId, MappingId } from '../../shared/domain/ids.ts';
import type { Destination } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import { operatorOf } from '../builders/operator-of.ts';
import { aDirectory, type Running, runTributary, settledBalance, until } from '../builders/running-tributary.ts';
import { aSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/** Long enough to change hands in, on a machine that has other work. */
const WAIT_SECONDS = 20;
const EVENTS = 3;
const WAITS = `/waits/first/1/429/retry-after/${WAIT_SECONDS}`;

let sink: Sink;
let running: Running;
let control: ControlStore;
let laneCounts: () => Promise<{ waiting: number; inFlight: number; delayed: number }[]>;

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSeed(aDirectory(), [aWebhook('Waits', `${sink.url}${WAITS}`)]);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--lanes', '2', '--seed', seed] });
  const { client } = await operatorOf(running);
  const deployment = await readDeployment(new CloudFormationClient(client), 'Tributary-local');
  control = dynamoControlStore(documentClient(new DynamoDBClient(client)), deployment.output('ControlTableName'), {
    lanes: Number(deployment.output('LaneCount')),
  });
  const { lanes } = queuesOf(deployment);
  const sqs = new SQSClient(client);
  laneCounts = () => Promise.all(lanes.map((queueUrl) => queueCounts(sqs, queueUrl)));
}, 90_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

async function send(prefix: string): Promise<void> {
  for (let number = 0; number < EVENTS; number += 1) {
    const body = JSON.stringify({
      userId: 'u',
      event: 'Bought',
      messageId: `${prefix}-${number}`,
      writeKey: SINK_WRITE_KEY,
    });
    const answer = await fetch(`${running.endpoints.trackingUrl}/v1/track`, { method: 'POST', body });
    expect(answer.status).toBe(200);
  }
}

const saved = async (destination: Destination, writeId: string): Promise<Destination> => {
  const result = await control.saveDestination(destination, writeId);
  if (result.outcome !== 'saved') throw new Error(`${destination.name} was changed by somebody else`);
  return result.value;
};

const heldLanes = async () => (await control.listHeldLanes()).map(({ lane, destinationId }) => [lane, destinationId]);

/** What the sink saw, by path. */
const sinkPaths = async (): Promise<Record<string, unknown>> => {
  const answer = await fetch(`${sink.url}/ledger`);
  return ((await answer.json()) as { paths: Record<string, unknown> }).paths;
};

test('a lane changes hands with messages inside: they reach whom they name, by its settings of now, and its new holder is served, too', async () => {
  const [workspace] = await control.listWorkspaces();
  const [first] = (await control.readConfig(workspace?.id ?? ('' as never)))?.destinations ?? [];
  if (workspace === undefined || first === undefined) throw new Error('The seed made no destination');
  const { destination: waits, mappings } = first;
  const [mapping] = mappings;
  if (mapping === undefined) throw new Error('The seed made no mapping');
  expect(await heldLanes()).toEqual([[0, waits.id]]);

  await send('before');
  // What is refused in one invocation may wait in one message: as many as there are, once all were tried and nothing of them is under way.
  let lying = 0;
  await until(
    async () => {
      const [lane] = await laneCounts();
      const tried = (await sinkPaths())[WAITS] as { requests: number } | undefined;
      lying = lane?.delayed ?? 0;
      return tried?.requests === EVENTS && lying > 0 && lane?.waiting === 0 && lane.inFlight === 0;
    },
    15_000,
    () => `The messages do not wait in their lane: ${running.output()}`,
  );

  const off = await saved({ ...waits, enabled: false }, 'off');
  const takes = { ...waits, id: DestinationId.parse('dst_takes'), name: 'Takes over', version: 0 };
  await saved(takes, 'takes');
  await control.saveMapping(
    {
      ...mapping,
      id: MappingId.parse('map_takes'),
      destinationId: takes.id,
      version: 0,
      fields: { ...mapping.fields, url: `${sink.url}/takes` },
    },
    'mapping',
  );
  await saved({ ...off, enabled: true }, 'on');
  expect(await heldLanes()).toEqual([
    [0, 'dst_takes'],
    [1, waits.id],
  ]);
  // They are still in the lane that is another's now.
  expect((await laneCounts())[0]?.delayed).toBe(lying);

  // route and deliver look for changes every five seconds.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  await send('after');
  const lines = await settledBalance(running.endpoints, 2 * EVENTS, 90_000);
  const of = (id: string) => lines.find(({ destination }) => destination === id);
  expect(of(waits.id)).toMatchObject({ delivered: 2 * EVENTS, discarded: 0, dlq: 0, inFlight: 0 });
  expect(of('dst_takes')).toMatchObject({ delivered: EVENTS, discarded: 0, dlq: 0, inFlight: 0 });

  const both = 2 * EVENTS;
  expect(await sinkPaths()).toEqual({
    // Each event once refused and once taken, never before the time that it was asked to wait for.
    [WAITS]: {
      requests: 2 * both,
      events: 2 * both,
      taken: both,
      messageIds: both,
      takenMessageIds: both,
      asked: both,
      early: 0,
    },
    '/takes': {
      requests: EVENTS,
      events: EVENTS,
      taken: EVENTS,
      messageIds: EVENTS,
      takenMessageIds: EVENTS,
      asked: 0,
      early: 0,
    },
  });
}, 150_000);
