import { manualClock } from '../../../../local/clock.ts';
import {
  closedAfterEach,
  type LocalFunctions,
  ROLE_ARN,
  someLocalFunctions,
} from '../../../builders/local-functions.ts';
import { createResource } from '../../../builders/local-queues.ts';

const START_MS = Date.UTC(2026, 0, 5);
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:missed';
const closing = closedAfterEach<LocalFunctions>();
const FAILING = "export const handler = async () => { throw new RangeError('no'); };";

const setUp = async (source: string, config?: Record<string, unknown>) => {
  const clock = manualClock(START_MS);
  const functions = closing(someLocalFunctions({ clock }));
  await functions.add('f', source);
  const { providers } = functions.lambda;
  if (config !== undefined) {
    await createResource(providers, 'AWS::Lambda::EventInvokeConfig', 'config', {
      FunctionName: 'f',
      Qualifier: '$LATEST',
      ...config,
    });
  }
  const runs = () => functions.metrics.filter(({ name }) => name === 'Invocations').length;
  /** Waits for a run of the function, which takes real time. */
  const ran = async (count: number) => {
    for (let check = 0; check < 500 && runs() < count; check++) await new Promise((resolve) => setTimeout(resolve, 5));
    // What follows a run goes on in promises.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(runs()).toBe(count);
  };
  return { clock, ran, ...functions };
};

test('it answers at once, and runs the function once when that succeeds', async () => {
  const { clock, lambda, ran } = await setUp('export const handler = async (event) => event;');
  expect(lambda.invokeLater('f', { a: 1 })).toBeUndefined();
  expect(lambda.running()).toBeGreaterThan(0);
  await ran(1);
  clock.advance(600_000);
  await ran(1);
  expect(lambda.running()).toBe(0);
});

// AWS, "How Lambda handles errors and retries with asynchronous invocation": two retries, after one minute and two.
test('a failure is tried again after one minute and after two more, then no more', async () => {
  const { clock, destinations, lambda, ran } = await setUp(FAILING);
  lambda.invokeLater('f', {});
  await ran(1);
  clock.advance(59_999);
  await ran(1);
  clock.advance(1);
  await ran(2);
  clock.advance(120_000);
  await ran(3);
  clock.advance(3_600_000);
  await ran(3);
  expect(lambda.running()).toBe(0);
  expect(destinations).toEqual([]);
});

test('MaximumRetryAttempts is obeyed, and the destination gets the record of the failure', async () => {
  const { clock, destinations, lambda, ran } = await setUp(FAILING, {
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
  });
  lambda.invokeLater('f', { day: 'monday' });
  await ran(1);
  expect(destinations).toEqual([]);
  clock.advance(60_000);
  await ran(2);
  expect(destinations).toEqual([
    {
      roleArn: ROLE_ARN,
      destinationArn: QUEUE_ARN,
      record: {
        version: '1.0',
        timestamp: new Date(START_MS + 60_000).toISOString(),
        requestContext: {
          requestId: expect.any(String),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 2,
        },
        requestPayload: { day: 'monday' },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'RangeError', errorMessage: 'no' },
      },
    },
  ]);
});

test('an event that would be too old for its next try goes to the destination at once', async () => {
  const { destinations, lambda, ran } = await setUp(FAILING, {
    MaximumEventAgeInSeconds: 60,
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
  });
  lambda.invokeLater('f', {});
  await ran(1);
  expect(destinations).toEqual([]);
});

test.each([
  [
    'a topic as destination',
    { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:t' } } },
    'SQS queues',
  ],
  ['more than two retries', { MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts'],
  ['an alias', { Qualifier: 'live' }, 'no versions and no aliases'],
])('%s is refused', async (_case, config, message) => {
  await expect(setUp(FAILING, config)).rejects.toThrow(message);
});
