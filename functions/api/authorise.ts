import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ApiToken } from '../../shared/domain/workspace.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';

/** The longest token text that is looked at. */
const TOKEN_CHARS_MAX = 256;

/**
 * The token of `Authorization: Bearer …`, or undefined: absent, malformed or nobody's. Tokens are looked up by their SHA-256, so that no
 * comparison of secrets takes place here, and are never kept: a deleted one stops at the next request.
 */
export async function tokenOf(
  control: Pick<ControlStore, 'findApiToken'>,
  event: APIGatewayProxyEventV2,
): Promise<ApiToken | undefined> {
  const match = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(event.headers['authorization'] ?? '');
  const text = match?.[1];
  if (text === undefined || text.length > TOKEN_CHARS_MAX) return undefined;
  return await control.findApiToken(createHash('sha256').update(text).digest('hex'));
}
