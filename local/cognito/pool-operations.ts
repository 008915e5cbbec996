import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../types.ts';
import type { AccountStore, StoredAccount } from './account-store.ts';
import { hashPassword } from './password.ts';
import type { Pool } from './pool.ts';

type Input = Record<string, unknown>;
export type PoolOperations = Record<string, (input: Input) => Promise<Input>>;

/** Cognito: passwords have 256 characters at most. */
const PASSWORD_CHARS_MAX = 256;

const Attribute = z.strictObject({ Name: z.enum(['email', 'email_verified', 'name']), Value: z.string().max(2_048) });
const Named = z.strictObject({ UserPoolId: z.string(), Username: z.string().min(1).max(128) });
const CreateUser = Named.extend({
  UserAttributes: z.array(Attribute).default([]),
  // No mail leaves the machine, and without one nobody would know the password that Cognito makes up.
  MessageAction: z.literal('SUPPRESS'),
});
const UpdatePool = z.strictObject({ UserPoolId: z.string(), DeletionProtection: z.enum(['ACTIVE', 'INACTIVE']) });
const DeletePool = z.strictObject({ UserPoolId: z.string() });
const SetUserPassword = Named.extend({ Password: z.string(), Permanent: z.literal(true) });

export type PoolOperationsOptions = {
  pools: ReadonlyMap<string, Pool>;
  accounts: AccountStore;
  /** Ends all sign-ins of an account. */
  signOut: (account: StoredAccount) => void;
  /** Deletes a pool with all that it holds. */
  forget: (poolId: string) => void;
};

/** The calls of `cognito-idp` by which accounts are administered. Throws AwsError as Cognito words it; members that are not known here, too. */
export function poolOperations({ pools, accounts, signOut, forget }: PoolOperationsOptions): PoolOperations {
  const requirePool = (poolId: string): Pool => {
    const pool = pools.get(poolId);
    if (pool === undefined) throw new AwsError('ResourceNotFoundException', `User pool ${poolId} does not exist.`);
    return pool;
  };
  const requireAccount = ({ UserPoolId, Username }: z.infer<typeof Named>): StoredAccount => {
    requirePool(UserPoolId);
    const account = accounts.find(UserPoolId, Username);
    if (account === undefined) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return account;
  };

  return {
    AdminCreateUser: async (input) => {
      const { UserPoolId, Username, UserAttributes } = parsed(CreateUser, input);
      requirePool(UserPoolId);
      const valueOf = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value;
      const email = valueOf('email') ?? Username;
      if (!z.email().safeParse(Username).success || email.toLowerCase() !== Username.toLowerCase()) {
        throw new AwsError('InvalidParameterException', 'Username should be an email.');
      }
      if (accounts.find(UserPoolId, Username) !== undefined) {
        throw new AwsError('UsernameExistsException', 'An account with the given email already exists.');
      }
      const subject = randomUUID();
      const nowMs = Date.now();
      const account: StoredAccount = {
        poolId: UserPoolId,
        username: subject,
        subject,
        email,
        emailVerified: valueOf('email_verified') === 'true',
        name: valueOf('name'),
        status: 'FORCE_CHANGE_PASSWORD',
        createdAtMs: nowMs,
        changedAtMs: nowMs,
      };
      accounts.save(account);
      return { User: { ...described(account), Attributes: attributesOf(account) } };
    },
    AdminSetUserPassword: async (input) => {
      const { Password, ...named } = parsed(SetUserPassword, input);
      const { passwordCharsMin } = requirePool(named.UserPoolId);
      const account = requireAccount(named);
      if (Password.length < passwordCharsMin || Password.length > PASSWORD_CHARS_MAX) {
        throw new AwsError(
          'InvalidPasswordException',
          'Password did not conform with policy: Password not long enough',
        );
      }
      const password = await hashPassword(Password);
      accounts.save({ ...account, password, status: 'CONFIRMED', changedAtMs: Date.now() });
      return {};
    },
    AdminGetUser: async (input) => {
      const account = requireAccount(parsed(Named, input));
      return { ...described(account), UserAttributes: attributesOf(account) };
    },
    AdminDeleteUser: async (input) => {
      accounts.remove(requireAccount(parsed(Named, input)));
      return {};
    },
    AdminUserGlobalSignOut: async (input) => {
      signOut(requireAccount(parsed(Named, input)));
      return {};
    },
    UpdateUserPool: async (input) => {
      const { UserPoolId, DeletionProtection } = parsed(UpdatePool, input);
      requirePool(UserPoolId).isProtected = DeletionProtection === 'ACTIVE';
      return {};
    },
    DeleteUserPool: async (input) => {
      const { poolId, isProtected } = requirePool(parsed(DeletePool, input).UserPoolId);
      if (isProtected) {
        throw new AwsError(
          'InvalidParameterException',
          'The user pool cannot be deleted because deletion protection is activated.',
        );
      }
      forget(poolId);
      return {};
    },
  };
}

const described = ({ username, status, createdAtMs, changedAtMs }: StoredAccount): Input => ({
  Username: username,
  Enabled: true,
  UserStatus: status,
  UserCreateDate: createdAtMs / 1_000,
  UserLastModifiedDate: changedAtMs / 1_000,
});

const attributesOf = ({ subject, email, emailVerified, name }: StoredAccount): Input[] =>
  Object.entries({ email, email_verified: String(emailVerified), name, sub: subject }).flatMap(([Name, Value]) =>
    Value === undefined ? [] : [{ Name, Value }],
  );

function parsed<T>(schema: z.ZodType<T>, input: Input): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError(
    'InvalidParameterException',
    `The local cloud cannot take it so: ${z.prettifyError(result.error)}`,
  );
}
