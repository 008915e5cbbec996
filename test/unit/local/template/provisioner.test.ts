import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../../../../local/template/assembly.ts';
import { physicalNameOf } from '../../../../local/template/physical-name.ts';
import { provision } from '../../../../local/template/provisioner.ts';
import { type StackStore, stackStore } from '../../../../local/template/stack-store.ts';
import type { ResourceProvider, ResourceToCreate } from '../../../../local/types.ts';
import { anAssembly, type StackToWrite } from '../../../builders/assembly.ts';

const setUp = () => {
  const made: ResourceToCreate[] = [];
  const removed: string[] = [];
  const thing: ResourceProvider = {
    type: 'Test::Thing',
    honoured: ['Name', 'Needs'],
    ignored: ['Tags'],
    create: async (resource) => {
      if (resource.properties['Name'] === 'broken') throw new Error('no such thing');
      made.push(resource);
      return { ref: `ref-${resource.logicalId}`, attributes: { Arn: `arn-${resource.logicalId}` } };
    },
    remove: async ({ ref }) => void removed.push(ref),
  };
  const directory = mkdtempSync(join(tmpdir(), 'state-'));
  const run = async (stacks: StackToWrite[], parameters = {}, store: StackStore = stackStore(directory)) =>
    await provision({
      assembly: readAssembly(anAssembly(stacks)),
      providers: [thing],
      parameters,
      store,
      nowMs: 0,
      onCreated: () => undefined,
    });
  return { made, removed, run, directory, store: () => stackStore(directory) };
};
const thing = (properties: Record<string, unknown> = {}, attributes: Record<string, unknown> = {}) => ({
  Type: 'Test::Thing',
  Properties: properties,
  ...attributes,
});
const stack = (resources: Record<string, unknown>, rest: Record<string, unknown> = {}): StackToWrite => ({
  name: 'Shop',
  template: { Resources: resources, ...rest },
});

test('resources are made after what they refer to or depend on, with everything resolved', async () => {
  const { made, run } = setUp();
  const result = await run([
    stack({
      First: thing({ Name: { 'Fn::GetAtt': ['Third', 'Arn'] } }, { DependsOn: 'Second' }),
      Second: thing({ Needs: { Ref: 'Third' } }),
      Third: thing({ Tags: [] }),
      Meta: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'x' } },
    }),
  ]);
  expect(made).toEqual(
    Object.entries({
      Third: { Tags: [] },
      Second: { Needs: 'ref-Third' },
      First: { Name: 'arn-Third' },
    }).map(([logicalId, properties]) => ({
      stackName: 'Shop',
      logicalId,
      properties,
      physicalName: physicalNameOf('Shop', logicalId, 'Test::Thing'),
    })),
  );
  expect(result.changes.map(({ logicalId, change }) => [logicalId, change])).toEqual([
    ['Third', 'created'],
    ['Second', 'created'],
    ['First', 'created'],
  ]);
});

test('all unknown types and properties are named at once, and nothing is made', async () => {
  const { made, run } = setUp();
  const faulty = stack({ Good: thing(), Odd: { Type: 'Test::Other' }, Bad: thing({ Colour: 1, Name: 'a' }) });
  await expect(run([faulty])).rejects.toThrow(
    'Stack Shop, Odd: the local cloud does not have Test::Other.\n' +
      'Stack Shop, Bad: the local cloud does not honour Test::Thing property Colour.',
  );
  expect(made).toEqual([]);
});

test.each<[string, StackToWrite, string]>([
  [
    'a cycle',
    stack({ A: thing({ Name: { Ref: 'B' } }), B: thing({ Name: { Ref: 'A' } }) }),
    'Circular dependency: A -> B -> A',
  ],
  ['DependsOn of nothing', stack({ A: thing({}, { DependsOn: ['B'] }) }), 'DependsOn names B, which does not exist'],
  ['what its provider refuses', stack({ A: thing({ Name: 'broken' }) }), 'Stack Shop, A (Test::Thing): no such thing'],
  ['a section that changes what AWS does', stack({ A: thing() }, { Transform: 'AWS::Serverless' }), 'Transform'],
])('%s is refused by name', async (_case, faulty, message) => {
  await expect(setUp().run([faulty])).rejects.toThrow(message);
});

test('parameters come from the caller, then from defaults, and one without a value stops the start', async () => {
  const { made, run } = setUp();
  const Parameters = {
    Mail: { Type: 'String' },
    Size: { Type: 'String', Default: 'small', AllowedValues: ['small', 'large'] },
    BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
  };
  const shop = stack({ A: thing({ Name: { Ref: 'Mail' }, Needs: { Ref: 'Size' } }) }, { Parameters });
  await expect(run([shop])).rejects.toThrow('Stack Shop needs a value for its parameter Mail.');
  await expect(run([shop], { Shop: { Mail: 'a', Size: 'huge' } })).rejects.toThrow(
    '"huge" is not a value of parameter Size',
  );
  await expect(run([shop], { Shop: { Mail: 'a', Colour: 'b' } })).rejects.toThrow(
    'Stack Shop has no parameter Colour.',
  );
  await expect(run([shop], { Shop: { Mail: 'a' }, Other: {} })).rejects.toThrow('the app has no such stack');
  made.length = 0;
  await run([shop], { Shop: { Mail: 'a@example.com' } });
  expect(made[0]?.properties).toEqual({ Name: 'a@example.com', Needs: 'small' });
});

test('an import finds the export of an earlier stack, and a condition leaves resources and outputs out', async () => {
  const { made, run, store } = setUp();
  const data: StackToWrite = {
    name: 'Data',
    template: {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Table: thing(), Left: thing({}, { Condition: 'Never' }) },
      Outputs: {
        Table: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Table' } } },
        Left: { Value: { Ref: 'Left' }, Condition: 'Never' },
      },
    },
  };
  const user = stack({ A: thing({ Name: { 'Fn::ImportValue': 'Data:Table' } }) });
  await run([{ ...user, after: ['Data'] }, data]);
  expect(made.map(({ stackName, logicalId, properties }) => [stackName, logicalId, properties])).toEqual([
    ['Data', 'Table', {}],
    ['Shop', 'A', { Name: 'ref-Table' }],
  ]);
  expect(store().get('Data')?.outputs).toEqual([{ name: 'Table', value: 'ref-Table', exportName: 'Data:Table' }]);
  expect(store().get('Shop')?.imports).toEqual(['Data:Table']);
});

test('a later start says what changed, deletes what left the template and keeps what is to be retained', async () => {
  const { removed, run, store } = setUp();
  const kept = { DeletionPolicy: 'Retain' };
  await run([stack({ Same: thing(), Other: thing({ Name: 'a' }), Gone: thing(), Kept: thing({}, kept) })]);
  const second = await run([stack({ Same: thing(), Other: thing({ Name: 'b' }), New: thing() })]);
  expect(second.changes.map(({ logicalId, change }) => `${logicalId} ${change}`)).toEqual([
    'Other changed',
    'New created',
    'Kept retained',
    'Gone removed',
  ]);
  expect(removed).toEqual(['ref-Gone']);
  expect(store().get('Shop')?.status).toBe('UPDATE_COMPLETE');
  expect((await run([stack({ Same: thing(), Other: thing({ Name: 'b' }), New: thing() })])).changes).toEqual([]);

  await run([{ name: 'Next', template: { Resources: {} } }]);
  expect(removed).toEqual(['ref-Gone', 'ref-New', 'ref-Other', 'ref-Same']);
  expect(store().get('Shop')?.status).toBe('DELETE_COMPLETE');
});

test('a damaged state file is named', async () => {
  const { run, directory } = setUp();
  writeFileSync(join(directory, 'stacks.json'), '{"version":1,');
  await expect(run([stack({})])).rejects.toThrow('stacks.json is damaged');
});

test('physical names are stable, distinct and in the form of their type', () => {
  const long = 'Tributary-dev-Data'.repeat(9);
  const types = [
    'AWS::S3::Bucket',
    'AWS::SQS::Queue',
    'AWS::DynamoDB::GlobalTable',
    'AWS::IAM::Role',
    'AWS::Logs::LogGroup',
  ];
  for (const type of types) {
    const name = physicalNameOf(long, `Archive${long}`, type);
    expect(name).toBe(physicalNameOf(long, `Archive${long}`, type));
    expect(name).not.toBe(physicalNameOf(long, `Archive${long}2`, type));
    expect(name.length).toBeLessThanOrEqual(
      { 'AWS::S3::Bucket': 63, 'AWS::IAM::Role': 64, 'AWS::SQS::Queue': 80 }[type] ?? 512,
    );
    expect(name).toMatch(type === 'AWS::S3::Bucket' ? /^[a-z0-9-]+$/ : /^[A-Za-z0-9-]+$/);
  }
  expect(physicalNameOf('a', 'b', 'AWS::KMS::Key')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
