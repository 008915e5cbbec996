import * as z from 'zod';
import { OAuthAppId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';
import type { OAuthApp, Source } from './workspace.ts';

/** The one scope there is: to send events. */
export const TRACKING_SCOPE = 'tracking_api:write';

/** What is kept of an access token, under the SHA-256 of its text. */
export const AccessToken = z.object({
  appId: OAuthAppId,
  workspaceId: WorkspaceId,
  /** Of the public key whose owner asked for it. */
  keyId: z.string(),
  issuedAt: Timestamp,
  expiresAt: Timestamp,
});
export type AccessToken = z.infer<typeof AccessToken>;

/** A token and its app as they are now. */
export type AccessGrant = { token: AccessToken; app: OAuthApp };

/**
 * Whether a token may send to a source at this moment (E04). It ends with its time, with its app, with the key that it was asked for by, and with the
 * app's right to the source.
 */
export const mayTrack = ({ token, app }: AccessGrant, source: Pick<Source, 'id' | 'workspaceId'>, now: Date): boolean =>
  now.toISOString() < token.expiresAt &&
  token.appId === app.id &&
  app.workspaceId === source.workspaceId &&
  app.sourceIds.includes(source.id) &&
  app.publicKeys.some(({ keyId, addedAt = '' }) => keyId === token.keyId && addedAt <= token.issuedAt);
