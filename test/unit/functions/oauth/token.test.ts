import { createHash, createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type IssueDeps, TOKENS_PER_SECOND_MAX } from '../../../../functions/oauth/issue-token.ts';
import { token } from '../../../../functions/oauth/token.ts';
import type { AccessToken } from '../../../../shared/domain/access-token.ts';
import type { OAuthApp } from '../../../../shared/domain/workspace.ts';
import type { RequestLimiter } from '../../../../shared/pipeline/request-limiter.ts';
import { aKeyPair, anOAuthApp, signedJwt } from '../../../builders/oauth-client.ts';

const NOW = '2026-11-24T10:15:00.000Z';
const SECONDS = Date.parse(NOW) / 1_000;
const HOST = 'track.example.com';
const PAIR = aKeyPair();
const OTHER = aKeyPair();

const HEADER = { alg: 'RS256', kid: 'k1', typ: 'JWT' };
/** As Segment's SDK makes them. */
const CLAIMS = {
  iss: 'oap_1',
  sub: 'oap_1',
  aud: `https://${HOST}`,
  iat: SECONDS - 5,
  exp: SECONDS + 55,
  jti: 'j1',
};
const FIELDS = {
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: signedJwt(PAIR.privatePem, HEADER, CLAIMS),
  scope: 'tracking_api:write',
};

function setUp({ app = anOAuthApp(PAIR.publicPem), limiter }: { app?: OAuthApp; limiter?: RequestLimiter } = {}) {
  const saved: { sha256: string; token: AccessToken }[] = [];
  const used = new Set<string>();
  let tokens = 0;
  const deps: IssueDeps = {
    ledger: {
      findApp: async (id) => (id === app.id ? app : undefined),
      rememberAssertion: async ({ appId, jti }) => {
        if (used.has(`${appId} ${jti}`)) return 'repeated';
        used.add(`${appId} ${jti}`);
        return 'first';
      },
      save: async (sha256, made) => void saved.push({ sha256, token: made }),
    },
    limiter: limiter ?? { admit: async () => ({ outcome: 'admitted' }) },
    now: () => new Date(NOW),
    newToken: () => `oat_${(tokens += 1)}`,
    newWriteId: () => 'w',
  };
  return { handle: token(deps), saved, used };
}

const aRequest = (form: Record<string, string> | string, over: { isBase64?: boolean } = {}): APIGatewayProxyEventV2 => {
  const text = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return {
    headers: { host: HOST, 'content-type': 'application/x-www-form-urlencoded' },
    body: over.isBase64 === false ? text : Buffer.from(text).toString('base64'),
    isBase64Encoded: over.isBase64 !== false,
    requestContext: { domainName: HOST, http: { method: 'POST' } },
  } as unknown as APIGatewayProxyEventV2;
};
const withClaims = (claims: Record<string, unknown>, header: Record<string, unknown> = HEADER, pair = PAIR) =>
  aRequest({ ...FIELDS, client_assertion: signedJwt(pair.privatePem, header, { ...CLAIMS, ...claims }) });

test('a signed assertion is exchanged for a token, of which the hash alone is kept (E04, T5)', async () => {
  const { handle, saved } = setUp({ app: anOAuthApp(PAIR.publicPem, { tokenDays: 7 }) });
  const answer = await handle(aRequest(FIELDS));
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } });
  expect(JSON.parse(answer.body ?? '')).toEqual({
    access_token: 'oat_1',
    token_type: 'Bearer',
    expires_in: 7 * 86_400,
    scope: 'tracking_api:write',
  });
  expect(saved).toEqual([
    {
      sha256: createHash('sha256').update('oat_1').digest('hex'),
      token: {
        appId: 'oap_1',
        workspaceId: 'ws_1',
        keyId: 'k1',
        issuedAt: NOW,
        expiresAt: '2026-12-01T10:15:00.000Z',
      },
    },
  ]);
});

const TWO_KEYS = anOAuthApp(PAIR.publicPem, {
  publicKeys: [
    { keyId: 'k0', pem: OTHER.publicPem },
    { keyId: 'k1', pem: PAIR.publicPem },
  ],
});
test.each<[string, APIGatewayProxyEventV2, OAuthApp?]>([
  [
    'whose times are fractions, as the SDK sends them once it has seen our Date',
    withClaims({ iat: SECONDS - 5.412, exp: SECONDS + 54.588 }),
  ],
  ['whose clock is ten seconds fast', withClaims({ iat: SECONDS + 10, exp: SECONDS + 70 })],
  ['whose clock is ten seconds slow', withClaims({ iat: SECONDS - 70, exp: SECONDS - 10 })],
  ['for one of several servers', withClaims({ aud: ['https://oauth2.example', `http://${HOST.toUpperCase()}/`] })],
  ['for the address of this endpoint', withClaims({ aud: `https://${HOST}/token` })],
  ['for this server by its name', withClaims({ aud: HOST })],
  ['without kid, of the second key', withClaims({}, { alg: 'RS256' }), TWO_KEYS],
  ['with a kid that the app does not have, of the second key', withClaims({}, { alg: 'RS256', kid: 'mine' }), TWO_KEYS],
  ['with the kid of the second key', withClaims({}), TWO_KEYS],
  [
    'of a client that names no scope',
    aRequest(Object.fromEntries(Object.entries(FIELDS).filter(([name]) => name !== 'scope'))),
  ],
  ['of a client that asks for more', aRequest({ ...FIELDS, scope: 'functions:write tracking_api:write' })],
  ['as text', aRequest(FIELDS, { isBase64: false })],
])('an assertion %s is taken (E04)', async (_case, ...[request, app]) => {
  const { handle, saved } = setUp(app && { app });
  await expect(handle(request)).resolves.toMatchObject({ statusCode: 200 });
  expect(saved.map(({ token: { keyId } }) => keyId)).toEqual(['k1']);
});

const unsigned = (header: unknown) =>
  `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(JSON.stringify(CLAIMS)).toString('base64url')}`;
const withAssertion = (client_assertion: string) => aRequest({ ...FIELDS, client_assertion });
const hs256 = unsigned({ alg: 'HS256', kid: 'k1' });

test.each<[string, APIGatewayProxyEventV2, number, string, OAuthApp?]>([
  ['nothing', aRequest(''), 400, 'unsupported_grant_type'],
  ['another grant', aRequest({ ...FIELDS, grant_type: 'password' }), 400, 'unsupported_grant_type'],
  ['another kind of assertion', aRequest({ ...FIELDS, client_assertion_type: 'saml' }), 400, 'invalid_request'],
  ['no assertion', aRequest({ ...FIELDS, client_assertion: '' }), 401, 'invalid_client'],
  ['another scope', aRequest({ ...FIELDS, scope: 'public_api:read_write' }), 400, 'invalid_scope'],
  ['a field twice', aRequest(`${new URLSearchParams(FIELDS).toString()}&scope=x`), 400, 'invalid_request'],
  ['a form of 20 KB', aRequest({ ...FIELDS, more: 'x'.repeat(20_000) }), 400, 'invalid_request'],
  ['an assertion of 9 KB', withClaims({ more: 'x'.repeat(9_000) }), 401, 'invalid_client'],
  ['an assertion of two parts', withAssertion(unsigned(HEADER)), 401, 'invalid_client'],
  ['an assertion of four', withAssertion(`${FIELDS.client_assertion}.x`), 401, 'invalid_client'],
  ['JSON that is none', withAssertion('e30x.e30x.AAAA'), 401, 'invalid_client'],
  ['alg none', withAssertion(`${unsigned({ alg: 'none', kid: 'k1' })}.`), 401, 'invalid_client'],
  ['alg none, signed all the same', withClaims({}, { alg: 'none', kid: 'k1' }), 401, 'invalid_client'],
  [
    'HS256 with the public key as its secret',
    withAssertion(`${hs256}.${createHmac('sha256', PAIR.publicPem).update(hs256).digest('base64url')}`),
    401,
    'invalid_client',
  ],
  ['a header that must be understood', withClaims({}, { ...HEADER, crit: ['b64'] }), 401, 'invalid_client'],
  ['a signature of somebody else', withClaims({}, HEADER, OTHER), 401, 'invalid_client'],
  ['a signature of nothing', withAssertion(`${unsigned(HEADER)}.AAAA`), 401, 'invalid_client'],
  ['the named key’s neighbour', withClaims({}, { alg: 'RS256', kid: 'k0' }), 401, 'invalid_client', TWO_KEYS],
  ['an app that there is not', withClaims({ iss: 'oap_9', sub: 'oap_9' }), 401, 'invalid_client'],
  ['iss that is not sub', withClaims({ iss: 'oap_9' }), 401, 'invalid_client'],
  ['a life of 62 s', withClaims({ iat: SECONDS - 7 }), 401, 'invalid_client'],
  ['an end before the beginning', withClaims({ iat: SECONDS + 1, exp: SECONDS }), 401, 'invalid_client'],
  ['an assertion of the future', withClaims({ iat: SECONDS + 11, exp: SECONDS + 40 }), 401, 'invalid_client'],
  ['one that has expired', withClaims({ iat: SECONDS - 40, exp: SECONDS - 11 }), 401, 'invalid_client'],
  ['another server’s', withClaims({ aud: 'https://oauth2.example' }), 401, 'invalid_client'],
  [
    'another server’s, with ours in its path',
    withClaims({ aud: `https://evil.example/${HOST}` }),
    401,
    'invalid_client',
  ],
  ['no jti', withClaims({ jti: undefined }), 401, 'invalid_client'],
  ['times that are text', withClaims({ exp: String(CLAIMS.exp) }), 401, 'invalid_client'],
  ['a key of 1,024 bits', withClaims({}), 401, 'invalid_client', anOAuthApp(aKeyPair(1_024).publicPem)],
  ['a key that is none', withClaims({}), 401, 'invalid_client', anOAuthApp('-----BEGIN PUBLIC KEY-----')],
])(
  '%s is refused: no token is made, no assertion remembered (E04)',
  async (_case, ...[request, status, error, app]) => {
    const { handle, saved, used } = setUp(app && { app });
    const answer = await handle(request);
    expect({ status: answer.statusCode, ...JSON.parse(answer.body ?? '') }).toEqual({
      status,
      error,
      error_description: expect.any(String),
    });
    expect([saved, [...used]]).toEqual([[], []]);
  },
);

test('an assertion is good once (E04)', async () => {
  const { handle, saved } = setUp();
  await expect(handle(aRequest(FIELDS))).resolves.toMatchObject({ statusCode: 200 });
  await expect(handle(aRequest(FIELDS))).resolves.toMatchObject({ statusCode: 401 });
  await expect(handle(withClaims({ jti: 'j2' }))).resolves.toMatchObject({ statusCode: 200 });
  expect(saved).toHaveLength(2);
});

test('who asks too often waits; who is nobody takes nothing from the limit of an app', async () => {
  const asked: unknown[] = [];
  const limiter: RequestLimiter = {
    admit: async (of) => {
      asked.push(of);
      return { outcome: 'refused', retryAfterSeconds: 3 };
    },
  };
  const { handle, saved } = setUp({ limiter });
  await expect(handle(withClaims({}, HEADER, OTHER))).resolves.toMatchObject({ statusCode: 401 });
  expect(asked).toEqual([]);
  await expect(handle(aRequest(FIELDS))).resolves.toMatchObject({ statusCode: 429, headers: { 'Retry-After': '3' } });
  expect(asked).toEqual([{ id: 'oap_1', requestsPerSecondMax: TOKENS_PER_SECOND_MAX }]);
  expect(saved).toEqual([]);
});
