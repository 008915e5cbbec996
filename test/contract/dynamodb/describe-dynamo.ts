import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  paginateScan,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { DynamodbBackend } from '../../builders/dynamodb-backends.ts';

const KB = 1_024;
let tableNumber = 0;

/** A table with text keys pk and sk, and an index byKind (kind, made). */
export async function createThings(client: DynamoDBClient): Promise<string> {
  tableNumber += 1;
  const TableName = `things-${tableNumber}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk', 'kind', 'made'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byKind',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'made', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  return TableName;
}

/** What a call came to, in a form that two backends can be compared by: its answer, or the error's name and reasons. */
export async function outcomeOf(call: Promise<object>): Promise<unknown> {
  try {
    const { $metadata: _metadata, ...answer } = (await call) as Record<string, unknown>;
    return { answer };
  } catch (error) {
    if (error instanceof TransactionCanceledException)
      return {
        error: error.name,
        reasons: error.CancellationReasons?.map(({ Code, Item }) => ({ Code, ...(Item ? { Item } : {}) })),
      };
    if (error instanceof ConditionalCheckFailedException)
      return { error: error.name, ...(error.Item ? { Item: error.Item } : {}) };
    return { error: error instanceof Error ? error.name : String(error) };
  }
}

/**
 * AWS documents that an entry which does not fit its item is a cancellation with the reason `ValidationError`; DynamoDB Local answers
 * ValidationException to the whole request. Both become the latter.
 */
export function withoutValidationReasons(outcome: unknown): unknown {
  const { reasons } = outcome as { reasons?: { Code?: string }[] };
  return reasons?.some(({ Code }) => Code === 'ValidationError') ? { error: 'ValidationException' } : outcome;
}

export async function contentsOf(client: DynamoDBClient, TableName: string): Promise<Record<string, unknown>[]> {
  const doc = DynamoDBDocumentClient.from(client);
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client: doc }, { TableName, ConsistentRead: true }))
    items.push(...(page.Items ?? []));
  const key = (item: Record<string, unknown>) => `${String(item['pk'])}/${String(item['sk'])}`;
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

const key = (pk: string, sk = '0') => ({ pk: { S: pk }, sk: { S: sk } });

/** What the product relies on of DynamoDB, said of one that `start` brings up. */
export function describeDynamo(name: string, start: () => Promise<DynamodbBackend>): void {
  describe(name, () => {
    let backend: DynamodbBackend;
    let client: DynamoDBClient;
    let TableName: string;
    beforeAll(async () => {
      backend = await start();
      client = backend.client;
    }, 90_000);
    afterAll(() => backend.close());
    beforeEach(async () => {
      TableName = await createThings(client);
    });

    const put = (Item: Record<string, AttributeValue>) => client.send(new PutItemCommand({ TableName, Item }));
    const get = async (pk: string, sk?: string) =>
      (await client.send(new GetItemCommand({ TableName, Key: key(pk, sk), ConsistentRead: true }))).Item;
    const insert = (items: Record<string, AttributeValue>[]) =>
      new BatchExecuteStatementCommand({
        Statements: items.map((item) => ({
          Statement: `INSERT INTO "${TableName}" VALUE {${Object.keys(item)
            .map((attribute) => `'${attribute}': ?`)
            .join(', ')}}`,
          Parameters: Object.values(item),
        })),
      });

    describe('conditions', () => {
      test('a put on condition of absence succeeds once, and the loser learns what is there', async () => {
        const first = { ...key('a'), owner: { S: 'one' } };
        const claim = (owner: string) =>
          client.send(
            new PutItemCommand({
              TableName,
              Item: { ...key('a'), owner: { S: owner } },
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          );
        await claim('one');
        await expect(outcomeOf(claim('two'))).resolves.toEqual({
          error: 'ConditionalCheckFailedException',
          Item: first,
        });
        await expect(get('a')).resolves.toEqual(first);
      });

      test('of many puts at once on condition of absence exactly one is answered with success', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            outcomeOf(
              client.send(
                new PutItemCommand({
                  TableName,
                  Item: { ...key('a'), owner: { N: String(index) } },
                  ConditionExpression: 'attribute_not_exists(pk)',
                }),
              ),
            ),
          ),
        );
        const refused = { error: 'ConditionalCheckFailedException' };
        expect(outcomes.filter((outcome) => JSON.stringify(outcome) === JSON.stringify(refused))).toHaveLength(19);
      });

      test.each([
        ['attribute_exists(config.colour)', {}, true],
        ['attribute_exists(config.taste)', {}, false],
        ['version = :v', { ':v': 3 }, true],
        ['version = :v', { ':v': 4 }, false],
        ['version BETWEEN :a AND :b', { ':a': 1, ':b': 3 }, true],
        ['version IN (:a, :b)', { ':a': 1, ':b': 2 }, false],
        ['label <> :l', { ':l': 'x' }, true],
        ['absent <> :l', { ':l': 'x' }, true],
        ['absent < :l', { ':l': 5 }, false],
        ['version < :l', { ':l': '9' }, false],
        ['contains(tags, :t)', { ':t': 'red' }, true],
        ['begins_with(label, :l)', { ':l': 'lab' }, true],
        ['attribute_type(label, :l)', { ':l': 'S' }, true],
        ['size(label) = :n', { ':n': 5 }, true],
        ['NOT (version = :v OR label = :l)', { ':v': 3, ':l': 'y' }, false],
        ['attribute_not_exists(absent) AND version >= :v', { ':v': 3 }, true],
        ['enabled = :t', { ':t': true }, true],
      ])('the condition %s with %j holds: %s', async (ConditionExpression, values, holds) => {
        const doc = DynamoDBDocumentClient.from(client);
        const Item = {
          pk: 'a',
          sk: '0',
          version: 3,
          label: 'label',
          enabled: true,
          config: { colour: null },
          tags: ['red', 'blue'],
        };
        await doc.send(new PutCommand({ TableName, Item }));
        const ExpressionAttributeValues = Object.keys(values).length === 0 ? undefined : values;
        const outcome = await outcomeOf(
          doc.send(new PutCommand({ TableName, Item, ConditionExpression, ExpressionAttributeValues })),
        );
        expect(outcome).toEqual(holds ? { answer: {} } : { error: 'ConditionalCheckFailedException' });
      });

      test.each([
        ['an unknown function', { ConditionExpression: 'exists(pk)' }],
        ['a reserved word as a name', { ConditionExpression: 'attribute_exists(status)' }],
        ['a value that is not given', { ConditionExpression: 'pk = :p' }],
        [
          'a value that is not used',
          { ExpressionAttributeValues: { ':p': { S: 'x' } }, ConditionExpression: 'attribute_exists(pk)' },
        ],
        ['an item without its sort key', { Item: { pk: { S: 'a' } } }],
        ['an item with an empty key', { Item: { pk: { S: '' }, sk: { S: 'x' } } }],
        ['an index key of another type', { Item: { ...key('a'), kind: { N: '1' }, made: { S: 'x' } } }],
        ['an attribute without a name', { Item: { ...key('a'), m: { M: { '': { S: 'x' } } } } }],
        ['an empty index key', { Item: { ...key('a'), kind: { S: '' }, made: { S: 'x' } } }],
        ['a number of 39 digits', { Item: { ...key('a'), n: { N: '1'.repeat(39) } } }],
        ['a set with a member twice', { Item: { ...key('a'), s: { SS: ['x', 'x'] } } }],
      ])('%s is a ValidationException and writes nothing', async (_case, input) => {
        const command = new PutItemCommand({ TableName, Item: key('a'), ...input });
        await expect(outcomeOf(client.send(command))).resolves.toEqual({ error: 'ValidationException' });
        await expect(contentsOf(client, TableName)).resolves.toEqual([]);
      });

      test('a table that does not exist is a ResourceNotFoundException', async () => {
        const command = new PutItemCommand({ TableName: 'no-such-table', Item: key('a') });
        await expect(outcomeOf(client.send(command))).resolves.toEqual({ error: 'ResourceNotFoundException' });
      });
    });

    describe('updates', () => {
      test('an update makes the item, changes it, and moves it in the index', async () => {
        const doc = DynamoDBDocumentClient.from(client);
        const Key = { pk: 'a', sk: '0' };
        const update = (UpdateExpression: string, values: Record<string, unknown>) =>
          doc.send(
            new UpdateCommand({
              TableName,
              Key,
              UpdateExpression,
              ExpressionAttributeValues: values,
              ReturnValues: 'ALL_NEW',
            }),
          );
        await update('SET kind = :k, made = :a, n = if_not_exists(n, :zero) + :one', {
          ':k': 'open',
          ':a': '2026',
          ':zero': 0,
          ':one': 1,
        });
        const { Attributes } = await update(
          'SET kind = :k, notes = list_append(if_not_exists(notes, :none), :entry) ADD n :one',
          {
            ':k': 'done',
            ':none': [],
            ':entry': ['x'],
            ':one': 1,
          },
        );
        expect(Attributes).toEqual({ ...Key, kind: 'done', made: '2026', n: 2, notes: ['x'] });
        const byKind = async (kind: string) =>
          (
            await client.send(
              new QueryCommand({
                TableName,
                IndexName: 'byKind',
                KeyConditionExpression: 'kind = :k',
                ExpressionAttributeValues: { ':k': { S: kind } },
              }),
            )
          ).Count;
        await expect(Promise.all([byKind('open'), byKind('done')])).resolves.toEqual([0, 1]);
      });

      test('indexes of a list mean the list before the update', async () => {
        const doc = DynamoDBDocumentClient.from(client);
        const Key = { pk: 'a', sk: '0' };
        await doc.send(new PutCommand({ TableName, Item: { ...Key, steps: ['0', '1', '2', '3'] } }));
        const UpdateExpression = 'REMOVE steps[0], steps[2] SET steps[3] = :v';
        const { Attributes } = await doc.send(
          new UpdateCommand({
            TableName,
            Key,
            UpdateExpression,
            ExpressionAttributeValues: { ':v': 'x' },
            ReturnValues: 'ALL_NEW',
          }),
        );
        expect(Attributes).toEqual({ ...Key, steps: ['1', 'x'] });
      });

      test('200 additions at once add up', async () => {
        await Promise.all(
          Array.from({ length: 200 }, () =>
            client.send(
              new UpdateItemCommand({
                TableName,
                Key: key('a'),
                UpdateExpression: 'ADD n :one',
                ExpressionAttributeValues: { ':one': { N: '1' } },
              }),
            ),
          ),
        );
        await expect(get('a')).resolves.toEqual({ ...key('a'), n: { N: '200' } });
      });

      test('a delete on a condition that fails leaves the item', async () => {
        await put({ ...key('a'), v: { N: '1' } });
        const command = new DeleteItemCommand({
          TableName,
          Key: key('a'),
          ConditionExpression: 'v = :v',
          ExpressionAttributeValues: { ':v': { N: '2' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        const item = { ...key('a'), v: { N: '1' } };
        await expect(outcomeOf(client.send(command))).resolves.toEqual({
          error: 'ConditionalCheckFailedException',
          Item: item,
        });
        await expect(get('a')).resolves.toEqual(item);
      });
    });

    describe('transactions', () => {
      const putOf = (pk: string, more: object = {}) => ({ Put: { TableName, Item: key(pk), ...more } });
      const absent = { ConditionExpression: 'attribute_not_exists(pk)' };

      test('everything is written, or nothing is and each entry has its reason', async () => {
        const there = { ...key('b'), v: { N: '1' } };
        await put(there);
        const transaction = new TransactWriteItemsCommand({
          TransactItems: [
            putOf('a', absent),
            putOf('b', { ...absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
            { Delete: { TableName, Key: key('c'), ConditionExpression: 'attribute_exists(pk)' } },
            { ConditionCheck: { TableName, Key: key('d'), ...absent } },
            {
              Update: {
                TableName,
                Key: key('e'),
                UpdateExpression: 'SET v = :v',
                ExpressionAttributeValues: { ':v': { N: '1' } },
              },
            },
          ],
        });
        await expect(outcomeOf(client.send(transaction))).resolves.toEqual({
          error: 'TransactionCanceledException',
          reasons: [
            { Code: 'None' },
            { Code: 'ConditionalCheckFailed', Item: there },
            { Code: 'ConditionalCheckFailed' },
            { Code: 'None' },
            { Code: 'None' },
          ],
        });
        await expect(contentsOf(client, TableName)).resolves.toEqual([{ pk: 'b', sk: '0', v: 1 }]);
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: [putOf('a', absent), { Delete: { TableName, Key: key('b') } }],
          }),
        );
        await expect(contentsOf(client, TableName)).resolves.toEqual([{ pk: 'a', sk: '0' }]);
      });

      test('a request token makes a repetition harmless and refuses another request', async () => {
        const doc = DynamoDBDocumentClient.from(client);
        const ClientRequestToken = `token-${TableName}`;
        const write = (n: number) =>
          doc.send(
            new TransactWriteCommand({
              ClientRequestToken,
              TransactItems: [{ Put: { TableName, Item: { pk: 'a', sk: '0', n }, ...absent } }],
            }),
          );
        await write(1);
        await expect(outcomeOf(write(1))).resolves.toEqual({ answer: {} });
        await expect(outcomeOf(write(2))).resolves.toEqual({ error: 'IdempotentParameterMismatchException' });
        await expect(contentsOf(client, TableName)).resolves.toEqual([{ pk: 'a', sk: '0', n: 1 }]);
      });

      test.each([
        ['two operations on one item', () => [putOf('a'), { Delete: { TableName, Key: key('a') } }]],
        ['101 entries', () => Array.from({ length: 101 }, (_, index) => putOf(String(index)))],
        ['a condition with a syntax error', () => [putOf('a', { ConditionExpression: 'pk ==' })]],
        [
          'a check without a condition',
          () => [{ ConditionCheck: { TableName, Key: key('a'), ConditionExpression: undefined } }],
        ],
      ])('%s is a ValidationException and writes nothing', async (_case, items) => {
        const command = new TransactWriteItemsCommand({ TransactItems: items() });
        await expect(outcomeOf(client.send(command))).resolves.toEqual({ error: 'ValidationException' });
        await expect(contentsOf(client, TableName)).resolves.toEqual([]);
      });

      test('100 entries are taken', async () => {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: Array.from({ length: 100 }, (_, index) => putOf(String(index))),
          }),
        );
        await expect(contentsOf(client, TableName)).resolves.toHaveLength(100);
      });

      test('an update that does not fit its item cancels the transaction', async () => {
        await put({ ...key('b'), v: { S: 'text' } });
        const command = new TransactWriteItemsCommand({
          TransactItems: [
            putOf('a'),
            {
              Update: {
                TableName,
                Key: key('b'),
                UpdateExpression: 'ADD v :one',
                ExpressionAttributeValues: { ':one': { N: '1' } },
              },
            },
          ],
        });
        const outcome = await outcomeOf(client.send(command));
        expect(withoutValidationReasons(outcome)).toEqual({ error: 'ValidationException' });
        await expect(get('a')).resolves.toBeUndefined();
      });

      test('TransactGetItems gives items in their order and an empty place for what is not there', async () => {
        await put({ ...key('a'), n: { N: '1' }, m: { S: 'x' } });
        const { Responses } = await client.send(
          new TransactGetItemsCommand({
            TransactItems: [
              { Get: { TableName, Key: key('missing') } },
              { Get: { TableName, Key: key('a'), ProjectionExpression: 'n' } },
            ],
          }),
        );
        expect(Responses).toEqual([{}, { Item: { n: { N: '1' } } }]);
      });
    });

    describe('inserts by BatchExecuteStatement', () => {
      test('each insert stands alone: new items are written, one that is there answers DuplicateItem and stays', async () => {
        await put({ ...key('b'), owner: { S: 'first' } });
        const items = ['a', 'b', 'c'].map((pk) => ({ ...key(pk), owner: { S: 'second' } }));
        const { Responses } = await client.send(insert(items));
        expect(Responses?.map(({ Error: error, TableName: table }) => ({ code: error?.Code, table }))).toEqual([
          { code: undefined, table: TableName },
          { code: 'DuplicateItem', table: TableName },
          { code: undefined, table: TableName },
        ]);
        await expect(contentsOf(client, TableName)).resolves.toEqual([
          { pk: 'a', sk: '0', owner: 'second' },
          { pk: 'b', sk: '0', owner: 'first' },
          { pk: 'c', sk: '0', owner: 'second' },
        ]);
      });

      test('an item that the table refuses fails alone', async () => {
        const { Responses } = await client.send(insert([{ pk: { S: 'a' } }, key('b')]));
        expect(Responses?.map(({ Error: error }) => error?.Code)).toEqual(['ValidationError', undefined]);
        await expect(contentsOf(client, TableName)).resolves.toEqual([{ pk: 'b', sk: '0' }]);
      });

      test('a batch that names one item twice is a ValidationException', async () => {
        const outcome = outcomeOf(client.send(insert([key('a'), key('b'), key('a')])));
        await expect(outcome).resolves.toEqual({ error: 'ValidationException' });
      });

      test('25 statements are taken and 26 are not', async () => {
        const items = (count: number) => Array.from({ length: count }, (_, index) => key(String(index)));
        await expect(outcomeOf(client.send(insert(items(26))))).resolves.toEqual({ error: 'ValidationException' });
        await client.send(insert(items(25)));
        await expect(contentsOf(client, TableName)).resolves.toHaveLength(25);
      });
    });

    describe('pages and sizes', () => {
      test('a query gives items in the order of the sort key, forwards, backwards and between', async () => {
        const order = ['', '-', '0', '1', '10', '2', 'a', 'a/b', 'ab', 'é', '日'].map((sk) => `k${sk}`);
        await Promise.all(order.toReversed().map((sk) => put(key('a', sk))));
        await put(key('b', 'k'));
        const query = async (condition: string, more: Record<string, AttributeValue>, isForward = true) => {
          const { Items = [] } = await client.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: `pk = :p${condition}`,
              ExpressionAttributeValues: { ':p': { S: 'a' }, ...more },
              ScanIndexForward: isForward,
            }),
          );
          return Items.map(({ sk }) => sk?.S);
        };
        await expect(query('', {})).resolves.toEqual(order);
        await expect(query('', {}, false)).resolves.toEqual(order.toReversed());
        await expect(query(' AND sk BETWEEN :a AND :b', { ':a': { S: 'k1' }, ':b': { S: 'ka' } })).resolves.toEqual([
          'k1',
          'k10',
          'k2',
          'ka',
        ]);
        await expect(query(' AND begins_with(sk, :a)', { ':a': { S: 'ka' } })).resolves.toEqual(['ka', 'ka/b', 'kab']);
        await expect(query(' AND sk > :a', { ':a': { S: 'kab' } })).resolves.toEqual(['ké', 'k日']);
      });

      test('pages by limit, forwards and backwards over table and index, give every item once', async () => {
        await Promise.all(
          Array.from({ length: 23 }, (_, index) =>
            put({ ...key('a', String(index).padStart(2, '0')), kind: { S: 'k' }, made: { S: String(index % 5) } }),
          ),
        );
        const doc = DynamoDBDocumentClient.from(client);
        const pages = async (ScanIndexForward: boolean, IndexName?: string) => {
          const sizes: number[] = [];
          const keys = new Set<unknown>();
          const input = {
            TableName,
            IndexName,
            ScanIndexForward,
            Limit: 5,
            KeyConditionExpression: IndexName ? 'kind = :v' : 'pk = :v',
            ExpressionAttributeValues: { ':v': IndexName ? 'k' : 'a' },
          };
          for await (const { Items = [] } of paginateQuery({ client: doc }, input)) {
            sizes.push(Items.length);
            for (const item of Items) keys.add(item['sk']);
          }
          return { sizes, count: keys.size };
        };
        const expected = { sizes: [5, 5, 5, 5, 3], count: 23 };
        await expect(pages(true)).resolves.toEqual(expected);
        await expect(pages(false)).resolves.toEqual(expected);
        await expect(pages(true, 'byKind')).resolves.toEqual(expected);
        await expect(pages(false, 'byKind')).resolves.toEqual(expected);
      });

      test('a page ends at 1 MB', async () => {
        for (let index = 0; index < 4; index += 1)
          await put({ ...key('a', String(index)), text: { S: 'x'.repeat(390 * KB) } });
        const query = (ExclusiveStartKey?: Record<string, AttributeValue>) =>
          client.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: 'pk = :p',
              ExpressionAttributeValues: { ':p': { S: 'a' } },
              ExclusiveStartKey,
            }),
          );
        const first = await query();
        expect([first.Count, first.LastEvaluatedKey]).toEqual([3, key('a', '2')]);
        const second = await query(first.LastEvaluatedKey);
        expect([second.Count, second.LastEvaluatedKey]).toEqual([1, undefined]);
      });

      test.each([
        ['ASCII', 'x', 1],
        ['two-byte', 'é', 2],
        ['four-byte', '😀', 4],
      ])('an item of 400 KB of %s text is taken, one with more is not', async (_case, character, bytes) => {
        // pk, sk and text: 7 bytes of names, 2 of keys.
        const room = 400 * KB - 'pksktext'.length - 2;
        const text = character.repeat(Math.floor(room / bytes));
        await put({ ...key('a'), text: { S: text } });
        const over = { ...key('b'), text: { S: text + character } };
        await expect(outcomeOf(put(over))).resolves.toEqual({ error: 'ValidationException' });
        await expect(get('b')).resolves.toBeUndefined();
      });

      test('an update cannot let an item grow beyond 400 KB', async () => {
        await put({ ...key('a'), text: { S: 'x'.repeat(300 * KB) } });
        const command = new UpdateItemCommand({
          TableName,
          Key: key('a'),
          UpdateExpression: 'SET more = :m',
          ExpressionAttributeValues: { ':m': { S: 'é'.repeat(60 * KB) } },
        });
        await expect(outcomeOf(client.send(command))).resolves.toEqual({ error: 'ValidationException' });
      });

      test('BatchWriteItem takes 25 writes, and neither 26 nor two of one item', async () => {
        const write = (keys: string[]) =>
          outcomeOf(
            client.send(
              new BatchWriteItemCommand({
                RequestItems: { [TableName]: keys.map((pk) => ({ PutRequest: { Item: key(pk) } })) },
              }),
            ),
          );
        const keys = (count: number) => Array.from({ length: count }, (_, index) => String(index));
        await expect(write(keys(26))).resolves.toEqual({ error: 'ValidationException' });
        await expect(write(['a', 'a'])).resolves.toEqual({ error: 'ValidationException' });
        await expect(write(keys(25))).resolves.toEqual({ answer: { UnprocessedItems: {} } });
        await expect(contentsOf(client, TableName)).resolves.toHaveLength(25);
      });
    });

    test('every type of value comes back as it was written, hostile attribute names too', async () => {
      const Item = {
        ...key('a'),
        string: { S: 'é😀\u0000"' },
        empty: { S: '' },
        number: { N: '-12345678901234567890.123' },
        binary: { B: new Uint8Array([0, 255, 7]) },
        yes: { BOOL: true },
        nothing: { NULL: true },
        strings: { SS: ['a', 'b'] },
        list: { L: [{ N: '1' }, { M: { deep: { L: [] } } }] },
        map: { M: { constructor: { S: 'c' }, ['__proto__']: { S: 'p' } } },
        toString: { S: 'own' },
      };
      await put(Item);
      const got = await get('a');
      expect(Object.keys(got?.['map']?.M ?? {}).toSorted()).toEqual(['__proto__', 'constructor']);
      expect({ ...got, map: undefined }).toEqual({ ...Item, map: undefined });
    });

    test('an item past its time to live can be read and written until it is deleted', async () => {
      const TimeToLiveSpecification = { AttributeName: 'expiresAtSeconds', Enabled: true };
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      const doc = DynamoDBDocumentClient.from(client);
      const Item = { pk: 'a', sk: '0', expiresAtSeconds: Math.floor(Date.now() / 1_000) - 5 };
      await doc.send(new PutCommand({ TableName, Item }));
      const { Item: read } = await doc.send(new GetCommand({ TableName, Key: { pk: 'a', sk: '0' } }));
      expect(read).toEqual(Item);
      const claim = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
      await expect(outcomeOf(doc.send(claim))).resolves.toEqual({ error: 'ConditionalCheckFailedException' });
    });
  });
}
