import { createHash, randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { AccountStore, StoredAccount } from './account-store.ts';
import type { FederatedProvider, Pool } from './pool.ts';

/** Of one request to the other issuer, and its answer. */
const TIMEOUT_MS = 5_000;
const ANSWER_CHARS_MAX = 100_000;
/** How long a person may take at the other issuer, and how many may be there at once. */
const UNDER_WAY_MS = 600_000;
const UNDER_WAY_MAX = 1_000;

const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
type Discovery = z.infer<typeof Discovery>;
const Tokens = z.object({ id_token: z.string() });
const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

type UnderWay = {
  poolId: string;
  providerName: string;
  uid: string;
  nonce: string;
  verifier: string;
  beganAtMs: number;
};

/** Signing in by another issuer failed; the message is for the person. */
export class FederationError extends Error {
  override readonly name = 'FederationError';
}

/**
 * Sign-in by another issuer of OpenID Connect, as a user pool does it: code flow with our client there, then an account of the pool for whoever came
 * back, made at the first time and renewed at each, with the attributes that the mapping names.
 */
export function federation(accounts: AccountStore) {
  const underWay = new Map<string, UnderWay>();

  return {
    /** Where to send the browser. `uid` is the sign-in that it goes on with afterwards. */
    begin: async (pool: Pool, provider: FederatedProvider, uid: string): Promise<string> => {
      const { authorization_endpoint: endpoint } = await discover(provider);
      const [state, nonce, verifier] = [token(), token(), token()];
      const nowMs = Date.now();
      for (const [key, { beganAtMs }] of underWay) {
        if (nowMs - beganAtMs > UNDER_WAY_MS || underWay.size >= UNDER_WAY_MAX) underWay.delete(key);
      }
      underWay.set(state, { poolId: pool.poolId, providerName: provider.name, uid, nonce, verifier, beganAtMs: nowMs });
      const url = new URL(endpoint);
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      const parameters = {
        response_type: 'code',
        client_id: provider.clientId,
        redirect_uri: `${pool.issuer}/oauth2/idpresponse`,
        scope: provider.scopes,
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },
    /** The sign-in that an answer of the other issuer belongs to. */
    signInOf: (pool: Pool, state: string): string | undefined => {
      const found = underWay.get(state);
      return found?.poolId === pool.poolId ? found.uid : undefined;
    },
    /** Exchanges the code of an answer, once. Throws FederationError. */
    end: async (pool: Pool, uid: string, answer: URLSearchParams): Promise<StoredAccount> => {
      const state = answer.get('state') ?? '';
      const found = underWay.get(state);
      underWay.delete(state);
      const provider = found && pool.providers.get(found.providerName);
      if (found === undefined || provider === undefined || found.poolId !== pool.poolId || found.uid !== uid) {
        throw new FederationError('This sign-in is not under way any more.');
      }
      const code = answer.get('code');
      if (code === null) throw new FederationError(`${provider.name} did not sign you in.`);
      const claims = await claimsOf(pool, provider, found, code);
      return renewed(accounts, pool.poolId, provider, claims);
    },
  };
}

const token = (): string => randomBytes(32).toString('base64url');

async function claimsOf(
  pool: Pool,
  provider: FederatedProvider,
  { nonce, verifier }: UnderWay,
  code: string,
): Promise<Record<string, unknown> & { sub: string }> {
  const discovered = await discover(provider);
  const { id_token: idToken } = await ask(provider, Tokens, discovered.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic(provider)}`, accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: `${pool.issuer}/oauth2/idpresponse`,
      code_verifier: verifier,
    }),
  });
  const { createLocalJWKSet, jwtVerify } = await import('jose');
  const { keys } = await ask(provider, Jwks, discovered.jwks_uri);
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet({ keys }), {
      issuer: provider.issuer,
      audience: provider.clientId,
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
    });
    if (payload['nonce'] !== nonce || payload.sub === undefined) throw new Error('of another sign-in');
    return { ...payload, sub: payload.sub };
  } catch (cause) {
    throw new FederationError(`What ${provider.name} signed cannot be verified.`, { cause });
  }
}

/** RFC 6749, 2.3.1: both parts are form-encoded first. */
const basic = ({ clientId, clientSecret }: FederatedProvider): string => {
  const encoded = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
  return Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64');
};

async function discover(provider: FederatedProvider): Promise<Discovery> {
  const found = await ask(
    provider,
    Discovery,
    `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  );
  if (found.issuer !== provider.issuer) throw new FederationError(`${provider.name} says that it is another issuer.`);
  return found;
}

async function ask<T>(
  provider: FederatedProvider,
  schema: z.ZodType<T>,
  url: string,
  init: RequestInit = {},
): Promise<T> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await answer.text();
    if (!answer.ok || text.length > ANSWER_CHARS_MAX) throw new Error(`${url} answered ${answer.status}`);
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new FederationError(`${provider.name} cannot be asked now.`, { cause });
  }
}

function renewed(
  accounts: AccountStore,
  poolId: string,
  { name: providerName, mapping }: FederatedProvider,
  claims: Record<string, unknown> & { sub: string },
): StoredAccount {
  const username = `${providerName}_${claims.sub}`;
  const known = accounts.find(poolId, username);
  const mapped = (attribute: 'email' | 'email_verified' | 'name'): unknown => {
    const claim = mapping[attribute];
    return claim === undefined ? undefined : claims[claim];
  };
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  const email = text(mapped('email'));
  if (email === undefined) throw new FederationError(`${providerName} did not say your e-mail address.`);
  const verified = mapped('email_verified');
  const nowMs = Date.now();
  const account: StoredAccount = {
    poolId,
    username,
    subject: known?.subject ?? randomUUID(),
    email,
    // Not verified unless the other issuer says so and the mapping takes it over.
    emailVerified: verified === true || verified === 'true',
    name: text(mapped('name')),
    status: 'EXTERNAL_PROVIDER',
    createdAtMs: known?.createdAtMs ?? nowMs,
    changedAtMs: nowMs,
  };
  accounts.save(account);
  return account;
}
