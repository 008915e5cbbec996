import { authorizer } from '../../../../local/iam/authorizer.ts';
import { startFaults } from '../../../../local/iam/start-checks.ts';
import type { ProvisionedResource } from '../../../../local/template/provisioner.ts';
import { AwsError, type Principal } from '../../../../local/types.ts';

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
const made = (type: string, ref: string, properties: object, attributes: object = {}): ProvisionedResource => ({
  stackName: 'Shop',
  logicalId: `${ref}Id`,
  physicalName: ref,
  type,
  ref,
  properties: { ...properties },
  attributes: { ...attributes },
});
const trust = (service: string, Condition: object = {}) => ({
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service }, Condition },
});
const role = (name: string, properties: object = {}, service = 'lambda.amazonaws.com') =>
  made('AWS::IAM::Role', name, { AssumeRolePolicyDocument: trust(service), ...properties }, { Arn: roleArn(name) });
const grant = (name: string, Action: string | string[], Resource: string) =>
  made('AWS::IAM::Policy', `${name}Policy`, {
    Roles: [name],
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] },
  });
const learned = (...resources: ProvisionedResource[]) => {
  const iam = authorizer();
  for (const resource of resources) iam.learn(resource);
  return iam;
};
const route: Principal = { kind: 'function', functionName: 'route', roleName: 'routeRole' };
const send = (resource: string) => [{ action: 'sqs:SendMessage', resource, context: {} }];
const thrown = (run: () => void): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('a call without a grant is refused in the words of AWS and remembered once', () => {
  const iam = learned(role('routeRole'), grant('routeRole', 'sqs:SendMessage', queueArn('lane')));
  expect(() => iam.authorize(route, send(queueArn('lane')))).not.toThrow();
  const message =
    'User: arn:aws:sts::000000000000:assumed-role/routeRole/route is not authorized to perform: sqs:SendMessage on resource: ' +
    'arn:aws:sqs:us-east-1:000000000000:other because no identity-based policy allows the sqs:SendMessage action';
  const errors = [1, 2].map(() => thrown(() => iam.authorize(route, send(queueArn('other')))));
  expect(errors.map((error) => error instanceof AwsError && [error.code, error.status, error.message])).toEqual([
    ['AccessDeniedException', 400, message],
    ['AccessDeniedException', 400, message],
  ]);
  expect(iam.denials()).toEqual([
    {
      principal: 'arn:aws:sts::000000000000:assumed-role/routeRole/route',
      action: 'sqs:SendMessage',
      resource: queueArn('other'),
      message,
      count: 2,
    },
  ]);
});

test('S3 says AccessDenied with 403, and a bucket policy speaks for its objects', () => {
  const Statement = [{ Effect: 'Deny', Action: 's3:*', Resource: '*', Principal: '*' }];
  const iam = learned(
    role('routeRole'),
    grant('routeRole', 's3:*', '*'),
    made('AWS::S3::BucketPolicy', 'policy', { Bucket: 'archive', PolicyDocument: { Statement } }),
  );
  const put = (resource: string) => [{ action: 's3:PutObject', resource, context: {} }];
  expect(thrown(() => iam.authorize(route, put('arn:aws:s3:::other/a')))).toBeUndefined();
  expect(thrown(() => iam.authorize(route, put('arn:aws:s3:::archive/a')))).toMatchObject({
    code: 'AccessDenied',
    status: 403,
    message: expect.stringContaining('with an explicit deny in a resource-based policy'),
  });
});

test('inline and managed policies of a role count, and the operator may do all', () => {
  const document = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
  const managed = made('AWS::IAM::ManagedPolicy', 'arn:managed', { PolicyDocument: document('sqs:PurgeQueue') });
  const inline = [{ PolicyName: 'a', PolicyDocument: document('sqs:SendMessage') }];
  const iam = learned(managed, role('routeRole', { Policies: inline, ManagedPolicyArns: ['arn:managed'] }));
  const verdict = (action: string) => iam.decide(route, { action, resource: queueArn('a'), context: {} }).verdict;
  expect(['sqs:SendMessage', 'sqs:PurgeQueue', 'sqs:DeleteMessage'].map(verdict)).toEqual([
    'allowed',
    'allowed',
    'denied',
  ]);
  expect(() => iam.authorize({ kind: 'operator' }, send('anything'))).not.toThrow();
  expect(() => learned(role('r', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }))).toThrow(
    'does not have the policy arn:aws:iam::aws:policy/AdministratorAccess',
  );
});

test('a queue policy lets a service in only for its source, and a policy learned later counts at once', () => {
  const iam = learned(role('routeRole'));
  const scheduler: Principal = { kind: 'service', service: 'sns.amazonaws.com' };
  const request = (sourceArn: string) => ({ ...send(queueArn('lane'))[0], context: { 'aws:sourcearn': sourceArn } });
  const decide = (sourceArn: string) =>
    iam.decide(scheduler, {
      action: 'sqs:SendMessage',
      resource: queueArn('lane'),
      context: request(sourceArn).context,
    }).verdict;
  expect(decide('arn:topic')).toBe('denied');
  const Condition = {
    ArnEquals: { 'aws:SourceArn': 'arn:topic' },
    StringEquals: { 'aws:SourceAccount': '000000000000' },
  };
  const Statement = {
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: '*',
    Principal: { Service: 'sns.amazonaws.com' },
    Condition,
  };
  const Queues = ['http://127.0.0.1:1/000000000000/lane'];
  iam.learn(made('AWS::SQS::QueuePolicy', 'p', { Queues, PolicyDocument: { Statement } }));
  expect([decide('arn:topic'), decide('arn:other')]).toEqual(['allowed', 'denied']);
});

const integration = made('AWS::ApiGatewayV2::Integration', 'int1', {
  ApiId: 'api1',
  IntegrationUri: functionArn('route'),
});
const apiRoute = (RouteKey: string) =>
  made('AWS::ApiGatewayV2::Route', 'route1', { ApiId: 'api1', RouteKey, Target: 'integrations/int1' });
const permission = (SourceArn: string) =>
  made('AWS::Lambda::Permission', 'perm1', {
    FunctionName: functionArn('route'),
    Principal: 'apigateway.amazonaws.com',
    SourceArn,
  });
const schedule = made('AWS::Scheduler::Schedule', 'hourly', {
  GroupName: 'jobs',
  Target: { Arn: functionArn('route'), RoleArn: roleArn('clock'), DeadLetterConfig: { Arn: queueArn('missed') } },
});
const mapping = made('AWS::Lambda::EventSourceMapping', 'map1', {
  FunctionName: 'route',
  EventSourceArn: queueArn('intake'),
});
const routeFunction = made('AWS::Lambda::Function', 'route', { Role: roleArn('routeRole') });
const group = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/jobs';
const clockRole = (sourceArn: string) => {
  const AssumeRolePolicyDocument = trust('scheduler.amazonaws.com', { ArnEquals: { 'aws:SourceArn': sourceArn } });
  return role('clock', { AssumeRolePolicyDocument });
};

test('a template whose services may do their work has no faults', () => {
  const resources = [
    role('routeRole'),
    grant('routeRole', ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queueArn('intake')),
    clockRole(group),
    grant('clock', ['lambda:InvokeFunction', 'sqs:SendMessage'], '*'),
    routeFunction,
    mapping,
    schedule,
    integration,
    apiRoute('POST /v1/{proxy+}'),
    permission('arn:aws:execute-api:us-east-1:000000000000:api1/*/*/v1/{proxy+}'),
  ];
  expect(startFaults(resources, learned(...resources))).toEqual([]);
});

test('each missing grant is one sentence', () => {
  const config = made('AWS::Lambda::EventInvokeConfig', 'cfg', {
    FunctionName: 'route',
    DestinationConfig: { OnFailure: { Destination: queueArn('failed') } },
  });
  const resources = [
    role('routeRole', {}, 'ec2.amazonaws.com'),
    grant('routeRole', 'sqs:ReceiveMessage', queueArn('intake')),
    clockRole('arn:other'),
    routeFunction,
    mapping,
    config,
    schedule,
    integration,
    apiRoute('$default'),
    permission('arn:aws:execute-api:us-east-1:000000000000:api2/*/*'),
  ];
  expect(startFaults(resources, learned(...resources))).toEqual([
    'Lambda may not assume the role routeRole of route.',
    `The event source mapping of route may not sqs:DeleteMessage on ${queueArn('intake')}.`,
    `The event source mapping of route may not sqs:GetQueueAttributes on ${queueArn('intake')}.`,
    `The on-failure destination of route may not sqs:SendMessage on ${queueArn('failed')}.`,
    'The schedule hourlyId may not assume its role clock.',
    `The schedule hourlyId may not lambda:InvokeFunction on ${functionArn('route')}.`,
    `The schedule hourlyId may not sqs:SendMessage on ${queueArn('missed')}.`,
    'API Gateway may not invoke route for the route $default.',
  ]);
});
