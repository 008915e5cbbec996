import { amazonsDynamodbLocal, hasJava, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { describeNotes } from './describe-notes.ts';

describeNotes('the local cloud', () => localDynamodb());

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local was skipped: there is no java on this machine.\n');
(java ? describe : describe.skip)('with Java', () => {
  describeNotes("Amazon's DynamoDB Local", amazonsDynamodbLocal);
});
