import type { SQSRecord } from 'aws-lambda';
import { batchHandler } from '../../../../shared/sqs/batch-handler.ts';

const records = ['a', 'b', 'c'].map((messageId) => ({ messageId, body: '{}' })) as SQSRecord[];
const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'r' };
const run = (work: Parameters<typeof batchHandler>[0]) => batchHandler(work)({ Records: records }, context as never);

test('only the records that failed are handed back', async () => {
  await expect(run(() => Promise.resolve(['b']))).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
});

test('an identifier that was not received is left out, since Lambda would repeat the whole batch (Q1)', async () => {
  await expect(run(() => Promise.resolve(['b', 'zz']))).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: 'b' }],
  });
});

test('a throw hands every record back by name', async () => {
  const answer = await run(() => Promise.reject(new Error('the table is away')));
  expect(answer).toEqual({
    batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }, { itemIdentifier: 'c' }],
  });
});
