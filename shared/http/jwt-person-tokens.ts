import type { JWTPayload, JWTVerifyOptions } from 'jose';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { PersonToken, PersonTokens } from '../ports/person-tokens.ts';
import { type IssuerKeys, issuerKeys } from './issuer-keys.ts';

export type JwtPersonTokensOptions = {
  /** https; http on this machine alone, for the local cloud. No trailing slash. */
  issuer: string;
  /** An access token must allow it: it is what clients made for this API may ask for, and others may not. */
  scope: string;
  now: () => Date;
  /** Default: those that the issuer publishes. */
  keys?: IssuerKeys;
};

/** Asymmetric ones alone: with `none` or HS256 whoever knows the public key could sign. */
const ALGORITHMS = ['RS256', 'ES256'] as const;
/** How far our clock and the issuer's may be apart. */
const TOLERANCE_SECONDS = 5;
/** Cognito's tokens have about 1 KB; groups and mapped attributes make them longer. API Gateway takes 10 KB of headers in all. */
const TOKEN_CHARS_MAX = 8_192;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const text = z.string().min(1).max(2_048);
const Common = {
  sub: text,
  exp: z.number().max(8.64e12),
  iat: z.number().min(0).max(8.64e12),
  auth_time: z.number().min(0).max(8.64e12).optional(),
  email: z.string().max(320).optional(),
  // Cognito sends it as text where an identity provider's claim was mapped so.
  email_verified: z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]).optional(),
  name: z.string().max(2_048).optional(),
};
/** `aud`: Cognito's access tokens have none; where one is, it must be the client. */
const AccessClaims = z.object({
  ...Common,
  token_use: z.literal('access'),
  client_id: text,
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  scope: z.string(),
  username: text.optional(),
});
const Header = z.object({ alg: z.enum(ALGORITHMS), crit: z.never().optional() });
const Issued = z.object({ iss: z.string() });
const IdClaims = z.object({ ...Common, token_use: z.literal('id'), aud: text, 'cognito:username': text.optional() });

/**
 * Verifies the JWTs of one issuer, a Cognito user pool or the local cloud's, alike. The library is loaded with the first token. Times and claims are
 * checked against `now`; the signature against the issuer's published keys. Throws where `issuer` is neither https nor this machine.
 */
export function jwtPersonTokens({ issuer, scope, now, ...options }: JwtPersonTokensOptions): PersonTokens {
  const { protocol, hostname } = new URL(issuer);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.has(hostname))) {
    throw new AppError('bad-request', 'The issuer of tokens must be https', { retry: false });
  }
  const keys = options.keys ?? issuerKeys(issuer, () => now().getTime());

  const verified = async (token: string): Promise<JWTPayload | undefined> => {
    if (token.length > TOKEN_CHARS_MAX) return undefined;
    // By their parts: the whole is twice as large.
    const [{ createLocalJWKSet }, { jwtVerify }, errors] = await Promise.all([
      import('jose/jwks/local'),
      import('jose/jwt/verify'),
      import('jose/errors'),
    ]);
    const demands: JWTVerifyOptions = {
      issuer,
      algorithms: [...ALGORITHMS],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now(),
      requiredClaims: ['sub', 'exp', 'iat'],
    };
    const attempt = async (
      known: Awaited<ReturnType<typeof keys.get>>,
    ): Promise<JWTPayload | 'no-such-key' | undefined> => {
      try {
        return (await jwtVerify(token, createLocalJWKSet(known), demands)).payload;
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) return 'no-such-key';
        // All that can be wrong with a token, its key or its claims. What else is thrown is a fault of ours.
        if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
        throw error;
      }
    };
    // Before anybody is asked for keys: what is no token of this issuer is not worth a request.
    if (!looksIssued(token, issuer)) return undefined;
    const payload = await attempt(await keys.get());
    if (payload !== 'no-such-key') return payload;
    const newer = await keys.renew();
    const again = newer && (await attempt(newer));
    return again === 'no-such-key' ? undefined : again;
  };

  /** jose looks at `exp` and `nbf`; a token of the future is as odd as one of the past. */
  const isOfTheFuture = (iat: number): boolean => iat > now().getTime() / 1_000 + TOLERANCE_SECONDS;

  return {
    verifyAccess: async (token) => {
      const claims = AccessClaims.safeParse(await verified(token)).data;
      if (claims === undefined || isOfTheFuture(claims.iat)) return undefined;
      const { aud, client_id: clientId, username } = claims;
      if (aud !== undefined && ![aud].flat().includes(clientId)) return undefined;
      if (!claims.scope.split(' ').includes(scope)) return undefined;
      return { ...personOf(claims, issuer), kind: 'access', clientId, username };
    },
    verifyId: async (token, access) => {
      const claims = IdClaims.safeParse(await verified(token)).data;
      if (claims === undefined || isOfTheFuture(claims.iat)) return undefined;
      if (claims.aud !== access.clientId || claims.sub !== access.subject) return undefined;
      return { ...personOf(claims, issuer), kind: 'id', clientId: claims.aud, username: claims['cognito:username'] };
    },
  };
}

type CommonClaims = Omit<z.infer<typeof AccessClaims>, 'token_use' | 'client_id' | 'aud' | 'scope' | 'username'>;

const personOf = (
  { sub, exp, auth_time: authTime, email, email_verified: emailVerified, name }: CommonClaims,
  issuer: string,
): Omit<PersonToken, 'kind' | 'clientId' | 'username'> => ({
  issuer,
  subject: sub,
  email,
  emailVerified,
  name,
  // Renewed tokens have a new `iat`. One that tells no sign-in counts as older than any: once somebody has ended theirs, it is refused.
  signedInAt: new Date((authTime ?? 0) * 1_000).toISOString(),
  expiresAt: new Date(exp * 1_000).toISOString(),
});

/** Whether the text says that it is a JWT of the issuer, signed in a way that we take. Proves nothing. */
function looksIssued(token: string, issuer: string): boolean {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (signature === '' || rest.length > 0) return false;
  try {
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    return Header.safeParse(header).success && Issued.safeParse(claims).data?.iss === issuer;
  } catch {
    return false;
  }
}
