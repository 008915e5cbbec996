import { IN_FLIGHT_MAX } from '../../../../local/sqs/queue-index.ts';
import { queuesOfATest, receiveBodies, receiveOne, sendText, START_MS } from '../../../builders/local-queues.ts';

const { setUp } = queuesOfATest();

describe('delay and visibility', () => {
  test('a delayed message is received when its delay is over, not before', async () => {
    const { clock, queue } = await setUp();
    await sendText(queue, 'later', { DelaySeconds: 900 });
    clock.advance(899_999);
    await expect(receiveBodies(queue)).resolves.toEqual([]);
    clock.advance(1);
    await expect(receiveBodies(queue)).resolves.toEqual(['later']);
  });

  test("a message without a delay of its own has the queue's", async () => {
    const { clock, queue } = await setUp({ DelaySeconds: 10 });
    await sendText(queue, 'own', { DelaySeconds: 0 });
    await sendText(queue, "the queue's");
    await expect(receiveBodies(queue)).resolves.toEqual(['own']);
    clock.advance(10_000);
    await expect(receiveBodies(queue)).resolves.toEqual(["the queue's"]);
  });

  // AWS, "Visibility timeout": received, not deleted in time, visible again with a receive count that grew.
  test('what is received and not deleted comes again after the visibility timeout, counted', async () => {
    const { clock, queue } = await setUp({ VisibilityTimeout: 30 });
    await sendText(queue, 'a');
    const first = await receiveOne(queue);
    clock.advance(29_999);
    await expect(receiveBodies(queue)).resolves.toEqual([]);
    clock.advance(1);
    const second = await receiveOne(queue);
    expect([first.receiveCount, second.receiveCount]).toEqual([1, 2]);
    expect(second).toMatchObject({
      messageId: first.messageId,
      sentAtMs: START_MS,
      firstReceivedAtMs: START_MS,
    });
  });

  // AWS, DeleteMessage: with an older handle "the request succeeds, but the message will not be deleted".
  test('only the handle of the latest receive deletes', async () => {
    const { call, clock, queue } = await setUp({ VisibilityTimeout: 1 });
    await sendText(queue, 'a');
    const first = await receiveOne(queue);
    clock.advance(1_000);
    const second = await receiveOne(queue);
    await expect(call('DeleteMessage', 'q', { ReceiptHandle: first.receiptHandle })).resolves.toEqual({});
    expect(queue.counts().inFlight).toBe(1);
    await call('DeleteMessage', 'q', { ReceiptHandle: second.receiptHandle });
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await expect(call('DeleteMessage', 'q', { ReceiptHandle: second.receiptHandle })).resolves.toEqual({});
    await expect(call('DeleteMessage', 'q', { ReceiptHandle: 'nonsense' })).rejects.toMatchObject({
      code: 'ReceiptHandleIsInvalid',
    });
  });

  test('a message whose visibility ran out can still be deleted by its latest handle', async () => {
    const { clock, queue } = await setUp({ VisibilityTimeout: 1 });
    await sendText(queue, 'a');
    const { receiptHandle } = await receiveOne(queue);
    clock.advance(5_000);
    await queue.delete(receiptHandle);
    await expect(receiveBodies(queue)).resolves.toEqual([]);
  });

  test('a visibility of 0 gives the message back at once', async () => {
    const { call, queue } = await setUp();
    await sendText(queue, 'a');
    const { receiptHandle } = await receiveOne(queue);
    await call('ChangeMessageVisibility', 'q', { ReceiptHandle: receiptHandle, VisibilityTimeout: 0 });
    await expect(receiveBodies(queue)).resolves.toEqual(['a']);
  });

  // AWS, ChangeMessageVisibility (trap Q7): at most 12 hours from the receive, an error beyond.
  test('visibility ends 12 hours after the receive at the latest', async () => {
    const { call, clock, queue } = await setUp();
    await sendText(queue, 'a');
    const { receiptHandle: ReceiptHandle } = await receiveOne(queue, 43_200);
    clock.advance(3_600_000);
    const change = (VisibilityTimeout: number) =>
      call('ChangeMessageVisibility', 'q', { ReceiptHandle, VisibilityTimeout });
    await expect(change(39_601)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    await expect(change(39_600)).resolves.toEqual({});
    clock.advance(39_599_999);
    expect(queue.counts().inFlight).toBe(1);
    clock.advance(1);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  test.each([43_201, -1])('a visibility of %d seconds is refused', async (VisibilityTimeout) => {
    const { call, queue } = await setUp();
    await sendText(queue, 'a');
    const { receiptHandle: ReceiptHandle } = await receiveOne(queue);
    await expect(call('ChangeMessageVisibility', 'q', { ReceiptHandle, VisibilityTimeout })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('the visibility of a message that is not in flight, or is gone, cannot be changed', async () => {
    const { call, clock, queue } = await setUp({ VisibilityTimeout: 1 });
    await sendText(queue, 'a');
    const { receiptHandle: ReceiptHandle } = await receiveOne(queue);
    clock.advance(1_000);
    const change = () => call('ChangeMessageVisibility', 'q', { ReceiptHandle, VisibilityTimeout: 5 });
    await expect(change()).rejects.toMatchObject({ code: 'MessageNotInflight' });
    await queue.delete(ReceiptHandle);
    await expect(change()).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });
});

describe('receiving', () => {
  test.each([
    ['MaxNumberOfMessages', 0],
    ['MaxNumberOfMessages', 11],
    ['WaitTimeSeconds', 21],
    ['VisibilityTimeout', 43_201],
  ])('%s of %d is refused', async (name, value) => {
    const { call } = await setUp();
    await expect(call('ReceiveMessage', 'q', { [name]: value })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('an empty queue answers without Messages', async () => {
    const { call } = await setUp();
    await expect(call('ReceiveMessage', 'q')).resolves.toEqual({});
  });

  test('a message has the attributes that were asked for, and no others', async () => {
    const { call, queue } = await setUp({ VisibilityTimeout: 0 });
    await sendText(queue, 'a', {
      MessageGroupId: 'g',
      MessageAttributes: {
        'app.kind': { DataType: 'String', StringValue: 'k' },
        other: { DataType: 'Binary', BinaryValue: 'AQI=' },
      },
    });
    const bare = {
      MessageId: expect.any(String),
      ReceiptHandle: expect.any(String),
      Body: 'a',
      MD5OfBody: '0cc175b9c0f1b6a831c399e269772661',
    };
    await expect(call('ReceiveMessage', 'q')).resolves.toEqual({ Messages: [bare] });
    await expect(
      call('ReceiveMessage', 'q', {
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
        MessageAttributeNames: ['app.*'],
      }),
    ).resolves.toEqual({
      Messages: [
        {
          ...bare,
          Attributes: { ApproximateReceiveCount: '2', MessageGroupId: 'g' },
          MessageAttributes: { 'app.kind': { DataType: 'String', StringValue: 'k' } },
          MD5OfMessageAttributes: expect.any(String),
        },
      ],
    });
    await expect(call('ReceiveMessage', 'q', { AttributeNames: ['All'] })).resolves.toEqual({
      Messages: [
        {
          ...bare,
          Attributes: {
            ApproximateReceiveCount: '3',
            ApproximateFirstReceiveTimestamp: String(START_MS),
            SentTimestamp: String(START_MS),
            SenderId: '000000000000',
            MessageGroupId: 'g',
          },
        },
      ],
    });
  });

  // AWS, "Short and long polling": a long poll answers as soon as a message is there, or empty at its end.
  test('a long poll is answered by a message that is sent, becomes due or is given back while it waits', async () => {
    const { clock, queue } = await setUp({ VisibilityTimeout: 5 });
    const sent = queue.receive({ max: 1, waitMs: 20_000 });
    await sendText(queue, 'a');
    const [message] = await sent;
    expect(message?.body).toBe('a');

    const again = queue.receive({ max: 1, waitMs: 20_000 });
    await Promise.resolve();
    clock.advance(5_000);
    expect((await again).map(({ receiveCount }) => receiveCount)).toEqual([2]);

    const given = queue.receive({ max: 1, waitMs: 20_000 });
    const latest = await again;
    queue.changeVisibility(latest[0]?.receiptHandle ?? '', 0);
    expect((await given).map(({ receiveCount }) => receiveCount)).toEqual([3]);
  });

  test('a long poll of an empty queue ends empty after its time, or when it is broken off', async () => {
    const { call, clock, queue } = await setUp({ ReceiveMessageWaitTimeSeconds: 2 });
    const waited = call('ReceiveMessage', 'q');
    clock.advance(2_000);
    await expect(waited).resolves.toEqual({});
    const stop = new AbortController();
    const broken = queue.receive({ max: 1, waitMs: Number.POSITIVE_INFINITY, signal: stop.signal });
    stop.abort();
    await expect(broken).resolves.toEqual([]);
    await sendText(queue, 'a');
    expect(queue.counts().visible).toBe(1);
  });

  test('two that wait get one message each', async () => {
    const { queue } = await setUp();
    const waits = [queue.receive({ max: 1, waitMs: 1_000 }), queue.receive({ max: 1, waitMs: 1_000 })];
    await Promise.all([sendText(queue, 'a'), sendText(queue, 'b')]);
    const bodies = (await Promise.all(waits)).map((messages) => messages.map(({ body }) => body));
    expect(bodies).toEqual([['a'], ['b']]);
  });

  // AWS, "In-flight messages": about 120,000 for a standard queue; OverLimit on a short poll, nothing on a long one (trap Q8).
  test('with 120,000 messages in flight a short poll is refused and a long poll gets nothing', async () => {
    const { call, clock, queue } = await setUp();
    for (let sent = 0; sent <= IN_FLIGHT_MAX; sent += 10_000) {
      await Promise.all(Array.from({ length: 1_000 }, () => queue.send(Array.from({ length: 10 }, () => SMALL))));
    }
    for (let received = 0; received < IN_FLIGHT_MAX; received += 10_000) {
      await Promise.all(Array.from({ length: 1_000 }, () => queue.receive({ max: 10 })));
    }
    expect(queue.counts()).toEqual({ visible: 10_000, inFlight: IN_FLIGHT_MAX, delayed: 0 });
    await expect(call('ReceiveMessage', 'q')).rejects.toMatchObject({ code: 'OverLimit', status: 403 });
    const polled = call('ReceiveMessage', 'q', { WaitTimeSeconds: 1 });
    clock.advance(1_000);
    await expect(polled).resolves.toEqual({});
  });
});

describe('fair queues', () => {
  // AWS, "Amazon SQS fair queues": MessageGroupId on a standard queue; no order within a group is promised, and none is waited for.
  test('one receive of ten takes from each group in turn', async () => {
    const { queue } = await setUp();
    for (let i = 0; i < 50; i++) await sendText(queue, `noisy ${i}`, { MessageGroupId: 'noisy' });
    await sendText(queue, 'quiet 0', { MessageGroupId: 'quiet' });
    await sendText(queue, 'quiet 1', { MessageGroupId: 'quiet' });
    await expect(receiveBodies(queue, 5)).resolves.toEqual(['noisy 0', 'quiet 0', 'noisy 1', 'quiet 1', 'noisy 2']);
  });
});

const SMALL = { body: 'a', bytes: 1, attributes: undefined, group: undefined, delaySeconds: undefined };
