import { billingUnits } from '../../../../local/front-door/billing-units.ts';
import { itemBytes } from '../../../../local/front-door/item-size.ts';

const item = (bytes: number) => ({ pk: { S: 'x'.repeat(bytes - 2) } });
const get = (bytes: number) => ({ Item: item(bytes) });

test('items are sized as DynamoDB does: names and values in UTF-8, numbers by digits, 3 bytes for a list or map and 1 for each element', () => {
  expect(
    [
      { pk: { S: 'é' } },
      { n: { N: '-12.5' } },
      { b: { B: 'AQIDBAUG' } },
      { t: { BOOL: true } },
      { s: { SS: ['a', 'bc'] } },
      { l: { L: [{ S: 'ab' }, { NULL: true }] } },
      { m: { M: { key: { S: 'v' } } } },
      undefined,
    ].map(itemBytes),
  ).toEqual([4, 4, 7, 2, 4, 1 + 3 + 3 + 2, 1 + 3 + 1 + 4, 0]);
});

test.each([
  ['a put of exactly 1 KB', 'PutItem', { Item: item(1_024) }, {}, 1],
  ['a put of a byte more', 'PutItem', { Item: item(1_025) }, {}, 2],
  [
    'an update by what it carries',
    'UpdateItem',
    { Key: item(10), ExpressionAttributeValues: { ':v': { S: 'x'.repeat(2_000) } } },
    {},
    2,
  ],
  ['a delete', 'DeleteItem', { Key: item(10) }, {}, 1],
  ['an eventual read of 4 KB', 'GetItem', {}, get(4_096), 0.5],
  ['a strong read of a byte more', 'GetItem', { ConsistentRead: true }, get(4_097), 2],
  ['a read of nothing', 'GetItem', {}, {}, 0.5],
  ['a query, by the sum of its items', 'Query', { ConsistentRead: true }, { Items: [item(3_000), item(3_000)] }, 2],
  [
    'a batch get, each key by itself, absent ones too',
    'BatchGetItem',
    { RequestItems: { t: { Keys: [item(3), item(4), item(5)], ConsistentRead: true } } },
    { Responses: { t: [item(5_000), item(10)] } },
    4,
  ],
  [
    'a batch write',
    'BatchWriteItem',
    { RequestItems: { t: [{ PutRequest: { Item: item(2_000) } }, { DeleteRequest: { Key: item(5) } }] } },
    {},
    3,
  ],
  [
    'inserts by PartiQL',
    'BatchExecuteStatement',
    { Statements: [{ Parameters: [{ S: 'x'.repeat(1_500) }] }, { Parameters: [{ S: 'a' }] }] },
    {},
    3,
  ],
  [
    'a transaction, twice of each',
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { Item: item(1_500) } },
        { Update: { Key: item(5) } },
        { Delete: { Key: item(5) } },
        { ConditionCheck: { Key: item(5) } },
      ],
    },
    {},
    10,
  ],
  [
    'a transactional read',
    'TransactGetItems',
    { TransactItems: [{ Get: {} }, { Get: {} }] },
    { Responses: [get(5_000), {}] },
    6,
  ],
  ['anything else', 'DescribeTable', {}, {}, 1],
])('DynamoDB: %s', (_case, operation, input, output, units) => {
  expect(billingUnits('dynamodb', operation, input, output)).toBe(units);
});

test('GetMetricData is billed by the metrics asked for, S3 and KMS by the call', () => {
  const MetricDataQueries = [
    { Id: 'a', MetricStat: {} },
    { Id: 'b', MetricStat: {} },
    { Id: 'c', Expression: 'a+b' },
  ];
  expect([
    billingUnits('monitoring', 'GetMetricData', { MetricDataQueries }, {}),
    billingUnits('s3', 'PutObject', {}, {}),
    billingUnits('kms', 'Decrypt', {}, {}),
  ]).toEqual([2, 1, 1]);
});

test('an event of a bus is billed by started 64 KB of its entry, each entry by itself', () => {
  const entry = (bytes: number) => ({ Source: 'abc', DetailType: 'x', Detail: 'x'.repeat(bytes - 4) });
  expect(billingUnits('events', 'PutEvents', { Entries: [entry(65_536), entry(65_537), entry(10)] }, {})).toBe(4);
});
