import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export type AppOptions = {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
  /** A build of the app that is served in place of the deployed one: a page is tried without another start. */
  files?: string;
};

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.svg': 'image/svg+xml',
};

/** A browser profile, with what the app printed as errors. */
export async function anAppContext(
  browser: Browser,
  webUrl: string,
  { width = 1360, height = 900, scheme = 'light', files }: AppOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    // A page that a test hands over comes from no address, and would have to ask before it reaches this machine.
    permissions: ['clipboard-read', 'clipboard-write', 'local-network-access'],
  });
  if (files !== undefined) {
    await context.route(`${webUrl}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = join(files, extname(pathname) === '' ? 'index.html' : pathname);
      if (!existsSync(file)) return await route.fallback();
      await route.fulfill({ body: readFileSync(file), contentType: TYPES[extname(file)] ?? 'text/plain' });
    });
  }
  return context;
}

/** Opens a path of the app as the demo owner of a local edition: one button of its sign-in page. */
export async function signedIn(context: BrowserContext, webUrl: string, path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${webUrl}${path}`);
  await page.getByRole('button', { name: /demo owner/i }).click();
  await page.waitForURL((url) => url.origin === new URL(webUrl).origin && url.pathname !== '/callback');
  return page;
}
