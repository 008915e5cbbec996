import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { RefusalReason } from '../../shared/domain/outcomes.ts';
import { json } from '../../shared/http/answers.ts';
import { acceptHook, type HookDeps, hookSource, type PostedHook } from './accept-hook.ts';
import { queryChallenge } from './hook-challenge.ts';
import { acceptedAs, requestOf, type TakeDeps, takeInTime } from './take-request.ts';

export type { HookDeps };

/** The source's id in the path. */
const PATH = /\/v1\/hooks\/([A-Za-z0-9_-]{1,64})\/?$/;

export const isHookPath = (event: APIGatewayProxyEventV2): boolean => PATH.test(event.rawPath);

/**
 * Who set up a webhook in a tool reads there what we answered, so it is the truth, unlike what client libraries get (E08). Nothing is 410, at which
 * some tools take the webhook away for good; what may pass by itself is 429 or 503.
 */
const ANSWERS: Record<RefusalReason, { status: number; message: string }> = {
  'missing-write-key': { status: 401, message: "The address lacks the source's write key: ?key=…" },
  'unknown-write-key': { status: 401, message: 'No source has this write key' },
  'wrong-source': { status: 404, message: 'The write key is not of a webhook source with this id' },
  'source-disabled': { status: 403, message: 'The source is disabled' },
  'not-allowed': { status: 403, message: 'The source takes nothing from this address' },
  'bad-signature': { status: 401, message: 'The signature is missing, too old or made with another secret' },
  'bad-token': { status: 401, message: 'The source asks for an OAuth access token' },
  'too-large': { status: 413, message: 'The body is larger than 500 KB' },
  'invalid-json': { status: 400, message: 'The body is neither JSON nor a form nor a text' },
  'too-deep': { status: 400, message: 'The body is nested too deep' },
  'too-many-keys': { status: 400, message: 'The body has too many keys' },
  'too-many-events': { status: 400, message: 'The body has too many items' },
  'bad-encoding': { status: 415, message: 'Content-Encoding must be gzip or absent' },
  loop: { status: 400, message: 'The request came from us too often' },
  'rate-limited': { status: 429, message: 'Too many requests; send this again later' },
  unavailable: { status: 503, message: 'Please send this again' },
};

const SUCCESS = { success: true };
/** Seconds that a sender is asked to wait after a 503. */
const RETRY_AFTER_SECONDS = 1;

/** POST /v1/hooks/{sourceId}, and GET or HEAD, by which tools look whether anybody is there. */
export async function hook(
  deps: TakeDeps & HookDeps,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const request = postedOf(event);
  if (event.requestContext.http.method !== 'POST') return await greet(deps, event, request);
  const result = await takeInTime(deps, () => acceptHook(deps, request), event.requestContext);
  if (result.outcome === 'accepted') return json(200, SUCCESS, acceptedAs(result.intakeId));
  return result.outcome === 'challenge' ? json(200, { challenge: result.challenge }) : refusal(result);
}

/** A challenge comes back as it is; without one, that the address is right is all there is to say. */
async function greet(
  deps: TakeDeps & HookDeps,
  event: APIGatewayProxyEventV2,
  request: PostedHook,
): Promise<APIGatewayProxyStructuredResultV2> {
  const result = await takeInTime(deps, () => hookSource(deps, request), event.requestContext);
  if (result.outcome === 'refused') return refusal(result);
  const challenge = queryChallenge(new URLSearchParams(event.rawQueryString));
  if (challenge === undefined) return json(200, { ...SUCCESS, message: 'Post events to this address' });
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      // What anybody may put into an address is never a page of ours.
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
    body: challenge,
  };
}

function refusal(refused: { reason: RefusalReason; retryAfterSeconds?: number }): APIGatewayProxyStructuredResultV2 {
  const { reason } = refused;
  const { status, message } = ANSWERS[reason];
  const againSeconds = reason === 'unavailable' ? RETRY_AFTER_SECONDS : refused.retryAfterSeconds;
  return json(
    status,
    { success: false, code: reason, message },
    {
      'Tributary-Rejected': reason,
      ...(againSeconds !== undefined && { 'Retry-After': String(againSeconds) }),
      ...(status === 429 && againSeconds !== undefined && { 'X-RateLimit-Reset': String(againSeconds) }),
    },
  );
}

function postedOf(event: APIGatewayProxyEventV2): PostedHook {
  const body = {
    text: event.body,
    isBase64: event.isBase64Encoded,
    contentEncoding: event.headers['content-encoding'],
    isForm: false,
  };
  const { kind: _, ...request } = requestOf(event, 'hook', body);
  const key = new URLSearchParams(event.rawQueryString).get('key');
  return {
    ...request,
    sourceId: PATH.exec(event.rawPath)?.[1] ?? '',
    queryKey: key === null || key === '' ? undefined : key,
    headers: event.headers,
  };
}
