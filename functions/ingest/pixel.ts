import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logError } from '../../shared/aws/log.ts';
import type { EventType } from '../../shared/domain/event.ts';
import type { RefusalReason } from '../../shared/domain/outcomes.ts';
import { acceptedAs, requestOf, type TakeDeps, takeRequest } from './take-request.ts';

/** One transparent point, 1 × 1. */
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/**
 * GET /v1/pixel/<call> (E21): one event in the query, for mails and pages without scripts. The answer is a picture and 200 whatever becomes of the
 * event, since a picture has nobody who could send it again; a header says why it was not taken.
 */
export async function pixel(
  deps: TakeDeps,
  event: APIGatewayProxyEventV2,
  call: EventType,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    const body = { text: event.rawQueryString, isBase64: false, contentEncoding: undefined, isForm: true };
    const result = await takeRequest(deps, requestOf(event, call, body), event.requestContext);
    return picture(result.outcome === 'accepted' ? acceptedAs(result.intakeId) : rejectedFor(result.reason));
  } catch (error) {
    logError('A pixel was not taken', error, { requestId: event.requestContext.requestId });
    return picture(rejectedFor('unavailable'));
  }
}

const rejectedFor = (reason: RefusalReason): Record<string, string> => ({ 'Tributary-Rejected': reason });

/** Mail programs fetch through caches: each opening must reach us. */
const picture = (told: Readonly<Record<string, string>>): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: {
    'Content-Type': 'image/gif',
    'Cache-Control': 'no-store, no-cache, must-revalidate, private, max-age=0',
    ...told,
  },
  body: GIF,
  isBase64Encoded: true,
});
