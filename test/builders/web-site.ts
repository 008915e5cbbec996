import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..');

export type WebSite = {
  url: string;
  stop(): Promise<void>;
};

/** A page that bundles Analytics.js from npm, as a site with a build step does; it offers AnalyticsBrowser to the test. */
const npmScript = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { AnalyticsBrowser } from '@segment/analytics-next'; window.AnalyticsBrowser = AnalyticsBrowser;`,
      resolveDir: ROOT,
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

/** The snippet that docs/browser.md shows, for one source. */
export function snippetFor(cdnUrl: string, writeKey: string): string {
  const page = readFileSync(join(ROOT, 'docs', 'browser.md'), 'utf8');
  const snippet = /```html\n([\s\S]*?)```/.exec(page)?.[1];
  if (snippet === undefined) throw new Error('docs/browser.md shows no snippet');
  return snippet.replaceAll('CDN_URL', cdnUrl).replaceAll('WRITE_KEY', writeKey);
}

/** Somebody's site, at an origin of its own: `/npm` with the package, `/snippet?cdn=…&key=…` with the snippet of the documentation, `/other` with neither. */
export async function aWebSite(): Promise<WebSite> {
  const script = await npmScript();
  const page = (head: string): string =>
    `<!doctype html><html><head><title>Shop</title>${head}</head><body>Shop</body></html>`;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://site');
    const [type, body] =
      url.pathname === '/npm.js'
        ? ['text/javascript', script]
        : [
            'text/html',
            page(
              url.pathname === '/npm'
                ? '<script src="/npm.js"></script>'
                : url.pathname === '/snippet'
                  ? snippetFor(url.searchParams.get('cdn') ?? '', url.searchParams.get('key') ?? '')
                  : '',
            ),
          ];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
