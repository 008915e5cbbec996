import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logError } from '../aws/log.ts';
import { failure } from './answers.ts';

export type HttpWork = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * The one face of HTTP APIs. Whatever `work` does not expect leaves as a bare error with the request id: 503 with Retry-After where the
 * error says that another try may help (a store or queue that is down), otherwise 500. Nothing of the error's text goes out.
 */
export const httpHandler = (work: HttpWork) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 }).handler(
    async (event) => {
      const requestId = event.requestContext.requestId;
      try {
        const result = await work(event);
        return { ...result, headers: { ...result.headers, 'x-request-id': requestId } };
      } catch (error) {
        logError('A request failed', error, { requestId, route: event.requestContext.http.path.slice(0, 128) });
        return mayHelpLater(error)
          ? failure(503, 'unavailable', `Please send this again (request ${requestId}).`, { 'Retry-After': '1' })
          : failure(500, 'internal-error', `Something went wrong on our side (request ${requestId}).`);
      }
    },
  );

/** AWS SDK errors carry $metadata; our own say `retry`. */
const mayHelpLater = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && ('$metadata' in error || ('retry' in error && error.retry === true));
