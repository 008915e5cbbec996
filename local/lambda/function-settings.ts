import { join } from 'node:path';
import {
  integerProperty,
  optionalObject,
  optionalText,
  refuseUnknown,
  requiredText,
  textList,
} from '../sqs/known-properties.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION, type ResourceToCreate } from '../types.ts';
import { LOG_LEVELS, type LogFormat, type LogLevel } from './runtime-messages.ts';

/** Lambda quotas: seconds of a timeout, MB of memory, bytes of all environment variables together. */
const TIMEOUT_SECONDS = { min: 1, max: 900, absent: 3 };
const MEMORY_MB = { min: 128, max: 10_240, absent: 128 };
const ENVIRONMENT_BYTES_MAX = 4_096;
const RUNTIME = 'nodejs24.x';
const FUNCTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Names that Lambda sets itself and refuses in a template ("Using Lambda environment variables"). */
const RESERVED_VARIABLE =
  /^(?:_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_.+|AWS_ACCESS_KEY(?:_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;

export const functionArn = (name: string): string => `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;

/** A function by its name, its ARN, or the URI by which API Gateway calls it. */
export const functionNameOf = (reference: string): string => /:function:([^:/]+)/.exec(reference)?.[1] ?? reference;

/** The function behind the CDK's BucketDeployment, by the id that the CDK gives it. Not run here: local/s3/bucket-deployment.ts does its work. */
export const isBucketDeployer = (logicalId: string): boolean =>
  logicalId.startsWith('CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C');

/** One function of the template. */
export type FunctionSettings = {
  name: string;
  arn: string;
  roleArn: string;
  /** Where the bundle lies. */
  codeDirectory: string;
  handler: string;
  /** The module file's path without its ending. */
  modulePath: string;
  timeoutMs: number;
  memoryMb: number;
  variables: Record<string, string>;
  logGroup: string;
  logging: LogFormat;
};

export const FUNCTION_HONOURED = [
  'Code',
  'Handler',
  'Runtime',
  'Role',
  'FunctionName',
  'Timeout',
  'MemorySize',
  'Environment',
  'LoggingConfig',
  'PackageType',
  'Layers',
] as const;
/** The machine's architecture runs the bundle; recursion is not watched for; traces go nowhere. */
export const FUNCTION_IGNORED = ['Architectures', 'Description', 'Tags', 'RecursiveLoop', 'TracingConfig'] as const;

/** Reads AWS::Lambda::Function. Throws for what Lambda would refuse and for what the local cloud cannot honour. */
export function functionSettings(
  { logicalId, physicalName, properties }: ResourceToCreate,
  resolveCode: (code: Record<string, unknown>) => string,
): FunctionSettings {
  const what = `AWS::Lambda::Function ${logicalId}`;
  refuseUnknown(what, properties, [...FUNCTION_HONOURED, ...FUNCTION_IGNORED]);
  const name = optionalText(`${what}.FunctionName`, properties['FunctionName']) ?? physicalName;
  if (!FUNCTION_NAME.test(name)) throw new Error(`${what}: a function cannot be named ${name}.`);
  const runtime = requiredText(`${what}.Runtime`, properties['Runtime']);
  if (runtime !== RUNTIME) throw new Error(`${what}: the local cloud runs ${RUNTIME}, not ${runtime}.`);
  if (properties['Layers'] !== undefined) throw new Error(`${what}: the local cloud runs no layers.`);
  if ((properties['PackageType'] ?? 'Zip') !== 'Zip') throw new Error(`${what}: the local cloud runs no images.`);
  const handler = requiredText(`${what}.Handler`, properties['Handler']);
  const dot = handler.lastIndexOf('.');
  if (dot <= 0) throw new Error(`${what}.Handler must be of the form file.export.`);
  const code = optionalObject(`${what}.Code`, properties['Code']);
  if (code === undefined) throw new Error(`${what}.Code is missing.`);
  const codeDirectory = resolveCode(code);
  const logging = optionalObject(`${what}.LoggingConfig`, properties['LoggingConfig']) ?? {};
  return {
    name,
    arn: functionArn(name),
    roleArn: requiredText(`${what}.Role`, properties['Role']),
    codeDirectory,
    handler,
    modulePath: join(codeDirectory, handler.slice(0, dot)),
    timeoutMs: integerProperty(`${what}.Timeout`, properties['Timeout'], TIMEOUT_SECONDS) * 1_000,
    memoryMb: integerProperty(`${what}.MemorySize`, properties['MemorySize'], MEMORY_MB),
    variables: variables(`${what}.Environment`, properties['Environment']),
    logGroup: optionalText(`${what}.LoggingConfig.LogGroup`, logging['LogGroup']) ?? `/aws/lambda/${name}`,
    logging: logFormat(`${what}.LoggingConfig`, logging),
  };
}

function variables(what: string, value: unknown): Record<string, string> {
  const environment = optionalObject(what, value) ?? {};
  refuseUnknown(what, environment, ['Variables']);
  const entries = Object.entries(optionalObject(`${what}.Variables`, environment['Variables']) ?? {});
  let bytes = 0;
  const result: Record<string, string> = {};
  for (const [name, variable] of entries) {
    if (RESERVED_VARIABLE.test(name)) throw new Error(`${what}.Variables: ${name} is reserved to Lambda.`);
    if (typeof variable !== 'string') throw new Error(`${what}.Variables.${name} must be a string.`);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(variable);
    result[name] = variable;
  }
  if (bytes > ENVIRONMENT_BYTES_MAX) {
    throw new Error(`${what}.Variables come to ${bytes} bytes; Lambda takes ${ENVIRONMENT_BYTES_MAX}.`);
  }
  return result;
}

function logFormat(what: string, logging: Record<string, unknown>): LogFormat {
  refuseUnknown(what, logging, ['LogGroup', 'LogFormat', 'SystemLogLevel', 'ApplicationLogLevel']);
  const format = optionalText(`${what}.LogFormat`, logging['LogFormat']) ?? 'Text';
  if (format !== 'JSON' && format !== 'Text') throw new Error(`${what}.LogFormat cannot be ${format}.`);
  const systemLevel = optionalText(`${what}.SystemLogLevel`, logging['SystemLogLevel']) ?? 'INFO';
  if (!isLogLevel(systemLevel)) throw new Error(`${what}.SystemLogLevel cannot be ${systemLevel}.`);
  const applicationLevel = optionalText(`${what}.ApplicationLogLevel`, logging['ApplicationLogLevel']) ?? 'INFO';
  if (!isLogLevel(applicationLevel)) throw new Error(`${what}.ApplicationLogLevel cannot be ${applicationLevel}.`);
  return { format, applicationLevel };
}

const isLogLevel = (level: string): level is LogLevel => LOG_LEVELS.some((known) => known === level);

/** A list of texts where a template may also give one. */
export const textOrList = (what: string, value: unknown): string[] =>
  typeof value === 'string' ? [value] : textList(what, value);
