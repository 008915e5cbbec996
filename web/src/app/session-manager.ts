import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { CALLBACK_PATH, SIGNED_OUT_PATH } from '../../../shared/config/sign-in.ts';
import { appConfig } from './config.ts';

let manager: UserManager | undefined;

/**
 * How the browser signs in: OpenID Connect with code flow and PKCE, the same on AWS and on one machine. What is kept lies in this tab's session storage and
 * goes with it; scripts of other origins are refused by the content security policy.
 */
export function sessionManager(): UserManager {
  manager ??= new UserManager({
    authority: appConfig().auth.issuer,
    client_id: appConfig().auth.clientId,
    redirect_uri: `${location.origin}${CALLBACK_PATH}`,
    post_logout_redirect_uri: `${location.origin}${SIGNED_OUT_PATH}`,
    response_type: 'code',
    scope: 'openid email profile tributary/app',
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    // A request that finds its token over renews it: a refresh token is good for one exchange, so two must not try.
    automaticSilentRenew: false,
  });
  return manager;
}

/** Takes over what another tab has kept. */
export const storeSession = async (text: string): Promise<void> =>
  await sessionManager().storeUser(User.fromStorageString(text));
