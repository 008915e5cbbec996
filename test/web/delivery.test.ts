import { expectAccessible as pageIsAccessible } from '../builders/axe-findings.ts';
import { tabTo as tabsTo } from '../builders/tab-to.ts';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { aBrowser } from '../builders/browser.ts';
import { aDirectory, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { anAppContext, signedIn } from '../builders/signed-in-app.ts';
import { aSinkSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';
import { shows } from '../builders/web/shows.ts';

const ORDERS = 12;
/** A minute's counts are made in the next one. */
const HEALTH_MS = 150_000;
const NAUGHTY = `<img src=x onerror="window.owned=1">'"\u202e`;
/** What the tool is told to answer: null is that it takes what comes. */
const REFUSES = '/status/422';

let sink: Sink;
let running: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let ids: ReadonlyMap<string, string>;
let sourceId: string;

const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json = (await answer.json()) as { data: T };
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json.data;
};
const idOf = (name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`No destination ${name}`);
  return id;
};
const script = async (path: string, what: string | null): Promise<void> => {
  await fetch(`${sink.url}/script`, { method: 'POST', body: JSON.stringify({ path, script: what }) });
};
const post = async (batch: readonly object[]): Promise<void> => {
  const authorization = `Basic ${Buffer.from(`${SINK_WRITE_KEY}:`).toString('base64')}`;
  const answer = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
};
const arrivedAt = async (path: string): Promise<number> => {
  const answer = await fetch(`${sink.url}/ledger`);
  const paths = (await answer.json()) as { paths?: Record<string, { taken: number }> } & Record<
    string,
    { taken: number }
  >;
  return (paths.paths ?? paths)[path]?.taken ?? 0;
};
const open = async (path: string): Promise<void> => void (await page.goto(`${running.endpoints.webUrl}/test${path}`));
const anOrder = (number: number): object => ({
  type: 'track',
  event: 'Order Completed',
  messageId: `order-${number}`,
  userId: `user-${number}`,
  properties: { total: 10 * number, note: number === 3 ? NAUGHTY : 'none', card: '4111' },
});

/** What is open has no serious or critical findings, in both colour schemes. */
const expectAccessible = async (what: string): Promise<void> => await pageIsAccessible(page, what);
const seen = async (locator: Locator, timeoutMs = 15_000): Promise<void> => await shows(locator, timeoutMs);
const tabTo = async (target: Locator): Promise<void> => await tabsTo(page, target);

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  await script('/crm', REFUSES);
  const crm = {
    ...aWebhook('CRM', `${sink.url}/crm`, { trigger: 'type = "track" and event = "Order Completed"' }),
    filters: [
      { title: 'No test users', if: "contains(userId, 'test')", actions: [{ type: 'DROP' }] },
      {
        title: 'No cards',
        if: "type = 'track'",
        actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['card'] } }],
      },
    ],
  };
  const seed = aSinkSeed(aDirectory(), `${sink.url}/all`, [crm]);
  [running, browser] = await Promise.all([
    runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] }),
    aBrowser(),
  ]);
  const { destinations } = await ask<{ destinations: { id: string; name: string; sourceId: string }[] }>(
    'GET',
    '/destinations?pagination.count=50',
  );
  ids = new Map(destinations.map(({ id, name }) => [name, id]));
  sourceId = destinations[0]?.sourceId ?? '';
  // What is found below to have come just before the failures.
  await ask('PATCH', `/app-api/destinations/${idOf('CRM')}`, { retryWindowHours: 4 });
  await post([
    ...Array.from({ length: ORDERS }, (_, index) => anOrder(index)),
    { type: 'track', event: 'Order Completed', userId: 'test-1' },
    { type: 'track', event: 'Cart Viewed', userId: 'user-1' },
    { type: 'track', userId: 'user-1' },
  ]);
  context = await anAppContext(browser, running.endpoints.webUrl);
  page = await signedIn(context, running.endpoints.webUrl, '/test/overview');
  // The tour of the first visit would lie over what is tried here.
  await page.getByRole('button', { name: 'Skip', exact: true }).click({ timeout: 15_000 });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
  await sink?.stop();
}, 30_000);

describe('the delivery page', () => {
  test('shows each stage with its count, and why events ended there', async () => {
    await open(`/destinations/${idOf('CRM')}/delivery`);
    await seen(page.getByRole('button', { name: /^Failed 12/ }), 40_000);
    await seen(page.getByRole('button', { name: /^Received 14/ }));
    await page.getByRole('button', { name: /^Not valid 1/ }).click();
    await seen(page.getByText('Track event without a name'));
    // Of the only reason there are samples at once.
    await seen(page.getByText('No request was made'));
    expect(page.url()).toContain('stage=invalid');
    await page.getByRole('button', { name: /^Filtered here 2/ }).click();
    await seen(page.getByText('Dropped by a filter'));
    await seen(page.getByText('No mapping wants it'));
    await expectAccessible('a stage');
  }, 90_000);

  test('an issue is told in words, opens by mouse and by keyboard, and its link opens it again', async () => {
    await open(`/destinations/${idOf('CRM')}/delivery?code=422`);
    const row = page.getByRole('row').filter({ hasText: 'The tool cannot work with the values' });
    await seen(row);
    await row.click();
    const drawer = page.getByRole('dialog', { name: 'The tool cannot work with the values' });
    await seen(drawer.getByText('What to do'));
    const link = page.url();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await tabTo(row.getByRole('button'));
    await page.keyboard.press('Enter');
    await seen(drawer);
    await page.goto(link);
    await seen(drawer.getByText('What to do'));
    await expectAccessible('an issue');
  }, 60_000);

  test('samples are searched, shown as text whatever they hold, and lead to their trace', async () => {
    await open(`/destinations/${idOf('CRM')}/delivery?code=422`);
    await page.getByRole('row').filter({ hasText: 'The tool cannot work' }).click();
    const drawer = page.getByRole('dialog', { name: 'The tool cannot work with the values' });
    await drawer.getByLabel('Search samples').fill('nothing has this');
    await seen(drawer.getByText('No sample holds'));
    await drawer.getByLabel('Search samples').fill('onerror');
    const samples = drawer.getByRole('list', { name: 'Events' }).getByRole('button');
    // Ten of the twelve are kept, so that the hostile one may not be.
    const kept = await samples.count();
    if (kept > 0) {
      await seen(drawer.getByText(NAUGHTY.slice(0, 19)));
      await seen(drawer.getByRole('tree').first());
    }
    expect(await page.evaluate('window.owned')).toBeUndefined();
    await drawer.getByLabel('Search samples').fill('');
    await drawer.getByText('Response', { exact: true }).click();
    await seen(drawer.getByText('scripted answer 422'));
    await drawer.getByText('Changes', { exact: true }).click();
    await drawer.getByRole('button', { name: 'Copy as cURL' }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain(`curl -X 'POST' '${sink.url}/crm'`);
    await drawer.getByRole('button', { name: 'Open trace' }).click();
    await page.waitForURL(/event=order-/);
  }, 60_000);

  test('a replay counts first, sends, and tells how it ended', async () => {
    await open(`/destinations/${idOf('CRM')}/delivery?code=422`);
    await page.getByRole('row').filter({ hasText: 'The tool cannot work' }).click();
    await script('/crm', null);
    const before = await arrivedAt('/crm');
    const drawer = page.getByRole('dialog', { name: 'The tool cannot work with the values' });
    await drawer.getByRole('button', { name: `Replay ${ORDERS} events` }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay what ended as 422' });
    await seen(dialog.getByText(`${ORDERS} events would be sent again`), 30_000);
    expect(await arrivedAt('/crm')).toBe(before);
    await expectAccessible('a replay that is counted');
    await tabTo(dialog.getByRole('button', { name: `Replay ${ORDERS} events` }));
    await page.keyboard.press('Enter');
    await seen(dialog.getByText(`Done: ${ORDERS} events delivered`), 40_000);
    await until(
      async () => (await arrivedAt('/crm')) >= before + ORDERS,
      10_000,
      () => 'The tool did not get them',
    );
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await script('/crm', REFUSES);
  }, 120_000);

  test('a range of one’s own stands in the address, and one that is too long is refused in words', async () => {
    await open(`/destinations/${idOf('CRM')}/delivery`);
    await page.getByRole('button', { name: 'Custom' }).click();
    await page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00');
    await page.getByRole('button', { name: 'Show this range' }).click();
    await seen(page.getByText('Choose 14 days at most.'));
    await page.getByLabel('From', { exact: true }).fill(localMinute(-60));
    await page.getByLabel('To', { exact: true }).fill(localMinute(0));
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=.*to=/);
    await seen(page.getByRole('button', { name: /^Received/ }));
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('from='));
  }, 60_000);
});

/** The value of a datetime-local field, so many minutes from now. */
function localMinute(minutes: number): string {
  const at = new Date(Date.now() + minutes * 60_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

test('on the way, everything is listed in order, and leads to where it is changed', async () => {
  await open(`/destinations/${idOf('CRM')}/way`);
  await seen(page.getByText('Does not send: userId contains “test”'));
  await seen(page.getByText('send: Track “Order Completed”'));
  await seen(page.getByText('1 kept back'));
  const titles = await page.getByRole('heading', { level: 2 }).allInnerTexts();
  expect(titles.map((title) => title.split(':')[0])).toEqual([
    'Source',
    'Before the destination',
    'Filters',
    'Mappings',
    'Delivery',
  ]);
  await expectAccessible('the way');
  await tabTo(page.getByRole('link', { name: /No test users/ }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/filters\//);
}, 60_000);

describe('the event tester', () => {
  const event = () => page.getByRole('textbox', { name: 'Event' });
  const write = async (value: object): Promise<void> => {
    await event().click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(JSON.stringify(value));
  };

  test('a dry run shows what each stage says, and sends nothing', async () => {
    await open(`/destinations/${idOf('CRM')}/tester`);
    await seen(event());
    const before = await arrivedAt('/crm');
    await write({ type: 'track', event: 'Order Completed', userId: 'test-9' });
    await page.keyboard.press('ControlOrMeta+Enter');
    await seen(page.getByText('Not sent: dropped by a filter'), 20_000);
    await write({
      type: 'track',
      event: 'Order Completed',
      userId: 'user-9',
      properties: { card: '4111', note: NAUGHTY },
    });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await seen(page.getByText('1 of 1 mapping matched: it would send'), 20_000);
    await seen(page.getByText('properties.card'));
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await arrivedAt('/crm')).toBe(before);
    await expectAccessible('a test');
  }, 60_000);

  test('a case says what became other when it is run again', async () => {
    await page.getByRole('button', { name: 'Save as case' }).click();
    await page.getByLabel('Name').fill('An order');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Run An order' }).click();
    // The id and times that a test fills in are its own each time; what they came to is a request of its own, too.
    await seen(page.getByText(/“An order” (comes to the same|differs)/), 20_000);
    const filter = await ask<{ filters: { id: string; title: string }[] }>(
      'GET',
      `/destination/${idOf('CRM')}/filters`,
    );
    const cards = filter.filters.find(({ title }) => title === 'No cards')?.id ?? '';
    await ask('PATCH', `/destination/${idOf('CRM')}/filters/${cards}`, {
      if: "type = 'track'",
      actions: [{ type: 'DROP' }],
    });
    await until(
      async () => {
        await page.getByRole('button', { name: 'Run An order' }).click();
        await seen(page.getByText(/“An order” (comes to the same|differs)/), 20_000);
        return await page.getByText('It is stopped now: FILTERED_BY_RULES.').isVisible();
      },
      40_000,
      () => 'The case does not say that it is stopped now',
    );
    await page.reload();
    await seen(page.getByRole('button', { name: 'Run An order' }));
    await page.getByRole('button', { name: 'Delete case An order' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await seen(page.getByRole('button', { name: 'Run An order' }));
  }, 90_000);

  test('a real event reaches the tool past the filters, and what is no JSON is not sent', async () => {
    await open(`/destinations/${idOf('Sink')}/tester?filters=skip&run=real`);
    await seen(event());
    await write({ type: 'track', event: 'By hand', userId: 'test-10' });
    const before = await arrivedAt('/all');
    await page.getByRole('button', { name: /^Send event/ }).click();
    await seen(page.getByText('1 of 1 mapping matched: delivered'), 20_000);
    expect(await arrivedAt('/all')).toBe(before + 1);
    await event().click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('{"type": "track",}');
    await seen(page.getByText(/This is no JSON\. Line 1/));
    expect(await page.getByRole('button', { name: /^Send event/ }).isDisabled()).toBe(true);
  }, 60_000);

  test('an event of a link is loaded without opening its trace', async () => {
    await open(`/destinations/${idOf('CRM')}/tester?event=order-1`);
    await page.waitForURL(/load=order-1/);
    await seen(event().getByText('"order-1"'));
    expect(page.url()).not.toContain('event=');
  }, 60_000);
});

describe('health', () => {
  test(
    'tells what is not well, since when and what changed just before, and takes that back',
    async () => {
      await open('/health');
      const crm = page.getByRole('article', { name: 'CRM' });
      await seen(crm.getByText('The tool cannot work with the values'), HEALTH_MS);
      await crm
        .getByRole('button', { name: /just before/ })
        .first()
        .click();
      const change = crm.getByRole('listitem').filter({ hasText: 'Integration Modified' }).last();
      await change.getByRole('button', { name: 'Show what changed' }).click();
      await change.getByRole('button', { name: 'Revert' }).click();
      await expectAccessible('health with a change');
      await page.getByRole('button', { name: 'Revert change' }).click();
      await seen(page.getByText('Taken back: CRM is as it was'));
      const { destination } = await ask<{ destination: { retryWindowHours: number } }>(
        'GET',
        `/app-api/destinations/${idOf('CRM')}`,
      );
      expect(destination.retryWindowHours).toBe(24);
    },
    HEALTH_MS + 60_000,
  );

  test('a line leads to its payloads, is muted by keyboard, and comes back', async () => {
    const crm = page.getByRole('article', { name: 'CRM' });
    await tabTo(crm.getByRole('button', { name: /^Mute The tool cannot work/ }));
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'For a day' }).press('Enter');
    await crm.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Show \d+ muted/ }).click();
    await crm.getByRole('button', { name: 'Unmute' }).first().click();
    await seen(crm.getByRole('button', { name: /^Mute/ }));
    await crm.getByRole('link', { name: 'Open payloads' }).first().click();
    await page.waitForURL(/\/delivery\?code=422/);
  }, 60_000);

  test('what is switched off from a line stops as it was named, and then all is well', async () => {
    await open('/health');
    await page.getByRole('button', { name: 'More of CRM' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await seen(page.getByText(/1 mapping \(Chosen events\) stop sending/));
    await expectAccessible('what stops');
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByRole('article', { name: 'CRM' }).waitFor({ state: 'detached' });
    const { destination } = await ask<{ destination: { enabled: boolean } }>(
      'GET',
      `/app-api/destinations/${idOf('CRM')}`,
    );
    expect(destination.enabled).toBe(false);
    await ask('PATCH', `/app-api/sources/${sourceId}`, { enabled: false });
    await page.reload();
    await seen(page.getByText(/^All \d+ connections? (?:is|are) well, checked \d\d:\d\d$/), 40_000);
    await expectAccessible('all well');
  }, 90_000);
});
