import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's advice for scrypt with 16 MB: N = 2^14, r = 8, p = 5. Some 100 ms on a laptop. */
const COST = { N: 2 ** 14, r: 8, p: 5, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

export type PasswordHash = { salt: string; hash: string };

/** What an account without a password is compared with, so that the answer takes the same time. No password has this hash. */
const NOBODYS: PasswordHash = {
  salt: Buffer.alloc(SALT_BYTES).toString('base64'),
  hash: Buffer.alloc(HASH_BYTES).toString('base64'),
};

const derived = (password: string, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), Buffer.from(salt, 'base64'), HASH_BYTES, COST, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES).toString('base64');
  return { salt, hash: (await derived(password, salt)).toString('base64') };
}

/** False for an account that has no password, or is none, after as much work as for one that has. */
export async function isPassword(password: string, kept: PasswordHash | undefined): Promise<boolean> {
  const { salt, hash } = kept ?? NOBODYS;
  const isSame = timingSafeEqual(await derived(password, salt), Buffer.from(hash, 'base64'));
  return isSame && kept !== undefined;
}
