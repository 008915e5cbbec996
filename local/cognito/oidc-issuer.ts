import { randomUUID } from 'node:crypto';
import type { Adapter, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { AccountStore, StoredAccount } from './account-store.ts';
import type { AppClient, Pool } from './pool.ts';
import type { PoolKeys } from './pool-keys.ts';
import { contentSecurityPolicy, errorPage } from './sign-in-page.ts';

export type OidcIssuerOptions = {
  pool: Pool;
  accounts: AccountStore;
  keys: PoolKeys;
  adapter: (kind: string) => Adapter;
  onUnexpected(error: unknown, call: string): void;
};

/** Cognito: a code lives 5 minutes, the sign-in page's own session an hour, a sign-in under way as long as a person needs. */
const CODE_SECONDS = 300;
const SESSION_SECONDS = 3_600;
const SIGN_IN_SECONDS = 1_800;
const OIDC_SCOPES = ['openid', 'email', 'profile'];
/** The paths that the domain of a user pool has. */
const ROUTES = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
  jwks: '/.well-known/jwks.json',
};

/**
 * The issuer of one pool: oidc-provider, with the tokens in the shape that Cognito gives them, so that one code path verifies both. Code flow with PKCE
 * (S256) only. Unlike Cognito's, its access tokens say `aud` (the client's id, the library wants one) and `typ: at+jwt`.
 */
export async function oidcIssuer(options: OidcIssuerOptions): Promise<Provider> {
  const { pool, accounts, keys, adapter } = options;
  // Loaded when somebody first signs in, not at each start.
  const oidc = await import('oidc-provider');
  const scopes = [...OIDC_SCOPES, ...pool.customScopes];
  // Only signing in is asked for: see loadExistingGrant.
  const policy = oidc.interactionPolicy.base();
  policy.remove('consent');
  const clientOf = (ctx: KoaContextWithOIDC): AppClient | undefined =>
    pool.clients.get(ctx.oidc.client?.clientId ?? '');

  const configuration: Configuration = {
    adapter,
    jwks: { keys: [keys.signing] },
    scopes,
    claims: {
      openid: ['sub', 'token_use', 'cognito:username', 'identities'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    // Into the ID token, as Cognito does.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    pkce: { required: () => true },
    routes: ROUTES,
    discovery: { end_session_endpoint: `${pool.issuer}/logout` },
    cookies: {
      keys: [keys.cookies],
      names: { session: 'sign_in_session', interaction: 'sign_in', resume: 'sign_in_resume' },
      long: { httpOnly: true, sameSite: 'lax', path: `/${pool.poolId}`, signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => pool.issuer,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx) => ({
          scope: scopes.join(' '),
          audience: ctx.oidc.client?.clientId ?? '',
          accessTokenTTL: clientOf(ctx)?.accessTokenSeconds ?? SESSION_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (ctx, token, parts) => {
          if (!('accountId' in token)) return;
          const account = accounts.findBySubject(pool.poolId, token.accountId);
          const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities;
          Object.assign(parts.payload, {
            token_use: 'access',
            username: account?.username,
            auth_time: code?.authTime ?? refresh?.authTime,
            origin_jti: token.grantId,
            event_id: randomUUID(),
            version: 2,
          });
        },
      },
    },
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    findAccount: (_ctx, subject) => {
      const account = accounts.findBySubject(pool.poolId, subject);
      return account && { accountId: subject, claims: () => claimsOf(account) };
    },
    interactions: { policy, url: (_ctx, { uid }) => `/${pool.poolId}/sign-in/${uid}` },
    // The client is the deployment's own: nobody is asked whether it may. A grant for each sign-in, so that revoking one leaves the others.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      const accountId = session?.accountId;
      if (client === undefined || accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId });
      grant.addOIDCScope(scopes.join(' '));
      grant.addResourceScope(pool.issuer, scopes.join(' '));
      await grant.save();
      return grant;
    },
    issueRefreshToken: async () => true,
    // They outlive the page's session: seven days against an hour.
    expiresWithSession: async () => false,
    rotateRefreshToken: (ctx) => clientOf(ctx)?.rotationGraceSeconds !== undefined,
    ttl: {
      AuthorizationCode: CODE_SECONDS,
      Session: SESSION_SECONDS,
      Interaction: SIGN_IN_SECONDS,
      AccessToken: (ctx) => clientOf(ctx)?.accessTokenSeconds ?? SESSION_SECONDS,
      IdToken: (ctx) => clientOf(ctx)?.idTokenSeconds ?? SESSION_SECONDS,
      // A token that takes another's place ends when that would have ended.
      RefreshToken: (ctx) =>
        ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? clientOf(ctx)?.refreshTokenSeconds ?? SESSION_SECONDS,
      Grant: (ctx) => clientOf(ctx)?.refreshTokenSeconds ?? SESSION_SECONDS,
    },
    renderError: (ctx, { error, error_description: why }) => {
      ctx.type = 'html';
      ctx.set('Content-Security-Policy', contentSecurityPolicy());
      ctx.body = errorPage(why ?? error);
    },
  };
  const provider = new oidc.Provider(pool.issuer, configuration);
  provider.on('server_error', (ctx, error) => options.onUnexpected(error, `${ctx.method} ${ctx.path}`));
  return provider;
}

/** What an ID token says. Members without a value are left out. */
function claimsOf({ subject, username, email, emailVerified, name, status }: StoredAccount) {
  const [providerName] = username.split('_');
  return {
    sub: subject,
    token_use: 'id',
    'cognito:username': username,
    email,
    email_verified: email === undefined ? undefined : emailVerified,
    name,
    identities: status === 'EXTERNAL_PROVIDER' ? [{ providerName, providerType: 'OIDC', primary: 'true' }] : undefined,
  };
}
