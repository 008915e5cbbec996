import { s3ErrorResponse } from '../s3/s3-xml.ts';
import type { AwsError } from '../types.ts';
import { encodeQueryError } from './query-protocol.ts';

/**
 * How a service's calls are written on the wire. SQS, DynamoDB, KMS, EventBridge and CloudWatch clients send AWS JSON (operation in `X-Amz-Target`),
 * CloudFormation's AWS Query (form in, XML out), S3 its own.
 */
export type Protocol = 'json' | 'query' | 'raw';

export const CLOUDFORMATION_NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** Namespace of the `__type` of an error, as the services send it; clients look only at what follows the `#`. */
const ERROR_NAMESPACES: Record<string, string> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810',
  sqs: 'com.amazonaws.sqs',
  kms: 'com.amazonaws.kms',
  events: 'com.amazonaws.events',
  monitoring: 'com.amazonaws.cloudwatch.v2010_08_01',
  'cognito-idp': 'com.amazonaws.cognito.identity.idp.model',
};

/** SQS's errors that had another name in its older Query protocol; clients in query mode are told that name too, in `x-amzn-query-error`. */
const SQS_QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

export type WireError = { contentType: string; headers: Record<string, string>; body: string };

/** An error in the form in which the caller's SDK client will recognise it. */
export function wireError(
  error: AwsError,
  call: {
    service: string;
    protocol: Protocol;
    method: string;
    contentType: string;
    queryMode: boolean;
    requestId: string;
  },
): WireError {
  if (call.protocol === 'query') {
    return {
      contentType: 'text/xml',
      headers: { 'x-amzn-requestid': call.requestId },
      body: encodeQueryError(CLOUDFORMATION_NAMESPACE, error, call.requestId),
    };
  }
  if (call.protocol === 'raw') {
    const { headers, body } = s3ErrorResponse(error, call.method, call.requestId);
    return { contentType: 'application/xml', headers, body: String(body) };
  }
  const headers: Record<string, string> = { 'x-amzn-requestid': call.requestId, 'x-amzn-errortype': error.code };
  if (call.queryMode) {
    const code = call.service === 'sqs' ? (SQS_QUERY_CODES[error.code] ?? error.code) : error.code;
    headers['x-amzn-query-error'] = `${code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  }
  const namespace = ERROR_NAMESPACES[call.service] ?? `com.amazonaws.${call.service}`;
  return {
    contentType: call.contentType === '' ? 'application/x-amz-json-1.0' : call.contentType,
    headers,
    body: JSON.stringify({ __type: `${namespace}#${error.code}`, message: error.message, ...error.fields }),
  };
}

/** What a service answers when it throttles, and when it fails by its own fault. The SDK's retries know these names. */
export const THROTTLED: Record<string, { code: string; status: number }> = {
  sqs: { code: 'RequestThrottled', status: 403 },
  dynamodb: { code: 'ThrottlingException', status: 400 },
  s3: { code: 'SlowDown', status: 503 },
  kms: { code: 'ThrottlingException', status: 400 },
  events: { code: 'ThrottlingException', status: 400 },
  monitoring: { code: 'ThrottlingException', status: 400 },
  cloudformation: { code: 'Throttling', status: 400 },
  'cognito-idp': { code: 'TooManyRequestsException', status: 400 },
};
export const FAILED: Record<string, { code: string; status: number }> = {
  sqs: { code: 'InternalError', status: 500 },
  dynamodb: { code: 'InternalServerError', status: 500 },
  s3: { code: 'InternalError', status: 500 },
  kms: { code: 'KMSInternalException', status: 500 },
  events: { code: 'InternalException', status: 500 },
  monitoring: { code: 'InternalServiceFault', status: 500 },
  cloudformation: { code: 'InternalFailure', status: 500 },
  'cognito-idp': { code: 'InternalErrorException', status: 500 },
};
