import { amazonsDynamodbLocal, hasJava, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { describeControlStore } from './describe-control-store.ts';
import { describeLanes } from './describe-lanes.ts';

describeControlStore('the local cloud', () => localDynamodb());
describeLanes('the local cloud', () => localDynamodb());

(hasJava() ? describe : describe.skip)('with Java', () => {
  describeControlStore("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeLanes("Amazon's DynamoDB Local", amazonsDynamodbLocal);
});
