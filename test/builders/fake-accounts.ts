import type { Account, Accounts } from '../../shared/ports/accounts.ts';

export const subjectOf = (email: string): string => `sub-${email.replaceAll(/[^a-z0-9]/g, '-')}`;

/** Accounts of a user pool in memory, with what was done to them. */
export function fakeAccounts() {
  const held = new Map<string, Account & { password?: string | undefined }>();
  const done: string[] = [];
  const accounts: Accounts = {
    ensureAccount: async ({ email, name, password }) => {
      if (held.has(email)) return { outcome: 'there' };
      const subject = subjectOf(email);
      held.set(email, { username: subject, subject, email, emailVerified: true, name, password });
      return { outcome: 'made' };
    },
    setPassword: async (email, password) => {
      const account = held.get(email);
      if (account === undefined) return { outcome: 'no-such-account' };
      held.set(email, { ...account, password });
      done.push(`password of ${email}`);
      return { outcome: 'set' };
    },
    signOutEverywhere: async (email) => void done.push(`sign out ${email}`),
    find: async (email) => held.get(email),
    remove: async (email) => void held.delete(email),
  };
  return { accounts, held, done };
}
