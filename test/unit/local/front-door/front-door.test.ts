import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { manualClock } from '../../../../local/clock.ts';
import { faultsOf, noFaults } from '../../../../local/front-door/faults.ts';
import type { AuthorizedCall, FrontDoor } from '../../../../local/front-door/front-door.ts';
import { frontDoor } from '../../../../local/front-door/front-door.ts';
import { memoryMeter } from '../../../../local/front-door/meter.ts';
import type { JsonService, Principal, RawService } from '../../../../local/types.ts';
import { AwsError } from '../../../../local/types.ts';

type Run = (
  operation: string,
  input: Record<string, unknown>,
) => Record<string, unknown> | PromiseLike<Record<string, unknown>>;

const INGEST: Principal = { kind: 'function', functionName: 'ingest', roleName: 'ingest-role' };
const doors: FrontDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

/** A front door before stub services that all answer by `run`, and clients that enter as the function `ingest`. */
async function setUp(options: { run?: Run; faults?: unknown; authorize?: (call: AuthorizedCall) => void } = {}) {
  const calls: { service: string; operation: string; input: Record<string, unknown> }[] = [];
  const unexpected: { error: unknown; call: string }[] = [];
  const run = options.run ?? (() => ({}));
  const json = (name: string): JsonService => ({
    name,
    call: async (operation, input) => {
      calls.push({ service: name, operation, input });
      return run(operation, input);
    },
  });
  const s3: RawService = {
    name: 's3',
    identify: ({ method, target }) => {
      if (method === 'DELETE') throw new AwsError('NotImplemented', 'no', 501);
      const operation = method === 'PUT' ? 'PutObject' : 'GetObject';
      return { operation, resource: `arn:aws:s3:::${target.split('?')[0]?.slice(1)}` };
    },
    call: async (operation, request) => {
      calls.push({ service: 's3', operation, input: { body: request.body.toString() } });
      await Promise.resolve(run(operation, {}));
      return { status: 200, headers: { etag: '"1"' }, body: operation === 'GetObject' ? 'the object' : '' };
    },
  };
  const clock = manualClock(0);
  const meter = memoryMeter();
  const door = await frontDoor({
    host: '127.0.0.1',
    port: 0,
    services: [json('sqs'), json('dynamodb'), json('kms'), json('monitoring'), json('cloudformation'), s3],
    principalOf: (accessKeyId) => (accessKeyId === 'AKIAINGEST' ? INGEST : undefined),
    authorize: options.authorize ?? (() => {}),
    meter,
    faults: options.faults === undefined ? noFaults : faultsOf({ faults: options.faults }),
    clock,
    onUnexpected: (error, call) => unexpected.push({ error, call }),
  });
  doors.push(door);
  const client = {
    endpoint: door.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAINGEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  return { door, client, calls, unexpected, meter, clock };
}

const SEND = new SendMessageCommand({ QueueUrl: 'http://127.0.0.1/000000000000/intake', MessageBody: 'body' });

/** The endpoint of the queue's URL would win over the client's. */
const sqs = (client: ConstructorParameters<typeof SQSClient>[0]) =>
  new SQSClient({ ...client, useQueueUrlAsEndpoint: false });

test('a call of an AWS JSON client reaches its service decoded, and the answer comes back', async () => {
  const { client, calls } = await setUp({
    run: () => ({ MessageId: 'm1', MD5OfMessageBody: '841a2d689ad86bd1611447453c22c6fc' }),
  });
  await expect(sqs(client).send(SEND)).resolves.toMatchObject({ MessageId: 'm1' });
  expect(calls).toEqual([
    {
      service: 'sqs',
      operation: 'SendMessage',
      input: { QueueUrl: 'http://127.0.0.1/000000000000/intake', MessageBody: 'body' },
    },
  ]);
});

test('KMS and DynamoDB answers keep bytes and attribute values', async () => {
  const { client } = await setUp({
    run: (operation) =>
      operation === 'Decrypt' ? { Plaintext: 'AQID' } : { Item: { pk: { S: 'é' }, n: { N: '1.5' } } },
  });
  const { Plaintext } = await new KMSClient(client).send(new DecryptCommand({ CiphertextBlob: new Uint8Array([1]) }));
  expect([...(Plaintext ?? [])]).toEqual([1, 2, 3]);
  const { Item } = await new DynamoDBClient(client).send(
    new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }),
  );
  expect(Item).toEqual({ pk: { S: 'é' }, n: { N: '1.5' } });
});

test('a compressed PutMetricData (the client gzips from 10 KB on) is read', async () => {
  const { client, calls } = await setUp();
  const MetricData = Array.from({ length: 300 }, (_, index) => ({ MetricName: `metric ${index}`, Value: index }));
  await new CloudWatchClient(client).send(new PutMetricDataCommand({ Namespace: 'N', MetricData }));
  expect(calls).toEqual([{ service: 'monitoring', operation: 'PutMetricData', input: { Namespace: 'N', MetricData } }]);
});

test('CloudFormation speaks AWS Query: lists, times, booleans and marks of XML arrive', async () => {
  const at = new Date('2026-01-02T03:04:05.000Z');
  const { client, calls } = await setUp({
    run: () => ({
      Stacks: [
        {
          StackName: 'a<&>"b"',
          CreationTime: at,
          StackStatus: 'CREATE_COMPLETE',
          EnableTerminationProtection: true,
          Outputs: [
            { OutputKey: 'one', OutputValue: 'line\r\nend\u0000' },
            { OutputKey: 'two', OutputValue: ' 2 ', Description: undefined },
          ],
          Tags: [],
        },
      ],
    }),
  });
  const { Stacks } = await new CloudFormationClient(client).send(new DescribeStacksCommand({ StackName: 'a' }));
  expect(Stacks).toEqual([
    {
      StackName: 'a<&>"b"',
      CreationTime: at,
      StackStatus: 'CREATE_COMPLETE',
      EnableTerminationProtection: true,
      Outputs: [
        { OutputKey: 'one', OutputValue: 'line\r\nend' },
        { OutputKey: 'two', OutputValue: ' 2 ' },
      ],
      Tags: [],
    },
  ]);
  expect(calls).toEqual([{ service: 'cloudformation', operation: 'DescribeStacks', input: { StackName: 'a' } }]);
});

test('S3 is served by method and path, its body untouched', async () => {
  const { client, calls } = await setUp();
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k/1', Body: 'abc' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k/1' }));
  await expect(Body?.transformToString()).resolves.toBe('the object');
  expect(calls).toEqual([
    { service: 's3', operation: 'PutObject', input: { body: 'abc' } },
    { service: 's3', operation: 'GetObject', input: { body: '' } },
  ]);
});

test('errors arrive under the names that each SDK client knows, with their fields', async () => {
  const { client, unexpected } = await setUp({
    run: (operation) => {
      if (operation === 'SendMessage') throw new AwsError('QueueDoesNotExist', 'no queue');
      if (operation === 'PutItem')
        throw new AwsError('ConditionalCheckFailedException', 'no', 400, { Item: { pk: { S: 'a' } } });
      if (operation === 'GetObject') throw new AwsError('NoSuchKey', 'no key', 404);
      throw new AwsError('ValidationError', 'no stack <a>');
    },
  });
  await expect(sqs(client).send(SEND)).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'no queue',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
    $metadata: { httpStatusCode: 400 },
  });
  const put = new PutItemCommand({ TableName: 't', Item: { pk: { S: 'a' } } });
  await expect(new DynamoDBClient(client).send(put)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { pk: { S: 'a' } },
  });
  const get = new GetObjectCommand({ Bucket: 'b', Key: 'k' });
  await expect(new S3Client({ ...client, forcePathStyle: true }).send(get)).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
  const describe = new DescribeStacksCommand({ StackName: 'a' });
  await expect(new CloudFormationClient(client).send(describe)).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'no stack <a>',
  });
  expect(unexpected).toEqual([]);
});

test('an exception that is no AwsError leaves as a bare 500 and is told', async () => {
  const bug = new Error('a bug with details');
  const { client, unexpected } = await setUp({
    run: () => {
      throw bug;
    },
  });
  await expect(sqs(client).send(SEND)).rejects.toMatchObject({
    name: 'InternalError',
    message: 'The local cloud failed: see its output.',
    $metadata: { httpStatusCode: 500 },
  });
  expect(unexpected).toEqual([{ error: bug, call: 'sqs:SendMessage' }]);
});

test('an unknown access key, a missing signature and an unknown service are refused by name', async () => {
  const { client, door, calls } = await setUp();
  const stranger = { ...client, credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 's' } };
  await expect(sqs(stranger).send(SEND)).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    $metadata: { httpStatusCode: 403 },
  });
  const unsigned = await fetch(door.url, { method: 'POST', body: '{}' });
  expect([unsigned.status, unsigned.headers.get('x-amzn-errortype')]).toEqual([
    403,
    'MissingAuthenticationTokenException',
  ]);
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIAINGEST/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0';
  const unknown = await fetch(door.url, { method: 'POST', body: '{}', headers: { authorization } });
  await expect(unknown.json()).resolves.toEqual({
    __type: 'com.amazonaws.kinesis#UnknownOperationException',
    message: 'The local cloud does not have the service kinesis.',
  });
  expect(calls).toEqual([]);
});

test('a body that is no JSON object is refused', async () => {
  const { door } = await setUp();
  const headers = {
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAINGEST/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-target': 'AmazonSQS.SendMessage',
  };
  for (const body of ['{"a"', '[]', 'null']) {
    const answer = await fetch(door.url, { method: 'POST', body, headers });
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, 'SerializationException']);
  }
});

test('a call that the role does not allow is denied before the service sees it, and is not metered', async () => {
  const asked: AuthorizedCall[] = [];
  const { client, calls, meter } = await setUp({
    authorize: (call) => {
      asked.push(call);
      throw new AwsError('AccessDeniedException', 'not authorized');
    },
  });
  await expect(sqs(client).send(SEND)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(
    new S3Client({ ...client, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key: 'k/1' })),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(asked).toEqual([
    {
      principal: INGEST,
      service: 'sqs',
      operation: 'SendMessage',
      input: { QueueUrl: 'http://127.0.0.1/000000000000/intake', MessageBody: 'body' },
    },
    { principal: INGEST, service: 's3', operation: 'GetObject', input: {}, resource: 'arn:aws:s3:::b/k/1' },
  ]);
  expect([calls, meter.snapshot()]).toEqual([[], []]);
});

test('the meter counts calls, billed units and bytes by operation and caller', async () => {
  const { client, meter } = await setUp({
    run: (operation) => {
      if (operation === 'PutItem') throw new AwsError('ConditionalCheckFailedException', 'no');
      if (operation === 'ReceiveMessage') return { Messages: [{ Body: 'x'.repeat(70_000), MessageId: 'm' }] };
      if (operation === 'DeleteMessage') throw new AwsError('InternalError', 'no', 500);
      return {};
    },
  });
  const QueueUrl = 'http://127.0.0.1/000000000000/intake';
  const queue = new SQSClient({ ...client, useQueueUrlAsEndpoint: false, md5: false });
  const Entries = [1, 2].map((id) => ({ Id: `${id}`, MessageBody: 'é'.repeat(40_000) }));
  await queue.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await queue.send(new SendMessageBatchCommand({ QueueUrl, Entries: Entries.slice(1) }));
  await queue.send(new ReceiveMessageCommand({ QueueUrl }));
  const put = new PutItemCommand({ TableName: 't', Item: { pk: { S: 'a'.repeat(1_500) } } });
  // A failed condition is billed all the same.
  await expect(new DynamoDBClient(client).send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(meter.snapshot()).toEqual([
    { operation: 'dynamodb:PutItem', principal: 'ingest', calls: 1, units: 2, bytes: expect.any(Number) },
    { operation: 'sqs:ReceiveMessage', principal: 'ingest', calls: 1, units: 2, bytes: expect.any(Number) },
    // 160,000 bytes are three chunks of 64 KB, 80,000 two.
    { operation: 'sqs:SendMessageBatch', principal: 'ingest', calls: 2, units: 5, bytes: expect.any(Number) },
  ]);
});

describe('faults', () => {
  test.each([
    ['throttle', { name: 'RequestThrottled' }],
    ['error', { name: 'InternalError', $metadata: expect.objectContaining({ httpStatusCode: 500 }) }],
    ['drop-connection', { message: expect.stringContaining('socket hang up') }],
  ])('%s answers so, and the call does not run', async (effect, error) => {
    const { client, calls } = await setUp({ faults: [{ service: 'sqs', effect }] });
    await expect(sqs(client).send(SEND)).rejects.toMatchObject(error);
    expect(calls).toEqual([]);
  });

  test('commit-then-timeout runs the call and never answers; the socket ends when its time is over', async () => {
    const { client, calls, clock, meter, door } = await setUp({
      faults: [{ service: 'dynamodb', effect: 'commit-then-timeout', delayMs: 5_000, resource: 'ledger' }],
    });
    const dynamo = new DynamoDBClient(client);
    const put = (TableName: string) => dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' } } }));
    const pending = put('the-ledger').then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await until(() => calls.length === 1);
    expect([meter.snapshot().length, door.running()]).toEqual([1, 1]);
    await put('another');
    clock.advance(5_000);
    await expect(pending).resolves.toContain('socket hang up');
  });

  test('delay holds the call back for its time', async () => {
    let ranAtMs: number | undefined;
    const { client, clock } = await setUp({
      faults: [{ service: 'monitoring', effect: 'delay', delayMs: 1_000 }],
      run: () => {
        ranAtMs = clock.now();
        return {};
      },
    });
    const put = new PutMetricDataCommand({ Namespace: 'N', MetricData: [] });
    const answered = new CloudWatchClient(client).send(put);
    await until(() => {
      clock.advance(10);
      return ranAtMs !== undefined;
    });
    await answered;
    expect(ranAtMs).toBeGreaterThanOrEqual(1_000);
  });
});

test('closing lets a running call end, and takes no other', async () => {
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { client, door, calls } = await setUp({
    run: async () => {
      await held;
      return { MessageId: 'late', MD5OfMessageBody: '841a2d689ad86bd1611447453c22c6fc' };
    },
  });
  const first = sqs(client).send(SEND);
  await until(() => calls.length === 1);
  const closed = door.close();
  await expect(sqs(client).send(SEND)).rejects.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  answer();
  await expect(first).resolves.toMatchObject({ MessageId: 'late' });
  await closed;
  expect(door.running()).toBe(0);
});

/** Awaits a condition that other work brings about. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !condition(); turn += 1) {
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
  expect(condition()).toBe(true);
}
