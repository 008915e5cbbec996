import { manualClock } from '../../../../local/clock.ts';
import { type DeadLetter, eventBuses } from '../../../../local/eventbridge/event-buses.ts';
import { handoverStore } from '../../../../local/eventbridge/handover-store.ts';
import { AwsError } from '../../../../local/types.ts';
import { createResource, emptyDirectory, OPERATOR } from '../../../builders/local-queues.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:notify';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:missed';
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/hints/changed';
const START_MS = Date.parse('2026-01-30T12:00:00Z');

const aRule = (given: Record<string, unknown> = {}, target: Record<string, unknown> = {}) => ({
  Name: 'changed',
  EventBusName: 'hints',
  EventPattern: { source: ['tributary'], 'detail-type': ['ConfigurationChanged'] },
  Targets: [{ Id: 'Target0', Arn: FUNCTION, DeadLetterConfig: { Arn: QUEUE }, ...target }],
  ...given,
});
const anEntry = (given: Record<string, unknown> = {}) => ({
  EventBusName: 'hints',
  Source: 'tributary',
  DetailType: 'ConfigurationChanged',
  Detail: '{"v":1}',
  ...given,
});

const directories: { remove: () => void }[] = [];
afterEach(() => {
  for (const { remove } of directories.splice(0)) remove();
});

type World = { invoke?: (event: unknown) => void; isPermitted?: boolean; directory?: string };

async function setUp(
  { invoke = () => {}, isPermitted = true, directory }: World = {},
  rule: Record<string, unknown> | null = aRule(),
) {
  const own = emptyDirectory();
  directories.push(own);
  const clock = manualClock(START_MS);
  const store = handoverStore(directory ?? own.directory);
  const runs: { event: Record<string, unknown>; end: () => void }[] = [];
  const letters: (DeadLetter & { queueArn: string; ruleArn: string })[] = [];
  const lost: string[] = [];
  const made = eventBuses({
    clock,
    store,
    invokeLater: (_arn, event, end) => {
      invoke(event);
      runs.push({ event: event as Record<string, unknown>, end });
    },
    mayInvoke: () => isPermitted,
    sendToQueue: async (queueArn, ruleArn, message) => {
      letters.push({ queueArn, ruleArn, ...message });
    },
    onLost: (what) => lost.push(what),
  });
  await createResource(made.providers, 'AWS::Events::EventBus', 'Bus', { Name: 'hints' });
  if (rule !== null) await createResource(made.providers, 'AWS::Events::Rule', 'Rule', rule);
  const put = (...Entries: unknown[]) => made.service.call('PutEvents', { Entries }, OPERATOR);
  return { made, clock, store, runs, letters, lost, put, directory: directory ?? own.directory };
}

test('an event that fits a rule goes to its target with all that EventBridge puts around it', async () => {
  const { made, runs, put } = await setUp();
  made.start();
  const answer = await put(anEntry({ Time: 1_700_000_000, Resources: ['arn:aws:x'] }), anEntry({ Source: 'other' }));
  expect(answer).toEqual({
    FailedEntryCount: 0,
    Entries: [{ EventId: expect.any(String) }, { EventId: expect.any(String) }],
  });
  expect(runs.map(({ event }) => event)).toEqual([
    {
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'ConfigurationChanged',
      source: 'tributary',
      account: '000000000000',
      time: '2023-11-14T22:13:20Z',
      region: 'us-east-1',
      resources: ['arn:aws:x'],
      detail: { v: 1 },
    },
  ]);
  expect(made.pending()).toBe(1);
  runs[0]?.end();
  expect(made.pending()).toBe(0);
});

test.each<[string, Record<string, unknown>, string]>([
  ['no Detail', { Detail: undefined }, 'InvalidArgument'],
  ['an empty Source', { Source: '' }, 'InvalidArgument'],
  ['no DetailType', { DetailType: undefined }, 'InvalidArgument'],
  ['a DetailType of 129 characters', { DetailType: 'x'.repeat(129) }, 'InvalidArgument'],
  ['a Detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
  ['a Detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
  ['a Time that is none', { Time: 1e300 }, 'InvalidArgument'],
  ['a Source of AWS', { Source: 'aws.ec2' }, 'NotAuthorizedForSourceException'],
])('an entry with %s fails alone', async (_case, given, code) => {
  const { made, runs, put } = await setUp();
  made.start();
  expect(await put(anEntry(given), anEntry())).toEqual({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: code, ErrorMessage: expect.any(String) }, { EventId: expect.any(String) }],
  });
  expect(runs).toHaveLength(1);
});

test.each<[string, unknown[], string]>([
  ['no entries', [], 'from 1 to 10'],
  ['eleven entries', Array.from({ length: 11 }, () => anEntry()), 'from 1 to 10'],
  [
    'more than 1 MB',
    [anEntry({ Detail: `{"a":"${'x'.repeat(700_000)}"}` }), anEntry({ Detail: `{"a":"${'x'.repeat(400_000)}"}` })],
    'over the limit',
  ],
  [
    'entries of which none is complete',
    [anEntry({ Detail: undefined }), anEntry({ Source: undefined })],
    'No entry has',
  ],
  ['a bus that is not there', [anEntry({ EventBusName: 'gone' })], 'Event bus gone does not exist.'],
  ['a member that nobody knows', [anEntry({ Colour: 'red' })], 'member Colour'],
])('%s fails the whole call, and nothing goes out', async (_case, entries, message) => {
  const { made, runs, put } = await setUp();
  made.start();
  await expect(put(...entries)).rejects.toThrow(message);
  expect(runs).toEqual([]);
});

test('a disabled rule gets nothing, one on the default bus what names no bus, and a removed one nothing any more', async () => {
  const { made, runs, put } = await setUp({}, aRule({ State: 'DISABLED' }));
  made.start();
  await put(anEntry());
  expect(runs).toEqual([]);
  const properties = aRule({ Name: 'plain', EventBusName: undefined });
  const { ref, attributes } = await createResource(made.providers, 'AWS::Events::Rule', 'Rule', properties);
  expect({ ref, attributes }).toEqual({
    ref: 'plain',
    attributes: { Arn: 'arn:aws:events:us-east-1:000000000000:rule/plain' },
  });
  await put(anEntry({ EventBusName: undefined }));
  expect(runs).toHaveLength(1);
  await made.providers.find(({ type }) => type === 'AWS::Events::Rule')?.remove?.({ physicalName: '', ref });
  await put(anEntry({ EventBusName: undefined }));
  expect(runs).toHaveLength(1);
});

test('what the function may not be called for goes to the dead-letter queue at once, with the reason', async () => {
  const { made, runs, letters, put } = await setUp({ isPermitted: false });
  made.start();
  await put(anEntry());
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toEqual([]);
  expect(letters).toEqual([
    {
      queueArn: QUEUE,
      ruleArn: RULE,
      body: expect.stringContaining('"detail":{"v":1}'),
      attributes: {
        RULE_ARN: RULE,
        TARGET_ARN: FUNCTION,
        ERROR_CODE: 'NO_PERMISSIONS',
        ERROR_MESSAGE: expect.stringContaining('does not let'),
      },
    },
  ]);
  expect(made.pending()).toBe(0);
});

test('a function that is gone is not tried again; without a dead-letter queue the loss is told', async () => {
  const invoke = () => {
    throw new AwsError('ResourceNotFoundException', 'Function not found: notify', 404);
  };
  const { made, lost, put } = await setUp({ invoke }, aRule({}, { DeadLetterConfig: undefined }));
  made.start();
  await put(anEntry());
  expect(lost).toEqual([`an event of the rule ${RULE}: Function not found: notify`]);
  expect(made.pending()).toBe(0);
});

test('a call that fails for now is tried again ever more slowly, and put away after its retries', async () => {
  let tries = 0;
  const invoke = () => {
    tries += 1;
    throw new AwsError('ServiceException', 'busy', 503);
  };
  const { made, clock, letters, put } = await setUp(
    { invoke },
    aRule({}, { RetryPolicy: { MaximumRetryAttempts: 2 } }),
  );
  made.start();
  await put(anEntry());
  expect(tries).toBe(1);
  clock.advance(999);
  expect(tries).toBe(1);
  clock.advance(1);
  expect(tries).toBe(2);
  clock.advance(1_999);
  expect([tries, letters, made.pending()]).toEqual([2, [], 1]);
  clock.advance(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(tries).toBe(3);
  expect(letters.map(({ attributes }) => attributes)).toEqual([
    expect.objectContaining({ EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts', RETRY_ATTEMPTS: '2' }),
  ]);
});

test('an event that grows too old is put away before its retries are spent', async () => {
  const invoke = () => {
    throw new AwsError('ServiceException', 'busy', 503);
  };
  const { made, clock, letters, put } = await setUp(
    { invoke },
    aRule({}, { RetryPolicy: { MaximumEventAgeInSeconds: 60 } }),
  );
  made.start();
  await put(anEntry());
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(letters.map(({ attributes }) => attributes['EXHAUSTED_RETRY_CONDITION'])).toEqual([
    'MaximumEventAgeInSeconds',
  ]);
});

test('what had not ended when the process died is handed over at the next start, in its order, and what had ended is not', async () => {
  const first = await setUp();
  first.made.start();
  await first.put(anEntry({ Detail: '{"n":1}' }));
  await first.put(anEntry({ Detail: '{"n":2}' }), anEntry({ Detail: '{"n":3}' }));
  first.runs[0]?.end();
  first.made.close();
  first.store.close();
  // A run that ends after the stop is too late to be remembered.
  first.runs[1]?.end();

  const second = await setUp({ directory: first.directory });
  expect(second.runs).toEqual([]);
  second.made.start();
  expect(second.runs.map(({ event }) => event['detail'])).toEqual([{ n: 2 }, { n: 3 }]);
  for (const { end } of second.runs) end();
  second.store.close();

  const third = await setUp({ directory: first.directory });
  third.made.start();
  expect(third.runs).toEqual([]);
  third.store.close();
});

test('an event whose rule has left the template is told as lost at the next start', async () => {
  const first = await setUp();
  first.made.start();
  await first.put(anEntry());
  first.store.close();
  const second = await setUp({ directory: first.directory }, null);
  second.made.start();
  expect(second.lost).toEqual([`an event of the rule ${RULE}, which has no target Target0 any more`]);
  expect(second.store.all()).toEqual([]);
  second.store.close();
});

test.each<[string, Record<string, unknown>, string]>([
  [
    'an unknown operator',
    aRule({ EventPattern: { source: [{ wildcard: 't*' }] } }),
    'does not know the operator wildcard',
  ],
  ['a schedule', aRule({ EventPattern: undefined }), 'schedules are Scheduler’s'],
  ['a queue as target', aRule({}, { Arn: QUEUE }), 'Lambda functions as targets'],
  ['an input of its own', aRule({}, { Input: '{}' }), 'Input'],
  ['an input transformer', aRule({}, { InputTransformer: {} }), 'InputTransformer'],
  ['more retries than there are', aRule({}, { RetryPolicy: { MaximumRetryAttempts: 186 } }), '185'],
  ['a bus that is not there', aRule({ EventBusName: 'gone' }), 'There is no event bus gone.'],
])('a rule with %s is an error', async (_case, rule, message) => {
  await expect(setUp({}, rule)).rejects.toThrow(message);
});

test('a call that the local cloud does not have is an error that names it', async () => {
  const { made } = await setUp();
  await expect(made.service.call('ListRules', {}, OPERATOR)).rejects.toMatchObject({
    code: 'UnknownOperationException',
    message: 'The local cloud does not have events:ListRules',
  });
});
