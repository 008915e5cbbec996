import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, startLocalCloud } from '../../../local/cloud.ts';
import { anAssembly } from '../../builders/assembly.ts';
import { smallCloudTemplate, SLOW_MS } from '../../builders/small-cloud-template.ts';

const BUS = 'Small-hints';
const getAtt = (logicalId: string, attribute: string) => ({ 'Fn::GetAtt': [logicalId, attribute] });

type With = {
  /** Whether the function's resource policy lets the rule in, and the queue's policy lets it send. */
  isInvocable?: boolean;
  mayPutAway?: boolean;
  mayPutEvents?: boolean;
};

/** The small cloud with a bus, a rule in front of the writer, and one queue for what EventBridge and Lambda give up. */
function template({ isInvocable = true, mayPutAway = true, mayPutEvents = true }: With): Record<string, unknown> {
  const small = smallCloudTemplate({
    queueActions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  });
  const resources = small['Resources'] as Record<string, Record<string, unknown>>;
  const allow = (action: string, resource: unknown) => ({ Effect: 'Allow', Action: action, Resource: resource });
  const more: Record<string, unknown> = {
    ...resources,
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: BUS } },
    Missed: { Type: 'AWS::SQS::Queue', Properties: {} },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['tributary'], detail: { v: [{ numeric: ['=', 1] }] } },
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', Arn: getAtt('Writer', 'Arn'), DeadLetterConfig: { Arn: getAtt('Missed', 'Arn') } }],
      },
    },
    MissedPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Missed' }],
        PolicyDocument: {
          Statement: [
            {
              ...allow('sqs:SendMessage', getAtt('Missed', 'Arn')),
              Principal: { Service: mayPutAway ? 'events.amazonaws.com' : 'sns.amazonaws.com' },
              Condition: { ArnEquals: { 'aws:SourceArn': getAtt('Rule', 'Arn') } },
            },
          ],
        },
      },
    },
    EventsPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: getAtt('Writer', 'Arn'),
        Principal: isInvocable ? 'events.amazonaws.com' : 'sns.amazonaws.com',
        SourceArn: getAtt('Rule', 'Arn'),
      },
    },
    MorePolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'more',
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Statement: [
            allow('sqs:SendMessage', getAtt('Missed', 'Arn')),
            ...(mayPutEvents ? [allow('events:PutEvents', getAtt('Bus', 'Arn'))] : []),
          ],
        },
      },
    },
    Later: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Writer' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: getAtt('Missed', 'Arn') } },
      },
    },
  };
  const outputs = { ...(small['Outputs'] as Record<string, unknown>), MissedUrl: { Value: { Ref: 'Missed' } } };
  return { ...small, Resources: more, Outputs: outputs };
}

/** Puts an item for each event of the bus; called by hand it puts an event itself. */
const CODE = `
const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, TABLE_NAME } = process.env;
const call = async (service, target, body) => {
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/20260101/us-east-1/' + service + '/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
};
export const handler = async (event) => {
  if (event.put !== undefined) return await call('events', 'AWSEvents.PutEvents', event.put);
  const { pk } = event.detail;
  console.log('begins ' + pk);
  if (pk === 'fails') throw new Error('no');
  if (pk === 'slow') await new Promise((resolve) => setTimeout(resolve, ${SLOW_MS}));
  await call('dynamodb', 'DynamoDB_20120810.PutItem', { TableName: TABLE_NAME, Item: { pk: { S: pk } } });
};
`;

const running: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cloud) => cloud.stop()));
});

async function start(
  given: With = {},
  { stateDirectory = mkdtempSync(join(tmpdir(), 'cloud-')) }: { stateDirectory?: string } = {},
) {
  const lines: string[] = [];
  const cloud = await startLocalCloud({
    assemblyDirectory: anAssembly([{ name: 'Small', template: template(given) }], { writer: CODE }),
    stateDirectory,
    host: '127.0.0.1',
    parameters: { Small: { OwnerEmail: 'owner@example.com' } },
    onLog: ({ line }) => lines.push(line),
  });
  running.push(cloud);
  const client = {
    endpoint: cloud.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
  };
  const outputs = cloud.stacks['Small'] ?? {};
  const put = async (entry: PutEventsRequestEntry) =>
    await new EventBridgeClient(client).send(
      new PutEventsCommand({ Entries: [{ EventBusName: BUS, Source: 'tributary', DetailType: 'Changed', ...entry }] }),
    );
  const items = async () => {
    const { Items = [] } = await new DynamoDBClient(client).send(new ScanCommand({ TableName: outputs['TableName'] }));
    return Items.map(({ pk }) => String(pk?.S)).toSorted();
  };
  const missed = async () => {
    const { Messages = [] } = await new SQSClient(client).send(
      new ReceiveMessageCommand({
        QueueUrl: outputs['MissedUrl'],
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  };
  return { cloud, client, outputs, put, items, missed, lines, stateDirectory };
}

const WAIT_MS = 5_000;
const until = async (what: () => Promise<boolean> | boolean) => {
  for (const endMs = performance.now() + WAIT_MS; !(await what()); ) {
    if (performance.now() > endMs) throw new Error('It did not come about in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test('what the SDK puts on the bus reaches the function if it fits the rule, and is counted by 64 KB', async () => {
  const { cloud, put, items } = await start();
  const answer = await put({ Detail: '{"v":1,"pk":"fits"}', Time: new Date('2026-01-01T00:00:00Z') });
  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  await put({ Detail: '{"v":2,"pk":"does not"}' });
  await put({ Detail: `{"v":2,"pk":"${'x'.repeat(70_000)}"}` });
  await until(() => cloud.idle());
  expect(await items()).toEqual(['fits']);
  const counted = cloud.meter.snapshot().find(({ operation }) => operation === 'events:PutEvents');
  expect(counted).toMatchObject({ principal: 'operator', calls: 3, units: 4 });
});

test('an event whose run fails is put away by Lambda, and EventBridge holds it no longer', async () => {
  const { put, items, missed } = await start();
  await put({ Detail: '{"v":1,"pk":"fails"}' });
  let messages: Awaited<ReturnType<typeof missed>> = [];
  await until(async () => (messages = await missed()).length > 0);
  expect(JSON.parse(messages[0]?.Body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    requestPayload: { source: 'tributary', detail: { pk: 'fails' } },
    responsePayload: { errorMessage: 'no' },
  });
  expect(await items()).toEqual([]);
});

test('a function may put events where its role allows it, and is refused in AWS’s words where not', async () => {
  const entry = { EventBusName: BUS, Source: 'tributary', DetailType: 'Changed', Detail: '{"v":1,"pk":"own"}' };
  const allowed = await start();
  const name = allowed.outputs['WriterName'] ?? '';
  expect(await allowed.cloud.invoke(name, { put: { Entries: [entry] } })).toMatchObject({
    ok: true,
    payload: { FailedEntryCount: 0 },
  });
  await until(() => allowed.cloud.idle());
  expect(await allowed.items()).toEqual(['own']);
  expect(allowed.cloud.denials()).toEqual([]);
  expect(await allowed.cloud.invoke(name, { put: { Entries: [{ ...entry, EventBusName: 'default' }] } })).toMatchObject(
    {
      ok: false,
      errorMessage: expect.stringContaining('AccessDeniedException'),
    },
  );

  const refused = await start({ mayPutEvents: false });
  await refused.cloud.invoke(refused.outputs['WriterName'] ?? '', { put: { Entries: [entry] } });
  expect(refused.cloud.denials()).toEqual([
    expect.objectContaining({
      action: 'events:PutEvents',
      resource: `arn:aws:events:us-east-1:000000000000:event-bus/${BUS}`,
      message: expect.stringContaining('because no identity-based policy allows the events:PutEvents action'),
    }),
  ]);
  await until(() => refused.cloud.idle());
  expect(await refused.items()).toEqual([]);
});

test.each<[string, With, string]>([
  ['a rule that its function does not let in', { isInvocable: false }, 'EventBridge may not invoke Small-Writer-'],
  [
    'a rule that its dead-letter queue does not let in',
    { mayPutAway: false },
    'The rule Rule may not sqs:SendMessage on',
  ],
])('%s stops the start with a sentence', async (_case, given, message) => {
  await expect(start(given)).rejects.toThrow(message);
});

test('an event that is under way at a stop is done with, or comes again at the next start', async () => {
  const first = await start();
  await first.put({ Detail: '{"v":1,"pk":"slow"}' });
  await until(() => first.lines.some((line) => line.includes('begins slow')));
  expect(await first.cloud.idle()).toBe(false);
  await first.cloud.stop();
  const second = await start({}, first);
  await until(() => second.cloud.idle());
  expect(await second.items()).toEqual(['slow']);
});

test('after a delete of the stack the bus is gone', async () => {
  const { client, put, cloud } = await start();
  const { CloudFormationClient, DeleteStackCommand } = await import('@aws-sdk/client-cloudformation');
  await new CloudFormationClient(client).send(new DeleteStackCommand({ StackName: 'Small' }));
  await expect(put({ Detail: '{"v":1,"pk":"late"}' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await cloud.idle()).toBe(true);
});
