import { verify } from 'node:crypto';
import * as z from 'zod';
import { rsaKey } from '../../shared/aws/rsa-key.ts';
import { OAuthAppId } from '../../shared/domain/ids.ts';
import { isJsonObject } from '../../shared/domain/json.ts';
import type { OAuthApp } from '../../shared/domain/workspace.ts';

/** An assertion lives 60 s at most (features 2.8); whole seconds on one side and fractions on the other may make it one more. */
const LIFE_SECONDS_MAX = 61;
/** How far a client's clock may be off. Segment's SDK dates its assertions 5 s back, and sets its clock by our answers' Date. */
const SKEW_SECONDS_MAX = 10;
const ASSERTION_CHARS_MAX = 8_192;
const JTI_CHARS_MAX = 256;

/** RS256 and nothing else: who may choose the algorithm chooses none, or signs with a public key as if it were a secret. */
const Header = z.object({ alg: z.literal('RS256'), kid: z.string().optional(), crit: z.never().optional() });
/** Times in seconds since the epoch; Segment's SDK sends fractions. */
const Claims = z.object({
  iss: OAuthAppId,
  sub: OAuthAppId,
  aud: z.union([z.string(), z.array(z.string()).max(10)]),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1).max(JTI_CHARS_MAX),
});

/** An assertion as it is sent, checked as far as it can be without knowing the app. */
export type Assertion = {
  appId: OAuthAppId;
  keyId: string | undefined;
  jti: string;
  expiresAt: Date;
  signed: string;
  signature: Buffer;
};
export type AssertionRead = { outcome: 'read'; assertion: Assertion } | { outcome: 'unusable'; why: string };

/** Reads a JWT that a client made of itself (RFC 7523). `host`: by what name, and port, this server was called. */
export function readAssertion(text: string, host: string, now: Date): AssertionRead {
  const parts = text.length > ASSERTION_CHARS_MAX ? [] : text.split('.');
  const [head = '', body = '', signature = ''] = parts;
  const header = Header.safeParse(jsonOf(head));
  const claims = Claims.safeParse(jsonOf(body));
  if (parts.length !== 3 || !header.success) return unusable('the assertion is not a JWT signed with RS256');
  if (!claims.success) return unusable('the assertion lacks a proper iss, sub, aud, iat, exp or jti');
  const { iss, sub, aud, iat, exp, jti } = claims.data;
  if (iss !== sub) return unusable('iss and sub of the assertion differ');
  if (![aud].flat().some((audience) => isThisServer(audience, host))) {
    return unusable('aud of the assertion is another server');
  }
  const nowSeconds = now.getTime() / 1_000;
  if (exp - iat > LIFE_SECONDS_MAX || exp <= iat) return unusable('the assertion lives longer than 60 s');
  if (iat > nowSeconds + SKEW_SECONDS_MAX) return unusable('the assertion is of the future');
  if (exp < nowSeconds - SKEW_SECONDS_MAX) return unusable('the assertion has expired');
  return {
    outcome: 'read',
    assertion: {
      appId: sub,
      keyId: header.data.kid,
      jti,
      expiresAt: new Date((exp + SKEW_SECONDS_MAX) * 1_000),
      signed: `${head}.${body}`,
      signature: Buffer.from(signature, 'base64url'),
    },
  };
}

const unusable = (why: string): AssertionRead => ({ outcome: 'unusable', why });

/** The key of the app that signed the assertion: the one it names, or any where it names none of them. `undefined`: none did. */
export function signingKey(app: OAuthApp, { keyId, signed, signature }: Assertion): string | undefined {
  const named = app.publicKeys.filter((key) => key.keyId === keyId);
  const candidates = named.length > 0 ? named : app.publicKeys;
  return candidates.find(({ pem }) => {
    const key = rsaKey(pem);
    return key !== undefined && verify('RSA-SHA256', Buffer.from(signed), key, signature);
  })?.keyId;
}

function jsonOf(base64url: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(base64url)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Clients name their server as they were told it: with or without a slash or the path, or by its name alone. */
function isThisServer(audience: string, host: string): boolean {
  if (audience.toLowerCase() === host.toLowerCase()) return true;
  try {
    const url = new URL(audience);
    return url.host === host.toLowerCase() && ['', '/', '/token'].includes(url.pathname) && url.search === '';
  } catch {
    return false;
  }
}
