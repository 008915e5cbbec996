import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '../../../../local/clock.ts';
import { cloudFormationService } from '../../../../local/cloudformation/cloudformation-service.ts';
import { readAssembly } from '../../../../local/template/assembly.ts';
import { provision } from '../../../../local/template/provisioner.ts';
import { stackStore } from '../../../../local/template/stack-store.ts';
import type { ResourceProvider } from '../../../../local/types.ts';
import { anAssembly } from '../../../builders/assembly.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const NOW = '2026-01-02T03:04:05.000Z';
const idOf = (name: string) =>
  expect.stringMatching(`^arn:aws:cloudformation:us-east-1:000000000000:stack/${name}/[0-9a-f-]{36}$`);

const setUp = async () => {
  const removed: string[] = [];
  const provider: ResourceProvider = {
    type: 'Test::Thing',
    honoured: ['Name'],
    ignored: [],
    create: async ({ logicalId }) => ({ ref: `ref-${logicalId}`, attributes: {} }),
    remove: async ({ ref }) => {
      if (ref === 'ref-Stuck') throw new Error('The bucket is not empty.');
      removed.push(ref);
    },
  };
  const thing = { Type: 'Test::Thing' };
  const data = {
    Description: 'State',
    Resources: { Table: { ...thing, DeletionPolicy: 'Retain' }, Queue: thing },
    Outputs: { TableName: { Value: { Ref: 'Table' }, Description: 'The table', Export: { Name: 'Data:Table' } } },
    Parameters: { Mail: { Type: 'String', Default: 'a@b.c' }, Secret: { Type: 'String', Default: 'x', NoEcho: true } },
  };
  const user = { Resources: { User: { ...thing, Properties: { Name: { 'Fn::ImportValue': 'Data:Table' } } } } };
  const stuck = { Resources: { Stuck: thing } };
  const directory = anAssembly([
    { name: 'Data', template: data },
    { name: 'User', template: user, after: ['Data'], terminationProtection: true },
    { name: 'Stuck', template: stuck, after: ['User'] },
  ]);
  const store = stackStore(mkdtempSync(join(tmpdir(), 'state-')));
  const providers = [provider];
  const assembly = readAssembly(directory);
  await provision({ assembly, providers, parameters: {}, store, nowMs: NOW_MS, onCreated: () => undefined });
  const service = cloudFormationService({ store, providers, clock: manualClock(NOW_MS) });
  const call = (operation: string, input: Record<string, unknown> = {}) =>
    service.call(operation, input, { principal: { kind: 'operator' }, requestId: 'r' });
  return { call, removed, data };
};

test('a stack is described with its outputs, parameters and protection', async () => {
  const { call } = await setUp();
  expect((await call('DescribeStacks', { StackName: 'Data' }))['Stacks']).toEqual([
    {
      StackName: 'Data',
      StackId: idOf('Data'),
      StackStatus: 'CREATE_COMPLETE',
      CreationTime: NOW,
      LastUpdatedTime: NOW,
      EnableTerminationProtection: false,
      DisableRollback: false,
      Parameters: [
        { ParameterKey: 'Mail', ParameterValue: 'a@b.c' },
        { ParameterKey: 'Secret', ParameterValue: '****' },
      ],
      Outputs: [
        { OutputKey: 'TableName', OutputValue: 'ref-Table', Description: 'The table', ExportName: 'Data:Table' },
      ],
      Tags: [],
    },
  ]);
  expect((await call('DescribeStacks'))['Stacks']).toHaveLength(3);
  await expect(call('DescribeStacks', { StackName: 'Nobody' })).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'Stack with id Nobody does not exist',
  });
});

test('resources and templates are listed', async () => {
  const { call, data } = await setUp();
  const resource = (id: string) => ({
    LogicalResourceId: id,
    PhysicalResourceId: `ref-${id}`,
    ResourceType: 'Test::Thing',
    ResourceStatus: 'CREATE_COMPLETE',
  });
  expect(await call('ListStackResources', { StackName: 'Data' })).toEqual({
    StackResourceSummaries: ['Table', 'Queue'].map((id) => ({ ...resource(id), LastUpdatedTimestamp: NOW })),
  });
  expect(await call('DescribeStackResources', { StackName: 'Data', LogicalResourceId: 'Queue' })).toEqual({
    StackResources: [{ StackName: 'Data', StackId: idOf('Data'), ...resource('Queue'), Timestamp: NOW }],
  });
  const { TemplateBody } = await call('GetTemplate', { StackName: 'Data' });
  expect(JSON.parse(String(TemplateBody))).toEqual(data);
});

test('a stack goes only without protection and without users, and what it retains stays', async () => {
  const { call, removed } = await setUp();
  await expect(call('DeleteStack', { StackName: 'User' })).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'Stack [User] cannot be deleted while TerminationProtection is enabled',
  });
  await call('UpdateTerminationProtection', { StackName: 'User', EnableTerminationProtection: false });
  await expect(call('DeleteStack', { StackName: 'Data' })).rejects.toMatchObject({
    message: 'Export Data:Table cannot be deleted as it is in use by User',
  });
  expect(await call('DeleteStack', { StackName: 'User' })).toEqual({});
  expect(await call('DeleteStack', { StackName: 'Data' })).toEqual({});
  expect(await call('DeleteStack', { StackName: 'Data' })).toEqual({});
  expect(removed).toEqual(['ref-User', 'ref-Queue']);
  await expect(call('DescribeStacks', { StackName: 'Data' })).rejects.toThrow('does not exist');
  const { StackSummaries } = await call('ListStacks', { StackStatusFilter: ['DELETE_COMPLETE'] });
  const [data] = StackSummaries as [{ StackId: string }];
  expect(StackSummaries).toMatchObject([{ StackName: 'Data', DeletionTime: NOW }, { StackName: 'User' }]);
  expect((await call('ListStackResources', { StackName: data.StackId }))['StackResourceSummaries']).toMatchObject([
    { LogicalResourceId: 'Table', ResourceStatus: 'DELETE_SKIPPED' },
    { LogicalResourceId: 'Queue', ResourceStatus: 'DELETE_COMPLETE' },
  ]);
});

test('a resource that cannot be deleted makes the stack say so', async () => {
  const { call } = await setUp();
  await call('DeleteStack', { StackName: 'Stuck' });
  expect((await call('DescribeStacks', { StackName: 'Stuck' }))['Stacks']).toMatchObject([
    { StackStatus: 'DELETE_FAILED', StackStatusReason: 'The bucket is not empty.' },
  ]);
});

test('another operation is refused by name', async () => {
  const { call } = await setUp();
  await expect(call('CreateStack')).rejects.toThrow('The local cloud does not have cloudformation:CreateStack');
});
