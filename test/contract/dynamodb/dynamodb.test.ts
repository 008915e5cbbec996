import { type AttributeValue, TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import {
  amazonsDynamodbLocal,
  type DynamodbBackend,
  hasJava,
  localDynamodb,
} from '../../builders/dynamodb-backends.ts';
import { contentsOf, createThings, describeDynamo, outcomeOf, withoutValidationReasons } from './describe-dynamo.ts';

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local was skipped: there is no java on this machine.\n');

describeDynamo('the local cloud', () => localDynamodb());

const onBoth = java ? describe : describe.skip;

onBoth('with Java', () => {
  describeDynamo("Amazon's DynamoDB Local", amazonsDynamodbLocal);

  describe('side by side', () => {
    let backends: DynamodbBackend[];
    beforeAll(async () => {
      backends = await Promise.all([localDynamodb(), amazonsDynamodbLocal()]);
    }, 90_000);
    afterAll(async () => {
      await Promise.all(backends.map((backend) => backend.close()));
    });

    const number: fc.Arbitrary<AttributeValue> = fc.integer({ min: 0, max: 3 }).map((n) => ({ N: String(n) }));
    const value = fc.oneof(
      { arbitrary: number, weight: 3 },
      { arbitrary: fc.constant<AttributeValue>({ S: 'text' }), weight: 1 },
    );
    type When = { ConditionExpression?: string; ExpressionAttributeValues?: Record<string, AttributeValue> };
    const condition: fc.Arbitrary<When> = fc.oneof(
      fc.constant({}),
      fc.constant({ ConditionExpression: 'attribute_not_exists(pk)' }),
      fc.constant({ ConditionExpression: 'attribute_exists(pk)' }),
      value.map((v) => ({ ConditionExpression: 'v = :c', ExpressionAttributeValues: { ':c': v } })),
      number.map((v) => ({
        ConditionExpression: 'v < :c OR attribute_exists(w)',
        ExpressionAttributeValues: { ':c': v },
      })),
    );
    type Change = { UpdateExpression: string; values?: Record<string, AttributeValue> };
    const update: fc.Arbitrary<Change> = fc.oneof(
      value.map((v) => ({ UpdateExpression: 'SET v = :u', values: { ':u': v } })),
      number.map((v) => ({ UpdateExpression: 'SET w = if_not_exists(w, :u), v = :u', values: { ':u': v } })),
      number.map((v) => ({ UpdateExpression: 'ADD v :u', values: { ':u': v } })),
      number.map((v) => ({ UpdateExpression: 'SET v = v + :u', values: { ':u': v } })),
      fc.constant({ UpdateExpression: 'REMOVE w' }),
    );
    const returned = fc.constantFrom('ALL_OLD' as const, 'NONE' as const);
    const item = fc.constantFrom('a', 'b', 'c', 'd');

    const kind = fc.constantFrom('Put' as const, 'Update' as const, 'Delete' as const, 'Check' as const);
    const operation = fc.record({ kind, item, condition, update, returned, value });
    type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
    // Two entries for one item are a case of their own above: DynamoDB Local sees them only where no condition fails.
    const transaction = fc.uniqueArray(operation, { minLength: 1, maxLength: 4, selector: (of) => of.item });

    const entryOf = (TableName: string, of: Operation): TransactWriteItem => {
      const Key = { pk: { S: of.item }, sk: { S: '0' } };
      const common = { TableName, ...of.condition, ReturnValuesOnConditionCheckFailure: of.returned };
      if (of.kind === 'Put') return { Put: { ...common, Item: { ...Key, v: of.value } } };
      if (of.kind === 'Delete') return { Delete: { ...common, Key } };
      const { ConditionExpression = 'attribute_exists(pk)' } = of.condition;
      if (of.kind === 'Check') return { ConditionCheck: { ...common, ConditionExpression, Key } };
      const values: Record<string, AttributeValue> = { ...of.condition.ExpressionAttributeValues, ...of.update.values };
      const { UpdateExpression } = of.update;
      if (Object.keys(values).length === 0) return { Update: { ...common, Key, UpdateExpression } };
      return { Update: { ...common, Key, UpdateExpression, ExpressionAttributeValues: values } };
    };

    test('the same transactions give the same outcomes and leave the same items', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 12 }), async (transactions) => {
          const histories = await Promise.all(
            backends.map(async ({ client }) => {
              const TableName = await createThings(client);
              const outcomes: unknown[] = [];
              for (const operations of transactions) {
                const TransactItems = operations.map((of) => entryOf(TableName, of));
                const outcome = await outcomeOf(client.send(new TransactWriteItemsCommand({ TransactItems })));
                outcomes.push(withoutValidationReasons(outcome));
              }
              return { outcomes, contents: await contentsOf(client, TableName) };
            }),
          );
          expect(histories[0]).toEqual(histories[1]);
        }),
        { numRuns: 60 },
      );
    }, 120_000);
  });
});
