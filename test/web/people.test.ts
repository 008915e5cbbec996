import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeFindingsInBoth } from '../builders/axe-findings.ts';
import { aBrowser } from '../builders/browser.ts';
import { type Running, runTributary } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';

/** A name that would run, were it ever more than text. */
const HOSTILE = '<img src=x onerror=alert(1)> "Ada"';
const PASSWORD = 'correct horse battery staple';
/** Machines that run many suites at once are slow. */
const STEP_MS = 25_000;

let running: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  running = await runTributary();
  browser = await aBrowser();
  context = await anAppContext(browser, running.endpoints.webUrl);
  context.setDefaultTimeout(STEP_MS);
  page = await signedIn(context, running.endpoints.webUrl);
  watch(page);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
}, 30_000);

/** Nothing may run that pages were given as text, and nothing may throw. */
function watch(one: Page): void {
  one.on('pageerror', (error) => errors.push(error.message));
  one.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
afterEach(() => expect(errors.splice(0)).toEqual([]));

const go = async (path: string, one = page): Promise<void> => void (await one.goto(running.endpoints.webUrl + path));
const settings = async (part: string): Promise<void> => await go(`/demo/settings/${part}`);
const button = (name: string | RegExp, one = page) => one.getByRole('button', { name, exact: true });
const dialog = (name: string | RegExp, one = page) => one.getByRole('dialog', { name });
const choose = async (label: string, option: string | RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
};
const asApi = async (path: string, init: RequestInit = {}): Promise<Response> =>
  await fetch(`${running.endpoints.apiUrl}${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${running.endpoints.apiToken}`, 'Content-Type': 'application/json' },
  });

test('the tour shows five things by keyboard, ends for good, and begins again from the help menu', async () => {
  const note = page.getByRole('complementary', { name: 'Tour' });
  await note.getByText('1 of 5').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await note.getByRole('button', { name: 'Next' }).focus();
  for (const step of ['2 of 5', '3 of 5', '4 of 5', '5 of 5']) {
    await page.keyboard.press('Enter');
    await note.getByText(step).waitFor();
  }
  await note.getByRole('button', { name: 'Back' }).click();
  await note.getByText('4 of 5').waitFor();
  // It blocks nothing: what is below can be used.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.keyboard.press('Escape');
  await note.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await expect(note.count()).resolves.toBe(0);
  await button('Help').click();
  await page.getByRole('menuitem', { name: 'Take the tour' }).click();
  await note.getByText('1 of 5').waitFor();
  await button('Skip the tour').click();
  await note.waitFor({ state: 'detached' });
}, 90_000);

test('a workspace is renamed to any text, its addresses are there to copy, and deletion takes its slug and can be taken back', async () => {
  await settings('general');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill(HOSTILE);
  await name.press('Enter');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: /Workspace <img src=x/ }).waitFor();
  await name.fill('Demo');
  await button('Save').click();
  await page.getByRole('button', { name: /Workspace Demo/ }).waitFor();
  await page.getByText(running.endpoints.trackingUrl, { exact: true }).waitFor();
  await button('Copy tracking address').click();
  await expect(page.evaluate(() => navigator.clipboard.readText())).resolves.toBe(running.endpoints.trackingUrl);
  expect(await axeFindingsInBoth(page)).toEqual([]);

  await button('Delete workspace').click();
  const asked = dialog('Delete Demo');
  const confirm = asked.getByRole('button', { name: 'Delete workspace' });
  await expect(confirm.isDisabled()).resolves.toBe(true);
  await asked.getByRole('textbox').fill('demo');
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText(/Will be deleted on/).waitFor();
  await button('Restore workspace').click();
  await page.getByText('The workspace stays').waitFor();
  await button('Delete workspace').waitFor();
}, 90_000);

test('people are invited many at once; one makes an account, joins, may what was given, asks for more, gets it, and leaves', async () => {
  await settings('team');
  await button('Invite people').click();
  const drawer = dialog('Invite people');
  await drawer.getByRole('textbox', { name: 'E-mail addresses' }).fill('Ada <ada@example.com>, bea@example.com');
  await choose('Where role 1 holds', 'for sources with labels');
  await drawer.getByText('Choose a label', { exact: true }).waitFor();
  await choose('Labels for role 1', 'environment:prod');
  await page.keyboard.press('Escape');
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await drawer.getByRole('button', { name: 'Invite 2 people' }).click();
  const ready = dialog('2 invites are ready');
  await ready.getByText('Copy the links now: they are not shown again').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  const linkOf = async (email: string): Promise<string> => {
    await ready.getByRole('button', { name: `Copy the link for ${email}` }).click();
    return await page.evaluate(() => navigator.clipboard.readText());
  };
  const [adaLink, beaLink] = [await linkOf('ada@example.com'), await linkOf('bea@example.com')];
  expect(new URL(adaLink).search).toBe('');
  await ready.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('region', { name: 'Invited' }).getByText('ada@example.com').waitFor();

  const other = await anAppContext(browser, running.endpoints.webUrl);
  other.setDefaultTimeout(STEP_MS);
  const ada = await other.newPage();
  watch(ada);
  await ada.goto(adaLink);
  await ada.getByRole('heading', { name: 'Join Demo' }).waitFor();
  expect(await axeFindingsInBoth(ada)).toEqual([]);
  await ada.getByRole('textbox', { name: 'Your name' }).fill(HOSTILE);
  await ada.getByLabel('Password', { exact: false }).first().fill(PASSWORD);
  await ada.keyboard.press('Enter');
  await ada.getByText('Your account is ready').waitFor();
  await button('Sign in and join', ada).click();
  await ada.getByLabel('E-mail').fill('ada@example.com');
  await ada.getByLabel('Password').fill(PASSWORD);
  await ada.getByRole('button', { name: 'Sign in', exact: true }).click();
  await button('Join Demo', ada).click();
  await ada.getByText('Welcome to Demo').waitFor();

  // What she may not see is no tab; asked for by its address, it says whom to ask.
  await go('/demo/settings', ada);
  await ada.getByRole('heading', { name: 'Settings' }).waitFor();
  await expect(ada.getByRole('link', { name: 'API tokens' }).count()).resolves.toBe(0);
  await go('/demo/settings/tokens', ada);
  await button('Request access', ada).click();
  await ada.getByRole('dialog').getByText('owner@example.com').waitFor();
  await ada.getByRole('textbox', { name: 'Note to them' }).fill('for CI');
  expect(await axeFindingsInBoth(ada)).toEqual([]);
  await ada.getByRole('dialog').getByRole('button', { name: 'Request access' }).click();
  await ada.getByText('The owners see your request').waitFor();
  // The link of somebody else says so.
  await ada.goto(beaLink);
  await button('Join Demo', ada).click();
  await ada.getByText('This invite is for another address').waitFor();
  await button('Not now', ada).click();
  await ada.waitForURL(/\/demo\/overview/);

  await settings('access-requests');
  await page.getByText(/wants to see API tokens/).waitFor();
  await page.getByText('“for CI”').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await button('Grant Workspace Owner').click();
  await page.getByText('Nobody asks for access').waitFor();
  await go('/demo/settings/tokens', ada);
  await button('Create token', ada).waitFor();
  await other.close();

  await settings('team');
  const row = page.getByRole('row').filter({ hasText: 'ada@example.com' });
  await row.getByRole('button').focus();
  await page.keyboard.press('Enter');
  const member = page.getByRole('dialog');
  await member.getByText('What this person can do').waitFor();
  await member.getByText('see, invite, change and remove').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await member.getByRole('button', { name: 'Remove role 2' }).click();
  await member.getByRole('button', { name: 'Save roles' }).click();
  await member.getByText('see, invite, change and remove').waitFor({ state: 'detached' });
  await member.getByRole('button', { name: 'Remove from the workspace' }).click();
  await page
    .getByRole('dialog', { name: /^Remove </ })
    .getByRole('button', { name: 'Remove', exact: true })
    .click();
  await row.waitFor({ state: 'detached' });
  await button('Actions for bea@example.com').click();
  await page.getByRole('menuitem', { name: 'Withdraw' }).click();
  await button('Withdraw').click();
  await page.getByText('bea@example.com', { exact: true }).waitFor({ state: 'detached' });
}, 180_000);

test('a group is made, gets people and roles, and goes', async () => {
  await settings('groups');
  await page.getByText('No groups yet').waitFor();
  await button('Create group').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Marketing');
  await page.keyboard.press('Enter');
  const group = dialog('Marketing');
  await group.getByRole('combobox', { name: 'People' }).click();
  await page.getByRole('option', { name: 'owner@example.com' }).click();
  await page.keyboard.press('Escape');
  await group.getByRole('button', { name: 'Add role' }).click();
  await group.getByRole('button', { name: 'Save group' }).click();
  await page.getByText('Saved: it counts from the next request on').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await group.getByRole('button', { name: 'Close' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Marketing' });
  await row.getByText('Source Read-only').waitFor();
  await row.getByRole('button', { name: 'Marketing' }).click();
  await dialog('Marketing').getByRole('button', { name: 'Delete group' }).click();
  await dialog('Delete the group Marketing').getByRole('button', { name: 'Delete group' }).click();
  await page.getByText('No groups yet').waitFor();
}, 60_000);

test('an environment is made, put on sources, refused to go while it is in use, and goes after that', async () => {
  await settings('labels');
  await button('Add environment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('staging');
  await page.keyboard.press('Enter');
  const row = page.getByRole('row').filter({ hasText: 'staging' });
  await row.getByRole('button', { name: 'Assign' }).click();
  const assign = dialog('Sources with environment:staging');
  await assign.getByRole('checkbox', { name: 'Server', exact: true }).check();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await assign.getByRole('button', { name: 'Change 1 source' }).click();
  await row.getByRole('link', { name: 'Server', exact: true }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await button('Delete environment:staging').click();
  const remove = dialog('Delete environment:staging');
  await remove.getByRole('button', { name: 'Delete', exact: true }).click();
  await remove
    .getByRole('alert')
    .getByText(/in use by source server/)
    .waitFor();
  await remove.getByRole('button', { name: 'Cancel' }).click();
  await row.getByRole('button', { name: 'Assign' }).click();
  await assign.getByRole('checkbox', { name: 'Server', exact: true }).uncheck();
  await assign.getByRole('button', { name: 'Change 1 source' }).click();
  await button('Delete environment:staging').click();
  await remove.getByRole('button', { name: 'Delete', exact: true }).click();
  await row.waitFor({ state: 'detached' });
}, 60_000);

test('a token is shown once, works as the page says, and is refused once revoked', async () => {
  await settings('tokens');
  await button('Create token').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('CI');
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.keyboard.press('Enter');
  const made = dialog('The token CI is ready');
  await made.getByRole('button', { name: 'Copy token' }).click();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect(token).toMatch(/^tby_/);
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await made.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(token).count()).resolves.toBe(0);
  const sources = async (): Promise<number> =>
    (await fetch(`${running.endpoints.apiUrl}/sources`, { headers: { Authorization: `Bearer ${token}` } })).status;
  await expect(sources()).resolves.toBe(200);
  const row = page.getByRole('row').filter({ hasText: 'CI' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await button('Revoke token').click();
  await row.waitFor({ state: 'detached' });
  await expect(sources()).resolves.toBe(401);
}, 60_000);

test('the audit trail is filtered in the address, tells before and after, and is a file', async () => {
  await settings('audit');
  await choose('Event', 'Label Created');
  await page.waitForURL(/type=Label\+Created/);
  await page.getByRole('button', { name: 'Label Created' }).first().waitFor();
  await expect(page.getByRole('button', { name: 'Label Deleted' }).count()).resolves.toBe(0);
  await page.reload();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await choose('Event', 'Workspace Modified');
  await page.getByRole('button', { name: 'Workspace Modified' }).last().click();
  const entry = dialog('Workspace Modified');
  await entry
    .getByRole('region', { name: 'Changes by Workspace Modified' })
    .getByText(/<img src=x/)
    .waitFor();
  await entry.getByText('127.0.0.1').waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.goBack();
  await entry.waitFor({ state: 'detached' });
  const saved = page.waitForEvent('download');
  await button('Download CSV').click();
  expect((await saved).suggestedFilename()).toBe('demo-audit.csv');
  expect(await axeFindingsInBoth(page)).toEqual([]);
}, 60_000);

test('users are suppressed by paste, listed as text, and taken again', async () => {
  await go('/demo/privacy/suppressions');
  await page.getByText('Nobody is suppressed').waitFor();
  await button('Suppress users').first().click();
  const ids = dialog('Suppress users').getByRole('textbox', { name: 'User ids' });
  await ids.fill(`4711\n${HOSTILE}\n4711`);
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await button('Suppress 2 users').click();
  await page.getByRole('heading', { name: '2 users', exact: true }).waitFor();
  await page.getByRole('checkbox', { name: 'Choose 4711' }).check();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await button('Take events of 1 user again').click();
  await button('Take events again').click();
  await page.getByRole('heading', { name: '1 user', exact: true }).waitFor();
  const left = (await (await asApi('/suppressions')).json()) as { data: { suppressed: { subjectIds: string[] }[] } };
  expect(left.data.suppressed.flatMap(({ subjectIds }) => subjectIds)).toEqual([HOSTILE]);
}, 60_000);

test('what one is told of is kept, and the account says who one is', async () => {
  await go('/demo/overview');
  await button(/^Account of/).click();
  await page.getByRole('menuitem', { name: 'Notifications' }).click();
  const mail = page.getByRole('switch', { name: 'Delivery: E-mail' });
  await mail.focus();
  await page.keyboard.press('Space');
  await page.getByRole('switch', { name: 'Delivery: E-mail', checked: true }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.waitForLoadState('networkidle');
  await page.reload();
  await page.getByRole('switch', { name: 'Delivery: E-mail', checked: true }).waitFor();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByText('owner@example.com', { exact: true }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.getByText('Compact', { exact: true }).click();
  await page.getByRole('link', { name: 'Notifications' }).click();
  const height = async (): Promise<number> => (await page.getByRole('row').nth(1).boundingBox())?.height ?? 0;
  const compact = await height();
  await page.reload();
  await page.getByRole('switch', { name: 'Delivery: E-mail', checked: true }).waitFor();
  expect(await height()).toBe(compact);
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByText('Roomy', { exact: true }).click();
  await page.getByRole('link', { name: 'Notifications' }).click();
  expect(await height()).toBeGreaterThan(compact + 8);
  await page.getByRole('link', { name: 'Account' }).click();
  // What one types and reads is in UTC from then on, wherever the device is.
  await page.getByText('UTC', { exact: true }).click();
  await page.getByText(/^It is .*\./).waitFor();
  await page.getByRole('radio', { name: 'UTC', checked: true }).waitFor({ state: 'attached' });
  const [, shown] = /It is (.+?)\. Point/.exec(await page.getByText(/^It is/).innerText()) ?? [];
  expect(Math.abs(Date.parse(`${shown} UTC`) - Date.now())).toBeLessThan(30_000);
  await page.getByText(/^As the device/).click();
  await page.getByRole('radio', { name: /^As the device/, checked: true }).waitFor({ state: 'attached' });
  await page.getByRole('link', { name: /Back to Demo/ }).click();
  await page.waitForURL(/\/demo\/overview/);
}, 60_000);

test('a second workspace is made; then one chooses', async () => {
  await go('/new-workspace');
  await page.getByRole('textbox', { name: 'Name' }).fill('Crème & Co');
  await expect(page.getByRole('textbox', { name: 'Slug' }).inputValue()).resolves.toBe('creme-co');
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/creme-co\/overview/);
  await go('/');
  await page.getByRole('heading', { name: 'Choose a workspace' }).waitFor();
  expect(await axeFindingsInBoth(page)).toEqual([]);
  await page.getByRole('link', { name: /^Demo/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/demo\/overview/);
}, 60_000);

test('the manual is beside the app: the help menu opens it, links lead on, nothing of it runs', async () => {
  await go('/demo/overview');
  await button('Help').click();
  const opened = context.waitForEvent('page');
  await page.getByRole('menuitem', { name: 'Manual' }).click();
  const manual = await opened;
  watch(manual);
  await manual.getByRole('heading', { name: 'Manual', exact: true }).waitFor();
  expect(await axeFindingsInBoth(manual)).toEqual([]);
  await manual
    .getByRole('main')
    .getByRole('link', { name: /^People and rights/ })
    .click();
  await manual.getByRole('heading', { name: 'People and rights' }).waitFor();
  await manual.getByRole('main').getByRole('link', { name: 'Signing in' }).first().click();
  await manual.getByRole('heading', { name: 'Signing in' }).waitFor();
  await expect(manual.locator('script').count()).resolves.toBe(0);
  expect(await axeFindingsInBoth(manual)).toEqual([]);
  await manual.close();
}, 60_000);
