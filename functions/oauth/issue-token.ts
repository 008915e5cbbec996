import { createHash } from 'node:crypto';
import { TRACKING_SCOPE } from '../../shared/domain/access-token.ts';
import type { RequestLimiter } from '../../shared/pipeline/request-limiter.ts';
import type { TokenLedger } from '../../shared/ports/access-tokens.ts';
import { readAssertion, signingKey } from './verify-assertion.ts';

/** Tokens that an app may ask for in a second: a fleet that starts anew, not a loop. */
export const TOKENS_PER_SECOND_MAX = 20;
const DAY_SECONDS = 86_400;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type IssueDeps = {
  ledger: TokenLedger;
  limiter: RequestLimiter;
  now: () => Date;
  /** 256 random bits as text. */
  newToken: () => string;
  newWriteId: () => string;
};

export type Issued =
  | { outcome: 'issued'; accessToken: string; expiresInSeconds: number }
  /** `error` is a word of RFC 6749. */
  | {
      outcome: 'refused';
      error: 'invalid_request' | 'unsupported_grant_type' | 'invalid_scope' | 'invalid_client';
      why: string;
    }
  | { outcome: 'too-many'; retryAfterSeconds: number };

/**
 * Exchanges a client's signed assertion for an access token (E04). The token is told once and kept as its hash. Who shows no valid signature learns
 * neither whether the app exists nor anything of its limit, and takes nothing from it.
 */
export async function issueToken(deps: IssueDeps, form: string, host: string): Promise<Issued> {
  const fields = fieldsOf(form);
  if (fields === undefined) return refused('invalid_request', 'a field is there twice');
  if (fields.get('grant_type') !== 'client_credentials') {
    return refused('unsupported_grant_type', 'grant_type must be client_credentials');
  }
  const text = fields.get('client_assertion');
  if (fields.get('client_assertion_type') !== ASSERTION_TYPE || text === undefined) {
    return refused('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}, with a client_assertion`);
  }
  const scopes = fields.get('scope')?.split(' ') ?? [TRACKING_SCOPE];
  if (!scopes.includes(TRACKING_SCOPE)) return refused('invalid_scope', `scope must be ${TRACKING_SCOPE}`);

  const now = deps.now();
  const read = readAssertion(text, host, now);
  if (read.outcome === 'unusable') return refused('invalid_client', read.why);
  const { assertion } = read;
  const app = await deps.ledger.findApp(assertion.appId);
  const keyId = app && signingKey(app, assertion);
  if (app === undefined || keyId === undefined) {
    return refused('invalid_client', 'there is no such app, or none of its keys signed the assertion');
  }

  const admission = await deps.limiter.admit({ id: app.id, requestsPerSecondMax: TOKENS_PER_SECOND_MAX });
  if (admission.outcome === 'refused') return { outcome: 'too-many', retryAfterSeconds: admission.retryAfterSeconds };
  const { jti, expiresAt } = assertion;
  const use = await deps.ledger.rememberAssertion({ appId: app.id, jti, expiresAt, writeId: deps.newWriteId() });
  if (use === 'repeated') return refused('invalid_client', 'the assertion has been used already');

  const accessToken = deps.newToken();
  const expiresInSeconds = app.tokenDays * DAY_SECONDS;
  await deps.ledger.save(createHash('sha256').update(accessToken).digest('hex'), {
    appId: app.id,
    workspaceId: app.workspaceId,
    keyId,
    issuedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + expiresInSeconds * 1_000).toISOString(),
  });
  return { outcome: 'issued', accessToken, expiresInSeconds };
}

const refused = (error: Extract<Issued, { outcome: 'refused' }>['error'], why: string): Issued => ({
  outcome: 'refused',
  error,
  why,
});

/** `undefined` where a field is repeated (RFC 6749, 3.2: must not be). */
function fieldsOf(form: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(form)) {
    if (fields.has(name)) return undefined;
    fields.set(name, value);
  }
  return fields;
}
