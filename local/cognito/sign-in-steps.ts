import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { AccountStore, StoredAccount } from './account-store.ts';
import { type federation, FederationError } from './federation.ts';
import { isPassword } from './password.ts';
import type { AppClient, Pool } from './pool.ts';
import { contentSecurityPolicy, signInPage } from './sign-in-page.ts';
import type { signInTries } from './tries.ts';
import { readForm, redirect, sendErrorPage, sendPage } from './web-answers.ts';

export type SignInDeps = {
  accounts: AccountStore;
  federated: ReturnType<typeof federation>;
  tries: ReturnType<typeof signInTries>;
};
export type SignInCall = {
  pool: Pool;
  provider: Provider;
  request: IncomingMessage;
  response: ServerResponse;
  /** What follows the pool's id in the path. */
  path: string;
  query: URLSearchParams;
  /** Whether the browser is on this machine. */
  isNear: boolean;
};

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

const OVER = 'This sign-in is over, or was begun in another browser.';
/** The same words for a wrong password and for an address without an account (T20). */
const WRONG = 'E-mail or password is wrong.';
const TOO_MANY = 'Too many tries: wait a minute.';
const DEMO_ONLY_HERE = 'The demo owner signs in on the machine that runs the local cloud only.';

/** Providers have names that need no encoding. */
const PATH = /^\/sign-in\/([\w-]{1,64})(\/with\/([A-Za-z0-9-]{1,32})|\/back)?$/;

/** Whether a path is of the sign-in page. */
export const isSignInPath = (path: string): boolean => path.startsWith('/sign-in/');

/** The steps between the request of an app and its code: the page, its form, the way to another issuer and back. */
export async function signInStep(deps: SignInDeps, call: SignInCall): Promise<void> {
  const { pool, provider, request, response } = call;
  const [, uid, below, name] = PATH.exec(call.path) ?? [];
  const interaction = uid === undefined ? undefined : await underWay(provider, request, response, uid);
  const client = pool.clients.get(String(interaction?.params['client_id']));
  if (uid === undefined || interaction === undefined || client === undefined) {
    return sendErrorPage(response, 400, OVER);
  }
  try {
    if (below === '/back') {
      const account = await deps.federated.end(pool, uid, call.query);
      return await finish(call, interaction, account);
    }
    if (name !== undefined) {
      const other = client.identityProviders.includes(name) ? pool.providers.get(name) : undefined;
      if (other === undefined) return sendErrorPage(response, 404, 'There is no such way to sign in.');
      return redirect(response, await deps.federated.begin(pool, other, uid));
    }
  } catch (error) {
    if (!(error instanceof FederationError)) throw error;
    return showPage(call, client, uid, { status: 400, error: error.message });
  }
  if (request.method === 'GET') return showPage(call, client, uid, {});
  if (request.method !== 'POST') return sendErrorPage(response, 405, 'That is no step of a sign-in.');
  return await takeForm(deps, call, interaction, client);
}

async function takeForm(
  deps: SignInDeps,
  call: SignInCall,
  interaction: Interaction,
  client: AppClient,
): Promise<void> {
  const { pool, request, response, isNear } = call;
  const { uid } = interaction;
  const { origin } = request.headers;
  const isOurs = origin === undefined || origin === `http://${request.headers.host}`;
  const form = isOurs ? await readForm(request) : undefined;
  if (form === undefined) return sendErrorPage(response, 400, 'That was not the form of this page.');
  if (!client.identityProviders.includes('COGNITO'))
    return sendErrorPage(response, 400, 'There is no such way to sign in.');

  if (form.get('as') === 'demo-owner') {
    const owner = pool.demoOwner === undefined ? undefined : deps.accounts.find(pool.poolId, pool.demoOwner);
    if (!isNear || owner === undefined) return sendErrorPage(response, 403, DEMO_ONLY_HERE);
    return await finish(call, interaction, owner);
  }
  const email = (form.get('email') ?? '').trim();
  const name = email.toLowerCase();
  if (!deps.tries.mayTry(name)) return showPage(call, client, uid, { status: 429, error: TOO_MANY, email });
  const account = deps.accounts.find(pool.poolId, email);
  if (!(await isPassword(form.get('password') ?? '', account?.password)) || account === undefined) {
    deps.tries.failed(name);
    return showPage(call, client, uid, { status: 400, error: WRONG, email });
  }
  deps.tries.succeeded(name);
  await finish(call, interaction, account);
}

/** The sign-in of this address, if it is under way in this browser. */
async function underWay(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  uid: string,
): Promise<Interaction | undefined> {
  try {
    const interaction = await provider.interactionDetails(request, response);
    return interaction.uid === uid ? interaction : undefined;
  } catch (error) {
    // SessionNotFound: no cookie, or it has ended.
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined;
    throw error;
  }
}

function showPage(
  { pool, response, isNear }: SignInCall,
  client: AppClient,
  uid: string,
  { status = 200, error, email = '' }: { status?: number; error?: string; email?: string },
): void {
  const withPassword = client.identityProviders.includes('COGNITO');
  const html = signInPage({
    path: `/${pool.poolId}/sign-in/${uid}`,
    withPassword,
    providers: client.identityProviders.filter((name) => pool.providers.has(name)),
    withDemoOwner: withPassword && isNear && pool.demoOwner !== undefined,
    email,
    error,
  });
  const targets = client.callbackUrls.map((url) => new URL(url).origin);
  sendPage(response, status, html, contentSecurityPolicy(targets));
}

async function finish(
  { provider, request, response }: SignInCall,
  interaction: Interaction,
  { subject }: StoredAccount,
): Promise<void> {
  const { session } = interaction;
  if (session?.accountId !== undefined && session.accountId !== subject) {
    // Somebody else was signed in here: theirs ends, else the library would ask by a page that needs a script.
    const before = session.uid === undefined ? undefined : await provider.Session.findByUid(session.uid);
    delete interaction.session;
    await interaction.save(interaction.exp - Math.floor(Date.now() / 1_000));
    await before?.destroy();
  }
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: subject } },
    { mergeWithLastSubmission: false },
  );
}
