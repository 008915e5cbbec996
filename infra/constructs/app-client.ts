/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  CfnManagedLoginBranding,
  CfnUserPoolIdentityProvider,
  type IUserPool,
  OAuthScope,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import {
  ACCESS_TOKEN_MINUTES,
  APP_SCOPE,
  CALLBACK_PATH,
  REFRESH_TOKEN_DAYS,
  SIGNED_OUT_PATH,
} from '../../shared/config/sign-in.ts';

/** An OpenID Connect provider that people may sign in by. Its secret stays in Secrets Manager: here is only its name. */
export type SingleSignOn = { name: string; issuer: string; clientId: string; clientSecretName: string };

export type AppClientProps = {
  userPool: IUserPool;
  /** Where the web app is served, without a trailing slash. */
  origin: string;
  sso: SingleSignOn | undefined;
};

/** Two windows of one browser may renew at once: the token that was just exchanged counts so long. Cognito: 60 s at most. */
const ROTATION_GRACE_SECONDS = 30;

/**
 * The web app as the user pool knows it: a public client, so code flow and PKCE, and no secret. Tokens are revocable, refresh tokens change at each
 * use. SRP is the one way past the sign-in page that Cognito wants named where the refresh call of its API is to stay off; what it gives lacks our
 * scope, and our API refuses it.
 */
export class AppClient extends Construct {
  readonly clientId: string;

  constructor(scope: Construct, id: string, { userPool, origin, sso }: AppClientProps) {
    super(scope, id);
    const identityProvider = sso && ssoProvider(this, userPool, sso);
    const client = new UserPoolClient(this, 'Client', {
      userPool,
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE, OAuthScope.custom(APP_SCOPE)],
        callbackUrls: [`${origin}${CALLBACK_PATH}`],
        logoutUrls: [`${origin}${SIGNED_OUT_PATH}`],
      },
      supportedIdentityProviders: [
        UserPoolClientIdentityProvider.COGNITO,
        ...(sso === undefined ? [] : [UserPoolClientIdentityProvider.custom(sso.name)]),
      ],
      accessTokenValidity: Duration.minutes(ACCESS_TOKEN_MINUTES),
      idTokenValidity: Duration.minutes(ACCESS_TOKEN_MINUTES),
      refreshTokenValidity: Duration.days(REFRESH_TOKEN_DAYS),
      refreshTokenRotationGracePeriod: Duration.seconds(ROTATION_GRACE_SECONDS),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    if (identityProvider !== undefined) client.node.addDependency(identityProvider);
    // Without a style of its own a client has no sign-in page.
    new CfnManagedLoginBranding(this, 'Style', {
      userPoolId: userPool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    this.clientId = client.userPoolClientId;
  }
}

function ssoProvider(
  scope: Construct,
  userPool: IUserPool,
  { name, issuer, clientId, clientSecretName }: SingleSignOn,
): CfnUserPoolIdentityProvider {
  return new CfnUserPoolIdentityProvider(scope, 'Sso', {
    userPoolId: userPool.userPoolId,
    providerName: name,
    providerType: 'OIDC',
    providerDetails: {
      oidc_issuer: issuer,
      client_id: clientId,
      // A dynamic reference: CloudFormation reads the secret, the template has its name.
      client_secret: SecretValue.secretsManager(clientSecretName).unsafeUnwrap(),
      authorize_scopes: 'openid email profile',
      attributes_request_method: 'GET',
    },
    attributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
  });
}
