import * as fc from 'fast-check';
import { queuesOfATest, receiveBodies, receiveOne, sendText } from '../../../builders/local-queues.ts';

const { setUp } = queuesOfATest();

describe('sending', () => {
  // AWS, SendMessage: "A message can include only XML, JSON, and unformatted text", by the characters of XML 1.0.
  test.each([
    ['U+0000', '\u0000'],
    ['U+0008', '\b'],
    ['U+FFFE', '\uFFFE'],
    ['U+FFFF', '\uFFFF'],
    ['a lone surrogate', '\uD800'],
  ])('a body with %s is refused, and nothing is queued', async (_name, character) => {
    const { call, queue } = await setUp();
    await expect(call('SendMessage', 'q', { MessageBody: `a${character}b` })).rejects.toMatchObject({
      code: 'InvalidMessageContents',
      status: 400,
    });
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('tab, line ends, the edges of the planes and emoji come out as they went in', async () => {
    const { queue } = await setUp();
    const body = '\t\r\n \uD7FF\uE000\uFFFD\u{10000}\u{10FFFF}👩‍👧';
    await sendText(queue, body);
    await expect(receiveBodies(queue)).resolves.toEqual([body]);
  });

  test('any text without refused characters comes out as it went in', async () => {
    const { queue } = await setUp();
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        await sendText(queue, body);
        const message = await receiveOne(queue);
        expect(message.body).toBe(body);
        await queue.delete(message.receiptHandle);
      }),
      { numRuns: 50 },
    );
  });

  // AWS, "Amazon SQS message quotas": 1 MiB, attributes included.
  test('1 MiB is taken, one byte more is not', async () => {
    const { call } = await setUp();
    const body = 'é'.repeat(524_288);
    await expect(call('SendMessage', 'q', { MessageBody: body })).resolves.toMatchObject({
      MessageId: expect.any(String),
    });
    await expect(call('SendMessage', 'q', { MessageBody: `${body}x` })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
    const attributes = { n: { DataType: 'String', StringValue: 'v' } };
    await expect(call('SendMessage', 'q', { MessageBody: body, MessageAttributes: attributes })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test("a queue's MaximumMessageSize bounds its messages", async () => {
    const { call } = await setUp({ MaximumMessageSize: 1_024 });
    await expect(call('SendMessage', 'q', { MessageBody: 'x'.repeat(1_025) })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    });
  });

  test('a batch answers for each entry: the bad ones fail alone', async () => {
    const { call, queue } = await setUp();
    const output = await call('SendMessageBatch', 'q', {
      Entries: [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'bad', MessageBody: 'a\u0000' },
        { Id: 'late', MessageBody: 'a', DelaySeconds: 901 },
      ],
    });
    expect(output).toEqual({
      Successful: [{ Id: 'good', MessageId: expect.any(String), MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661' }],
      Failed: [
        { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents', Message: expect.any(String) },
        { Id: 'late', SenderFault: true, Code: 'InvalidParameterValue', Message: expect.any(String) },
      ],
    });
    expect(queue.counts().visible).toBe(1);
  });

  // AWS, SendMessageBatch: up to 10 messages, all together up to 1 MiB, ids distinct.
  test.each([
    ['no entries', [], 'EmptyBatchRequest'],
    [
      '11 entries',
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'a' })),
      'TooManyEntriesInBatchRequest',
    ],
    [
      'an id twice',
      [
        { Id: 'a', MessageBody: 'a' },
        { Id: 'a', MessageBody: 'b' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
    ['an id with a space', [{ Id: 'a b', MessageBody: 'a' }], 'InvalidBatchEntryId'],
    [
      'one byte over 1 MiB',
      [
        { Id: 'a', MessageBody: 'x'.repeat(524_288) },
        { Id: 'b', MessageBody: 'x'.repeat(524_289) },
      ],
      'BatchRequestTooLong',
    ],
  ])('a batch with %s is refused whole', async (_case, Entries, code) => {
    const { call, queue } = await setUp();
    await expect(call('SendMessageBatch', 'q', { Entries })).rejects.toMatchObject({ code });
    expect(queue.counts().visible).toBe(0);
  });

  test.each([
    ['DelaySeconds', 901],
    ['DelaySeconds', -1],
    ['DelaySeconds', 1.5],
    ['MessageGroupId', 'with space'],
    ['MessageGroupId', 'x'.repeat(129)],
    ['MessageDeduplicationId', 'a'],
  ])('%s of %s is refused', async (name, value) => {
    const { call } = await setUp();
    await expect(call('SendMessage', 'q', { MessageBody: 'a', [name]: value })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('a queue that is not there, and an operation that is not there, are named', async () => {
    const { call } = await setUp();
    await expect(call('SendMessage', 'other', { MessageBody: 'a' })).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
    });
    await expect(call('AddPermission', 'q')).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: 'The local cloud does not have sqs:AddPermission.',
    });
  });
});
