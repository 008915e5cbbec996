import { join } from 'node:path';
import {
  queuesOfATest,
  createResource,
  emptyDirectory,
  receiveOne,
  sendText,
  someLocalQueues,
  START_MS,
  until,
} from '../../../builders/local-queues.ts';

const { setUp } = queuesOfATest();

describe('attributes, lists and metrics', () => {
  test('a queue tells its numbers and settings', async () => {
    const { call, queue, sqs } = await setUp({ VisibilityTimeout: 60, MaximumMessageSize: 2_048 });
    const document = { Statement: [{ Effect: 'Deny' }] };
    const policy = { Queues: ['http://127.0.0.1:4566/000000000000/q'], PolicyDocument: document };
    await createResource(sqs.providers, 'AWS::SQS::QueuePolicy', 'policy', policy);
    await sendText(queue, 'a');
    await sendText(queue, 'b', { DelaySeconds: 5 });
    await sendText(queue, 'c');
    await receiveOne(queue);
    await expect(call('GetQueueAttributes', 'q', { AttributeNames: ['All'] })).resolves.toEqual({
      Attributes: {
        QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q',
        ApproximateNumberOfMessages: '1',
        ApproximateNumberOfMessagesNotVisible: '1',
        ApproximateNumberOfMessagesDelayed: '1',
        CreatedTimestamp: String(START_MS / 1_000),
        LastModifiedTimestamp: String(START_MS / 1_000),
        VisibilityTimeout: '60',
        MaximumMessageSize: '2048',
        MessageRetentionPeriod: '345600',
        DelaySeconds: '0',
        ReceiveMessageWaitTimeSeconds: '0',
        SqsManagedSseEnabled: 'true',
        Policy: JSON.stringify(document),
      },
    });
    await expect(call('GetQueueAttributes', 'q', { AttributeNames: ['Nonsense'] })).rejects.toMatchObject({
      code: 'InvalidAttributeName',
    });
    expect(sqs.policies()).toEqual([{ queueArn: queue.arn, document }]);
  });

  test('queues are listed by prefix and page, and found by name', async () => {
    const { add, call } = await setUp();
    for (const name of ['lane-2', 'lane-1', 'lane-3']) await add(name);
    const url = (name: string) => `http://127.0.0.1:4566/000000000000/${name}`;
    const first = await call('ListQueues', 'q', { QueueNamePrefix: 'lane', MaxResults: 2 });
    expect(first).toEqual({ QueueUrls: [url('lane-1'), url('lane-2')], NextToken: 'lane-2' });
    await expect(
      call('ListQueues', 'q', { QueueNamePrefix: 'lane', MaxResults: 2, NextToken: 'lane-2' }),
    ).resolves.toEqual({ QueueUrls: [url('lane-3')] });
    await expect(call('GetQueueUrl', 'q', { QueueName: 'lane-1' })).resolves.toEqual({ QueueUrl: url('lane-1') });
    await expect(call('GetQueueUrl', 'q', { QueueName: 'none' })).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
  });

  // AWS, PurgeQueue: once in 60 seconds.
  test('a purge empties the queue, and a second within a minute is refused', async () => {
    const { call, clock, queue } = await setUp();
    await sendText(queue, 'a');
    await sendText(queue, 'b');
    await receiveOne(queue);
    await call('PurgeQueue', 'q');
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await expect(call('PurgeQueue', 'q')).rejects.toMatchObject({ code: 'PurgeQueueInProgress' });
    clock.advance(60_000);
    await expect(call('PurgeQueue', 'q')).resolves.toEqual({});
  });

  // AWS, "Available CloudWatch metrics for Amazon SQS": one-minute intervals, dimension QueueName.
  test('each minute a queue sends what SQS sends, and counts begin anew', async () => {
    const { clock, metrics, queue } = await setUp();
    for (const body of ['a', 'b', 'c']) await sendText(queue, body);
    await queue.delete((await receiveOne(queue)).receiptHandle);
    await receiveOne(queue);
    await sendText(queue, 'd', { DelaySeconds: 600 });
    const minute = async () => {
      metrics.length = 0;
      clock.advance(60_000);
      await until(() => metrics.length === 7);
      const fixed = { namespace: 'AWS/SQS', dimensions: { QueueName: 'q' }, atMs: clock.now() };
      for (const datum of metrics) expect(datum).toMatchObject(fixed);
      return Object.fromEntries(metrics.map(({ name, value, unit }) => [name, `${value} ${unit}`]));
    };
    expect(await minute()).toEqual({
      ApproximateNumberOfMessagesVisible: '2 Count',
      ApproximateNumberOfMessagesNotVisible: '0 Count',
      ApproximateNumberOfMessagesDelayed: '1 Count',
      ApproximateAgeOfOldestMessage: '60 Seconds',
      NumberOfMessagesSent: '4 Count',
      NumberOfMessagesReceived: '2 Count',
      NumberOfMessagesDeleted: '1 Count',
    });
    expect(await minute()).toMatchObject({
      ApproximateAgeOfOldestMessage: '120 Seconds',
      NumberOfMessagesSent: '0 Count',
      NumberOfMessagesReceived: '0 Count',
      NumberOfMessagesDeleted: '0 Count',
    });
  });
});

describe('the template', () => {
  test.each([
    ['a FIFO queue', { FifoQueue: true }, 'no FIFO queues'],
    ['a FIFO name', { QueueName: 'a.fifo' }, 'no FIFO queues'],
    ['a property nobody knows', { Colour: 'red' }, 'AWS::SQS::Queue bad.Colour'],
    ['a visibility beyond 12 hours', { VisibilityTimeout: 43_201 }, 'bad.VisibilityTimeout'],
    ['a retention beyond 14 days', { MessageRetentionPeriod: 1_209_601 }, 'bad.MessageRetentionPeriod'],
    [
      'an unknown redrive setting',
      { RedrivePolicy: { deadLetterTargetArn: 'a', maxReceiveCount: 1, colour: 1 } },
      'RedrivePolicy.colour',
    ],
  ])('%s is refused by name', async (_case, properties, message) => {
    const { add } = await setUp();
    await expect(add('bad', properties)).rejects.toThrow(message);
  });

  test('Ref is the URL, and the attributes are those of CloudFormation', async () => {
    const { sqs } = await setUp();
    await expect(
      createResource(sqs.providers, 'AWS::SQS::Queue', 'named', { QueueName: 'own', VisibilityTimeout: '45' }),
    ).resolves.toEqual({
      ref: 'http://127.0.0.1:4566/000000000000/own',
      attributes: {
        Arn: 'arn:aws:sqs:us-east-1:000000000000:own',
        QueueName: 'own',
        QueueUrl: 'http://127.0.0.1:4566/000000000000/own',
      },
    });
    expect(sqs.queue('own')?.settings().visibilitySeconds).toBe(45);
  });

  test('a deleted queue is gone with its messages, and one made again under its name is empty', async () => {
    const { call, add, queue, sqs } = await setUp();
    await sendText(queue, 'lost');
    await expect(call('DeleteQueue', queue.name)).resolves.toEqual({});
    expect(sqs.queues()).toEqual([]);
    await expect(call('DeleteQueue', queue.name)).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    expect((await add(queue.name)).counts()).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('idle means that nothing waits anywhere but in dead-letter queues', async () => {
    const { add, queue, sqs } = await setUp();
    const source = await add('source', { RedrivePolicy: { deadLetterTargetArn: queue.arn, maxReceiveCount: 1 } });
    await sendText(queue, 'dead');
    expect(sqs.isIdle()).toBe(true);
    await sendText(source, 'a', { DelaySeconds: 1 });
    expect(sqs.isIdle()).toBe(false);
  });
});

test('a directory of its own is made for the file', () => {
  const { directory, remove } = emptyDirectory();
  const queues = someLocalQueues({ directory: join(directory, 'deep', 'er') });
  expect(queues.sqs.queues()).toEqual([]);
  return queues.close().then(remove);
});
