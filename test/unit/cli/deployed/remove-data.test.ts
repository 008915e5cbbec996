import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type DataClients, removeKept } from '../../../../cli/deployed/remove-data.ts';
import { AwsError, type JsonService } from '../../../../local/types.ts';
import { awsEndpoint } from '../../../builders/aws-endpoint.ts';

let calls: [string, Record<string, unknown>][] = [];
let gone = false;
let endpoint: Awaited<ReturnType<typeof awsEndpoint>>;
let clients: DataClients;

beforeAll(async () => {
  const service: JsonService = {
    name: 'any',
    call: async (operation, input) => {
      calls.push([operation, input]);
      if (gone) throw new AwsError('ResourceNotFoundException', 'gone');
      return {};
    },
  };
  endpoint = await awsEndpoint(service);
  const config = endpoint.clientConfig;
  clients = {
    cloudFormation: new CloudFormationClient(config),
    dynamodb: new DynamoDBClient(config),
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    kms: new KMSClient(config),
    cognito: new CognitoIdentityProviderClient(config),
  };
});
afterAll(async () => {
  await endpoint.close();
});
beforeEach(() => {
  calls = [];
  gone = false;
});

test('a table loses its protection first, then goes', async () => {
  expect(await removeKept(clients, { type: 'AWS::DynamoDB::GlobalTable', id: 'ledger' })).toBe('table ledger: deleted');
  expect(calls).toEqual([
    ['UpdateTable', { TableName: 'ledger', DeletionProtectionEnabled: false }],
    ['DeleteTable', { TableName: 'ledger' }],
  ]);
});

test('a queue goes by its URL', async () => {
  const id = 'https://sqs.eu-west-1.amazonaws.com/1/intake';
  expect(await removeKept(clients, { type: 'AWS::SQS::Queue', id })).toBe('queue intake: deleted');
  expect(calls).toEqual([['DeleteQueue', { QueueUrl: id }]]);
});

test('a key is scheduled for deletion, as soon as KMS allows', async () => {
  expect(await removeKept(clients, { type: 'AWS::KMS::Key', id: 'k-1' })).toContain('in 7 days');
  expect(calls).toEqual([['ScheduleKeyDeletion', { KeyId: 'k-1', PendingWindowInDays: 7 }]]);
});

test('a user pool loses its protection first, then goes', async () => {
  const id = 'eu-west-1_abc';
  expect(await removeKept(clients, { type: 'AWS::Cognito::UserPool', id })).toBe(
    'user pool eu-west-1_abc: deleted with its accounts',
  );
  expect(calls).toEqual([
    ['UpdateUserPool', { UserPoolId: id, DeletionProtection: 'INACTIVE' }],
    ['DeleteUserPool', { UserPoolId: id }],
  ]);
});

test('what is gone already is no error: a second run ends what a first began', async () => {
  gone = true;
  expect(await removeKept(clients, { type: 'AWS::DynamoDB::GlobalTable', id: 'ledger' })).toBe('table ledger: deleted');
});
