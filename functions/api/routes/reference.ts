import { gzipSync } from 'node:zlib';
import type { HandlersOf } from '../http/request.ts';
import { once } from '../once.ts';

/** An hour: they change with a deployment. */
const CACHE = 'public, max-age=3600';
/** A host that may stand in a page; anything else is not shown. */
const HOST = /^[A-Za-z\d.-]{1,253}(?::\d{1,5})?$/;

// Some 100 ms of work and as much code as all the rest: nobody else waits for it.
const document = once(async () => (await import('../../../shared/api/openapi.ts')).openApiOf());

export const referenceHandlers: HandlersOf<'getReferencePage' | 'getOpenApi'> = {
  getReferencePage: async ({ headers, asked }) => {
    const { referencePage, REFERENCE_PAGE_HEADERS } = await import('../reference/reference-page.ts');
    Object.assign(headers, REFERENCE_PAGE_HEADERS, { 'Cache-Control': CACHE, Vary: 'Accept-Encoding, Host' });
    return packed(referencePage(await document(), originOf(asked.headers)), { headers, asked });
  },
  getOpenApi: async ({ headers, asked }) => {
    Object.assign(headers, { 'Cache-Control': CACHE, Vary: 'Accept-Encoding', 'Access-Control-Allow-Origin': '*' });
    return packed(JSON.stringify(await document()), { headers, asked });
  },
};

/** The page is 600 KB of text that is nearly all alike. */
function packed(
  text: string,
  {
    headers,
    asked,
  }: { headers: Record<string, string>; asked: { headers: Readonly<Record<string, string | undefined>> } },
): string | Buffer {
  if (!/\bgzip\b/.test(asked.headers['accept-encoding'] ?? '')) return text;
  headers['Content-Encoding'] = 'gzip';
  return gzipSync(text);
}

/** Where the reader has the page from. */
function originOf(headers: Readonly<Record<string, string | undefined>>): string {
  const host = headers['host'] ?? '';
  if (!HOST.test(host)) return 'https://api.example.com';
  const scheme = headers['x-forwarded-proto'] ?? (/^(?:localhost|127\.)/.test(host) ? 'http' : 'https');
  return `${scheme === 'http' ? 'http' : 'https'}://${host}`;
}
