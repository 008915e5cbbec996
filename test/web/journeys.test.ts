import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary } from '../builders/running-tributary.ts';
import { anAppContext, type AppOptions } from '../builders/signed-in-app.ts';
import { tabTo } from '../builders/tab-to.ts';
import { toolServer } from '../builders/tool-server.ts';
import { aJourneySeed, type Cause, CAUSES, keyOf, shopOf, toolOf } from '../builders/web/journey-seed.ts';
import { aVisitor, type Visitor } from '../builders/web/visitor.ts';

/** From the address that is printed, on an empty workspace, to an event in the Inbox. */
const NEWCOMER_ACTIONS_MAX = 12;
/** Below this width the navigation is behind a button. */
const NARROW_PX = 768;
/** On a phone the tour is skipped, and the navigation has to be opened first. */
const PHONE_ACTIONS_MAX = 13;
/** From the overview to the first line of a trace. */
const CAUSE_CLICKS_MAX = 3;
/** Counts of a minute are made in the next one, and the machine may be busy with others. */
const SHOWN_MS = 60_000;
const RIGHT_KEY = 'the-right-key-of-klime';
const PASSWORD = 'correct horse battery staple';
const PHONE = { width: 390, height: 844 };
/** What a drawer's first line says of each cause. */
const FIRST_LINES: Readonly<Record<Cause, string>> = {
  filtered: 'Not sent to Tool filtered: filter “No orders” dropped it',
  refused: 'Refused by Tool refused: 401, the credentials are not accepted',
  unmapped: 'No mapping of Tool unmapped matches it',
};

const run = promisify(execFile);
let tool: Awaited<ReturnType<typeof toolServer>>;
let running: Running;
let browser: Browser;
const errors: string[] = [];

beforeAll(async () => {
  tool = await toolServer(({ url, headers, body }, response) => {
    const isRefused = url.startsWith('/refused') || (url.includes('batch') && !knowsKey(headers, body));
    response.statusCode = isRefused ? 401 : 200;
    response.end('{}');
  });
  [running, browser] = await Promise.all([
    runTributary({
      args: ['--no-demo', '--allow-private-targets', '--seed', aJourneySeed(aDirectory(), tool.origin)],
    }),
    aBrowser(),
  ]);
  for (const cause of CAUSES) await order(cause);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
  await tool?.close();
}, 60_000);
afterEach(() => expect(errors.splice(0)).toEqual([]));

const knowsKey = (headers: object, body: string): boolean => (JSON.stringify(headers) + body).includes(RIGHT_KEY);

async function order(cause: Cause): Promise<void> {
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${keyOf(cause)}:`)}` },
    body: JSON.stringify({ event: 'Order Completed', userId: 'ada', properties: { total: 30 } }),
  });
  expect(answer.status).toBe(200);
}

async function aPage(context: BrowserContext): Promise<Page> {
  context.setDefaultTimeout(SHOWN_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
}

/** Opens the address that was printed, and signs in by the one button. */
async function arrive(context: BrowserContext): Promise<Visitor> {
  const visitor = aVisitor(await aPage(context));
  const [, printed = ''] = /^App +(\S+)/m.exec(running.output()) ?? [];
  await visitor.page.goto(printed);
  await visitor.click(visitor.page.getByRole('button', { name: /demo owner/i }));
  await visitor.page.waitForURL((url) => url.origin === new URL(printed).origin && url.pathname !== '/callback');
  return visitor;
}

/** A workspace made in the app, as its own journey: it begins empty. */
async function anEmptyWorkspace(name: string): Promise<void> {
  const context = await anAppContext(browser, running.endpoints.webUrl);
  const { page, click, type } = await arrive(context);
  // One workspace opens by itself; who has more chooses.
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.endsWith('/overview'));
  await click(
    page.getByRole('button', { name: /^Workspace/ }).or(page.getByRole('link', { name: 'Create workspace' })),
  );
  if (!page.url().endsWith('/new-workspace')) await page.getByRole('menuitem', { name: 'Create workspace' }).click();
  await type(page.getByLabel('Name'), name, { enter: true });
  await page.getByText('From nothing to a delivered event').waitFor();
  await context.close();
}

/** From an overview that is empty to an event in the Inbox, sent by the text that the page gave. */
async function untilDelivered({ page, click, type, button, link, goTo, clipboard }: Visitor): Promise<void> {
  // On a phone the note of the tour lies over a part of the page.
  if ((page.viewportSize()?.width ?? 0) < NARROW_PX) await click(page.getByRole('button', { name: 'Skip the tour' }));
  await click(page.getByRole('region', { name: 'Getting started' }).getByRole('button', { name: 'Add source' }));
  await click(link(/HTTP API/));
  await type(page.getByLabel('Name'), 'Shop', { enter: true });
  await click(button('Copy With curl'));
  await button('Copied With curl').waitFor();
  const text = await clipboard();
  expect(text).toContain(running.endpoints.trackingUrl);
  await goTo('Overview');
  await click(button('Add the Inbox'));
  await click(button('Confirm source').last());
  await click(button('Save and continue'));
  await click(button(/^Save 1 mapping and continue$/));
  await click(button('Enable'));
  await page.waitForURL(/\/delivery/);
  await run('sh', ['-c', text]);
  await button(/^Delivered 1\b/).waitFor();
}

/** A newcomer, and how many actions it took. */
async function newcomer(name: string, options: AppOptions = {}): Promise<number> {
  await anEmptyWorkspace(name);
  const context = await anAppContext(browser, running.endpoints.webUrl, options);
  const visitor = await arrive(context);
  // Whoever has two workspaces chooses one; the journey of who has one begins on its overview.
  await visitor.page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await untilDelivered(visitor);
  await context.close();
  return visitor.actions();
}

test('a newcomer comes from the printed address and an empty workspace to an event in the Inbox', async () => {
  expect(await newcomer('Newcomer')).toBeLessThanOrEqual(NEWCOMER_ACTIONS_MAX);
}, 180_000);

test('so does one with a phone, who reads a trace there, too', async () => {
  expect(await newcomer('Pocket', PHONE)).toBeLessThanOrEqual(PHONE_ACTIONS_MAX);
  const context = await anAppContext(browser, running.endpoints.webUrl, PHONE);
  const { page, click, link, button } = await arrive(context);
  await page.goto(`${running.endpoints.webUrl}/test/overview`);
  await click(link(new RegExp(`^${toolOf('filtered')}`)).first());
  await click(button(/^Filtered here 1\b/));
  await click(page.getByRole('button', { name: 'Open trace' }));
  await page.getByRole('dialog').getByText(FIRST_LINES.filtered, { exact: true }).first().waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  await context.close();
}, 300_000);

test('an engineer finds each of three causes by three clicks from the overview', async () => {
  const context = await anAppContext(browser, running.endpoints.webUrl);
  const { page } = await arrive(context);
  for (const cause of CAUSES) {
    await page.goto(`${running.endpoints.webUrl}/test/overview`);
    const { click, button, link, actions } = aVisitor(page);
    await click(link(new RegExp(`^${toolOf(cause)}`)).first());
    if (cause === 'refused') await click(page.getByRole('row').filter({ hasText: 'The credentials are not accepted' }));
    else await click(button(/^Filtered here 1\b/));
    await click(page.getByRole('button', { name: 'Open trace' }));
    expect(actions()).toBeLessThanOrEqual(CAUSE_CLICKS_MAX);
    await page.getByRole('dialog').getByText(FIRST_LINES[cause], { exact: true }).first().waitFor();
  }
  await context.close();
}, 300_000);

test('somebody without a mouse signs in, finds a tool by the palette, reads a trace, and adds a source', async () => {
  const context = await anAppContext(browser, running.endpoints.webUrl);
  const page = await aPage(context);
  await page.goto(running.endpoints.webUrl);
  await tabTo(page, page.getByRole('button', { name: /demo owner/i }));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.endsWith('/overview'));
  await page.goto(`${running.endpoints.webUrl}/test/overview`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').waitFor();
  await page.keyboard.type(toolOf('refused'));
  await page.getByRole('dialog').getByText(toolOf('refused'), { exact: true }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/destinations\/dst_/);
  await page.getByRole('heading', { name: toolOf('refused') }).waitFor();
  const issue = page.getByRole('row').filter({ hasText: 'The credentials are not accepted' });
  await tabTo(page, issue.getByRole('button'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Open trace' }));
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText(FIRST_LINES.refused, { exact: true }).first().waitFor();
  // Esc closes what is on top: the trace, then the issue below it.
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.searchParams.has('event'));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await tabTo(page, page.getByRole('main').getByRole('button', { name: 'Add source' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: /HTTP API/ }));
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').waitFor();
  await tabTo(page, page.getByLabel('Name'));
  await page.keyboard.type('Typed');
  await page.keyboard.press('Enter');
  await page.getByText('Waiting for the first event').waitFor();
  await context.close();
}, 300_000);

test('a data user adds a tool in six steps, sees it fail on a wrong key, mends the key and replays what failed', async () => {
  const context = await anAppContext(browser, running.endpoints.webUrl);
  const { page, click, type, button } = await arrive(context);
  await page.goto(`${running.endpoints.webUrl}/test/destinations`);
  await click(button('Add destination').first());
  await type(page.getByLabel('Search the catalog'), 'Klime');
  await click(page.getByRole('link', { name: /^Klime/ }));
  await click(button('Configure').last());
  await page.getByRole('radio', { name: new RegExp(shopOf('unmapped')) }).check();
  await click(button('Next'));
  await click(button('Confirm source').last());
  await type(page.getByRole('textbox', { name: /^API Endpoint/i }), `${tool.origin}/batch`);
  await type(page.getByLabel(/^Write Key/), 'a-wrong-key');
  await click(button('Save and continue'));
  await click(button(/^Save \d+ mappings? and continue$/));
  await click(button('Enable'));
  await page.waitForURL(/\/delivery/);
  const delivery = page.url();
  await order('unmapped');
  const issue = page.getByRole('row').filter({ hasText: 'The credentials are not accepted' });
  await click(issue);
  await page.getByRole('dialog').getByText('What to do').waitFor();
  await page.keyboard.press('Escape');

  await click(page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }));
  await click(button(/^Replace Write Key/));
  await type(page.getByLabel(/^Write Key/), RIGHT_KEY);
  await click(button('Save settings'));
  await button(/^Replace Write Key/).waitFor();
  await page.goto(delivery);
  await click(issue);
  await click(page.getByRole('dialog').getByRole('button', { name: /^Replay 1 event/ }));
  const replay = page.getByRole('dialog', { name: /^Replay what ended/ });
  await replay.getByText('1 event would be sent again').waitFor();
  await click(replay.getByRole('button', { name: 'Replay 1 event' }));
  await replay.getByText('Done: 1 event delivered').waitFor();
  expect(tool.arrivals.some(({ headers, body }) => knowsKey(headers, body))).toBe(true);
  // What was sent again is on record.
  await page.goto(`${running.endpoints.webUrl}/test/settings/replays`);
  const record = page.getByRole('row').filter({ hasText: 'Klime' }).filter({ hasText: 'Done' });
  await click(record.getByRole('button', { name: /^What was not delivered/ }));
  await page
    .getByRole('dialog', { name: /^Replay to Klime/ })
    .getByText('Done', { exact: true })
    .waitFor();
  await context.close();
}, 300_000);

/** Buttons by which something is changed. */
const CHANGES = /^(?:Add|Create|Enable|Disable|Pause|Resume|Save|Delete|Rotate|Invite|Suppress|Replay|Send)\b/;

test('an admin invites a viewer, who sees everything and can change nothing: locked, with who can grant it, and refused by the API', async () => {
  const context = await anAppContext(browser, running.endpoints.webUrl);
  const { page, click, type, button, clipboard } = await arrive(context);
  await page.goto(`${running.endpoints.webUrl}/test/settings/team`);
  await click(button('Invite people'));
  const invite = page.getByRole('dialog', { name: 'Invite people' });
  await type(invite.getByRole('textbox', { name: 'E-mail addresses' }), 'viewer@example.com');
  await click(invite.getByRole('button', { name: 'Invite', exact: true }));
  await click(page.getByRole('button', { name: 'Copy the link for viewer@example.com' }));
  const link = await clipboard();

  const other = await anAppContext(browser, running.endpoints.webUrl);
  const theirs = await aPage(other);
  await theirs.goto(link);
  await theirs.getByRole('textbox', { name: 'Your name' }).fill('Vera');
  await theirs.getByLabel('Password', { exact: false }).first().fill(PASSWORD);
  await theirs.keyboard.press('Enter');
  await theirs.getByRole('button', { name: 'Sign in and join' }).click();
  await theirs.getByLabel('E-mail').fill('viewer@example.com');
  await theirs.getByLabel('Password').fill(PASSWORD);
  await theirs.getByRole('button', { name: 'Sign in', exact: true }).click();
  await theirs.getByRole('button', { name: 'Join Test' }).click();
  await theirs.getByText('Welcome to Test').waitFor();

  for (const path of ['overview', 'sources', 'destinations', 'settings/team', 'settings/labels']) {
    const asked = theirs.waitForResponse((answer) => answer.url().startsWith(running.endpoints.apiUrl));
    await theirs.goto(`${running.endpoints.webUrl}/test/${path}`);
    await asked;
    await theirs.getByRole('main').getByRole('heading').first().waitFor();
    for (const one of await theirs.getByRole('main').getByRole('button', { name: CHANGES }).all()) {
      const [name, locked] = [await one.textContent(), await one.getAttribute('data-locked')];
      expect({ path, name, locked }).toEqual({ path, name, locked: 'true' });
    }
  }
  await theirs.goto(`${running.endpoints.webUrl}/test/sources`);
  await theirs.getByRole('main').getByRole('button', { name: 'Add source' }).click();
  const dialog = theirs.getByRole('dialog', { name: 'Request access' });
  await dialog.getByText('owner@example.com').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const request = theirs.waitForRequest(
    (one) => one.url().startsWith(running.endpoints.apiUrl) && one.headers()['authorization'] !== undefined,
  );
  await theirs.reload();
  const authorization = (await request).headers()['authorization'] ?? '';
  const answer = await fetch(`${running.endpoints.apiUrl}/sources`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'x-tributary-workspace': 'test' },
    body: JSON.stringify({ slug: 'mine', enabled: true, metadataId: 'iUM16Md8P2' }),
  });
  // As the original's routes answer: 401, of the type that says who it is that may not.
  expect({ status: answer.status, text: await answer.text() }).toEqual({
    status: 401,
    text: expect.stringContaining('insufficient-permission'),
  });
  await other.close();
  await context.close();
}, 300_000);
