import { createHash, createHmac } from 'node:crypto';

/** Secrets in this form hold their key in base64, as Standard Webhooks writes them; any other secret is the key itself, in UTF-8. */
const ENCODED_SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
/** Of the digest that makes an id: 128 bits and more, without padding. */
const ID_CHARS = 24;

export type Signed = {
  id: string;
  timestampSeconds: number;
  /** As it goes over the wire, to the byte. */
  body: Buffer;
  /** The one in force, then the one before it while receivers change over. */
  secrets: readonly [string, ...string[]];
};

/**
 * The headers by which a receiver knows that a webhook is ours, and new (T17). Standard Webhooks: an HMAC-SHA256 over id, time and body, one for
 * each secret. Beside it two over the body alone and by the secret in force: X-Signature, HMAC-SHA1 in hex, as receivers of the
 * classic webhook check it (B21), and the same by SHA-256.
 */
export function signatureHeaders({ id, timestampSeconds, body, secrets }: Signed): Record<string, string> {
  const timestamp = String(timestampSeconds);
  const [current] = secrets;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    'x-signature': createHmac('sha1', current).update(body).digest('hex'),
    'x-signature-256': `sha256=${createHmac('sha256', current).update(body).digest('hex')}`,
  };
}

const keyOf = (secret: string): Buffer => {
  const encoded = ENCODED_SECRET.exec(secret)?.[1];
  return encoded === undefined ? Buffer.from(secret, 'utf8') : Buffer.from(encoded, 'base64');
};

/** The same for each try of the same events by the same mapping, so that a receiver knows a repeat; another for anything else. */
export const webhookId = (messageIds: readonly unknown[], mapping: unknown): string =>
  `msg_${createHash('sha256')
    .update(JSON.stringify([messageIds, mapping]))
    .digest('base64url')
    .slice(0, ID_CHARS)}`;
