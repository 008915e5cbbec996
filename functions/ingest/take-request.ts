import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import type { IntakeId } from '../../shared/domain/ids.ts';
import type { IntakeKind } from '../../shared/domain/intake-message.ts';
import type { IntakeQueue } from '../../shared/ports/queues.ts';
import { type AcceptDeps, type Accepted, acceptRequest, type TrackingRequest } from './accept-request.ts';
import type { RefusalCounter } from './refusals.ts';
import type { RawBody } from './request-body.ts';

export type TakeDeps = AcceptDeps & {
  intake: IntakeQueue;
  refusals: RefusalCounter;
};

/** The store or the queue is away, or hangs. */
type Unavailable = { outcome: 'refused'; reason: 'unavailable' };
type Refusal = Parameters<RefusalCounter['add']>[0];

/** Own deadline: below the function's 10 s, so that a client gets our 503 instead of the gateway's (L2). */
export const ANSWER_WITHIN_MS = 8_000;

/** Takes one request of the tracking API; see `takeInTime`. */
export const takeRequest = (
  deps: TakeDeps,
  request: TrackingRequest,
  asked: AskedFor,
): Promise<Accepted | Unavailable> => takeInTime(deps, () => acceptRequest(deps, request), asked);

/** The gateway's name of the request: it is in the answer's `x-request-id`, and in what is logged. */
export type AskedFor = { requestId: string };

/** By this name an accepted request is found in logs, in the trace, in books and in the dead-letter store. */
export const acceptedAs = (intakeId: IntakeId): { 'Tributary-Intake-Id': string } => ({
  'Tributary-Intake-Id': intakeId,
});

/** Lets `accept` take one request in time, counts it if it is refused, and sends the notice of refusals that is due. Throws for bugs of ours alone. */
export async function takeInTime<T extends { outcome: string } | ({ outcome: 'refused' } & Refusal)>(
  deps: TakeDeps,
  accept: () => Promise<T>,
  { requestId }: AskedFor,
): Promise<T | Unavailable> {
  const noticeSent = sendDueNotice(deps);
  try {
    const result = await withinDeadline(accept());
    if ('reason' in result) {
      deps.refusals.add(result);
      // Whoever has the wrong key may be the only one who sends: no later request would take the notice along.
      await noticeSent;
      await sendDueNotice(deps);
    }
    return result;
  } catch (error) {
    deps.refusals.add({ reason: 'unavailable' });
    if (!mayHelpLater(error)) throw error;
    logError('A request was not accepted and the client is asked to send it again', error, { requestId });
    return { outcome: 'refused', reason: 'unavailable' };
  } finally {
    await noticeSent;
  }
}

/** What a request says of itself outside of its body. */
export function requestOf(event: APIGatewayProxyEventV2, kind: IntakeKind, body: RawBody): TrackingRequest {
  return {
    kind,
    body,
    basicKey: basicKeyOf(event.headers['authorization']),
    bearer: /^bearer\s+(\S{1,256})\s*$/i.exec(event.headers['authorization'] ?? '')?.[1],
    origin: event.headers['origin'],
    ip: event.requestContext.http.sourceIp,
    hop: hopOf(event.headers['x-tributary-hop']),
  };
}

/** Our own errors say `retry`; those of the AWS SDK carry $metadata. Anything else is a bug and leaves as a bare 500. */
const mayHelpLater = (error: unknown): boolean =>
  error instanceof AppError ? error.retry : typeof error === 'object' && error !== null && '$metadata' in error;

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
async function sendDueNotice({ refusals, intake }: TakeDeps): Promise<void> {
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
