/** What a test may leave out or add. */
export type SmallCloud = {
  /** Actions that the function's role has on the table. */
  tableActions?: readonly string[];
  /** Actions that the function's role has on the queue. */
  queueActions?: readonly string[];
  /** Further properties of the queue. */
  queueProperties?: Record<string, unknown>;
};

const allow = (actions: readonly string[], resource: unknown) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
});
const getAtt = (logicalId: string, attribute: string) => ({ 'Fn::GetAtt': [logicalId, attribute] });

/** One stack: an HTTP API and a queue in front of one function, which writes what it gets into a table. Its code is the asset `writer.zip`. */
export const smallCloudTemplate = ({
  tableActions = ['dynamodb:PutItem'],
  queueActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  queueProperties = {},
}: SmallCloud = {}): Record<string, unknown> => ({
  Parameters: { OwnerEmail: { Type: 'String' } },
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::GlobalTable',
      DeletionPolicy: 'Retain',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [{ Region: { Ref: 'AWS::Region' } }],
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: {} },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 30,
        RedrivePolicy: { deadLetterTargetArn: getAtt('DeadLetters', 'Arn'), maxReceiveCount: 1 },
        ...queueProperties,
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
        },
      },
    },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'writer',
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Statement: [allow(tableActions, getAtt('Table', 'Arn')), allow(queueActions, getAtt('Queue', 'Arn'))],
        },
      },
    },
    Writer: {
      Type: 'AWS::Lambda::Function',
      DependsOn: ['Policy'],
      Properties: {
        Code: { S3Bucket: { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}' }, S3Key: 'writer.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: getAtt('Role', 'Arn'),
        Timeout: 5,
        Environment: { Variables: { TABLE_NAME: { Ref: 'Table' }, OWNER: { Ref: 'OwnerEmail' } } },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: getAtt('Queue', 'Arn'), FunctionName: { Ref: 'Writer' }, BatchSize: 10 },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Small tracking', ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: getAtt('Writer', 'Arn'),
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'POST /v1/{proxy+}',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: getAtt('Writer', 'Arn'),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/v1/{proxy+}' },
      },
    },
  },
  Outputs: {
    TableName: { Value: { Ref: 'Table' } },
    QueueUrl: { Value: { Ref: 'Queue' } },
    WriterName: { Value: { Ref: 'Writer' } },
    TrackingUrl: { Value: getAtt('Api', 'ApiEndpoint') },
  },
});

export const SLOW_MS = 400;

/** Puts one item for each record or request (a body `slow` after SLOW_MS), and fails with what AWS says where it may not. */
export const WRITER_CODE = `
const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, TABLE_NAME, OWNER } = process.env;
const put = async (pk) => {
  console.log('begins ' + pk);
  if (pk === 'slow') await new Promise((resolve) => setTimeout(resolve, ${SLOW_MS}));
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
    },
    body: JSON.stringify({ TableName: TABLE_NAME, Item: { pk: { S: pk }, owner: { S: OWNER } } }),
  });
  if (!answer.ok) throw new Error(await answer.text());
};
export const handler = async (event) => {
  for (const record of event.Records ?? []) await put(record.body);
  if (event.body !== undefined) await put(event.body);
  return { statusCode: 200, body: 'written' };
};
`;
