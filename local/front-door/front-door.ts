import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Clock, JsonService, Meter, Principal, RawRequest, RawService } from '../types.ts';
import { AwsError } from '../types.ts';
import { BILLED_ERRORS, billingUnits } from './billing-units.ts';
import { errorText } from './error-text.ts';
import type { CallFault, Faults } from './faults.ts';
import { listen, originOf } from './listen.ts';
import { principalName } from './meter.ts';
import { decodeQuery, encodeQueryResult } from './query-protocol.ts';
import { readBody } from './read-body.ts';
import { resourceNames } from './resource-names.ts';
import type { Protocol } from './wire-errors.ts';
import { CLOUDFORMATION_NAMESPACE, FAILED, THROTTLED, wireError } from './wire-errors.ts';

/** One call's body. DynamoDB and SQS are far below (16 MB, 1 MiB escaped); S3 objects of the archive are the largest. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** Sockets stay open long: an SDK client that reuses a socket just closed would see a reset. */
const KEEP_ALIVE_MS = 10 * 60_000;
/** How long a call that was run but is never answered holds its socket, where the fault names no time. Above the SDK's own limits here. */
const HELD_MS = 30_000;
/** Callers remembered by the credential of their signature; one per function and day. */
const CALLERS_MAX = 1_000;
/** How long `close` waits for calls that are running. */
const DRAIN_MS = 10_000;

/** A call before it runs, for the IAM check. `resource` is set for S3, whose request names it; for the others it lies in `input`. */
export type AuthorizedCall = {
  principal: Principal;
  service: string;
  operation: string;
  input: Record<string, unknown>;
  resource?: string;
  /** What conditions of a policy may ask for, of calls that name their resource. */
  context?: Record<string, string>;
};

export type FrontDoorOptions = {
  host: string;
  /** The port, or the next free one; 0 for any. */
  port: number;
  services: readonly (JsonService | RawService)[];
  /** Who owns an access key. The signature itself is not verified: on one machine the key is the identity. */
  principalOf(accessKeyId: string): Principal | undefined;
  /** Throws AwsError AccessDenied where the caller's role does not allow the call. */
  authorize(call: AuthorizedCall): void;
  meter: Meter;
  faults: Pick<Faults, 'pick'>;
  clock: Clock;
  /** Told of each exception that is no AwsError: a bug of the local cloud. The caller gets a bare 500. */
  onUnexpected(error: unknown, call: string): void;
};

export type FrontDoor = {
  /** What SDK clients take as their endpoint. */
  readonly url: string;
  /** Calls being answered now, long polls included. */
  running(): number;
  /** Takes no further call (503), waits up to DRAIN_MS for those that run, closes all sockets. */
  close(): Promise<void>;
};

type Caller = { principal: Principal; name: string; service: string };

/** A call that was read and understood, ready to run. */
type Call = {
  caller: Caller;
  protocol: Protocol;
  operation: string;
  input: Record<string, unknown>;
  resource?: string;
  context?: Record<string, string>;
  bodyBytes: number;
  run(): Promise<Answer>;
};
type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
  output: Record<string, unknown>;
};

const ONE_RAW_CALL: Record<string, unknown> = {};

/**
 * The one HTTP endpoint of all AWS services of the local cloud. A call goes: body, caller, faults, authorisation, service, meter, answer
 * in the shape of its protocol.
 */
export async function frontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const { clock, meter, faults } = options;
  const services = new Map(options.services.map((service) => [service.name, service]));
  const callers = new Map<string, Caller>();
  let runningCalls = 0;
  let closing = false;

  const callerOf = (authorization: string | undefined): Caller => {
    const credential = credentialOf(authorization);
    const known = callers.get(credential);
    if (known !== undefined) return known;
    // AKIA…/20260101/us-east-1/sqs/aws4_request
    const [accessKeyId = '', , , service = ''] = credential.split('/');
    const principal = options.principalOf(accessKeyId);
    if (principal === undefined) {
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
    }
    const caller = { principal, name: principalName(principal), service };
    if (callers.size >= CALLERS_MAX) callers.clear();
    callers.set(credential, caller);
    return caller;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    const read = await readBody(request, BODY_BYTES_MAX);
    if (read.outcome === 'aborted') return;
    let call: Call | undefined;
    try {
      if (closing) throw new AwsError('ServiceUnavailable', 'The local cloud is stopping.', 503);
      if (read.outcome === 'too-large') {
        throw new AwsError('RequestEntityTooLarge', `A request may have ${BODY_BYTES_MAX} bytes.`, 413);
      }
      const caller = callerOf(request.headers.authorization);
      call = understand(services.get(caller.service), caller, request, read.body, requestId);
      const fault = pickFault(call);
      if (fault === undefined) {
        send(response, await runMetered(call));
      } else await runWithFault(call, fault, response);
    } catch (error) {
      sendError(error, call, request, response, requestId);
    }
  };

  const pickFault = (call: Call): CallFault | undefined =>
    faults.pick({
      service: call.caller.service,
      operation: call.operation,
      principal: call.caller.name,
      resources: () => (call.resource === undefined ? resourceNames(call.input) : [call.resource]),
    });

  const runMetered = async (call: Call): Promise<Answer> => {
    const { caller, operation, input, resource, context } = call;
    const { principal, service } = caller;
    options.authorize({ principal, service, operation, input, resource, context });
    try {
      const answer = await call.run();
      count(call, answer.output, bytesOf(answer.body));
      return answer;
    } catch (error) {
      if (error instanceof AwsError && BILLED_ERRORS.has(error.code)) count(call, {}, 0);
      throw error;
    }
  };

  const count = (call: Call, output: Record<string, unknown>, answerBytes: number): void =>
    meter.count({
      operation: `${call.caller.service}:${call.operation}`,
      principal: call.caller.name,
      calls: 1,
      units: billingUnits(call.caller.service, call.operation, call.input, output),
      bytes: call.bodyBytes + answerBytes,
    });

  const runWithFault = async (call: Call, fault: CallFault, response: ServerResponse): Promise<void> => {
    const { service } = call.caller;
    switch (fault.effect) {
      case 'throttle': {
        const { code, status } = THROTTLED[service] ?? { code: 'ThrottlingException', status: 400 };
        throw new AwsError(code, 'Rate exceeded (by the faults file).', status);
      }
      case 'error': {
        const { code, status } = FAILED[service] ?? { code: 'InternalFailure', status: 500 };
        throw new AwsError(code, 'The service failed (by the faults file).', status);
      }
      case 'drop-connection':
        response.destroy();
        return;
      case 'delay':
        await new Promise<void>((resolve) => clock.after(fault.delayMs ?? 0, resolve));
        send(response, await runMetered(call));
        return;
      case 'commit-then-timeout': {
        const cancel = clock.after(fault.delayMs ?? HELD_MS, () => response.destroy());
        response.on('close', cancel);
        try {
          await runMetered(call);
        } catch (error) {
          if (!(error instanceof AwsError)) options.onUnexpected(error, `${service}:${call.operation}`);
        }
        return;
      }
    }
  };

  const sendError = (
    thrown: unknown,
    call: Call | undefined,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): void => {
    const service = call?.caller.service ?? serviceOf(request.headers.authorization);
    if (!(thrown instanceof AwsError)) options.onUnexpected(thrown, `${service}:${call?.operation ?? '?'}`);
    const error =
      thrown instanceof AwsError
        ? thrown
        : new AwsError(FAILED[service]?.code ?? 'InternalFailure', 'The local cloud failed: see its output.', 500);
    const contentType = request.headers['content-type'] ?? '';
    const { headers, body, ...wire } = wireError(error, {
      service,
      protocol: call?.protocol ?? protocolOf(service, contentType),
      method: request.method ?? '',
      contentType: contentType.startsWith('application/x-amz-json') ? contentType : '',
      queryMode: request.headers['x-amzn-query-mode'] === 'true',
      requestId,
    });
    headers['content-type'] = wire.contentType;
    send(response, { status: error.status, headers, body, output: {} });
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
    runningCalls += 1;
    response.on('close', () => {
      runningCalls -= 1;
      // A kept-alive socket would otherwise hold the server open after its last answer.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    void handle(request, response);
  });
  const url = originOf(options.host, await listen(server, options.host, options.port));

  return {
    url,
    running: () => runningCalls,
    close: async () => {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Finds operation and input of a call. Throws AwsError where they cannot be read. */
function understand(
  service: JsonService | RawService | undefined,
  caller: Caller,
  request: IncomingMessage,
  body: Buffer,
  requestId: string,
): Call {
  if (service === undefined) {
    throw new AwsError('UnknownOperationException', `The local cloud does not have the service ${caller.service}.`);
  }
  const context = { principal: caller.principal, requestId };
  const contentType = request.headers['content-type'] ?? '';
  if ('identify' in service) {
    const raw: RawRequest = {
      method: request.method ?? '',
      target: request.url ?? '/',
      headers: request.headers,
      body,
    };
    const { operation, resource, context: asked } = service.identify(raw);
    return {
      caller,
      protocol: protocolOf(caller.service, contentType),
      operation,
      input: ONE_RAW_CALL,
      resource,
      ...(asked !== undefined && { context: asked }),
      bodyBytes: body.length,
      run: async () => {
        const answer = await service.call(operation, raw, context);
        return { ...answer, headers: { 'x-amz-request-id': requestId, ...answer.headers }, output: ONE_RAW_CALL };
      },
    };
  }
  const text = textOf(body, request.headers['content-encoding']);
  if (protocolOf(caller.service, contentType) === 'query') {
    const { action, input } = decodeQuery(text);
    return {
      caller,
      protocol: 'query',
      operation: action,
      input,
      bodyBytes: body.length,
      run: async () => {
        const output = await service.call(action, input, context);
        const xml = encodeQueryResult(CLOUDFORMATION_NAMESPACE, action, output, requestId);
        return {
          status: 200,
          headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
          body: Buffer.from(xml),
          output,
        };
      },
    };
  }
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
  if (operation === '') {
    throw new AwsError('UnknownOperationException', `A call of ${caller.service} names no operation (X-Amz-Target).`);
  }
  const input = jsonObject(text);
  return {
    caller,
    protocol: 'json',
    operation,
    input,
    bodyBytes: body.length,
    run: async () => {
      const output = await service.call(operation, input, context);
      return {
        status: 200,
        headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
        body: Buffer.from(JSON.stringify(output)),
        output,
      };
    },
  };
}

const protocolOf = (service: string, contentType: string): Protocol => {
  if (service === 's3') return 'raw';
  return contentType.startsWith('application/x-www-form-urlencoded') ? 'query' : 'json';
};

/** `AKIA…/date/region/service/aws4_request` of a SigV4 header. */
function credentialOf(authorization: string | undefined): string {
  const start = authorization?.indexOf('Credential=') ?? -1;
  const end = authorization?.indexOf(',', start) ?? -1;
  if (authorization === undefined || start < 0 || end < 0) {
    throw new AwsError('MissingAuthenticationTokenException', 'The request has no AWS signature.', 403);
  }
  return authorization.slice(start + 'Credential='.length, end);
}

const serviceOf = (authorization: string | undefined): string =>
  /Credential=[^/,]*\/[^/,]*\/[^/,]*\/([^/,]*)\//.exec(authorization ?? '')?.[1] ?? '';

/** CloudWatch's client compresses what is above 10 KB. */
function textOf(body: Buffer, contentEncoding: string | undefined): string {
  if (contentEncoding === undefined) return body.toString('utf8');
  if (contentEncoding !== 'gzip') {
    throw new AwsError('SerializationException', `The local cloud does not read Content-Encoding ${contentEncoding}.`);
  }
  try {
    return gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX }).toString('utf8');
  } catch (error) {
    throw new AwsError('SerializationException', `The body is not gzip: ${errorText(error)}`);
  }
}

function jsonObject(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AwsError('SerializationException', 'The body is not a JSON object.');
  }
  return parsed as Record<string, unknown>;
}

function send(response: ServerResponse, answer: Answer): void {
  const { headers, body } = answer;
  // S3 says the length of an object on HEAD, where the body is empty.
  if (headers['content-length'] === undefined && answer.status !== 204 && answer.status !== 304) {
    headers['content-length'] = String(bytesOf(body));
  }
  response.writeHead(answer.status, headers);
  response.end(body);
}

const bytesOf = (body: Buffer | string): number => (typeof body === 'string' ? Buffer.byteLength(body) : body.length);
