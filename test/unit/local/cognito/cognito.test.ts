import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cognito, cognito } from '../../../../local/cognito/cognito.ts';
import type { AwsError } from '../../../../local/types.ts';
import { OWNER, signInTemplate } from '../../../builders/sign-in-cloud.ts';

type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };

const CONTEXT = { principal: { kind: 'operator' }, requestId: 'r' } as const;
const running: Cognito[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

const setUp = (directory = mkdtempSync(join(tmpdir(), 'cognito-'))) => {
  const service = cognito({ directory, host: '127.0.0.1', port: 0, onUnexpected: () => {} });
  running.push(service);
  const call = (operation: string, input: Record<string, unknown>) => service.call(operation, input, CONTEXT);
  /** Makes the resources of a template as the provisioner would, `People` standing for the pool's id. */
  const make = async (options: Parameters<typeof signInTemplate>[0] = {}) => {
    const { Resources } = signInTemplate(options) as Template;
    let poolId = '';
    for (const logicalId of ['People', 'Api', 'Owner', 'Sso', 'Client']) {
      const resource = Resources[logicalId];
      const provider = service.providers.find(({ type }) => type === resource?.Type);
      if (resource === undefined || provider === undefined) continue;
      const { UserPoolId, ...rest } = resource.Properties;
      const properties = UserPoolId === undefined ? rest : { ...rest, UserPoolId: poolId };
      const about = { stackName: 'S', logicalId, physicalName: `S-${logicalId}`, properties };
      const { ref } = await provider.create(about);
      if (logicalId === 'People') poolId = ref;
    }
    return poolId;
  };
  return { directory, service, call, make };
};

describe('a template', () => {
  test.each<[string, Parameters<typeof signInTemplate>[0], RegExp]>([
    [
      'that lets everybody sign up',
      { pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } } },
      /AllowAdminCreateUserOnly/,
    ],
    [
      'with rules about a password’s characters',
      { pool: { Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: true } } } },
      /RequireSymbols/,
    ],
    ['that asks everybody for a second factor', { pool: { MfaConfiguration: 'ON' } }, /MfaConfiguration/],
    ['with a client that has a secret', { client: { GenerateSecret: true } }, /GenerateSecret/],
    ['with a client of the implicit flow', { client: { AllowedOAuthFlows: ['implicit'] } }, /AllowedOAuthFlows/],
    [
      'with a client whose tokens cannot be revoked',
      { client: { EnableTokenRevocation: false } },
      /EnableTokenRevocation/,
    ],
    [
      'with a client of a scope that no resource server has',
      { client: { AllowedOAuthScopes: ['openid', 'other/app'] } },
      /no scope or identity provider other\/app/,
    ],
    [
      'with a client of a provider that the pool does not have',
      { client: { SupportedIdentityProviders: ['Nobody'] } },
      /no scope or identity provider Nobody/,
    ],
    [
      'with a secret in Secrets Manager',
      {
        trusted: {
          name: 'Okta',
          issuer: 'https://o.example',
          clientId: 'c',
          clientSecret: '{{resolve:secretsmanager:x}}',
        },
      },
      /Secrets Manager, which the local cloud does not have/,
    ],
  ])('%s is refused: it would not be what AWS runs', async (_case, options, message) => {
    await expect(setUp().make(options)).rejects.toThrow(message);
  });

  test('makes the same ids at each start, and Cognito’s form of them', async () => {
    const first = setUp();
    const poolId = await first.make();
    const clients = first.service.list()[0]?.clients;
    expect(poolId).toMatch(/^us-east-1_[a-z0-9]{9}$/);
    expect(clients?.[0]?.clientId).toMatch(/^[a-z0-9]{26}$/);
    const second = setUp();
    await expect(second.make()).resolves.toBe(poolId);
    expect(second.service.list()[0]?.clients).toEqual(clients);
  });

  test('makes the owner’s account once, verified and without a password', async () => {
    const { directory, make, call, service } = setUp();
    const poolId = await make();
    const owner = await call('AdminGetUser', { UserPoolId: poolId, Username: OWNER.toUpperCase() });
    expect(owner).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true });
    expect(owner['UserAttributes']).toEqual(
      expect.arrayContaining([
        { Name: 'email', Value: OWNER },
        { Name: 'email_verified', Value: 'true' },
      ]),
    );
    await service.close();
    running.pop();
    const again = setUp(directory);
    await again.make();
    await expect(again.call('AdminGetUser', { UserPoolId: poolId, Username: OWNER })).resolves.toEqual(owner);
  });
});

describe('a call', () => {
  const error = (code: string) => expect.objectContaining({ name: 'AwsError', code }) as AwsError;

  test.each<[string, string, Record<string, unknown>, string]>([
    [
      'of a pool that is not there',
      'AdminGetUser',
      { UserPoolId: 'us-east-1_nope', Username: 'a' },
      'ResourceNotFoundException',
    ],
    ['of an account that is not there', 'AdminGetUser', { Username: 'nobody@example.com' }, 'UserNotFoundException'],
    [
      'that makes an account by a name',
      'AdminCreateUser',
      { Username: 'ada', MessageAction: 'SUPPRESS' },
      'InvalidParameterException',
    ],
    [
      'that makes one that is there',
      'AdminCreateUser',
      { Username: OWNER, MessageAction: 'SUPPRESS' },
      'UsernameExistsException',
    ],
    ['that would send a mail', 'AdminCreateUser', { Username: 'ada@example.com' }, 'InvalidParameterException'],
    [
      'with a temporary password',
      'AdminSetUserPassword',
      { Username: OWNER, Password: 'x'.repeat(12), Permanent: false },
      'InvalidParameterException',
    ],
    [
      'with a password of eleven characters',
      'AdminSetUserPassword',
      { Username: OWNER, Password: 'x'.repeat(11), Permanent: true },
      'InvalidPasswordException',
    ],
    [
      'with a password of 257',
      'AdminSetUserPassword',
      { Username: OWNER, Password: 'x'.repeat(257), Permanent: true },
      'InvalidPasswordException',
    ],
    ['that nobody has built', 'AdminInitiateAuth', {}, 'UnknownOperationException'],
  ])('%s is refused in Cognito’s words', async (_case, operation, input, code) => {
    const { call, make } = setUp();
    const UserPoolId = await make();
    await expect(call(operation, { UserPoolId, ...input })).rejects.toEqual(error(code));
  });

  test('deletes a pool only when its protection is off, and everything with it', async () => {
    const { directory, call, make, service } = setUp();
    const UserPoolId = await make({ pool: { DeletionProtection: 'ACTIVE' } });
    const before = await call('AdminGetUser', { UserPoolId, Username: OWNER });
    await expect(call('DeleteUserPool', { UserPoolId })).rejects.toEqual(error('InvalidParameterException'));
    await call('UpdateUserPool', { UserPoolId, DeletionProtection: 'INACTIVE' });
    await call('DeleteUserPool', { UserPoolId });
    expect(service.list()).toEqual([]);
    await service.close();
    running.pop();
    const again = setUp(directory);
    await again.make();
    const after = await again.call('AdminGetUser', { UserPoolId, Username: OWNER });
    expect(after['Username']).not.toBe(before['Username']);
  });
});

test('keys are made when the issuer is first asked, for their owner’s eyes only', async () => {
  const { directory, make, service } = setUp();
  const poolId = await make();
  const { issuer = '' } = service.list()[0] ?? {};
  expect(readdirSync(directory).filter((file) => file.endsWith('.json'))).toEqual([]);
  expect((await fetch(`${issuer}/.well-known/jwks.json`)).status).toBe(503);
  service.open();
  const answer = await fetch(`${issuer}/.well-known/jwks.json`);
  const { keys } = (await answer.json()) as { keys: object[] };
  expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
  expect(statSync(join(directory, `${poolId}.keys.json`)).mode & 0o777).toBe(0o600);
  expect((await fetch(`${issuer.replace(poolId, 'us-east-1_other')}/.well-known/jwks.json`)).status).toBe(404);
});
