import { amazonsDynamodbLocal, hasJava, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { describeAccessTokens } from './describe-access-tokens.ts';
import { describeClaims } from './describe-claims.ts';
import { describeDetails } from './describe-details.ts';
import { describeDigests } from './describe-digests.ts';
import { describeEnds } from './describe-ends.ts';
import { describeLedger } from './describe-ledger.ts';
import { describeRateClocks } from './describe-rate-clocks.ts';

describeClaims('the local cloud', () => localDynamodb());
describeLedger('the local cloud', () => localDynamodb());
describeEnds('the local cloud', () => localDynamodb());
describeDetails('the local cloud', () => localDynamodb());
describeRateClocks('the local cloud', () => localDynamodb());
describeAccessTokens('the local cloud', () => localDynamodb());
describeDigests('the local cloud', () => localDynamodb());

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local was skipped: there is no java on this machine.\n');
(java ? describe : describe.skip)('with Java', () => {
  describeClaims("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeLedger("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeEnds("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeDetails("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeRateClocks("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeAccessTokens("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeDigests("Amazon's DynamoDB Local", amazonsDynamodbLocal);
});
