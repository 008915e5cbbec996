import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { manualClock } from '../../../../local/clock.ts';
import { type DynamodbService, dynamodbService } from '../../../../local/dynamodb/dynamodb-service.ts';
import { AwsError, type CallContext } from '../../../../local/types.ts';

const START_MS = Date.parse('2026-11-21T12:00:00Z');
const CONTEXT: CallContext = { principal: { kind: 'operator' }, requestId: 'request' };
const PROPERTIES = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
};
const BY_KIND = {
  IndexName: 'byKind',
  KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
};
const WITH_INDEX = {
  ...PROPERTIES,
  AttributeDefinitions: [...PROPERTIES.AttributeDefinitions, { AttributeName: 'kind', AttributeType: 'S' }],
  GlobalSecondaryIndexes: [BY_KIND],
};

let directory: string;
let clock: ReturnType<typeof manualClock>;
let service: DynamodbService;

const call = (operation: string, input: Record<string, unknown>) => service.call(operation, input, CONTEXT);
const create = (properties: Record<string, unknown>) => {
  const [provider] = service.providers;
  if (provider === undefined) throw new Error('There is no provider');
  return provider.create({ stackName: 'Data', logicalId: 'Things', physicalName: 'data-things', properties });
};
const remove = async () => {
  for (const provider of service.providers)
    await provider.remove?.({ physicalName: 'data-things', ref: 'data-things' });
};
const restart = async () => {
  await service.close();
  service = await dynamodbService({ directory, clock });
};
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '0' } });
const put = (pk: string, more: Record<string, unknown> = {}) =>
  call('PutItem', { TableName: 'data-things', Item: { ...key(pk), ...more } });
const get = async (pk: string) => (await call('GetItem', { TableName: 'data-things', Key: key(pk) }))['Item'];
const countBy = async (kind: string) => {
  const page = await call('Query', {
    TableName: 'data-things',
    IndexName: 'byKind',
    KeyConditionExpression: 'kind = :k',
    ExpressionAttributeValues: { ':k': { S: kind } },
  });
  return page['Count'];
};

/** Lets the time pass, then one more minute with a sweep, to whose end a restart waits. */
const passSeconds = async (seconds: number) => {
  clock.advance(seconds * 1_000);
  await restart();
  clock.advance(60_000);
  await restart();
};

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tributary-dynamodb-'));
  clock = manualClock(START_MS);
  service = await dynamodbService({ directory, clock });
});
afterEach(async () => {
  await service.close();
  await rm(directory, { recursive: true });
});

describe('tables from the template', () => {
  test('creating a table gives what CloudFormation knows of it, and creating it again after a restart keeps its items', async () => {
    const created = await create(PROPERTIES);
    expect(created).toEqual({
      ref: 'data-things',
      attributes: {
        Arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/data-things',
        TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    await put('a');
    await restart();
    await expect(create(PROPERTIES)).resolves.toEqual(created);
    await expect(get('a')).resolves.toEqual(key('a'));
  });

  test('a given name wins over the made one', async () => {
    await expect(create({ ...PROPERTIES, TableName: 'given' })).resolves.toMatchObject({ ref: 'given' });
  });

  test('an index added to a table with items shows them, one taken away is gone, and added again is right', async () => {
    await create(PROPERTIES);
    await put('a', { kind: { S: 'k' } });
    await put('b');
    await create(WITH_INDEX);
    await expect(countBy('k')).resolves.toBe(1);
    await create(PROPERTIES);
    await expect(countBy('k')).rejects.toMatchObject({ code: 'ValidationException' });
    await call('DeleteItem', { TableName: 'data-things', Key: key('a') });
    await put('c', { kind: { S: 'k' } });
    await create(WITH_INDEX);
    await expect(countBy('k')).resolves.toBe(1);
  });

  test('another key for a table with items is refused', async () => {
    await create(PROPERTIES);
    const [hash] = PROPERTIES.KeySchema;
    const other = { ...PROPERTIES, KeySchema: [hash], AttributeDefinitions: [PROPERTIES.AttributeDefinitions[0]] };
    await expect(create(other)).rejects.toThrow(/has the key pk HASH, sk RANGE; the template asks for pk HASH/);
  });

  test.each([
    ['BillingMode', { BillingMode: 'PROVISIONED' }],
    ['TimeToLiveSpecification', { TimeToLiveSpecification: { Enabled: true, Name: 'x' } }],
    ['Capacity', { GlobalSecondaryIndexes: [{ ...BY_KIND, Capacity: {} }] }],
  ])('%s in a form that is not honoured is an error that names resource and property', async (property, more) => {
    await expect(create({ ...PROPERTIES, ...more })).rejects.toThrow(
      new RegExp(`Data/Things \\(AWS::DynamoDB::GlobalTable\\)[^]*${property}`),
    );
  });

  test('a protected table is deleted only once its protection is off, which outlives a start (DynamoDB: DeleteTable)', async () => {
    const properties = { ...PROPERTIES, Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true }] };
    const TableName = 'data-things';
    await create(properties);
    await put('a');
    await expect(call('DeleteTable', { TableName })).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    });
    await expect(get('a')).resolves.toEqual(key('a'));
    await expect(call('UpdateTable', { TableName, DeletionProtectionEnabled: false })).resolves.toMatchObject({
      TableDescription: { TableName, DeletionProtectionEnabled: false },
    });
    await restart();
    await create(properties);
    await call('DeleteTable', { TableName });
    await expect(get('a')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await restart();
    await create(properties);
    await expect(get('a')).resolves.toBeUndefined();
    await expect(call('DescribeTable', { TableName })).resolves.toMatchObject({
      Table: { DeletionProtectionEnabled: true },
    });
  });

  test('a table that is removed takes its items along, and removing it again is no error', async () => {
    await create(WITH_INDEX);
    await put('a', { kind: { S: 'k' } });
    await remove();
    await expect(get('a')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await remove();
    await create(WITH_INDEX);
    await expect(Promise.all([get('a'), countBy('k')])).resolves.toEqual([undefined, 0]);
  });
});

describe('time to live', () => {
  const atSeconds = START_MS / 1_000 + 90;
  beforeEach(() => create(WITH_INDEX));

  test('an item is deleted from table and index within a minute after its time, and others stay', async () => {
    await put('due', { expiresAtSeconds: { N: String(atSeconds) }, kind: { S: 'k' } });
    await put('later', { expiresAtSeconds: { N: String(atSeconds + 3_600) } });
    await put('text', { expiresAtSeconds: { S: String(atSeconds) } });
    await put('never');
    await passSeconds(0);
    await expect(get('due')).resolves.toBeDefined();
    await passSeconds(0);
    await expect(Promise.all([get('due'), countBy('k')])).resolves.toEqual([undefined, 0]);
    await expect(Promise.all(['later', 'text', 'never'].map(get))).resolves.not.toContain(undefined);
  });

  test('an item whose time was moved, or taken away, before it came is left alone', async () => {
    const expiring = { expiresAtSeconds: { N: String(atSeconds) } };
    await put('moved', expiring);
    await put('moved', { expiresAtSeconds: { N: String(atSeconds + 7_200) } });
    await put('kept', expiring);
    await call('UpdateItem', {
      TableName: 'data-things',
      Key: key('kept'),
      UpdateExpression: 'REMOVE expiresAtSeconds',
    });
    await passSeconds(3_600);
    await expect(Promise.all(['moved', 'kept'].map(get))).resolves.not.toContain(undefined);
    await passSeconds(7_200);
    await expect(get('moved')).resolves.toBeUndefined();
  });

  test('items of before it was switched on are deleted too, and switched off nothing is', async () => {
    await create({ ...WITH_INDEX, TimeToLiveSpecification: { Enabled: false } });
    await expect(call('DescribeTimeToLive', { TableName: 'data-things' })).resolves.toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    });
    await put('old', { expiresAtSeconds: { N: String(atSeconds) } });
    await passSeconds(600);
    await expect(get('old')).resolves.toBeDefined();
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expiresAtSeconds' };
    await call('UpdateTimeToLive', { TableName: 'data-things', TimeToLiveSpecification });
    await restart();
    await expect(call('DescribeTimeToLive', { TableName: 'data-things' })).resolves.toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAtSeconds' },
    });
    await passSeconds(60);
    await expect(get('old')).resolves.toBeUndefined();
  });
});

describe('transactions', () => {
  beforeEach(() => create(PROPERTIES));
  const add = (pk: string, n: number) => ({
    Update: {
      TableName: 'data-things',
      Key: key(pk),
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: String(n) } },
    },
  });

  test('transfers at once never change the sum, whatever fails in between', async () => {
    const account = fc.constantFrom('a', 'b', 'c');
    const transfer = fc.record({ from: account, to: account, amount: fc.integer({ min: 1, max: 40 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(transfer, { minLength: 1, maxLength: 20 }), async (transfers) => {
        await Promise.all(['a', 'b', 'c'].map((pk) => put(pk, { n: { N: '50' } })));
        const outcomes = await Promise.all(
          transfers.map(async ({ from, to, amount }) => {
            const take = add(from, -amount);
            const enough = { ConditionExpression: 'n >= :least' };
            const values = { ...take.Update.ExpressionAttributeValues, ':least': { N: String(amount) } };
            const guarded = { Update: { ...take.Update, ...enough, ExpressionAttributeValues: values } };
            try {
              await call('TransactWriteItems', { TransactItems: [guarded, add(to, amount)] });
              return 'done';
            } catch (error) {
              return error instanceof AwsError ? error.code : error;
            }
          }),
        );
        const allowed = ['done', 'TransactionCanceledException', 'ValidationException'];
        expect(outcomes.filter((outcome) => !allowed.includes(String(outcome)))).toEqual([]);
        const { Responses } = (await call('TransactGetItems', {
          TransactItems: ['a', 'b', 'c'].map((pk) => ({ Get: { TableName: 'data-things', Key: key(pk) } })),
        })) as { Responses: { Item: { n: { N: string } } }[] };
        const balances = Responses.map(({ Item }) => Number(Item.n.N));
        expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(150);
        expect(balances.every((balance) => balance >= 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('an entry that does not fit its item is named in the reasons (AWS: reason code ValidationError)', async () => {
    await put('text', { n: { S: 'no number' } });
    await expect(call('TransactWriteItems', { TransactItems: [add('a', 1), add('text', 1)] })).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      status: 400,
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]',
      fields: {
        CancellationReasons: [
          { Code: 'None' },
          { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
        ],
      },
    });
    await expect(get('a')).resolves.toBeUndefined();
  });

  test('a request token is good for ten minutes, over a restart too, and then is free again', async () => {
    const transaction = { ClientRequestToken: 'token', TransactItems: [add('a', 1)] };
    await call('TransactWriteItems', transaction);
    await restart();
    clock.advance(599_000);
    await call('TransactWriteItems', transaction);
    await expect(get('a')).resolves.toMatchObject({ n: { N: '1' } });
    clock.advance(1_000);
    await call('TransactWriteItems', transaction);
    await expect(get('a')).resolves.toMatchObject({ n: { N: '2' } });
  });

  test('a cancelled transaction does not use up its token', async () => {
    const missing = {
      ConditionCheck: { TableName: 'data-things', Key: key('b'), ConditionExpression: 'attribute_exists(pk)' },
    };
    const transaction = { ClientRequestToken: 'token', TransactItems: [add('a', 1), missing] };
    await expect(call('TransactWriteItems', transaction)).rejects.toMatchObject({
      code: 'TransactionCanceledException',
    });
    await put('b');
    await call('TransactWriteItems', transaction);
    await expect(get('a')).resolves.toMatchObject({ n: { N: '1' } });
  });
});

describe('what the local cloud does not have', () => {
  beforeEach(() => create(PROPERTIES));

  test.each([
    ['an operation', 'ExecuteStatement', {}, 'UnknownOperationException', 'dynamodb:ExecuteStatement'],
    ['an operation of the prototype', 'toString', {}, 'UnknownOperationException', 'dynamodb:toString'],
    [
      'a member',
      'PutItem',
      { TableName: 'data-things', Item: key('a'), Fancy: 1 },
      'ValidationException',
      'Fancy of PutItem',
    ],
    [
      'a change of a table',
      'UpdateTable',
      { TableName: 'data-things', BillingMode: 'PROVISIONED' },
      'ValidationException',
      'BillingMode of UpdateTable',
    ],
    [
      'a member of a transaction',
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'data-things', Item: key('a'), Fancy: 1 } }] },
      'ValidationException',
      'Fancy',
    ],
    [
      'a statement of PartiQL',
      'BatchExecuteStatement',
      { Statements: [{ Statement: 'SELECT * FROM "data-things"' }] },
      'ValidationException',
      'not: SELECT * FROM "data-things"',
    ],
  ])('%s is an error that says its name', async (_case, operation, input, code, message) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(get('a')).resolves.toBeUndefined();
  });

  test.each([
    ['m = :v', {}],
    ['a = :n AND NOT (:v <> m)', { ':n': { N: '1' } }],
    ['m IN (:n, :v)', { ':n': { N: '1' } }],
    ['contains(m, :v)', {}],
  ])('the condition %s, which compares lists or maps, is refused by name', async (ConditionExpression, more) => {
    const ExpressionAttributeValues = { ':v': { L: [] }, ...more };
    const input = { TableName: 'data-things', Item: key('a'), ConditionExpression, ExpressionAttributeValues };
    await expect(call('PutItem', input)).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'The local cloud does not compare lists or maps in a condition',
    });
  });

  test('point-in-time recovery is said to be off', async () => {
    await expect(call('DescribeContinuousBackups', { TableName: 'data-things' })).resolves.toEqual({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    });
  });
});

test('values nested deeper than 32 levels are refused (DynamoDB: nesting)', async () => {
  await create(PROPERTIES);
  const nested = (levels: number): Record<string, unknown> => (levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] });
  await expect(put('a', { deep: nested(33) })).rejects.toMatchObject({ code: 'ValidationException' });
  await put('a', { deep: nested(31) });
});
