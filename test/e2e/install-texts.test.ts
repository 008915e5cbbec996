import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { fillInstallText } from '../../shared/catalog/install/install-text.ts';
import { findCatalogSource, SOURCE_CATALOG } from '../../shared/catalog/source-catalog.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** How long a text may take to send and end by itself. */
const RUN_MS_MAX = 20_000;
const run = promisify(execFile);

let sink: Sink;
let running: Running;
let browser: Browser;
/** Within the repository, so that its packages are found as in a project that has installed them. */
let directory: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  directory = mkdtempSync(join(ROOT, '.build', 'install-texts-'));
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] }),
    aBrowser(),
  ]);
}, 180_000);
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await browser?.close();
  await running?.kill();
  await sink?.stop();
}, 30_000);

/** Which texts a test here has run: all that say so must be among them. */
const wasRun = new Set<string>();

/** The text as it stands in the catalog, its places filled in. */
function textOf(slug: string, at: number): string {
  const text = findCatalogSource(slug)?.install[at];
  if (text === undefined) throw new Error(`${slug} has an install text ${at}`);
  wasRun.add(`${slug} ${at}`);
  const { trackingUrl, cdnUrl } = running.endpoints;
  return fillInstallText(text, { writeKey: SINK_WRITE_KEY, trackingUrl, cdnUrl, sourceId: 'src_server' });
}

type Arrived = Record<string, unknown> & { context?: { library?: { name?: string } } };
async function arrived(): Promise<Arrived[]> {
  const answer = await fetch(`${sink.url}/events`);
  return ((await answer.json()) as { events: { body: Arrived }[] }).events.map(({ body }) => body);
}

/** What came to the tool while this was done, once something has. */
async function arrivedBy(work: () => Promise<unknown>): Promise<Arrived[]> {
  const before = (await arrived()).length;
  await work();
  let after: Arrived[] = [];
  await until(
    async () => (after = await arrived()).length > before,
    15_000,
    () => 'Nothing arrived',
  );
  return after.slice(before);
}

const shell = (text: string) => run('sh', ['-c', text], { timeout: RUN_MS_MAX });

test.each([
  ['Segment’s', 0, '@segment/analytics-node'],
  ['RudderStack’s', 1, 'analytics-node'],
])(
  'Node: the text for %s library sends its event and ends',
  async (_whose, at, library) => {
    const file = join(directory, `node-${at}.mjs`);
    writeFileSync(file, textOf('node-js', at));
    const events = await arrivedBy(async () => {
      const { stderr } = await run(process.execPath, [file], { timeout: RUN_MS_MAX });
      expect(stderr).toBe('');
    });
    expect(events).toEqual([
      expect.objectContaining({ type: 'track', userId: 'user-1', event: 'Order Completed', properties: { total: 30 } }),
    ]);
    expect(events[0]?.context?.library?.name).toBe(library);
  },
  60_000,
);

test('HTTP API: the text for curl sends its event', async () => {
  const events = await arrivedBy(async () => {
    const { stdout } = await shell(textOf('http-api', 0));
    expect(JSON.parse(stdout)).toEqual({ success: true });
  });
  expect(events).toMatchObject([
    { type: 'track', userId: 'user-1', event: 'Order Completed', properties: { total: 30 } },
  ]);
}, 60_000);

test('Pixel: the picture of a mail, and the address that a shell makes, are taken when they are fetched', async () => {
  const inMail = /src="([^"]+)"/.exec(textOf('pixel-tracking-api', 0))?.[1] ?? '';
  const byShell = (await shell(textOf('pixel-tracking-api', 1))).stdout.trim();
  for (const address of [inMail, byShell]) {
    const events = await arrivedBy(async () => {
      const answer = await fetch(address);
      expect([answer.status, answer.headers.get('tributary-rejected')]).toEqual([200, null]);
      expect(answer.headers.get('content-type')).toBe('image/gif');
    });
    expect(events).toMatchObject([{ type: 'track', anonymousId: 'reader-1', event: 'Email Opened' }]);
  }
}, 60_000);

/** A site of one page, at an origin of its own. */
async function aPage(head: string): Promise<{ url: string; server: Server }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><html><head><title>Shop</title>${head}</head><body>Shop</body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

test.each([
  ['the snippet', async () => textOf('javascript', 0)],
  [
    'the package, bundled',
    async () => {
      const { outputFiles } = await build({
        stdin: { contents: textOf('javascript', 1), resolveDir: ROOT },
        bundle: true,
        write: false,
        format: 'iife',
        platform: 'browser',
        logLevel: 'silent',
      });
      // It must not end the script element that it stands in.
      return `<script>${(outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script')}</script>`;
    },
  ],
])(
  'JavaScript: a page with %s sends that it was seen',
  async (_how, headOf) => {
    const { url, server } = await aPage(await headOf());
    const page = await browser.newPage();
    try {
      const events = await arrivedBy(() => page.goto(url));
      expect(events).toMatchObject([{ type: 'page', properties: { title: 'Shop', url } }]);
      expect(events[0]?.context?.library?.name).toBe('analytics.js');
    } finally {
      await page.close();
      server.close();
    }
  },
  60_000,
);

test('each text that the catalog says is run by the tests was run here', () => {
  const said = SOURCE_CATALOG.flatMap(({ slug, install }) =>
    install.flatMap(({ ran }, at) => (ran === 'tests' ? [`${slug} ${at}`] : [])),
  );
  expect([...wasRun].toSorted()).toEqual(said.toSorted());
});

test.each(['mixpanel', 'accoil-analytics', 'python'])(
  'the CDN serves the logo of %s as a picture that can do nothing',
  async (slug) => {
    const answer = await fetch(`${running.endpoints.cdnUrl}/logos/${slug}.svg`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/^<svg xmlns/);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  },
);
