import { createPublicKey, type KeyObject } from 'node:crypto';

/** NIST SP 800-131A. */
const RSA_BITS_MIN = 2_048;

/** A public key in PEM that RS256 signatures can be checked by; `undefined` for anything else: nothing is verified by it. */
export function rsaKey(pem: string): KeyObject | undefined {
  try {
    // From a private key its public half would be made: who holds one here has given away more than was asked.
    if (pem.includes('PRIVATE KEY')) return undefined;
    const key = createPublicKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= RSA_BITS_MIN ? key : undefined;
  } catch {
    return undefined;
  }
}
