import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key of an issuer: it signs, and its public half is what the issuer publishes. */
export type IssuerKey = { kid: string; alg: 'RS256' | 'ES256'; privateKey: KeyObject; jwk: Record<string, unknown> };

export function anIssuerKey(kid = 'k1', alg: IssuerKey['alg'] = 'RS256'): IssuerKey {
  const { privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    kid,
    alg,
    privateKey,
    jwk: { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg, use: 'sig' },
  };
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT of these claims, signed by the key whatever `header` says on top. */
export function issuedToken(key: IssuerKey, claims: object, header: Record<string, unknown> = {}): string {
  const signed = `${encoded({ alg: key.alg, kid: key.kid, ...header })}.${encoded(claims)}`;
  const options = key.alg === 'ES256' ? { key: key.privateKey, dsaEncoding: 'ieee-p1363' as const } : key.privateKey;
  return `${signed}.${sign('sha256', Buffer.from(signed), options).toString('base64url')}`;
}

/** A JWT signed with HS256 by a secret: what an attacker makes of a public key. */
export function secretlySigned(secret: string, claims: object, header: Record<string, unknown> = {}): string {
  const signed = `${encoded({ alg: 'HS256', ...header })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

export type FakeIssuer = {
  url: string;
  /** Paths that were asked for. */
  asked: string[];
  answer: RequestListener;
  stop(): Promise<void>;
};

/** A server that publishes keys; `answer` may be put in the place of that. */
export async function anIssuer(keys: readonly IssuerKey[]): Promise<FakeIssuer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    issuer.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: FakeIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`,
    asked,
    answer: (_request, response) => publish(response, keys),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}

export function publish(response: Parameters<RequestListener>[1], keys: readonly IssuerKey[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
}
