/**
 * A process that puts items into a local DynamoDB one after the other, and says on a line each what was answered: `saved 17`, or
 * `refused CODE STATUS READABLE` where READABLE tells whether item 0 can still be read. It never ends by itself.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../../local/clock.ts';
import { dynamodbService } from '../../../../local/dynamodb/dynamodb-service.ts';
import { AwsError, type CallContext } from '../../../../local/types.ts';

const context: CallContext = { principal: { kind: 'operator' }, requestId: 'put-until-killed' };
const service = await dynamodbService({ directory: process.argv[2] ?? '', clock: systemClock });
await service.call(
  'CreateTable',
  {
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  },
  context,
);
const filling = 'x'.repeat(4_000);
for (let index = 0; ; index += 1) {
  try {
    const put = (part: string) => ({
      Put: { TableName: 'things', Item: { pk: { S: `${index}${part}` }, filling: { S: filling } } },
    });
    await service.call('TransactWriteItems', { TransactItems: [put(''), put(' twin')] }, context);
    process.stdout.write(`saved ${index}\n`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const read = await service.call('GetItem', { TableName: 'things', Key: { pk: { S: '0' } } }, context);
    process.stdout.write(`refused ${error.code} ${error.status} ${read['Item'] !== undefined}\n`);
    await wait(100);
  }
}
