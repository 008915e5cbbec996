import { createHash, createHmac } from 'node:crypto';

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
export type SigningScope = { service: string; region: string; credentials: AwsCredentials };

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The Authorization header of Signature Version 4 for a POST without query. All of `headers` are signed: names in lower case, `host` and
 * `x-amz-date` (`YYYYMMDDTHHMMSSZ`) among them.
 */
export function signedAuthorization(
  { service, region, credentials }: SigningScope,
  request: { path: string; headers: Readonly<Record<string, string>>; body: string },
): string {
  const amzDate = request.headers['x-amz-date'] ?? '';
  const scope = `${amzDate.slice(0, 8)}/${region}/${service}/aws4_request`;
  const names = Object.keys(request.headers).toSorted();
  const signedHeaders = names.join(';');
  const canonical = [
    'POST',
    request.path,
    '',
    ...names.map((name) => `${name}:${request.headers[name]?.trim() ?? ''}`),
    '',
    signedHeaders,
    sha256(request.body),
  ].join('\n');
  const toSign = [ALGORITHM, amzDate, scope, sha256(canonical)].join('\n');
  const signature = hmac(signingKey(credentials.secretAccessKey, scope), toSign).toString('hex');
  return `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** The key for the last scope of each service: it changes once a day. */
const keys = new Map<string, { name: string; key: Buffer }>();

function signingKey(secret: string, scope: string): Buffer {
  const [date = '', region = '', service = '', end = ''] = scope.split('/');
  const name = `${secret} ${scope}`;
  const known = keys.get(service);
  if (known?.name === name) return known.key;
  const key = [date, region, service, end].reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  keys.set(service, { name, key: Buffer.from(key) });
  return Buffer.from(key);
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
