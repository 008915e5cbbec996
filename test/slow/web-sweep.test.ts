import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { atRest, axeFindings, expectAccessible } from '../builders/axe-findings.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary, settledBalance } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';
import { toolServer } from '../builders/tool-server.ts';
import { pagesOfApp } from '../builders/web/routes.ts';

/** What people and programs put into names: each would show if it were more than text, or break a page that trusts it. */
const NAUGHTY = [
  `<img src=x onerror="window.owned=1">'"`,
  `"><script>window.owned=1</script>`,
  '\u202eright to left\u202c עברית العربية',
  'zero\u200bwidth\ufeff\u200d joined 👩‍👩‍👧‍👦 🏳️‍🌈',
  'long'.repeat(1_250),
  '{{7*7}} ${7*7} %00 ../../etc/passwd',
];
/** Names of sources and destinations hold no marks that turn the direction of text: the API refuses those. */
const TURNED = 'עברית العربية 👩‍👩‍👧‍👦';
const KEY = 'writekeyofthesweep00000000000001';
const WIDE = { width: 1360, height: 900 };
const PHONE = { width: 390, height: 844 };
/** The narrowest that a page must fit. */
const NARROWEST = { width: 360, height: 780 };
/** A page has come when nothing of it is loading any more, or after this. */
const SHOWN_MS = 12_000;
const POLL_MS = 100;
/** Where screenshots go: `SCREENSHOTS=dir` keeps them. */
const SHOTS = process.env['SCREENSHOTS'] ?? join(aDirectory(), 'screenshots');
const PAGES = pagesOfApp();
/** In an empty workspace there is no thing that these could be about. */
const ABOUT_THINGS = /\$(?:sourceId|destinationId|filterId|mappingId)/;

/** What opens something over a page: choices, menus, and buttons that ask first. */
const OPENERS = [
  'main [aria-haspopup]',
  ...['Add', 'Create', 'Invite', 'Delete', 'New', 'Suppress', 'Send', 'Clear', 'Import', 'Show'].map(
    (word) => `main button:not([aria-haspopup]):has-text("${word}")`,
  ),
].join(', ');
/** Of one page; each is tried once in each scheme. */
const OPENERS_MAX = 8;
const OPENED = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
const OPENS_MS = 1_500;
/** Fewer than this on all pages together, and the sweep looks past them. */
const OPENED_MIN = 50;
let opened = 0;

let tool: Awaited<ReturnType<typeof toolServer>>;
let running: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let things: Readonly<Record<string, string>>;
const noise: string[] = [];

const ask = async <T>(path: string): Promise<T> => {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${apiToken}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return ((await answer.json()) as { data: T }).data;
};

function aNaughtySeed(): string {
  const file = join(aDirectory(), 'sweep-seed.json');
  const short = (text: string) => text.slice(0, 70);
  const webhook = (name: string, path: string) => ({
    source: 'shop',
    name,
    type: 'webhook',
    mappings: [
      {
        name: short(NAUGHTY[0] ?? ''),
        action: 'send',
        trigger: 'type = "track" or type = "identify"',
        fields: { url: `${tool.origin}${path}`, method: 'POST', data: { '@path': '$.' } },
      },
    ],
    filters: [{ title: short(NAUGHTY[1] ?? ''), if: 'userId = "nobody"', actions: [{ type: 'DROP' }] }],
  });
  const seed = {
    workspace: { slug: 'test', name: short(NAUGHTY[0] ?? '') },
    sources: [
      { slug: 'shop', name: short(NAUGHTY[0] ?? ''), kind: 'website', writeKeys: [KEY] },
      { slug: 'quiet', name: TURNED, kind: 'server' },
    ],
    destinations: [
      webhook(short(NAUGHTY[0] ?? ''), '/well'),
      webhook(TURNED, '/refuses'),
      { source: 'quiet', name: TURNED, type: 'inbox' },
    ],
  };
  writeFileSync(file, JSON.stringify(seed));
  return file;
}

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  tool = await toolServer(({ url }, response) => {
    response.statusCode = url.startsWith('/refuses') ? 422 : 200;
    response.end('{}');
  });
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', aNaughtySeed()] }),
    aBrowser(),
  ]);
  const batch = NAUGHTY.flatMap((text, index) => [
    { type: 'track', event: text, userId: `user-${index}`, messageId: `sweep-${index}`, properties: { [text]: text } },
    { type: 'identify', userId: text.slice(0, 200), traits: { name: text } },
  ]);
  const sent = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${KEY}:`)}` },
    body: JSON.stringify({ batch }),
  });
  expect(sent.status).toBe(200);
  await settledBalance(running.endpoints, batch.length, 60_000);
  context = await anAppContext(browser, running.endpoints.webUrl, WIDE);
  page = await signedIn(context, running.endpoints.webUrl);
  await page
    .getByRole('button', { name: 'Skip the tour' })
    .click({ timeout: 15_000 })
    .catch(() => undefined);
  const asked = page.waitForRequest((request) => request.headers()['authorization'] !== undefined);
  await page.reload();
  const authorization = (await asked).headers()['authorization'] ?? '';
  await fetch(`${running.endpoints.apiUrl}/app-api/workspaces`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Empty', slug: 'empty' }),
  });
  type Named = { id: string; sourceId?: string };
  const { sources } = await ask<{ sources: (Named & { slug: string })[] }>('/sources');
  const { destinations } = await ask<{ destinations: Named[] }>('/destinations');
  const sourceId = sources.find(({ slug }) => slug === 'shop')?.id ?? '';
  const destinationId = destinations.find((one) => one.sourceId === sourceId)?.id ?? '';
  const { subscriptions } = await ask<{ subscriptions: Named[] }>(`/destinations/${destinationId}/subscriptions`);
  const { filters } = await ask<{ filters: Named[] }>(`/destination/${destinationId}/filters`);
  things = {
    sourceId,
    destinationId,
    mappingId: subscriptions[0]?.id ?? '',
    filterId: filters[0]?.id ?? '',
    kind: 'destinations',
    slug: 'klime',
  };
  page.on('console', (message) => {
    // What the API refuses on purpose below is printed by the browser itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) noise.push(message.text());
  });
  page.on('pageerror', (error) => noise.push(error.message));
  page.on('dialog', (dialog) => {
    // What was begun on a page is left behind.
    if (dialog.type() === 'beforeunload') {
      void dialog.accept();
      return;
    }
    noise.push(`A dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
  await tool?.close();
}, 60_000);
beforeEach(() => noise.splice(0));

const addressOf = (path: string, workspace: string): string =>
  running.endpoints.webUrl +
  path.replace(/\$(\w+)/g, (_, name: string) => (name === 'workspace' ? workspace : (things[name] ?? '')));
const nameOf = (path: string): string =>
  path.replace('/$workspace/', '').replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'start';
async function shoot(path: string, face: string): Promise<void> {
  await atRest(page);
  await page.screenshot({ path: join(SHOTS, `${nameOf(path)}.${face}.png`) });
}
/** Opens a page and waits until nothing of it is loading. */
async function open(path: string, workspace = 'test'): Promise<void> {
  await page.goto(addressOf(path, workspace));
  await page
    .getByRole('heading')
    .first()
    .waitFor({ timeout: SHOWN_MS })
    .catch(() => undefined);
  // Not by a function of the page: its content security policy refuses text that becomes code.
  const loading = page.locator('[data-face=loading], .starting, .mantine-Skeleton-root');
  const endMs = Date.now() + SHOWN_MS;
  while ((await loading.count()) > 0 && Date.now() < endMs) await page.waitForTimeout(POLL_MS);
}
async function expectCalm(what: string): Promise<void> {
  expect({ what, noise: noise.splice(0), owned: await page.evaluate('window.owned') }).toEqual({
    what,
    noise: [],
    owned: undefined,
  });
}
async function expectFitting(what: string): Promise<void> {
  const wider: unknown = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect({ what, wider }).toEqual({ what, wider: 0 });
}

/** Openers of the page as it stands, one of each kind: what they are, and the first word that stands on them. */
async function openersHere(): Promise<Locator[]> {
  const all = page.locator(OPENERS);
  const seen = new Set<string>();
  const found: Locator[] = [];
  const count = await all.count();
  for (let at = 0; at < count && found.length < OPENERS_MAX; at += 1) {
    const one = all.nth(at);
    if (!(await one.isVisible()) || !(await one.isEnabled())) continue;
    const said = (await one.getAttribute('aria-label')) ?? (await one.textContent()) ?? '';
    const kind = `${await one.getAttribute('aria-haspopup')} ${/\w+/.exec(said)?.[0] ?? ''}`;
    if (seen.has(kind)) continue;
    seen.add(kind);
    found.push(one);
  }
  return found;
}

test('the page map is read whole', () => {
  expect(PAGES.length).toBeGreaterThanOrEqual(40);
  expect(PAGES).toContain('/$workspace/sources/$sourceId/debugger');
});

describe.each(PAGES)('%s', (path) => {
  test('shows hostile content as text, in both schemes and widths, accessibly, and as wide as the screen', async () => {
    await page.setViewportSize(WIDE);
    await open(path);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await shoot(path, `content.${scheme}.1360`);
      expect({ scheme, found: await axeFindings(page) }).toEqual({ scheme, found: [] });
    }
    await page.setViewportSize(PHONE);
    await shoot(path, 'content.dark.390');
    await page.emulateMedia({ colorScheme: 'light' });
    await shoot(path, 'content.light.390');
    await page.setViewportSize(NARROWEST);
    await expectFitting(`${path} at ${NARROWEST.width} px`);
    await page.setViewportSize(WIDE);
    await expectCalm(path);
  }, 90_000);

  test('is accessible with whatever it opens, in both schemes, and shows the page again after Esc', async () => {
    await page.setViewportSize(WIDE);
    await open(path);
    const { length } = await openersHere();
    for (let at = 0; at < length; at += 1) {
      const opener = (await openersHere())[at];
      const before = page.url();
      await opener?.click({ timeout: OPENS_MS }).catch(() => undefined);
      const shown = page.locator(OPENED).filter({ visible: true }).first();
      const isOpen = await shown.waitFor({ timeout: OPENS_MS }).then(
        () => true,
        () => false,
      );
      if (isOpen) {
        opened += 1;
        const what = `${path} with ${(await shown.getAttribute('aria-label')) ?? (await shown.textContent())?.slice(0, 60)}`;
        await expectAccessible(page, what);
        await shoot(path, `open-${at}.light.1360`);
        await page.keyboard.press('Escape');
        await shown.waitFor({ state: 'hidden', timeout: OPENS_MS }).catch(() => undefined);
        expect({ what, left: await page.locator('[role=dialog]').filter({ visible: true }).count() }).toEqual({
          what,
          left: 0,
        });
      }
      if (page.url() !== before) await open(path);
    }
    await expectCalm(`${path} with what it opens`);
  }, 180_000);

  test('says what failed and how to go on where the API fails, and shows its layout while it waits', async () => {
    const api = `${running.endpoints.apiUrl}/**`;
    let isHeld = true;
    const held: (() => void)[] = [];
    await page.route(api, async (route) => {
      const url = route.request().url();
      // Who somebody is, is known before any page.
      if (route.request().method() === 'OPTIONS' || /\/app-api\/(?:me|sign-in)\b/.test(url))
        return await route.continue();
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
      await route
        .fulfill({
          status: 500,
          headers: { 'access-control-allow-origin': '*', 'content-type': 'application/json' },
          body: JSON.stringify({ errors: [{ type: 'internal', message: 'Something went wrong on our side' }] }),
        })
        .catch(() => undefined);
    });
    await page.goto(addressOf(path, 'test'));
    await page.locator('main, h1').first().waitFor({ timeout: SHOWN_MS });
    await shoot(path, 'loading.light.1360');
    isHeld = false;
    for (const go of held) go();
    await open(path);
    await shoot(path, 'error.light.1360');
    expect(await axeFindings(page)).toEqual([]);
    await page.unroute(api);
    await expectCalm(`${path} without its API`);
  }, 90_000);

  if (path.includes('$workspace') && !ABOUT_THINGS.test(path))
    test('has something to say in an empty workspace', async () => {
      await open(path, 'empty');
      await shoot(path, 'empty.light.1360');
      expect(await axeFindings(page)).toEqual([]);
      await expectCalm(`${path} of an empty workspace`);
    }, 60_000);
});

test('the sweep has seen what pages open', () => {
  expect(opened).toBeGreaterThanOrEqual(OPENED_MIN);
});
