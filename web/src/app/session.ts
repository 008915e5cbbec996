import type { User, UserManager } from 'oidc-client-ts';
import { ApiError } from '../../../shared/api/api-error.ts';
import { appConfig } from './config.ts';

/** A token is renewed this long before it ends: longer than any request takes. */
const RENEW_BEFORE_MS = 90_000;
const CHANNEL = 'tributary-session';

/** What signs in, renews and signs out: loaded when one of these is due. A tab that is signed in needs nothing but its token. */
export const session = async (): Promise<UserManager> => (await import('./session-manager.ts')).sessionManager();

/** What the manager keeps of a session in this tab. */
type Kept = { access_token: string; refresh_token?: string; expires_at?: number };

/** The session of this tab, as the manager wrote it. */
function kept(): Kept | undefined {
  const { issuer, clientId } = appConfig().auth;
  const text = sessionStorage.getItem(`oidc.user:${issuer}:${clientId}`);
  try {
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    // Damaged: as if nobody were signed in.
    return undefined;
  }
}

/** For how long a token is good still, in ms. */
const leftMs = ({ expires_at }: Kept): number =>
  expires_at === undefined ? Number.POSITIVE_INFINITY : expires_at * 1_000 - Date.now();

/** Whether somebody is signed in here, or can be without being asked. */
export function isSignedIn(): boolean {
  const user = kept();
  return user !== undefined && (leftMs(user) > 0 || user.refresh_token !== undefined);
}

/** Nobody is signed in, or no more. */
export class SessionEnded extends Error {
  constructor() {
    super('Your session has ended: sign in again');
    this.name = 'SessionEnded';
  }
}

/** The token is good still, and the sign-in that it is of was ended elsewhere. Signing in must ask anew: the issuer may know nothing of it. */
export const isEndedElsewhere = (error: unknown): boolean =>
  error instanceof ApiError && error.entries.some(({ type }) => type === 'sign-in-ended');
export const isSessionEnd = (error: unknown): boolean => error instanceof SessionEnded || isEndedElsewhere(error);

let renewing: Promise<User | null> | undefined;

/** The access token for a request, renewed shortly before its time is over. Throws SessionEnded where that is no longer possible. */
export async function accessToken(): Promise<string> {
  const user = kept();
  if (user !== undefined && leftMs(user) > RENEW_BEFORE_MS) return user.access_token;
  const renewed = user?.refresh_token === undefined ? null : await renew();
  if (renewed !== null) return renewed.access_token;
  if (user !== undefined && leftMs(user) > 0) return user.access_token;
  throw new SessionEnded();
}

/** Several requests find a token over at once; it is exchanged once. */
async function renew(): Promise<User | null> {
  renewing ??= session()
    .then(async (manager) => await manager.signinSilent())
    .catch(() => null)
    .finally(() => {
      renewing = undefined;
    });
  return await renewing;
}

/** Goes to the sign-in page, and comes back to `path`. `anew`: whoever is signed in there is asked all the same. */
export async function signIn(path: string, anew = false): Promise<void> {
  const manager = await session();
  if (anew) await manager.removeUser();
  await manager.signinRedirect({ state: { path }, ...(anew && { prompt: 'login' }) });
}

/** Ends the session here and at the issuer. */
export async function signOut(): Promise<void> {
  const manager = await session();
  const { logoutUrl } = appConfig().auth;
  if (logoutUrl === undefined) return await manager.signoutRedirect();
  await manager.removeUser();
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
    void import('./session-manager.ts').then(async ({ storeSession }) => await storeSession(data)).then(taken);
  });
  return () => channel.close();
}
