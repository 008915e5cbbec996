import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../../local/clock.ts';
import { dynamodbService } from '../../../local/dynamodb/dynamodb-service.ts';
import { DEVICE_LIMITS } from '../../../shared/aws/device-claims.ts';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import { dynamoInboxStore } from '../../../shared/aws/dynamo-inbox-store.ts';
import { dynamoDoneStore, dynamoLedgerReader, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoTryStore } from '../../../shared/aws/dynamo-try-store.ts';
import { DestinationId } from '../../../shared/domain/ids.ts';
import { AwsError } from '../../../local/types.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { aClaim } from '../../builders/claims.ts';
import { committedThenLost, faultyService } from '../../builders/faulty-service.ts';
import { anIntakeMessage } from '../../builders/intake-message.ts';
import { aDoneRow, anUnreadableRow, aPlanRow, intakeIdOf } from '../../builders/ledger-rows.ts';
import { aStateTable } from '../../builders/state-table.ts';

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.toReversed()) await close();
  cleanUp = [];
});

type Fault = Parameters<typeof faultyService>[2];

/** A client of the local DynamoDB that tries three times, with one operation at fault. */
async function setUp(operation: string, fault: Fault) {
  const directory = await mkdtemp(path.join(tmpdir(), 'tributary-faults-'));
  const service = await dynamodbService({ directory, clock: systemClock });
  const endpoint = await awsEndpoint(faultyService(service, operation, fault));
  const client = new DynamoDBClient({ ...endpoint.clientConfig, maxAttempts: 3 });
  cleanUp.push(
    () => rm(directory, { recursive: true }),
    () => service.close(),
    () => endpoint.close(),
    async () => client.destroy(),
  );
  return { doc: DynamoDBDocumentClient.from(client), tableName: await aStateTable(client) };
}

const claim = (owner: number, messageIds: readonly string[]) => ({
  sourceId: anIntakeMessage().sourceId,
  intakeId: anIntakeMessage({ intakeId: intakeIdOf(owner) }).intakeId,
  receivedAt: '2026-11-24T10:15:00.000Z',
  dedupHours: 24,
  events: messageIds.map((messageId) => ({ messageId })),
});
const many = Array.from({ length: 60 }, (_, number) => `m${number}`);

/** Makes the call and loses its answer, so often. */
const losing = (times: number): Fault => {
  let left = times;
  return async (input, call) => {
    const answer = await call(input);
    if (left === 0) return answer;
    left -= 1;
    throw committedThenLost();
  };
};

test('inserts whose answer was lost are found as our own when the SDK repeats them', async () => {
  const { doc, tableName } = await setUp('BatchExecuteStatement', losing(3));
  await expect(dynamoClaimStore(doc, tableName).claim(claim(1, many))).resolves.toEqual(new Set());
  await expect(dynamoClaimStore(doc, tableName).claim(claim(2, many))).resolves.toEqual(new Set(many));
});

test('a take-over whose answer was lost is found as our own', async () => {
  const { doc, tableName } = await setUp('PutItem', losing(1));
  await dynamoClaimStore(doc, tableName).claim(claim(1, ['a']));
  const late = { ...claim(2, ['a']), receivedAt: '2026-11-26T10:15:00.000Z' };
  await expect(dynamoClaimStore(doc, tableName).claim(late)).resolves.toEqual(new Set());
});

/** Carries out every other statement and throttles the rest, in the first calls. */
const throttling = (calls: number): Fault => {
  let left = calls;
  return async (input, call) => {
    if (left === 0) return await call(input);
    left -= 1;
    const statements = input['Statements'] as unknown[];
    const { Responses } = await call({ Statements: statements.filter((_, index) => index % 2 === 0) });
    const done = Responses as unknown[];
    const throttled = { Error: { Code: 'ThrottlingError', Message: 'Too much' } };
    return { Responses: statements.map((_, index) => (index % 2 === 0 ? done[index / 2] : throttled)) };
  };
};

test('statements that are throttled one by one are sent again, and only those', async () => {
  const { doc, tableName } = await setUp('BatchExecuteStatement', throttling(4));
  await expect(dynamoClaimStore(doc, tableName).claim(claim(1, many))).resolves.toEqual(new Set());
  await expect(dynamoClaimStore(doc, tableName).claim(claim(2, many))).resolves.toEqual(new Set(many));
});

test('a table that throttles on and on fails the claim: nothing may be routed', async () => {
  const always: Fault = async (input) => ({
    Responses: (input['Statements'] as unknown[]).map(() => ({ Error: { Code: 'ThrottlingError', Message: 'No' } })),
  });
  const { doc, tableName } = await setUp('BatchExecuteStatement', always);
  await expect(dynamoClaimStore(doc, tableName).claim(claim(1, many))).rejects.toMatchObject({
    code: 'upstream-unavailable',
    retry: true,
  });
});

test('a statement that fails for another reason fails the claim', async () => {
  const denied: Fault = async (input) => ({
    Responses: (input['Statements'] as unknown[]).map(() => ({ Error: { Code: 'AccessDenied', Message: 'No' } })),
  });
  const { doc, tableName } = await setUp('BatchExecuteStatement', denied);
  await expect(dynamoClaimStore(doc, tableName).claim(claim(1, ['a']))).rejects.toThrow('AccessDenied');
});

test('keys that DynamoDB leaves unread are read in the next round (D3)', async () => {
  let left = 3;
  const { doc, tableName } = await setUp('BatchGetItem', async (input, call) => {
    const [table, { Keys, ...rest }] = Object.entries(
      input['RequestItems'] as Record<string, { Keys: unknown[] }>,
    )[0] as [string, { Keys: unknown[] }];
    if (left === 0 || Keys.length === 1) return await call(input);
    left -= 1;
    const half = Math.ceil(Keys.length / 2);
    const answer = await call({ RequestItems: { [table]: { ...rest, Keys: Keys.slice(0, half) } } });
    return { ...answer, UnprocessedKeys: { [table]: { ...rest, Keys: Keys.slice(half) } } };
  });
  await dynamoClaimStore(doc, tableName).claim(claim(1, many));
  await expect(dynamoClaimStore(doc, tableName).claim(claim(2, many))).resolves.toEqual(new Set(many));
  expect(left).toBe(0);
});

const ofDevice = (owner: number, messageIds: readonly string[]) => aClaim(owner, messageIds, { device: 'a one' });

test.each(['PutItem', 'BatchGetItem', 'Query'])(
  'claims of a device are its own where answers of %s were lost, and found by others',
  async (operation) => {
    const { doc, tableName } = await setUp(operation, losing(2));
    const store = () => dynamoClaimStore(doc, tableName);
    for (const [owner, prefix] of ['a', 'b', 'c'].entries()) {
      const messageIds = many.map((name) => `${prefix}-${name}`);
      await expect(store().claim(ofDevice(owner, messageIds))).resolves.toEqual(new Set());
      await expect(store().claim(ofDevice(owner, messageIds))).resolves.toEqual(new Set());
      await expect(store().claim(ofDevice(9, messageIds))).resolves.toEqual(new Set(messageIds));
    }
  },
);

test('a ledger whose closing was answered too late is closed', async () => {
  const { doc, tableName } = await setUp('UpdateItem', losing(2));
  const old = Array.from({ length: DEVICE_LIMITS.claimsBeforeClosing }, (_, number) => `old-${number}`);
  await dynamoClaimStore(doc, tableName).claim(ofDevice(1, old));
  await expect(dynamoClaimStore(doc, tableName).claim(ofDevice(2, ['a', 'old-1']))).resolves.toEqual(
    new Set(['old-1']),
  );
  await expect(dynamoClaimStore(doc, tableName).claim(ofDevice(3, ['a']))).resolves.toEqual(new Set(['a']));
});

test('a table that throttles all writes fails the claim of a device: nothing may be routed', async () => {
  const throttled = () => Promise.reject(new AwsError('ProvisionedThroughputExceededException', 'Too much', 400));
  const { doc, tableName } = await setUp('PutItem', throttled);
  await expect(dynamoClaimStore(doc, tableName).claim(ofDevice(1, ['a']))).rejects.toThrow('Too much');
});

test('rows whose answer was lost are saved: the same writeId is there (design 2)', async () => {
  const { doc, tableName } = await setUp('PutItem', losing(2));
  await expect(dynamoPlanStore(doc, tableName).putPlan(aPlanRow())).resolves.toEqual({ outcome: 'saved' });
  await expect(dynamoDoneStore(doc, tableName).putDone(aDoneRow())).resolves.toEqual({ outcome: 'saved' });
});

test('a row of a replay run whose answer was lost is saved; another writer meets it', async () => {
  const { doc, tableName } = await setUp('PutItem', losing(2));
  const row = aDoneRow({ replay: `rp_${'r'.repeat(22)}` });
  await expect(dynamoDoneStore(doc, tableName).putDone(row)).resolves.toEqual({ outcome: 'saved' });
  await expect(dynamoDoneStore(doc, tableName).putDone({ ...row, writeId: 'other' })).resolves.toEqual({
    outcome: 'exists',
    row,
  });
});

test('a request that nobody could read is one row, although the answers of its put were lost', async () => {
  const { doc, tableName } = await setUp('PutItem', losing(2));
  await dynamoPlanStore(doc, tableName).putUnreadable(anUnreadableRow());
  await expect(dynamoLedgerReader(doc, tableName).unreadableOfHour('2026-11-24T10')).resolves.toEqual([
    anUnreadableRow(),
  ]);
});

test.each(['PutItem', 'DeleteItem'])('a mark whose answer was lost (%s) is one mark', async (operation) => {
  const { doc, tableName } = await setUp(operation, losing(2));
  const tries = dynamoTryStore(doc, tableName, Date.now);
  await tries.begin('a', 'r1');
  await tries.end('a', 'r1');
  await expect(tries.unended('a')).resolves.toBe(0);
});

test('an Inbox whose old events cannot be looked for has taken the new ones all the same', async () => {
  const { doc, tableName } = await setUp('Query', () => Promise.reject(new AwsError('ValidationException', 'No', 400)));
  const options = { retentionDays: 7, now: () => new Date('2026-11-24T10:15:00.000Z'), mayTrim: () => true };
  const inbox = dynamoInboxStore(doc, tableName, options);
  await expect(inbox.add(DestinationId.parse('dst_1'), 'part', [{ messageId: 'm1' }])).resolves.toBeUndefined();
});
