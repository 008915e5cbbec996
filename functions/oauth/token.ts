import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { TRACKING_SCOPE } from '../../shared/domain/access-token.ts';
import { json } from '../../shared/http/answers.ts';
import { type IssueDeps, type Issued, issueToken } from './issue-token.ts';

/** An assertion of 8 KB and a few words. */
const FORM_CHARS_MAX = 16_384;

/** 400 and 401 tell Segment's SDK to stop, 429 to wait as it is told. */
const STATUS = {
  invalid_request: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_client: 401,
} as const satisfies Record<Extract<Issued, { outcome: 'refused' }>['error'], 400 | 401>;

/** POST /token: the HTTP face of issueToken, as RFC 6749 has it. */
export const token =
  (deps: IssueDeps) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const text = event.body ?? '';
    const form = event.isBase64Encoded ? Buffer.from(text, 'base64').toString('utf8') : text;
    const result: Issued =
      form.length > FORM_CHARS_MAX
        ? { outcome: 'refused', error: 'invalid_request', why: 'the form is too large' }
        : await issueToken(deps, form, event.headers['host'] ?? event.requestContext.domainName);
    if (result.outcome === 'refused') {
      return json(STATUS[result.error], { error: result.error, error_description: result.why });
    }
    if (result.outcome === 'too-many') {
      const answer = { error: 'too_many_requests', error_description: 'the app asks for too many tokens' };
      return json(429, answer, { 'Retry-After': String(result.retryAfterSeconds) });
    }
    return json(200, {
      access_token: result.accessToken,
      token_type: 'Bearer',
      expires_in: result.expiresInSeconds,
      scope: TRACKING_SCOPE,
    });
  };
