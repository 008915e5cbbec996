import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../domain/app-error.ts';
import type { AwsCredentials } from './signature.ts';
import { signedPost } from './signed-post.ts';

/**
 * Calls to AWS services with a JSON protocol, without the SDK, for a function whose cold start people wait for: loading two SDK clients
 * costs several times what ingest itself does (docs/decisions/011). Everything else uses the SDK.
 */
export type LightClient = {
  /** Throws AppError('upstream-unavailable') when no try was answered with a success, AppError('bad-request') where none can be. */
  call(operation: string, input: Record<string, unknown>, patience?: Patience): Promise<Record<string, unknown>>;
  /** The same of a conditional write. `item`: what its condition failed on, where the input asks for it and there is one. */
  callIf(operation: string, input: Record<string, unknown>, patience?: Patience): Promise<Conditional>;
};

/** An answer that is no success, as the cause of the error that a call ends with. `type`: the error's public name. */
export class LightFailure extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.name = 'LightFailure';
    this.type = type;
  }
}

/** How often a call is tried, and how long each try may take. */
export type Patience = { attemptsMax: number; tryTimeoutMs: number };
export type Conditional =
  | { outcome: 'done'; answer: Record<string, unknown> }
  /** `reasons`: of a cancelled transaction, by item. */
  | { outcome: 'condition-failed'; item: unknown; reasons?: string[] };

export type LightSetting = { region: string; credentials: AwsCredentials; endpointUrl: string | undefined };

/** Three tries of 2 s end before ingest's own deadline of 8 s (L2). */
const PATIENCE: Patience = { attemptsMax: 3, tryTimeoutMs: 2_000 };
const FIRST_PAUSE_MS = 50;
/** An item or a receipt; DynamoDB items are 400 KB at most. */
const ANSWER_BYTES_MAX = 1_000_000;

const PROTOCOLS = {
  sqs: { target: 'AmazonSQS', contentType: 'application/x-amz-json-1.0' },
  dynamodb: { target: 'DynamoDB_20120810', contentType: 'application/x-amz-json-1.0' },
  kms: { target: 'TrentService', contentType: 'application/x-amz-json-1.1' },
  events: { target: 'AWSEvents', contentType: 'application/x-amz-json-1.1' },
} as const;

/** What Lambda puts into each function's environment, with the SDK's own override of endpoints. Throws where it is no such environment. */
export function lightSetting(environment: Record<string, string | undefined>): LightSetting {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`The environment lacks ${name}, which Lambda sets`);
    return value;
  };
  return {
    region: required('AWS_REGION'),
    credentials: {
      accessKeyId: required('AWS_ACCESS_KEY_ID'),
      secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
      sessionToken: environment['AWS_SESSION_TOKEN'],
    },
    endpointUrl: environment['AWS_ENDPOINT_URL'],
  };
}

/** `endpoint` is where the service is, unless the setting says otherwise. No network before the first call. */
export function lightClient(
  service: keyof typeof PROTOCOLS,
  endpoint: string,
  setting: LightSetting,
  { answerBytesMax = ANSWER_BYTES_MAX }: { answerBytesMax?: number } = {},
): LightClient {
  const { target, contentType } = PROTOCOLS[service];
  const post = signedPost(service, new URL(setting.endpointUrl ?? endpoint), setting, answerBytesMax);
  const attempt = (operation: string, body: string, tryTimeoutMs: number): Promise<Answer> =>
    post({
      path: '/',
      headers: { 'content-type': contentType, 'x-amz-target': `${target}.${operation}` },
      body,
      timeoutMs: tryTimeoutMs,
    });

  const callIf: LightClient['callIf'] = async (operation, input, { attemptsMax, tryTimeoutMs } = PATIENCE) => {
    const body = JSON.stringify(input);
    let failure: unknown;
    for (let round = 0; round < attemptsMax; round += 1) {
      if (round > 0) await wait(Math.random() * FIRST_PAUSE_MS * 2 ** round);
      try {
        const answer = await attempt(operation, body, tryTimeoutMs);
        if (answer.status === 200) return { outcome: 'done', answer: objectIn(answer.text) };
        const type = errorTypeOf(answer.text);
        if (type === 'ConditionalCheckFailedException') {
          return { outcome: 'condition-failed', item: objectIn(answer.text)['Item'] };
        }
        if (type === 'TransactionCanceledException') {
          return { outcome: 'condition-failed', item: undefined, reasons: reasonsIn(answer.text) };
        }
        failure = new LightFailure(type, `${service} ${operation} answered ${answer.status} ${type}`);
        if (!isPassing(answer)) break;
      } catch (error) {
        failure = error;
      }
    }
    // A request that is malformed, or too large, is so at every try.
    if (failure instanceof LightFailure && failure.type === 'ValidationException') {
      throw new AppError('bad-request', `${service} ${operation} was refused`, { cause: failure, retry: false });
    }
    throw new AppError('upstream-unavailable', `${service} ${operation} failed`, { cause: failure });
  };

  return {
    callIf,
    call: async (operation, input, patience) => {
      const result = await callIf(operation, input, patience);
      if (result.outcome === 'done') return result.answer;
      throw new AppError('upstream-unavailable', `The condition of ${service} ${operation} failed`);
    },
  };
}

const objectIn = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

type Answer = { status: number; text: string };

function reasonsIn(text: string): string[] {
  const reasons = objectIn(text)['CancellationReasons'];
  if (!Array.isArray(reasons)) return [];
  return reasons.map((reason: { Code?: unknown }) => (typeof reason.Code === 'string' ? reason.Code : 'None'));
}

const errorTypeOf = (text: string): string => /"__type"\s*:\s*"(?:[^"]*#)?([\w.]{1,80})"/.exec(text)?.[1] ?? '';

/** Faults of theirs, and throttles, which come with status 400. */
const isPassing = ({ status, text }: Answer): boolean =>
  status >= 500 ||
  status === 429 ||
  /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/.test(errorTypeOf(text));
