import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { CALLBACK_PATH, SIGNED_OUT_PATH } from '../../../shared/config/sign-in.ts';
import { appConfig } from './config.ts';

/** A token is renewed this long before it ends: longer than any request takes. */
const RENEW_BEFORE_SECONDS = 90;
const CHANNEL = 'tributary-session';

let manager: UserManager | undefined;

/**
 * How the browser signs in: OpenID Connect with code flow and PKCE, the same on AWS and on one machine. What is kept lies in this tab's session storage and
 * goes with it; scripts of other origins are refused by the content security policy.
 */
export function session(): UserManager {
  manager ??= new UserManager({
    authority: appConfig().auth.issuer,
    client_id: appConfig().auth.clientId,
    redirect_uri: `${location.origin}${CALLBACK_PATH}`,
    post_logout_redirect_uri: `${location.origin}${SIGNED_OUT_PATH}`,
    response_type: 'code',
    scope: 'openid email profile tributary/app',
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    accessTokenExpiringNotificationTimeInSeconds: RENEW_BEFORE_SECONDS,
    automaticSilentRenew: true,
  });
  return manager;
}

/** Nobody is signed in, or no more. */
export class SessionEnded extends Error {
  constructor() {
    super('Your session has ended: sign in again');
    this.name = 'SessionEnded';
  }
}

let renewing: Promise<User | null> | undefined;

/** The access token for a request, renewed where its time is over. Throws SessionEnded where that is no longer possible. */
export async function accessToken(): Promise<string> {
  const user = await session().getUser();
  if (user !== null && user.expired !== true) return user.access_token;
  if (user?.refresh_token === undefined) throw new SessionEnded();
  // Several requests find it over at once; the token is exchanged once.
  renewing ??= session()
    .signinSilent()
    .catch(() => null)
    .finally(() => {
      renewing = undefined;
    });
  const renewed = await renewing;
  if (renewed === null) throw new SessionEnded();
  return renewed.access_token;
}

/** Goes to the sign-in page, and comes back to `path`. */
export const signIn = async (path: string): Promise<void> => await session().signinRedirect({ state: { path } });

/** Ends the session here and at the issuer. */
export async function signOut(): Promise<void> {
  const { logoutUrl } = appConfig().auth;
  if (logoutUrl === undefined) return await session().signoutRedirect();
  await session().removeUser();
  location.assign(logoutUrl);
}

/** Tells other tabs that somebody has signed in, so that those whose session ended go on with what was typed. */
export function shareSession(user: User): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(user.toStorageString());
  channel.close();
}

/** Takes over the session of another tab of this origin, and then calls. Returns what ends that. */
export function onSessionShared(taken: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return;
    void session().storeUser(User.fromStorageString(data)).then(taken);
  });
  return () => channel.close();
}
