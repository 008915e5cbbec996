import { busNameOf } from '../eventbridge/put-events.ts';
import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import type { AccessRequest } from './evaluate.ts';

/** What the mapping must ask others for. */
export type ArnLookups = {
  /** The key that a KMS call is about: by its KeyId (id, ARN or alias), or by its ciphertext. Undefined: there is none. */
  kmsKeyArn(input: Readonly<Record<string, unknown>>): string | undefined;
};

type Input = Readonly<Record<string, unknown>>;
type Access = { action: string; resource: string; context?: Record<string, string | string[]> };

/**
 * The IAM actions and resources that one SDK call needs, each once. Calls whose action is not called as the operation is are listed here (AWS Service
 * Authorization Reference). Throws AwsError for a service without IAM rules here: nothing passes unchecked.
 */
export function accessRequests(service: string, operation: string, input: Input, lookups: ArnLookups): AccessRequest[] {
  const found = SERVICES.get(service)?.(operation, input, lookups);
  if (found === undefined) {
    throw new AwsError('AccessDeniedException', `The local cloud has no IAM rules for ${service}:${operation}.`);
  }
  const distinct = new Map<string, AccessRequest>();
  for (const { action, resource, context = {} } of found) {
    distinct.set(`${action} ${resource}`, { action, resource, context });
  }
  return [...distinct.values()];
}

/** Calls whose request names their resource come with the name that their action has in a policy. */
export const namedAccess = (
  service: string,
  action: string,
  resource: string,
  context: Record<string, string> = {},
): AccessRequest => ({ action: `${service}:${action}`, resource, context });

const SERVICES = new Map<string, (operation: string, input: Input, lookups: ArnLookups) => Access[]>([
  ['sqs', sqsAccess],
  ['dynamodb', dynamodbAccess],
  ['kms', kmsAccess],
  ['events', eventsAccess],
  ['monitoring', cloudwatchAccess],
  ['cloudformation', cloudformationAccess],
  ['cognito-idp', cognitoAccess],
]);

function sqsAccess(operation: string, input: Input): Access[] {
  // The batch forms are allowed by the action of the single one.
  const action = `sqs:${operation.replace(/Batch$/, '')}`;
  const { QueueUrl: url, QueueName: queueName, SourceArn: sourceArn } = input;
  if (typeof sourceArn === 'string') return [{ action, resource: sourceArn }];
  const name = typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : queueName;
  return [
    { action, resource: typeof name === 'string' ? `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}` : '*' },
  ];
}

function dynamodbAccess(operation: string, input: Input): Access[] {
  const enclosing = { 'dynamodb:enclosingoperation': operation };
  switch (operation) {
    case 'TransactWriteItems':
      return entries(input['TransactItems']).flatMap((item) =>
        Object.entries(item).map(([kind, entry]) => ({
          action: `dynamodb:${kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`}`,
          resource: tableArn(memberOf(entry, 'TableName')),
          context: { ...enclosing, ...leadingKey(entry) },
        })),
      );
    case 'TransactGetItems':
      return entries(input['TransactItems']).map((item) => ({
        action: 'dynamodb:GetItem',
        resource: tableArn(memberOf(item['Get'], 'TableName')),
        context: { ...enclosing, ...leadingKey(item['Get']) },
      }));
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(isRecord(input['RequestItems']) ? input['RequestItems'] : {}).map((table) => ({
        action: `dynamodb:${operation}`,
        resource: tableArn(table),
        context: leadingKey(undefined),
      }));
    case 'BatchExecuteStatement':
      return entries(input['Statements']).map((statement) => partiqlAccess(statement['Statement'], enclosing));
    case 'ExecuteStatement':
      return [partiqlAccess(input['Statement'], {})];
    case 'ListTables':
      return [{ action: 'dynamodb:ListTables', resource: '*' }];
    default: {
      const { TableName: table, ResourceArn: arn, IndexName: index } = input;
      const resource = tableArn(table ?? arn);
      return [
        {
          action: `dynamodb:${operation}`,
          resource: typeof index === 'string' ? `${resource}/index/${index}` : resource,
          context: leadingKey(input),
        },
      ];
    }
  }
}

/**
 * The partition key of the one item that a call is about, by our tables' name for it. What is about several, or a range, is given a key that no
 * policy can name: it is refused where a policy asks for keys, rather than taken for a call without any.
 */
const leadingKey = (input: unknown): { 'dynamodb:leadingkeys': string[] } => {
  const text = memberOf(memberOf(memberOf(input, 'Key') ?? memberOf(input, 'Item'), 'pk'), 'S');
  return { 'dynamodb:leadingkeys': [typeof text === 'string' ? text : '\u0000'] };
};

const PARTIQL = /^\s*(INSERT\s+INTO|SELECT\b[^"]*\bFROM|UPDATE|DELETE\s+FROM)\s+"([^"]+)"(?:\."([^"]+)")?/i;

function partiqlAccess(statement: unknown, context: Record<string, string>): Access {
  const [, words = '', table, index] = PARTIQL.exec(String(statement)) ?? [];
  const verb = /^\w+/.exec(words)?.[0].toLowerCase();
  if (verb === undefined) {
    throw new AwsError(
      'ValidationException',
      `The local cloud finds no table in the PartiQL statement: ${String(statement)}`,
    );
  }
  const resource = tableArn(table);
  return {
    action: `dynamodb:PartiQL${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}`,
    resource: index === undefined ? resource : `${resource}/index/${index}`,
    context: { ...context, ...leadingKey(undefined) },
  };
}

function kmsAccess(operation: string, input: Input, lookups: ArnLookups): Access[] {
  const context: Record<string, string | string[]> = {};
  const encryptionContext = isRecord(input['EncryptionContext']) ? input['EncryptionContext'] : {};
  for (const [key, value] of Object.entries(encryptionContext)) {
    context[`kms:encryptioncontext:${key.toLowerCase()}`] = String(value);
  }
  if (Object.keys(encryptionContext).length > 0) context['kms:encryptioncontextkeys'] = Object.keys(encryptionContext);
  const fallback = `arn:aws:kms:${LOCAL_REGION}:${LOCAL_ACCOUNT}:key/unknown`;
  const resource =
    operation === 'ListKeys' || operation === 'ListAliases' ? '*' : (lookups.kmsKeyArn(input) ?? fallback);
  return [{ action: `kms:${operation}`, resource, context }];
}

/** Each bus that entries name. */
function eventsAccess(operation: string, input: Input): Access[] {
  const action = `events:${operation}`;
  const buses = entries(input['Entries']).map(({ EventBusName: bus }) => busNameOf(bus));
  if (buses.length === 0) return [{ action, resource: '*' }];
  return buses.map((bus) => ({
    action,
    resource: `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:event-bus/${bus}`,
  }));
}

function cloudwatchAccess(operation: string, input: Input): Access[] {
  const { Namespace: namespace } = input;
  const context: Record<string, string> = typeof namespace === 'string' ? { 'cloudwatch:namespace': namespace } : {};
  const resource = operation === 'DescribeAlarms' ? `arn:aws:cloudwatch:${LOCAL_REGION}:${LOCAL_ACCOUNT}:alarm:*` : '*';
  return [{ action: `cloudwatch:${operation}`, resource, context }];
}

function cloudformationAccess(operation: string, { StackName: stack }: Input): Access[] {
  const named = `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stack/${String(stack)}/*`;
  const resource = typeof stack !== 'string' ? '*' : stack.startsWith('arn:') ? stack : named;
  return [{ action: `cloudformation:${operation}`, resource }];
}

function cognitoAccess(operation: string, { UserPoolId: poolId }: Input): Access[] {
  return [
    {
      action: `cognito-idp:${operation}`,
      resource: `arn:aws:cognito-idp:${LOCAL_REGION}:${LOCAL_ACCOUNT}:userpool/${String(poolId)}`,
    },
  ];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const entries = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const memberOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
const tableArn = (table: unknown): string =>
  String(table).startsWith('arn:')
    ? String(table)
    : `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${String(table)}`;
