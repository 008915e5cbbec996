import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeFindingsInBoth } from '../builders/axe-findings.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';
import { aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { toolServer } from '../builders/tool-server.ts';
import { shows } from '../builders/web/shows.ts';

/** Names and values that would run, were they ever more than text. */
const HOSTILE = `<img src=x onerror="alert(1)">`;
/** Machines that run many suites at once are slow. */
const STEP_MS = 25_000;

let running: Running;
let tool: Awaited<ReturnType<typeof toolServer>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let sourceId: string;
let acceptsKeys = false;
const errors: string[] = [];

beforeAll(async () => {
  tool = await toolServer(({ url }, response) => {
    if (url === '/ads' && !acceptsKeys) response.writeHead(401).end('{"error":"bad key"}');
    else response.end('{"ok":true}');
  });
  const file = join(aDirectory(), 'seed.json');
  const to = (path: string) => `${tool.origin}${path}`;
  writeFileSync(
    file,
    JSON.stringify({
      workspace: { slug: 'test', name: 'Test' },
      sources: [
        {
          slug: 'server',
          name: 'Server',
          kind: 'server',
          writeKeys: [SINK_WRITE_KEY],
          schema: { track: { Blocked: { enabled: false } } },
        },
      ],
      destinations: [
        aWebhook('CRM', to('/crm')),
        aWebhook('Ad network', to('/ads'), { trigger: 'event = "Order Completed"' }),
        {
          ...aWebhook('Buyers', to('/buyers')),
          filters: [{ title: 'Only buyers', if: 'event != "Order Completed"', actions: [{ type: 'DROP' }] }],
        },
      ],
    }),
  );
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', file] }),
    aBrowser(),
  ]);
  const answer = await fetch(`${running.endpoints.apiUrl}/sources`, {
    headers: { authorization: `Bearer ${running.endpoints.apiToken}` },
  });
  sourceId = ((await answer.json()) as { data: { sources: { id: string }[] } }).data.sources[0]?.id ?? '';
  context = await anAppContext(browser, running.endpoints.webUrl);
  context.setDefaultTimeout(STEP_MS);
  page = await signedIn(context, running.endpoints.webUrl);
  await page.getByRole('button', { name: 'Skip the tour' }).click();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
  await tool?.close();
}, 30_000);
afterEach(() => expect(errors.splice(0)).toEqual([]));

async function send(...batch: Record<string, unknown>[]): Promise<void> {
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${SINK_WRITE_KEY}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
}
const track = (event: string, messageId: string, properties: Record<string, unknown> = {}) => ({
  type: 'track',
  event,
  userId: 'u-42',
  messageId,
  properties,
});
const open = async (path: string): Promise<void> => void (await page.goto(`${running.endpoints.webUrl}/test${path}`));
const list = () => page.getByRole('list', { name: 'Events, the newest first' });
const row = (name: string | RegExp) => list().getByRole('button', { name });
const drawer = () => page.getByRole('dialog');
/** Away from the list: what the pointer is over does not move. */
const pointAway = async (): Promise<void> => await page.mouse.move(5, 5);

test('a source without events says how to send one, and a test event is opened as soon as it is here', async () => {
  await open(`/sources/${sourceId}/debugger`);
  await page.getByText('No events in the last 24 hours').waitFor();
  await page.getByText(`-u '${SINK_WRITE_KEY}:'`).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send a test event' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Send a test event' });
  const editor = dialog.getByRole('textbox', { name: 'Event', exact: true });
  await editor.waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await editor.fill('[1]');
  await dialog.getByText('An event is a JSON object').waitFor();
  await expect(dialog.getByRole('button', { name: 'Send event' }).isDisabled()).resolves.toBe(true);
  await editor.fill('{"type":"track","event":"Tried","userId":"u-1"}');
  await dialog.getByRole('button', { name: 'Send event' }).click();
  const detail = page.getByRole('region', { name: 'Event', exact: true });
  await detail.getByText('Tried', { exact: true }).waitFor();
  await detail.getByText('Test', { exact: true }).waitFor();
}, 90_000);

test('events come live as text; the list stands still under the pointer and where it is paused', async () => {
  await open(`/sources/${sourceId}/debugger`);
  await pointAway();
  await row(/Tried/).waitFor();
  await send(track(HOSTILE, 'm-hostile', { note: HOSTILE }), track('Blocked', 'm-blocked'), {
    ...track('Nobody', 'm-bad'),
    userId: '',
  });
  await row(HOSTILE).waitFor();
  await row(/Blocked.*the schema of its source does not let it pass/).waitFor();
  await row(/Nobody.*Invalid/).waitFor();

  await row(HOSTILE).hover();
  await send(track('While hovered', 'm-hovered'));
  const fresh = page.getByRole('button', { name: '1 new event' });
  await fresh.waitFor();
  await expect(row('While hovered').count()).resolves.toBe(0);
  await fresh.click();
  await row('While hovered').waitFor();

  await pointAway();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Space');
  await page.getByText('Paused: events are still taken').waitFor();
  await send(track('While paused', 'm-paused'));
  // Longer than two looks.
  await page.waitForTimeout(3_500);
  await expect(row('While paused').count()).resolves.toBe(0);
  await page.keyboard.press('Space');
  await row('While paused').waitFor();
}, 90_000);

test('a query says how it was understood, narrows by keyboard, and is a link', async () => {
  await open(`/sources/${sourceId}/debugger`);
  await row('While paused').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('user:u-42 -event:Blocked note');
  await page.getByText('Event is not “Blocked”').waitFor();
  await row('While paused').waitFor({ state: 'detached' });
  await row(HOSTILE).waitFor();
  await page.reload();
  await row(HOSTILE).waitFor();
  await expect(list().getByRole('button').count()).resolves.toBe(1);
  await page.getByRole('button', { name: 'Remove: contains “note”' }).click();
  await row('While paused').waitFor();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await page.getByRole('button', { name: 'Invalid', exact: true }).click();
  await row('While paused').waitFor({ state: 'detached' });
  await page
    .getByRole('searchbox')
    .or(page.getByRole('textbox', { name: 'Search events' }))
    .fill('nothing-has-this');
  await page.getByText('No event fits this search').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.getByRole('button', { name: 'Clear search' }).last().click();
  await shows(row('While paused'), 25_000);
}, 90_000);

test('rows are walked and opened by keys; the event is shown as it was sent, as text, and as it was changed', async () => {
  await open(`/sources/${sourceId}/debugger?q=${encodeURIComponent('note')}`);
  await row(HOSTILE).focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('region', { name: 'Event', exact: true });
  await detail.getByRole('tree', { name: 'The event as it was sent' }).getByText('u-42').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await detail.getByRole('tab', { name: 'Raw' }).click();
  await detail.getByRole('region', { name: 'Raw event' }).getByText('onerror').waitFor();
  await detail.getByRole('tab', { name: 'Changes' }).click();
  await detail.getByText(/\d+ added/).waitFor();
  await detail.getByRole('tab', { name: 'Trace' }).click();
  await detail.getByText('Delivered to 1 of 3 destinations', { exact: false }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await row(HOSTILE).focus();
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
  await expect(page.locator('main img[src="x"]').count()).resolves.toBe(0);
}, 90_000);

test('the trace says first what became of an event and why, shows each stage, and gives the focus back', async () => {
  await send(track('Order Completed', 'm-order', { total: 49.5 }));
  await open(`/sources/${sourceId}/debugger`);
  await row(/Order Completed/).click();
  const opener = page.getByRole('button', { name: 'Open trace' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const outcome = drawer().getByRole('status', { name: 'Outcome' });
  await outcome.getByText('Refused by Ad network: 401, the credentials are not accepted').waitFor();
  await outcome.getByText('Delivered to 2 of 3 destinations').waitFor();
  await drawer().getByText('Try 1: refused').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await drawer().getByRole('button', { name: 'Request and response' }).click();
  await drawer()
    .getByRole('article', { name: /Ad network/ })
    .getByText('bad key')
    .waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await drawer().getByRole('tab', { name: 'Changes' }).click();
  await drawer()
    .getByRole('textbox', { name: 'To' })
    .or(drawer().getByRole('combobox', { name: 'To' }))
    .click();
  // Of what was refused ten samples a minute are kept, of what went well one: another event may have taken that.
  await page.getByRole('option', { name: 'Ad network: request' }).click();
  await drawer().getByRole('region', { name: 'Changes from As it was sent to Ad network: request' }).waitFor();
  await drawer().getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Copy as cURL' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain(`${running.endpoints.trackingUrl}/v1/track`);
  expect(command).not.toContain('m-order');
  await page.keyboard.press('Escape');
  await drawer().waitFor({ state: 'detached' });
  await expect(opener.evaluate((button) => button === button.ownerDocument.activeElement)).resolves.toBe(true);
}, 90_000);

test('what was refused is sent again from its trace, once it is counted', async () => {
  acceptsKeys = true;
  await open(`/sources?event=m-order&eventSource=${sourceId}`);
  await drawer().getByRole('button', { name: 'Replay' }).first().click();
  const dialog = page.getByRole('dialog', { name: /Replay “Order Completed” to Ad network/ });
  await dialog.getByText('1 event would be sent again').waitFor();
  const arrived = (): number => tool.arrivals.filter(({ url }) => url === '/ads').length;
  const before = arrived();
  await dialog.getByRole('button', { name: 'Replay 1 event' }).click();
  await until(
    () => arrived() === before + 1,
    STEP_MS,
    () => `It arrived ${arrived() - before} times`,
  );
}, 90_000);

test('a filter that dropped an event is named, and leads to where it is changed', async () => {
  await open(`/sources?event=m-paused&eventSource=${sourceId}`);
  await drawer().getByText('filter “Only buyers”').or(drawer().getByText('Filter “Only buyers”')).first().waitFor();
  const link = drawer().getByRole('link', { name: 'Open filter' });
  await expect(link.getAttribute('href')).resolves.toMatch(/\/test\/destinations\/[^/]+\/filters\/[^/]+$/);
  await open('/sources?event=never-was');
  await drawer().getByText('This event was not found').waitFor();
  await drawer()
    .getByText(/back to \d/)
    .waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
}, 90_000);

test('the schema lists what was seen; an event is blocked and let pass again, withheld and added', async () => {
  await open(`/sources/${sourceId}/schema`);
  const table = page.getByRole('table', { name: 'Schema: events' });
  const properties = table.getByRole('button', { name: 'Order Completed: properties' });
  await properties.waitFor();
  await table.getByRole('button', { name: `${HOSTILE}: properties` }).waitFor();
  await properties.focus();
  await page.keyboard.press('Enter');
  await table.getByRole('table', { name: 'Properties of Order Completed' }).getByText('total').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);

  const pass = table.getByRole('switch', { name: 'Let “Order Completed” pass' });
  await pass.focus();
  await page.keyboard.press('Space');
  await page.getByText('“Order Completed” is blocked from now on').waitFor();
  const passes = (checked: boolean) =>
    table.getByRole('switch', { name: 'Let “Order Completed” pass', checked }).waitFor({ state: 'attached' });
  await passes(false);
  await page.getByRole('button', { name: 'Undo' }).click();
  await passes(true);

  await table.getByRole('button', { name: 'Destinations that get “Tried”: all 3' }).click();
  await page.getByRole('switch', { name: 'Send to CRM' }).click({ force: true });
  await table.getByRole('button', { name: 'Destinations that get “Tried”: 2 of 3' }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'New event' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Not yet sent');
  await page.keyboard.press('Enter');
  await table.getByRole('button', { name: 'Not yet sent: properties' }).waitFor();
  await page.getByRole('textbox', { name: 'Search events' }).fill('not yet');
  await properties.waitFor({ state: 'detached' });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  await page.getByText('Identify', { exact: true }).click();
  await page.getByText('No traits were seen yet').or(page.getByText('Nothing fits this search')).first().waitFor();
}, 120_000);
