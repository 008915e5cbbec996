import { createHash } from 'node:crypto';
import page from './status.html';

/** The status page. It has no data in it: it asks GET /app-api/status, with the token that its reader gives it. */
export const STATUS_PAGE = page;

const hashOf = (tag: 'script' | 'style'): string => {
  const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
};

/** Nothing but the page's own script and style runs, and nothing may frame it (T3, T19). */
export const STATUS_PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; connect-src 'self'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000',
};
