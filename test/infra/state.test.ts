import { anApp, type Located, resourcesOf, templatesOf } from '../builders/templates.ts';
import { RELEASED_STATE } from './released-state.ts';

const STATEFUL = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::KMS::Key'];
/** What CloudFormation changes only by making a new one. */
const REPLACING = ['KeySchema', 'TableName', 'BucketName', 'QueueName', 'FifoQueue', 'KeySpec', 'KeyUsage'];
/** Notes of runs that were missed: they go with their stack. */
const NOT_KEPT = /^AggregateUsageHourlyMissed/;

const templates = templatesOf();
const all = resourcesOf(templates);
const stateful = all.filter(({ Type, id }) => STATEFUL.includes(Type) && !NOT_KEPT.test(id));
const immutable = ({ Type, Properties }: Located) =>
  [Type, ...REPLACING.flatMap((key) => (key in Properties ? [JSON.stringify(Properties[key])] : []))].join(' ');

test('what holds state has the logical ids and keys that it was released with (C1)', () => {
  expect(
    Object.fromEntries(stateful.map((resource) => [`${resource.part}/${resource.id}`, immutable(resource)])),
  ).toEqual(RELEASED_STATE);
});

test('what holds state is in the Data stack, and outlives it (C1)', () => {
  for (const { part, DeletionPolicy, UpdateReplacePolicy } of stateful) {
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
  ];
  const types = new Set(all.filter(({ part }) => part === 'Data').map(({ Type }) => Type));
  expect([...types].toSorted()).toEqual([...STATEFUL, ...others].toSorted());
});

test('each stack is far from CloudFormation’s 500 resources (C2)', () => {
  for (const template of Object.values(templates)) expect(Object.keys(template.Resources).length).toBeLessThan(250);
});

test('there is no custom resource', () => {
  expect(
    all.filter(({ Type }) => Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource'),
  ).toEqual([]);
});

test('Data is guarded against deletion, the others are not', () => {
  // Termination protection is the stack's, not the template's.
  const { data, delivery, ingest, control } = anApp();
  expect([data, delivery, ingest, control].map((stack) => stack.terminationProtection)).toEqual([
    true,
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
  /** No names of things in the account: a policy's is within its role, a stage's within its API, a metric's is AWS's. */
  const LOCAL =
    /^AWS::IAM::Policy\.PolicyName=|^AWS::ApiGatewayV2::Stage\.StageName=|^AWS::CloudWatch::Alarm\.MetricName=/;
  const one = names('one');
  const two = names('two');

  test('share no physical name', () => {
    const physical = one.physical.filter((name) => !LOCAL.test(name));
    expect(physical).toEqual([
      'AWS::ApiGatewayV2::Api.Name=Tributary one tracking',
      'AWS::ApiGatewayV2::Api.Name=Tributary one api',
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
        'ArchiveQueueUrl',
        'SecretsKeyArn',
      ],
      Delivery: [],
      Ingest: ['TrackingUrl'],
      Control: ['ApiUrl', 'StatusUrl'],
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
      ...['ArchiveBucket', 'ArchiveBucket.Arn', 'ArchiveQueue', 'ArchiveQueue.Arn', 'Control', 'Control.Arn'].map(
        ofData,
      ),
      ...['DeadLetterBucket', 'DeadLetterBucket.Arn', 'IntakeQueue', 'IntakeQueue.Arn', 'IntakeQueue.QueueName'].map(
        ofData,
      ),
      ...['Ledger', 'Ledger.Arn', 'Samples', 'Samples.Arn', 'SecretsKey.Arn', 'Seen', 'Seen.Arn'].map(ofData),
      ...['SharedLaneQueue', 'SharedLaneQueue.Arn', 'SharedLaneQueue.QueueName', 'Usage', 'Usage.Arn'].map(ofData),
      'Delivery: DeliverFunction',
      'Delivery: RouteFunction',
      'Ingest: IngestFunction',
    ]);
  });
});

describe('after a restore (C4)', () => {
  const restored = templatesOf({ controlTableName: 'restored-control' });

  test('every function uses the restored table, and may', () => {
    for (const part of ['Delivery', 'Ingest', 'Control'] as const) {
      const text = JSON.stringify(restored[part]);
      expect(text).toContain('"CONTROL_TABLE_NAME":"restored-control"');
      expect(text).toContain(':table/restored-control"');
      expect(text).not.toMatch(/ExportsOutput(FnGetAtt|Ref)Control/);
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

const ofData = (name: string) => `Data: ${name}`;
function attributeOf(value: unknown): string {
  const { Ref: ref, 'Fn::GetAtt': getAtt } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return getAtt === undefined ? String(ref).slice(0, -8) : `${getAtt[0].slice(0, -8)}.${getAtt[1]}`;
}
