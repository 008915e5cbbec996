/** An account of the user pool as its administration sees it. */
export type Account = {
  username: string;
  subject: string;
  email: string;
  emailVerified: boolean;
  name: string | undefined;
};

export type EnsuredAccount =
  | { outcome: 'made' }
  /** There was one already. Nothing of it was changed, the password least of all: an invitation is no right to somebody's account. */
  | { outcome: 'there' }
  | { outcome: 'password-refused'; why: string };

export type SetPassword =
  | { outcome: 'set' }
  | { outcome: 'no-such-account' }
  | { outcome: 'password-refused'; why: string };

/** Accounts of people in the user pool. No call sends an e-mail. Addresses are the same account whatever the case of their letters. */
export type Accounts = {
  /** With `password` the account can be signed in to at once; without one it waits for setPassword. `email` counts as verified from then on. */
  ensureAccount(account: { email: string; name?: string; password?: string }): Promise<EnsuredAccount>;
  setPassword(email: string, password: string): Promise<SetPassword>;
  /**
   * Ends all sign-ins of an account: none of its refresh tokens is good any more. Access tokens live on to their end, an hour at most: whoever looks at
   * them must look at when their person signed in. What is gone is no error.
   */
  signOutEverywhere(email: string): Promise<void>;
  /** By `username` of a verified token, or by e-mail. */
  find(username: string): Promise<Account | undefined>;
  /** What is gone already is no error. Access tokens live on to their end: rights are taken away where they are looked up. */
  remove(email: string): Promise<void>;
};
