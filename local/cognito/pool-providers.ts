import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { LOCAL_ACCOUNT, LOCAL_REGION, type ResourceProvider, type ResourceToCreate } from '../types.ts';
import type { AccountStore } from './account-store.ts';
import type { Pool } from './pool.ts';

export type PoolProvidersOptions = {
  pools: Map<string, Pool>;
  accounts: AccountStore;
  /** Where the issuers are served, without a trailing slash. Listens from its first call on. */
  issuerUrl: () => Promise<string>;
  /** Deletes a pool with all that it holds. */
  forget: (poolId: string) => void;
};

const DAY_SECONDS = 86_400;
const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: DAY_SECONDS } as const;
const Unit = z.enum(['seconds', 'minutes', 'hours', 'days']);
const OIDC_SCOPES = ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'];

// Strict all through: what a template says beyond this would change who may sign in at AWS, and nothing here does it.
const UserPoolProperties = z.object({
  UsernameAttributes: z.tuple([z.literal('email')]),
  UsernameConfiguration: z.strictObject({ CaseSensitive: z.literal(false) }),
  AdminCreateUserConfig: z.strictObject({
    AllowAdminCreateUserOnly: z.literal(true),
    InviteMessageTemplate: z.unknown().optional(),
  }),
  DeletionProtection: z.enum(['ACTIVE', 'INACTIVE']).default('INACTIVE'),
  MfaConfiguration: z.enum(['OPTIONAL', 'OFF']).default('OFF'),
  Policies: z.strictObject({
    PasswordPolicy: z.strictObject({
      MinimumLength: z.coerce.number().int().min(6).max(99),
      RequireLowercase: z.literal(false),
      RequireNumbers: z.literal(false),
      RequireSymbols: z.literal(false),
      RequireUppercase: z.literal(false),
      TemporaryPasswordValidityDays: z.unknown().optional(),
    }),
  }),
  Schema: z.array(z.strictObject({ Name: z.enum(['email', 'name']), Mutable: z.literal(true), Required: z.boolean() })),
});
const ClientProperties = z.object({
  UserPoolId: z.string(),
  GenerateSecret: z.literal(false),
  AllowedOAuthFlowsUserPoolClient: z.literal(true),
  AllowedOAuthFlows: z.tuple([z.literal('code')]),
  AllowedOAuthScopes: z.array(z.string()).min(1),
  CallbackURLs: z.array(z.url()).min(1).max(100),
  LogoutURLs: z.array(z.url()).max(100).default([]),
  SupportedIdentityProviders: z.array(z.string()).min(1),
  AccessTokenValidity: z.coerce.number().positive(),
  IdTokenValidity: z.coerce.number().positive(),
  RefreshTokenValidity: z.coerce.number().positive(),
  TokenValidityUnits: z.strictObject({ AccessToken: Unit, IdToken: Unit, RefreshToken: Unit }),
  EnableTokenRevocation: z.literal(true),
  PreventUserExistenceErrors: z.literal('ENABLED'),
  RefreshTokenRotation: z
    .strictObject({
      Feature: z.enum(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: z.coerce.number().int().min(0).max(60).default(0),
    })
    .optional(),
});
const ResourceServerProperties = z.object({
  UserPoolId: z.string(),
  Identifier: z.string().regex(/^[\w.:/-]{1,256}$/),
  Scopes: z.array(z.strictObject({ ScopeName: z.string().min(1), ScopeDescription: z.string() })),
});
const DomainProperties = z.object({
  UserPoolId: z.string(),
  Domain: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/),
});
const UserProperties = z.object({
  UserPoolId: z.string(),
  Username: z.string(),
  UserAttributes: z
    .array(z.strictObject({ Name: z.enum(['email', 'email_verified', 'name']), Value: z.string() }))
    .default([]),
});
const IdentityProviderProperties = z.object({
  UserPoolId: z.string(),
  ProviderName: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{2,31}$/),
  ProviderType: z.literal('OIDC'),
  ProviderDetails: z.strictObject({
    oidc_issuer: z.url(),
    client_id: z.string().min(1),
    client_secret: z
      .string()
      .refine((text) => !text.startsWith('{{resolve:'), 'is in Secrets Manager, which the local cloud does not have'),
    authorize_scopes: z.string(),
    attributes_request_method: z.enum(['GET', 'POST']),
  }),
  AttributeMapping: z.strictObject({
    email: z.string(),
    email_verified: z.string().optional(),
    name: z.string().optional(),
  }),
});

/** The resources of user pools. */
export function poolProviders({ pools, accounts, issuerUrl, forget }: PoolProvidersOptions): ResourceProvider[] {
  const requirePool = (poolId: string): Pool => {
    const pool = pools.get(poolId);
    if (pool === undefined) throw new Error(`There is no user pool ${poolId}.`);
    return pool;
  };

  return [
    {
      type: 'AWS::Cognito::UserPool',
      honoured: [
        'UsernameAttributes',
        'UsernameConfiguration',
        'AdminCreateUserConfig',
        'DeletionProtection',
        'MfaConfiguration',
        'Policies',
        'Schema',
      ],
      // No mail leaves the machine, and there is no second factor: nobody is asked for one, as with `OPTIONAL` at AWS for whoever has set up none.
      ignored: [
        'AccountRecoverySetting',
        'AutoVerifiedAttributes',
        'EmailVerificationMessage',
        'EmailVerificationSubject',
        'EnabledMfas',
        'SmsVerificationMessage',
        'UserAttributeUpdateSettings',
        'UserPoolTags',
        'UserPoolTier',
        'VerificationMessageTemplate',
      ],
      create: async (resource) => {
        const properties = parsed(UserPoolProperties, resource);
        const poolId = `${LOCAL_REGION}_${idOf(resource.physicalName, 9)}`;
        const arn = `arn:aws:cognito-idp:${LOCAL_REGION}:${LOCAL_ACCOUNT}:userpool/${poolId}`;
        const issuer = `${await issuerUrl()}/${poolId}`;
        pools.set(poolId, {
          poolId,
          arn,
          issuer,
          isProtected: properties.DeletionProtection === 'ACTIVE',
          passwordCharsMin: properties.Policies.PasswordPolicy.MinimumLength,
          customScopes: new Set(),
          clients: new Map(),
          providers: new Map(),
          demoOwner: undefined,
        });
        return {
          ref: poolId,
          attributes: {
            Arn: arn,
            UserPoolId: poolId,
            ProviderURL: issuer,
            ProviderName: issuer.replace(/^https?:\/\//, ''),
          },
        };
      },
      remove: async ({ ref }) => forget(ref),
    },
    {
      type: 'AWS::Cognito::UserPoolClient',
      honoured: Object.keys(ClientProperties.shape),
      // The calls of its API by which a program could sign in with a password: the local cloud has none of them.
      ignored: ['ClientName', 'ExplicitAuthFlows'],
      create: async (resource) => {
        const properties = parsed(ClientProperties, resource);
        const pool = requirePool(properties.UserPoolId);
        const unknown =
          properties.AllowedOAuthScopes.find(
            (scope) => !OIDC_SCOPES.includes(scope) && !pool.customScopes.has(scope),
          ) ?? properties.SupportedIdentityProviders.find((name) => name !== 'COGNITO' && !pool.providers.has(name));
        if (unknown !== undefined) throw new Error(`The user pool has no scope or identity provider ${unknown}.`);
        const clientId = idOf(resource.physicalName, 26);
        const { TokenValidityUnits: units, RefreshTokenRotation: rotation } = properties;
        pool.clients.set(clientId, {
          clientId,
          scopes: properties.AllowedOAuthScopes,
          callbackUrls: properties.CallbackURLs,
          logoutUrls: properties.LogoutURLs,
          identityProviders: properties.SupportedIdentityProviders,
          accessTokenSeconds: properties.AccessTokenValidity * UNIT_SECONDS[units.AccessToken],
          idTokenSeconds: properties.IdTokenValidity * UNIT_SECONDS[units.IdToken],
          refreshTokenSeconds: properties.RefreshTokenValidity * UNIT_SECONDS[units.RefreshToken],
          rotationGraceSeconds: rotation?.Feature === 'ENABLED' ? rotation.RetryGracePeriodSeconds : undefined,
        });
        return { ref: clientId, attributes: { ClientId: clientId } };
      },
      remove: async ({ ref }) => {
        for (const pool of pools.values()) pool.clients.delete(ref);
      },
    },
    {
      type: 'AWS::Cognito::UserPoolResourceServer',
      honoured: Object.keys(ResourceServerProperties.shape),
      ignored: ['Name'],
      create: async (resource) => {
        const { UserPoolId, Identifier, Scopes } = parsed(ResourceServerProperties, resource);
        for (const { ScopeName } of Scopes) requirePool(UserPoolId).customScopes.add(`${Identifier}/${ScopeName}`);
        return { ref: Identifier, attributes: {} };
      },
    },
    {
      // The sign-in page is where the issuer is; the prefix is only remembered as the resource's name.
      type: 'AWS::Cognito::UserPoolDomain',
      honoured: Object.keys(DomainProperties.shape),
      ignored: ['ManagedLoginVersion'],
      create: async (resource) => {
        const { UserPoolId, Domain } = parsed(DomainProperties, resource);
        requirePool(UserPoolId);
        return { ref: Domain, attributes: {} };
      },
    },
    {
      type: 'AWS::Cognito::ManagedLoginBranding',
      honoured: [],
      ignored: ['ClientId', 'UseCognitoProvidedValues', 'UserPoolId'],
      create: async ({ physicalName }) => ({ ref: physicalName, attributes: { ManagedLoginBrandingId: physicalName } }),
    },
    {
      type: 'AWS::Cognito::UserPoolUser',
      honoured: Object.keys(UserProperties.shape),
      // No mail leaves the machine: who this account is for signs in by the page's one button.
      ignored: ['DesiredDeliveryMediums', 'MessageAction', 'ForceAliasCreation'],
      create: async (resource) => {
        const { UserPoolId, Username, UserAttributes } = parsed(UserProperties, resource);
        const pool = requirePool(UserPoolId);
        const valueOf = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value;
        if (accounts.find(UserPoolId, Username) === undefined) {
          const subject = randomUUID();
          const nowMs = Date.now();
          accounts.save({
            poolId: UserPoolId,
            username: subject,
            subject,
            email: valueOf('email') ?? Username,
            emailVerified: valueOf('email_verified') === 'true',
            name: valueOf('name'),
            status: 'FORCE_CHANGE_PASSWORD',
            createdAtMs: nowMs,
            changedAtMs: nowMs,
          });
        }
        pool.demoOwner = Username;
        return { ref: Username, attributes: {} };
      },
      remove: async ({ ref }) => {
        for (const { poolId } of pools.values()) {
          const account = accounts.find(poolId, ref);
          if (account !== undefined) accounts.remove(account);
        }
      },
    },
    {
      type: 'AWS::Cognito::UserPoolIdentityProvider',
      honoured: Object.keys(IdentityProviderProperties.shape),
      ignored: ['IdpIdentifiers'],
      create: async (resource) => {
        const { UserPoolId, ProviderName, ProviderDetails, AttributeMapping } = parsed(
          IdentityProviderProperties,
          resource,
        );
        requirePool(UserPoolId).providers.set(ProviderName, {
          name: ProviderName,
          issuer: ProviderDetails.oidc_issuer,
          clientId: ProviderDetails.client_id,
          clientSecret: ProviderDetails.client_secret,
          scopes: ProviderDetails.authorize_scopes,
          mapping: AttributeMapping,
        });
        return { ref: ProviderName, attributes: {} };
      },
    },
  ];
}

/** An id of small letters and digits, the same at every start. */
function idOf(physicalName: string, chars: number): string {
  const digest = createHash('sha256').update(physicalName).digest('hex');
  return BigInt(`0x${digest}`).toString(36).padStart(chars, '0').slice(0, chars);
}

function parsed<T>(schema: z.ZodType<T>, { properties }: ResourceToCreate): T {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  throw new Error(`The local cloud cannot run it so: ${z.prettifyError(result.error)}`);
}
