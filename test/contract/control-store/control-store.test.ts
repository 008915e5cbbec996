import { documentClient } from '../../../shared/aws/document-client.ts';
import { sdkDocuments } from '../../../shared/aws/documents.ts';
import { lightDocuments } from '../../../shared/aws/light-documents.ts';
import {
  type DynamodbBackend,
  amazonsDynamodbLocal,
  hasJava,
  localDynamodb,
} from '../../builders/dynamodb-backends.ts';
import { aLightClient } from '../../builders/light-client-of.ts';
import { describeCommits } from './describe-commits.ts';
import { describeControlStore } from './describe-control-store.ts';
import { describeLanes } from './describe-lanes.ts';

const bySdk = async ({ client }: DynamodbBackend) => sdkDocuments(documentClient(client));
const withoutSdk = async ({ client }: DynamodbBackend) => lightDocuments(await aLightClient(client));

describeControlStore('the local cloud', () => localDynamodb());
describeLanes('the local cloud', () => localDynamodb());
describeCommits('the local cloud through the SDK', () => localDynamodb(), bySdk);
describeCommits('the local cloud without the SDK', () => localDynamodb(), withoutSdk);

(hasJava() ? describe : describe.skip)('with Java', () => {
  describeControlStore("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeLanes("Amazon's DynamoDB Local", amazonsDynamodbLocal);
  describeCommits("Amazon's DynamoDB Local through the SDK", amazonsDynamodbLocal, bySdk);
  describeCommits("Amazon's DynamoDB Local without the SDK", amazonsDynamodbLocal, withoutSdk);
});
