import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';
import { shows } from '../builders/web/shows.ts';
import { aJourneySeed, shopOf, toolOf } from '../builders/web/journey-seed.ts';

/** What happens to one's page while somebody else works, or one's own session ends: nothing that was typed is lost, and nothing of theirs is undone. */
const LOOKS_MAX = 30;

let running: Running;
let browser: Browser;
const errors: string[] = [];

beforeAll(async () => {
  [running, browser] = await Promise.all([
    // Nothing is sent anywhere.
    runTributary({ args: ['--no-demo', '--seed', aJourneySeed(aDirectory(), 'https://tool.example.com')] }),
    aBrowser(),
  ]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
}, 60_000);
afterEach(() => expect(errors.splice(0)).toEqual([]));

/** A profile of its own at a page of the workspace: another person, or another tab. */
async function somebodyAt(path: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await anAppContext(browser, running.endpoints.webUrl);
  context.setDefaultTimeout(60_000);
  const page = await signedIn(context, running.endpoints.webUrl);
  page.on('pageerror', (error) => errors.push(error.message));
  await page
    .getByRole('button', { name: 'Skip the tour' })
    .click({ timeout: 5_000 })
    .catch(() => undefined);
  await page.goto(`${running.endpoints.webUrl}/test/${path}`);
  return { context, page };
}

/** Looks at the window again and again, as a browser tells its page, until something shows: pages ask anew what is not fresh any more. */
async function lookUntil(page: Page, shown: Locator): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
    const isThere = await shown.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
  throw new Error(`It never shows: ${String(shown)}`);
}

const partOf = async (page: Page, tool: string, part: string): Promise<void> => {
  await page.getByRole('link', { name: tool, exact: true }).first().click();
  await page
    .getByRole('navigation', { name: /parts$/ })
    .getByRole('link', { name: part })
    .click();
};

test('two who change one mapping: the second is told before anything is saved, keeps what both did, and loses nothing', async () => {
  const [ann, ben] = [await somebodyAt('destinations'), await somebodyAt('destinations')];
  for (const { page } of [ann, ben]) {
    await partOf(page, toolOf('unmapped'), 'Mappings');
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).waitFor();
  }
  // Ann has the fields open as text, and has not typed yet when Ben saves and she looks at her window again.
  await ann.page.getByRole('button', { name: 'Edit fields as JSON' }).click();
  const json = ann.page.getByRole('textbox', { name: /JSON/ });
  const fields = (await json.inputValue().catch(() => json.innerText())).replace('"POST"', '"PUT"');
  await ben.page.getByLabel('Name', { exact: true }).fill('Orders of Ben');
  await ben.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ben.page.getByText('Everything is saved').waitFor();
  const told = ann.page.getByText('This mapping was saved elsewhere since you began');
  await lookUntil(ann.page, told);
  await ann.page.getByRole('button', { name: 'Take theirs' }).click();
  await told.waitFor({ state: 'detached' });
  await expect(ann.page.getByLabel('Name', { exact: true }).inputValue()).resolves.toBe('Orders of Ben');

  await ann.page.getByRole('button', { name: 'Edit fields as JSON' }).click();
  await json.fill(fields);
  await ben.page.getByLabel('Name', { exact: true }).fill('Orders of Ben, again');
  await ben.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ben.page.getByText('Everything is saved').waitFor();

  // Ann saves without having looked: refused, and told.
  await ann.page.getByRole('button', { name: 'Save', exact: true }).click();
  await told.waitFor();
  await expect(ann.page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).resolves.toBe(true);
  await ann.page.getByRole('button', { name: 'Keep mine' }).click();
  await told.waitFor({ state: 'detached' });
  await expect(ann.page.getByLabel('Name', { exact: true }).inputValue()).resolves.toBe('Orders of Ben, again');
  await expect(ann.page.getByText('nothing was saved').count()).resolves.toBe(0);
  await ann.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ann.page.getByText('Everything is saved').waitFor();

  const { apiUrl, apiToken } = running.endpoints;
  const [, destinationId] = /destinations\/([^/]+)/.exec(ann.page.url()) ?? [];
  const answer = await fetch(`${apiUrl}/destinations/${destinationId}/subscriptions`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  await expect(answer.json()).resolves.toMatchObject({
    data: { subscriptions: [{ name: 'Orders of Ben, again', settings: { method: 'PUT' } }] },
  });
  await ann.context.close();
  await ben.context.close();
}, 180_000);

test('who has begun to change a filter sees at the next look that another has saved it, and may take theirs', async () => {
  const [ann, ben] = [await somebodyAt('destinations'), await somebodyAt('destinations')];
  for (const { page } of [ann, ben]) {
    await partOf(page, toolOf('filtered'), 'Filters');
    await page.getByRole('link', { name: 'No orders', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).waitFor();
  }
  await ann.page.getByLabel('Name', { exact: true }).fill('Of Ann');
  await ben.page.getByLabel('Name', { exact: true }).fill('Of Ben');
  await ben.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ben.page.getByText('Everything is saved').waitFor();
  await lookUntil(ann.page, ann.page.getByText('This filter was saved elsewhere since you began'));
  await ann.page.getByRole('button', { name: 'Take theirs' }).click();
  await expect(ann.page.getByLabel('Name', { exact: true }).inputValue()).resolves.toBe('Of Ben');
  await ann.page.getByText('Everything is saved').waitFor();
  // One's own switch is nobody else's change.
  await ann.page.getByLabel('Name', { exact: true }).fill('No orders');
  await ann.page.getByRole('switch', { name: /enabled/ }).click({ force: true });
  await ann.page.getByText('Disabled', { exact: true }).first().waitFor();
  await ann.page.getByRole('button', { name: 'Save', exact: true }).click();
  await shows(ann.page.getByText('Everything is saved'), 30_000);
  await ann.context.close();
  await ben.context.close();
}, 180_000);

test.each([
  { what: 'destination', list: 'destinations', thing: toolOf('refused'), save: 'Save settings' },
  { what: 'source', list: 'sources', thing: shopOf('refused'), save: 'Save' },
])(
  'settings of a $what that another has saved meanwhile do not wipe what was typed, and theirs are not undone',
  async ({ what, list, thing, save }) => {
    const [ann, ben] = [await somebodyAt(list), await somebodyAt(list)];
    for (const { page } of [ann, ben]) await partOf(page, thing, 'Settings');
    const nameOf = (page: Page) => page.getByRole('main').getByLabel('Name', { exact: true });
    await nameOf(ann.page).fill('Of Ann');
    await nameOf(ben.page).fill('Of Ben');
    await ben.page.getByRole('button', { name: save, exact: true }).click();
    await ben.page.getByRole('heading', { name: 'Of Ben' }).waitFor();
    await lookUntil(ann.page, ann.page.getByText(`This ${what} was saved elsewhere since you began`));
    await expect(nameOf(ann.page).inputValue()).resolves.toBe('Of Ann');
    await ann.page.getByRole('button', { name: 'Keep mine' }).click();
    await ann.page.getByRole('button', { name: save, exact: true }).click();
    await ann.page.getByRole('heading', { name: 'Of Ann' }).waitFor();
    // Who has begun nothing sees what holds, as saved.
    await lookUntil(ben.page, ben.page.getByRole('heading', { name: 'Of Ann' }));
    await expect(ben.page.getByText('not saved').count()).resolves.toBe(0);
    await ann.context.close();
    await ben.context.close();
  },
  180_000,
);

test('a session that ends in the middle of a form keeps what was typed, and goes on when one signs in in another tab', async () => {
  const { context, page } = await somebodyAt('sources/new');
  await page.getByRole('link', { name: /HTTP API/ }).click();
  await page.getByLabel('Name').fill('Half typed');
  await page.evaluate(`for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith('oidc.user:')) continue;
    const { refresh_token, ...rest } = JSON.parse(sessionStorage[key]);
    sessionStorage[key] = JSON.stringify({ ...rest, expires_at: 1 });
  }`);
  await page.getByLabel('Name').press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  // The issuer still knows this browser, and asks nothing.
  await dialog.getByRole('link', { name: 'Sign in in another tab' }).click();
  await dialog.waitFor({ state: 'detached' });
  await expect(page.getByLabel('Name').inputValue()).resolves.toBe('Half typed');
  await page.getByLabel('Name').press('Enter');
  await page.getByText('Waiting for the first event').waitFor();
  await context.close();
}, 180_000);

test('Back closes what was opened over a page, and after signing out it shows nothing', async () => {
  const { context, page } = await somebodyAt('sources');
  await page.getByRole('link', { name: shopOf('filtered'), exact: true }).click();
  await page.getByRole('heading', { name: shopOf('filtered') }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Sources' }).waitFor();
  await page.goForward();
  await page.getByRole('heading', { name: shopOf('filtered') }).waitFor();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL((url) => url.origin !== new URL(running.endpoints.webUrl).origin || /sign/.test(url.pathname));
  await page.goBack();
  await page.waitForTimeout(2_000);
  await expect(page.getByText(shopOf('filtered')).count()).resolves.toBe(0);
  await context.close();
}, 180_000);

test('who signs out everywhere is out in every browser at once, and each gets in by signing in anew', async () => {
  const [here, there, idle] = [await somebodyAt('sources'), await somebodyAt('sources'), await somebodyAt('sources')];
  const isOut = (url: URL): boolean => url.origin !== new URL(running.endpoints.webUrl).origin;
  const asked = async (page: Page): Promise<void> => {
    await page.waitForURL(isOut);
    await page.getByRole('button', { name: /^Sign in as/ }).click();
    await page.waitForURL((url) => !isOut(url));
  };
  await here.page.getByRole('button', { name: /^Account of/ }).click();
  await here.page.getByRole('menuitem', { name: /^Account/ }).click();
  await here.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.waitForURL(isOut);

  // One was in the middle of something. Its issuer has not heard of it, and asks all the same.
  await there.page.getByRole('link', { name: shopOf('filtered'), exact: true }).click();
  const dialog = there.page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByText(/All your sign-ins were ended/).waitFor();
  await dialog.getByRole('button', { name: /^Sign in here/ }).click();
  await asked(there.page);
  await there.page.getByRole('heading', { name: shopOf('filtered') }).waitFor();

  // A tab that is loaded anew has nothing to lose, and comes back to where it was.
  await idle.page.reload();
  await asked(idle.page);
  await idle.page.getByRole('heading', { name: 'Sources' }).waitFor();
  for (const { context } of [here, there, idle]) await context.close();
}, 180_000);

test('a sign-in that the API takes no more, though the issuer still knows it, is told so, and asks anew', async () => {
  const { context, page } = await somebodyAt('sources');
  const tab = await context.newPage();
  const refusal = { errors: [{ type: 'sign-in-ended', message: 'This sign-in has been ended.', status: 401 }] };
  await tab.route(
    '**/app-api/sign-in',
    async (route) =>
      await route.fulfill({ status: 401, json: refusal, headers: { 'access-control-allow-origin': '*' } }),
    { times: 1 },
  );
  await tab.goto(`${running.endpoints.webUrl}/test/sources`);
  await shows(tab.getByText('This sign-in was ended since, by you or by the owner of this deployment.'), 30_000);
  await tab.getByRole('button', { name: 'Sign in again' }).click();
  await tab.getByRole('button', { name: /^Sign in as/ }).click();
  await tab.getByRole('heading', { name: 'Sources' }).waitFor();
  await page.close();
  await context.close();
}, 180_000);
