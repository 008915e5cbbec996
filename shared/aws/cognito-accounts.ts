import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  InvalidPasswordException,
  UsernameExistsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Account, Accounts, SetPassword } from '../ports/accounts.ts';

/** Accounts of a user pool whose user names are e-mail addresses. No call lets Cognito send a mail. To be loaded when it is needed: few requests need it. */
export function cognitoAccounts(client: CognitoIdentityProviderClient, userPoolId: string): Accounts {
  const setPassword: Accounts['setPassword'] = async (email, password) => {
    const input = { UserPoolId: userPoolId, Username: email, Password: password, Permanent: true };
    try {
      await client.send(new AdminSetUserPasswordCommand(input));
      return { outcome: 'set' };
    } catch (error) {
      if (error instanceof UserNotFoundException) return { outcome: 'no-such-account' };
      if (error instanceof InvalidPasswordException) return { outcome: 'password-refused', why: error.message };
      throw error;
    }
  };

  /** What is gone is no error. */
  const unlessGone = async (sent: Promise<unknown>): Promise<void> => {
    try {
      await sent;
    } catch (error) {
      if (!(error instanceof UserNotFoundException)) throw error;
    }
  };
  const named = (email: string) => ({ UserPoolId: userPoolId, Username: email });
  const remove: Accounts['remove'] = async (email) =>
    await unlessGone(client.send(new AdminDeleteUserCommand(named(email))));

  /** Whether the call made it: an account that is there is left as it is. */
  const make = async (email: string, name: string | undefined): Promise<boolean> => {
    const attributes = Object.entries({ email, email_verified: 'true', name });
    try {
      await client.send(
        new AdminCreateUserCommand({
          UserPoolId: userPoolId,
          Username: email,
          UserAttributes: attributes.flatMap(([Name, Value]) => (Value === undefined ? [] : [{ Name, Value }])),
          MessageAction: 'SUPPRESS',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof UsernameExistsException) return false;
      throw error;
    }
  };

  return {
    setPassword,
    remove,
    signOutEverywhere: async (email) => await unlessGone(client.send(new AdminUserGlobalSignOutCommand(named(email)))),
    ensureAccount: async ({ email, name, password }) => {
      if (!(await make(email, name))) return { outcome: 'there' };
      if (password === undefined) return { outcome: 'made' };
      let set: SetPassword | undefined;
      try {
        set = await setPassword(email, password);
      } finally {
        // Half an account would be `there` for the next try, and nobody could sign in to it.
        if (set?.outcome !== 'set') await remove(email);
      }
      if (set.outcome === 'no-such-account') throw new Error('An account was gone as soon as it was made');
      return set.outcome === 'set' ? { outcome: 'made' } : set;
    },
    find: async (username) => {
      try {
        const found = await client.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }));
        return accountOf(found.Username, found.UserAttributes ?? []);
      } catch (error) {
        if (error instanceof UserNotFoundException) return undefined;
        throw error;
      }
    },
  };
}

function accountOf(username: string | undefined, attributes: readonly AttributeType[]): Account | undefined {
  const valueOf = (name: string) => attributes.find(({ Name }) => Name === name)?.Value;
  const [subject, email] = [valueOf('sub'), valueOf('email')];
  if (username === undefined || subject === undefined || email === undefined) return undefined;
  return { username, subject, email, emailVerified: valueOf('email_verified') === 'true', name: valueOf('name') };
}
