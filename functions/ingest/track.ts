import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { EVENT_TYPES } from '../../shared/domain/event.ts';
import type { IntakeKind } from '../../shared/domain/intake-message.ts';
import type { HookRefusal, RefusalReason } from '../../shared/domain/outcomes.ts';
import { json } from '../../shared/http/answers.ts';
import { type HookDeps, hook, isHookPath } from './hook.ts';
import { pixel } from './pixel.ts';
import { isFormType } from './request-body.ts';
import { acceptedAs, requestOf, type TakeDeps, takeRequest } from './take-request.ts';

/** Seconds that a client is asked to wait. Read by few SDKs on a 503; harmless to the others. */
const RETRY_AFTER_SECONDS = '1';

/** E01 and the short forms of the browser and mobile SDKs. */
const KINDS: Readonly<Record<string, IntakeKind>> = {
  identify: 'identify',
  track: 'track',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
  batch: 'batch',
  import: 'import',
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
};
/** Where the browser SDK posts metrics about itself: answered, and dropped. */
const CLIENT_METRICS = 'm';

/** Those of the tracking API: webhook sources have one more. */
type Refusal = Exclude<RefusalReason, HookRefusal>;

/** 400 and 415 tell the SDKs to drop the request, 200 is what Segment answers for what it takes and drops (E05 to E08). */
const STATUS: Record<Refusal, 200 | 400 | 401 | 415 | 429 | 503> = {
  'unknown-write-key': 200,
  'missing-write-key': 200,
  'source-disabled': 200,
  'too-many-events': 200,
  loop: 200,
  'too-large': 400,
  'invalid-json': 400,
  'too-deep': 400,
  'too-many-keys': 400,
  'bad-encoding': 415,
  'bad-token': 401,
  'not-allowed': 200,
  'wrong-source': 200,
  'rate-limited': 429,
  unavailable: 503,
};

const SUCCESS = { success: true };
const MESSAGES = {
  400: 'The request is too large, too deep or not a JSON object',
  401: 'The source asks for an OAuth access token',
  415: 'Content-Encoding must be gzip or absent',
  429: 'Too many requests; send this again later',
  503: 'Please send this again',
} as const;

/** POST /v1/track and its kin, GET /v1/pixel/track and its, and /v1/hooks: the HTTP face of ingest. A store or queue that fails, or hangs, is a 503. */
export const track =
  (deps: TakeDeps & HookDeps) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    if (isHookPath(event)) return await hook(deps, event);
    const call = pixelOf(event);
    if (call !== undefined) return await pixel(deps, event, call);
    const endpoint = endpointOf(event);
    if (endpoint === CLIENT_METRICS) return json(200, SUCCESS);
    const kind = endpoint !== undefined && Object.hasOwn(KINDS, endpoint) ? KINDS[endpoint] : undefined;
    if (kind === undefined) return json(404, { success: false, code: 'not-found', message: 'No such endpoint' });

    const body = {
      text: event.body,
      isBase64: event.isBase64Encoded,
      contentEncoding: event.headers['content-encoding'],
      isForm: isFormType(event.headers['content-type']),
    };
    const result = await takeRequest(deps, requestOf(event, kind, body), event.requestContext);
    if (result.outcome === 'accepted') return json(200, SUCCESS, acceptedAs(result.intakeId));
    const { reason } = result;
    const againSeconds =
      reason === 'rate-limited'
        ? String(result.retryAfterSeconds)
        : reason === 'unavailable'
          ? RETRY_AFTER_SECONDS
          : undefined;
    const status = STATUS[reason];
    const answer = status === 200 ? SUCCESS : { success: false, code: reason, message: MESSAGES[status] };
    return json(status, answer, {
      'Tributary-Rejected': reason,
      ...(againSeconds !== undefined && { 'Retry-After': againSeconds }),
      // Both are seconds from now (E09).
      ...(status === 429 && { 'X-RateLimit-Reset': againSeconds }),
    });
  };

/** The part of the path behind /v1/; `undefined` for other methods and paths. A stage before it is the gateway's affair. */
function endpointOf(event: APIGatewayProxyEventV2): string | undefined {
  if (event.requestContext.http.method !== 'POST') return undefined;
  return /\/v1\/([a-z]+)\/?$/.exec(event.rawPath)?.[1];
}

/** The call that a pixel makes; it has no short forms and no batch. */
function pixelOf(event: APIGatewayProxyEventV2): (typeof EVENT_TYPES)[number] | undefined {
  if (event.requestContext.http.method !== 'GET') return undefined;
  const name = /\/v1\/pixel\/([a-z]+)\/?$/.exec(event.rawPath)?.[1];
  return EVENT_TYPES.find((type) => type === name);
}
