import { kmsKeys } from '../../../../local/iam/kms-keys.ts';
import { accessRequests, namedAccess } from '../../../../local/iam/access-requests.ts';

const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
const queue = 'arn:aws:sqs:us-east-1:000000000000:intake';
const QueueUrl = 'http://127.0.0.1:4000/000000000000/intake';
const lookups = { kmsKeyArn: () => 'arn:aws:kms:us-east-1:000000000000:key/1' };
const needs = (service: string, operation: string, input: Record<string, unknown>) =>
  accessRequests(service, operation, input, lookups).map(({ action, resource }) => `${action} ${resource}`);

test.each<[string, string, Record<string, unknown>, string[]]>([
  ['sqs', 'SendMessageBatch', { QueueUrl }, [`sqs:SendMessage ${queue}`]],
  ['sqs', 'DeleteMessageBatch', { QueueUrl }, [`sqs:DeleteMessage ${queue}`]],
  ['sqs', 'ChangeMessageVisibilityBatch', { QueueUrl }, [`sqs:ChangeMessageVisibility ${queue}`]],
  ['sqs', 'GetQueueUrl', { QueueName: 'intake' }, [`sqs:GetQueueUrl ${queue}`]],
  ['sqs', 'DeleteQueue', { QueueUrl }, [`sqs:DeleteQueue ${queue}`]],
  ['sqs', 'ListQueues', {}, ['sqs:ListQueues *']],
  [
    'cognito-idp',
    'AdminGetUser',
    { UserPoolId: 'us-east-1_x', Username: 'a' },
    ['cognito-idp:AdminGetUser arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_x'],
  ],
  [
    'events',
    'PutEvents',
    {
      Entries: [
        { EventBusName: 'hints' },
        { EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/hints' },
        {},
      ],
    },
    [
      'events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/hints',
      'events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/default',
    ],
  ],
  ['events', 'ListRules', {}, ['events:ListRules *']],
  ['dynamodb', 'GetItem', { TableName: 'T' }, [`dynamodb:GetItem ${table('T')}`]],
  ['dynamodb', 'GetItem', { TableName: table('T') }, [`dynamodb:GetItem ${table('T')}`]],
  ['dynamodb', 'Query', { TableName: 'T', IndexName: 'I' }, [`dynamodb:Query ${table('T')}/index/I`]],
  [
    'dynamodb',
    'BatchWriteItem',
    { RequestItems: { A: [], B: [] } },
    [`dynamodb:BatchWriteItem ${table('A')}`, `dynamodb:BatchWriteItem ${table('B')}`],
  ],
  [
    'dynamodb',
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName: 'A' } },
        { Update: { TableName: 'A' } },
        { Put: { TableName: 'A' } },
        { ConditionCheck: { TableName: 'B' } },
        { Delete: { TableName: 'B' } },
      ],
    },
    [
      `PutItem ${table('A')}`,
      `UpdateItem ${table('A')}`,
      `ConditionCheckItem ${table('B')}`,
      `DeleteItem ${table('B')}`,
    ].map((need) => `dynamodb:${need}`),
  ],
  [
    'dynamodb',
    'TransactGetItems',
    { TransactItems: [{ Get: { TableName: 'A' } }] },
    [`dynamodb:GetItem ${table('A')}`],
  ],
  [
    'dynamodb',
    'BatchExecuteStatement',
    {
      Statements: [
        { Statement: `INSERT INTO "A" VALUE {'pk': ?}` },
        { Statement: `INSERT INTO "A" VALUE {'pk': ?}` },
        { Statement: 'UPDATE "B" SET x=1' },
      ],
    },
    [`dynamodb:PartiQLInsert ${table('A')}`, `dynamodb:PartiQLUpdate ${table('B')}`],
  ],
  [
    'dynamodb',
    'ExecuteStatement',
    { Statement: 'SELECT * FROM "A"."I"' },
    [`dynamodb:PartiQLSelect ${table('A')}/index/I`],
  ],
  [
    'dynamodb',
    'UpdateTable',
    { TableName: 'T', DeletionProtectionEnabled: false },
    [`dynamodb:UpdateTable ${table('T')}`],
  ],
  ['dynamodb', 'DeleteTable', { TableName: 'T' }, [`dynamodb:DeleteTable ${table('T')}`]],
  ['dynamodb', 'ListTables', {}, ['dynamodb:ListTables *']],
  ['kms', 'Decrypt', {}, ['kms:Decrypt arn:aws:kms:us-east-1:000000000000:key/1']],
  ['kms', 'ScheduleKeyDeletion', { KeyId: '1' }, ['kms:ScheduleKeyDeletion arn:aws:kms:us-east-1:000000000000:key/1']],
  ['monitoring', 'GetMetricData', {}, ['cloudwatch:GetMetricData *']],
  [
    'cloudformation',
    'DescribeStacks',
    { StackName: 'Shop' },
    ['cloudformation:DescribeStacks arn:aws:cloudformation:us-east-1:000000000000:stack/Shop/*'],
  ],
])('%s:%s needs the actions that AWS asks for', (service, operation, input, expected) => {
  expect(needs(service, operation, input)).toEqual(expected);
});

test('the encryption context of a KMS call and the namespace of a metric can be asked for by conditions', () => {
  expect(
    accessRequests('kms', 'GenerateDataKey', { EncryptionContext: { Workspace: 'w1' } }, lookups)[0]?.context,
  ).toEqual({
    'kms:encryptioncontext:workspace': 'w1',
    'kms:encryptioncontextkeys': ['Workspace'],
  });
  expect(accessRequests('monitoring', 'PutMetricData', { Namespace: 'Shop' }, lookups)[0]?.context).toEqual({
    'cloudwatch:namespace': 'Shop',
  });
});

const leadingKeysOf = (operation: string, input: Record<string, unknown>) =>
  accessRequests('dynamodb', operation, input, lookups).map(({ context }) => context['dynamodb:leadingkeys']);
const Key = { pk: { S: 'RATE#a' }, sk: { S: 's' } };
/** No policy can name it. */
const UNKNOWN = ['\u0000'];

test.each<[string, Record<string, unknown>, string[][]]>([
  ['UpdateItem', { TableName: 'T', Key }, [['RATE#a']]],
  ['PutItem', { TableName: 'T', Item: Key }, [['RATE#a']]],
  ['Query', { TableName: 'T' }, [UNKNOWN]],
  ['BatchWriteItem', { RequestItems: { A: [{ PutRequest: { Item: Key } }] } }, [UNKNOWN]],
  ['TransactWriteItems', { TransactItems: [{ Update: { TableName: 'A', Key } }] }, [['RATE#a']]],
  ['TransactGetItems', { TransactItems: [{ Get: { TableName: 'A', Key } }] }, [['RATE#a']]],
  ['ExecuteStatement', { Statement: 'UPDATE "B" SET x=1' }, [UNKNOWN]],
])('%s can be allowed for some partition keys only, and what is about several is not', (operation, input, expected) => {
  expect(leadingKeysOf(operation, input)).toEqual(expected);
});

test('an S3 call is judged by its action and object', () => {
  expect(namedAccess('s3', 'GetObject', 'arn:aws:s3:::b/k')).toEqual({
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::b/k',
    context: {},
  });
});

test('a KMS call finds its key by id, ARN, alias or ciphertext', () => {
  const keys = kmsKeys();
  const keyId = '0a1b2c3d-0000-4000-8000-00000000000f';
  const base = { stackName: 'Data', logicalId: 'Key', physicalName: 'x', attributes: {} };
  keys.learn({ ...base, type: 'AWS::KMS::Key', ref: keyId, properties: {} });
  const arn = `arn:aws:kms:us-east-1:000000000000:key/${keyId}`;
  keys.learn({ ...base, type: 'AWS::KMS::Alias', ref: 'alias/secrets', properties: { TargetKeyId: arn } });
  const blob = Buffer.concat([Buffer.from([1]), Buffer.from(keyId.replaceAll('-', ''), 'hex'), Buffer.alloc(80)]);
  const arnOf = (input: Record<string, unknown>) => keys.kmsKeyArn(input);
  expect(
    [{ KeyId: keyId }, { KeyId: arn }, { KeyId: 'alias/secrets' }, { CiphertextBlob: blob.toString('base64') }].map(
      arnOf,
    ),
  ).toEqual([arn, arn, arn, arn]);
  expect([{ KeyId: 'other' }, { CiphertextBlob: 'AAAA' }, {}].map(arnOf)).toEqual([undefined, undefined, undefined]);
});

test('what has no rule is refused', () => {
  expect(() => needs('sns', 'Publish', {})).toThrow('no IAM rules for sns:Publish');
  expect(() => needs('dynamodb', 'ExecuteStatement', { Statement: 'EXPLAIN x' })).toThrow('finds no table');
});
