import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

let tableNumber = 0;

/** A table as the template makes them: text keys pk and sk, on demand. Answers its name. */
export async function aStateTable(client: DynamoDBClient): Promise<string> {
  tableNumber += 1;
  const TableName = `state-${tableNumber}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  return TableName;
}
