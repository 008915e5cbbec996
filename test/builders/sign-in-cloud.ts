import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '../../local/cloud.ts';
import { OPERATOR_ACCESS_KEY_ID } from '../../local/lambda/function-callers.ts';
import { LOCAL_REGION } from '../../local/types.ts';
import { anAssembly } from './assembly.ts';
import { type SignInPlace, signInPlaceOf } from './sign-in.ts';

export const OWNER = 'owner@example.com';
export const CALLBACK_URL = 'http://127.0.0.1:9/callback';
export const SIGNED_OUT_URL = 'http://127.0.0.1:9/';

/** Another issuer that the pool takes people of. */
export type TrustedIssuer = { name: string; issuer: string; clientId: string; clientSecret: string };

/** A user pool as the CDK app's templates have it, with its client and the owner's account. */
export const signInTemplate = ({
  trusted,
  client = {},
  pool = {},
}: {
  trusted?: TrustedIssuer;
  client?: Record<string, unknown>;
  pool?: Record<string, unknown>;
} = {}): Record<string, unknown> => ({
  Resources: {
    People: {
      Type: 'AWS::Cognito::UserPool',
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        UsernameAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        MfaConfiguration: 'OPTIONAL',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        Policies: {
          PasswordPolicy: {
            MinimumLength: 12,
            RequireLowercase: false,
            RequireNumbers: false,
            RequireSymbols: false,
            RequireUppercase: false,
          },
        },
        Schema: [{ Name: 'email', Mutable: true, Required: true }],
        ...pool,
      },
    },
    Api: {
      Type: 'AWS::Cognito::UserPoolResourceServer',
      Properties: {
        UserPoolId: { Ref: 'People' },
        Identifier: 'tributary',
        Name: 'Tributary API',
        Scopes: [{ ScopeName: 'app', ScopeDescription: 'x' }],
      },
    },
    Owner: {
      Type: 'AWS::Cognito::UserPoolUser',
      Properties: {
        UserPoolId: { Ref: 'People' },
        Username: OWNER,
        UserAttributes: [
          { Name: 'email', Value: OWNER },
          { Name: 'email_verified', Value: 'true' },
        ],
      },
    },
    ...(trusted && {
      Sso: {
        Type: 'AWS::Cognito::UserPoolIdentityProvider',
        Properties: {
          UserPoolId: { Ref: 'People' },
          ProviderName: trusted.name,
          ProviderType: 'OIDC',
          ProviderDetails: {
            oidc_issuer: trusted.issuer,
            client_id: trusted.clientId,
            client_secret: trusted.clientSecret,
            authorize_scopes: 'openid email profile',
            attributes_request_method: 'GET',
          },
          AttributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
        },
      },
    }),
    Client: {
      Type: 'AWS::Cognito::UserPoolClient',
      DependsOn: ['Api', ...(trusted === undefined ? [] : ['Sso'])],
      Properties: {
        UserPoolId: { Ref: 'People' },
        GenerateSecret: false,
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid', 'email', 'profile', 'tributary/app'],
        CallbackURLs: [CALLBACK_URL],
        LogoutURLs: [SIGNED_OUT_URL],
        SupportedIdentityProviders: ['COGNITO', ...(trusted === undefined ? [] : [trusted.name])],
        AccessTokenValidity: 60,
        IdTokenValidity: 60,
        RefreshTokenValidity: 10_080,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
        EnableTokenRevocation: true,
        PreventUserExistenceErrors: 'ENABLED',
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
        ...client,
      },
    },
  },
  Outputs: {
    UserPoolId: { Value: { Ref: 'People' } },
    SignInIssuer: { Value: { 'Fn::GetAtt': ['People', 'ProviderURL'] } },
    AppClientId: { Value: { Ref: 'Client' } },
  },
});

export type SignInCloud = {
  cloud: LocalCloud;
  place: SignInPlace;
  userPoolId: string;
  stateDirectory: string;
  /** What an SDK client needs to call it as its operator. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** What the local cloud itself has logged: faults. */
  log(): string;
};

export async function startSignInCloud(
  options: Parameters<typeof signInTemplate>[0] & { stateDirectory?: string; signInPort?: number } = {},
): Promise<SignInCloud> {
  const stateDirectory = options.stateDirectory ?? mkdtempSync(join(tmpdir(), 'sign-in-'));
  let log = '';
  const cloud = await startLocalCloud({
    assemblyDirectory: anAssembly([{ name: 'People', template: signInTemplate(options) }]),
    stateDirectory,
    host: '127.0.0.1',
    ...(options.signInPort !== undefined && { signInPort: options.signInPort }),
    parameters: {},
    onLog: ({ line }) => (log += `${line}\n`),
  });
  return {
    cloud,
    place: signInPlaceOf(cloud),
    userPoolId: cloud.stacks['People']?.['UserPoolId'] ?? '',
    stateDirectory,
    client: {
      endpoint: cloud.awsEndpointUrl,
      region: LOCAL_REGION,
      credentials: { accessKeyId: OPERATOR_ACCESS_KEY_ID, secretAccessKey: 'any' },
    },
    log: () => log,
  };
}
