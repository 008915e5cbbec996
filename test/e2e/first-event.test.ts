import { execFileSync } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { aBrowser } from '../builders/browser.ts';
import { isSource, type Running, runTributary, settledBalance, sum, until } from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';

let running: Running;
let browser: Browser;

beforeAll(async () => {
  [running, browser] = await Promise.all([runTributary({ args: ['--no-demo'] }), aBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await running?.kill();
}, 30_000);

const arrivals = async (): Promise<{ messageId: string; event?: string }[]> => {
  const answer = await fetch(`${running.endpoints.sinkUrl}/events`);
  return ((await answer.json()) as { events: { messageId: string; event?: string }[] }).events;
};

test('the printed curl line, pasted into a shell, is at the sink and on its page within 2 s', async () => {
  const page = await browser.newPage();
  await page.goto(running.endpoints.sinkUrl);
  const line = running
    .output()
    .split('\n')
    .find((each) => each.includes('curl '));
  const command = line?.slice(line.indexOf('curl ')) ?? '';
  // The first event warms every function up; the two seconds are those of a running system.
  execFileSync('bash', ['-c', command], { encoding: 'utf8' });
  await until(
    async () => (await arrivals()).length === 1,
    10_000,
    () => 'The first event did not arrive',
  );

  const startedAtMs = Date.now();
  expect(execFileSync('bash', ['-c', command], { encoding: 'utf8' })).toContain('"success":true');
  await until(
    async () => (await arrivals()).length === 2,
    2_000,
    () => 'The event was not at the sink within 2 s',
  );
  await page.waitForFunction(`document.body.innerText.split('Hello').length > 2`, undefined, {
    timeout: Math.max(1, 2_000 - (Date.now() - startedAtMs)),
  });
  await page.close();
}, 30_000);

test('events of all six types by the official SDK are in the books of every destination', async () => {
  const before = sum((await settledBalance(running.endpoints, 2, 10_000)).filter(isSource), 'accepted');
  const { trackingUrl, writeKeys } = running.endpoints;
  const sent = await sendBySdk({ host: trackingUrl, writeKey: writeKeys['server'] ?? '', count: 300 });
  expect(sent).toEqual({ accepted: 300, refused: [] });
  const balance = await settledBalance(running.endpoints, before + 300, 30_000);
  const source = balance.find((line) => isSource(line) && line.accepted >= 300);
  expect(source).toMatchObject({ routed: 300, invalid: 0, duplicate: 0, blocked: 0 });
  for (const line of balance.filter(
    (each) => !isSource(each) && each.source === source?.source && each.delivered > 0,
  )) {
    expect(line).toMatchObject({ accepted: 300, delivered: 300, discarded: 0, dlq: 0, inFlight: 0 });
  }
}, 60_000);

test('the status page shows what the status route answers, with nothing wrong in the browser', async () => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(running.endpoints.apiUrl);
  await page.getByLabel('Token').fill(running.endpoints.apiToken);
  await page.getByRole('button', { name: 'Show status' }).click();
  await page.getByRole('heading', { name: 'Destinations' }).waitFor({ timeout: 10_000 });
  await page.getByText('Hello').first().waitFor({ timeout: 10_000 });
  expect(faults).toEqual([]);
  await page.close();
}, 30_000);

test('a hostile event name stays text on both pages', async () => {
  const name = '<img src=x onerror="document.title=\'owned\'">';
  const { trackingUrl, writeKeys, sinkUrl, apiUrl, apiToken } = running.endpoints;
  await fetch(`${trackingUrl}/v1/track`, {
    method: 'POST',
    body: JSON.stringify({
      userId: 'x',
      event: name,
      properties: { __proto__: { polluted: 1 } },
      writeKey: writeKeys['website'],
    }),
  });
  await until(
    async () => (await arrivals()).some(({ event }) => event === name),
    10_000,
    () => 'It did not arrive',
  );
  for (const url of [sinkUrl, `${apiUrl}/#token=${apiToken}`]) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByText(name).first().waitFor({ timeout: 10_000 });
    expect(await page.title()).not.toContain('owned');
    await page.close();
  }
}, 40_000);

test('an unknown write key is answered as Segment does, and the terminal names the nearest one', async () => {
  const { trackingUrl, writeKeys } = running.endpoints;
  const [slug, key] = Object.entries(writeKeys)[0] ?? ['', ''];
  const wrong = `${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`;
  const answer = await fetch(`${trackingUrl}/v1/track`, {
    method: 'POST',
    body: JSON.stringify({ userId: 'x', event: 'E', writeKey: wrong }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ success: true });
  expect(answer.headers.get('tributary-rejected')).toBe('unknown-write-key');
  await until(
    () => running.output().includes(wrong) && running.output().includes(slug),
    5_000,
    () => running.output(),
  );
}, 20_000);
