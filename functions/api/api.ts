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
    const isBrowser = (event.headers['accept'] ?? '').includes('text/html');
    if (method === 'GET' && path === '/' && isBrowser && event.headers['authorization'] === undefined) {
      return { statusCode: 200, headers: STATUS_PAGE_HEADERS, body: STATUS_PAGE };
    }
    return await answer(event);
  };
};
