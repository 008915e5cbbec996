import { createSign, generateKeyPairSync } from 'node:crypto';
import { AccessToken } from '../../shared/domain/access-token.ts';
import { OAuthApp } from '../../shared/domain/workspace.ts';

export type KeyPair = { publicPem: string; privatePem: string };

export function aKeyPair(bits = 2_048): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicPem: publicKey, privatePem: privateKey };
}

export const anOAuthApp = (publicPem: string, over: Record<string, unknown> = {}): OAuthApp =>
  OAuthApp.parse({
    id: 'oap_1',
    workspaceId: 'ws_1',
    name: 'Server',
    publicKeys: [{ keyId: 'k1', pem: publicPem }],
    sourceIds: ['src_1'],
    version: 1,
    createdAt: '2026-11-24T10:00:00.000Z',
    updatedAt: '2026-11-24T10:00:00.000Z',
    ...over,
  });

export const anAccessToken = (over: Record<string, unknown> = {}): AccessToken =>
  AccessToken.parse({
    appId: 'oap_1',
    workspaceId: 'ws_1',
    keyId: 'k1',
    issuedAt: '2026-11-24T10:00:00.000Z',
    expiresAt: '2026-11-25T10:00:00.000Z',
    ...over,
  });

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT of these parts, signed with RS256 whatever its header says. */
export function signedJwt(privatePem: string, header: unknown, claims: unknown): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privatePem).toString('base64url')}`;
}
