import { manualClock } from '../../../local/clock.ts';
import type { LocalQueue } from '../../../local/sqs/local-queue.ts';
import { type LocalQueues, sendText, someLocalQueues, START_MS } from '../../builders/local-queues.ts';
import { randomFrom } from '../../sim/random.ts';
import { SqsModel } from '../../sim/sqs-model.ts';
import { describeQueue, type QueueUnderTest } from './describe-queue.ts';

// The simulator's queue is only worth what it shares with the real one: both go through one description.

const opened: LocalQueues[] = [];
afterEach(async () => {
  for (const queues of opened.splice(0)) await queues.close();
});

const local = (queue: LocalQueue): QueueUnderTest => ({
  send: async (body, delaySeconds) => {
    await sendText(queue, body, delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds });
  },
  receive: (max) => queue.receive({ max }),
  delete: (receiptHandle) => queue.delete(receiptHandle),
  changeVisibility: (receiptHandle, seconds) => {
    try {
      queue.changeVisibility(receiptHandle, seconds);
      return true;
    } catch {
      return false;
    }
  },
  counts: () => queue.counts(),
});

describeQueue('the local cloud', async ({ visibilitySeconds, retentionSeconds, maxReceiveCount }) => {
  const clock = manualClock(START_MS);
  const queues = someLocalQueues({ clock });
  opened.push(queues);
  const common = { VisibilityTimeout: visibilitySeconds, MessageRetentionPeriod: retentionSeconds };
  const dead = await queues.add('dead', common);
  const redrive = { deadLetterTargetArn: dead.arn, maxReceiveCount };
  const queue = await queues.add('q', { ...common, RedrivePolicy: redrive });
  return { queue: local(queue), dead: local(dead), nowMs: clock.now, advance: clock.advance };
});

const model = (queue: SqsModel): QueueUnderTest => ({
  send: async (body, delaySeconds) => void queue.send(body, { delaySeconds }),
  receive: async (max) => queue.receive(max).map((message) => ({ ...message, body: String(message.body) })),
  delete: async (receiptHandle) => void queue.delete(receiptHandle),
  changeVisibility: (receiptHandle, seconds) => queue.changeVisibility(receiptHandle, seconds) === 'changed',
  counts: () => queue.counts(),
});

describeQueue('the model of the simulator', async ({ maxReceiveCount, ...common }) => {
  const clock = manualClock(START_MS);
  const chance = { random: randomFrom(1), duplicates: () => 'no' as const };
  const dead = new SqsModel({ name: 'dead', ...common }, clock.now, chance);
  const queue = new SqsModel({ name: 'q', ...common, redrive: { to: dead, maxReceiveCount } }, clock.now, chance);
  return { queue: model(queue), dead: model(dead), nowMs: clock.now, advance: clock.advance };
});
