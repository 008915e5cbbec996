import { apiEnv } from '../../shared/config/env.ts';
import { resourcesOf, templatesOf } from '../builders/templates.ts';

const templates = templatesOf();
const one = (type: string, from = templates) => {
  const [found, ...others] = resourcesOf(from, type);
  expect(others).toEqual([]);
  return found;
};
const SSO = { ssoIssuer: 'https://login.example.com', ssoClientId: 'c1', ssoClientSecretName: 'tributary/sso' };

describe('the user pool', () => {
  test('is closed to sign-up, by e-mail whatever its case, with long passwords and a second factor who wants one (T20)', () => {
    expect(one('AWS::Cognito::UserPool')).toMatchObject({
      part: 'Data',
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        UsernameAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
        Policies: {
          PasswordPolicy: {
            MinimumLength: 12,
            RequireLowercase: false,
            RequireNumbers: false,
            RequireSymbols: false,
            RequireUppercase: false,
          },
        },
        MfaConfiguration: 'OPTIONAL',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        UserPoolTier: 'ESSENTIALS',
        DeletionProtection: 'ACTIVE',
      },
    });
    expect(one('AWS::Cognito::UserPool')?.Properties).not.toHaveProperty('LambdaConfig');
  });

  test('asks everybody for the second factor where the operator wants it', () => {
    const required = templatesOf({ mfa: 'required' });
    expect(one('AWS::Cognito::UserPool', required)?.Properties).toMatchObject({ MfaConfiguration: 'ON' });
  });

  test('has a sign-in page whose host name is the stage’s and the account’s, or the operator’s choice', () => {
    const prefixOf = (context: Record<string, unknown>) =>
      one('AWS::Cognito::UserPoolDomain', templatesOf(context))?.Properties['Domain'];
    expect(prefixOf({ stage: 'prod' })).toEqual({ 'Fn::Sub': 'tributary-prod-${AWS::AccountId}' });
    expect(prefixOf({ stage: 'prod', signInPrefix: 'acme' })).toBe('acme');
  });
});

describe('the app client', () => {
  test('is public: code flow, no secret, our scope, short tokens that can be revoked (T19)', () => {
    const client = one('AWS::Cognito::UserPoolClient');
    expect(client?.part).toBe('Web');
    expect(client?.Properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile', 'tributary/app'],
      SupportedIdentityProviders: ['COGNITO'],
      AccessTokenValidity: 60,
      IdTokenValidity: 60,
      RefreshTokenValidity: 7 * 24 * 60,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
    });
  });

  test('may use its refresh tokens once each: Cognito refuses that beside the refresh call of its API', () => {
    expect(one('AWS::Cognito::UserPoolClient')?.Properties).toMatchObject({
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 30 },
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
    });
  });

  test('comes back to the web app’s own origin and nowhere else', () => {
    const { CallbackURLs, LogoutURLs } =
      one(
        'AWS::Cognito::UserPoolClient',
        templatesOf({
          cdnDomain: 'cdn.example.com',
          cdnCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/7d5c',
        }),
      )?.Properties ?? {};
    const at = (path: string) => [{ 'Fn::Join': ['', [{ Ref: 'CdnScheme' }, `://cdn.example.com${path}`]] }];
    expect({ CallbackURLs, LogoutURLs }).toEqual({ CallbackURLs: at('/callback'), LogoutURLs: at('/') });
  });

  test('has a style: without one the managed sign-in page does not show', () => {
    expect(one('AWS::Cognito::ManagedLoginBranding')?.Properties).toMatchObject({
      ClientId: { Ref: expect.stringMatching(/^AppClient/) },
      UseCognitoProvidedValues: true,
    });
  });
});

describe('single sign-on', () => {
  const withSso = templatesOf({ ...SSO, ssoName: 'Okta' });

  test('is off by default', () => {
    expect(resourcesOf(templates, 'AWS::Cognito::UserPoolIdentityProvider')).toEqual([]);
  });

  test('is a provider of the pool and of the app client, which waits for it', () => {
    const provider = one('AWS::Cognito::UserPoolIdentityProvider', withSso);
    expect(provider?.Properties).toMatchObject({
      ProviderName: 'Okta',
      ProviderType: 'OIDC',
      ProviderDetails: { oidc_issuer: SSO.ssoIssuer, client_id: 'c1', authorize_scopes: 'openid email profile' },
      AttributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
    });
    expect(one('AWS::Cognito::UserPoolClient', withSso)).toMatchObject({
      DependsOn: [provider?.id],
      Properties: { SupportedIdentityProviders: ['COGNITO', 'Okta'] },
    });
  });

  test('has its secret by name only: the template holds none (T18)', () => {
    const { ProviderDetails } = one('AWS::Cognito::UserPoolIdentityProvider', withSso)?.Properties ?? {};
    expect(ProviderDetails).toMatchObject({
      client_secret: '{{resolve:secretsmanager:tributary/sso:SecretString:::}}',
    });
  });
});

test('the owner’s account is the parameter’s address, verified, with an invitation by mail', () => {
  expect(one('AWS::Cognito::UserPoolUser')).toMatchObject({
    part: 'Control',
    Properties: {
      Username: { Ref: 'OwnerEmail' },
      UserAttributes: [
        { Name: 'email', Value: { Ref: 'OwnerEmail' } },
        { Name: 'email_verified', Value: 'true' },
      ],
      DesiredDeliveryMediums: ['EMAIL'],
    },
  });
  expect(resourcesOf(templatesOf({ ownerAccount: false }), 'AWS::Cognito::UserPoolUser')).toEqual([]);
});

test.each(['owner@example.com', "o'neil+cdp@bücher.example"])(
  'the address %s of the parameter is one to the function',
  (address) => {
    const { AllowedPattern } = templates.Control.Parameters['OwnerEmail'] as { AllowedPattern?: string };
    expect(new RegExp(`^(?:${AllowedPattern})$`).test(address)).toBe(true);
    expect(apiEnv.shape.OWNER_EMAIL.safeParse(address).success).toBe(true);
  },
);
