import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { manualClock } from '../../../../local/clock.ts';
import { queuesOfATest, receiveBodies, receiveOne, sendText, START_MS, until } from '../../../builders/local-queues.ts';

const { setUp, startAgain } = queuesOfATest();
const DAY_MS = 86_400_000;

describe('redrive and retention', () => {
  const withDeadLetters = async () => {
    const all = await setUp({ MessageRetentionPeriod: 1_209_600 });
    const source = await all.add('source', {
      VisibilityTimeout: 0,
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: { deadLetterTargetArn: all.queue.arn, maxReceiveCount: 3 },
    });
    return { ...all, source, deadLetters: all.queue };
  };

  // AWS, "Using dead-letter queues": moved when its receive count exceeds maxReceiveCount.
  test('after maxReceiveCount receives the next one finds the message in the dead-letter queue', async () => {
    const { call, source, deadLetters } = await withDeadLetters();
    const [sent] = await sendText(source, 'poison', { MessageGroupId: 'g' });
    for (let receive = 1; receive <= 3; receive++) expect((await receiveOne(source)).receiveCount).toBe(receive);
    await expect(receiveBodies(source)).resolves.toEqual([]);
    expect([source.counts().visible, deadLetters.counts().visible]).toEqual([0, 1]);
    const output = await call('ReceiveMessage', 'q', { MessageSystemAttributeNames: ['All'] });
    expect(output).toMatchObject({
      Messages: [
        {
          MessageId: sent?.messageId,
          Body: 'poison',
          Attributes: { DeadLetterQueueSourceArn: source.arn, MessageGroupId: 'g' },
        },
      ],
    });
  });

  // AWS (trap Q10): for standard queues "the original enqueue timestamp is retained", so a DLQ may drop at once what waited long.
  test('a move keeps the first enqueue time, and retention counts from it', async () => {
    const { clock, source, deadLetters } = await withDeadLetters();
    await sendText(source, 'old');
    for (let receive = 1; receive <= 3; receive++) await receiveOne(source);
    clock.advance(13 * DAY_MS);
    await receiveBodies(source);
    expect(deadLetters.counts().visible).toBe(1);
    clock.advance(DAY_MS);
    await expect(receiveBodies(deadLetters)).resolves.toEqual([]);
    expect(deadLetters.counts().visible).toBe(0);
  });

  test('a waiting receive of the dead-letter queue gets the message as it is moved', async () => {
    const { source, deadLetters } = await withDeadLetters();
    await sendText(source, 'poison');
    for (let receive = 1; receive <= 3; receive++) await receiveOne(source);
    const waiting = deadLetters.receive({ max: 1, waitMs: 20_000 });
    await receiveBodies(source);
    expect((await waiting).map(({ body }) => body)).toEqual(['poison']);
  });

  test('a message past retention is gone, in flight or not, also from disk', async () => {
    const { clock, queue, directory } = await setUp({ MessageRetentionPeriod: 60, VisibilityTimeout: 600 });
    await sendText(queue, 'in flight');
    await receiveOne(queue);
    await sendText(queue, 'visible');
    clock.advance(120_000);
    await until(() => queue.counts().visible + queue.counts().inFlight === 0);
    const db = new DatabaseSync(join(directory, 'queues.sqlite'), { readOnly: true });
    const rows = db.prepare('SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM contents) AS rows').get();
    db.close();
    expect(rows).toEqual({ rows: 0 });
  });

  test('a queue cannot redrive to one that is not there, or does not let it', async () => {
    const { add, queue } = await setUp();
    const redriveTo = (deadLetterTargetArn: string) => ({ RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 3 } });
    await expect(add('b', redriveTo(`${queue.arn}-none`))).rejects.toThrow('which does not exist');
    const closed = await add('closed', { RedriveAllowPolicy: { redrivePermission: 'denyAll' } });
    await expect(add('c', redriveTo(closed.arn))).rejects.toThrow('which does not allow it');
  });

  test('whatever is received and given back, every message ends deleted or in the dead-letter queue after exactly maxReceiveCount receives', async () => {
    const { source, deadLetters } = await withDeadLetters();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 12 }), async (deletedAt) => {
        await Promise.all(deletedAt.map((at, i) => sendText(source, JSON.stringify([i, at]))));
        const receives = new Map<number, number>();
        for (
          let messages = await source.receive({ max: 10 });
          messages.length > 0;
          messages = await source.receive({ max: 10 })
        ) {
          for (const { body, receiveCount, receiptHandle } of messages) {
            const [index, at]: [number, number] = JSON.parse(body);
            receives.set(index, receiveCount);
            if (receiveCount === at) await source.delete(receiptHandle);
          }
        }
        const dead = await deadLetters.receive({ max: 10 });
        dead.push(...(await deadLetters.receive({ max: 10 })));
        const poison = deletedAt.flatMap((at, index) => (at > 3 ? [index] : []));
        expect(dead.map(({ body }) => JSON.parse(body)[0]).toSorted((a, b) => a - b)).toEqual(poison);
        expect(deletedAt.map((_at, index) => receives.get(index))).toEqual(deletedAt.map((at) => Math.min(at, 3)));
        await Promise.all(dead.map(({ receiptHandle }) => deadLetters.delete(receiptHandle)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('starting again', () => {
  test('what was in flight is visible at once with its receives counted, what was delayed still waits', async () => {
    const before = await setUp({ VisibilityTimeout: 600 });
    await sendText(before.queue, 'in flight');
    const first = await receiveOne(before.queue);
    await sendText(before.queue, 'delayed', { DelaySeconds: 60 });
    await sendText(before.queue, 'deleted');
    const { receiptHandle } = await receiveOne(before.queue);
    await before.queue.delete(receiptHandle);
    await before.sqs.close();

    const clock = manualClock(START_MS + 1_000);
    const { queue } = await startAgain(before, { VisibilityTimeout: 600 }, clock);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 1 });
    const second = await receiveOne(queue);
    expect(second).toMatchObject({
      messageId: first.messageId,
      receiveCount: 2,
      sentAtMs: START_MS,
      firstReceivedAtMs: START_MS,
    });
    clock.advance(59_000);
    await expect(receiveBodies(queue)).resolves.toEqual(['delayed']);
  });

  test('making a queue again keeps its messages and takes its new settings', async () => {
    const { add, queue } = await setUp();
    await sendText(queue, 'a');
    await add('q', { VisibilityTimeout: 77 });
    expect(queue.settings().visibilitySeconds).toBe(77);
    await expect(receiveBodies(queue)).resolves.toEqual(['a']);
  });

  test('a queue that is removed takes its messages with it', async () => {
    const before = await setUp();
    await sendText(before.queue, 'a');
    const [provider] = before.sqs.providers;
    await provider?.remove?.({ physicalName: 'q', ref: 'http://127.0.0.1:4566/000000000000/q' });
    await expect(before.call('SendMessage', 'q', { MessageBody: 'a' })).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
    });
    await before.sqs.close();
    const { queue } = await startAgain(before, {});
    expect(queue.counts().visible).toBe(0);
  });
});

describe('a disk that takes nothing', () => {
  test('every call that must be durable fails with a 500 and changes nothing; when the disk is back, all is as before', async () => {
    const { call, queue, directory } = await setUp();
    await sendText(queue, 'kept');
    await sendText(queue, 'held');
    const held = await receiveOne(queue);
    const other = new DatabaseSync(join(directory, 'queues.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    const fault = { code: 'InternalError', status: 500 };
    await expect(call('SendMessage', 'q', { MessageBody: 'b' })).rejects.toMatchObject(fault);
    await expect(call('SendMessageBatch', 'q', { Entries: [{ Id: 'a', MessageBody: 'b' }] })).rejects.toMatchObject(
      fault,
    );
    await expect(call('ReceiveMessage', 'q')).rejects.toMatchObject(fault);
    await expect(call('DeleteMessage', 'q', { ReceiptHandle: held.receiptHandle })).rejects.toMatchObject(fault);
    await expect(call('PurgeQueue', 'q')).rejects.toMatchObject(fault);
    other.exec('ROLLBACK');
    other.close();
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
    expect((await receiveOne(queue)).receiveCount).toBe(1);
    await queue.delete(held.receiptHandle);
    await expect(call('SendMessage', 'q', { MessageBody: 'b' })).resolves.toMatchObject({
      MessageId: expect.any(String),
    });
  });
});
