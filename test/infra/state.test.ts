import { anApp, deployerOf, type Located, resourcesOf, templatesOf } from '../builders/templates.ts';
import { RELEASED_STATE } from './released-state.ts';

const HOLDS_DATA = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::KMS::Key',
  'AWS::Cognito::UserPool',
];
/** What CloudFormation changes only by making a new one. */
const REPLACING = [
  'KeySchema',
  'TableName',
  'BucketName',
  'QueueName',
  'FifoQueue',
  'KeySpec',
  'KeyUsage',
  'ProtocolType',
  'UsernameAttributes',
  'UsernameConfiguration',
  // Attributes can be added, but never changed.
  'Schema',
];
/** They hold no data, but their addresses lie in shipped apps and in scripts of others (decisions 012 and 039). */
const isKnownAddress = ({ Type, id }: Located) => Type === 'AWS::ApiGatewayV2::Api' && /^(?:Tracking|Control)/.test(id);
/** Notes of runs that were missed, and files that each deployment brings: they go with their stack. */
const NOT_KEPT = /^(?:(?:AggregateUsageHourly|NotifyHourly|(?:CheckAlerts|SendAlerts|Replay)EveryMinute)Missed|Files)/;

const templates = templatesOf();
const LANES = Array.from({ length: 16 }, (_, number) => `Lane${String(number).padStart(2, '0')}`);
const all = resourcesOf(templates);
const holdsData = all.filter(({ Type, id }) => HOLDS_DATA.includes(Type) && !NOT_KEPT.test(id));
const stateful = [...holdsData, ...all.filter(isKnownAddress)];
const immutable = ({ Type, Properties }: Located) =>
  [Type, ...REPLACING.flatMap((key) => (key in Properties ? [JSON.stringify(Properties[key])] : []))].join(' ');

test('what holds state has the logical ids and keys that it was released with (C1)', () => {
  expect(
    Object.fromEntries(stateful.map((resource) => [`${resource.part}/${resource.id}`, immutable(resource)])),
  ).toEqual(RELEASED_STATE);
});

test('the addresses of the APIs are in the Data stack: they stay when the Ingest and Control stacks go', () => {
  expect(all.filter(isKnownAddress).map(({ part }) => part)).toEqual(['Data', 'Data']);
});

test('what holds data is in the Data stack, and outlives it (C1)', () => {
  for (const { part, DeletionPolicy, UpdateReplacePolicy } of holdsData) {
    expect({ part, DeletionPolicy, UpdateReplacePolicy }).toEqual({
      part: 'Data',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  }
});

test('the Data stack holds state, its policies, its alarms and nothing that runs (C2)', () => {
  const others = [
    'AWS::SQS::QueuePolicy',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
    'AWS::CloudWatch::Alarm',
    'AWS::ApiGatewayV2::Api',
    // The sign-in page's host name and the API's scope: in registrations and tokens that others hold.
    'AWS::Cognito::UserPoolDomain',
    'AWS::Cognito::UserPoolResourceServer',
  ];
  const types = new Set(all.filter(({ part }) => part === 'Data').map(({ Type }) => Type));
  expect([...types].toSorted()).toEqual([...HOLDS_DATA, ...others].toSorted());
});

test('each stack is far from CloudFormation’s 500 resources (C2)', () => {
  for (const template of Object.values(templates)) expect(Object.keys(template.Resources).length).toBeLessThan(250);
});

test('there is no custom resource but the CDK’s BucketDeployment', () => {
  expect(
    deployerOf(templates)
      .filter(({ Type }) => Type.startsWith('Custom::'))
      .map(({ Type, part }) => [part, Type]),
  ).toEqual([
    ['Web', 'Custom::CDKBucketDeployment'],
    ['Web', 'Custom::CDKBucketDeployment'],
    ['Web', 'Custom::CDKBucketDeployment'],
  ]);
  expect(
    all.filter(({ Type }) => Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource'),
  ).toEqual([]);
});

test('Data is guarded against deletion, the others are not', () => {
  // Termination protection is the stack's, not the template's.
  const { data, delivery, ingest, control, web } = anApp();
  expect([data, delivery, ingest, control, web].map((stack) => stack.terminationProtection)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

describe('two stages in one account', () => {
  const names = (stage: string) => {
    const made = templatesOf({ stage });
    const physical = resourcesOf(made).flatMap(({ Type, Properties }) =>
      Object.entries(Properties)
        .filter(([key, value]) => /^(Name|[A-Z][A-Za-z]*Name)$/.test(key) && typeof value === 'string')
        .map(([key, value]) => `${Type}.${key}=${String(value)}`),
    );
    const exports = Object.values(made).flatMap(({ Outputs }) =>
      Object.values(Outputs).flatMap(({ Export }) => Export?.Name ?? []),
    );
    return { physical, exports };
  };
  /** No names of things in the account: a policy's is within its role, a stage's within its API, a resource server's within its pool, a metric's is AWS's. */
  const LOCAL =
    /^AWS::IAM::Policy\.PolicyName=|^AWS::ApiGatewayV2::Stage\.StageName=|^AWS::CloudWatch::Alarm\.MetricName=|^AWS::Cognito::UserPoolResourceServer\.Name=/;
  const one = names('one');
  const two = names('two');

  test('share no physical name', () => {
    const physical = one.physical.filter((name) => !LOCAL.test(name));
    expect(physical).toEqual([
      'AWS::ApiGatewayV2::Api.Name=Tributary one tracking',
      'AWS::ApiGatewayV2::Api.Name=Tributary one api',
      'AWS::Lambda::Function.FunctionName=Tributary-one-send-alerts',
      'AWS::Events::EventBus.Name=Tributary-one',
      'AWS::Lambda::Function.FunctionName=Tributary-one-replay',
      'AWS::CloudWatch::Dashboard.DashboardName=Tributary-one',
      'AWS::CloudWatch::Dashboard.DashboardName=Tributary-one-functions',
      'AWS::ApiGatewayV2::Api.Name=Tributary one cdn',
    ]);
    expect(physical.filter((name) => two.physical.includes(name))).toEqual([]);
  });

  test('share no export', () => {
    expect(one.exports.length).toBeGreaterThan(0);
    expect(one.exports.filter((name) => two.exports.includes(name))).toEqual([]);
  });
});

describe('outputs', () => {
  test('are those that the commands read', () => {
    const outputs = Object.fromEntries(
      Object.entries(templates).map(([part, { Outputs }]) => [
        part,
        Object.entries(Outputs)
          .filter(([, { Export }]) => Export === undefined)
          .map(([name]) => name),
      ]),
    );
    expect(outputs).toEqual({
      Data: [
        'ControlTableName',
        'SeenTableName',
        'LedgerTableName',
        'SamplesTableName',
        'UsageTableName',
        'ArchiveBucketName',
        'DeadLetterBucketName',
        'IntakeQueueUrl',
        'SharedLaneQueueUrl',
        'LaneCount',
        'LaneQueueNames',
        'DeadLetterQueueUrls',
        'ArchiveQueueUrl',
        'SecretsKeyArn',
        'UserPoolId',
        'SignInIssuer',
        'SignInPrefix',
      ],
      Delivery: [],
      Ingest: ['TrackingUrl'],
      Control: ['ApiUrl', 'StatusUrl'],
      Web: ['AppUrl', 'CdnUrl', 'AppClientId'],
    });
  });

  test('exports to the other stacks are of things that never change', () => {
    const exported = Object.entries(templates).flatMap(([part, { Outputs }]) =>
      Object.values(Outputs).flatMap(({ Export, Value }) =>
        Export === undefined ? [] : [`${part}: ${attributeOf(Value)}`],
      ),
    );
    expect(exported.toSorted()).toEqual([
      'Data: Alarms',
      ...['ArchiveBucket', 'ArchiveBucket.Arn', 'ArchiveDeadLetters.QueueName'].map(ofData),
      ...['ArchiveQueue', 'ArchiveQueue.Arn', 'ArchiveQueue.QueueName', 'Control', 'Control.Arn'].map(ofData),
      ...['ControlApi', 'ControlApi.ApiEndpoint'].map(ofData),
      ...[
        'DeadLetterBucket',
        'DeadLetterBucket.Arn',
        'IntakeDeadLetters.Arn',
        'IntakeDeadLetters.QueueName',
        'IntakeQueue',
        'IntakeQueue.Arn',
        'IntakeQueue.QueueName',
      ].map(ofData),
      ...LANES.flatMap((lane) => [`${lane}.Arn`, `${lane}.QueueName`]).map(ofData),
      ...['Ledger', 'Ledger.Arn', 'People', 'People.Arn', 'People.ProviderURL'].map(ofData),
      ...['Samples', 'Samples.Arn', 'SecretsKey.Arn', 'Seen', 'Seen.Arn'].map(ofData),
      ...['SharedLaneDeadLetters.Arn', 'SharedLaneDeadLetters.QueueName'].map(ofData),
      ...['SharedLaneQueue', 'SharedLaneQueue.Arn', 'SharedLaneQueue.QueueName'].map(ofData),
      ...['TrackingApi', 'TrackingApi.ApiEndpoint', 'Usage', 'Usage.Arn'].map(ofData),
      'Delivery: ArchiveFunction',
      'Delivery: DeliverFunction',
      'Delivery: EmptyDeadLettersFunction',
      'Delivery: RouteFunction',
      'Ingest: IngestFunction',
      'Ingest: OAuthFunction',
    ]);
  });
});

describe('a larger pool of lanes', () => {
  const larger = templatesOf({ lanes: 40 });

  test('only adds to the Data stack: what is there stays as it is, exports included', () => {
    expect(larger.Data.Resources).toMatchObject(templates.Data.Resources);
    const added = Object.keys(larger.Data.Resources).filter((id) => !(id in templates.Data.Resources));
    expect(added.filter((id) => !/^Lane(1[6-9]|[23]\d)/.test(id))).toEqual([]);
    const exported = ({ Data }: typeof templates) =>
      Object.fromEntries(Object.entries(Data.Outputs).filter(([, { Export }]) => Export !== undefined));
    expect(exported(larger)).toMatchObject(exported(templates));
  });

  test('leaves every mapping of a lane what it is, and adds one for each further lane', () => {
    const mappings = (made: typeof templates) =>
      Object.fromEntries(
        resourcesOf(made, 'AWS::Lambda::EventSourceMapping').map(({ id, Properties }) => [
          id,
          Properties['EventSourceArn'],
        ]),
      );
    expect(mappings(larger)).toMatchObject(mappings(templates));
    expect(Object.keys(mappings(larger)).length - Object.keys(mappings(templates)).length).toBe(24);
  });

  test('of 40 is as large as templates, roles and environments can hold', () => {
    // CloudFormation: 200 outputs, 500 resources; IAM: 10,240 characters of inline policies; Lambda: 4,096 bytes of environment.
    const long = templatesOf({
      lanes: 40,
      stage: 'a'.repeat(16),
      domain: `t.${'d'.repeat(60)}.example`,
      certificateArn: ARN,
      cdnDomain: `cdn.${'d'.repeat(60)}.example`,
      cdnCertificateArn: ARN.replace(/:acm:[a-z0-9-]+:/, ':acm:us-east-1:'),
    });
    for (const { Outputs, Resources } of Object.values(long)) {
      expect(Object.keys(Outputs).length).toBeLessThanOrEqual(150);
      expect(Object.keys(Resources).length).toBeLessThan(250);
    }
    for (const { id, Properties } of resourcesOf(long, 'AWS::IAM::Policy')) {
      expect({ id, fits: deployedText(Properties['PolicyDocument']).length <= 10_240 }).toEqual({ id, fits: true });
    }
    for (const { id, Properties } of resourcesOf(long, 'AWS::Lambda::Function')) {
      const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
      const lengths = Object.entries(Variables).map(([key, value]) => key.length + variableLength(key, value));
      const bytes = lengths.reduce((sum, length) => sum + length, 0);
      expect({ id, fits: bytes <= 4_096 }).toEqual({ id, fits: true });
    }
  });

  test('of none leaves the shared lane', () => {
    const none = templatesOf({ lanes: 0 });
    expect(JSON.stringify(none.Delivery)).toContain('"LANE_QUEUE_NAMES":""');
    expect(none.Data.Outputs['LaneCount']?.Value).toBe('0');
    expect(none.Data.Outputs).not.toHaveProperty('LaneQueueNames');
  });
});

describe('after a restore (C4)', () => {
  const restored = templatesOf({ controlTableName: 'restored-control' });

  test('every function uses the restored table, and may', () => {
    for (const part of ['Delivery', 'Ingest', 'Control'] as const) {
      const text = JSON.stringify(restored[part]);
      expect(text).toContain('"CONTROL_TABLE_NAME":"restored-control"');
      expect(text).toContain(':table/restored-control"');
      expect(text).not.toMatch(/ExportsOutput(FnGetAtt|Ref)Control(?!Api)/);
    }
    expect(restored.Data.Outputs['ControlTableName']?.Value).toBe('restored-control');
  });

  test('the Data stack itself stays as it was, its exports too, so that the change can be deployed', () => {
    expect(restored.Data.Resources).toEqual(templates.Data.Resources);
    const exports = ({ Data }: typeof templates) =>
      Object.keys(Data.Outputs)
        .filter((name) => name.startsWith('ExportsOutput'))
        .toSorted();
    expect(exports(restored)).toEqual(exports(templates));
  });
});

const ARN = 'arn:aws:acm:ap-southeast-1:111122223333:certificate/7d5c';
/** What a reference becomes at most: an ARN or URL with the longest name that CloudFormation makes of a stack of 31 characters. */
const REFERENCE = 'x'.repeat('https://sqs.ap-southeast-1.amazonaws.com/111122223333/'.length + 80);
const NAME = 'x'.repeat(`Tributary-${'a'.repeat(16)}-Data-Lane0012345678-123456789012`.length);

/** Values of variables whose longest is known, by the end of the variable's name: of all others it is that of REFERENCE. */
const LONGEST: readonly (readonly [RegExp, number])[] = [
  [/FUNCTION_NAME$/, 64],
  [/BUCKET_NAME$/, 63],
  [/^SEALING_KEY_ARN$/, 'arn:aws:kms:ap-southeast-1:111122223333:key/'.length + 36],
  [/^USER_POOL_ISSUER$/, 'https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_123456789'.length],
  [/^OWNER_EMAIL$/, 254],
];
const variableLength = (key: string, value: unknown): number =>
  typeof value === 'string'
    ? value.length
    : (LONGEST.find(([pattern]) => pattern.test(key))?.[1] ?? textOf(value).length);

/** A value as CloudFormation will have resolved it, by length. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value);
  if (text.startsWith('{"Fn::Join":'))
    return (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map(textOf).join('');
  return /QueueName|Ref(Seen|Control|Ledger|Samples|Usage)/.test(text) ? NAME : REFERENCE;
}
const deployedText = (document: unknown): string =>
  JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && /^\{"(Fn::|Ref)/.test(JSON.stringify(value)) ? textOf(value) : value,
  );
const ofData = (name: string) => `Data: ${name}`;
function attributeOf(value: unknown): string {
  const { Ref: ref, 'Fn::GetAtt': getAtt } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return getAtt === undefined ? String(ref).slice(0, -8) : `${getAtt[0].slice(0, -8)}.${getAtt[1]}`;
}
