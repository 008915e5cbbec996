import { evaluate, type Decision } from '../../../../local/iam/evaluate.ts';
import { parsePolicy } from '../../../../local/iam/policy-document.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:intake';
const ROLE = 'arn:aws:iam::000000000000:role/ingest';
const ROOT = 'arn:aws:iam::000000000000:root';
type Statement = Record<string, unknown>;
const allow = (rest: Statement): Statement => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: QUEUE,
  ...rest,
});
const deny = (rest: Statement): Statement => ({ ...allow(rest), Effect: 'Deny' });

const judge = (
  policies: { identity?: Statement[]; resource?: Statement[] },
  request: Statement = {},
  service?: string,
): Decision => {
  const context = { 'aws:securetransport': 'true', ...(request['context'] as Record<string, string> | undefined) };
  return evaluate(
    { action: 'sqs:SendMessage', resource: QUEUE, ...request, context },
    {
      identity: parsePolicy({ Statement: policies.identity ?? [] }, 'identity'),
      resource: parsePolicy({ Statement: policies.resource ?? [] }, 'resource'),
      caller: { roleArn: service === undefined ? ROLE : undefined, service },
    },
  );
};

test.each<[string, Parameters<typeof judge>, string]>([
  ['the very action and resource are allowed', [{ identity: [allow({})] }], 'allowed'],
  ['actions are compared in any case', [{ identity: [allow({ Action: ['SQS:sendmessage'] })] }], 'allowed'],
  [
    'wildcards in action and resource',
    [{ identity: [allow({ Action: 'sqs:Send*', Resource: 'arn:aws:sqs:*:intak?' })] }],
    'allowed',
  ],
  [
    'resources are compared in their case',
    [{ identity: [allow({ Resource: QUEUE.toUpperCase() })] }],
    'no-identity-policy',
  ],
  ['another action', [{ identity: [allow({ Action: 'sqs:SendMessageX' })] }], 'no-identity-policy'],
  [
    'a resource that only begins alike',
    [{ identity: [allow({ Resource: QUEUE.slice(0, -1) })] }],
    'no-identity-policy',
  ],
  [
    'NotAction spares what it names',
    [{ identity: [allow({ Action: undefined, NotAction: 'sqs:Send*' })] }],
    'no-identity-policy',
  ],
  [
    'NotResource allows all others',
    [{ identity: [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::*' })] }],
    'allowed',
  ],
  ['a deny of the role wins', [{ identity: [allow({}), deny({ Action: '*' })] }], 'identity-deny'],
  ['a deny of the resource wins', [{ identity: [allow({})], resource: [deny({ Principal: '*' })] }], 'resource-deny'],
  [
    'a deny of the whole account wins',
    [{ identity: [allow({})], resource: [deny({ Principal: { AWS: ROOT } })] }],
    'resource-deny',
  ],
  ['the resource may allow the role', [{ resource: [allow({ Principal: { AWS: ROLE } })] }], 'allowed'],
  [
    'the resource allows another role',
    [{ resource: [allow({ Principal: { AWS: `${ROLE}2` } })] }],
    'no-identity-policy',
  ],
  [
    'the account alone gives a role nothing',
    [{ resource: [allow({ Principal: { AWS: ROOT } })] }],
    'no-identity-policy',
  ],
  [
    'a service by the resource policy',
    [{ resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] }, {}, 'sns.amazonaws.com'],
    'allowed',
  ],
  [
    'a service that is not named',
    [{ resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] }, {}, 's3.amazonaws.com'],
    'no-resource-policy',
  ],
  [
    'a key needs its key policy',
    [{ identity: [allow({ Action: 'kms:*', Resource: '*' })] }, { action: 'kms:Decrypt' }],
    'no-resource-policy',
  ],
  [
    'a key policy that leaves it to IAM still needs a grant',
    [{ resource: [allow({ Action: 'kms:*', Principal: { AWS: ROOT } })] }, { action: 'kms:Decrypt' }],
    'no-identity-policy',
  ],
  [
    'a key policy that leaves it to IAM, and the grant',
    [
      {
        identity: [allow({ Action: 'kms:Decrypt' })],
        resource: [allow({ Action: 'kms:*', Principal: { AWS: ROOT } })],
      },
      { action: 'kms:Decrypt' },
    ],
    'allowed',
  ],
])('%s', (_case, args, expected) => {
  const decision = judge(...args);
  expect(decision.verdict === 'denied' ? decision.reason : decision.verdict).toBe(expected);
});

// Absent keys and sets as the IAM user guide has them: "Single-valued vs. multivalued context keys".
test.each<[string, Record<string, unknown>, Record<string, string | string[]>, boolean]>([
  [
    'StringEquals of one value',
    { StringEquals: { 'kms:EncryptionContext:workspace': ['a', 'b'] } },
    { 'kms:encryptioncontext:workspace': 'b' },
    true,
  ],
  [
    'StringEquals of another',
    { StringEquals: { 'kms:EncryptionContext:workspace': 'a' } },
    { 'kms:encryptioncontext:workspace': 'c' },
    false,
  ],
  ['StringEquals of an absent key', { StringEquals: { 'aws:SourceArn': 'a' } }, {}, false],
  ['StringEqualsIfExists of an absent key', { StringEqualsIfExists: { 'aws:SourceArn': 'a' } }, {}, true],
  ['StringNotEquals of an absent key', { StringNotEquals: { 'aws:SourceArn': 'a' } }, {}, true],
  ['StringNotLike', { StringNotLike: { 'aws:SourceArn': 'a*' } }, { 'aws:sourcearn': 'ab' }, false],
  ['ArnLike within parts', { ArnLike: { 'aws:SourceArn': 'arn:aws:sqs:*:*:in*' } }, { 'aws:sourcearn': QUEUE }, true],
  ['ArnLike not across parts', { ArnLike: { 'aws:SourceArn': 'arn:*:intake' } }, { 'aws:sourcearn': QUEUE }, false],
  ['ArnEquals', { ArnEquals: { 'aws:SourceArn': QUEUE } }, { 'aws:sourcearn': QUEUE }, true],
  ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, {}, false],
  ['Bool given as a boolean', { Bool: { 'aws:SecureTransport': true } }, {}, true],
  ['Null: the key must be there', { Null: { 'kms:EncryptionContext:workspace': 'false' } }, {}, false],
  [
    'Null: the key is there',
    { Null: { 'kms:EncryptionContext:workspace': false } },
    { 'kms:encryptioncontext:workspace': 'a' },
    true,
  ],
  [
    'ForAllValues, all listed',
    { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a', 'b'] } },
    { 'kms:encryptioncontextkeys': ['a'] },
    true,
  ],
  [
    'ForAllValues, one unlisted',
    { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a'] } },
    { 'kms:encryptioncontextkeys': ['a', 'c'] },
    false,
  ],
  ['ForAllValues of an absent key', { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['a'] } }, {}, true],
  ['ForAnyValue of an absent key', { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': ['a'] } }, {}, false],
  [
    'two conditions, one fails',
    { StringEquals: { 'aws:SourceAccount': '1' }, Null: { 'aws:SourceArn': 'true' } },
    {},
    false,
  ],
])('the condition %s', (_case, Condition, context, holds) => {
  expect(judge({ identity: [allow({ Condition })] }, { context }).verdict).toBe(holds ? 'allowed' : 'denied');
});

test.each<[string, Statement, string]>([
  [
    'an unknown operator',
    { Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } },
    'does not evaluate the condition DateLessThan',
  ],
  [
    'an unknown operator called as a member of Object',
    { Condition: { toString: { 'aws:SourceArn': 'x' } } },
    'condition toString',
  ],
  [
    'an unknown key',
    { Condition: { StringEquals: { 'dynamodb:Attributes': 'x' } } },
    'condition key dynamodb:Attributes',
  ],
  ['a policy variable', { Resource: 'arn:aws:s3:::b/${aws:username}' }, 'policy variables'],
  ['an unknown principal', { Principal: { Federated: 'x' } }, 'Federated'],
  ['no action', { Action: undefined }, 'needs either Action or NotAction'],
  ['no resource', { Resource: undefined }, 'needs a Resource'],
  ['an unknown member', { Reason: 'x' }, 'Reason'],
])('a policy with %s is not taken', (_case, part, message) => {
  expect(() => parsePolicy({ Statement: [allow(part)] }, 'Stack Data, Policy')).toThrow('Stack Data, Policy: ');
  expect(() => parsePolicy({ Statement: [allow(part)] }, 'Stack Data, Policy')).toThrow(message);
});
