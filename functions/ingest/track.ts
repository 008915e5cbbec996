import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import type { IntakeKind } from '../../shared/domain/intake-message.ts';
import type { RefusalReason } from '../../shared/domain/outcomes.ts';
import { json } from '../../shared/http/answers.ts';
import type { IntakeQueue } from '../../shared/ports/queues.ts';
import type { AcceptDeps, TrackingRequest } from './accept-request.ts';
import { acceptRequest } from './accept-request.ts';
import type { RefusalCounter } from './refusals.ts';

export type TrackDeps = AcceptDeps & {
  intake: IntakeQueue;
  refusals: RefusalCounter;
};

/** Own deadline: below the function's 10 s, so that a client gets our 503 instead of the gateway's (L2). */
export const ANSWER_WITHIN_MS = 8_000;
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

/** 400 and 415 tell the SDKs to drop the request, 200 is what Segment answers for what it takes and drops (E05 to E08). */
const STATUS: Record<Exclude<RefusalReason, 'unavailable'>, 200 | 400 | 401 | 415 | 429> = {
  'unknown-write-key': 200,
  'missing-write-key': 200,
  'source-disabled': 200,
  'too-many-events': 200,
  loop: 200,
  'too-large': 400,
  'invalid-json': 400,
  'too-deep': 400,
  'bad-encoding': 415,
  'bad-token': 401,
  'not-allowed': 200,
  'rate-limited': 429,
};

const SUCCESS = { success: true };

/** POST /v1/track and its kin: the HTTP face of acceptRequest. A store or queue that fails, or hangs, is a 503 and counted. */
export const track =
  (deps: TrackDeps) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const endpoint = endpointOf(event);
    if (endpoint === CLIENT_METRICS) return json(200, SUCCESS);
    const kind = endpoint !== undefined && Object.hasOwn(KINDS, endpoint) ? KINDS[endpoint] : undefined;
    if (kind === undefined) return json(404, { success: false, code: 'not-found', message: 'No such endpoint' });

    const noticeSent = sendDueNotice(deps);
    try {
      const result = await withinDeadline(acceptRequest(deps, requestOf(event, kind)));
      if (result.outcome === 'accepted') return json(200, SUCCESS);
      deps.refusals.add(result);
      const status = STATUS[result.reason];
      const answer = status === 200 ? SUCCESS : { success: false, code: result.reason, message: MESSAGES[status] };
      return json(status, answer, { 'Tributary-Rejected': result.reason });
    } catch (error) {
      deps.refusals.add({ reason: 'unavailable' });
      if (!mayHelpLater(error)) throw error;
      logError('A request was not accepted and the client is asked to send it again', error);
      return json(
        503,
        { success: false, code: 'unavailable', message: 'Please send this again' },
        { 'Tributary-Rejected': 'unavailable', 'Retry-After': RETRY_AFTER_SECONDS },
      );
    } finally {
      await noticeSent;
    }
  };

/** Our own errors say `retry`; those of the AWS SDK carry $metadata. Anything else is a bug and leaves as a bare 500. */
const mayHelpLater = (error: unknown): boolean =>
  error instanceof AppError ? error.retry : typeof error === 'object' && error !== null && '$metadata' in error;

const MESSAGES = {
  401: 'The source asks for an OAuth access token',
  429: 'Too many requests; send this again later',
  400: 'The request is too large, too deep or not a JSON object',
  415: 'Content-Encoding must be gzip or absent',
} as const;

/** The part of the path behind /v1/; `undefined` for other methods and paths. A stage before it is the gateway's affair. */
function endpointOf(event: APIGatewayProxyEventV2): string | undefined {
  if (event.requestContext.http.method !== 'POST') return undefined;
  return /\/v1\/([a-z]+)\/?$/.exec(event.rawPath)?.[1];
}

function requestOf(event: APIGatewayProxyEventV2, kind: IntakeKind): TrackingRequest {
  return {
    kind,
    body: {
      text: event.body,
      isBase64: event.isBase64Encoded,
      contentEncoding: event.headers['content-encoding'],
    },
    basicKey: basicKeyOf(event.headers['authorization']),
    ip: event.requestContext.http.sourceIp,
    hop: hopOf(event.headers['x-tributary-hop']),
  };
}

/** The user name of Basic auth (E03). Some old clients encode the key without the colon. Other schemes carry the key in the body. */
function basicKeyOf(authorization: string | undefined): string | undefined {
  const encoded = /^basic\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const credentials = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = credentials.indexOf(':');
  const key = colon === -1 ? credentials : credentials.slice(0, colon);
  return key === '' ? undefined : key;
}

/** The largest count of a header that proxies may have joined by commas; what is no number counts as 0. */
function hopOf(header: string | undefined): number {
  if (header === undefined) return 0;
  return Math.max(0, ...header.split(',').map((text) => (/^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 0)));
}

/** Best effort: a notice that the queue does not take is gone, and the request is answered all the same. Never rejects. */
async function sendDueNotice({ refusals, intake }: TrackDeps): Promise<void> {
  const notice = refusals.takeDue();
  if (notice === undefined) return;
  await withinDeadline(intake.sendNotice(notice)).catch((error: unknown) => {
    logError('A notice of refusals was not sent', error, { lines: notice.refusals.length });
  });
}

async function withinDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('upstream-unavailable', `No answer within ${ANSWER_WITHIN_MS} ms`)),
      ANSWER_WITHIN_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
