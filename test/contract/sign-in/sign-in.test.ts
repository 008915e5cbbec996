import { once } from 'node:events';
import { request } from 'node:http';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import * as client from 'openid-client';
import { cognitoAccounts } from '../../../shared/aws/cognito-accounts.ts';
import { jwtPersonTokens } from '../../../shared/http/jwt-person-tokens.ts';
import { aBrowser, alertOf, signIn, type SignInPlace } from '../../builders/sign-in.ts';
import {
  CALLBACK_URL,
  OWNER,
  SIGNED_OUT_URL,
  type SignInCloud,
  startSignInCloud,
} from '../../builders/sign-in-cloud.ts';

const PASSWORD = 'correct horse battery';
const SCOPE = 'openid email profile tributary/app';

/** Passwords are hashed slowly, on a busy machine very slowly. */
jest.setTimeout(60_000);

let signed: SignInCloud;
beforeAll(async () => {
  signed = await startSignInCloud();
});
afterAll(async () => {
  await signed.cloud.stop();
  expect(signed.log()).toBe('');
});

const accountsOf = (running: SignInCloud) =>
  cognitoAccounts(new CognitoIdentityProviderClient(running.client), running.userPoolId);
const accounts = () => accountsOf(signed);
const verifier = ({ issuer }: SignInPlace = signed.place) =>
  jwtPersonTokens({ issuer, scope: 'tributary/app', now: () => new Date() });

/** An app that uses a certified client library, up to the code. */
async function anApp(place = signed.place) {
  const config = await client.discovery(new URL(place.issuer), place.clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  const codeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK_URL,
    scope: SCOPE,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  const exchange = (callback: string) =>
    client.authorizationCodeGrant(config, new URL(callback), {
      pkceCodeVerifier: codeVerifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
  return { config, url, exchange };
}

/** Presses the one button. */
async function theOwner(browser = aBrowser(), place = signed.place) {
  const app = await anApp(place);
  const page = await browser.follow(app.url.href, CALLBACK_URL);
  const back =
    page.status === 0 ? page : await browser.follow(page.url, CALLBACK_URL, new URLSearchParams({ as: 'demo-owner' }));
  return { ...app, browser, page, tokens: await app.exchange(back.url) };
}

describe('the owner', () => {
  test('signs in by the one button: a certified client takes all that the issuer says, and the API’s verifier both tokens', async () => {
    const { tokens } = await theOwner();
    expect(tokens.claims()).toMatchObject({
      iss: signed.place.issuer,
      aud: signed.place.clientId,
      token_use: 'id',
      email: OWNER,
      email_verified: true,
      auth_time: expect.any(Number),
    });
    const access = await verifier().verifyAccess(tokens.access_token);
    expect(access).toEqual({
      kind: 'access',
      issuer: signed.place.issuer,
      subject: tokens.claims()?.sub,
      username: tokens.claims()?.['cognito:username'],
      clientId: signed.place.clientId,
      email: undefined,
      emailVerified: undefined,
      name: undefined,
      signedInAt: new Date((tokens.claims()?.auth_time ?? 0) * 1_000).toISOString(),
      expiresAt: expect.any(String),
    });
    expect(tokens.expires_in).toBe(3_600);
    if (access === undefined) throw new Error('not verified');
    await expect(verifier().verifyId(tokens.id_token ?? '', access)).resolves.toMatchObject({
      email: OWNER,
      emailVerified: true,
    });
    await expect(verifier().verifyAccess(tokens.id_token ?? '')).resolves.toBeUndefined();
  });

  test('has an access token in Cognito’s form, with an audience and a type on top', async () => {
    const { tokens } = await theOwner();
    const [header, claims] = tokens.access_token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
    expect(header).toEqual({ alg: 'RS256', kid: expect.any(String), typ: 'at+jwt' });
    expect(claims).toEqual({
      sub: expect.any(String),
      iss: signed.place.issuer,
      client_id: signed.place.clientId,
      aud: signed.place.clientId,
      token_use: 'access',
      scope: SCOPE,
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      username: claims?.['sub'],
      version: 2,
    });
  });

  test('who is signed in already is not asked again, and is after signing out', async () => {
    const browser = aBrowser();
    await theOwner(browser);
    expect((await theOwner(browser)).page.status).toBe(0);
    const leave = new URL(`${signed.place.issuer}/logout`);
    leave.search = new URLSearchParams({ client_id: signed.place.clientId, logout_uri: SIGNED_OUT_URL }).toString();
    expect((await browser.follow(leave.href, SIGNED_OUT_URL)).url).toBe(SIGNED_OUT_URL);
    expect((await theOwner(browser)).page.status).toBe(200);
  });

  test('is not sent to an address that the client did not register when signing out', async () => {
    const leave = `${signed.place.issuer}/logout?client_id=${signed.place.clientId}&logout_uri=https://evil.example/`;
    const page = await aBrowser().follow(leave, 'https://evil.example/');
    expect([page.status, alertOf(page.text)]).toEqual([400, 'client_id or logout_uri is not one of this user pool.']);
  });
});

describe('an account that an administrator makes', () => {
  const email = 'Ada@Example.com';

  test('is signed in to with its password, whatever the case of the address', async () => {
    await expect(accounts().ensureAccount({ email, name: 'Ada', password: PASSWORD })).resolves.toEqual({
      outcome: 'made',
    });
    const { accessToken, idToken } = await signIn(signed.place, { email: 'ada@example.COM', password: PASSWORD });
    const access = await verifier().verifyAccess(accessToken);
    await expect(accounts().find(access?.username ?? '')).resolves.toEqual({
      username: access?.username,
      subject: access?.subject,
      email,
      emailVerified: true,
      name: 'Ada',
    });
    if (access === undefined) throw new Error('not verified');
    await expect(verifier().verifyId(idToken, access)).resolves.toMatchObject({
      email,
      name: 'Ada',
      emailVerified: true,
    });
  });

  test('is left as it is by a second invitation, its password included', async () => {
    await expect(accounts().ensureAccount({ email, password: 'another password' })).resolves.toEqual({
      outcome: 'there',
    });
    await expect(signIn(signed.place, { email, password: 'another password' })).rejects.toThrow('wrong');
    await expect(signIn(signed.place, { email, password: PASSWORD })).resolves.toBeDefined();
  });

  test('with too short a password is not made at all', async () => {
    const made = accounts().ensureAccount({ email: 'short@example.com', password: 'eleven char' });
    await expect(made).resolves.toEqual({
      outcome: 'password-refused',
      why: expect.stringContaining('not long enough'),
    });
    await expect(accounts().find('short@example.com')).resolves.toBeUndefined();
  });

  test('gets another password, and is gone when it is removed; twice is no error', async () => {
    const leaver = 'leaver@example.com';
    await accounts().ensureAccount({ email: leaver });
    await expect(signIn(signed.place, { email: leaver, password: '' })).rejects.toThrow('wrong');
    await expect(accounts().setPassword(leaver, PASSWORD)).resolves.toEqual({ outcome: 'set' });
    const { refreshToken } = await signIn(signed.place, { email: leaver, password: PASSWORD });
    await accounts().remove(leaver);
    await accounts().remove(leaver);
    await expect(signIn(signed.place, { email: leaver, password: PASSWORD })).rejects.toThrow('wrong');
    await expect(accounts().setPassword(leaver, PASSWORD)).resolves.toEqual({ outcome: 'no-such-account' });
    const { config } = await anApp();
    await expect(client.refreshTokenGrant(config, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

test('signing a person out everywhere ends refresh tokens and the sign-in page’s session, and nobody else’s; access tokens say when they signed in', async () => {
  const email = 'everywhere@example.com';
  await accounts().ensureAccount({ email, password: PASSWORD });
  const other = await theOwner();
  const browser = aBrowser();
  const app = await anApp();
  const page = await browser.follow(app.url.href, CALLBACK_URL);
  const back = await browser.follow(page.url, CALLBACK_URL, new URLSearchParams({ email, password: PASSWORD }));
  const first = await app.exchange(back.url);
  const tokens = await client.refreshTokenGrant(app.config, first.refresh_token ?? '');
  expect((await anApp().then(({ url }) => browser.follow(url.href, CALLBACK_URL))).status).toBe(0);
  const signedInAt = (await verifier().verifyAccess(first.access_token))?.signedInAt;

  await accounts().signOutEverywhere(email);
  await accounts().signOutEverywhere('nobody-at-all@example.com');
  await expect(client.refreshTokenGrant(app.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  // Asked for the password again.
  expect((await anApp().then(({ url }) => browser.follow(url.href, CALLBACK_URL))).status).toBe(200);
  await expect(verifier().verifyAccess(tokens.access_token)).resolves.toMatchObject({ signedInAt });
  await expect(client.refreshTokenGrant(other.config, other.tokens.refresh_token ?? '')).resolves.toBeDefined();
  await expect(signIn(signed.place, { email, password: PASSWORD })).resolves.toBeDefined();
});

describe('a wrong password', () => {
  const say = async (email: string, password: string) => {
    const browser = aBrowser();
    const page = await browser.follow((await anApp()).url.href, CALLBACK_URL);
    const beganMs = performance.now();
    const answer = await browser.follow(page.url, CALLBACK_URL, new URLSearchParams({ email, password }));
    return { ms: performance.now() - beganMs, status: answer.status, text: answer.text };
  };

  test('is answered as an address without an account is, in words and in time (T20)', async () => {
    const email = 'known@example.com';
    await accounts().ensureAccount({ email, password: PASSWORD });
    const rounds = 4;
    const known = [];
    const unknown = [];
    for (let round = 0; round < rounds; round += 1) {
      known.push(await say(email, 'wrong password'));
      unknown.push(await say('nobody@example.com', 'wrong password'));
    }
    const shape = ({ status, text }: { status: number; text: string }) => [
      status,
      text.replaceAll(/sign-in\/[\w-]+/g, '').replaceAll(/\w+@example\.com/g, ''),
    ];
    expect(known.map(shape)).toEqual(unknown.map(shape));
    expect(alertOf(known[0]?.text ?? '')).toBe('E-mail or password is wrong.');
    // Hashing takes most of either; without it an unknown address would be answered in a tenth.
    const least = (answers: { ms: number }[]) => Math.min(...answers.map(({ ms }) => ms));
    expect(least(unknown)).toBeGreaterThan(least(known) / 2);
    expect(least(known)).toBeGreaterThan(least(unknown) / 2);
  });

  test('is refused unread after ten in a minute, the right one too, for that address alone (T20)', async () => {
    const email = 'guessed@example.com';
    await accounts().ensureAccount({ email, password: PASSWORD });
    for (let round = 0; round < 10; round += 1) expect((await say(email, `guess ${round}`)).status).toBe(400);
    const refused = await say(email, PASSWORD);
    expect([refused.status, alertOf(refused.text)]).toEqual([429, 'Too many tries: wait a minute.']);
    await expect(signIn(signed.place, 'demo owner')).resolves.toBeDefined();
  });
});

describe('a refresh token', () => {
  test('is exchanged once: the new pair is good, the old one ends the whole sign-in when it comes again', async () => {
    const { config, tokens } = await theOwner();
    const first = tokens.refresh_token ?? '';
    const renewed = await client.refreshTokenGrant(config, first);
    await expect(verifier().verifyAccess(renewed.access_token)).resolves.toMatchObject({
      subject: tokens.claims()?.sub,
    });
    expect(renewed.claims()).toMatchObject({ token_use: 'id', email: OWNER });
    expect(renewed.refresh_token).not.toBe(first);
    await expect(client.refreshTokenGrant(config, first)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(client.refreshTokenGrant(config, renewed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('that two windows exchange at once is forgiven, where the client has a grace for it', async () => {
    const forgiving = await startSignInCloud({
      client: { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 30 } },
    });
    try {
      const { config, tokens } = await theOwner(aBrowser(), forgiving.place);
      const [one, two] = await Promise.all([
        client.refreshTokenGrant(config, tokens.refresh_token ?? ''),
        client.refreshTokenGrant(config, tokens.refresh_token ?? ''),
      ]);
      expect(one.refresh_token).not.toBe(two.refresh_token);
      await expect(client.refreshTokenGrant(config, one.refresh_token ?? '')).resolves.toBeDefined();
    } finally {
      await forgiving.cloud.stop();
    }
  });

  test('that is revoked is refused, and other sign-ins of the person go on', async () => {
    const browser = aBrowser();
    const one = await theOwner(browser);
    const two = await theOwner(browser);
    await client.tokenRevocation(one.config, one.tokens.refresh_token ?? '');
    await expect(client.refreshTokenGrant(one.config, one.tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.refreshTokenGrant(two.config, two.tokens.refresh_token ?? '')).resolves.toBeDefined();
  });

  test('may be exchanged from the web app’s origin, and from no other (T19)', async () => {
    const from = async (origin: string) => {
      const answer = await fetch(`${signed.place.issuer}/oauth2/token`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: signed.place.clientId,
          refresh_token: 'x',
        }),
      });
      return [answer.status, answer.headers.get('access-control-allow-origin')];
    };
    expect(await from(new URL(CALLBACK_URL).origin)).toEqual([400, new URL(CALLBACK_URL).origin]);
    expect(await from('https://evil.example')).toEqual([400, null]);
  });
});

describe('the issuer', () => {
  const ask = async (over: Record<string, string | undefined>) => {
    const { url } = await anApp();
    for (const [name, value] of Object.entries(over)) {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return await aBrowser().follow(url.href, CALLBACK_URL);
  };

  test.each<[string, Record<string, string | undefined>, string]>([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for tokens in the address', { response_type: 'token' }, 'unsupported_response_type'],
    ['for a scope that the client may not have', { scope: 'openid tributary/admin aws.cognito.signin.user.admin' }, ''],
  ])('asked %s gives no code to just anybody', async (_case, over, error) => {
    const back = await ask(over);
    const answer = new URL(back.url);
    expect(answer.searchParams.get('code')).toBeNull();
    if (error !== '')
      expect(answer.searchParams.get('error') ?? new URLSearchParams(answer.hash.slice(1)).get('error')).toBe(error);
  });

  test.each<[string, Record<string, string>]>([
    ['another client', { client_id: 'somebody' }],
    ['another address to come back to', { redirect_uri: 'https://evil.example/callback' }],
  ])('sends nobody on for %s', async (_case, over) => {
    const page = await ask(over);
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('answers no page whose own name was pointed at it (T19)', async () => {
    const { port, pathname } = new URL(`${signed.place.issuer}/.well-known/openid-configuration`);
    const asked = request({
      host: '127.0.0.1',
      port,
      path: pathname,
      headers: { host: `rebound.example:${port}` },
    }).end();
    const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });

  test('takes a form from its own page alone, in the browser where the sign-in began (T19)', async () => {
    const browser = aBrowser();
    const page = await browser.follow((await anApp()).url.href, CALLBACK_URL);
    const stranger = await aBrowser().follow(page.url, CALLBACK_URL, new URLSearchParams({ as: 'demo-owner' }));
    expect([stranger.status, alertOf(stranger.text)]).toEqual([
      400,
      'This sign-in is over, or was begun in another browser.',
    ]);
    const foreign = await fetch(page.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: 'https://evil.example', cookie: browser.cookies(page.url) },
      body: new URLSearchParams({ as: 'demo-owner' }),
    });
    expect([foreign.status, alertOf(await foreign.text())]).toEqual([400, 'That was not the form of this page.']);
  });
});

describe('the sign-in page', () => {
  test('needs no script, may not be framed, and says what its fields are', async () => {
    const page = await aBrowser().follow((await anApp()).url.href, CALLBACK_URL);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/127\.0\.0\.1:9; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).not.toMatch(/<script|\son\w+=|style="/);
    expect(page.text).toMatch(/^<!doctype html><html lang="en">.*<title>Sign in/s);
    expect(page.text).toMatch(
      /<label for="email">E-mail<\/label>\s*<input id="email" name="email" type="email" autocomplete="username" required/,
    );
    expect(page.text).toMatch(
      /<label for="password">Password<\/label>\s*<input id="password" name="password" type="password" autocomplete="current-password" required/,
    );
    expect(page.text).toContain('Sign in as the demo owner</button>');
  });

  test('gives back what was typed as text, never as markup (T17)', async () => {
    const browser = aBrowser();
    const page = await browser.follow((await anApp()).url.href, CALLBACK_URL);
    const email = '"><script>alert(1)</script>';
    const answer = await browser.follow(page.url, CALLBACK_URL, new URLSearchParams({ email, password: 'x' }));
    expect(answer.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(answer.text).not.toContain('<script>');
  });

  test('of somebody who is signed in as another takes the new person, and forgets the other', async () => {
    const email = 'second@example.com';
    await accounts().ensureAccount({ email, password: PASSWORD });
    const { browser } = await theOwner();
    const app = await anApp();
    app.url.searchParams.set('prompt', 'login');
    const page = await browser.follow(app.url.href, CALLBACK_URL);
    const back = await browser.follow(page.url, CALLBACK_URL, new URLSearchParams({ email, password: PASSWORD }));
    expect((await app.exchange(back.url)).claims()).toMatchObject({ email });
    expect((await theOwner(browser)).tokens.claims()).toMatchObject({ email });
  });
});

test('accounts, keys and sign-ins outlive a restart', async () => {
  const before = await startSignInCloud();
  await accountsOf(before).ensureAccount({ email: 'stays@example.com', password: PASSWORD });
  const kept = await signIn(before.place, { email: 'stays@example.com', password: PASSWORD });
  const signInPort = Number(new URL(before.place.issuer).port);
  await before.cloud.stop();

  const after = await startSignInCloud({ stateDirectory: before.stateDirectory, signInPort });
  try {
    expect(after.place).toEqual(before.place);
    await expect(verifier(after.place).verifyAccess(kept.accessToken)).resolves.toMatchObject({ kind: 'access' });
    const { config } = await anApp(after.place);
    await expect(client.refreshTokenGrant(config, kept.refreshToken)).resolves.toBeDefined();
    await expect(signIn(after.place, { email: 'stays@example.com', password: PASSWORD })).resolves.toBeDefined();
  } finally {
    await after.cloud.stop();
  }
});
