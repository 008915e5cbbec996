import type { IncomingHttpHeaders } from 'node:http';

/** The account and region that the local cloud plays. ARNs and queue URLs carry them. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** Time as every part of the local cloud sees it. Tests pass a clock that they set. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` once, `delayMs` from now; the answer cancels it. Timers do not keep the process alive by themselves. */
  after(delayMs: number, action: () => void): () => void;
};

/** Who calls: found by the access key id of the request's signature. Each function has a key of its own; the operator may do all. */
export type Principal =
  | { kind: 'operator' }
  | { kind: 'function'; functionName: string; roleName: string }
  /** A service acting with a role or by a resource policy: event source mapping, scheduler, API gateway. */
  | { kind: 'service'; service: string; roleName?: string };

export type CallContext = { principal: Principal; requestId: string };

/** An error that leaves as AWS would send it. `code` is the error's public name, such as `ConditionalCheckFailedException`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error's body, such as `CancellationReasons` or `Item`. */
  readonly fields: Record<string, unknown>;
  constructor(code: string, message: string, status = 400, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** A service whose calls are an operation name with a JSON object in and out (SQS, DynamoDB, KMS, EventBridge, and the decoded forms of CloudWatch and CloudFormation). */
export type JsonService = {
  /** The name in the credential scope of a signature: `sqs`, `dynamodb`, `kms`, `events`, `monitoring`, `cloudformation`. */
  readonly name: string;
  /** Throws AwsError. An operation that it does not know is AwsError('UnknownOperationException', 'The local cloud does not have sqs:AddPermission'). */
  call(operation: string, input: Record<string, unknown>, context: CallContext): Promise<Record<string, unknown>>;
};

/** An HTTP request as the front door has read it, for services whose operation lies in method and path (S3). */
export type RawRequest = {
  method: string;
  /** Path and query as sent, not decoded. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
};
export type RawResponse = { status: number; headers: Record<string, string>; body: Buffer | string };
export type RawService = {
  readonly name: string;
  /** The operation's IAM name and resource, before it runs: `{operation: 'PutObject', resource: 'arn:aws:s3:::bucket/key'}`. Unknown: throws AwsError. */
  identify(request: RawRequest): { operation: string; resource: string; context?: Record<string, string> };
  call(operation: string, request: RawRequest, context: CallContext): Promise<RawResponse>;
};

/** What CloudFormation would know of a created resource: the value of Ref, and of each Fn::GetAtt. */
export type Created = { ref: string; attributes: Record<string, unknown> };

/** One resource of the template with all intrinsics resolved. */
export type ResourceToCreate = {
  stackName: string;
  logicalId: string;
  /** Where the template gives no name: deterministic in (stack, logical id), the same at every start, in the form that the service allows. */
  physicalName: string;
  properties: Record<string, unknown>;
};

/**
 * Makes (or finds again, at a later start: creation is idempotent and keeps data) the resources of one type. A property that it does not
 * know how to honour is an error that names type and property; a property that changes nothing here is listed in `ignored`.
 */
export type ResourceProvider = {
  readonly type: string;
  /** Properties with no effect on one machine (tags, encryption at rest …), each deliberately listed. */
  readonly ignored: readonly string[];
  /** Properties that `create` honours. */
  readonly honoured: readonly string[];
  create(resource: ResourceToCreate): Promise<Created>;
  /** Deletes what `create` made at this or an earlier start: DeleteStack, or the resource left the template. What is gone already is no error. */
  remove?(resource: { physicalName: string; ref: string }): Promise<void>;
};

/** What a function call came to. `errorType` is what Lambda would report: the error's name, `Sandbox.Timedout`, `Runtime.ExitError`, `Runtime.OutOfMemory`. */
export type InvokeResult = { ok: true; payload: unknown } | { ok: false; errorType: string; errorMessage: string };

export type LambdaHost = {
  /** Runs a function and waits for its answer. `functionName` or its ARN. A name that does not exist: AwsError ResourceNotFoundException. */
  invoke(functionName: string, event: unknown): Promise<InvokeResult>;
  /**
   * As Lambda's asynchronous invoke: answers at once, retries as the function's EventInvokeConfig says (2 by default). `onEnd` is called once, after a
   * run that succeeded or when no further one is tried.
   */
  invokeLater(functionName: string, event: unknown, onEnd?: () => void): void;
};

/** One measured value, as CloudWatch takes it. */
export type MetricDatum = {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  value: number;
  unit: string;
  atMs: number;
};
export type MetricSink = { put(datum: MetricDatum): void };

/** A line that a function wrote, or that the platform wrote about it. JSON lines stay as they are. */
export type LogLine = { functionName: string; requestId: string; atMs: number; line: string };
export type LogSink = { write(line: LogLine): void };

/** Units that a call is billed by, for the meter: `{operation: 'sqs:SendMessage', principal: 'route', calls: 1, units: 3}`. */
export type MeterEntry = { operation: string; principal: string; calls: number; units: number; bytes: number };
export type Meter = { count(entry: MeterEntry): void; snapshot(): MeterEntry[]; reset(): void };
