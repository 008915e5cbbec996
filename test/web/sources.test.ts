import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Locator, Page, Request } from 'playwright-core';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { expectAccessible as pageIsAccessible } from '../builders/axe-findings.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';
import { aSinkSeed, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { tabTo as tabsTo } from '../builders/tab-to.ts';
import { shows } from '../builders/web/shows.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Waited at most for something to show; the machine may be busy with others. */
const SHOWN_MS = 20_000;
const NAUGHTY = `<img src=x onerror="window.owned=1">'"\u202e`;
const run = promisify(execFile);

let sink: Sink;
let running: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Within the repository, so that its packages are found as in a project that has installed them. */
let project: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  project = mkdtempSync(join(ROOT, '.build', 'sources-page-'));
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSinkSeed(aDirectory(), sink.url);
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] }),
    aBrowser(),
  ]);
  context = await anAppContext(browser, running.endpoints.webUrl);
  page = await signedIn(context, running.endpoints.webUrl);
  page.setDefaultTimeout(SHOWN_MS);
  // The tour of a first visit is another test's.
  await ask('PATCH', '/app-api/me/preferences', { preferences: { tour: 'done' } }, await tokenOf(page)).catch(
    () => undefined,
  );
}, 180_000);
afterAll(async () => {
  rmSync(project, { recursive: true, force: true });
  await browser?.close();
  await running?.kill();
  await sink?.stop();
}, 30_000);

async function ask<T>(method: string, path: string, body?: unknown, token = running.endpoints.apiToken): Promise<T> {
  const answer = await fetch(`${running.endpoints.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { data } = (await answer.json()) as { data: T };
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
  return data;
}

/** What the app itself asks with. */
async function tokenOf(of: Page): Promise<string> {
  const asked = of.waitForRequest((request) => request.url().includes('/app-api/me'));
  await of.reload();
  return (await (await asked).headerValue('authorization'))?.slice('Bearer '.length) ?? '';
}

const open = async (path: string): Promise<void> => void (await page.goto(`${running.endpoints.webUrl}/test${path}`));
const shown = async (text: string | RegExp): Promise<void> => await page.getByText(text).first().waitFor();
const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
const clipboard = async (): Promise<string> => String(await page.evaluate('navigator.clipboard.readText()'));

type Made = { source: { id: string; writeKeys: string[] } };
const aSource = async (slug: string, metadataId: string): Promise<Made['source']> =>
  (await ask<Made>('POST', '/sources', { slug, enabled: true, metadataId })).source;
const idOf = async (slug: string): Promise<string> => {
  const { sources } = await ask<{ sources: { id: string; slug: string }[] }>('GET', '/sources');
  return sources.find((one) => one.slug === slug)?.id ?? '';
};

/** What is open has no serious or critical findings, in both colour schemes. */
const expectAccessible = async (what: string): Promise<void> => await pageIsAccessible(page, what);

const tabTo = async (target: Locator): Promise<void> => await tabsTo(page, target);

test('a source is added by keyboard alone, waits, and turns green at the first event of the text that is copied from its page', async () => {
  await open('/sources');
  await tabTo(button('Add source'));
  await page.keyboard.press('Enter');
  await shown('What sends the events?');
  await expectAccessible('types of sources');
  await page.keyboard.press('/');
  await page.keyboard.type('without a library');
  await tabTo(page.getByRole('link', { name: /HTTP API/ }));
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').waitFor();
  await page.keyboard.type('Order service');
  expect(await page.getByLabel('Slug').inputValue()).toBe('order-service');
  await expectAccessible('the form of a new source');
  await page.keyboard.press('Enter');

  await shown('Waiting for the first event');
  await expectAccessible('an install page that waits');
  await button('Send a test event').click();
  await shown('The test event went through.');
  await shown('Waiting for the first event');

  await tabTo(button('Copy With curl'));
  await page.keyboard.press('Enter');
  await button('Copied With curl').waitFor();
  const text = await clipboard();
  expect(text).toContain(running.endpoints.trackingUrl);
  await run('sh', ['-c', text]);
  await shown('Events arrive');
  await shown('track Order Completed');
  await expectAccessible('an install page that is green');
  await button('See its trace').first().click();
  await page.waitForURL(/[?&]event=/);
}, 90_000);

test('texts for Node and for a web page run as they are copied, and are seen arriving', async () => {
  const { id } = await aSource('shop-site', 'IqDTy1TpoU');
  await open(`/sources/${id}/install`);
  await button('Copy Into the <head> of each page').click();
  await button(/^Copied Into/).waitFor();
  const head = await clipboard();
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><html><head><title>Shop</title>${head}</head><body>Shop</body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const visitor = await (await browser.newContext({ permissions: ['local-network-access'] })).newPage();
  await visitor.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await shown('Events arrive');
  await shown('page');
  await visitor.context().close();
  server.close();

  // By arrow keys through the languages; what is open is in the address.
  await page.getByRole('tab', { name: 'JavaScript' }).focus();
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('ArrowDown');
  await page.waitForURL(/with=node-js/);
  await button('Copy With npm install @segment/analytics-node').click();
  await button(/^Copied With npm install @segment/).waitFor();
  const file = join(project, 'sends.mjs');
  writeFileSync(file, await clipboard());
  await run(process.execPath, [file], { timeout: 20_000 });
  await shown('track Order Completed');
  const mail = await page.getByRole('link', { name: 'E-mail to a developer' }).getAttribute('href');
  expect(decodeURIComponent(mail ?? '')).toContain(running.endpoints.trackingUrl);
}, 90_000);

test('the list finds a source by its key, shows what it feeds, groups, labels many at once and takes back what was switched', async () => {
  await open('/sources');
  await page.getByRole('link', { name: 'Order service' }).waitFor();
  await expectAccessible('the list of sources');
  await page.getByLabel('Search sources').fill(SINK_WRITE_KEY);
  await page.getByRole('link', { name: 'Order service' }).waitFor({ state: 'detached' });
  await button('2 destinations of Server').click();
  await page.getByRole('link', { name: /Inbox/ }).waitFor();
  await expectAccessible('what a source feeds');
  await page.keyboard.press('Escape');

  await button('Actions of Server').click();
  await expectAccessible('the menu of a source');
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await shown('Server takes no events now');
  await page
    .getByRole('row', { name: /Server/ })
    .getByText('Disabled')
    .waitFor();
  await button('Undo').click();
  await page
    .getByRole('row', { name: /Server/ })
    .getByText('Disabled')
    .waitFor({ state: 'detached' });

  await page.getByLabel('Search sources').fill('');
  await page.getByLabel('Choose all that are shown').check();
  await shown('3 sources chosen');
  await button('Add label').click();
  await page.getByRole('menuitem', { name: 'environment: prod' }).click();
  await shown(/added to 3 sources/);
  await page.getByRole('combobox', { name: 'Group by' }).click();
  await page.getByRole('option', { name: 'Group by environment' }).click();
  await page.getByRole('columnheader', { name: 'prod', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('columnheader', { name: 'prod', exact: true }).waitFor();
  // Rows by keys: j goes down, Enter opens.
  await page.getByRole('link', { name: 'Order service' }).focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/overview/);
}, 90_000);

test('the overview tells what failed on ingest, why, and shows a hostile sample as text', async () => {
  const post = async (event: object): Promise<void> => {
    await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${SINK_WRITE_KEY}:`).toString('base64')}` },
      body: JSON.stringify({ batch: [event] }),
    });
  };
  await post({ type: 'track', event: 'Signed Up', userId: 'u1' });
  await post({ type: 'track', event: NAUGHTY });
  await open(`/sources/${await idOf('server')}/overview`);
  const failed = page.getByRole('button', { name: /^Failed on ingest\s*1/ });
  await shows(failed, 60_000);
  await expectAccessible('the overview of a source');
  await tabTo(failed);
  await page.keyboard.press('Enter');
  await page.waitForURL(/stage=failed/);
  await button(/id_required/).click();
  await page.getByText(NAUGHTY.slice(0, 20)).first().waitFor();
  await expectAccessible('reasons and samples');
  expect(await page.evaluate('window.owned')).toBeUndefined();
  await page.reload();
  await page.getByText(NAUGHTY.slice(0, 20)).first().waitFor();
  await button(/Keep all for 15 minutes/).click();
  await shown(/Every event is kept, ends/);
}, 120_000);

test('settings send only what was changed; a key is added beside the old one, which is revoked', async () => {
  const id = await idOf('order-service');
  await open(`/sources/${id}/settings`);
  await page.getByLabel('Name').fill('Orders');
  await page.getByLabel('Remember message ids').fill('48');
  await page.getByLabel('Addresses').fill('not an address');
  await shown('3 changes not saved');
  await expectAccessible('settings that are changed');
  await button(/^Save/).click();
  await shown(/must be an address/);
  await page.getByLabel('Addresses').fill('');
  const asked: Promise<Request> = page.waitForRequest((request) => request.method() === 'PATCH');
  await tabTo(button('Save in Production'));
  await page.keyboard.press('Enter');
  expect((await asked).postDataJSON()).toEqual({ name: 'Orders', settings: { dedupHours: 48 } });
  await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();

  const [before] = (await ask<Made>('GET', `/sources/${id}`)).source.writeKeys;
  await button('Add a key in Production').click();
  await button('Revoke').nth(1).waitFor();
  const send = { writeKey: before, type: 'track', event: 'Order Placed', userId: 'u1' };
  await fetch(`${running.endpoints.trackingUrl}/v1/track`, { method: 'POST', body: JSON.stringify(send) });
  const ofKeys = page.getByRole('list', { name: 'Write keys' }).getByRole('listitem');
  await shows(ofKeys.first().filter({ hasText: 'last used' }), 40_000);
  // Before the first minute of a deployment was counted, nobody knows.
  await shows(ofKeys.nth(1).filter({ hasText: /not used so far|last use not known/ }), 5_000);
  await button('Revoke').first().click();
  await shown(/This key: last used/);
  await expectAccessible('revoking a key');
  await button('Revoke key').click();
  await button('Revoke').nth(1).waitFor({ state: 'detached' });
  const after = (await ask<Made>('GET', `/sources/${id}`)).source.writeKeys;
  expect(after).toHaveLength(1);
  expect(after[0]).not.toBe(before);
}, 90_000);

test('an alert is made, tried through each channel, switched off and deleted', async () => {
  await open(`/sources/${await idOf('server')}/alerts`);
  await shown('No alerts of this source yet');
  await tabTo(button('New alert'));
  await page.keyboard.press('Enter');
  await button('Add channel').click();
  await page.getByRole('menuitem', { name: 'Slack' }).click();
  await page.getByLabel('Slack webhook URL').fill(`${sink.url}/slack`);
  await expectAccessible('the form of an alert');
  await button('Create alert').click();
  await page.getByText('Event volume changes: Server').waitFor();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await shown(/In the app: sent/);
  await shown(/Slack: sent – It answered 200/);
  await expectAccessible('alerts of a source');
  await page.getByRole('switch', { name: /Event volume changes/ }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('switch', { name: /Event volume changes.*: off/ }).waitFor();
  await button('Actions of Event volume changes: Server').click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  await page.getByLabel('Change of more than').fill('30');
  const asked = page.waitForRequest((request) => request.method() === 'PATCH');
  await button('Save').click();
  expect((await asked).postDataJSON()).toEqual({ percent: 30 });
  await shown(/30% above or below/);
  await button('Actions of Event volume changes: Server').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await button('Delete alert').click();
  await shown('No alerts of this source yet');
}, 90_000);

test('a webhook source shows what its last post becomes, takes a mapping and a signature', async () => {
  const { id } = await aSource('hooks', 'dZ3KaTribH');
  await open(`/sources/${id}/install`);
  await shown('Nothing was posted yet');
  await button('Copy Tried with curl').click();
  await button(/^Copied Tried/).waitFor();
  await run('sh', ['-c', await clipboard()]);
  await button('Look again').click();
  await shown('becomes 1 event');
  await page
    .getByRole('textbox', { name: 'Mapping' })
    .fill('{"event": {"@path": "$.body.type"}, "userId": {"@path": "$.body.customer"}}');
  await page.getByRole('region', { name: 'Preview' }).getByText('order.completed').nth(1).waitFor();
  await expectAccessible('mapping and preview');
  await page.getByRole('combobox', { name: 'How it is signed' }).click();
  await page.getByRole('option', { name: 'HMAC SHA-256 in a header' }).click();
  await page.getByLabel('Header', { exact: true }).fill('X-Signature');
  await page.getByLabel('Secret', { exact: true }).fill('a secret of the tool');
  await button('Save').click();
  await shown('Saved: it holds for what is posted from now on');
  await shown('kept, never shown');
  await expectAccessible('a signature in force');
  expect((await ask<{ hook: object }>('GET', `/app-api/sources/${id}/hook`)).hook).toMatchObject({
    mapping: { event: { '@path': '$.body.type' } },
    signature: { scheme: 'hmac-sha256', header: 'X-Signature' },
  });
}, 90_000);

test('a source is deleted by its typed name, which says what goes with it', async () => {
  await open(`/sources/${await idOf('server')}/settings`);
  await button(/^Delete/).click();
  await shown(/2 destinations are deleted with it: /);
  const confirm = button('Delete source');
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByLabel(/Type Server to confirm/).fill('Server');
  await expectAccessible('deleting a source');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/sources$/);
  await page.getByRole('link', { name: 'Orders' }).waitFor();
  await page.getByRole('link', { name: 'Server', exact: true }).waitFor({ state: 'detached' });
}, 60_000);

test('a workspace without sources offers what most begin with, one click from its form', async () => {
  for (const slug of ['order-service', 'shop-site', 'hooks']) await ask('DELETE', `/sources/${await idOf(slug)}`);
  await open('/sources');
  await shown('Nothing sends events yet');
  await expectAccessible('no sources');
  await page.getByRole('link', { name: /Python/ }).click();
  await page.waitForURL(/type=python/);
  await page.getByLabel('Name').waitFor();
}, 60_000);
