import { manualClock } from '../../../../local/clock.ts';
import { faultsOf } from '../../../../local/front-door/faults.ts';
import { type EventSourceMappings, eventSourceMappings } from '../../../../local/lambda/event-source-mapping.ts';
import { AwsError, type InvokeResult, type LogLine, type MeterEntry } from '../../../../local/types.ts';
import { closedAfterEach, ROLE_ARN } from '../../../builders/local-functions.ts';
import { createResource, receiveBodies, sendText, someLocalQueues, until } from '../../../builders/local-queues.ts';

const START_MS = Date.UTC(2026, 0, 5);
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:q';
const closing = closedAfterEach<{ close: () => Promise<void> }>();

type Record_ = { messageId: string; body: string; receiptHandle: string; attributes: Record<string, string> };
type Batch = { records: Record_[]; answer: (result: InvokeResult) => void };

/** A queue, a mapping on it, and a function whose invocations the test answers. */
const setUp = async (
  properties: Record<string, unknown> = {},
  more: { maxEnvironments?: number; denied?: string; duplicated?: number; waiting?: number } = {},
) => {
  const clock = manualClock(START_MS);
  const queues = someLocalQueues({ clock });
  const queue = await queues.add('q', { VisibilityTimeout: 30 });
  const batches: Batch[] = [];
  const answers: Batch['answer'][] = [];
  const logs: LogLine[] = [];
  const metered: MeterEntry[] = [];
  const asked: string[] = [];
  const mappings: EventSourceMappings = eventSourceMappings({
    clock,
    sqs: queues.sqs,
    lambda: {
      maxEnvironments: more.maxEnvironments ?? 2,
      functions: () => [FUNCTION],
      waiting: () => more.waiting ?? 0,
      invoke: (_name, event) =>
        new Promise((answer) => {
          answers.push(answer);
          batches.push({ records: (event as { Records: Record_[] }).Records, answer });
        }),
    },
    logs: { write: (line) => logs.push(line) },
    meter: { count: (entry) => metered.push(entry) },
    faults: faultsOf({ faults: [{ service: 'sqs', effect: 'duplicate', probability: more.duplicated ?? 0 }] }),
    authorize: (roleArn, action, resource) => {
      asked.push(`${roleArn} ${action} ${resource}`);
      if (action === more.denied)
        throw new AwsError('AccessDenied', `${roleArn} may not ${action} on ${resource}`, 403);
    },
  });
  closing({
    close: async () => {
      const closed = mappings.close();
      for (const answer of answers) answer(OK);
      await closed;
      await queues.close();
    },
  });
  const create = () =>
    createResource(mappings.providers, 'AWS::Lambda::EventSourceMapping', 'mapping', {
      EventSourceArn: QUEUE_ARN,
      FunctionName: 'f',
      ...properties,
    });
  /** The next batch that the function is called with. */
  const nextBatch = async (): Promise<Batch> => {
    await until(() => batches.length > 0);
    const batch = batches.shift();
    if (batch === undefined) throw new Error('There is a batch.');
    return batch;
  };
  /** Lets all work that waits for no one come to its end. */
  const calm = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, queue, queues, batches, logs, metered, asked, mappings, create, nextBatch, calm };
};
const FUNCTION = {
  name: 'f',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  roleArn: ROLE_ARN,
  codeDirectory: '',
  handler: 'index.handler',
  modulePath: '',
  timeoutMs: 5_000,
  memoryMb: 128,
  variables: {},
  logGroup: '/aws/lambda/f',
  logging: { format: 'JSON', applicationLevel: 'INFO' } as const,
};
const OK: InvokeResult = { ok: true, payload: null };
const THROWN: InvokeResult = { ok: false, errorType: 'Error', errorMessage: 'no' };
const REPORTING = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

const started = async (...parameters: Parameters<typeof setUp>) => {
  const all = await setUp(...parameters);
  await all.create();
  all.mappings.start();
  return all;
};

// AWS, "Using Lambda with Amazon SQS", example event.
test('a record has the members that Lambda writes', async () => {
  const { queue, nextBatch } = await started();
  const [sent] = await sendText(queue, 'text', {
    MessageGroupId: 'g',
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'k' },
      raw: { DataType: 'Binary', BinaryValue: 'AQI=' },
    },
  });
  const { records } = await nextBatch();
  expect(records).toEqual([
    {
      messageId: sent?.messageId,
      receiptHandle: expect.any(String),
      body: 'text',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(START_MS),
        SenderId: '000000000000',
        ApproximateFirstReceiveTimestamp: String(START_MS),
        MessageGroupId: 'g',
      },
      messageAttributes: {
        kind: { stringValue: 'k', stringListValues: [], binaryListValues: [], dataType: 'String' },
        raw: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfBody: '1cb251ec0d568de6a929b520c4aed8d1',
      md5OfMessageAttributes: sent?.md5OfAttributes,
      eventSource: 'aws:sqs',
      eventSourceARN: QUEUE_ARN,
      awsRegion: 'us-east-1',
    },
  ]);
});

test('what succeeded is deleted', async () => {
  const { queue, nextBatch, calm } = await started(REPORTING);
  await sendText(queue, 'a');
  (await nextBatch()).answer(OK);
  await calm();
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

// AWS: failed records stay invisible until the visibility timeout ends, and come again with a higher receive count.
test('what failed comes again after the visibility timeout, what succeeded beside it does not', async () => {
  const { clock, queue, nextBatch, calm, batches } = await started(REPORTING);
  await Promise.all(['good', 'bad', 'fine'].map((body) => sendText(queue, body)));
  const first = await nextBatch();
  expect(first.records.map(({ body }) => body)).toEqual(['good', 'bad', 'fine']);
  first.answer({ ok: true, payload: { batchItemFailures: [{ itemIdentifier: first.records[1]?.messageId }] } });
  await calm();
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  clock.advance(29_999);
  await calm();
  expect(batches).toEqual([]);
  clock.advance(1);
  const second = await nextBatch();
  expect(second.records.map(({ body, attributes }) => [body, attributes['ApproximateReceiveCount']])).toEqual([
    ['bad', '2'],
  ]);
});

test('a function may give a failed message another visibility than the rest', async () => {
  const { clock, queue, nextBatch } = await started(REPORTING);
  await Promise.all(['at once', 'later'].map((body) => sendText(queue, body)));
  const { records, answer } = await nextBatch();
  queue.changeVisibility(records[0]?.receiptHandle ?? '', 0);
  answer({ ok: true, payload: { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) } });
  const again = await nextBatch();
  expect(again.records.map(({ body }) => body)).toEqual(['at once']);
  again.answer(OK);
  clock.advance(30_000);
  expect((await nextBatch()).records.map(({ body }) => body)).toEqual(['later']);
});

// Trap Q1: a bad identifier or a throw fails the whole batch.
test.each([
  ['a bad identifier', { ok: true, payload: { batchItemFailures: [{ itemIdentifier: 'none' }] } } as const, REPORTING],
  ['a throw', THROWN, REPORTING],
  ['a throw of a function that reports nothing', THROWN, {}],
])('after %s the whole batch comes again', async (_case, result, properties) => {
  const { clock, queue, nextBatch, calm } = await started(properties);
  await Promise.all(['a', 'b'].map((body) => sendText(queue, body)));
  (await nextBatch()).answer(result);
  await calm();
  expect(queue.counts().inFlight).toBe(2);
  clock.advance(30_000);
  expect((await nextBatch()).records.map(({ body }) => body)).toEqual(['a', 'b']);
});

test('a batch is of at most BatchSize messages', async () => {
  const { queue, nextBatch } = await started({ BatchSize: 3 });
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((body) => sendText(queue, body)));
  const sizes = [(await nextBatch()).records.length, (await nextBatch()).records.length];
  expect(sizes).toEqual([3, 2]);
});

// AWS: a batching window is needed above 10, and the batch goes when it is full or the window ends.
test('with a batching window a batch waits for more until it is full', async () => {
  const { queue, nextBatch, calm, batches, clock } = await started(
    { BatchSize: 25, MaximumBatchingWindowInSeconds: 5 },
    { maxEnvironments: 1 },
  );
  for (let i = 0; i < 24; i++) await sendText(queue, String(i));
  await calm();
  expect(batches).toEqual([]);
  await sendText(queue, '24');
  const full = await nextBatch();
  expect(full.records).toHaveLength(25);
  full.answer(OK);
  await sendText(queue, 'alone');
  await calm();
  expect(batches).toEqual([]);
  clock.advance(5_000);
  expect((await nextBatch()).records.map(({ body }) => body)).toEqual(['alone']);
});

// AWS quota: 6 MB in one invocation.
test('ten messages whose text doubles when it is escaped go in batches of at most 6 MB', async () => {
  const { queue, nextBatch } = await started({}, { maxEnvironments: 1 });
  const body = '"'.repeat(1_000_000);
  await Promise.all(Array.from({ length: 10 }, () => sendText(queue, body)));
  let seen = 0;
  while (seen < 10) {
    const { records, answer } = await nextBatch();
    expect(Buffer.byteLength(JSON.stringify({ Records: records }))).toBeLessThanOrEqual(6_291_556);
    seen += records.length;
    answer(OK);
  }
  expect(seen).toBe(10);
});

// AWS: MaximumConcurrency bounds the concurrent invocations of one mapping; here the environments of a machine do, too.
test.each([
  [{ ScalingConfig: { MaximumConcurrency: 3 } }, 10, 3],
  [{ ScalingConfig: { MaximumConcurrency: 20 } }, 2, 2],
  [{}, 10, 5],
])('%j and %d environments make %d batches at a time', async (properties, maxEnvironments, concurrent) => {
  const { queue, batches, calm } = await started({ BatchSize: 1, ...properties }, { maxEnvironments });
  await Promise.all(Array.from({ length: 12 }, (_, i) => sendText(queue, String(i))));
  await calm();
  expect(batches).toHaveLength(concurrent);
});

test('when all pollers are stuck in invocations, others take what waits, up to the concurrency', async () => {
  const { clock, queue, batches, calm } = await started(
    { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 4 } },
    { maxEnvironments: 2 },
  );
  await Promise.all(Array.from({ length: 6 }, (_, i) => sendText(queue, String(i))));
  const counts: number[] = [];
  for (const _ of Array.from({ length: 5 })) {
    await calm();
    counts.push(batches.length);
    clock.advance(200);
  }
  expect(counts).toEqual([2, 3, 4, 4, 4]);
});

test('a mapping that is not enabled takes nothing', async () => {
  const { queue, batches, calm, asked } = await started({ Enabled: false });
  await sendText(queue, 'a');
  await calm();
  expect([batches, asked]).toEqual([[], []]);
  await expect(receiveBodies(queue)).resolves.toEqual(['a']);
});

test("the poller needs the function's role to receive, delete and look", async () => {
  const { asked } = await started();
  expect(asked).toEqual([
    `${ROLE_ARN} sqs:ReceiveMessage ${QUEUE_ARN}`,
    `${ROLE_ARN} sqs:DeleteMessage ${QUEUE_ARN}`,
    `${ROLE_ARN} sqs:GetQueueAttributes ${QUEUE_ARN}`,
  ]);
});

test('without a grant nothing is polled, and the start says which', async () => {
  const { create, mappings, queue, batches, calm } = await setUp({}, { denied: 'sqs:DeleteMessage' });
  await create();
  await sendText(queue, 'a');
  expect(() => mappings.start()).toThrow(`${ROLE_ARN} may not sqs:DeleteMessage on ${QUEUE_ARN}`);
  await calm();
  expect(batches).toEqual([]);
  expect(queue.counts().visible).toBe(1);
});

test('the calls of the poller are counted as SQS bills them', async () => {
  const { queue, nextBatch, calm, metered } = await started();
  await sendText(queue, 'x'.repeat(65_537));
  (await nextBatch()).answer(OK);
  await calm();
  const fixed = { principal: 'f', calls: 1 };
  expect(metered.filter(({ bytes, operation }) => bytes > 0 || operation === 'sqs:DeleteMessage')).toEqual([
    { ...fixed, operation: 'sqs:ReceiveMessage', units: 2, bytes: 65_537 },
    { ...fixed, operation: 'sqs:DeleteMessage', units: 1, bytes: 0 },
  ]);
});

// Trap Q11: the same message twice, also concurrently, and handles that delete nothing any more.
test('by the faults file a message goes to two consumers: at the same time, or after it was deleted', async () => {
  const { queue, nextBatch, calm, batches } = await started(REPORTING, { maxEnvironments: 1, duplicated: 1 });
  await Promise.all(['a', 'b'].map((body) => sendText(queue, body)));
  const bodies = ({ records }: Batch) =>
    records.map(({ body, attributes }) => [body, attributes['ApproximateReceiveCount']]);
  const [first, second] = [await nextBatch(), await nextBatch()];
  expect([first, second].map(bodies)).toEqual([
    [
      ['a', '1'],
      ['b', '1'],
    ],
    [['a', '1']],
  ]);
  second.answer(THROWN);
  first.answer(OK);
  const third = await nextBatch();
  expect(bodies(third)).toEqual([['b', '1']]);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  third.answer({ ok: true, payload: { batchItemFailures: [{ itemIdentifier: third.records[0]?.messageId }] } });
  await calm();
  expect(batches).toEqual([]);
});

test('a copy that succeeds while the first consumer fails has deleted the message', async () => {
  const { clock, queue, nextBatch, calm, batches } = await started(REPORTING, { maxEnvironments: 1, duplicated: 1 });
  await sendText(queue, 'a');
  const [first, second] = [await nextBatch(), await nextBatch()];
  second.answer(OK);
  first.answer(THROWN);
  clock.advance(30_000);
  await calm();
  expect(batches).toEqual([]);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('closing waits for the batches that run and takes no more', async () => {
  const { mappings, queue, nextBatch, batches, calm } = await started();
  await sendText(queue, 'a');
  const { answer } = await nextBatch();
  const closed = mappings.close();
  await sendText(queue, 'b');
  await calm();
  expect(batches).toEqual([]);
  answer(OK);
  await closed;
  expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
});

test.each([
  ['FilterCriteria', { FilterCriteria: { Filters: [] } }, 'mapping.FilterCriteria'],
  ['a BatchSize above 10 without a window', { BatchSize: 11 }, 'MaximumBatchingWindowInSeconds of at least 1'],
  ['a MaximumConcurrency of 1', { ScalingConfig: { MaximumConcurrency: 1 } }, 'MaximumConcurrency'],
  ['an unknown response type', { FunctionResponseTypes: ['Nothing'] }, 'ReportBatchItemFailures only'],
  ['a stream', { EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }, 'which is no queue here'],
  ['a function that is not there', { FunctionName: 'g' }, 'which does not exist'],
])('%s is refused', async (_case, properties, message) => {
  const { create } = await setUp(properties);
  await expect(create()).rejects.toThrow(message);
});

// AWS refuses a mapping whose queue hides messages for less time than the function may take.
test('a queue with less visibility than the function has time is refused', async () => {
  const { create, queues } = await setUp();
  await queues.add('q', { VisibilityTimeout: 4 });
  await expect(create()).rejects.toThrow(
    'Queue visibility timeout: 4 seconds is less than Function timeout: 5 seconds',
  );
});

test('a mapping that is removed polls no longer', async () => {
  const { mappings, queue, batches, calm } = await started();
  await mappings.providers[0]?.remove?.({ physicalName: 'mapping', ref: 'mapping' });
  await sendText(queue, 'a');
  await calm();
  expect(batches).toEqual([]);
});
