import { randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { decodeIntake } from '../../../shared/aws/intake-codec.ts';
import { lightClient } from '../../../shared/aws/light-client.ts';
import { lightIntakeQueue } from '../../../shared/aws/light-intake-queue.ts';
import { sqsArchiveQueue } from '../../../shared/aws/sqs-archive-queue.ts';
import { sqsClient } from '../../../shared/aws/sqs-client.ts';
import { sqsHoldBack } from '../../../shared/aws/sqs-hold-back.ts';
import { sqsLaneQueues } from '../../../shared/aws/sqs-lane-queues.ts';
import { sendBatches } from '../../../shared/aws/sqs-send-batches.ts';
import { ArchiveMessage, LaneMessage } from '../../../shared/domain/lane-message.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { committedThenLost, faultyService } from '../../builders/faulty-service.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';
import { aPart } from '../../builders/lane-parts.ts';
import { intakeIdOf } from '../../builders/ledger-rows.ts';
import { receiveBodies, someLocalQueues } from '../../builders/local-queues.ts';

const EVENTS_MAX = 1_048_576;
let cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanUp.toReversed()) await close();
  cleanUp = [];
});

type Fault = Parameters<typeof faultyService>[2];

/** A queue of the local cloud behind HTTP, as the SDK and our light client reach it. */
async function setUp(operation = 'none', fault: Fault = (input, call) => call(input)) {
  const queues = someLocalQueues();
  const queue = await queues.add('q', { MaximumMessageSize: EVENTS_MAX });
  const endpoint = await awsEndpoint(faultyService(queues.sqs, operation, fault));
  const client = new SQSClient({ ...endpoint.clientConfig, maxAttempts: 1 });
  cleanUp.push(
    () => queues.close(),
    () => endpoint.close(),
    () => client.destroy(),
  );
  const url = `${endpoint.clientConfig.endpoint}/000000000000/q`;
  const light = lightClient('sqs', endpoint.clientConfig.endpoint, {
    ...endpoint.clientConfig,
    endpointUrl: undefined,
  });
  return { queue, client, url, light };
}

const aLaneMessage = (destinationId: string, text: string): LaneMessage =>
  LaneMessage.parse({ v: 1, destinationId, parts: [aPart({ events: [{ text }] })] });

test('an accepted request lies on the queue whole, in the group of its source', async () => {
  const { light, url, queue } = await setUp();
  const { body: _body, ...head } = anIntakeMessage();
  await lightIntakeQueue(light, url).send(head, '{"event":"\uFFFF😀"}');
  const [received] = await queue.receive({ max: 1 });
  expect(decodeIntake(received?.body ?? '')).toEqual({
    entry: 'request',
    message: { ...head, body: { event: '\uFFFF😀' } },
  });
  expect(received?.group).toBe(head.sourceId);
});

test('an intake queue that does not take a message says so', async () => {
  const { light, url } = await setUp('SendMessage', () => Promise.reject(committedThenLost()));
  const { body: _body, ...head } = anIntakeMessage();
  await expect(lightIntakeQueue(light, url).send(head, '{}')).rejects.toMatchObject({ code: 'upstream-unavailable' });
});

/** Text that no gzip makes shorter. */
const noise = (bytes: number): string => randomBytes(bytes).toString('base64');

test('lane messages go ten a call and at most 1 MiB a call, whatever their characters', async () => {
  const calls: number[] = [];
  const { client, url, queue } = await setUp('SendMessageBatch', (input, call) => {
    calls.push((input['Entries'] as unknown[]).length);
    return call(input);
  });
  const lane = sqsLaneQueues(client, { shared: url, own: [] });
  const small = Array.from({ length: 23 }, (_, number) => aLaneMessage(`dst_${number}`, '\uFFFE'));
  await expect(lane.send(small.map((message) => ({ message })))).resolves.toEqual(small.map(() => 'taken'));
  const large = Array.from({ length: 3 }, (_, number) => aLaneMessage(`dst_${number}`, `é${noise(640_000)}`));
  await expect(lane.send(large.map((message) => ({ message })))).resolves.toEqual(large.map(() => 'taken'));
  expect(calls.toSorted((a, b) => a - b)).toEqual([1, 1, 1, 3, 10, 10]);
  const bodies = (await Promise.all([1, 2, 3].map(() => receiveBodies(queue)))).flat();
  expect(bodies.map((body) => LaneMessage.parse(JSON.parse(body)).destinationId).toSorted()).toEqual(
    [...small, ...large].map(({ destinationId }) => destinationId).toSorted(),
  );
});

test('of many large messages only those of the calls under way are in memory as text', async () => {
  let answered = 0;
  const { client, url } = await setUp('SendMessageBatch', async (input, call) => {
    const answer = await call(input);
    answered += 1;
    return answer;
  });
  let made = 0;
  let ahead = 0;
  const items = Array.from({ length: 24 }, (_, number) => number);
  const results = await sendBatches(client, url, items, (number) => {
    made += 1;
    ahead = Math.max(ahead, made - answered);
    return { body: `${number}${'x'.repeat(900_000)}`, group: 'g' };
  });
  expect(results).toEqual(items.map(() => 'taken'));
  // Five calls under way, each of one message, and the message that did not fit into the last.
  expect(ahead).toBeLessThanOrEqual(7);
});

test('what SQS does not take is not repeated behind our back: a lane’s second copy must say that it is one', async () => {
  await expect(sqsClient({ attemptsMax: 1 }).config.maxAttempts()).resolves.toBe(1);
  await expect(sqsClient().config.maxAttempts()).resolves.toBeGreaterThan(1);
});

test('each entry’s result is its own (Q20)', async () => {
  const { client, url } = await setUp('SendMessageBatch', async (input, call) => {
    const entries = input['Entries'] as { Id: string }[];
    const answer = await call({ ...input, Entries: entries.slice(0, 1) });
    const failed = (Id: string, SenderFault: boolean) => ({ Id, SenderFault, Code: 'X', Message: 'x' });
    return { ...answer, Failed: [failed('1', true), failed('2', false)] };
  });
  const messages = [0, 1, 2, 3].map((number) => aLaneMessage(`dst_${number}`, 'x'));
  await expect(
    sqsLaneQueues(client, { shared: url, own: [] }).send(messages.map((message) => ({ message }))),
  ).resolves.toEqual(['taken', 'refused', 'doubtful', 'doubtful']);
});

test('a call whose answer was lost leaves doubt, one that was refused does not', async () => {
  const lost = await setUp('SendMessageBatch', async (input, call) => {
    await call(input);
    throw committedThenLost();
  });
  await expect(
    sqsLaneQueues(lost.client, { shared: lost.url, own: [] }).send([{ message: aLaneMessage('dst_1', 'x') }]),
  ).resolves.toEqual(['doubtful']);
  const { client, url } = await setUp();
  await expect(
    sqsLaneQueues(client, { shared: `${url}-gone`, own: [] }).send([{ message: aLaneMessage('dst_1', 'x') }]),
  ).resolves.toEqual(['refused']);
});

test('nobody at the other end is a doubt', async () => {
  const nowhere = new SQSClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  await expect(
    sqsLaneQueues(nowhere, { shared: 'http://127.0.0.1:1/000000000000/q', own: [] }).send([
      { message: aLaneMessage('dst_1', 'x') },
    ]),
  ).resolves.toEqual(['doubtful']);
});

const anArchiveMessage = ArchiveMessage.parse({
  v: 1,
  intakeId: intakeIdOf(1),
  workspaceId: 'ws_1',
  sourceId: 'src_1',
  receivedAt: '2026-11-24T10:15:00.000Z',
  events: [{ messageId: 'm1' }],
});

test.each([
  ['once is sent again', 1, 'resolves'],
  ['twice is told', 2, 'rejects'],
])('an archive message that fails %s', async (_case, failures, outcome) => {
  let left = failures;
  const { client, url, queue } = await setUp('SendMessageBatch', async (input, call) => {
    if (left === 0) return await call(input);
    left -= 1;
    throw committedThenLost();
  });
  const [sent] = await Promise.allSettled([sqsArchiveQueue(client, url).send([anArchiveMessage])]);
  expect(sent?.status).toBe(outcome === 'resolves' ? 'fulfilled' : 'rejected');
  const bodies = await receiveBodies(queue);
  expect(bodies.map((body) => JSON.parse(body))).toEqual(outcome === 'resolves' ? [anArchiveMessage] : []);
});

test('a message that is held back comes when it is told to', async () => {
  const { client, url, queue } = await setUp();
  await sqsArchiveQueue(client, url).send([anArchiveMessage]);
  const [received] = await queue.receive({ max: 1 });
  if (received === undefined) throw new Error('one message');
  await sqsHoldBack(client, url)(received.receiptHandle, 0);
  await expect(receiveBodies(queue)).resolves.toHaveLength(1);
});
