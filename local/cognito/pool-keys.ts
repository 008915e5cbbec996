import { generateKeyPair, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const KEY_BITS = 2_048;
const COOKIE_KEY_BYTES = 32;

const PoolKeys = z.strictObject({
  /** An RSA key as JWK, private half included: what tokens are signed with. */
  signing: z.looseObject({ kty: z.literal('RSA'), kid: z.string() }),
  cookies: z.string(),
});
export type PoolKeys = z.infer<typeof PoolKeys>;

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

const fileOf = (directory: string, poolId: string): string => path.join(directory, `${poolId}.keys.json`);

/** What they signed is worth nothing from then on. */
export const removeKeys = (directory: string, poolId: string): void =>
  rmSync(fileOf(directory, poolId), { force: true });

/** The keys of a pool, made at its first start and kept in a file that only its owner can read: whoever has it can sign in as anybody here. */
export async function poolKeys(directory: string, poolId: string): Promise<PoolKeys> {
  const file = fileOf(directory, poolId);
  try {
    return PoolKeys.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  const signing = { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(12).toString('base64url') };
  const made = PoolKeys.parse({
    signing: { ...signing, alg: 'RS256', use: 'sig' },
    cookies: randomBytes(COOKIE_KEY_BYTES).toString('base64url'),
  });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(made));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
  return made;
}
