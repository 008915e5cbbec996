import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { Provider } from 'oidc-provider';
import { grantStore } from '../../local/cognito/grant-store.ts';
import type { TrustedIssuer } from './sign-in-cloud.ts';

export type OtherAccount = { sub: string; email?: string; email_verified?: boolean; name?: string };

export type OtherIssuer = {
  trusted: TrustedIssuer;
  /** Who is signed in there: whoever comes is that person at once. `undefined`: whoever comes says no. */
  account: OtherAccount | undefined;
  /** From here on it knows its client, with its address. */
  register(redirectUri: string): void;
  stop(): Promise<void>;
};

/** Somebody else's OpenID Connect provider, with one confidential client. */
export async function anotherIssuer(account: OtherAccount): Promise<OtherIssuer> {
  let provider: Provider | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (provider === undefined) {
      response.writeHead(503).end();
    } else if (request.url?.startsWith('/login/') === true) {
      const { account: person } = other;
      const result = person === undefined ? { error: 'access_denied' } : { login: { accountId: person.sub } };
      await provider.interactionFinished(request, response, result);
    } else {
      await provider.callback()(request, response);
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const trusted = { name: 'Okta', issuer, clientId: 'cdp', clientSecret: 'a secret/with:odd+characters' };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  const other: OtherIssuer = {
    trusted,
    account,
    register: (redirectUri) => {
      provider = new Provider(issuer, {
        adapter: grantStore(new DatabaseSync(':memory:')).adapterOf({ poolId: 'other', clients: new Map() }),
        ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        clients: [
          {
            client_id: trusted.clientId,
            client_secret: trusted.clientSecret,
            redirect_uris: [redirectUri],
            id_token_signed_response_alg: 'ES256',
          },
        ],
        jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'other' }] },
        cookies: { keys: ['a key of a test'], names: { session: 'other', interaction: 'other_i', resume: 'other_r' } },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: false,
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
        findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...other.account, sub }) }),
        loadExistingGrant: async (ctx) => {
          const grant = new ctx.oidc.provider.Grant({
            clientId: trusted.clientId,
            ...(ctx.oidc.session?.accountId !== undefined && { accountId: ctx.oidc.session.accountId }),
          });
          grant.addOIDCScope('openid email profile');
          await grant.save();
          return grant;
        },
      });
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return other;
}
