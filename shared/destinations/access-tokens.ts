import { createHash } from 'node:crypto';
import type { Json } from '../domain/json.ts';
import { ACCESS_TOKEN_SETTING, type DestinationClass } from './destination-definition.ts';

/** Tokens that one environment remembers; the one used longest ago makes room. */
const TOKENS_MAX = 200;

/** As the library wants it. Where it is not there at all, a token that was just made would be dropped. */
type OAuth = { access_token?: string; refresh_token?: string };
type NewTokens = { accessToken?: unknown; refreshToken?: unknown };

export type Access = {
  /** What the destination itself knows as settings. */
  settings: Record<string, Json>;
  oauth?: OAuth;
  /** To be told of tokens that the library made. */
  onTokenRefresh?: (tokens: NewTokens) => Promise<void>;
};

export type AccessTokens = {
  /** What a call needs to be let in, by these settings, secrets opened. */
  accessFor(slug: string, itsClass: DestinationClass | undefined, settings: Readonly<Record<string, Json>>): Access;
};

/**
 * Access tokens, as destinations for a consent flow want them: pasted by a person, or made by the library from client credentials. The latter
 * are remembered by the settings that they were made from, so that not each send begins with a refusal; a corrected setting makes a new one.
 */
export function accessTokens(): AccessTokens {
  const tokens = new Map<string, OAuth>();
  return {
    accessFor: (slug, itsClass, settings) => {
      const copy = structuredClone(settings) as Record<string, Json>;
      if (itsClass === 'token') {
        const { [ACCESS_TOKEN_SETTING]: token, ...others } = copy;
        return { settings: others, oauth: typeof token === 'string' ? { access_token: token } : {} };
      }
      if (itsClass !== 'credentials') return { settings: copy };
      const key = createHash('sha256')
        .update(JSON.stringify([slug, settings]))
        .digest('base64');
      return {
        settings: copy,
        // The library writes into what it is given.
        oauth: { ...tokens.get(key) },
        onTokenRefresh: async ({ accessToken, refreshToken }) => {
          if (typeof accessToken !== 'string') return;
          tokens.delete(key);
          tokens.set(key, {
            access_token: accessToken,
            ...(typeof refreshToken === 'string' && { refresh_token: refreshToken }),
          });
          const oldest = tokens.keys().next();
          if (tokens.size > TOKENS_MAX && !oldest.done) tokens.delete(oldest.value);
        },
      };
    },
  };
}
