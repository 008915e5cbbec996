import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

/** An account of a pool. `username` is the subject for the pool's own ones (as in pools whose user names are e-mails), else `<provider>_<subject there>`. */
const StoredAccount = z.object({
  poolId: z.string(),
  username: z.string(),
  subject: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean(),
  name: z.string().optional(),
  status: z.enum(['CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'EXTERNAL_PROVIDER']),
  password: z.object({ salt: z.string(), hash: z.string() }).optional(),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
});
export type StoredAccount = z.infer<typeof StoredAccount>;

export type AccountStore = {
  /** By user name, or by the e-mail of one of the pool's own accounts, whatever the case of its letters. */
  find(poolId: string, name: string): StoredAccount | undefined;
  findBySubject(poolId: string, subject: string): StoredAccount | undefined;
  save(account: StoredAccount): void;
  remove(account: StoredAccount): void;
  removePool(poolId: string): void;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS accounts (
    pool TEXT NOT NULL, username TEXT NOT NULL, subject TEXT NOT NULL, sign_in_email TEXT, data TEXT NOT NULL,
    PRIMARY KEY (pool, username)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_subject ON accounts (pool, subject);
  CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_email ON accounts (pool, sign_in_email) WHERE sign_in_email IS NOT NULL;
`;

/** Accounts of all pools. Written before it returns. */
export function accountStore(db: DatabaseSync): AccountStore {
  db.exec(SCHEMA);
  const byName = db.prepare('SELECT data FROM accounts WHERE pool = ? AND username = ?');
  const byEmail = db.prepare('SELECT data FROM accounts WHERE pool = ? AND sign_in_email = ?');
  const bySubject = db.prepare('SELECT data FROM accounts WHERE pool = ? AND subject = ?');
  const write = db.prepare(
    'INSERT OR REPLACE INTO accounts (pool, username, subject, sign_in_email, data) VALUES (?, ?, ?, ?, ?)',
  );
  const erase = db.prepare('DELETE FROM accounts WHERE pool = ? AND username = ?');
  const erasePool = db.prepare('DELETE FROM accounts WHERE pool = ?');
  const parsed = (row: Record<string, unknown> | undefined): StoredAccount | undefined =>
    row === undefined ? undefined : StoredAccount.parse(JSON.parse(String(row['data'])));
  return {
    find: (poolId, name) => parsed(byName.get(poolId, name)) ?? parsed(byEmail.get(poolId, name.toLowerCase())),
    findBySubject: (poolId, subject) => parsed(bySubject.get(poolId, subject)),
    save: (account) => {
      const { poolId, username, subject, email, status } = account;
      // One person may have an account of the pool and come by another issuer, under the same address.
      const signInEmail = status === 'EXTERNAL_PROVIDER' ? null : (email?.toLowerCase() ?? null);
      write.run(poolId, username, subject, signInEmail, JSON.stringify(account));
    },
    remove: ({ poolId, username }) => void erase.run(poolId, username),
    removePool: (poolId) => void erasePool.run(poolId),
  };
}
