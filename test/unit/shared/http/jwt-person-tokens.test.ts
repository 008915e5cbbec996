import { jwtPersonTokens } from '../../../../shared/http/jwt-person-tokens.ts';
import {
  anIssuer,
  anIssuerKey,
  type FakeIssuer,
  issuedToken,
  publish,
  secretlySigned,
} from '../../../builders/issued-tokens.ts';

const NOW = new Date('2026-11-24T10:15:00.000Z');
const SECONDS = NOW.getTime() / 1_000;
const SCOPE = 'tributary/app';
const KEY = anIssuerKey('k1');
const OTHER = anIssuerKey('k2');
const ELLIPTIC = anIssuerKey('k3', 'ES256');

let issuer: FakeIssuer;
beforeEach(async () => {
  issuer = await anIssuer([KEY, ELLIPTIC]);
});
afterEach(async () => {
  await issuer.stop();
});

const setUp = (clock = { now: NOW }) => jwtPersonTokens({ issuer: issuer.url, scope: SCOPE, now: () => clock.now });
const ACCESS = { kind: 'access', subject: 's1', username: 'u1', clientId: 'c1' };
/** As Cognito makes them: no `aud`. */
const accessClaims = (over: Record<string, unknown> = {}) => ({
  iss: issuer.url,
  sub: 's1',
  token_use: 'access',
  client_id: 'c1',
  username: 'u1',
  scope: `openid email ${SCOPE}`,
  iat: SECONDS - 60,
  exp: SECONDS + 3_540,
  ...over,
});
const idClaims = (over: Record<string, unknown> = {}) => ({
  iss: issuer.url,
  sub: 's1',
  token_use: 'id',
  aud: 'c1',
  'cognito:username': 'u1',
  email: 'ada@example.com',
  email_verified: true,
  name: 'Ada',
  iat: SECONDS - 60,
  exp: SECONDS + 3_540,
  ...over,
});
/** These tokens do not tell it. */
const UNKNOWN_SIGN_IN = '1970-01-01T00:00:00.000Z';
const EXPIRES_AT = '2026-11-24T11:14:00.000Z';

describe('an access token', () => {
  test('says who asks, by which client, until when', async () => {
    await expect(setUp().verifyAccess(issuedToken(KEY, accessClaims()))).resolves.toEqual({
      ...ACCESS,
      issuer: issuer.url,
      email: undefined,
      emailVerified: undefined,
      name: undefined,
      signedInAt: UNKNOWN_SIGN_IN,
      expiresAt: EXPIRES_AT,
    });
    expect(issuer.asked).toEqual(['/pool/.well-known/jwks.json']);
  });

  test('that was refreshed says when its person signed in, not when it was made', async () => {
    const token = issuedToken(KEY, accessClaims({ auth_time: SECONDS - 7_200 }));
    await expect(setUp().verifyAccess(token)).resolves.toMatchObject({ signedInAt: '2026-11-24T08:15:00.000Z' });
  });

  test.each<[string, () => string]>([
    [
      'with the client as its audience and a type, as the local cloud makes them',
      () => issuedToken(KEY, accessClaims({ aud: 'c1' }), { typ: 'at+jwt' }),
    ],
    ['with several audiences, the client among them', () => issuedToken(KEY, accessClaims({ aud: ['x', 'c1'] }))],
    ['signed with ES256', () => issuedToken(ELLIPTIC, accessClaims())],
    [
      'of an issuer whose clock is five seconds ahead',
      () => issuedToken(KEY, accessClaims({ iat: SECONDS + 5, nbf: SECONDS + 5 })),
    ],
    ['that ended four seconds ago', () => issuedToken(KEY, accessClaims({ exp: SECONDS - 4 }))],
  ])('%s is taken', async (_case, token) => {
    await expect(setUp().verifyAccess(token())).resolves.toMatchObject(ACCESS);
  });

  test.each<[string, () => string]>([
    ['of another issuer', () => issuedToken(KEY, accessClaims({ iss: 'https://elsewhere.example/pool' }))],
    ['of an issuer whose name begins alike', () => issuedToken(KEY, accessClaims({ iss: `${issuer.url}/` }))],
    ['without an issuer', () => issuedToken(KEY, accessClaims({ iss: undefined }))],
    ['that has ended', () => issuedToken(KEY, accessClaims({ exp: SECONDS - 6 }))],
    ['without an end', () => issuedToken(KEY, accessClaims({ exp: undefined }))],
    ['that begins later', () => issuedToken(KEY, accessClaims({ nbf: SECONDS + 60 }))],
    ['of the future', () => issuedToken(KEY, accessClaims({ iat: SECONDS + 60 }))],
    ['without the time it was issued', () => issuedToken(KEY, accessClaims({ iat: undefined }))],
    ['without a subject', () => issuedToken(KEY, accessClaims({ sub: undefined }))],
    [
      'without our scope: of a client made for something else',
      () => issuedToken(KEY, accessClaims({ scope: 'openid email' })),
    ],
    ['whose scope only contains ours', () => issuedToken(KEY, accessClaims({ scope: `x${SCOPE} ${SCOPE}s` }))],
    ['without any scope', () => issuedToken(KEY, accessClaims({ scope: undefined }))],
    ['for another audience', () => issuedToken(KEY, accessClaims({ aud: 'c2' }))],
    ['without a client', () => issuedToken(KEY, accessClaims({ client_id: undefined }))],
    ['that is an ID token', () => issuedToken(KEY, idClaims())],
    ['that is an ID token with our scope', () => issuedToken(KEY, idClaims({ scope: SCOPE, client_id: 'c1' }))],
    ['of no said use', () => issuedToken(KEY, accessClaims({ token_use: undefined }))],
    ['signed by somebody else under a name of ours', () => issuedToken({ ...OTHER, kid: 'k1' }, accessClaims())],
    ['signed with a key that is not published', () => issuedToken(OTHER, accessClaims())],
    [
      'not signed at all',
      () => `${issuedToken(KEY, accessClaims(), { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    ],
    ['that says alg none over a signature', () => issuedToken(KEY, accessClaims(), { alg: 'none' })],
    [
      'signed with the public key as if it were a secret',
      () => secretlySigned(JSON.stringify(KEY.jwk), accessClaims(), { kid: 'k1' }),
    ],
    ['that says RS512', () => issuedToken(KEY, accessClaims(), { alg: 'RS512' })],
    ['that says ES256 of an RSA key', () => issuedToken(KEY, accessClaims(), { alg: 'ES256' })],
    ['that brings its own key', () => issuedToken(OTHER, accessClaims(), { jwk: OTHER.jwk, kid: 'k1' })],
    ['with a header that must be understood', () => issuedToken(KEY, accessClaims(), { crit: ['b64'], b64: false })],
    ['cut off', () => issuedToken(KEY, accessClaims()).slice(0, -9)],
    ['with a changed payload', () => changed(issuedToken(KEY, accessClaims()))],
    ['with a part too many', () => `${issuedToken(KEY, accessClaims())}.x`],
    ['longer than any', () => issuedToken(KEY, accessClaims({ name: 'x'.repeat(8_192) }))],
    ['that is an API token', () => `tby_${'t'.repeat(43)}`],
    ['that is empty', () => ''],
  ])('%s is refused (T19)', async (_case, token) => {
    await expect(setUp().verifyAccess(token())).resolves.toBeUndefined();
  });

  test('of another issuer costs no request', async () => {
    await setUp().verifyAccess(issuedToken(KEY, accessClaims({ iss: 'https://elsewhere.example' })));
    await setUp().verifyAccess(secretlySigned('x', accessClaims()));
    expect(issuer.asked).toEqual([]);
  });
});

describe('an ID token', () => {
  const OF = { subject: 's1', clientId: 'c1' };

  test('says the person’s address and name', async () => {
    await expect(setUp().verifyId(issuedToken(KEY, idClaims()), OF)).resolves.toEqual({
      kind: 'id',
      issuer: issuer.url,
      subject: 's1',
      username: 'u1',
      clientId: 'c1',
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada',
      signedInAt: UNKNOWN_SIGN_IN,
      expiresAt: EXPIRES_AT,
    });
  });

  test.each([
    ['true', true],
    ['false', false],
  ])('with email_verified as the text %s, as of mapped attributes, says %s', async (text, verified) => {
    const token = issuedToken(KEY, idClaims({ email_verified: text }));
    await expect(setUp().verifyId(token, OF)).resolves.toMatchObject({ emailVerified: verified });
  });

  test.each<[string, () => string]>([
    ['of another client', () => issuedToken(KEY, idClaims({ aud: 'c2' }))],
    ['of several audiences', () => issuedToken(KEY, idClaims({ aud: ['c1', 'c2'] }))],
    ['of another person', () => issuedToken(KEY, idClaims({ sub: 's2' }))],
    ['that is an access token', () => issuedToken(KEY, accessClaims({ aud: 'c1' }))],
    ['that has ended', () => issuedToken(KEY, idClaims({ exp: SECONDS - 6 }))],
    ['whose address is verified perhaps', () => issuedToken(KEY, idClaims({ email_verified: 'perhaps' }))],
    ['signed by somebody else', () => issuedToken({ ...OTHER, kid: 'k1' }, idClaims())],
  ])('%s is refused', async (_case, token) => {
    await expect(setUp().verifyId(token(), OF)).resolves.toBeUndefined();
  });
});

describe('the issuer’s keys', () => {
  const later = (ms: number) => new Date(NOW.getTime() + ms);
  const freshToken = (key = KEY) => issuedToken(key, accessClaims({ exp: SECONDS + 100 * 3_600 }));

  test('are read once for tokens at one time, and kept for an hour', async () => {
    const clock = { now: NOW };
    const tokens = setUp(clock);
    await Promise.all([freshToken(), freshToken(), freshToken(ELLIPTIC)].map((token) => tokens.verifyAccess(token)));
    clock.now = later(3_599_000);
    await tokens.verifyAccess(freshToken());
    expect(issuer.asked).toHaveLength(1);
    clock.now = later(3_600_000);
    await tokens.verifyAccess(freshToken());
    expect(issuer.asked).toHaveLength(2);
  });

  test('that are new are found, with one request in 60 seconds however many tokens name keys that do not exist', async () => {
    const clock = { now: NOW };
    const tokens = setUp(clock);
    await expect(tokens.verifyAccess(freshToken(OTHER))).resolves.toBeUndefined();
    issuer.answer = (_request, response) => publish(response, [OTHER]);
    await expect(tokens.verifyAccess(freshToken(OTHER))).resolves.toBeUndefined();
    expect(issuer.asked).toHaveLength(1);
    clock.now = later(60_000);
    await expect(tokens.verifyAccess(freshToken(OTHER))).resolves.toMatchObject(ACCESS);
    await expect(tokens.verifyAccess(freshToken(KEY))).resolves.toBeUndefined();
    expect(issuer.asked).toHaveLength(2);
  });

  test('that do not come are no verdict about a token: an error that may be tried again', async () => {
    await issuer.stop();
    await expect(setUp().verifyAccess(freshToken())).rejects.toMatchObject({
      code: 'upstream-unavailable',
      retry: true,
    });
  });

  test.each<[string, FakeIssuer['answer']]>([
    ['an error', (_request, response) => response.writeHead(500).end('{"keys":[]}')],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/pool/elsewhere' }).end()],
    ['no JSON', (_request, response) => response.end('<html>')],
    ['no keys', (_request, response) => response.end('{}')],
    ['keys that are none', (_request, response) => response.end('{"keys":[1]}')],
    [
      'too many keys',
      (_request, response) => response.end(JSON.stringify({ keys: Array.from({ length: 51 }, () => KEY.jwk) })),
    ],
    [
      'more than it should',
      (_request, response) => response.end(JSON.stringify({ keys: [{ ...KEY.jwk, x: 'x'.repeat(65_536) }] })),
    ],
  ])('answered with %s are an error, and no redirect is followed', async (_case, answer) => {
    issuer.answer = answer;
    await expect(setUp().verifyAccess(freshToken())).rejects.toMatchObject({ code: 'upstream-unavailable' });
    expect(issuer.asked).toHaveLength(1);
  });

  test('that were read once serve for a day while the issuer does not answer, asked once a minute', async () => {
    const clock = { now: NOW };
    const tokens = setUp(clock);
    await tokens.verifyAccess(freshToken());
    issuer.answer = (_request, response) => void response.writeHead(503).end();
    clock.now = later(2 * 3_600_000);
    await expect(tokens.verifyAccess(freshToken())).resolves.toMatchObject(ACCESS);
    await expect(tokens.verifyAccess(freshToken())).resolves.toMatchObject(ACCESS);
    expect(issuer.asked).toHaveLength(2);
    clock.now = later(24 * 3_600_000);
    await expect(tokens.verifyAccess(freshToken())).rejects.toMatchObject({ code: 'upstream-unavailable' });
  });

  test('that hang are given up after three seconds', async () => {
    issuer.answer = () => {};
    const beganMs = performance.now();
    await expect(setUp().verifyAccess(freshToken())).rejects.toMatchObject({ code: 'upstream-unavailable' });
    expect(performance.now() - beganMs).toBeGreaterThan(2_900);
    expect(performance.now() - beganMs).toBeLessThan(8_000);
  }, 10_000);
});

test.each(['http://issuer.example/pool', 'ftp://127.0.0.1/pool', 'http://127.0.0.1.example/pool'])(
  'the issuer %s is refused: its keys could be anybody’s',
  (url) => {
    expect(() => jwtPersonTokens({ issuer: url, scope: SCOPE, now: () => NOW })).toThrow('must be https');
  },
);

function changed(token: string): string {
  const [head, body = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  return [head, Buffer.from(JSON.stringify({ ...claims, sub: 's2' })).toString('base64url'), signature].join('.');
}
