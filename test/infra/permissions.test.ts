import type { HandlerFunctionProps } from '../../infra/constructs/handler-function.ts';
import type { archiveEnv } from '../../shared/config/env.ts';
import { type Located, resourcesOf, templatesOf } from '../builders/templates.ts';

type Statement = {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
  Condition?: unknown;
};
const all = resourcesOf(templatesOf());
const ofType = (type: string) => all.filter((resource) => resource.Type === type);
const statementsOf = (policy: Located, key = 'PolicyDocument'): Statement[] =>
  (policy.Properties[key] as { Statement: Statement[] }).Statement;
const roles = ofType('AWS::IAM::Role');
const policies = ofType('AWS::IAM::Policy');

/** `Ledger`, `IntakeQueue`, `ArchiveBucket/*`, `Log`: the logical name without hash, wherever the resource stands. */
function resourceName(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const text = JSON.stringify(resource);
  const found =
    /ExportsOutput(?:FnGetAtt|Ref)(Lane\d\d|[A-Za-z]+?)(?=[0-9A-F]{8})/.exec(text) ??
    /\["([A-Za-z]+?)(?=[0-9A-F]{8})/.exec(text);
  return `${found?.[1] ?? text}${text.includes('/*') ? '/*' : ''}`;
}

/** What one role may do, as `resource: actions`. */
function grantsOf(policy: Located): Record<string, string> {
  const grants = new Map<string, Set<string>>();
  for (const { Action, Resource } of statementsOf(policy)) {
    for (const resource of [Resource].flat()) {
      const name = resourceName(resource);
      const actions = grants.get(name) ?? new Set();
      for (const action of [Action].flat()) actions.add(action);
      grants.set(name, actions);
    }
  }
  return Object.fromEntries([...grants].map(([name, actions]) => [name, [...actions].toSorted().join(' ')]));
}

const LOG = 'logs:CreateLogStream logs:PutLogEvents';
const CONSUME = 'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage';
const LANES = Array.from({ length: 16 }, (_, number) => `Lane${String(number).padStart(2, '0')}`);
const READ = 'dynamodb:GetItem dynamodb:Query';

/** All that the functions may do. A line is added here when code needs it, never `*`; who writes which table is seen at a glance. */
const GRANTS: Record<string, Record<string, string>> = {
  Ingest: {
    IngestLog: LOG,
    Control: 'dynamodb:GetItem',
    Usage: 'dynamodb:GetItem dynamodb:UpdateItem',
    SecretsKey: 'kms:Decrypt',
    IntakeQueue: 'sqs:SendMessage',
  },
  OAuth: { OAuthLog: LOG, Control: 'dynamodb:GetItem', Usage: 'dynamodb:PutItem dynamodb:UpdateItem' },
  Route: {
    RouteLog: LOG,
    Control: READ,
    Seen: 'dynamodb:BatchGetItem dynamodb:PartiQLInsert dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    Ledger: 'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Samples: 'dynamodb:PutItem dynamodb:UpdateItem',
    'DeadLetterBucket/*': 's3:PutObject',
    IntakeQueue: CONSUME,
    SharedLaneQueue: 'sqs:SendMessage',
    ...Object.fromEntries(LANES.map((lane) => [lane, 'sqs:SendMessage'])),
    ArchiveQueue: 'sqs:SendMessage',
  },
  Deliver: {
    DeliverLog: LOG,
    Control: READ,
    Ledger: 'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Samples: 'dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:Query',
    'DeadLetterBucket/*': 's3:PutObject',
    SecretsKey: 'kms:Decrypt',
    SharedLaneQueue: `${CONSUME} sqs:SendMessage`,
    ...Object.fromEntries(LANES.map((lane) => [lane, `${CONSUME} sqs:SendMessage`])),
  },
  EmptyDeadLetters: {
    EmptyDeadLettersLog: LOG,
    Control: READ,
    Ledger: 'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Samples: 'dynamodb:PutItem',
    'DeadLetterBucket/*': 's3:PutObject',
    IntakeDeadLetters: CONSUME,
    SharedLaneDeadLetters: CONSUME,
    SharedLaneQueue: 'sqs:SendMessage',
    ...Object.fromEntries(LANES.map((lane) => [lane, 'sqs:SendMessage'])),
  },
  Archive: { ArchiveLog: LOG, 'ArchiveBucket/*': 's3:PutObject', ArchiveQueue: CONSUME },
  Api: {
    // What a rule would do to the events of the last day.
    ArchiveBucket: 's3:ListBucket',
    'ArchiveBucket/*': 's3:GetObject',
    ApiLog: LOG,
    Control: 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    SecretsKey: 'kms:Decrypt kms:GenerateDataKey',
    // Secrets are opened there alone (K1): to check credentials, and to seal a copy.
    DeliverFunction: 'lambda:InvokeFunction',
    // Addresses of alerts are opened there alone: to test them.
    SendAlertsFunction: 'lambda:InvokeFunction',
    ReplayRunnerFunction: 'lambda:InvokeFunction',
    Ledger: 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query',
    Samples: READ,
    // A trace finds who claimed an event, and its payload; a test event goes the way of all.
    Seen: 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query',
    DeadLetterBucket: 's3:ListBucket',
    'DeadLetterBucket/*': 's3:GetObject',
    IntakeQueue: 'sqs:SendMessage',
    Usage: 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    People:
      'cognito-idp:AdminCreateUser cognito-idp:AdminDeleteUser cognito-idp:AdminGetUser cognito-idp:AdminSetUserPassword cognito-idp:AdminUserGlobalSignOut',
    '*': 'cloudwatch:GetMetricData',
    HintsBus: 'events:PutEvents',
  },
  // What people order to be sent again: it reads both stores and sends to lanes. Of the control table it writes orders alone, see below.
  ReplayRunner: {
    ReplayRunnerLog: LOG,
    Control: 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Ledger: 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    DeadLetterBucket: 's3:ListBucket',
    'DeadLetterBucket/*': 's3:GetObject s3:PutObject',
    ArchiveBucket: 's3:ListBucket',
    'ArchiveBucket/*': 's3:GetObject',
    SharedLaneQueue: 'sqs:SendMessage',
    ...Object.fromEntries(LANES.map((lane) => [lane, 'sqs:SendMessage'])),
    ReplayEveryMinuteMissed: 'sqs:SendMessage',
  },
  ReplayEveryMinute: { ReplayRunnerFunction: 'lambda:InvokeFunction', ReplayEveryMinuteMissed: 'sqs:SendMessage' },
  Notify: {
    NotifyLog: LOG,
    Control: 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    IntakeQueue: 'sqs:SendMessage',
    SendAlertsFunction: 'lambda:InvokeFunction',
    NotifyHourlyMissed: 'sqs:SendMessage',
  },
  SendAlerts: {
    SendAlertsLog: LOG,
    Control: 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    SecretsKey: 'kms:Decrypt',
    SendAlertsEveryMinuteMissed: 'sqs:SendMessage',
  },
  SendAlertsEveryMinute: {
    SendAlertsFunction: 'lambda:InvokeFunction',
    SendAlertsEveryMinuteMissed: 'sqs:SendMessage',
  },
  AggregateUsage: {
    AggregateUsageLog: LOG,
    Control: 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    Ledger: 'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Usage: 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    // Users are counted from digests: it reads no event.
    ArchiveBucket: 's3:ListBucket',
    'ArchiveBucket/*': 's3:GetObject s3:PutObject',
    '*': 'cloudwatch:GetMetricData',
    AggregateUsageHourlyMissed: 'sqs:SendMessage',
  },
  CheckAlerts: {
    CheckAlertsLog: LOG,
    Control: 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Ledger: 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    Usage: 'dynamodb:GetItem',
    '*': 'cloudwatch:GetMetricData',
    SendAlertsFunction: 'lambda:InvokeFunction',
    CheckAlertsEveryMinuteMissed: 'sqs:SendMessage',
  },
  CdnSources: { CdnSourcesLog: LOG, Control: READ },
  AggregateUsageHourly: {
    AggregateUsageFunction: 'lambda:InvokeFunction',
    AggregateUsageHourlyMissed: 'sqs:SendMessage',
  },
  CheckAlertsEveryMinute: {
    CheckAlertsFunction: 'lambda:InvokeFunction',
    CheckAlertsEveryMinuteMissed: 'sqs:SendMessage',
  },
  NotifyHourly: { NotifyFunction: 'lambda:InvokeFunction', NotifyHourlyMissed: 'sqs:SendMessage' },
};

test('each role may do exactly what its function needs (I1)', () => {
  const granted = Object.fromEntries(
    policies.map((policy) => [policy.id.replace(/Role.*$/, ''), grantsOf(policy)] as const),
  );
  expect(granted).toEqual(GRANTS);
});

test('what counts users reads digests and hashes of ids, and no event', () => {
  const policy = policies.find(({ id }) => id.startsWith('AggregateUsageRole'));
  const statements = JSON.stringify(policy).match(/"[^"]*\/(?:\*|[a-z]+\/\*)"/g) ?? [];
  expect([...new Set(statements)].toSorted()).toEqual(['"/digests/*"', '"/usage/*"']);
});

test('replay writes orders and which of them are open, and nothing else of the control table; manifests, and no letters', () => {
  const policy = policies.find(({ id }) => id.startsWith('ReplayRunnerRole'));
  const statements = policy === undefined ? [] : statementsOf(policy);
  const writes = statements.filter(
    ({ Resource, Action }) => resourceName(Resource) === 'Control' && [Action].flat().includes('dynamodb:PutItem'),
  );
  expect(writes.map(({ Condition }) => Condition)).toEqual([
    { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RPL#*', 'RPLS'] } },
  ]);
  const puts = statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
  expect(JSON.stringify(puts.map(({ Resource }) => Resource))).toMatch(/DeadLetterBucket[^"]*"\},"\/replays\/\*"/);
  expect(puts).toHaveLength(1);
});

test('each function has a role of its own', () => {
  const used = ofType('AWS::Lambda::Function').map(({ Properties }) => JSON.stringify(Properties['Role']));
  expect(new Set(used).size).toBe(used.length);
  // And one for each schedule.
  expect(roles).toHaveLength(used.length + 5);
});

test('no role has a managed policy, an inline policy of its own, or a policy shared with another', () => {
  for (const { Properties } of roles) expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
  for (const { Properties } of policies) expect(Properties['Roles']).toHaveLength(1);
  expect(ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
});

test('nobody may pass a role, and no action has a wildcard', () => {
  const actions = policies.flatMap((policy) => statementsOf(policy).flatMap(({ Action }) => Action));
  expect(actions.filter((action) => action.includes('*') || action.startsWith('iam:'))).toEqual([]);
});

test('the functions that anybody may call reach of the usage table what is theirs alone, by its keys', () => {
  const conditions = policies
    .filter(({ id }) => /^(Ingest|OAuth)/.test(id))
    .flatMap((policy) =>
      statementsOf(policy)
        .filter(({ Resource }) => resourceName(Resource) === 'Usage')
        .map(({ Action, Condition }) => [policy.id.replace(/Role.*$/, ''), Action, Condition]),
    );
  const keys = (...patterns: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });
  expect(conditions).toEqual([
    ['Ingest', 'dynamodb:UpdateItem', keys('RATE#*')],
    ['Ingest', 'dynamodb:GetItem', keys('OTOK#*')],
    ['OAuth', 'dynamodb:UpdateItem', keys('RATE#*')],
    ['OAuth', 'dynamodb:PutItem', keys('OTOK#*', 'JTI#*')],
  ]);
});

test('what notifies writes its notes, sources and their audit entries, and no key, token or person', () => {
  const writes = policies
    .filter(({ id }) => id.startsWith('NotifyRole'))
    .flatMap((policy) => statementsOf(policy).filter(({ Condition }) => Condition !== undefined))
    .map(({ Action, Condition }) => [Action, Condition]);
  const keys = (...patterns: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });
  expect(writes).toEqual([
    ['dynamodb:PutItem', keys('NOTE#*', 'WS#*', 'AUD#*', 'NTF#*', 'SENDS*')],
    ['dynamodb:UpdateItem', keys('WS#*')],
    ['dynamodb:DeleteItem', keys('NOTE#*')],
  ]);
});

test.each([
  [
    'CheckAlertsRole',
    [
      ['dynamodb:PutItem', ['DM#*', 'DH#*', 'MINUTES']],
      ['dynamodb:PutItem', ['NOTE#*', 'NTF#*', 'SENDS']],
    ],
  ],
  [
    'SendAlertsRole',
    [
      ['dynamodb:PutItem', ['NOTE#*', 'NTF#*', 'SENDS*']],
      ['dynamodb:DeleteItem', ['SENDS*']],
    ],
  ],
])('%s writes sums, notes and notifications, and no configuration', (role, expected) => {
  const writes = policies
    .filter(({ id }) => id.startsWith(role))
    .flatMap((policy) => statementsOf(policy))
    .filter(({ Action }) =>
      [Action].flat().some((action) => /Put|Delete|Update/.test(action) && action.startsWith('dynamodb')),
    )
    .map(({ Action, Condition }) => [Action, Condition]);
  expect(writes).toHaveLength(expected.length);
  expect(writes).toEqual(
    expect.arrayContaining(
      expected.map(([action, keys]) => [action, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } }]),
    ),
  );
});

test('route writes no other samples than the last request of a webhook source and what the debugger shows, and reads none', () => {
  const conditions = policies
    .filter(({ id }) => id.startsWith('Route'))
    .flatMap((policy) => statementsOf(policy).filter(({ Resource }) => resourceName(Resource) === 'Samples'))
    .map(({ Action, Condition }) => [Action, Condition]);
  const keys = (...patterns: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });
  expect(conditions).toEqual([
    ['dynamodb:PutItem', keys('H#*', 'E#*')],
    ['dynamodb:UpdateItem', keys('E#*')],
  ]);
});

test('deliver may open secrets of destinations and ingest those of sources, each with its workspace named; the API may but seal them (K1)', () => {
  const uses = policies.flatMap((policy) =>
    statementsOf(policy)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))
      .map(({ Action, Condition }) => [policy.id.replace(/Role.*$/, ''), Action, Condition]),
  );
  const named = { Null: { 'kms:EncryptionContext:workspace': 'false' } };
  expect(uses.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
    ['Api', 'kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:workspace': 'deployment' } }],
    ['Api', 'kms:GenerateDataKey', named],
    [
      'Deliver',
      'kms:Decrypt',
      { Null: { 'kms:EncryptionContext:workspace': 'false', 'kms:EncryptionContext:purpose': 'true' } },
    ],
    ['Ingest', 'kms:Decrypt', { ...named, StringEquals: { 'kms:EncryptionContext:purpose': 'source' } }],
    ['SendAlerts', 'kms:Decrypt', { ...named, StringEquals: { 'kms:EncryptionContext:purpose': 'alert' } }],
  ]);
});

test('only Lambda and the scheduler take these roles, the scheduler only for its own group (I2)', () => {
  const trust = roles.map((role) => {
    const [statement] = statementsOf(role, 'AssumeRolePolicyDocument');
    return { principal: statement?.Principal, condition: statement?.Condition };
  });
  const lambda = { principal: { Service: 'lambda.amazonaws.com' }, condition: undefined };
  expect(trust.filter(({ condition }) => condition === undefined)).toEqual(Array.from({ length: 13 }, () => lambda));
  expect(trust.filter(({ condition }) => condition !== undefined)).toEqual(
    [
      'SendAlertsEveryMinuteGroup',
      'NotifyHourlyGroup',
      'ReplayEveryMinuteGroup',
      'AggregateUsageHourlyGroup',
      'CheckAlertsEveryMinuteGroup',
    ].map((group) => ({
      principal: { Service: 'scheduler.amazonaws.com' },
      condition: {
        StringEquals: {
          'aws:SourceAccount': { Ref: 'AWS::AccountId' },
          'aws:SourceArn': { 'Fn::GetAtt': [expect.stringContaining(group), 'Arn'] },
        },
      },
    })),
  );
});

test('API Gateway may call a function only for one route of one API, and EventBridge one for its rule (I2)', () => {
  const permissions = ofType('AWS::Lambda::Permission').map(({ Properties }) => Properties);
  const ofGateway = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
  expect(permissions.filter((permission) => !ofGateway.includes(permission))).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^NotifyFunction/), 'Arn'] },
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^HintsConfigurationChanged/), 'Arn'] },
    },
  ]);
  expect(ofGateway).toHaveLength(21);
  for (const { SourceArn } of ofGateway) {
    expect(JSON.stringify(SourceArn)).toMatch(/execute-api:.*("Ref":"|ExportsOutputRef)(Tracking|Control|Cdn)Api/);
  }
});

test.each([
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
])('each %s refuses what comes without TLS (I2)', (type, policyType, key) => {
  const denied = ofType(policyType)
    .filter((policy) =>
      statementsOf(policy).some(
        ({ Effect, Condition }) =>
          Effect === 'Deny' && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
      ),
    )
    .flatMap(({ Properties }) => [Properties[key]].flat().map((named) => (named as { Ref: string }).Ref));
  expect(denied.toSorted()).toEqual(
    ofType(type)
      .map(({ id }) => id)
      .toSorted(),
  );
});

test('no resource policy opens anything to somebody else, this account’s alarms, hints that were missed and the CDN’s own distribution excepted', () => {
  const allowed = ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) =>
    ofType(type).flatMap((policy) => statementsOf(policy).filter(({ Effect }) => Effect === 'Allow')),
  );
  expect(allowed).toEqual([
    {
      Sid: expect.stringMatching(/^AllowEventRule/),
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^NotifyHourlyMissed/), 'Arn'] },
      Condition: {
        ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [expect.stringMatching(/^HintsConfigurationChanged/), 'Arn'] } },
      },
    },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      // To list is to be told the truth about what is not there; no path of the CDN's asks for a list.
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: [
        { 'Fn::GetAtt': [expect.stringMatching(/^Files/), 'Arn'] },
        { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Files/), 'Arn'] }, '/*']] },
      ],
      Condition: {
        StringEquals: {
          'AWS:SourceArn': {
            'Fn::Join': [
              '',
              expect.arrayContaining([':distribution/', { Ref: expect.stringMatching(/^Cdn[0-9A-F]{8}$/) }]),
            ],
          },
        },
      },
    },
    {
      Sid: 'AlarmsOfThisAccount',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: { Ref: expect.stringContaining('Alarms') },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
});

test('an environment with a key too many or too few does not compile', () => {
  type Env = HandlerFunctionProps<typeof archiveEnv>['env'];
  const right: Env = { ARCHIVE_BUCKET_NAME: 'archive' };
  // @ts-expect-error ARCHIVE_BUCKET_NAME is missing.
  const tooFew: Env = {};
  // @ts-expect-error The contract has no such key.
  const tooMany: Env = { ARCHIVE_BUCKET_NAME: 'archive', TABLE_NAME: 'more' };
  // The two lines above are what is tested, by tsc; this one keeps the values in use.
  expect([right, tooFew, tooMany].map((env) => Object.keys(env).length)).toEqual([1, 0, 2]);
});
