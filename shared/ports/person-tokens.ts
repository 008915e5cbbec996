/** What a verified token says about the person who signed in. */
export type PersonToken = {
  kind: 'access' | 'id';
  issuer: string;
  /** Names the person within the issuer, and never another one. Two ways to sign in (password, SSO) are two subjects. */
  subject: string;
  /** By what the issuer's administration calls the account; for `Accounts.find`. */
  username: string | undefined;
  clientId: string;
  /** Access tokens of a user pool do not have these three. */
  email: string | undefined;
  emailVerified: boolean | undefined;
  name: string | undefined;
  /** ISO, whole seconds: when the person signed in. A token that was refreshed says when its sign-in was. */
  signedInAt: string;
  /** ISO. */
  expiresAt: string;
};

/**
 * Verifies what the deployment's issuer signed. `undefined`: no such token, expired, of another issuer, of a client that is not ours, or altered: it
 * does not matter which. Throws AppError('upstream-unavailable') while the issuer's keys cannot be read: that is no verdict about the token.
 */
export type PersonTokens = {
  /** The bearer token of a request. An ID token is none. */
  verifyAccess(token: string): Promise<PersonToken | undefined>;
  /** An ID token, which proves nothing alone: it must be of the person and the client of an access token that was verified. */
  verifyId(token: string, access: Pick<PersonToken, 'subject' | 'clientId'>): Promise<PersonToken | undefined>;
};
