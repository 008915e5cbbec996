import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeFindingsInBoth } from '../builders/axe-findings.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';
import { aSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { toolServer } from '../builders/tool-server.ts';

/** What strangers put into an event's name: it is text everywhere. */
const HOSTILE = `<img src=x onerror="alert(1)">`;
/** Machines that run many suites at once are slow. */
const STEP_MS = 25_000;

let running: Running;
let tool: Awaited<ReturnType<typeof toolServer>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let base: string;
const surprises: string[] = [];

beforeAll(async () => {
  tool = await toolServer();
  const seed = aSeed(aDirectory(), [aWebhook('Hook', `${tool.origin}/hook`, { trigger: 'type = "page"' })]);
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] }),
    aBrowser(),
  ]);
  const answer = await fetch(`${running.endpoints.apiUrl}/destinations`, {
    headers: { authorization: `Bearer ${running.endpoints.apiToken}` },
  });
  const { data } = (await answer.json()) as { data: { destinations: { id: string }[] } };
  base = `/test/destinations/${data.destinations[0]?.id ?? ''}`;
  await send(
    { type: 'page', name: 'Home', messageId: 'm-page' },
    { type: 'track', event: HOSTILE, messageId: 'm-hostile', properties: { total: 1 } },
    order('m-order', 42),
  );
  context = await anAppContext(browser, running.endpoints.webUrl);
  context.setDefaultTimeout(STEP_MS);
  page = await signedIn(context, running.endpoints.webUrl);
  page.on('pageerror', (error) => surprises.push(error.message));
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') surprises.push(`dialog: ${dialog.message()}`);
    void dialog.accept();
  });
  // The tour of a first visit lies over what is tried here.
  await page
    .getByRole('button', { name: 'Skip the tour' })
    .click({ timeout: 15_000 })
    .catch(() => undefined);
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
  await tool?.close();
}, 30_000);
afterEach(() => expect(surprises.splice(0)).toEqual([]));

const order = (messageId: string, total: number) => ({
  type: 'track',
  event: 'Order Completed',
  messageId,
  properties: { total, email: 'ada@example.test' },
});
async function send(...batch: Record<string, unknown>[]): Promise<void> {
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${SINK_WRITE_KEY}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch: batch.map((one) => ({ userId: 'ada', ...one })) }),
  });
  expect(answer.status).toBe(200);
}
const arrivals = (path: string) => tool.arrivals.filter(({ url }) => url === path).map(({ body }) => body);
const open = (path: string) => page.goto(`${running.endpoints.webUrl}${base}${path}`);
const main = () => page.getByRole('main');
const button = (name: string) => main().getByRole('button', { name, exact: true });
const output = () => page.getByRole('region', { name: 'Output' });

test('mappings are listed in words, switched with a way back, and duplicated disabled', async () => {
  await open('/mappings');
  await page.getByRole('cell', { name: 'Page calls' }).waitFor();
  const toggle = page.getByRole('switch', { name: 'Chosen events enabled' });
  await toggle.click({ force: true });
  await page.getByText('“Chosen events” is disabled').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('“Chosen events” is enabled').waitFor();
  expect(await toggle.isChecked()).toBe(true);
  await page.getByRole('button', { name: 'More of Chosen events' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await page.getByRole('link', { name: 'Chosen events (Copy)' }).waitFor();
  expect(await page.getByRole('switch', { name: 'Chosen events (Copy) enabled' }).isChecked()).toBe(false);
  await expect(axeFindingsInBoth(page)).resolves.toEqual([]);
  await page.getByRole('button', { name: 'More of Chosen events (Copy)' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete mapping' }).click();
  await page.getByRole('link', { name: 'Chosen events (Copy)' }).waitFor({ state: 'detached' });
}, 120_000);

test('a mapping is written beside its output, saved disabled, enabled, and then it sends', async () => {
  await open('/mappings');
  await page.getByRole('button', { name: 'New mapping' }).click();
  await page.getByRole('menuitem', { name: /^Send/ }).click();
  await page.getByLabel('Name', { exact: true }).fill('Totals');
  // By keyboard: another condition, whose error is said until it is finished.
  await button('Add condition').press('Enter');
  await page.getByRole('combobox', { name: 'Field of condition 2' }).fill('properties.total');
  await page.getByRole('combobox', { name: 'Operator of condition 2' }).click();
  await page.getByRole('option', { name: 'is more than' }).click();
  await page.getByText('Enter a number').waitFor();
  expect(await button('Save mapping').isDisabled()).toBe(true);
  await page.getByLabel('Value of condition 2').fill('10');
  await page.getByLabel('As FQL').getByText('properties.total > 10').waitFor();
  await main()
    .getByText(/Would send .*events of the last 24 hours|sent nothing/)
    .waitFor();

  await main().getByRole('button', { name: 'track: Order Completed' }).click();
  const url = page.getByRole('group', { name: 'URL', exact: true });
  await url.getByRole('button', { name: 'Set a value' }).click();
  await url.getByLabel('Kind of URL').selectOption('Fixed value');
  await url.getByLabel('URL', { exact: true }).fill(`${tool.origin}/totals`);
  const data = page.getByRole('group', { name: 'Data', exact: true }).first();
  await data.getByLabel('Kind of Data').first().selectOption('Object');
  await data.getByLabel('New key of Data').fill('sum');
  await data.getByLabel('New key of Data').press('Enter');
  await data.getByRole('combobox', { name: 'Data: sum', exact: true }).fill('properties.total');
  await output().getByText('Would send 1 request').waitFor();
  await output().getByText('42').first().waitFor();
  await expect(axeFindingsInBoth(page)).resolves.toEqual([]);

  // Leaving asks, and staying keeps what was typed.
  await page.getByRole('link', { name: 'All mappings' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Totals');
  await button('Save mapping').click();
  await page.getByText('“Totals” is saved, disabled').waitFor();
  const toggle = page.getByRole('switch', { name: 'Totals enabled' });
  await toggle.press('Space');
  await page.getByText('“Totals” is enabled').waitFor();
  await page.reload();
  await output().getByText('Would send 1 request').waitFor();
  expect(await toggle.isChecked()).toBe(true);

  let count = 0;
  await until(
    async () => {
      count += 1;
      await send(order(`m-sent-${count}`, 77));
      return arrivals('/totals').length > 0;
    },
    20_000,
    () => `Nothing came, but ${tool.arrivals.map(({ url: at }) => at).join()}`,
  );
  expect(JSON.parse(arrivals('/totals')[0] ?? '{}')).toEqual({ sum: 77 });
}, 180_000);

test('fields as JSON and the trigger as FQL are the same mapping; what the API refuses is said at its field', async () => {
  await open('/mappings');
  await page.getByRole('link', { name: 'Totals' }).click();
  await button('Edit fields as JSON').click();
  const editor = page.getByRole('textbox', { name: 'Fields as JSON' });
  await editor.getByText('"sum"').waitFor();
  await editor.press('Control+a');
  await page.keyboard.insertText(
    JSON.stringify({
      url: `${tool.origin}/totals`,
      method: 'POST',
      data: { sum: { '@path': '$.properties.total' } },
      nope: 1,
    }),
  );
  await main()
    .getByText(/nope .*/)
    .last()
    .waitFor();
  await output().getByText('It cannot be tried like this').waitFor();
  await button('Edit fields as rows').click();
  await page.getByRole('group', { name: 'nope', exact: true }).waitFor();
  await button('Remove nope').click();
  await button('Edit as FQL').click();
  await page.getByLabel('Trigger as FQL').fill('type = "track" and (event = "A" or');
  await main()
    .getByText(/at character/)
    .waitFor();
  expect(await button('Save').isDisabled()).toBe(true);
  await button('Discard changes').click();
  await page.getByText('Everything is saved').waitFor();
  // Names of strangers stay text.
  await main()
    .getByRole('button', { name: `track: ${HOSTILE}` })
    .first()
    .waitFor();
}, 120_000);

test('a filter is judged on real events while it is written, and keeps fields back once it is enabled', async () => {
  await open('/filters');
  await button('Remove fields, such as e-mail addresses').waitFor();
  await expect(axeFindingsInBoth(page)).resolves.toEqual([]);
  await button('Remove fields, such as e-mail addresses').press('Enter');
  await page.getByText('Name at least one field, and each of these events is judged here at once.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('No e-mail');
  await page.getByRole('combobox', { name: 'Fields to remove' }).fill('properties.total');
  await page.keyboard.press('Enter');
  await page.getByText('will be sent in part').waitFor();
  const judged = page.getByRole('list', { name: 'Events and what becomes of them' });
  await judged
    .getByRole('button', { name: /Home.* Sent$/ })
    .first()
    .waitFor();
  await judged
    .getByRole('button', { name: /Order Completed.*Sent in part/ })
    .first()
    .click();
  await page.getByRole('region', { name: 'What the destination does not get' }).getByText('total').first().waitFor();
  await page
    .getByRole('region', { name: 'In the last 24 hours' })
    .getByText(/events|sent nothing/)
    .first()
    .waitFor();
  await expect(axeFindingsInBoth(page)).resolves.toEqual([]);
  await button('Save and enable').click();
  await page.getByText('“No e-mail” is saved and enabled').waitFor();

  tool.arrivals.length = 0;
  let count = 0;
  await until(
    async () => {
      count += 1;
      await send({ type: 'page', name: 'Cart', messageId: `m-cart-${count}`, properties: { total: 5, path: '/cart' } });
      return arrivals('/hook').some((body) => body.includes('"path":"/cart"') && !body.includes('"total"'));
    },
    25_000,
    () => `Came: ${arrivals('/hook').join(' ')}`,
  );
}, 180_000);

test('filters stand in the order in which they are applied, and go only with their name', async () => {
  await open('/filters/new?kind=sample');
  await page.getByLabel('Name', { exact: true }).fill('Some of them');
  await button('Save as disabled').click();
  await page.getByText('“Some of them” is saved, disabled').waitFor();
  await page.getByRole('link', { name: 'All filters' }).click();
  const rows = page.getByRole('table', { name: 'filters' }).getByRole('row');
  await rows.nth(2).waitFor();
  expect(await rows.nth(1).innerText()).toContain('Send 50% of every event, by userId');
  expect(await rows.nth(2).innerText()).toContain('Remove properties.total from every event');
  await page.getByRole('button', { name: 'More of No e-mail' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete “No e-mail”' });
  expect(await dialog.getByRole('button', { name: 'Delete filter' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('No e-mail');
  await dialog.getByRole('textbox').press('Enter');
  await page.getByRole('link', { name: 'No e-mail' }).waitFor({ state: 'detached' });
}, 120_000);
