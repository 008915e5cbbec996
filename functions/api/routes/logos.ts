import { LOGO_POLICY } from '../../../shared/config/logo-policy.ts';
import { notFound } from '../http/api-fault.ts';
import type { HandlersOf } from '../http/request.ts';

/** A day, as the CDN's: a tool may get another mark under its name. */
const CACHE = 'public, max-age=86400';

export const logosHandlers: HandlersOf<'getLogo'> = {
  getLogo: async ({ deps, headers, asked }, { path }) => {
    const svg = await deps.logos.get(path['file'] ?? '');
    if (svg === undefined) throw notFound('route', `${asked.method} ${asked.path}`);
    Object.assign(headers, {
      'Cache-Control': CACHE,
      'Content-Security-Policy': LOGO_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Access-Control-Allow-Origin': '*',
    });
    return svg;
  },
};
