import { setTimeout as waitMs } from 'node:timers/promises';
import { type Faults, noFaults } from '../front-door/faults.ts';
import {
  booleanProperty,
  integerProperty,
  optionalObject,
  refuseUnknown,
  requiredText,
} from '../sqs/known-properties.ts';
import { type LocalQueue, RECEIVE_MAX, type ReceivedMessage } from '../sqs/local-queue.ts';
import { systemAttributes } from '../sqs/sqs-output.ts';
import type { SqsService } from '../sqs/sqs-service.ts';
import {
  type Clock,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  type LogSink,
  type Meter,
  type ResourceProvider,
  type ResourceToCreate,
} from '../types.ts';
import { succeededOf } from './batch-outcome.ts';
import { type FunctionSettings, functionNameOf, textOrList } from './function-settings.ts';
import type { LocalLambda } from './lambda-host.ts';

/** Lambda quota: what one invocation may carry. */
const BATCH_BYTES_MAX = 6_291_556;
/** What the event is beside its records: `{"Records":[]}`. */
const ENVELOPE_BYTES = 14;
/** "Lambda reads up to five batches at first" when no MaximumConcurrency is set. */
const CONCURRENCY_DEFAULT = 5;
/** SQS bills each 64 KB of a call. */
const BILLED_CHUNK_BYTES = 65_536;
/** After a receive that failed (the disk is full), and after a throttled invocation. */
const FAILED_WAIT_MS = 1_000;
const DRAIN_MS = 10_000;
/** Once all pollers of a mapping have been in an invocation for so long, one more takes what waits; looked at as often. */
const STUCK_MS = 200;
/** Pollers of a mapping beyond the environments that are made at once. */
const SPARE_POLLERS_MAX = 40;
/** What the poller does with its queue in the name of the function's role. */
const POLLER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const HONOURED = [
  'EventSourceArn',
  'FunctionName',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'ScalingConfig',
  'Enabled',
] as const;

type Mapping = {
  id: string;
  queueArn: string;
  functionName: string;
  batchSize: number;
  windowMs: number;
  reportsFailures: boolean;
  concurrency: number;
  isEnabled: boolean;
};

export type EventSourceMappings = {
  readonly providers: readonly ResourceProvider[];
  /** Begins to poll for each enabled mapping. Throws AccessDenied, naming role, action and queue, before anything is polled. */
  start(): void;
  /** Takes no further message, and gives the batches that run 10 s. What they had not finished is visible again at the next start. */
  close(): Promise<void>;
};

export type EventSourceMappingDeps = {
  clock: Clock;
  sqs: Pick<SqsService, 'queue'>;
  lambda: Pick<LocalLambda, 'invoke' | 'functions' | 'maxEnvironments' | 'waiting'>;
  logs: LogSink;
  /** Counts the poller's calls, which AWS bills like anyone's; its empty long polls are not made here and not counted. */
  meter: Pick<Meter, 'count'>;
  /** Messages that are handed out twice. */
  faults?: Pick<Faults, 'isDuplicated'>;
  /** Throws AwsError when the role may not. */
  authorize: (roleArn: string, action: string, resource: string) => void;
};

/** Polls queues and calls functions with what they hold, as Lambda's event source mappings for SQS do. */
export function eventSourceMappings(deps: EventSourceMappingDeps): EventSourceMappings {
  const { clock, sqs, lambda, logs, meter, authorize, faults = noFaults } = deps;
  const mappings = new Map<string, Mapping>();
  const running = new Map<string, Promise<void>[]>();
  const stops = new Map<string, AbortController>();
  let isStarted = false;
  let copies = 0;

  const requireFunction = (name: string): FunctionSettings => {
    const found = lambda.functions().find((one) => one.name === name);
    if (found === undefined)
      throw new Error(`An event source mapping names the function ${name}, which does not exist.`);
    return found;
  };
  const requireQueue = (arn: string): LocalQueue => {
    const queue = sqs.queue(arn);
    if (queue === undefined) throw new Error(`An event source mapping names ${arn}, which is no queue here.`);
    return queue;
  };

  const authorizePoller = (mapping: Mapping) => {
    const { roleArn } = requireFunction(mapping.functionName);
    for (const action of POLLER_ACTIONS) authorize(roleArn, action, mapping.queueArn);
  };
  const begin = (mapping: Mapping) => {
    if (!mapping.isEnabled || stops.has(mapping.id)) return;
    const stop = new AbortController();
    stops.set(mapping.id, stop);
    const slots = Math.min(mapping.concurrency, lambda.maxEnvironments);
    const busySince = new Map<number, number>();
    const pollers = Array.from({ length: slots }, (_, slot) => poll(mapping, stop.signal, slot, busySince));
    running.set(mapping.id, [...pollers, pollWhenStuck(mapping, stop.signal, slots, busySince)]);
  };
  const halt = async (id: string) => {
    stops.get(id)?.abort();
    stops.delete(id);
    const slots = running.get(id) ?? [];
    running.delete(id);
    await Promise.race([Promise.all(slots), waitMs(DRAIN_MS, undefined, { ref: false })]);
  };

  const poll = async (
    mapping: Mapping,
    signal: AbortSignal,
    slot: number,
    busySince: Map<number, number>,
  ): Promise<void> => {
    const queue = requireQueue(mapping.queueArn);
    while (!signal.aborted) {
      try {
        const messages = await gather(queue, mapping, signal);
        busySince.set(slot, clock.now());
        for (const batch of cutToPayload(messages, mapping.queueArn)) await workWithCopies(queue, mapping, batch);
      } catch (error) {
        report(mapping, error);
        await pause(signal);
      } finally {
        busySince.delete(slot);
      }
    }
  };
  /**
   * Two pollers a mapping fill batches well. Where a tool hangs they are not enough, as Lambda's would be: then others take what waits, one
   * after another, up to the mapping's concurrency. Whether there is an environment for them is the function's affair.
   */
  const pollWhenStuck = async (
    mapping: Mapping,
    signal: AbortSignal,
    slots: number,
    busySince: ReadonlyMap<number, number>,
  ): Promise<void> => {
    const queue = requireQueue(mapping.queueArn);
    const spares = new Set<Promise<void>>();
    const sparesMax = Math.min(mapping.concurrency - slots, SPARE_POLLERS_MAX);
    const isStuck = (since: number): boolean => clock.now() - since >= STUCK_MS;
    if (sparesMax <= 0) return;
    while (!signal.aborted) {
      await pause(signal, STUCK_MS);
      if (signal.aborted || spares.size >= sparesMax || queue.counts().visible === 0) continue;
      if (busySince.size < slots || ![...busySince.values()].every(isStuck)) continue;
      // Where others wait for an environment, one more call of a lane that hangs would only stand in their way.
      if (lambda.waiting(mapping.functionName) > 0) continue;
      const spare = (async () => {
        const messages = await queue.receive({ max: Math.min(RECEIVE_MAX, mapping.batchSize), signal });
        count(mapping, 'sqs:ReceiveMessage', messages);
        for (const batch of cutToPayload(messages, mapping.queueArn)) await workWithCopies(queue, mapping, batch);
      })()
        .catch((error: unknown) => report(mapping, error))
        .finally(() => spares.delete(spare));
      spares.add(spare);
    }
    await Promise.all(spares);
  };
  const pause = (signal: AbortSignal, ms = FAILED_WAIT_MS): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  const report = (mapping: Mapping, error: unknown) => {
    const message = `Event source mapping of ${mapping.queueArn}: ${error instanceof Error ? error.message : String(error)}`;
    const line = JSON.stringify({ timestamp: new Date(clock.now()).toISOString(), level: 'ERROR', message });
    logs.write({ functionName: mapping.functionName, requestId: '', atMs: clock.now(), line });
  };

  /** Waits for a first message; then, with a batching window, for a full batch, the end of the window or 6 MB. */
  const gather = async (queue: LocalQueue, mapping: Mapping, signal: AbortSignal): Promise<ReceivedMessage[]> => {
    const max = (have: number) => Math.min(RECEIVE_MAX, mapping.batchSize - have);
    const gathered = await queue.receive({ max: max(0), waitMs: Number.POSITIVE_INFINITY, signal });
    count(mapping, 'sqs:ReceiveMessage', gathered);
    const endMs = clock.now() + mapping.windowMs;
    let bytes = bytesOf(gathered);
    while (
      !signal.aborted &&
      gathered.length > 0 &&
      gathered.length < mapping.batchSize &&
      bytes < BATCH_BYTES_MAX &&
      clock.now() < endMs
    ) {
      const more = await queue.receive({ max: max(gathered.length), waitMs: endMs - clock.now(), signal });
      if (more.length === 0) break;
      count(mapping, 'sqs:ReceiveMessage', more);
      gathered.push(...more);
      bytes += bytesOf(more);
    }
    return gathered;
  };

  /**
   * SQS delivers at least once: by the faults file some messages go to a second consumer, too, every other one at the same time, the rest
   * when the first one has ended, by which time most are deleted. A copy looks like the first delivery: its receive is not counted.
   */
  const workWithCopies = async (queue: LocalQueue, mapping: Mapping, batch: ReceivedMessage[]): Promise<void> => {
    const { functionName: principal, queueArn } = mapping;
    const later: ReceivedMessage[] = [];
    const now: ReceivedMessage[] = [];
    for (const message of batch) {
      if (!faults.isDuplicated({ principal, queueArn })) continue;
      copies += 1;
      (copies % 2 === 1 ? now : later).push(message);
    }
    await Promise.all([work(queue, mapping, batch), workCopies(queue, mapping, now)]);
    await workCopies(queue, mapping, later);
  };
  const workCopies = async (queue: LocalQueue, mapping: Mapping, batch: ReceivedMessage[]): Promise<void> => {
    // A copy that is not worked on is one fault less.
    if (batch.length > 0) await work(queue, mapping, batch).catch((error: unknown) => report(mapping, error));
  };

  const work = async (queue: LocalQueue, mapping: Mapping, batch: ReceivedMessage[]) => {
    const records = batch.map((message) => recordOf(message, mapping.queueArn));
    // A throttle throws: the messages come again after their visibility timeout, and their receives count (trap Q4).
    const result = await lambda.invoke(mapping.functionName, { Records: records });
    const ids = batch.map(({ messageId }) => messageId);
    const succeeded = succeededOf(ids, result, mapping.reportsFailures);
    const done = batch.filter(({ messageId }) => succeeded.has(messageId));
    // What failed stays invisible until its visibility timeout ends, unless the function changed it.
    await Promise.all(done.map(({ receiptHandle }) => queue.delete(receiptHandle)));
    for (let first = 0; first < done.length; first += RECEIVE_MAX) count(mapping, 'sqs:DeleteMessage', []);
  };

  const count = (mapping: Mapping, operation: string, messages: readonly ReceivedMessage[]) => {
    const bytes = bytesOf(messages);
    const units = Math.max(1, Math.ceil(bytes / BILLED_CHUNK_BYTES));
    meter.count({ operation, principal: mapping.functionName, calls: 1, units, bytes });
  };

  const provider: ResourceProvider = {
    type: 'AWS::Lambda::EventSourceMapping',
    honoured: HONOURED,
    ignored: ['Tags'],
    create: async (resource) => {
      const mapping = readMapping(resource);
      const { visibilitySeconds } = requireQueue(mapping.queueArn).settings();
      const { timeoutMs, name } = requireFunction(mapping.functionName);
      if (visibilitySeconds * 1_000 < timeoutMs) {
        throw new Error(
          `AWS::Lambda::EventSourceMapping ${resource.logicalId}: Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutMs / 1_000} seconds (${name}).`,
        );
      }
      await halt(mapping.id);
      mappings.set(mapping.id, mapping);
      if (isStarted) {
        authorizePoller(mapping);
        begin(mapping);
      }
      const arn = `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:event-source-mapping:${mapping.id}`;
      return { ref: mapping.id, attributes: { Id: mapping.id, EventSourceMappingArn: arn } };
    },
    remove: async ({ ref }) => {
      mappings.delete(ref);
      await halt(ref);
    },
  };

  return {
    providers: [provider],
    start: () => {
      for (const mapping of mappings.values()) if (mapping.isEnabled) authorizePoller(mapping);
      isStarted = true;
      for (const mapping of mappings.values()) begin(mapping);
    },
    close: async () => {
      isStarted = false;
      await Promise.all([...stops.keys()].map(halt));
    },
  };
}

function readMapping({ logicalId, physicalName, properties }: ResourceToCreate): Mapping {
  const what = `AWS::Lambda::EventSourceMapping ${logicalId}`;
  refuseUnknown(what, properties, [...HONOURED, 'Tags']);
  const scaling = optionalObject(`${what}.ScalingConfig`, properties['ScalingConfig']) ?? {};
  refuseUnknown(`${what}.ScalingConfig`, scaling, ['MaximumConcurrency']);
  const responseTypes = textOrList(`${what}.FunctionResponseTypes`, properties['FunctionResponseTypes']);
  if (responseTypes.some((type) => type !== 'ReportBatchItemFailures')) {
    throw new Error(`${what}.FunctionResponseTypes knows ReportBatchItemFailures only.`);
  }
  const integer = (name: string, range: { min: number; max: number; absent: number }) =>
    integerProperty(`${what}.${name}`, properties[name], range);
  const batchSize = integer('BatchSize', { min: 1, max: 10_000, absent: 10 });
  const windowSeconds = integer('MaximumBatchingWindowInSeconds', { min: 0, max: 300, absent: 0 });
  if (batchSize > RECEIVE_MAX && windowSeconds === 0) {
    throw new Error(`${what}: a BatchSize above ${RECEIVE_MAX} needs a MaximumBatchingWindowInSeconds of at least 1.`);
  }
  return {
    id: physicalName,
    queueArn: requiredText(`${what}.EventSourceArn`, properties['EventSourceArn']),
    functionName: functionNameOf(requiredText(`${what}.FunctionName`, properties['FunctionName'])),
    batchSize,
    windowMs: windowSeconds * 1_000,
    reportsFailures: responseTypes.length > 0,
    concurrency: integerProperty(`${what}.ScalingConfig.MaximumConcurrency`, scaling['MaximumConcurrency'], {
      min: 2,
      max: 1_000,
      absent: CONCURRENCY_DEFAULT,
    }),
    isEnabled: booleanProperty(`${what}.Enabled`, properties['Enabled'], true),
  };
}

const bytesOf = (messages: readonly ReceivedMessage[]): number =>
  messages.reduce((sum, message) => sum + message.bytes, 0);

/** Cuts what was received so that each event, written as JSON, stays within 6 MB. One message always does: its escapes at most double it. */
function cutToPayload(messages: readonly ReceivedMessage[], queueArn: string): ReceivedMessage[][] {
  if (messages.length === 0) return [];
  // Far from the limit even if every character were escaped: the usual case, not measured.
  if (bytesOf(messages) * 2 + messages.length * 2_048 < BATCH_BYTES_MAX) return [[...messages]];
  const batches: ReceivedMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = Buffer.byteLength(JSON.stringify(recordOf(message, queueArn))) + 1;
    if (bytes + size > BATCH_BYTES_MAX) {
      batches.push([]);
      bytes = ENVELOPE_BYTES;
    }
    batches.at(-1)?.push(message);
    bytes += size;
  }
  return batches;
}

/** A record of the event, as Lambda writes it for SQS. */
function recordOf(message: ReceivedMessage, queueArn: string): Record<string, unknown> {
  const attributes = Object.entries(message.attributes ?? {}).map(([name, attribute]) => [
    name,
    {
      ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
      ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: attribute.DataType,
    },
  ]);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(attributes),
    ...(message.md5OfAttributes === undefined ? {} : { md5OfMessageAttributes: message.md5OfAttributes }),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_REGION,
  };
}
