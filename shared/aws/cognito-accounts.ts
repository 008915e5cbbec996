import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { Account, Accounts } from '../ports/accounts.ts';

type Attribute = { Name?: string | undefined; Value?: string | undefined };

/**
 * Accounts of a user pool whose user names are e-mail addresses. The SDK's client is loaded with the first call: few requests need it, and all would wait
 * for it. No call lets Cognito send a mail.
 */
export function cognitoAccounts(userPoolId: string): Accounts {
  let made: Promise<CognitoIdentityProviderClient> | undefined;
  const load = async () => {
    const sdk = await import('@aws-sdk/client-cognito-identity-provider');
    made ??= Promise.resolve(new sdk.CognitoIdentityProviderClient());
    return { sdk, client: await made };
  };

  const setPassword: Accounts['setPassword'] = async (email, password) => {
    const { sdk, client } = await load();
    const input = { UserPoolId: userPoolId, Username: email, Password: password, Permanent: true };
    try {
      await client.send(new sdk.AdminSetUserPasswordCommand(input));
      return { outcome: 'set' };
    } catch (error) {
      if (error instanceof sdk.UserNotFoundException) return { outcome: 'no-such-account' };
      if (error instanceof sdk.InvalidPasswordException) return { outcome: 'password-refused', why: error.message };
      throw error;
    }
  };

  const remove: Accounts['remove'] = async (email) => {
    const { sdk, client } = await load();
    try {
      await client.send(new sdk.AdminDeleteUserCommand({ UserPoolId: userPoolId, Username: email }));
    } catch (error) {
      if (!(error instanceof sdk.UserNotFoundException)) throw error;
    }
  };

  return {
    setPassword,
    remove,
    ensureAccount: async ({ email, name, password }) => {
      const { sdk, client } = await load();
      const attributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        ...(name === undefined ? [] : [{ Name: 'name', Value: name }]),
      ];
      try {
        await client.send(
          new sdk.AdminCreateUserCommand({
            UserPoolId: userPoolId,
            Username: email,
            UserAttributes: attributes,
            MessageAction: 'SUPPRESS',
          }),
        );
      } catch (error) {
        if (error instanceof sdk.UsernameExistsException) return { outcome: 'there' };
        throw error;
      }
      if (password === undefined) return { outcome: 'made' };
      try {
        const set = await setPassword(email, password);
        if (set.outcome === 'set') return { outcome: 'made' };
        await remove(email);
        if (set.outcome === 'password-refused') return set;
        throw new Error('An account was gone as soon as it was made');
      } catch (error) {
        // Half an account would be `there` for the next try, and nobody could sign in to it.
        await remove(email);
        throw error;
      }
    },
    find: async (username) => {
      const { sdk, client } = await load();
      try {
        const found = await client.send(new sdk.AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }));
        return accountOf(found.Username, found.UserAttributes ?? []);
      } catch (error) {
        if (error instanceof sdk.UserNotFoundException) return undefined;
        throw error;
      }
    },
  };
}

function accountOf(username: string | undefined, attributes: readonly Attribute[]): Account | undefined {
  const valueOf = (name: string) => attributes.find(({ Name }) => Name === name)?.Value;
  const [subject, email] = [valueOf('sub'), valueOf('email')];
  if (username === undefined || subject === undefined || email === undefined) return undefined;
  return { username, subject, email, emailVerified: valueOf('email_verified') === 'true', name: valueOf('name') };
}
