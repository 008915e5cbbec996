import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type HookSignature, signatureHeaderOf, type SignatureScheme } from '../../shared/domain/source-hook.ts';

export type SignedRequest = {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The body as it came, unpacked. */
  text: string;
  nowMs: number;
};

/** Signatures of one header that are looked at. */
const SIGNATURES_MAX = 10;

/** Whether one of the secrets made the request's signature, and made it now where it has a time. In constant time for whatever is compared. */
export function isSigned(signature: HookSignature, secrets: readonly string[], request: SignedRequest): boolean {
  const header = (signatureHeaderOf(signature) ?? '').toLowerCase();
  const value = request.headers[header];
  if (value === undefined) return false;
  return secrets.some((secret) => holds(signature, { header, value, secret }, request));
}

type Check = (
  signature: HookSignature,
  sent: { header: string; value: string; secret: string },
  request: SignedRequest,
) => boolean;

const holds: Check = (signature, sent, request) => CHECKS[signature.scheme](signature, sent, request);

/** The body's bytes alone: the secret made them whenever it was. */
const overBody =
  (algorithm: 'sha1' | 'sha256'): Check =>
  ({ prefix, encoding }, { value, secret }, { text }) =>
    value.startsWith(prefix) && isWritten(value.slice(prefix.length).trim(), encoding, hmac(algorithm, secret, text));

const CHECKS: Record<SignatureScheme, Check> = {
  'hmac-sha256': overBody('sha256'),
  'hmac-sha1': overBody('sha1'),
  'standard-webhooks': (signature, { header, value, secret }, request) => {
    const stem = header.replace(/-signature$/, '');
    const id = request.headers[`${stem}-id`];
    const seconds = request.headers[`${stem}-timestamp`];
    if (id === undefined || seconds === undefined || !isNow(signature, seconds, request)) return false;
    const made = hmac('sha256', keyOf(secret), `${id}.${seconds}.${request.text}`);
    return some(value, ' ', 'v1,', (sent) => isWritten(sent, 'base64', made));
  },
  stripe: (signature, { value, secret }, request) => {
    const seconds = /(?:^|,)\s*t=(\d{1,12})(?:,|$)/.exec(value)?.[1];
    if (seconds === undefined || !isNow(signature, seconds, request)) return false;
    const made = hmac('sha256', secret, `${seconds}.${request.text}`);
    return some(value, ',', 'v1=', (sent) => isWritten(sent, 'hex', made));
  },
  slack: (signature, { value, secret }, request) => {
    const seconds = request.headers['x-slack-request-timestamp'];
    if (seconds === undefined || !value.startsWith('v0=') || !isNow(signature, seconds, request)) return false;
    return isWritten(value.slice(3), 'hex', hmac('sha256', secret, `v0:${seconds}:${request.text}`));
  },
  token: ({ prefix }, { value, secret }) => value.startsWith(prefix) && sameText(value.slice(prefix.length), secret),
};

const isNow = ({ toleranceSeconds }: HookSignature, seconds: string, { nowMs }: SignedRequest): boolean =>
  /^\d{1,12}$/.test(seconds) && Math.abs(nowMs / 1_000 - Number(seconds)) <= toleranceSeconds;

/** As our own webhooks have it: a secret in this form holds its key in base64, any other is the key itself. */
const ENCODED_SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

function keyOf(secret: string): Buffer {
  const encoded = ENCODED_SECRET.exec(secret)?.[1];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
}

const hmac = (algorithm: 'sha1' | 'sha256', key: string | Buffer, text: string): Buffer =>
  createHmac(algorithm, key).update(text).digest();

/**
 * Whether a text is these bytes and nothing else: Buffer.from would pass over what is not of the alphabet, and stop where it likes. Some tools write hex
 * in capitals, or base64 without its padding.
 */
function isWritten(sent: string, encoding: 'hex' | 'base64', made: Buffer): boolean {
  const text = made.toString(encoding);
  const given = encoding === 'hex' ? sent.toLowerCase() : sent;
  return sameText(given, text) || (encoding === 'base64' && sameText(given, text.replace(/=+$/, '')));
}

const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Hashed first: lengths are told no sooner than letters. */
const sameText = (a: string, b: string): boolean => sameBytes(sha256(a), sha256(b));
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const some = (list: string, separator: string, mark: string, test: (text: string) => boolean): boolean =>
  list
    .split(separator, SIGNATURES_MAX)
    .map((part) => part.trim())
    .some((part) => part.startsWith(mark) && test(part.slice(mark.length)));
