/** What infra, the functions and the local cloud agree on about how people sign in (decision 025). */

/** The resource server that stands for our API in the user pool, and its one scope. */
export const APP_SCOPE_SERVER = 'tributary';
export const APP_SCOPE_NAME = 'app';
/** What an access token must allow to be taken by the API: only clients made for the API may ask for it. */
export const APP_SCOPE = `${APP_SCOPE_SERVER}/${APP_SCOPE_NAME}`;
/** Where the sign-in page sends people back to, and where to after signing out; paths of the web app's origin. */
export const CALLBACK_PATH = '/callback';
export const SIGNED_OUT_PATH = '/';
/** Length alone, no rules about what is in it (NIST SP 800-63B, 3.1.1.2). */
export const PASSWORD_CHARS_MIN = 12;
/** Lives of tokens: features 9.2 has sessions of 7 days. */
export const ACCESS_TOKEN_MINUTES = 60;
export const REFRESH_TOKEN_DAYS = 7;
