import { createHash, randomBytes } from 'node:crypto';

/** Who signs in: with a password, or by the page's one button. */
export type Who = { email: string; password: string } | 'demo owner';
/** Where: of the local cloud's outputs, or of endpoints.json. */
export type SignInPlace = { issuer: string; clientId: string; callbackUrl: string };
export type SignedIn = { accessToken: string; idToken: string; refreshToken: string };

const SCOPES = 'openid email profile tributary/app';
/** From the authorisation request to the code: request, page, form, resume, callback. */
const STEPS_MAX = 10;

/** The place in a running local cloud that has one user pool with one client. */
export function signInPlaceOf(cloud: {
  userPools: { issuer: string; clients: { clientId: string; callbackUrls: readonly string[] }[] }[];
}): SignInPlace {
  const [pool] = cloud.userPools;
  const [client] = pool?.clients ?? [];
  const [callbackUrl] = client?.callbackUrls ?? [];
  if (pool === undefined || client === undefined || callbackUrl === undefined)
    throw new Error('There is no app client');
  return { issuer: pool.issuer, clientId: client.clientId, callbackUrl };
}

/** A sign-in that an app begins: where it sends the browser, and what it must remember until the code comes. */
export type AppRequest = { url: string; state: string; verifier: string };

export function appRequest({ issuer, clientId, callbackUrl }: SignInPlace): AppRequest {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(8).toString('base64url');
  const url = new URL(`${issuer}/oauth2/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callbackUrl,
    scope: SCOPES,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return { url: url.href, state, verifier };
}

/** Exchanges the code in the address that the browser was sent back to. Throws where there is none. */
export async function exchangeCode(
  { issuer, clientId, callbackUrl }: SignInPlace,
  { state, verifier }: AppRequest,
  backUrl: string,
): Promise<SignedIn> {
  const answer = new URL(backUrl);
  const code = answer.searchParams.get('code');
  if (!backUrl.startsWith(callbackUrl) || code === null || answer.searchParams.get('state') !== state) {
    throw new Error(`There is no code in ${backUrl}`);
  }
  const tokens = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: callbackUrl,
      code_verifier: verifier,
    }),
  });
  const answered = (await tokens.json()) as Record<string, string>;
  if (!tokens.ok) throw new Error(`The code was not taken: ${JSON.stringify(answered)}`);
  const { access_token: accessToken = '', id_token: idToken = '', refresh_token: refreshToken = '' } = answered;
  return { accessToken, idToken, refreshToken };
}

/** Signs in as a browser without scripts would: code flow with PKCE, through the real page. Throws with what the page said where it says no. */
export async function signIn(place: SignInPlace, who: Who): Promise<SignedIn> {
  const browser = aBrowser();
  const app = appRequest(place);
  const page = await browser.follow(app.url, place.callbackUrl);
  const form = who === 'demo owner' ? { as: 'demo-owner' } : who;
  const back = await browser.follow(page.url, place.callbackUrl, new URLSearchParams(form));
  const refusal = alertOf(back.text);
  if (refusal !== undefined) throw new Error(`Nobody is signed in: ${refusal}`);
  return await exchangeCode(place, app, back.url);
}

/** What a page says in its alert. */
export const alertOf = (html: string): string | undefined => /<p role="alert"[^>]*>([^<]*)</.exec(html)?.[1];

export type Visited = { url: string; status: number; text: string; headers: Headers };

/** A browser's cookies and redirects, and nothing else of it. Cookies are sent to the host and path they are for, whatever the port. */
export function aBrowser() {
  const jar = new Map<string, { name: string; value: string; path: string }>();
  const keep = (headers: Headers, at: URL): void => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const attribute = (wanted: string) =>
        attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = attribute('path') ?? at.pathname;
      const endsAtMs = Date.parse(attribute('expires') ?? '');
      const key = `${at.hostname} ${path} ${name}`;
      if (value === '' || endsAtMs < Date.now()) jar.delete(key);
      else jar.set(key, { name, value, path });
    }
  };
  const cookiesFor = (at: URL): string =>
    [...jar]
      .filter(
        ([key, { path }]) =>
          key.startsWith(`${at.hostname} `) &&
          (at.pathname === path || at.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)),
      )
      .map(([, { name, value }]) => `${name}=${value}`)
      .join('; ');

  return {
    /** What it would send to an address. */
    cookies: (url: string): string => cookiesFor(new URL(url)),
    /** Goes where it is sent until something is shown, or `stopAt` would be asked. */
    follow: async (start: string, stopAt: string, form?: URLSearchParams): Promise<Visited> => {
      let url = start;
      let body = form;
      for (let step = 0; step < STEPS_MAX; step += 1) {
        if (url.startsWith(stopAt)) return { url, status: 0, text: '', headers: new Headers() };
        const at = new URL(url);
        const answer = await fetch(url, {
          method: body === undefined ? 'GET' : 'POST',
          redirect: 'manual',
          headers: { cookie: cookiesFor(at), ...(body !== undefined && { origin: at.origin }) },
          ...(body !== undefined && { body }),
        });
        keep(answer.headers, at);
        const to = answer.headers.get('location');
        if (to === null) return { url, status: answer.status, text: await answer.text(), headers: answer.headers };
        await answer.arrayBuffer();
        url = new URL(to, url).href;
        body = undefined;
      }
      throw new Error(`Sent around ${STEPS_MAX} times, to ${url} at last`);
    },
  };
}
