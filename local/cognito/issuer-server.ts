import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Provider } from 'oidc-provider';
import { listen, originOf } from '../front-door/listen.ts';
import type { Pool } from './pool.ts';
import { isSignInPath, type SignInDeps, signInStep } from './sign-in-steps.ts';
import { redirect, sendErrorPage } from './web-answers.ts';

export type IssuerServerOptions = SignInDeps & {
  host: string;
  /** The port, or the next free one after it; 0 for any. */
  port: number;
  pools: ReadonlyMap<string, Pool>;
  issuerOf(pool: Pool): Promise<Provider>;
  onUnexpected(error: unknown, call: string): void;
};

export type IssuerServer = {
  readonly url: string;
  /** Until then all is answered 503: not all of a pool may be made. */
  open(): void;
  close(): Promise<void>;
};

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** How long `close` waits for answers under way. */
const DRAIN_MS = 2_000;

/** The HTTP face of all pools: `/<pool id>/…`, at AWS the hosts of the issuer and of the sign-in page. */
export async function issuerServer(options: IssuerServerOptions): Promise<IssuerServer> {
  let state: 'starting' | 'open' | 'closing' = 'starting';

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (state !== 'open') return sendErrorPage(response, 503, 'The local cloud is starting or stopping.');
    if (!isOwnName(request.headers.host, options.host)) return sendErrorPage(response, 403, 'Ask for 127.0.0.1.');
    const url = URL.parse(request.url ?? '/', 'http://issuer');
    if (url === null) return sendErrorPage(response, 400, 'That is no address.');
    const [, poolId = ''] = url.pathname.split('/');
    const pool = options.pools.get(poolId);
    if (pool === undefined) return sendErrorPage(response, 404, 'There is no such user pool.');
    const path = url.pathname.slice(poolId.length + 1);
    const provider = await options.issuerOf(pool);
    if (isSignInPath(path)) {
      const isNear = LOOPBACK.test(request.socket.remoteAddress ?? '');
      return await signInStep(options, { pool, provider, request, response, path, query: url.searchParams, isNear });
    }
    if (path === '/oauth2/idpresponse') {
      // The cookie of the sign-in is for its own address, which this leads to.
      const uid = options.federated.signInOf(pool, url.searchParams.get('state') ?? '');
      if (uid === undefined) return sendErrorPage(response, 400, 'This sign-in is not under way any more.');
      return redirect(response, `/${poolId}/sign-in/${uid}/back${url.search}`);
    }
    if (path === '/logout') return await signOut(pool, provider, request, response, url.searchParams);
    // The library looks at what follows the place where it is mounted, and finds that place from both.
    Object.assign(request, { originalUrl: request.url, url: `${path}${url.search}` });
    await provider.callback()(request, response);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onUnexpected(error, `${request.method} ${request.url?.split('?')[0]}`);
      if (!response.headersSent) sendErrorPage(response, 500, 'The local cloud failed: see its output.');
    });
  });
  const url = originOf(options.host, await listen(server, options.host, options.port));

  return {
    url,
    open: () => {
      state = 'open';
    },
    close: async () => {
      state = 'closing';
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/**
 * Whether a request names this machine. A web page whose own name was pointed here would otherwise be of one origin with the sign-in page, and could
 * press its buttons.
 */
function isOwnName(host: string | undefined, listeningOn: string): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === listeningOn || isIP(name) !== 0;
}

/** Ends the session of the sign-in page, with the parameters of Cognito's logout endpoint; refresh tokens end by revocation. */
async function signOut(
  pool: Pool,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const to = query.get('logout_uri') ?? '';
  if (!(pool.clients.get(query.get('client_id') ?? '')?.logoutUrls ?? []).includes(to)) {
    return sendErrorPage(response, 400, 'client_id or logout_uri is not one of this user pool.');
  }
  const session = await provider.Session.get(provider.createContext(request, response) as never);
  if (session.accountId !== undefined) await session.destroy();
  const names = [provider.cookieName('session'), `${provider.cookieName('session')}.sig`];
  const gone = names.map((name) => `${name}=; path=/${pool.poolId}; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly`);
  redirect(response, to, { 'Set-Cookie': gone });
}
