import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsHoldBackByArn } from '../../../shared/aws/sqs-hold-back.ts';
import { laneUrls, sqsLaneQueues } from '../../../shared/aws/sqs-lane-queues.ts';
import { manualClock } from '../../../local/clock.ts';
import { LaneMessage } from '../../../shared/domain/lane-message.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { faultyService } from '../../builders/faulty-service.ts';
import { aPart } from '../../builders/lane-parts.ts';
import { receiveOne, someLocalQueues, START_MS } from '../../builders/local-queues.ts';

let cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanUp.toReversed()) await close();
  cleanUp = [];
});

const NAMES = ['lane00', 'lane01', 'lane02'];

/** The shared lane and three that destinations hold; calls to `broken` fail. */
async function setUp(broken?: string) {
  const clock = manualClock(START_MS);
  const queues = someLocalQueues({ clock });
  for (const name of ['shared', ...NAMES]) await queues.add(name);
  const service = faultyService(queues.sqs, 'SendMessageBatch', async (input, call) => {
    if (broken !== undefined && String(input['QueueUrl']).endsWith(`/${broken}`)) throw new Error('nobody answers');
    return await call(input);
  });
  const endpoint = await awsEndpoint(service);
  const client = new SQSClient({ ...endpoint.clientConfig, maxAttempts: 1 });
  cleanUp.push(
    () => queues.close(),
    () => endpoint.close(),
    () => client.destroy(),
  );
  const sharedUrl = `${endpoint.clientConfig.endpoint}/000000000000/shared`;
  const queue = (name: string) => {
    const found = queues.sqs.queue(name);
    if (found === undefined) throw new Error(`no queue ${name}`);
    return found;
  };
  const destinationsIn = async (name: string): Promise<string[]> => {
    const received = await queue(name).receive({ max: 10 });
    return received.map(({ body }) => LaneMessage.parse(JSON.parse(body)).destinationId).toSorted();
  };
  return { clock, client, sharedUrl, queue, destinationsIn, lanes: sqsLaneQueues(client, laneUrls(sharedUrl, NAMES)) };
}

const messageFor = (destinationId: string): LaneMessage =>
  LaneMessage.parse({ v: 1, destinationId, parts: [aPart({ events: [{ event: 'Bought' }] })] });

test('the URLs of lanes are their names behind the prefix of the shared one', () => {
  expect(laneUrls('https://sqs.eu-west-1.amazonaws.com/111122223333/App-SharedLane-X', ['App-Lane00-Y'])).toEqual({
    shared: 'https://sqs.eu-west-1.amazonaws.com/111122223333/App-SharedLane-X',
    own: ['https://sqs.eu-west-1.amazonaws.com/111122223333/App-Lane00-Y'],
  });
});

test('each message goes to the lane it names; without one, or with one that is not deployed, to the shared lane', async () => {
  const { lanes, destinationsIn } = await setUp();
  const sent = await lanes.send([
    { message: messageFor('dst_a'), lane: 0 },
    { message: messageFor('dst_b') },
    { message: messageFor('dst_c'), lane: 2 },
    { message: messageFor('dst_d'), lane: 3 },
    { message: messageFor('dst_e'), lane: 0 },
  ]);
  expect(sent).toEqual(['taken', 'taken', 'taken', 'taken', 'taken']);
  expect(await destinationsIn('lane00')).toEqual(['dst_a', 'dst_e']);
  expect(await destinationsIn('lane01')).toEqual([]);
  expect(await destinationsIn('lane02')).toEqual(['dst_c']);
  expect(await destinationsIn('shared')).toEqual(['dst_b', 'dst_d']);
});

test('answers are in the order of the messages, and a lane that fails leaves the others theirs', async () => {
  const { lanes, destinationsIn } = await setUp('lane01');
  const sent = await lanes.send([
    { message: messageFor('dst_a'), lane: 1 },
    { message: messageFor('dst_b'), lane: 0 },
    { message: messageFor('dst_c'), lane: 1 },
    { message: messageFor('dst_d') },
  ]);
  expect(sent).toEqual(['doubtful', 'taken', 'doubtful', 'taken']);
  expect(await destinationsIn('lane00')).toEqual(['dst_b']);
  expect(await destinationsIn('shared')).toEqual(['dst_d']);
});

test('a message waits for as long as it says, and carries the group of its destination', async () => {
  const { lanes, queue, clock } = await setUp();
  await lanes.send([{ message: messageFor('dst_a'), lane: 0, delaySeconds: 900 }]);
  clock.advance(899_000);
  expect(await queue('lane00').receive({ max: 1 })).toEqual([]);
  clock.advance(1_000);
  expect((await receiveOne(queue('lane00'))).group).toBe('dst_a');
});

test.each([...NAMES, 'shared'])('a record of %s is held back in the queue that its ARN names', async (name) => {
  const { lanes, queue, client, sharedUrl, clock } = await setUp();
  await lanes.send([{ message: messageFor('dst_a'), lane: NAMES.indexOf(name) }]);
  const { receiptHandle } = await receiveOne(queue(name), 30);
  const holdBack = sqsHoldBackByArn(client, sharedUrl);
  await holdBack({ eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${name}`, receiptHandle }, 120);
  clock.advance(119_000);
  expect(await queue(name).receive({ max: 1 })).toEqual([]);
  clock.advance(1_000);
  expect(await queue(name).receive({ max: 1 })).toHaveLength(1);
});
