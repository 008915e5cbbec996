import { amazonsDynamodbLocal, hasJava, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { describeSuppression } from './describe-suppression.ts';

describeSuppression('the local cloud', () => localDynamodb());

(hasJava() ? describe : describe.skip)('with Java', () => {
  describeSuppression("Amazon's DynamoDB Local", amazonsDynamodbLocal);
});
