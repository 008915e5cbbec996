import type { AccessGrant, AccessToken } from '../domain/access-token.ts';
import type { OAuthAppId } from '../domain/ids.ts';
import type { OAuthApp } from '../domain/workspace.ts';

/** What ingest must know of a token. */
export type AccessGrants = {
  /** By the SHA-256 of the token's text, in hex; `undefined` where there is none, or its app is gone. Answers from memory for CONFIG_CHECK_MS. */
  find(sha256: string): Promise<AccessGrant | undefined>;
};

/** What the issuer of tokens needs. */
export type TokenLedger = {
  findApp(id: OAuthAppId): Promise<OAuthApp | undefined>;
  /** Remembers that an assertion was used. `repeated`: it was used before. `writeId`: random per logical write, the same over retries. */
  rememberAssertion(use: {
    appId: OAuthAppId;
    jti: string;
    expiresAt: Date;
    writeId: string;
  }): Promise<'first' | 'repeated'>;
  save(sha256: string, token: AccessToken): Promise<void>;
};
