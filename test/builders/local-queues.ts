import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, systemClock } from '../../local/clock.ts';
import type { LocalQueue, ReceivedMessage } from '../../local/sqs/local-queue.ts';
import { outgoing } from '../../local/sqs/message-rules.ts';
import { type SqsService, sqsService } from '../../local/sqs/sqs-service.ts';
import type { CallContext, Clock, Created, MetricDatum, ResourceProvider } from '../../local/types.ts';

export const OPERATOR: CallContext = { principal: { kind: 'operator' }, requestId: 'request-1' };

/** Makes a resource as the provisioner would, with the logical id for its name. */
export async function createResource(
  providers: readonly ResourceProvider[],
  type: string,
  logicalId: string,
  properties: Record<string, unknown> = {},
): Promise<Created> {
  const provider = providers.find((one) => one.type === type);
  if (provider === undefined) throw new Error(`No provider for ${type}.`);
  return await provider.create({ stackName: 'stack', logicalId, physicalName: logicalId, properties });
}

export function emptyDirectory(): { directory: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-local-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export type LocalQueues = {
  sqs: SqsService;
  metrics: MetricDatum[];
  directory: string;
  add: (name: string, properties?: Record<string, unknown>) => Promise<LocalQueue>;
  call: (operation: string, queueName: string, input?: Record<string, unknown>) => Promise<Record<string, unknown>>;
  close: () => Promise<void>;
};

/** SQS in a directory of its own, or in one that another start left. `close` removes only what it made. */
export function someLocalQueues(
  options: { clock?: Clock; directory?: string; baseUrl?: () => string } = {},
): LocalQueues {
  const { clock = systemClock, baseUrl = () => 'http://127.0.0.1:4566' } = options;
  const own = options.directory === undefined ? emptyDirectory() : undefined;
  const directory = own?.directory ?? options.directory ?? '';
  const metrics: MetricDatum[] = [];
  const sqs = sqsService({ directory, clock, metrics: { put: (datum) => metrics.push(datum) }, baseUrl });
  return {
    sqs,
    metrics,
    directory,
    add: async (name, properties) => {
      await createResource(sqs.providers, 'AWS::SQS::Queue', name, properties);
      const queue = sqs.queue(name);
      if (queue === undefined) throw new Error(`The queue ${name} was not made.`);
      return queue;
    },
    call: (operation, queueName, input = {}) =>
      sqs.call(operation, { QueueUrl: `${baseUrl()}/000000000000/${queueName}`, ...input }, OPERATOR),
    close: async () => {
      await sqs.close();
      own?.remove();
    },
  };
}

/** Sends one message in process. */
export const sendText = (queue: LocalQueue, body: string, more: Record<string, unknown> = {}) =>
  queue.send([outgoing({ MessageBody: body, ...more }, queue.settings().messageBytesMax)]);

/** The bodies of what one receive gives. */
export const receiveBodies = async (queue: LocalQueue, max = 10): Promise<string[]> =>
  (await queue.receive({ max })).map(({ body }) => body);

const UNTIL_MS = 5_000;
export const START_MS = Date.UTC(2026, 0, 5, 12, 0, 0);

/** For a test file: gives each test a queue `q` on a clock that stands at START_MS, and closes everything after it. */
export function queuesOfATest() {
  const open: LocalQueues[] = [];
  afterEach(async () => {
    for (const queues of open.splice(0)) await queues.close();
  });
  return {
    setUp: async (properties: Record<string, unknown> = {}) => {
      const clock = manualClock(START_MS);
      const queues = someLocalQueues({ clock });
      open.push(queues);
      return { clock, ...queues, queue: await queues.add('q', properties) };
    },
    /** The next start on the directory of one that was closed. */
    startAgain: async (before: LocalQueues, properties: Record<string, unknown>, clock = manualClock(START_MS)) => {
      const queues = someLocalQueues({ clock, directory: before.directory });
      open.unshift(queues);
      return { ...queues, queue: await queues.add('q', properties) };
    },
  };
}

/** Receives exactly one message. */
export async function receiveOne(queue: LocalQueue, visibilitySeconds?: number): Promise<ReceivedMessage> {
  const [message] = await queue.receive({ max: 1, visibilitySeconds });
  if (message === undefined) throw new Error('The queue was expected to hand out a message.');
  return message;
}

/** Waits for work that goes on by itself (a commit, a function's run), not for time. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + UNTIL_MS;
  while (!isSo() && performance.now() < endMs) await new Promise((resolve) => setImmediate(resolve));
  expect(isSo()).toBe(true);
}
