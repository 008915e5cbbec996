import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../../local/cloud.ts';
import type { LogLine } from '../../../local/types.ts';
import { anAssembly } from '../../builders/assembly.ts';
import { type SmallCloud, smallCloudTemplate, WRITER_CODE } from '../../builders/small-cloud-template.ts';

const running: LocalCloud[] = [];
const newDirectory = () => mkdtempSync(join(tmpdir(), 'cloud-'));

const start = async (small: SmallCloud = {}, over: Partial<LocalCloudOptions> = {}) => {
  const lines: LogLine[] = [];
  const cloud = await startLocalCloud({
    assemblyDirectory: anAssembly([{ name: 'Small', template: smallCloudTemplate(small) }], { writer: WRITER_CODE }),
    stateDirectory: newDirectory(),
    host: '127.0.0.1',
    parameters: { Small: { OwnerEmail: 'owner@example.com' } },
    onLog: (line) => lines.push(line),
    ...over,
  });
  running.push(cloud);
  const client = {
    endpoint: cloud.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
  };
  const outputs = cloud.stacks['Small'] ?? {};
  const output = (name: string) => outputs[name] ?? '';
  const items = async () => {
    const { Items = [] } = await new DynamoDBClient(client).send(new ScanCommand({ TableName: output('TableName') }));
    return Items.map(({ pk, owner }) => `${pk?.S} of ${owner?.S}`).toSorted();
  };
  const send = (body: string) =>
    new SQSClient(client).send(new SendMessageCommand({ QueueUrl: output('QueueUrl'), MessageBody: body }));
  return { cloud, client, output, items, send, lines };
};

const POLL_MS = 20;
const WAIT_MS = 5_000;
const until = async (what: () => Promise<boolean> | boolean) => {
  for (const endMs = performance.now() + WAIT_MS; !(await what()); ) {
    if (performance.now() > endMs) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((cloud) => cloud.stop()));
});

test('a message travels from the queue through the function into the table, and a request does, too', async () => {
  const { cloud, output, items, send } = await start();
  await send('by queue');
  const answer = await fetch(`${output('TrackingUrl')}/v1/track`, { method: 'POST', body: 'by request' });
  expect([answer.status, await answer.text()]).toEqual([200, 'written']);
  await until(() => cloud.idle());
  expect(await items()).toEqual(['by queue of owner@example.com', 'by request of owner@example.com']);
  expect(cloud.apis).toEqual([{ name: 'tracking', url: output('TrackingUrl') }]);
  expect(await cloud.invoke(output('WriterName'), {})).toEqual({
    ok: true,
    payload: { statusCode: 200, body: 'written' },
  });
  const counted = cloud.meter.snapshot().filter(({ principal }) => principal === output('WriterName'));
  expect(counted.find(({ operation }) => operation === 'dynamodb:PutItem')).toMatchObject({ calls: 2, units: 2 });
  expect(cloud.denials()).toEqual([]);
});

test('while the pollers stand still a backlog grows, and it is worked off when they go on; CPU time is counted', async () => {
  const { cloud, output, items, send } = await start();
  await cloud.pollers.stop();
  await send('one');
  await send('two');
  await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
  expect([await items(), await cloud.idle()]).toEqual([[], false]);
  cloud.pollers.start();
  await until(() => cloud.idle());
  expect(await items()).toEqual(['one of owner@example.com', 'two of owner@example.com']);
  const counted = cloud.meter.snapshot().filter(({ principal }) => principal === output('WriterName'));
  const cpu = counted.find(({ operation }) => operation === 'lambda:Cpu');
  expect(cpu?.calls).toBe(counted.find(({ operation }) => operation === 'lambda:Invoke')?.calls);
  expect(cpu?.units).toBeGreaterThan(0);
});

test('a grant that the template lacks fails the call as AWS does, and the message stays in its queue', async () => {
  const { cloud, output, items, send, lines } = await start({ tableActions: ['dynamodb:GetItem'] });
  const result = await cloud.invoke(output('WriterName'), { body: 'x' });
  expect(result).toMatchObject({ ok: false, errorMessage: expect.stringContaining('AccessDeniedException') });
  expect(cloud.denials()).toEqual([
    {
      principal: expect.stringMatching(/^arn:aws:sts::000000000000:assumed-role\/Small-Role-.*\/Small-Writer-/),
      action: 'dynamodb:PutItem',
      resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${output('TableName')}`,
      message: expect.stringContaining('because no identity-based policy allows the dynamodb:PutItem action'),
      count: 1,
    },
  ]);
  await send('y');
  await until(() => cloud.denials()[0]?.count === 2);
  expect(await items()).toEqual([]);
  expect(await cloud.idle()).toBe(false);
  await until(() => lines.some(({ line }) => line.includes('AccessDeniedException')));
});

test('an unknown access key is refused', async () => {
  const { client, output } = await start();
  const stranger = new DynamoDBClient({
    ...client,
    credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' },
  });
  await expect(stranger.send(new ScanCommand({ TableName: output('TableName') }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});

test.each<[string, SmallCloud, Partial<LocalCloudOptions>, string]>([
  [
    'an unknown property',
    { queueProperties: { Colour: 'red' } },
    {},
    'Stack Small, Queue: the local cloud does not honour AWS::SQS::Queue property Colour.',
  ],
  [
    'a poller that may not delete',
    { queueActions: ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'] },
    {},
    'may not sqs:DeleteMessage on arn:aws:sqs:us-east-1:000000000000:Small-Queue-',
  ],
  ['a parameter without a value', {}, { parameters: {} }, 'Stack Small needs a value for its parameter OwnerEmail.'],
  [
    'a faults file that is not there',
    {},
    { faultsFile: '/nowhere.json' },
    'The faults file /nowhere.json cannot be read',
  ],
  ['a state directory that is none', {}, { stateDirectory: join(__filename, 'state') }, 'cannot be written'],
])('%s stops the start with a sentence, and the directory is free again', async (_case, small, over, message) => {
  const stateDirectory = newDirectory();
  await expect(start(small, { stateDirectory, ...over })).rejects.toThrow(message);
  await start({}, { stateDirectory });
});

test('a second instance on one directory refuses, and after a stop the data is there', async () => {
  const stateDirectory = newDirectory();
  const first = await start({}, { stateDirectory });
  await expect(start({}, { stateDirectory })).rejects.toThrow(
    `Another local cloud (process ${process.pid}) works in ${stateDirectory}: stop it first, or choose another directory.`,
  );
  await fetch(`${first.output('TrackingUrl')}/v1/track`, { method: 'POST', body: 'kept' });
  expect(first.cloud.changes.every(({ change }) => change === 'created')).toBe(true);
  await first.cloud.stop();
  const second = await start({}, { stateDirectory });
  expect(second.cloud.changes).toEqual([]);
  expect(await second.items()).toEqual(['kept of owner@example.com']);
});

test('a stop answers the request and ends the batch that are under way', async () => {
  const stateDirectory = newDirectory();
  const { cloud, output, send, lines } = await start({}, { stateDirectory });
  await send('slow');
  const answer = fetch(`${output('TrackingUrl')}/v1/track`, { method: 'POST', body: 'slow' });
  await until(() => lines.filter(({ line }) => line.includes('begins slow')).length === 2);
  expect(await cloud.idle()).toBe(false);
  await cloud.stop();
  expect((await answer).status).toBe(200);
  const again = await start({}, { stateDirectory });
  expect(await again.cloud.idle()).toBe(true);
  expect(await again.items()).toEqual(['slow of owner@example.com']);
});

test('the stack is described with its outputs, and deleting it ends what ran but keeps the table', async () => {
  const { cloud, client, output, items, send } = await start();
  const cloudformation = new CloudFormationClient(client);
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'Small' }));
  expect(Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'QueueUrl')?.OutputValue).toBe(output('QueueUrl'));
  expect(Stacks[0]?.CreationTime).toBeInstanceOf(Date);
  await fetch(`${output('TrackingUrl')}/v1/track`, { method: 'POST', body: 'before' });
  await cloudformation.send(new DeleteStackCommand({ StackName: 'Small' }));
  await expect(cloudformation.send(new DescribeStacksCommand({ StackName: 'Small' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id Small does not exist',
  });
  await expect(send('late')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(cloud.invoke(output('WriterName'), {})).rejects.toThrow('Function not found');
  await expect(fetch(`${output('TrackingUrl')}/v1/track`, { method: 'POST', body: 'late' })).rejects.toThrow(
    'fetch failed',
  );
  expect(await items()).toEqual(['before of owner@example.com']);
});

test('faults of a file are injected into calls', async () => {
  const faultsFile = join(newDirectory(), 'faults.json');
  const fault = { service: 'dynamodb', operation: 'PutItem', probability: 1, effect: 'throttle', times: 1 };
  writeFileSync(faultsFile, JSON.stringify({ seed: 1, faults: [fault] }));
  const { cloud, output } = await start({}, { faultsFile });
  const results = [
    await cloud.invoke(output('WriterName'), { body: 'a' }),
    await cloud.invoke(output('WriterName'), { body: 'a' }),
  ];
  expect(results).toMatchObject([
    { ok: false, errorMessage: expect.stringContaining('ThrottlingException') },
    { ok: true },
  ]);
});
