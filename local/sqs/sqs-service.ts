import { join } from 'node:path';
import {
  AwsError,
  type Clock,
  type JsonService,
  LOCAL_ACCOUNT,
  type MetricSink,
  type ResourceProvider,
} from '../types.ts';
import { optionalObject, refuseUnknown, textList } from './known-properties.ts';
import { type LocalQueue, localQueue, queueArn } from './local-queue.ts';
import {
  BATCH_ENTRIES_MAX,
  batchEntries,
  entryBytes,
  invalidParameter,
  MESSAGE_BYTES_MAX,
  missingParameter,
  type Outgoing,
  optionalInteger,
  outgoing,
  VISIBILITY_SECONDS_MAX,
  WAIT_SECONDS_MAX,
} from './message-rules.ts';
import { messageStore } from './message-store.ts';
import { QUEUE_ATTRIBUTES, queueAttributes, receivedOutput, sentOutput } from './sqs-output.ts';
import { QUEUE_HONOURED, QUEUE_IGNORED, type QueueSettings, queueSettings } from './queue-settings.ts';

const MINUTE_MS = 60_000;
/** "You can't purge a queue more than once in 60 seconds" (PurgeQueue). */
const PURGE_EVERY_MS = 60_000;
const LIST_RESULTS_MAX = 1_000;

type Input = Record<string, unknown>;
type Output = Record<string, unknown>;

/** A policy that a template put on a queue, for whoever checks grants. */
export type QueuePolicy = { queueArn: string; document: Record<string, unknown> };

export type SqsService = JsonService & {
  readonly name: 'sqs';
  readonly providers: readonly ResourceProvider[];
  policies(): readonly QueuePolicy[];
  /** By ARN, URL or name. */
  queue(name: string): LocalQueue | undefined;
  queues(): readonly LocalQueue[];
  /** No message is visible, delayed or in flight in any queue but dead-letter queues. */
  isIdle(): boolean;
  /** Ends all waits, commits what is begun and closes the file. */
  close(): Promise<void>;
};

/** SQS for standard queues, in one file `queues.sqlite` of `directory`. `baseUrl` is where its queue URLs point: the SDK takes their host for its endpoint. */
export function sqsService(deps: {
  directory: string;
  clock: Clock;
  metrics: MetricSink;
  baseUrl: () => string;
}): SqsService {
  const { clock, metrics, baseUrl } = deps;
  const store = messageStore(join(deps.directory, 'queues.sqlite'));
  const queues = new Map<string, LocalQueue>();
  const policies = new Map<string, QueuePolicy>();
  const purgedAtMs = new Map<string, number>();

  const byArn = (arn: string) => {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return arn === queueArn(name) ? queues.get(name) : undefined;
  };
  const urlOf = (name: string) => `${baseUrl()}/${LOCAL_ACCOUNT}/${name}`;
  const byUrl = (url: string) => {
    const [account, name] = url.split('/').slice(-2);
    return account === LOCAL_ACCOUNT && name !== undefined ? queues.get(name) : undefined;
  };
  const queueOf = (input: Input): LocalQueue => {
    const url = input['QueueUrl'];
    if (typeof url !== 'string' || url === '') throw missingParameter('QueueUrl');
    const queue = byUrl(url);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  };

  const remove = async (queue: LocalQueue): Promise<void> => {
    await queue.purge();
    store.forget(queue.name);
    queue.close();
    queues.delete(queue.name);
    policies.delete(queue.name);
    purgedAtMs.delete(queue.name);
  };

  let cancelMinute: () => void = () => undefined;
  const scheduleMinute = () => {
    const untilNextMs = MINUTE_MS - (clock.now() % MINUTE_MS);
    cancelMinute = clock.after(untilNextMs, () => {
      scheduleMinute();
      // A disk that takes no deletes is reported to whoever calls next; the metrics of the minute are lost with it.
      for (const queue of queues.values()) queue.closeMinute(metrics, clock.now()).catch(() => undefined);
    });
  };
  scheduleMinute();

  const operations: Record<string, (input: Input) => Output | Promise<Output>> = {
    SendMessage: async (input) => {
      const queue = queueOf(input);
      const [sent] = await queue.send([outgoing(input, queue.settings().messageBytesMax)]);
      return sent === undefined ? {} : sentOutput(sent);
    },
    SendMessageBatch: async (input) => {
      const queue = queueOf(input);
      const entries = batchEntries(input);
      const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
      if (bytes > MESSAGE_BYTES_MAX) {
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MESSAGE_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
        );
      }
      const good: { id: string; message: Outgoing }[] = [];
      const failed: Output[] = [];
      for (const entry of entries) {
        const checked = attempt(() => outgoing(entry, queue.settings().messageBytesMax));
        if (checked.ok) good.push({ id: entry.Id, message: checked.value });
        else failed.push(failedEntry(entry.Id, checked.error));
      }
      const sent = good.length === 0 ? [] : await queue.send(good.map(({ message }) => message));
      return {
        Successful: sent.map((one, position) => ({ Id: good[position]?.id, ...sentOutput(one) })),
        Failed: failed,
      };
    },
    ReceiveMessage: async (input) => {
      const queue = queueOf(input);
      if (input['ReceiveRequestAttemptId'] !== undefined) {
        throw invalidParameter('ReceiveRequestAttemptId is not valid for this queue type.');
      }
      const messages = await queue.receive({
        max: optionalInteger(input, 'MaxNumberOfMessages', 1, BATCH_ENTRIES_MAX) ?? 1,
        waitMs:
          (optionalInteger(input, 'WaitTimeSeconds', 0, WAIT_SECONDS_MAX) ?? queue.settings().waitSeconds) * 1_000,
        visibilitySeconds: optionalInteger(input, 'VisibilityTimeout', 0, VISIBILITY_SECONDS_MAX),
      });
      const system = [...names(input, 'MessageSystemAttributeNames'), ...names(input, 'AttributeNames')];
      const wanted = names(input, 'MessageAttributeNames');
      return messages.length === 0 ? {} : { Messages: messages.map((one) => receivedOutput(one, system, wanted)) };
    },
    DeleteMessage: async (input) => {
      await queueOf(input).delete(handleOf(input));
      return {};
    },
    DeleteMessageBatch: async (input) => {
      const queue = queueOf(input);
      return batchOutput(batchEntries(input), (entry) => queue.delete(handleOf(entry)));
    },
    ChangeMessageVisibility: (input) => {
      queueOf(input).changeVisibility(handleOf(input), visibilityOf(input));
      return {};
    },
    ChangeMessageVisibilityBatch: async (input) => {
      const queue = queueOf(input);
      return batchOutput(batchEntries(input), async (entry) =>
        queue.changeVisibility(handleOf(entry), visibilityOf(entry)),
      );
    },
    GetQueueAttributes: (input) => {
      const queue = queueOf(input);
      const all = queueAttributes(queue, policies.get(queue.name)?.document);
      const wanted = names(input, 'AttributeNames');
      for (const name of wanted) {
        if (name !== 'All' && !QUEUE_ATTRIBUTES.includes(name)) {
          throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
        }
      }
      const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
      return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
    },
    GetQueueUrl: (input) => {
      const name = input['QueueName'];
      if (typeof name !== 'string' || name === '') throw missingParameter('QueueName');
      const owner = input['QueueOwnerAWSAccountId'];
      if (!queues.has(name) || (owner !== undefined && owner !== LOCAL_ACCOUNT)) {
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      }
      return { QueueUrl: urlOf(name) };
    },
    ListQueues: (input) => {
      const prefix = optionalName(input, 'QueueNamePrefix') ?? '';
      const after = optionalName(input, 'NextToken');
      const max = optionalInteger(input, 'MaxResults', 1, LIST_RESULTS_MAX);
      const matching = [...queues.keys()].filter((name) => name.startsWith(prefix)).toSorted();
      const rest = matching.filter((name) => after === undefined || name > after);
      const page = rest.slice(0, max ?? LIST_RESULTS_MAX);
      const next = max !== undefined && rest.length > page.length ? { NextToken: page.at(-1) } : {};
      return { QueueUrls: page.map(urlOf), ...next };
    },
    PurgeQueue: async (input) => {
      const queue = queueOf(input);
      if (clock.now() - (purgedAtMs.get(queue.name) ?? Number.NEGATIVE_INFINITY) < PURGE_EVERY_MS) {
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
          403,
        );
      }
      await queue.purge();
      purgedAtMs.set(queue.name, clock.now());
      return {};
    },
    DeleteQueue: async (input) => {
      await remove(queueOf(input));
      return {};
    },
  };

  const queueProvider: ResourceProvider = {
    type: 'AWS::SQS::Queue',
    honoured: QUEUE_HONOURED,
    ignored: QUEUE_IGNORED,
    create: async (resource) => {
      const { name, settings } = queueSettings(resource);
      checkRedrive(resource.logicalId, name, settings, byArn);
      const queue = queues.get(name);
      if (queue === undefined) queues.set(name, localQueue({ name, settings, store, clock, byArn }));
      else queue.change(settings);
      return { ref: urlOf(name), attributes: { Arn: queueArn(name), QueueName: name, QueueUrl: urlOf(name) } };
    },
    remove: async ({ ref }) => {
      const queue = byUrl(ref);
      if (queue !== undefined) await remove(queue);
    },
  };
  const policyProvider: ResourceProvider = {
    type: 'AWS::SQS::QueuePolicy',
    honoured: ['Queues', 'PolicyDocument'],
    ignored: [],
    create: async ({ logicalId, physicalName, properties }) => {
      refuseUnknown(`AWS::SQS::QueuePolicy ${logicalId}`, properties, ['Queues', 'PolicyDocument']);
      const document = optionalObject('PolicyDocument', properties['PolicyDocument']) ?? {};
      for (const url of textList(`AWS::SQS::QueuePolicy ${logicalId}.Queues`, properties['Queues'])) {
        const queue = byUrl(url);
        if (queue === undefined)
          throw new Error(`AWS::SQS::QueuePolicy ${logicalId} names ${url}, which does not exist.`);
        policies.set(queue.name, { queueArn: queue.arn, document });
      }
      return { ref: physicalName, attributes: { Id: physicalName } };
    },
  };

  return {
    name: 'sqs',
    providers: [queueProvider, policyProvider],
    policies: () => [...policies.values()],
    queue: (name) => byArn(name) ?? byUrl(name) ?? queues.get(name),
    queues: () => [...queues.values()],
    isIdle: () => {
      const deadLetterArns = new Set(
        [...queues.values()].map((queue) => queue.settings().redrive?.deadLetterTargetArn),
      );
      return [...queues.values()].every((queue) => {
        const { visible, inFlight, delayed } = queue.counts();
        return deadLetterArns.has(queue.arn) || visible + inFlight + delayed === 0;
      });
    },
    call: async (operation, input) => {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) {
        throw new AwsError('UnknownOperationException', `The local cloud does not have sqs:${operation}.`);
      }
      return await run(input);
    },
    close: async () => {
      cancelMinute();
      for (const queue of queues.values()) queue.close();
      await store.close();
    },
  };
}

/** A dead-letter queue must exist before its source queue does, and must let it in (RedriveAllowPolicy). */
function checkRedrive(
  logicalId: string,
  name: string,
  settings: QueueSettings,
  byArn: (arn: string) => LocalQueue | undefined,
): void {
  const { redrive } = settings;
  if (redrive === undefined) return;
  const target = byArn(redrive.deadLetterTargetArn);
  const allow = target?.settings().redriveAllow;
  const isRefused =
    allow?.permission === 'denyAll' || (allow?.permission === 'byQueue' && !allow.sourceArns.includes(queueArn(name)));
  if (target === undefined || isRefused) {
    const fault = target === undefined ? 'does not exist' : 'does not allow it';
    throw new Error(`AWS::SQS::Queue ${logicalId} redrives to ${redrive.deadLetterTargetArn}, which ${fault}.`);
  }
}

function handleOf(input: Input): string {
  const handle = input['ReceiptHandle'];
  if (typeof handle !== 'string' || handle === '') throw missingParameter('ReceiptHandle');
  return handle;
}

function visibilityOf(input: Input): number {
  const seconds = optionalInteger(input, 'VisibilityTimeout', 0, VISIBILITY_SECONDS_MAX);
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  return seconds;
}

function optionalName(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw invalidParameter(`${member} must be a text.`);
}

function names(input: Input, member: string): string[] {
  const value = input[member];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw invalidParameter(`${member} must be a list of names.`);
}

type Attempt<T> = { ok: true; value: T } | { ok: false; error: AwsError };

/** An error of the sender becomes the entry's; one of the service becomes the request's. */
function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) return { ok: false, error };
    throw error;
  }
}

const failedEntry = (id: string, error: AwsError): Output => ({
  Id: id,
  SenderFault: true,
  Code: error.code,
  Message: error.message,
});

async function batchOutput<T extends { Id: string }>(
  entries: readonly T[],
  run: (entry: T) => Promise<void>,
): Promise<Output> {
  const results = await Promise.all(
    entries.map(async (entry) => {
      try {
        await run(entry);
        return { id: entry.Id };
      } catch (error) {
        if (error instanceof AwsError && error.status < 500) return { id: entry.Id, error };
        throw error;
      }
    }),
  );
  return {
    Successful: results.flatMap(({ id, error }) => (error === undefined ? [{ Id: id }] : [])),
    Failed: results.flatMap(({ id, error }) => (error === undefined ? [] : [failedEntry(id, error)])),
  };
}
