import { join } from 'node:path';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { aDirectory, balanceOf, isSource, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { type Grant, startWholeCloud, theWholeApp, type WholeCloud, withoutGrant } from '../builders/whole-cloud.ts';

let assembly: string;
let sink: Sink;
let running: WholeCloud | undefined;

beforeAll(async () => {
  [assembly, sink] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
}, 60_000);
afterEach(async () => {
  await running?.cloud.stop();
});
afterAll(async () => {
  await sink?.stop();
}, 30_000);

const send = async ({ endpoints }: WholeCloud, messageId: string): Promise<number> => {
  const body = JSON.stringify({ userId: 'u', event: 'Granted', messageId, writeKey: SINK_WRITE_KEY });
  const answer = await fetch(`${endpoints.trackingUrl}/v1/track`, { method: 'POST', body });
  await answer.arrayBuffer();
  return answer.status;
};

const arrivalsOf = async (messageId: string): Promise<number> => {
  const answer = await fetch(`${sink.url}/events?messageId=${messageId}`);
  return ((await answer.json()) as { events: unknown[] }).events.length;
};

/** The line of the webhook, which alone has something to do with the network. */
const sinkLine = async ({ endpoints, cloud }: WholeCloud) => {
  const lines = await balanceOf(endpoints);
  expect(cloud.denials().filter(({ principal }) => principal.includes('Api'))).toEqual([]);
  return lines.filter((line) => !isSource(line))[1];
};

const GRANTS: [string, Grant & { by: string; status: number; arrives: boolean }][] = [
  [
    'ingest may not send to the intake queue: the event is not accepted',
    {
      part: 'Ingest',
      policy: 'IngestRole',
      action: 'sqs:SendMessage',
      on: 'IntakeQueue',
      by: 'Ingest',
      status: 503,
      arrives: false,
    },
  ],
  [
    'ingest may not read write keys: the event is not accepted',
    {
      part: 'Ingest',
      policy: 'IngestRole',
      action: 'dynamodb:GetItem',
      on: 'Control',
      by: 'Ingest',
      status: 503,
      arrives: false,
    },
  ],
  [
    'route may not send to any lane: the event is not sent',
    {
      part: 'Delivery',
      policy: 'RouteRole',
      action: 'sqs:SendMessage',
      on: 'Lane',
      by: 'Route',
      status: 200,
      arrives: false,
    },
  ],
  [
    'deliver may not write into the ledger: the event is sent, and never counts as delivered',
    {
      part: 'Delivery',
      policy: 'DeliverRole',
      action: 'dynamodb:PutItem',
      on: 'Ledger',
      by: 'Deliver',
      status: 200,
      arrives: true,
    },
  ],
];

test.each(GRANTS)(
  '%s, and with the grant it is',
  async (_case, { by, status, arrives, ...grant }) => {
    const stateDirectory = join(aDirectory(), 'cloud');
    const seedFile = aSinkSeed(aDirectory(), sink.url);
    const [without, withGrant] = [`without-${by}-${grant.on}`, `with-${by}-${grant.on}`];

    running = await startWholeCloud({ assembly: withoutGrant(assembly, grant), stateDirectory, seedFile });
    const { cloud, log } = running;
    expect(await send(running, without)).toBe(status);
    await until(
      () => cloud.denials().length > 0 && /AccessDenied/.test(log()),
      10_000,
      () => `No call was denied: ${JSON.stringify(cloud.denials())}\n${log()}`,
    );
    expect(cloud.denials()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          principal: expect.stringContaining(by),
          action: grant.action,
          resource: expect.stringContaining(grant.on),
          message: expect.stringContaining(`no identity-based policy allows the ${grant.action} action`),
        }),
      ]),
    );
    expect(new Set(cloud.denials().map(({ action }) => action))).toEqual(new Set([grant.action]));
    // The Inbox has a lane of its own and may be denied first, before the webhook has sent.
    if (arrives) {
      await until(
        async () => (await arrivalsOf(without)) > 0,
        10_000,
        () => 'It was not sent',
      );
    }
    expect(await arrivalsOf(without)).toBe(arrives ? 1 : 0);
    const accepted = status === 200 ? 1 : 0;
    expect(await sinkLine(running)).toMatchObject({ accepted, delivered: 0, inFlight: accepted });
    await cloud.stop();

    running = await startWholeCloud({ assembly, stateDirectory, seedFile });
    expect(await send(running, withGrant)).toBe(200);
    await until(
      async () => ((running && (await sinkLine(running)))?.delivered ?? 0) > 0 && (await arrivalsOf(withGrant)) === 1,
      10_000,
      () => running?.log() ?? '',
    );
    expect(running.cloud.denials()).toEqual([]);
  },
  60_000,
);

test('a destination whose lane takes nothing is carried by the shared lane, and loses nothing', async () => {
  const grant = { part: 'Delivery', policy: 'RouteRole', action: 'sqs:SendMessage', on: 'Lane0' };
  running = await startWholeCloud({
    assembly: withoutGrant(assembly, grant),
    stateDirectory: join(aDirectory(), 'cloud'),
    seedFile: aSinkSeed(aDirectory(), sink.url),
  });
  const started = running;
  expect(await send(started, 'by-shared-lane')).toBe(200);
  await until(
    async () => ((await sinkLine(started))?.delivered ?? 0) > 0,
    20_000,
    () => started.log(),
  );
  expect(await arrivalsOf('by-shared-lane')).toBe(1);
  expect(started.cloud.denials()).toEqual([
    expect.objectContaining({ action: 'sqs:SendMessage', resource: expect.stringContaining('Lane0') }),
    expect.objectContaining({ action: 'sqs:SendMessage', resource: expect.stringContaining('Lane0') }),
  ]);
}, 60_000);
