import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { type LocalQueues, someLocalQueues } from '../../builders/local-queues.ts';

/** The unmodified SDK client, which checks digests and takes its endpoint's host from the queue URL, against the local SQS over HTTP. */
let queues: LocalQueues;
let endpoint: Awaited<ReturnType<typeof awsEndpoint>>;
let client: SQSClient;
let made = 0;

beforeAll(async () => {
  queues = someLocalQueues({ baseUrl: () => endpoint.clientConfig.endpoint });
  endpoint = await awsEndpoint(queues.sqs);
  const { region, credentials } = endpoint.clientConfig;
  client = new SQSClient({ region, credentials, endpoint: endpoint.clientConfig.endpoint, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await queues.close();
});

const newQueue = async (properties: Record<string, unknown> = {}): Promise<string> => {
  made += 1;
  const { name } = await queues.add(`queue-${made}`, properties);
  const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl;
};
const receive = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
  return Messages;
};
const send = (QueueUrl: string, MessageBody: string, MessageGroupId?: string) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }));

test('a message goes through with its attributes, and the digests are those that the SDK computes', async () => {
  const QueueUrl = await newQueue();
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'größer 👩‍👧' },
    number: { DataType: 'Number', StringValue: '-1.5' },
    bytes: { DataType: 'Binary.gzip', BinaryValue: new Uint8Array([0, 255, 1]) },
  };
  const sent = await client.send(
    new SendMessageCommand({ QueueUrl, MessageBody: 'größer 👩‍👧\n', MessageAttributes, MessageGroupId: 'source-1' }),
  );
  const messages = await receive(QueueUrl, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
  expect(messages).toEqual([
    {
      MessageId: sent.MessageId,
      ReceiptHandle: expect.any(String),
      Body: 'größer 👩‍👧\n',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes,
      Attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
        MessageGroupId: 'source-1',
      },
    },
  ]);
});

// Computed by hand from AWS's "Calculating the MD5 message digest for message attributes".
test('the digest of attributes is the documented one', async () => {
  const QueueUrl = await newQueue();
  const { MD5OfMessageAttributes } = await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'a',
      MessageAttributes: {
        b: { DataType: 'String', StringValue: 'c' },
        a: { DataType: 'Binary', BinaryValue: Buffer.from('d') },
      },
    }),
  );
  const part = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const bytes = [
    part('a'),
    part('Binary'),
    Buffer.from([2]),
    part('d'),
    part('b'),
    part('String'),
    Buffer.from([1]),
    part('c'),
  ];
  expect(MD5OfMessageAttributes).toBe(createHash('md5').update(Buffer.concat(bytes)).digest('hex'));
});

test('a message of 1 MiB goes through the wire', async () => {
  const QueueUrl = await newQueue();
  const body = `${'"é\n'.repeat(262_143)}1234`;
  await send(QueueUrl, body);
  const [message] = await receive(QueueUrl);
  expect(Buffer.byteLength(body)).toBe(1_048_576);
  expect(message?.Body).toBe(body);
});

// AWS (trap Q20): SendMessageBatch answers 200 with Failed entries.
test('a batch reports each entry; what failed is not in the queue', async () => {
  const QueueUrl = await newQueue();
  const { Successful, Failed } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'fine', MessageGroupId: 'g' },
        { Id: 'b', MessageBody: 'not \u0001 fine' },
      ],
    }),
  );
  expect(Successful?.map(({ Id }) => Id)).toEqual(['a']);
  expect(Failed).toEqual([{ Id: 'b', SenderFault: true, Code: 'InvalidMessageContents', Message: expect.any(String) }]);
  expect((await receive(QueueUrl, { MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(['fine']);
});

test('messages are deleted one by one and by the batch', async () => {
  const QueueUrl = await newQueue({ VisibilityTimeout: 1 });
  for (const body of ['a', 'b', 'c']) await send(QueueUrl, body);
  const [first, ...rest] = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  const { Successful, Failed } = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        ...rest.map(({ ReceiptHandle }, index) => ({ Id: `m${index}`, ReceiptHandle })),
        { Id: 'bad', ReceiptHandle: 'nonsense' },
      ],
    }),
  );
  expect(Successful?.map(({ Id }) => Id)).toEqual(['m0', 'm1']);
  expect(Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([['bad', 'ReceiptHandleIsInvalid']]);
  expect(await receive(QueueUrl, { WaitTimeSeconds: 2 })).toEqual([]);
});

test('visibility is changed one by one and by the batch', async () => {
  const QueueUrl = await newQueue();
  await send(QueueUrl, 'a');
  await send(QueueUrl, 'b');
  const [a, b] = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 }),
  );
  expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['a']);
  const { Successful, Failed } = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', ReceiptHandle: b?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'stale', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
      ],
    }),
  );
  expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id }) => Id)]).toEqual([['good'], ['stale']]);
  expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['b']);
});

test('a long poll is answered by a message that comes while it waits', async () => {
  const QueueUrl = await newQueue();
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
  await send(QueueUrl, 'a');
  expect((await waiting).map(({ Body }) => Body)).toEqual(['a']);
});

test('a quiet group is received before the backlog of a noisy one', async () => {
  const QueueUrl = await newQueue();
  for (let batch = 0; batch < 5; batch++) {
    const Entries = Array.from({ length: 10 }, (_, i) => ({
      Id: `${i}`,
      MessageBody: 'noisy',
      MessageGroupId: 'noisy',
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  await send(QueueUrl, 'quiet', 'quiet');
  const bodies = [...(await receive(QueueUrl)), ...(await receive(QueueUrl))].map(({ Body }) => Body);
  expect(bodies).toEqual(['noisy', 'quiet']);
});

test('a poison message ends in the dead-letter queue with its first enqueue time', async () => {
  const deadLetterUrl = await newQueue();
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${deadLetterUrl.split('/').at(-1)}`;
  const QueueUrl = await newQueue({ VisibilityTimeout: 0, RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 2 } });
  await send(QueueUrl, 'poison');
  const [first] = await receive(QueueUrl, { MessageSystemAttributeNames: ['SentTimestamp'] });
  await receive(QueueUrl);
  expect(await receive(QueueUrl)).toEqual([]);
  const [dead] = await receive(deadLetterUrl, { MessageSystemAttributeNames: ['All'] });
  expect(dead).toMatchObject({
    MessageId: first?.MessageId,
    Attributes: { SentTimestamp: first?.Attributes?.SentTimestamp },
  });
});

test('queues are found, listed, measured and emptied', async () => {
  const QueueUrl = await newQueue({ VisibilityTimeout: 77 });
  await send(QueueUrl, 'a');
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '1', VisibilityTimeout: '77' });
  const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'queue-' }));
  expect(QueueUrls).toContain(QueueUrl);
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await receive(QueueUrl)).toEqual([]);
});

test('errors come out as the classes of the SDK', async () => {
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toBeInstanceOf(QueueDoesNotExist);
  const QueueUrl = await newQueue();
  await expect(send(QueueUrl, '\uFFFE')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
});
