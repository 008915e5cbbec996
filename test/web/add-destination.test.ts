import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { axeFindingsInBoth } from '../builders/axe-findings.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';

const KEY = 'writekeyofaddsite00000000000000';
/** What strangers put into an event's name: it is text everywhere. */
const HOSTILE = '<img src=x onerror=alert(1)>"\'';
const SECRET = 'canary-secret-of-klime';

/** The longest wait for anything that a page shall show. */
const STEP_MS_MAX = 20_000;

/** Without quotes, which JSON writes with a stroke before them. */
const HOSTILE_START = '<img src=x onerror=alert(1)>';

let sink: Sink;
let running: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const surprises: string[] = [];

function aSeed(directory: string): string {
  const file = join(directory, 'add-seed.json');
  const source = (slug: string, name: string, kind: string, key: string) => ({ slug, name, kind, writeKeys: [key] });
  writeFileSync(
    file,
    JSON.stringify({
      workspace: { slug: 'shop', name: 'Shop' },
      sources: [
        source('site', 'Shop site', 'website', KEY),
        source('backend', 'Backend', 'server', 'writekeyofaddbackend00000000000'),
        source('phone', 'Phone app', 'mobile', 'writekeyofaddphone0000000000000'),
      ],
      destinations: [],
    }),
  );
  return file;
}

const track = async (event: string): Promise<void> => {
  await fetch(`${running.endpoints.trackingUrl}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${KEY}:`)}` },
    body: JSON.stringify({ event, userId: 'ada', properties: { price: 12 } }),
  });
};

/** Whether the sink got a request whose body holds this text. */
async function arrived(text: string): Promise<boolean> {
  const { events } = (await (await fetch(`${sink.url}/events`)).json()) as { events: { body: unknown }[] };
  return JSON.stringify(events).includes(text);
}

const open = (path: string) => page.goto(`${running.endpoints.webUrl}/shop${path}`);
/** A button of the page itself; those of dialogs and toasts lie beside it. */
const button = (name: string | RegExp) =>
  page.getByRole('main').getByRole('button', { name, exact: typeof name === 'string' });
const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor();

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const seed = aSeed(aDirectory());
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] }),
    aBrowser(),
  ]);
  context = await anAppContext(browser, running.endpoints.webUrl);
  page = await signedIn(context, running.endpoints.webUrl, '/shop/overview');
  page.setDefaultTimeout(STEP_MS_MAX);
  page.on('dialog', (dialog) => {
    surprises.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => surprises.push(error.message));
  await track(HOSTILE);
  // The tour of a first visit lies over what is tried here.
  await page
    .getByRole('button', { name: 'Skip the tour' })
    .click({ timeout: 15_000 })
    .catch(() => undefined);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
  await sink?.stop();
}, 90_000);

test('the catalog is searched and walked by keyboard, and shows what a tool would be sent before anybody has it', async () => {
  await open('/catalog');
  await page.getByRole('button', { name: /^Analytics \d+$/ }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  // One search over all: a category finds what is in it, a name what it names, whatever its kind.
  await page.keyboard.press('/');
  await page.keyboard.type('heatmaps');
  await page.getByText('2 entries').waitFor();
  await page.getByLabel('Search the catalog').fill('klime');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What you need' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/shop/catalog/destinations/klime');

  await page.getByRole('main').getByRole('combobox', { name: 'Source' }).click();
  await page.getByRole('option', { name: 'Shop site' }).click();
  await page.getByText(`track: ${HOSTILE}`).waitFor();
  await button('Dry run').press('Enter');
  const result = page.getByRole('region', { name: 'Result of the test' });
  await result.getByText('1 of 3 mappings matched: 1 request would be sent').waitFor();
  await expect(result.innerText()).resolves.toContain('https://i.klime.com');
  await expect(result.innerText()).resolves.toContain(HOSTILE_START);
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await open('/catalog/sources/javascript');
  await page.getByText('YOUR_WRITE_KEY').first().waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
}, 120_000);

test('a destination is added in six steps, tried on a real event, and gets events once it is enabled, and not before', async () => {
  await open('/destinations');
  await heading('No destinations yet');
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await button('Add destination').click();
  await page.getByLabel('Search the catalog').fill('Klime');
  await page.getByRole('link', { name: /^Klime/ }).click();
  // 1 Configure, 2 Select source, 3 Confirm source.
  await button('Configure').last().click();
  await page.getByRole('radio', { name: /Shop site/ }).check();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await button('Next').click();
  await page.getByLabel('Name of the destination').fill('Klime of the shop');
  await button('Confirm source').last().click();
  // 4 Settings: not saved without what is required (B06).
  await heading('Settings of Klime');
  await button('Save and continue').click();
  await page.getByText('This is required').first().waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.getByRole('textbox', { name: /^API Endpoint/i }).fill(sink.url);
  await page.getByLabel(/^Write Key/).fill(SECRET);

  // Whoever leaves comes back to where they were; secrets are not among what is kept.
  await expect(page.evaluate('JSON.stringify(localStorage)')).resolves.not.toContain(SECRET);
  await page.reload();
  await heading('Settings of Klime');
  await expect(page.getByRole('textbox', { name: /^API Endpoint/i }).inputValue()).resolves.toBe(sink.url);
  await page.getByLabel(/^Write Key/).fill(SECRET);
  await button('Save and continue').click();
  // 5 Mappings: presets are on.
  await heading('Mappings');
  await page.getByRole('checkbox', { name: 'Track Event' }).waitFor();
  await expect(page.getByRole('checkbox', { name: 'Track Event' }).isChecked()).resolves.toBe(true);
  await button('Preview on an event').click();
  await page.getByText('1 of 3 mappings matched: 1 request would be sent').waitFor();
  await button('Save 3 mappings and continue').click();
  // 6 Test and enable.
  await heading('Test and enable');
  await page
    .getByRole('region', { name: 'Estimate' })
    .getByText(/It would have matched [1-9]\d* of [1-9]\d* events/)
    .waitFor();
  await button('Send for real').click();
  await page.getByText('1 of 3 mappings matched: delivered with 1 request').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await until(
    () => arrived(HOSTILE_START),
    10_000,
    () => 'The test event did not reach the sink',
  );
  await track('Before it was enabled');
  await button('Enable').click();
  await page.getByText('Klime of the shop is enabled').waitFor();
  await page.waitForURL(/\/destinations\/dst_[^/]+\/delivery/);
  await until(
    async () => {
      await track('After it was enabled');
      return await arrived('After it was enabled');
    },
    20_000,
    () => 'Nothing came after it was enabled',
  );
  await expect(arrived('Before it was enabled')).resolves.toBe(false);
}, 150_000);

test('sources that do not fit are listed closed, with why; a name is not given twice', async () => {
  await open('/destinations/new/braze-web?step=source');
  await page.getByRole('radio', { name: /Shop site/ }).waitFor();
  await page.getByText('Not for Braze Web Mode').waitFor();
  await page.getByText(/A server source: Braze Web Mode .* takes events of website sources only/).waitFor();
  await expect(page.getByRole('radio').count()).resolves.toBe(1);
  await open('/destinations/new/klime?step=source');
  await page.getByRole('radio', { name: /Shop site.*has 1 Klime already/ }).check();
  await button('Next').click();
  await page.getByLabel('Name of the destination').fill('KLIME OF THE SHOP');
  await page.getByText('Shop site has a Klime of this name already', { exact: false }).waitFor();
  await expect(button('Confirm source').last().isDisabled()).resolves.toBe(true);
}, 90_000);

test('by keyboard alone a destination is added, saved as disabled, and found in the list', async () => {
  await open('/destinations/new/inbox?step=source');
  await page.getByRole('radio', { name: /Backend/ }).press('Space');
  await button('Next').press('Enter');
  await page.getByLabel('Name of the destination').waitFor();
  await button('Confirm source').last().press('Enter');
  await heading('Settings of Inbox');
  await button('Save and continue').press('Enter');
  await page.getByRole('checkbox').first().press('Tab');
  await button(/^Save \d+ mappings? and continue$/).press('Enter');
  await heading('Test and enable');
  await button('Leave it disabled').press('Enter');
  await page.waitForURL(/\/delivery/);
  await open('/destinations?group=source');
  const row = page.getByRole('row', { name: /Inbox.*Backend.*Disabled/ });
  await row.waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
}, 90_000);

test('a list switches on and off with a way back, duplicates to another source, and deletes only what is named', async () => {
  await open('/destinations');
  const row = page.getByRole('row', { name: /Klime of the shop/ });
  await row.getByRole('checkbox').check();
  await button('Disable 1').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await row.getByText('Disabled').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.getByText('Disabled').waitFor({ state: 'detached' });

  await button('More of Klime of the shop of Shop site').click();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.getByRole('menuitem', { name: /Duplicate/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: /^Source/ }).click();
  await page.getByRole('option', { name: 'Backend' }).click();
  await dialog.getByLabel(/^Name/).fill('Klime of the backend');
  expect(await axeFindingsInBoth(page)).toEqual([]);
  // Two clicks without a pause are one copy: there is none left below when it is deleted.
  await dialog.getByRole('button', { name: 'Duplicate' }).dblclick();
  // Its secret came along, unread.
  await page.waitForURL(/\/settings/);
  await page.getByRole('heading', { name: 'Klime of the backend' }).waitFor();
  await page.getByText('Saved, encrypted, never shown again').waitFor();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete destination' });
  await expect(confirm.isDisabled()).resolves.toBe(true);
  await page.getByLabel(/to confirm$/).fill('Klime of the backend');
  await confirm.click();
  await page.waitForURL(/\/shop\/destinations$/);
  await page.getByRole('row', { name: /Klime of the shop/ }).waitFor();
  // A toast still names it.
  await page.getByRole('row', { name: /Klime of the backend/ }).waitFor({ state: 'detached' });
}, 120_000);

test('settings keep a secret until it is replaced, pause, and rehearse an outage only where no one is hurt', async () => {
  await open('/destinations');
  await page.getByRole('link', { name: 'Klime of the shop' }).click();
  await page
    .getByRole('navigation', { name: /parts$/ })
    .getByRole('link', { name: 'Settings' })
    .click();
  await button(/^Replace Write Key/).click();
  await page.getByLabel(/^Write Key/).fill('another');
  await button('Keep the saved one').click();
  await expect(button('Save settings').isDisabled()).resolves.toBe(true);
  await page.getByLabel('Name').fill('Klime');
  await button('Save settings').press('Enter');
  await page.getByRole('heading', { name: 'Klime', exact: true }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);

  await button('Pause').click();
  await page.getByText('Paused by hand').waitFor();
  await button('Resume').click();
  await page.getByText('Paused by hand').waitFor({ state: 'detached' });

  await button('Rehearse an outage').click();
  const start = page.getByRole('button', { name: 'Start the rehearsal' });
  await expect(start.isDisabled()).resolves.toBe(true);
  await page.getByRole('checkbox', { name: /No label says/ }).check();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await start.click();
  await page.getByText('An outage is rehearsed until', { exact: false }).waitFor();
  await button('End the rehearsal').click();
  await page.getByText('An outage is rehearsed until', { exact: false }).waitFor({ state: 'detached' });
}, 120_000);

test('nothing of all that ran as a script, or broke a page', () => {
  expect(surprises).toEqual([]);
});
