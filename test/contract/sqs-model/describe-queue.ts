/** A message as either queue hands it out. */
export type Received = {
  body: string;
  receiptHandle: string;
  messageId: string;
  receiveCount: number;
  sentAtMs: number;
};

/** What both queues must do. `dead` is where messages go that were received too often. */
export type QueueUnderTest = {
  send(body: string, delaySeconds?: number): Promise<void>;
  receive(max: number): Promise<Received[]>;
  delete(receiptHandle: string): Promise<void>;
  /** False where the queue refuses. */
  changeVisibility(receiptHandle: string, seconds: number): boolean;
  counts(): { visible: number; inFlight: number; delayed: number };
};
export type QueuesUnderTest = {
  queue: QueueUnderTest;
  dead: QueueUnderTest;
  nowMs(): number;
  advance(byMs: number): void;
};
export type QueueOptions = { visibilitySeconds: number; retentionSeconds: number; maxReceiveCount: number };

const OPTIONS: QueueOptions = { visibilitySeconds: 30, retentionSeconds: 1_209_600, maxReceiveCount: 3 };
const DAY_MS = 86_400_000;

/** The behaviour that the simulator's queue must share with the local cloud's. */
export function describeQueue(name: string, start: (options: QueueOptions) => Promise<QueuesUnderTest>): void {
  describe(`a standard queue: ${name}`, () => {
    const setUp = (over: Partial<QueueOptions> = {}) => start({ ...OPTIONS, ...over });
    const bodies = async (queue: QueueUnderTest, max = 10): Promise<string[]> =>
      (await queue.receive(max)).map(({ body }) => body).toSorted();
    const receiveOne = async (queue: QueueUnderTest): Promise<Received> => {
      const [message] = await queue.receive(1);
      if (message === undefined) throw new Error('The queue was expected to hand out a message');
      return message;
    };

    test('hands out what was sent, each once, at most ten a receive', async () => {
      const { queue } = await setUp();
      const sent = Array.from({ length: 23 }, (_, number) => `m${String(number).padStart(2, '0')}`);
      for (const body of sent) await queue.send(body);
      const received = [...(await bodies(queue)), ...(await bodies(queue)), ...(await bodies(queue))];
      expect(received.toSorted()).toEqual(sent);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 23, delayed: 0 });
      await expect(bodies(queue)).resolves.toEqual([]);
    });

    test('a first receive counts 1 and tells when the message was sent', async () => {
      const { queue, nowMs, advance } = await setUp();
      const sentAtMs = nowMs();
      await queue.send('a');
      advance(1_500);
      expect(await receiveOne(queue)).toMatchObject({ body: 'a', receiveCount: 1, sentAtMs });
    });

    test('keeps a delayed message until its delay is over', async () => {
      const { queue, advance } = await setUp();
      await queue.send('later', 900);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
      advance(899_999);
      await expect(bodies(queue)).resolves.toEqual([]);
      advance(1);
      await expect(bodies(queue)).resolves.toEqual(['later']);
    });

    test('hands out again what was not deleted within the visibility timeout, under its messageId, counted', async () => {
      const { queue, advance } = await setUp();
      await queue.send('a');
      const first = await receiveOne(queue);
      advance(29_999);
      await expect(bodies(queue)).resolves.toEqual([]);
      advance(1);
      const second = await receiveOne(queue);
      expect([first.receiveCount, second.receiveCount]).toEqual([1, 2]);
      expect(second.messageId).toBe(first.messageId);
      expect(second.receiptHandle).not.toBe(first.receiptHandle);
    });

    test('only the latest handle deletes; an older one is no error', async () => {
      const { queue, advance } = await setUp();
      await queue.send('a');
      const first = await receiveOne(queue);
      advance(30_000);
      const second = await receiveOne(queue);
      await queue.delete(first.receiptHandle);
      expect(queue.counts()).toMatchObject({ inFlight: 1 });
      await queue.delete(second.receiptHandle);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
      await queue.delete(second.receiptHandle);
    });

    test('the latest handle deletes although the visibility timeout is over', async () => {
      const { queue, advance } = await setUp();
      await queue.send('a');
      const { receiptHandle } = await receiveOne(queue);
      advance(60_000);
      await queue.delete(receiptHandle);
      await expect(bodies(queue)).resolves.toEqual([]);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    });

    test('a visibility of 0 gives a message back at once, a longer one keeps it away', async () => {
      const { queue, advance } = await setUp();
      await queue.send('a');
      const first = await receiveOne(queue);
      expect(queue.changeVisibility(first.receiptHandle, 0)).toBe(true);
      const second = await receiveOne(queue);
      expect(second.receiveCount).toBe(2);
      expect(queue.changeVisibility(second.receiptHandle, 100)).toBe(true);
      advance(99_999);
      await expect(bodies(queue)).resolves.toEqual([]);
      advance(1);
      await expect(bodies(queue)).resolves.toEqual(['a']);
    });

    test('the visibility of what is not in flight, or gone, is not changed, nor beyond 12 h from the receive (Q7)', async () => {
      const { queue, advance } = await setUp();
      await queue.send('a');
      const { receiptHandle } = await receiveOne(queue);
      advance(10_000);
      expect(queue.changeVisibility(receiptHandle, 43_200)).toBe(false);
      expect(queue.changeVisibility(receiptHandle, 43_190)).toBe(true);
      advance(43_190_000);
      expect(queue.changeVisibility(receiptHandle, 5)).toBe(false);
      await queue.delete(receiptHandle);
      expect(queue.changeVisibility(receiptHandle, 5)).toBe(false);
    });

    test('a message that had its receives goes to the dead-letter queue instead of out once more', async () => {
      const { queue, dead, advance } = await setUp();
      await queue.send('a');
      for (let receive = 1; receive <= 3; receive += 1) {
        expect((await receiveOne(queue)).receiveCount).toBe(receive);
        await expect(bodies(dead)).resolves.toEqual([]);
        advance(30_000);
      }
      await expect(bodies(queue)).resolves.toEqual([]);
      await expect(bodies(dead)).resolves.toEqual(['a']);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    });

    test('retention counts from the first sending, also after the move to the dead-letter queue (Q10)', async () => {
      const { queue, dead, nowMs, advance } = await setUp({ maxReceiveCount: 1 });
      const sentAtMs = nowMs();
      await queue.send('moved');
      await queue.send('left');
      advance(13.9 * DAY_MS);
      await queue.receive(10);
      advance(30_000);
      await expect(bodies(queue)).resolves.toEqual([]);
      const [moved] = await dead.receive(1);
      expect(moved?.sentAtMs).toBe(sentAtMs);
      advance(0.1 * DAY_MS);
      await expect(bodies(dead)).resolves.toEqual([]);
    });

    test('what is older than the retention is gone', async () => {
      const { queue, advance } = await setUp();
      await queue.send('old');
      advance(7 * DAY_MS);
      await queue.send('young');
      advance(7 * DAY_MS);
      await expect(bodies(queue)).resolves.toEqual(['young']);
    });
  });
}
