/** A client as a template describes it. Lives in seconds. */
export type AppClient = {
  clientId: string;
  scopes: readonly string[];
  callbackUrls: readonly string[];
  logoutUrls: readonly string[];
  /** `COGNITO` for the pool's own accounts, else the name of a federated provider. */
  identityProviders: readonly string[];
  accessTokenSeconds: number;
  idTokenSeconds: number;
  refreshTokenSeconds: number;
  /** How long a refresh token that was exchanged may be exchanged again. `undefined`: it does not change at all. */
  rotationGraceSeconds: number | undefined;
};

/** Another issuer of OpenID Connect, whose people may sign in here. */
export type FederatedProvider = {
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  /** Which of its claims become which attribute of ours. */
  mapping: Readonly<Partial<Record<'email' | 'email_verified' | 'name', string>>>;
};

export type Pool = {
  poolId: string;
  arn: string;
  /** Without a trailing slash; everything of the pool is below it. */
  issuer: string;
  passwordCharsMin: number;
  isProtected: boolean;
  /** `<resource server>/<scope>` of all resource servers. */
  customScopes: Set<string>;
  clients: Map<string, AppClient>;
  providers: Map<string, FederatedProvider>;
  /** The account that the template makes: at AWS the owner's, here who the one button signs in. */
  demoOwner: string | undefined;
};
