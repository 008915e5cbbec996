import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpWork } from '../../shared/http/http-handler.ts';
import type { ApiDeps } from './api-deps.ts';
import { answerRequest } from './http/answer-request.ts';
import { STATUS_PAGE, STATUS_PAGE_HEADERS } from './status-page.ts';

/**
 * The HTTP face of the control plane: Segment's Public API at the root, what the app needs beyond it under `/app-api`, both in the same envelope
 * ({data} or {errors}); and the status page for browsers that ask for the root without a token.
 */
export const api = (deps: ApiDeps): HttpWork => {
  const answer = answerRequest(deps);
  return async (event) => {
    const { method, path } = event.requestContext.http;
    // Browsers, and who takes anything: client libraries ask for JSON.
    const accept = event.headers['accept'] ?? '';
    const isBrowser = accept.includes('text/html') || accept === '*/*';
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && path === '/' && isBrowser && event.headers['authorization'] === undefined) {
      return bodyFor(method, { statusCode: 200, headers: STATUS_PAGE_HEADERS, body: STATUS_PAGE });
    }
    return bodyFor(method, await answer(event));
  };
};

/** HEAD is answered as GET is, without the body (RFC 9110, 9.3.2). */
const bodyFor = (method: string, answer: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 =>
  method === 'HEAD' ? { ...answer, body: '', isBase64Encoded: false } : answer;
