import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keysUrlOf } from '../../../shared/http/issuer-keys.ts';
import { jwtPersonTokens } from '../../../shared/http/jwt-person-tokens.ts';
import { anIssuerKey, issuedToken } from '../../builders/issued-tokens.ts';

type Recorded = { header: { kid: string }; payload: { sub: string; client_id?: string; aud?: string } };

const DIRECTORY = join(import.meta.dirname, '..', '..', 'fixtures', 'cognito');
const read = (name: string): unknown => JSON.parse(readFileSync(join(DIRECTORY, `${name}.json`), 'utf8'));
const recorded = (name: string) => read(name) as Recorded;
const discovery = read('openid-configuration') as { issuer: string; jwks_uri: string };
const KID = recorded('access-token').header.kid;
// A user pool publishes two keys and signs with one of them.
const [KEY, SPARE] = [anIssuerKey(KID), anIssuerKey('5678example=')];

/** The recorded token, signed by a key of the test in the place of Cognito's. */
const tokenOf = (name: string): string => {
  const { header, payload } = recorded(name);
  return issuedToken(KEY, payload, header);
};
const jwks = { keys: [SPARE.jwk, KEY.jwk] } as { keys: { kty: string }[] };
const tokens = jwtPersonTokens({
  issuer: discovery.issuer,
  scope: 'tributary/app',
  now: () => new Date('2026-11-24T10:15:00.000Z'),
  keys: { get: async () => jwks, renew: async () => undefined },
});
const PERSON = {
  issuer: discovery.issuer,
  clientId: '4ab5cd6ef7gh8ij9kl0mn1op2q',
  signedInAt: '2026-11-24T10:10:00.000Z',
  expiresAt: '2026-11-24T11:10:00.000Z',
};

test('the keys are read where the discovery document says', () => {
  expect(keysUrlOf(discovery.issuer)).toBe(discovery.jwks_uri);
});

test('the keys have the members that a user pool publishes', () => {
  for (const key of jwks.keys) expect(Object.keys(key).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

test('an access token of a user pool says who asks, by which client', async () => {
  await expect(tokens.verifyAccess(tokenOf('access-token'))).resolves.toEqual({
    ...PERSON,
    kind: 'access',
    subject: 'a3c4d852-4051-70ab-9f1e-2d6f1b7c8e90',
    username: 'a3c4d852-4051-70ab-9f1e-2d6f1b7c8e90',
    email: undefined,
    emailVerified: undefined,
    name: undefined,
  });
});

test('an ID token of the same sign-in says address and name', async () => {
  const access = await tokens.verifyAccess(tokenOf('access-token'));
  if (access === undefined) throw new Error('not verified');
  await expect(tokens.verifyId(tokenOf('id-token'), access)).resolves.toEqual({
    ...PERSON,
    kind: 'id',
    subject: access.subject,
    username: access.username,
    email: 'ada@example.com',
    emailVerified: true,
    name: 'Ada Lovelace',
  });
});

test('a person of an OIDC provider has that provider’s name for them, and an address that is verified only if it said so', async () => {
  const access = await tokens.verifyAccess(tokenOf('federated-access-token'));
  if (access === undefined) throw new Error('not verified');
  expect(access).toMatchObject({ username: 'Okta_00u1a2b3c4D5E6F7G8h9' });
  await expect(tokens.verifyId(tokenOf('federated-id-token'), access)).resolves.toMatchObject({
    username: 'Okta_00u1a2b3c4D5E6F7G8h9',
    email: 'ada@acme.example',
    emailVerified: false,
  });
});

test.each(['access-token', 'id-token'])('the other person’s ID token does not go with %s', async (name) => {
  const { sub, client_id: client, aud } = recorded(name).payload;
  const of = { subject: sub, clientId: client ?? aud ?? '' };
  await expect(tokens.verifyId(tokenOf('federated-id-token'), of)).resolves.toBeUndefined();
});

test('what signing in past the sign-in page gives lacks our scope, and is refused', async () => {
  await expect(tokens.verifyAccess(tokenOf('api-access-token'))).resolves.toBeUndefined();
});
